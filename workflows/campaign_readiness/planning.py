"""The plan of a campaign: read where it is made, and again at each change; what of it moved is passed on to the desks."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.campaign_readiness import CampaignPlanActivities
    from activities.own_events import OwnEventActivities
    from domain import references
    from domain.campaign_readiness.decision import Change
    from domain.campaign_readiness.messages import PlanRead, ReadPlan
    from domain.campaign_readiness.names import PlanGiven
    from domain.campaign_readiness.plan import GivenPlan, Window
    from domain.campaign_readiness.positions import Figures
    from domain.campaign_readiness.standing import problems_in_words, window_in_words
    from domain.campaign_readiness.state import CampaignPartner, CampaignReadinessState, Stage
    from domain.case import SHOPIFY
    from domain.notification import Severity
    from domain.operator import ShopifyChanged
    from domain.own_events import CAMPAIGN_PLAN, PutEvent
    from domain.standing import counted
    from workflows.campaign_readiness.context import CampaignContext
    from workflows.campaign_readiness.office import Office
    from workflows.options import CASE_RECORD, LONG_READ
    from workflows.waiting import Stopped, hold


class Planner:
    """Keeps the plan as its sources have it: the newest word holds, whether staff wrote it into the metaobject or the
    merchant gave it through the API.

    What came is collected in `edits` (Shopify says that the metaobject changed), `given` and `changes`.
    """

    def __init__(self, office: Office, edits: list[ShopifyChanged]) -> None:
        self.office = office
        self.edits = edits
        self.given: list[PlanGiven] = []
        self.changes: list[Change] = []
        self._looks = False
        self._busy = False

    def look(self) -> None:
        """Have the plan read again though nobody announced a change."""
        self._looks = True

    @property
    def idle(self) -> bool:
        return not self._busy and not self._work

    @property
    def ctx(self) -> CampaignContext:
        return self.office.ctx

    @property
    def state(self) -> CampaignReadinessState:
        return self.office.state

    @property
    def _work(self) -> bool:
        return bool(self.edits or self.given or self.changes or self._looks)

    async def open(self) -> None:
        """Read the plan for the first time.

        Raises:
            Stopped: there is nothing to plan any more.
        """
        opened, state = self.ctx.input, self.state
        state.metaobject_id, state.event_id = opened.metaobject_id, opened.plan_event_id
        state.case.title = f"Campaign {opened.external_reference or opened.metaobject_id}"
        self.edits.clear()
        await self._read(opened.opened_by)
        self.ctx.check_stop()
        if state.stage is Stage.OPENING:
            state.stage = Stage.PLANNING

    async def keep(self) -> None:
        """Read the plan again whenever it may have changed, until the case ends."""
        ctx = self.ctx
        while True:
            await hold(lambda: self._work or ctx.is_over())
            if ctx.is_over():
                return
            self._busy = True
            try:
                await self._next()
            except Stopped:
                return
            finally:
                self._busy = False
            self.office.moved()

    async def _next(self) -> None:
        """One thing that came; all edits that wait are one look."""
        if self.changes:
            await self._change(self.changes.pop(0))
        elif self.given:
            given = self.given.pop(0)
            self.state.event_id = given.plan_event_id
            await self._read(given.actor)
        else:
            looks = self._looks or bool(self.state.problems)
            self._looks = False
            self.edits.clear()
            await self._read(SHOPIFY, look_again=looks)

    async def _change(self, command: Change) -> None:
        """The merchant's word: the window is taken as it is; products go into the inbox, whence the plan is read."""
        window = changed_window(self.state.window, command)
        if not command.products:
            await self._read(command.actor, window=window)
            return
        ctx = self.ctx
        plan = GivenPlan(window=window, products=command.products)
        put = await ctx.outside.read(
            OwnEventActivities.put,
            PutEvent(
                shop=ctx.input.shop,
                topic=CAMPAIGN_PLAN,
                delivery_id=f"{ctx.input.case_id}/{ctx.outside.next_number()}",
                body={
                    "case_id": ctx.input.case_id,
                    "plan": plan.model_dump(mode="json"),
                    "actor": command.actor,
                },
            ),
            CASE_RECORD,
            "Keep the products of the change",
        )
        if put.status == "failed":
            ctx.file.note("plan", f"The change was not taken: {put.reason}", flagged=True)

    async def _read(
        self, actor: str, *, window: Window | None = None, look_again: bool = False
    ) -> None:
        ctx, state = self.ctx, self.state
        state.plan_version += 1
        shown = not state.unshown and state.gone_since is None
        read = await ctx.outside.read(
            CampaignPlanActivities.read_plan,
            ReadPlan(
                shop=ctx.input.shop,
                case_id=ctx.input.case_id,
                version=state.plan_version,
                metaobject_id=state.metaobject_id if shown else "",
                handle=state.handle if shown and not state.metaobject_id else "",
                event_id=state.event_id,
                source=state.source,
                window=window or state.window,
                fields_digest=state.fields_digest,
                look_again=look_again or window is not None or not state.planned,
            ),
            LONG_READ,
            "Read the plan",
        )
        if ctx.is_over():
            raise Stopped
        if read.gone:
            self._gone()
            ctx.check_stop()
            # What was to be read beside the metaobject is read without it.
            await self._read(actor, window=window, look_again=look_again)
            return
        self._take(read, actor)
        if window is not None and state.window != window and not state.problems:
            words = (
                f"Shopify's plan was edited at the same time, and holds: {window_in_words(state)}."
            )
            ctx.file.note("plan", words, actor=actor, flagged=True)

    # What was read.

    def _take(self, read: PlanRead, actor: str) -> None:
        state = self.state
        if read.metaobject_id and read.metaobject_id != state.metaobject_id:
            state.metaobject_id = read.metaobject_id
        if state.metaobject_id:
            self.ctx.file.refer(references.METAOBJECT, state.metaobject_id)
        state.fields_digest = read.fields_digest
        if read.unchanged:
            return
        if read.problems:
            self._take_problems(read)
            return
        mended, state.problems, state.problem_count, state.event_id = bool(state.problems), (), 0, 0
        if mended:
            self.ctx.file.note("plan", "The plan can be read now.", actor=actor)
        if read.digest != state.digest:
            self._take_plan(read, actor)

    def _gone(self) -> None:
        ctx, state = self.ctx, self.state
        if not state.planned:
            ctx.stop("The campaign's metaobject is gone from Shopify.")
        elif state.gone_since is None and not state.unshown:
            state.gone_since = workflow.now()
            words = "The campaign's metaobject was deleted in Shopify; the campaign goes on until somebody says stop."
            ctx.file.note("shopify", words, actor=SHOPIFY, flagged=True)
            ctx.show()

    def _take_problems(self, read: PlanRead) -> None:
        ctx, state = self.ctx, self.state
        if not state.planned:
            state.window = read.window
            if read.window is not None:
                state.case.title = f"Campaign {read.window.title}"
            state.policy, state.case.shadow = read.policy, read.shadow
        if (read.problems, read.problem_count) == (state.problems, state.problem_count):
            return
        state.problems, state.problem_count = read.problems, read.problem_count
        words = problems_in_words(state)
        ctx.file.note("plan", f"The plan cannot be read: {words}", flagged=True)
        ctx.notices.send(state.policy.notify, Severity.WARNING, "the plan cannot be read", words)

    def _take_plan(self, read: PlanRead, actor: str) -> None:
        ctx, state, now = self.ctx, self.state, workflow.now()
        first, before = not state.planned, state.window
        assert read.window is not None
        if first:
            state.policy, state.case.shadow = read.policy, read.shadow
        state.window, state.digest = read.window, read.digest
        state.source, state.own = read.source, read.own
        state.case.title = f"Campaign {read.window.title}"
        if before is None or first or before.starts_at != read.window.starts_at:
            state.looked_until = now  # gates past by now are passed by
        if not state.past_last_gate(now):
            state.asked = None  # the next gate asks again
        self._take_partners(read)
        total, own = state.figures, state.own
        words = (
            f"{counted(total.products, 'product')}, {counted(total.expected, 'piece')}, with"
            f" {counted(len(state.shares), 'partner')}"
        )
        if own.products:
            words += f"; {counted(own.products, 'product')} without a partner, the merchant's own"
        what = "Plan" if first else "The plan has changed"
        ctx.file.note("plan", f"{what}: {words}; {window_in_words(state)}.", actor=actor)
        for why in (one for name, one in read.unasked.items() if name not in state.unasked):
            ctx.file.note("plan", f"{why} Its products are the merchant's.", flagged=True)
        for why in (one for one in read.left_out if one not in state.left_out):
            ctx.file.note("plan", why, flagged=True)
        state.unasked, state.left_out = dict(read.unasked), read.left_out

    def _take_partners(self, read: PlanRead) -> None:
        state, planned = self.state, {one.partner: one for one in read.partners}
        for name, one in planned.items():
            known = state.partners.get(name)
            if known is None:
                known = CampaignPartner(
                    partner=name, tenant=one.tenant, name=one.name, policy=one.policy
                )
                state.partners[name] = known
            known.wanted, known.figures = one.digest, one.figures
        for name, known in state.partners.items():
            if name not in planned:
                known.wanted, known.figures = "", Figures()
            if name not in self.office.desks:
                self.office.staff(known)


def changed_window(before: Window | None, command: Change) -> Window | None:
    """The window as a change makes it; None where it stays, or where not all of it is known yet."""
    given = {
        name: value
        for name in ("title", "starts_at", "ends_at")
        if (value := getattr(command, name)) is not None
    }
    if not given:
        return None
    if before is not None:
        return before.model_copy(update=given)
    return Window(**given) if len(given) == 3 else None
