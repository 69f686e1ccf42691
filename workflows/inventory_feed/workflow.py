"""A partner's stock becomes the store's sellable quantity, for as long as the partner is one."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import operator
    from domain.case import CaseKind, CaseSnapshot
    from domain.inventory_feed import names, standing
    from domain.inventory_feed.decision import Decide
    from domain.inventory_feed.names import FeedChanged, Outcome, Refresh
    from domain.inventory_feed.state import (
        InventoryFeedInput,
        InventoryFeedResult,
        InventoryFeedState,
        Phase,
    )
    from domain.notification import Severity
    from workflows.case_tools import CaseTools, Facts
    from workflows.inventory_feed import deciding, looking
    from workflows.inventory_feed.context import FeedContext, is_tired
    from workflows.inventory_feed.items import keep_items
    from workflows.inventory_feed.looking import (
        go_on,
        keep_counting,
        keep_looking,
        open_feed,
        take_change,
    )
    from workflows.inventory_feed.moments import mind_moments
    from workflows.inventory_feed.pushing import keep_pushing, push
    from workflows.inventory_feed.reading import keep_reading
    from workflows.operator_words import OperatorWords
    from workflows.waiting import Stopped, hold


@workflow.defn(name=names.WORKFLOW)
class InventoryFeedWorkflow:
    """From the first advice, or an operator's word, until the partner is suspended or retired. It goes on in new runs.

    opening -> active <-> awaiting_merchant (a held snapshot, a push on the merchant's word, a refusal)
       |          |               |
       +----------+---------------+-> cancelled (suspended | retired | stopped)
    """

    @workflow.init
    def __init__(self, feed: InventoryFeedInput) -> None:
        if feed.carried is not None:
            self.state = InventoryFeedState.model_validate(feed.carried)
        else:
            self.state = InventoryFeedState()
            self.state.case.opened_at = workflow.info().workflow_start_time
        self._ctx: FeedContext = CaseTools(
            feed,
            self.state,
            Facts(
                lifecycle=CaseKind.INVENTORY_FEED.value,
                subject="The feed",
                snapshot=self.current,
                policy=lambda: self.state.policy,
                wants_merchant=lambda: self.state.wants_merchant,
                on_order=lambda _: None,
            ),
        )
        self._words = OperatorWords(self._ctx)
        self._words.over_runs = True
        self._words.elsewhere = self._take_news
        self._words.may_retry = lambda: bool(self.state.standing.problems)
        self._words.on_retry = self._push_again

    @workflow.run
    async def run(self, feed: InventoryFeedInput) -> InventoryFeedResult:
        outcome = await self._ctx.run_or_go_on(
            self._story,
            stopped=self.state.outcome_when_stopped,
            settle=self._settle,
            wind_up=self._wind_up,
        )
        if outcome is None:
            workflow.continue_as_new(
                feed.model_copy(update={"carried": self.state.carry(), "first": None})
            )
        return InventoryFeedResult(outcome=outcome)

    async def _story(self) -> Outcome | None:
        """Until the feed is stopped; None where it goes on in a new run."""
        ctx = self._ctx
        await (open_feed(ctx) if self.state.phase is Phase.OPENING else go_on(ctx))
        self.state.phase = Phase.RUNNING
        for task in (
            keep_looking,
            keep_reading,
            keep_items,
            keep_counting,
            keep_pushing,
            mind_moments,
        ):
            ctx.background.start(task(ctx))
        while not await ctx.patience.wait(
            lambda: is_tired(ctx) and self.state.idle, "Merchant's decision", keep=True
        ):
            self._call_again()
        return None

    # What only a feed takes; recorded here, acted on by its tasks.

    @workflow.signal(name=names.FEED_CHANGED)
    def feed_changed(self, change: FeedChanged) -> None:
        if not self.state.case.saw(change.event_id):
            take_change(self._ctx, change)

    @workflow.update(name=operator.DECIDE)
    def decide(self, command: Decide) -> operator.Receipt:
        return self._words.take(
            operator.DECIDE, command, lambda: deciding.take_decision(self._ctx, command)
        )

    @decide.validator
    def validate_decide(self, command: Decide) -> None:
        self._words.check(lambda: deciding.may_decide(self._ctx, command))

    @workflow.update(name=names.REFRESH)
    def refresh(self, command: Refresh) -> operator.Receipt:
        return self._words.take(
            names.REFRESH,
            command,
            lambda: looking.read_everything_again(self._ctx, command.actor),
        )

    @refresh.validator
    def validate_refresh(self, command: Refresh) -> None:
        self._words.check()

    @workflow.query(name=operator.CURRENT)
    def current(self) -> CaseSnapshot:
        return standing.snapshot(self._ctx.input, self.state)

    # Private steps.

    def _take_news(self, change: operator.PartnerChanged) -> bool:
        """Advices, and whatever says that the partner may have changed; true where it was taken."""
        if change.event_type.startswith("inventory_advice."):
            self.state.hear_of(change.resource_id, change.version)
        elif change.event_type in {"sync/partner", "partner.updated"}:
            self.state.look_wanted = self.state.find_wanted = True
        else:
            return False
        return True

    def _push_again(self) -> None:
        # What Shopify refused of a SKU is looked at again with its item.
        self.state.push_wanted = self.state.refresh_wanted = True

    def _call_again(self) -> None:
        """The merchant's time ran out: nothing is decided for it, and the feed goes on with the rest."""
        policy = self.state.policy
        waiting = standing.standing(self.state).waiting_for
        self._ctx.notices.send(
            policy.escalate_to or policy.notify,
            Severity.URGENT,
            "nobody decides",
            f"Still waiting for {waiting.what}." if waiting else "The merchant is waited for.",
        )

    def _settle(self, outcome: Outcome) -> None:
        self.state.phase, self.state.outcome = Phase.ENDED, outcome

    async def _wind_up(self, outcome: Outcome) -> None:
        """Take the partner's quantities to zero where the policy says so; what is refused now is noted, not waited for."""
        state, ctx = self.state, self._ctx
        if outcome is Outcome.STOPPED or not state.policy.zero_when_ended:
            return
        await hold(lambda: not state.pushing)
        try:
            zero = state.push_terms.model_copy(update={"zero": True})
            await push(ctx, zero, bidden=True)
        except Stopped:
            ctx.file.note("zero", "Not every quantity could be taken to zero.", flagged=True)
