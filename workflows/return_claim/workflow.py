"""A return, a damage claim or a warranty issue that trading partners must review."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import operator
    from domain.case import CaseKind, CaseSnapshot
    from domain.clock import Clock
    from domain.return_claim import names, standing
    from domain.return_claim.decision import Decide, Finding, Review
    from domain.return_claim.goods import GoodsReceived
    from domain.return_claim.names import Outcome
    from domain.return_claim.state import (
        Phase,
        ReturnClaimInput,
        ReturnClaimResult,
        ReturnClaimState,
    )
    from domain.standing import counted
    from workflows.case_tools import CaseTools, Facts, OnOrder
    from workflows.operator_words import OperatorWords
    from workflows.return_claim import refusals
    from workflows.return_claim.answering import approve, decline
    from workflows.return_claim.context import ClaimContext
    from workflows.return_claim.opening import read_claim
    from workflows.return_claim.settling import close_return, process, suggest_refund
    from workflows.return_claim.underneath import watch_shopify


@workflow.defn(name=names.WORKFLOW)
class ReturnClaimWorkflow:
    """From the customer's request, or a claim made through the API, until the goods and the money are settled.

    opening -> awaiting_partner -> applying -> awaiting_other (the goods) -> applying -> resolved
                    |   ^                            |                          (closed_refunded | closed_without_refund)
                    v   | question answered          v refund asked for
               awaiting_merchant  ----------->  awaiting_merchant
                    |
                    +-> resolved (declined) | expired (nobody decided) | cancelled (withdrawn, at any point)
    """

    @workflow.init
    def __init__(self, claim: ReturnClaimInput) -> None:
        self.state = ReturnClaimState(return_id=claim.return_id)
        self.state.case.opened_at = workflow.info().workflow_start_time
        if claim.claim is not None:
            self.state.kind = claim.claim.kind
        self._ctx: ClaimContext = CaseTools(
            claim,
            self.state,
            Facts(
                lifecycle=CaseKind.RETURN_CLAIM.value,
                subject="The claim",
                snapshot=self.current,
                policy=lambda: self.state.policy,
                wants_merchant=lambda: self.state.wants_merchant,
                on_order=self._on_order,
            ),
        )
        self._words = OperatorWords(self._ctx)
        self._words.may_retry = lambda: bool(self.state.goods_problems)
        self._words.on_retry = self._look_at_authorizations
        self._words.over_for_partners = lambda: (
            "The review is over." if self.state.settled is not None else ""
        )

    @workflow.run
    async def run(self, claim: ReturnClaimInput) -> ReturnClaimResult:
        outcome = await self._ctx.run(
            self._story, stopped=self._stopped_outcome, settle=self._settle
        )
        return ReturnClaimResult(outcome=outcome, refunded=self.state.refunded)

    async def _story(self) -> Outcome:
        await read_claim(self._ctx)
        self._ctx.background.start(self._ctx.display.keep())
        self._ctx.background.start(watch_shopify(self._ctx, self._words.shopify_changes))
        for desk in self._ctx.desks.values():
            self._ctx.background.start(desk.attend())

        review = await self._review()
        match review.finding:
            case Finding.OPEN | Finding.MERCHANT:
                return Outcome.EXPIRED
            case Finding.DECLINE:
                await decline(self._ctx, review)
                return Outcome.DECLINED
            case Finding.APPROVE:
                await approve(self._ctx, review)
        if self.state.case.shadow:
            return Outcome.CLOSED_WITHOUT_REFUND

        if not await self._goods_back() or not await self._refund_word():
            return Outcome.EXPIRED
        await process(self._ctx)
        await close_return(self._ctx)
        return self._settled_outcome()

    # The operator's words that only a return claim takes; recorded here, acted on by the story.

    @workflow.update(name=operator.DECIDE)
    def decide(self, command: Decide) -> operator.Receipt:
        if command.choice.about_refund:
            self.state.refund_decision = command
        else:
            self.state.decision = command
        amount = f" {command.amount}" if command.amount else ""
        note = f": {command.note}" if command.note else ""
        words = f"Decided: {command.choice.value.replace('_', ' ')}{amount}{note}"
        self._ctx.file.note("decision", words, actor=command.actor)
        return self._words.received(operator.DECIDE, command)

    @decide.validator
    def validate_decide(self, command: Decide) -> None:
        self._words.check_open()
        refusals.decide(self._ctx, command)

    @workflow.update(name=names.GOODS_RECEIVED)
    def goods_received(self, command: GoodsReceived) -> operator.Receipt:
        self.state.take_goods(command)
        pieces = sum(line.quantity for line in command.lines)
        self._ctx.file.note(
            "goods", f"{counted(pieces, 'piece')} accounted for.", actor=command.actor
        )
        return self._words.received(names.GOODS_RECEIVED, command)

    @goods_received.validator
    def validate_goods_received(self, command: GoodsReceived) -> None:
        self._words.check_open()
        refusals.goods_received(self._ctx, command)

    @workflow.query(name=operator.CURRENT)
    def current(self) -> CaseSnapshot:
        return standing.snapshot(self._ctx.input, self.state)

    # Private steps.

    async def _review(self) -> Review:
        """Wait until partners, silence and the merchant have said enough; the review as it then stands."""
        self.state.phase = Phase.REVIEW
        await self._ctx.patience.wait(
            lambda: self.state.review().finding in {Finding.APPROVE, Finding.DECLINE},
            "Merchant's decision",
        )
        return self.state.review()

    async def _goods_back(self) -> bool:
        """Wait until every accepted piece is accounted for; false where the time ran out."""
        state = self.state
        if state.expected_goods():
            state.phase = Phase.GOODS
            state.goods_clock = Clock.begin(
                workflow.now(), state.policy.goods_within, reminders=(0.5, 0.8)
            )
            if not await self._ctx.patience.wait(
                lambda: not state.outstanding_goods() and not state.goods_problems,
                "Goods back",
                clock=state.goods_clock,
            ):
                return False
        state.goods = state.accounted_goods
        return True

    async def _refund_word(self) -> bool:
        """Learn what Shopify would refund, and wait for the merchant's word where one is wanted.

        False where the time ran out. Goods that the merchant counts anew meanwhile make another suggestion.
        """
        state = self.state
        state.phase = Phase.REFUND
        while state.suggested_for != (counted := state.goods):
            await suggest_refund(self._ctx)
            state.suggested_for = counted
            if not await self._ctx.patience.wait(
                lambda: not state.wants_refund_word or state.suggested_for != state.goods,
                "Merchant's word on the refund",
            ):
                return False
        return True

    def _settled_outcome(self) -> Outcome:
        return Outcome.CLOSED_REFUNDED if self.state.refunded else Outcome.CLOSED_WITHOUT_REFUND

    def _stopped_outcome(self) -> Outcome:
        return self._settled_outcome() if self.state.processed else Outcome.WITHDRAWN

    def _settle(self, outcome: Outcome) -> None:
        self.state.phase, self.state.outcome = Phase.ENDED, outcome
        self.state.case.result = str(self.state.refunded) if self.state.refunded else ""

    def _look_at_authorizations(self) -> None:
        """A location that was mapped meanwhile is seen only by reading the authorisation anew."""
        for desk in self._ctx.desks.values():
            if desk.takes_orders:
                desk.look()

    def _on_order(self, seen: CaseSnapshot) -> OnOrder | None:
        entry = standing.order_entry(seen, self.state)
        if entry is None:
            return None
        object_id = self._ctx.input.return_id or self._ctx.input.case_id
        return OnOrder(self.state.order_id, object_id, entry)
