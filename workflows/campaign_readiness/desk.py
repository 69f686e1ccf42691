"""One partner's share of a campaign: told to it, listened to, reminded of; whatever the plan does meanwhile."""

from collections.abc import Callable

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.campaign_readiness import CampaignSharingActivities
    from domain import references
    from domain.campaign_readiness.messages import (
        ReadinessTaken,
        ReadReadiness,
        ShareCampaign,
        SharedCampaign,
    )
    from domain.campaign_readiness.positions import Figures
    from domain.campaign_readiness.state import CampaignPartner
    from domain.case import GRIDCASE
    from domain.clock import Clock, Due, Tick
    from domain.notification import Severity
    from domain.operator import Extend, PartnerChanged
    from domain.policy import CampaignReadinessPolicy
    from domain.standing import counted
    from workflows.campaign_readiness.context import CampaignContext
    from workflows.campaign_readiness.hearing import hear
    from workflows.options import PARTNER_CALL
    from workflows.partner_desk import LOOK
    from workflows.waiting import Slots, Stopped, hold, until


def is_of_campaign(change: PartnerChanged) -> bool:
    """Whether it concerns a partner's campaign: what it said of its share."""
    return change.event_type.startswith("campaign.")


class ShareDesk:
    """Keeps one partner's campaign in Trading Grid as the plan wants it, and takes what the partner says of it.

    The plan writes what is wanted into the partner's state; one call at a time, in turn with those of other partners.
    `remind` writes a word to the partner; `moved` is called whenever what is known of it changed.
    """

    def __init__(
        self,
        ctx: CampaignContext,
        partner: CampaignPartner,
        slots: Slots,
        *,
        remind: Callable[[str, str], None],
        moved: Callable[[], None],
    ) -> None:
        self.partner = partner
        self.inbox: list[PartnerChanged] = []
        self.busy = False
        self._ctx = ctx
        self._slots = slots
        self._remind = remind
        self._moved = moved
        self._closing = False
        self._withdraws = False

    async def attend(self) -> None:
        """Drive the partner's share until `close` is asked for."""
        try:
            while not self._closing:
                await self._next()
        except Stopped:
            # The campaign was stopped while a call was refused: what is left is to take back what was shared.
            self.busy = False
            await hold(lambda: self._closing)
        if self._withdraws and self.partner.asked_for:
            await self._share(empty=True)

    def close(self, *, withdraw: bool) -> None:
        """Let `attend` end; with `withdraw` the partner's campaign is emptied first."""
        self._closing, self._withdraws = True, withdraw

    def look(self) -> None:
        """Ask for a look, though nobody announced a change: a webhook may have been lost."""
        change = PartnerChanged(event_id="", event_type=LOOK, partner=self.partner.partner)
        self.inbox.append(change)

    def extend(self, ask: Extend) -> None:
        clock, now = self.partner.clock, workflow.now()
        if clock is None:
            self.partner.clock = Clock(start=now, due=ask.until, reminders=self._policy.reminders)
        else:
            clock.extend(ask.until, now)
        self.partner.silent_since = None
        until_when = f"{ask.until:%d %b %Y %H:%M} UTC"
        self._note("extended", f"{self.partner.who} has until {until_when}.", actor=ask.actor)

    @property
    def idle(self) -> bool:
        """Whether it has nothing to do but to wait."""
        return not self.busy and not self.inbox and not self._must_share

    # The wait.

    @property
    def _policy(self) -> CampaignReadinessPolicy:
        return self.partner.policy or self._ctx.state.policy

    @property
    def _must_share(self) -> bool:
        partner, state = self.partner, self._ctx.state
        if partner.told or state.window is None:
            return False
        return state.may_share or not partner.has_share

    @property
    def _running_clock(self) -> Clock | None:
        partner = self.partner
        waits = partner.owes and partner.silent_since is None and not self._ctx.is_over()
        return partner.clock if waits else None

    def _due(self) -> Due | None:
        clock = self._running_clock
        return clock.next() if clock else None

    async def _next(self) -> None:
        due = self._due()
        await until(
            lambda: self._closing or bool(self.inbox) or self._must_share or self._due() != due,
            due.at if due else None,
            f"{self.partner.who}: {due.tick.value}" if due else "",
        )
        if self._closing:
            return
        self.busy = True
        if self._must_share:
            await self._share(empty=not self.partner.has_share)
        elif self.inbox:
            self.inbox.clear()  # one look answers all that came so far
            await self._look()
        elif due is not None and workflow.now() >= due.at:
            await self._tick()
        self.busy = False
        self._moved()

    # Sharing.

    async def _share(self, *, empty: bool) -> None:
        """Bring the partner's campaign to the plan as the table has it now; where the plan moves meanwhile, once more."""
        ctx, partner, window = self._ctx, self.partner, self._ctx.state.window
        if empty and not partner.asked_for:
            partner.shared = partner.wanted
            return
        assert window is not None
        wanted, partner.asked_for = partner.wanted, True
        async with self._slots:
            shared = await ctx.outside.write(
                CampaignSharingActivities.share,
                lambda key: ShareCampaign(
                    shop=ctx.input.shop,
                    case_id=ctx.input.case_id,
                    tenant=partner.tenant,
                    partner=partner.partner,
                    reference=f"{ctx.input.case_id}/{partner.partner}",
                    idempotency_key=key,
                    window=window,
                    remote_id=partner.remote_id,
                    empty=empty,
                ),
                PARTNER_CALL,
                f"Call the campaign of {partner.who} off"
                if empty
                else f"Share the campaign with {partner.who}",
            )
        if shared is None:
            # Shadow mode; or the campaign is ending, and nobody knows whether it arrived.
            partner.shared = wanted
            return
        self._take_shared(shared, empty=empty)

    def _take_shared(self, shared: SharedCampaign, *, empty: bool) -> None:
        partner, first = self.partner, not self.partner.remote_id
        partner.remote_id = shared.remote_id or partner.remote_id
        partner.version = max(partner.version, shared.version)
        partner.shared = "" if empty else shared.digest
        partner.figures = Figures() if empty else shared.figures
        if first and partner.remote_id:
            self._ctx.file.refer(references.CAMPAIGN, f"{partner.tenant}/{partner.remote_id}")
        if empty:
            if shared.remote_id:
                self._note("shared", f"{partner.who} was told that nothing is wanted of it.")
            return
        pieces = counted(shared.figures.expected, "piece")
        products = counted(shared.figures.products, "product")
        if first:
            self._note("shared", f"Shared with {partner.who}: {products}, {pieces}.")
        elif shared.added or shared.changed or shared.removed:
            again = (
                f"; {counted(shared.reopened, 'word')} asked for again" if shared.reopened else ""
            )
            self._note(
                "shared",
                f"Told {partner.who} what changed: {shared.added} added, {shared.changed} changed,"
                f" {shared.removed} taken out; {products}, {pieces} now{again}.",
            )
        else:
            self._note("shared", f"Told {partner.who} when the campaign runs now.")
        if first or shared.added or shared.reopened:
            self._begin()

    def _begin(self) -> None:
        """The partner's time begins, with what it owes a word on."""
        policy, partner = self._policy, self.partner
        if partner.figures.open:
            partner.silent_since = None
            partner.clock = Clock.begin(
                workflow.now(),
                policy.answer_within,
                reminders=policy.reminders,
                escalate_at=policy.escalate_at,
            )

    # Looking.

    async def _look(self) -> None:
        """Read what the partner said beyond what is known; the events only said that something changed."""
        partner = self.partner
        if not partner.remote_id:
            return
        while True:
            taken = await self._read()
            before = partner.figures
            partner.heard_until, partner.heard = taken.heard_until, taken.heard
            partner.figures = taken.figures if partner.has_share else Figures()
            if taken.readings:
                partner.silent_since = None  # it spoke
                hear(self._ctx, partner, taken.readings, before)
            if not taken.more:
                break
        if partner.clock is not None and not partner.figures.open:
            partner.clock.over = True

    async def _read(self) -> ReadinessTaken:
        ctx, partner = self._ctx, self.partner
        async with self._slots:
            return await ctx.outside.read(
                CampaignSharingActivities.read_readiness,
                ReadReadiness(
                    shop=ctx.input.shop,
                    case_id=ctx.input.case_id,
                    tenant=partner.tenant,
                    partner=partner.partner,
                    remote_id=partner.remote_id,
                    heard_until=partner.heard_until,
                    heard=partner.heard,
                ),
                PARTNER_CALL,
                f"Read the readiness of {partner.who}",
            )

    # Time.

    async def _tick(self) -> None:
        clock, partner = self.partner.clock, self.partner
        tick = clock.take(workflow.now()) if clock else None
        if tick is None or clock is None:
            return
        # Before anyone is reminded, or silence is taken for an answer: a webhook may have been lost.
        await self._look()
        if not partner.owes:
            return
        due = f"{clock.due:%d %b %Y %H:%M} UTC"
        match tick:
            case Tick.REMIND:
                self.remind(f"by {due}")
            case Tick.ESCALATE:
                self._escalate(f"{partner.who} has said nothing yet of {self.owed}; due {due}.")
            case Tick.DEADLINE:
                partner.silent_since = workflow.now()
                text = f"{partner.who} did not say how ready it is in time: {self.owed} open."
                self._note("deadline", text, flagged=True)
                self._escalate(text)

    def remind(self, by: str) -> None:
        """Write to the partner that it still owes a word."""
        partner, title = self.partner, self._ctx.state.case.title
        partner.reminders_sent += 1
        text = f"A reminder: please say {by} how ready you are for {title}: {self.owed} open."
        self._remind(partner.partner, text)
        self._note("reminder", f"{partner.who} was reminded of {self.owed}.")

    @property
    def owed(self) -> str:
        return counted(self.partner.figures.open, "product")

    def _escalate(self, text: str) -> None:
        policy = self._policy
        self._ctx.outside.escalate()
        self._ctx.notices.send(
            policy.escalate_to or policy.notify,
            Severity.URGENT,
            f"{self.partner.who} is late",
            text,
        )

    def _note(self, kind: str, text: str, *, actor: str = GRIDCASE, flagged: bool = False) -> None:
        self._ctx.file.note(kind, text, actor=actor, flagged=flagged)
