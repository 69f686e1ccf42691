"""A campaign's calendar: the gates before the start, the start, what is looked at while it runs, the end."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.campaign_readiness import CampaignSalesActivities
    from domain.campaign_readiness.calendar import newest_gate, next_gate, wrap_up_at
    from domain.campaign_readiness.messages import Constraint, ReadConstraints
    from domain.campaign_readiness.standing import readiness_in_words
    from domain.campaign_readiness.state import Asked, CampaignReadinessState, GoAhead, Stage
    from domain.case import GRIDCASE
    from domain.notification import Severity
    from domain.standing import counted, moment, short
    from workflows.campaign_readiness.context import CampaignContext
    from workflows.campaign_readiness.office import Office
    from workflows.campaign_readiness.planning import Planner
    from workflows.options import CASE_RECORD
    from workflows.waiting import Stopped, until

_LOOKING = timedelta(minutes=30)
"""How long a gate waits for everything to be looked at; what is out of reach for longer is told as it was last known."""
_DATED = frozenset({Stage.PREPARING, Stage.RUNNING, Stage.OVER})


class Gates:
    """Turns the stages as time goes by: what the clock and the state say decides, never which timer rang."""

    def __init__(self, office: Office, planner: Planner) -> None:
        self.office = office
        self.planner = planner
        self._holding = 0

    @property
    def ctx(self) -> CampaignContext:
        return self.office.ctx

    @property
    def state(self) -> CampaignReadinessState:
        return self.office.state

    @property
    def idle(self) -> bool:
        return not self._holding

    async def keep(self) -> None:
        """Hold each gate when it comes, and turn the stage when it is time, until the case ends."""
        ctx = self.ctx
        while not ctx.is_over():
            self._turn()
            await self._wait(*self._next())

    async def _wait(self, at: datetime | None, what: str) -> None:
        ctx = self.ctx
        await until(lambda: ctx.is_over() or self._turns() or self._next() != (at, what), at, what)

    # What comes next.

    def _next(self) -> tuple[datetime | None, str]:
        at, what = self._coming()
        if at is not None and at <= workflow.now():
            return None, ""  # it was turned to; what follows of it is under way
        merchant = self.state.case.merchant_clock
        if merchant is not None and (rings := merchant.next()) is not None and rings.at == at:
            return None, ""  # the merchant's own clock rings then: one timer for one moment
        return at, what

    def _coming(self) -> tuple[datetime | None, str]:
        state, window = self.state, self.state.window
        if window is None or state.stage not in _DATED or not state.planned:
            return None, ""
        match state.stage:
            case Stage.OVER:
                return wrap_up_at(state.policy, window), "Count what was sold"
            case Stage.RUNNING:
                watch = state.policy.watch_every.after(state.watched_at or window.starts_at)
                return min((watch, "Look at the running campaign"), (window.ends_at, "The end"))
            case _:
                gate = next_gate((*state.gates, window.starts_at), self._since)
                found = [(window.ends_at, "The end")]
                if gate is not None:
                    found.append((gate, "The start" if gate == window.starts_at else "A gate"))
                return min(found)

    @property
    def _since(self) -> datetime:
        return self.state.looked_until or workflow.now()

    def _turns(self) -> bool:
        """Whether something is to be turned right now."""
        return (
            self._stage() is not self.state.stage
            or self._expires()
            or self._goes_by_itself()
            or self._asks_late()
            or self._gate_due() is not None
            or self._watch_due()
        )

    def _turn(self) -> None:
        now, ctx, state = workflow.now(), self.ctx, self.state
        if (gate := self._gate_due()) is not None:
            state.looked_until = now
            starts = state.window is not None and gate == state.window.starts_at
            self._holding += 1
            ctx.background.start(self._hold(starts=starts))
        if self._goes_by_itself():
            state.go = GoAhead(actor=GRIDCASE, at=now)
            ctx.file.note("go", f"It goes ahead by itself: {readiness_in_words(state)}.")
        if self._asks_late():
            self._ask()
        if self._expires():
            state.expired = True
        stage = self._stage()
        if stage is not state.stage:
            state.stage = stage
            if words := _TURNED.get(stage):
                ctx.file.note("stage", words)
            state.asked = None
        if self._watch_due():
            state.watched_at = now
            self._holding += 1
            ctx.background.start(self._watch())
        self.office.moved()

    def _stage(self) -> Stage:
        """The stage by the clock: dates that are moved move it too."""
        state, window, now = self.state, self.state.window, workflow.now()
        if state.stage not in _DATED or window is None or state.go is None:
            return state.stage
        if now < window.starts_at:
            return Stage.PREPARING
        return Stage.RUNNING if now < window.ends_at else Stage.OVER

    def _expires(self) -> bool:
        state, window = self.state, self.state.window
        waits = state.stage is Stage.PREPARING and state.go is None and not state.expired
        return waits and window is not None and workflow.now() >= window.ends_at

    def _gate_due(self) -> datetime | None:
        state, window = self.state, self.state.window
        if state.stage is not Stage.PREPARING or window is None:
            return None
        return newest_gate((*state.gates, window.starts_at), self._since, workflow.now())

    def _watch_due(self) -> bool:
        state = self.state
        if state.stage is not Stage.RUNNING or state.window is None:
            return False
        since = state.watched_at or state.window.starts_at
        return state.watched_at is None or workflow.now() >= state.policy.watch_every.after(since)

    def _goes_by_itself(self) -> bool:
        """From the last gate on, once everything was looked at, where the policy says so and the readiness suffices."""
        state = self.state
        return (
            self._may_go_now
            and state.policy.auto_go
            and state.past_last_gate(workflow.now())
            and state.suffices
        )

    def _asks_late(self) -> bool:
        """Whether no gate is left that would ask: the plan came, or was moved, after the last one."""
        state, window = self.state, self.state.window
        if window is None or not self._may_go_now or state.asked is not None:
            return False
        return state.past_last_gate(workflow.now()) and not state.owing and not state.unshared

    @property
    def _may_go_now(self) -> bool:
        state = self.state
        return (
            state.stage is Stage.PREPARING
            and state.go is None
            and not self._holding
            and not state.expired
            and not state.problems
        )

    # A gate.

    async def _hold(self, *, starts: bool) -> None:
        """Look at everything again, remind who has not answered, escalate what is in doubt, ask the merchant."""
        ctx, state = self.ctx, self.state
        try:
            await self._look()
            if ctx.is_over() or state.stage is not Stage.PREPARING:
                return
            ctx.file.note(
                "gate", f"{'The start' if starts else 'A gate'}: {readiness_in_words(state)}."
            )
            if not starts:
                self._remind()
            self._escalate()
            by_itself = state.policy.auto_go and state.suffices
            if state.go is None and not by_itself and (self._last or not state.suffices):
                self._ask()
        finally:
            self._holding -= 1
            self.office.moved()

    @property
    def _last(self) -> bool:
        return self.state.past_last_gate(workflow.now())

    async def _look(self) -> None:
        """A webhook may be lost: the plan, and what every partner said."""
        ctx = self.ctx
        self.planner.look()
        await until(
            lambda: self.planner.idle or ctx.is_over(), workflow.now() + _LOOKING, "Read the plan"
        )
        self.office.look()
        await until(
            lambda: self.office.idle or ctx.is_over(),
            workflow.now() + _LOOKING,
            "Look at every partner's readiness",
        )

    def _remind(self) -> None:
        window = self.state.window
        by = f"before the start on {moment(window.starts_at)}" if window else "before the start"
        for one in self.state.owing:
            self.office.desks[one.partner].remind(by)

    def _escalate(self) -> None:
        ctx, state = self.ctx, self.state
        doubtful = [one for one in state.shares if one.figures.in_doubt]
        if not doubtful:
            return
        products = sum(one.figures.in_doubt for one in doubtful)
        named = ", ".join(one.who for one in doubtful[:10])
        more = f" and {len(doubtful) - 10} more" if len(doubtful) > 10 else ""
        ctx.outside.escalate()
        ctx.notices.send(
            state.policy.escalate_to or state.policy.notify,
            Severity.URGENT,
            f"{counted(products, 'product')} in doubt",
            f"At risk, late, promised in part or declined with {named}{more}; {readiness_in_words(state)}.",
        )

    def _ask(self) -> None:
        state, window = self.state, self.state.window
        assert window is not None
        again, now = state.asked is not None, workflow.now()
        when = "it was to start" if now >= window.starts_at else "it starts"
        state.asked = Asked(
            since=state.asked.since if state.asked else now,
            why=f"{readiness_in_words(state)}; {when} on {moment(window.starts_at)}",
        )
        if again:
            # The merchant's clock, which tells people when it begins, runs already.
            text = short(state.asked.why, 1000)
            self.ctx.notices.send(
                state.policy.notify, Severity.WARNING, "your word is still needed", text
            )

    # While it runs.

    async def _watch(self) -> None:
        """Look at every partner, and at what their stock feeds say against the campaign's products."""
        ctx, state = self.ctx, self.state
        try:
            self.office.look()
            found = await ctx.outside.read(
                CampaignSalesActivities.read_constraints,
                ReadConstraints(shop=ctx.input.shop, case_id=ctx.input.case_id),
                CASE_RECORD,
                "Read what stock feeds say of the products",
            )
        except Stopped:
            return
        finally:
            self._holding -= 1
        known = {_same(one) for one in state.constraints}
        new = [one for one in found.found if _same(one) not in known]
        grown = found.count > state.constraint_count
        state.constraints, state.constraint_count = found.found, found.count
        # Of more than can be shown, another choice of them is not news.
        if new and (grown or len(found.found) >= found.count):
            words = "; ".join(_constraint_in_words(one) for one in new)
            ctx.file.note("constraint", words, flagged=True)
            ctx.outside.escalate()
            ctx.notices.send(
                state.policy.escalate_to or state.policy.notify,
                Severity.URGENT,
                f"{counted(len(new), 'product')} held back by stock",
                short(words, 1500),
            )
        self.office.moved()


_TURNED = {
    Stage.PREPARING: "The campaign is to start later.",
    Stage.RUNNING: "The campaign has started.",
    Stage.OVER: "The campaign is over; the last orders may still come.",
}


def _same(one: Constraint) -> tuple[str, str, str]:
    return one.sku, one.partner, one.code


def _constraint_in_words(one: Constraint) -> str:
    until_when = f" until {moment(one.until)}" if one.until else ""
    text = f" ({short(one.text)})" if one.text else ""
    return f"{one.partner}: {one.sku} is {one.code.replace('_', ' ')}{until_when}{text}"
