"""An order that cannot be fulfilled as promised, until its partners or the merchant have settled every line."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import operator
    from domain.case import CaseKind, CaseSnapshot
    from domain.notification import Severity
    from domain.order_exception import names, standing
    from domain.order_exception.decision import Decide, Reassign
    from domain.order_exception.names import OrderExceptionInput, Outcome, Reason, TakeIn
    from domain.order_exception.state import OrderExceptionResult, OrderExceptionState, Phase
    from workflows.case_tools import CaseTools, Facts, OnOrder
    from workflows.operator_words import OperatorWords
    from workflows.order_exception import deciding
    from workflows.order_exception.context import ExceptionContext
    from workflows.order_exception.holds import Holds
    from workflows.order_exception.opening import read_exception
    from workflows.order_exception.partners import ask_partners, in_words
    from workflows.order_exception.reassigning import serve_reassigns
    from workflows.order_exception.underneath import look, watch_shopify


@workflow.defn(name=names.WORKFLOW)
class OrderExceptionWorkflow:
    """From the hold, the rejected request or the delay until every line is dated, replaced, given up, shipped or cancelled.

    opening -> awaiting_partner <-> awaiting_merchant -> resolved (resolved_by_partner | resolved_by_merchant)
       |             |                     |
       |             |                     +-> expired (nobody decided)
       +-------------+---------------------+-> cancelled (overtaken: shipped, cancelled, a purchase order's; given up)
    """

    @workflow.init
    def __init__(self, opened: OrderExceptionInput) -> None:
        self.state = OrderExceptionState(
            order_id=opened.order_id,
            reason=opened.reason,
            note=opened.note,
            reviewing=opened.reason is Reason.MANUAL_REVIEW,
        )
        self.state.case.opened_at = workflow.info().workflow_start_time
        self._ctx: ExceptionContext = CaseTools(
            opened,
            self.state,
            Facts(
                lifecycle=CaseKind.ORDER_EXCEPTION.value,
                subject="The exception",
                snapshot=self.current,
                policy=lambda: self.state.policy,
                wants_merchant=lambda: self.state.wants_merchant,
                on_order=self._on_order,
            ),
        )
        self._words = OperatorWords(self._ctx)
        self._holds = Holds(self._ctx)
        self._reassigns: list[Reassign] = []
        self._more: list[TakeIn] = []

    @workflow.run
    async def run(self, opened: OrderExceptionInput) -> OrderExceptionResult:
        outcome = await self._ctx.run(
            self._story,
            stopped=self.state.outcome_when_stopped,
            settle=self._settle,
            wind_up=self._wind_up,
        )
        return OrderExceptionResult(outcome=outcome)

    async def _story(self) -> Outcome:
        ctx = self._ctx
        await read_exception(ctx)
        ctx.background.start(ctx.display.keep())
        ctx.background.start(watch_shopify(ctx, self._words.shopify_changes, self._more))
        ctx.background.start(self._holds.keep())
        ctx.background.start(serve_reassigns(ctx, self._holds, self._reassigns))
        ask_partners(ctx)
        if await ctx.patience.wait(lambda: self.state.settled, "Merchant's decision"):
            return self.state.outcome_of_lines()
        # A webhook may have been lost: what is shipped by now did not expire.
        await look(ctx, at_purchase_orders=True)
        ctx.check_stop()
        return self.state.outcome_of_lines() if self.state.settled else Outcome.EXPIRED

    # What only an exception takes; recorded here, acted on by the story.

    @workflow.signal(name=names.TAKE_IN)
    def take_in(self, more: TakeIn) -> None:
        if not self.state.case.saw(more.event_id):
            self._more.append(more)

    @workflow.update(name=operator.DECIDE)
    def decide(self, command: Decide) -> operator.Receipt:
        deciding.take_decision(self._ctx, command)
        return self._words.received(operator.DECIDE, command)

    @decide.validator
    def validate_decide(self, command: Decide) -> None:
        self._words.check_open()
        deciding.may_decide(self._ctx, command)

    @workflow.update(name=names.REASSIGN)
    def reassign(self, command: Reassign) -> operator.Receipt:
        self._reassigns.append(command)
        where = f", from location {command.location_id}" if command.location_id else ""
        note = f" ({command.note})" if command.note else ""
        words = (
            f"Asked to give lines {', '.join(command.line_ids)} to {command.partner}{where}{note}"
        )
        self._ctx.file.note("reassign", words, actor=command.actor)
        return self._words.received(names.REASSIGN, command)

    @reassign.validator
    def validate_reassign(self, command: Reassign) -> None:
        self._words.check_open()
        deciding.may_reassign(self._ctx, command)

    @workflow.query(name=operator.CURRENT)
    def current(self) -> CaseSnapshot:
        return standing.snapshot(self._ctx.input, self.state)

    # Private steps.

    def _settle(self, outcome: Outcome) -> None:
        self.state.phase, self.state.outcome = Phase.ENDED, outcome

    async def _wind_up(self, outcome: Outcome) -> None:
        await self._holds.let_go()
        if held := self.state.left_on_hold:
            words = f"Still on hold by somebody else: {in_words(held)}. Release it in Shopify."
            self._ctx.file.note("hold", words, flagged=True)
            self._ctx.notices.send(
                self.state.policy.notify, Severity.WARNING, "settled, and still on hold", words
            )

    def _on_order(self, seen: CaseSnapshot) -> OnOrder | None:
        entry = standing.order_entry(seen, self.state)
        return None if entry is None else OnOrder(self.state.order_id, self.state.order_id, entry)
