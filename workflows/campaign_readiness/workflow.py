"""A launch, a promotion, a season: its partners get ready for it, the merchant says go, and what was sold is counted."""

from collections.abc import Callable
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.campaign_readiness import CampaignSalesActivities
    from domain import operator
    from domain.campaign_readiness import names, standing
    from domain.campaign_readiness.calendar import wrap_up_at
    from domain.campaign_readiness.decision import Change, Decide, Go, Stop
    from domain.campaign_readiness.messages import CountSold
    from domain.campaign_readiness.names import CampaignReadinessInput, Outcome, PlanGiven
    from domain.campaign_readiness.state import (
        LONG_HISTORY,
        CampaignReadinessResult,
        CampaignReadinessState,
        Stage,
    )
    from domain.case import CaseKind, CaseSnapshot
    from domain.own_events import SYNC_PARTNER
    from workflows.campaign_readiness import deciding
    from workflows.campaign_readiness.context import CampaignContext
    from workflows.campaign_readiness.desk import is_of_campaign
    from workflows.campaign_readiness.gates import Gates
    from workflows.campaign_readiness.office import Office
    from workflows.campaign_readiness.planning import Planner
    from workflows.campaign_readiness.showing import Showing
    from workflows.case_tools import CaseTools, Facts
    from workflows.operator_words import AskOfPartner, OperatorWords
    from workflows.options import LONG_READ
    from workflows.waiting import hold


@workflow.defn(name=names.WORKFLOW)
class CampaignReadinessWorkflow:
    """From the plan until the last orders of the campaign are counted.

    opening -> awaiting_partner (readiness) -> awaiting_other (the start) -> active -> awaiting_other (the last orders)
        |          ^    | a gate                  |                                        -> resolved (completed)
        v          |    v                         |
    awaiting_merchant (a plan, the word to share, go) -> expired (nobody said go) | cancelled (stopped)

    Products and what was said of them are in the table; here are counts by partner. Each partner's share has a desk, a task
    of its own; plan, calendar and display have one each. A history that grows long goes on in a new run.
    """

    @workflow.init
    def __init__(self, opened: CampaignReadinessInput) -> None:
        self.state = CampaignReadinessState.model_validate(opened.carried or {})
        if opened.carried is None:
            self.state.case.opened_at = workflow.info().workflow_start_time
            self.state.handle = opened.handle
        self._ctx: CampaignContext = CaseTools(
            opened,
            self.state,
            Facts(
                lifecycle=CaseKind.CAMPAIGN_READINESS.value,
                subject="The campaign",
                snapshot=self.current,
                policy=lambda: self.state.policy,
                wants_merchant=lambda: self.state.wants_merchant,
                on_order=lambda _: None,
                merchant_due=self._merchant_due,
            ),
        )
        self._words = OperatorWords(self._ctx)
        self._words.over_runs = True
        self._office = Office(self._ctx)
        self._planner = Planner(self._office, self._words.shopify_changes)
        self._gates = Gates(self._office, self._planner)
        self._showing = Showing(self._ctx)
        self._office.on_move = self._showing.moved
        self._words.partners = lambda: [one.partner for one in self.state.partners.values()]
        self._words.ask = self._ask
        self._words.elsewhere = self._of_shares
        self._words.may_retry = lambda: bool(self.state.problems)
        self._words.on_retry = self._planner.look

    @workflow.run
    async def run(self, opened: CampaignReadinessInput) -> CampaignReadinessResult:
        outcome = await self._ctx.run(
            self._story,
            stopped=lambda: Outcome.STOPPED,
            settle=self._settle,
            wind_up=self._wind_up,
        )
        return CampaignReadinessResult(outcome=outcome)

    async def _story(self) -> Outcome:
        state, start = self.state, self._ctx.background.start
        if self._ctx.input.carried is None:
            await self._planner.open()
        else:
            self._office.resume()
        start(self._planner.keep())
        await self._until(lambda: state.planned, "A plan that can be read")
        if state.stage is Stage.PLANNING:
            state.stage = Stage.PREPARING
        start(self._gates.keep())
        start(self._showing.keep())
        await self._until(lambda: state.expired or self._wrapped_up, "The campaign")
        if state.expired:
            return Outcome.EXPIRED
        await self._count_sold()
        return Outcome.COMPLETED

    # What only a campaign takes; recorded here, acted on by the planner, the gates and the desks.

    @workflow.signal(name=names.PLAN_GIVEN)
    def plan_given(self, given: PlanGiven) -> None:
        if not self.state.case.saw(given.event_id):
            self._planner.given.append(given)

    @workflow.update(name=names.GO)
    def go(self, command: Go) -> operator.Receipt:
        return self._take(names.GO, command, lambda: deciding.take_go(self._ctx, command))

    @go.validator
    def validate_go(self, command: Go) -> None:
        self._words.check(lambda: deciding.may_go(self._ctx, command))

    @workflow.update(name=names.CHANGE)
    def change(self, command: Change) -> operator.Receipt:
        return self._take(names.CHANGE, command, lambda: self._change(command))

    @change.validator
    def validate_change(self, command: Change) -> None:
        self._words.check(lambda: deciding.may_change(self._ctx, command))

    @workflow.update(name=names.STOP)
    def stop(self, command: Stop) -> operator.Receipt:
        why = f"Stopped by {command.actor}: {command.reason}"
        return self._take(names.STOP, command, lambda: self._ctx.stop(why, command.actor))

    @stop.validator
    def validate_stop(self, command: Stop) -> None:
        self._words.check()

    @workflow.update(name=operator.DECIDE)
    def decide(self, command: Decide) -> operator.Receipt:
        return self._take(
            operator.DECIDE, command, lambda: deciding.take_decision(self._ctx, command)
        )

    @decide.validator
    def validate_decide(self, command: Decide) -> None:
        self._words.check(lambda: deciding.may_decide(self._ctx, command))

    @workflow.query(name=operator.CURRENT)
    def current(self) -> CaseSnapshot:
        return standing.snapshot(self._ctx.input, self.state)

    # Private steps.

    async def _until(self, done: Callable[[], bool], summary: str) -> None:
        """Wait until `done`; a merchant's time that runs out is not the end: what comes then is told anew."""
        ctx = self._ctx
        while not await ctx.patience.wait(lambda: done() or self._grown, summary):
            if self.state.planned:
                ctx.case.merchant_clock = None
        if not done():
            await self._go_on_in_a_new_run()

    @property
    def _wrapped_up(self) -> bool:
        state = self.state
        if state.stage is not Stage.OVER or state.window is None:
            return False
        return workflow.now() >= wrap_up_at(state.policy, state.window)

    async def _count_sold(self) -> None:
        state, window = self.state, self.state.window
        assert window is not None
        state.sold = await self._ctx.outside.read(
            CampaignSalesActivities.count_sold,
            CountSold(shop=self._ctx.input.shop, case_id=self._ctx.input.case_id, window=window),
            LONG_READ,
            "Count what was sold",
        )
        state.case.result = standing.sold_in_words(state)

    def _merchant_due(self, now: datetime) -> datetime | None:
        """The merchant has time until the start; where that has passed, until the end."""
        window = self.state.window
        if window is None or not self.state.planned or now >= window.ends_at:
            return None
        return window.starts_at if now < window.starts_at else window.ends_at

    def _take(
        self, name: str, command: operator.Command, apply: Callable[[], None]
    ) -> operator.Receipt:
        def applied() -> None:
            apply()
            self._showing.moved()

        return self._words.take(name, command, applied)

    def _change(self, command: Change) -> None:
        self._planner.changes.append(command)
        self._ctx.file.note("change", deciding.change_in_words(command), actor=command.actor)

    def _of_shares(self, change: operator.PartnerChanged) -> bool:
        """Pass news of a campaign on to the partner's desk; false for what is not one's."""
        desk = self._office.desks.get(change.partner)
        if desk is None or self._ctx.is_over():
            return False
        if is_of_campaign(change):
            desk.inbox.append(change)
            return True
        if change.event_type == SYNC_PARTNER:
            desk.inbox.append(change)
            return change.partner not in self._ctx.desks  # else its conversation is looked at, too
        return False

    def _ask(self, partner: str, command: AskOfPartner) -> None:
        """Time is given for the share; words go into the conversation."""
        if isinstance(command, operator.Extend):
            self._office.desks[partner].extend(command)
            return
        if isinstance(command, operator.Nudge) and not command.text:
            text = f"A reminder: please see to {self.state.case.title}."
            command = command.model_copy(update={"text": text})
        self._office.ask(partner, command)

    def _settle(self, outcome: Outcome) -> None:
        self.state.stage, self.state.outcome = Stage.ENDED, outcome

    async def _wind_up(self, outcome: Outcome) -> None:
        """A stopped campaign is taken back from the partners; and the metaobject shows how it ended."""
        if outcome is Outcome.STOPPED:
            await self._office.call_off(self.state.case.stop)
        else:
            self._office.close()
        await self._showing.close()

    # A history that grew too long.

    @property
    def _grown(self) -> bool:
        """Whether to go on in a new run: the history is long, and nothing is under way."""
        info = workflow.info()
        long = (
            info.is_continue_as_new_suggested() or info.get_current_history_length() > LONG_HISTORY
        )
        return long and self._at_rest

    @property
    def _at_rest(self) -> bool:
        ctx = self._ctx
        return (
            not ctx.case.troubles
            and not ctx.case.stop
            and not ctx.case.paused
            and self._planner.idle
            and self._gates.idle
            and self._office.idle
            and self._office.conversations.at_rest
            and self._showing.idle
            and ctx.notices.at_rest
        )

    async def _go_on_in_a_new_run(self) -> None:
        """Everything a new run needs is in the state and the tables."""
        ctx = self._ctx
        await hold(lambda: ctx.file.written and workflow.all_handlers_finished())
        carried = self.state.model_dump(mode="json")
        workflow.continue_as_new(ctx.input.model_copy(update={"carried": carried}))
