"""A return, a damage claim or a warranty issue that trading partners must review."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import operator
    from domain.case import CaseSnapshot, Trouble
    from domain.clock import Clock
    from domain.notification import Severity
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
    from workflows.case_file import CaseFile
    from workflows.notices import Notices
    from workflows.order_display import OrderDisplay
    from workflows.outside import Outside
    from workflows.return_claim import refusals
    from workflows.return_claim.answering import approve, decline
    from workflows.return_claim.context import ClaimContext
    from workflows.return_claim.opening import read_claim
    from workflows.return_claim.patience import Patience
    from workflows.return_claim.settling import close_return, process, suggest_refund
    from workflows.return_claim.underneath import watch_shopify
    from workflows.waiting import Background, Stopped, to_its_end

# What Trading Grid tells of our own closing of a partner's case.
_ECHOES_OF_THE_END = frozenset({"case.resolved", "case.updated", "case.closed"})


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
        self.claim = claim
        self.state = ReturnClaimState(return_id=claim.return_id)
        self.state.case.opened_at = workflow.info().workflow_start_time
        if claim.claim is not None:
            self.state.kind = claim.claim.kind
        case = self.state.case
        self._background = Background()
        self._file = CaseFile(case, self._snapshot)
        self._outside = Outside(case, self._file, self._show, self._tell_trouble)
        self._notices = Notices(
            case, self._file, self._background, case_id=claim.case_id, shop=claim.shop
        )
        self._display = OrderDisplay(self._outside, shop=claim.shop, lifecycle="return_claim")
        self._shopify_changes: list[operator.ShopifyChanged] = []
        self._ctx = ClaimContext(
            claim=claim,
            state=self.state,
            file=self._file,
            outside=self._outside,
            notices=self._notices,
            background=self._background,
            show=self._show,
        )
        self._patience = Patience(self._ctx)

    @workflow.run
    async def run(self, claim: ReturnClaimInput) -> ReturnClaimResult:
        return await to_its_end(
            self._whole_story(), on_cancel=lambda: self._ctx.stop("Cancelled in Temporal.")
        )

    async def _whole_story(self) -> ReturnClaimResult:
        filing = Background()
        filing.start(self._file.keep())
        try:
            outcome = await self._story()
        except Stopped:
            outcome = self._settled_outcome() if self.state.processed else Outcome.WITHDRAWN
        await self._end(outcome)
        self._file.close()
        await filing.finish()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return ReturnClaimResult(outcome=outcome, refunded=self.state.refunded)

    async def _story(self) -> Outcome:
        await read_claim(self._ctx)
        self._background.start(self._display.keep())
        self._background.start(watch_shopify(self._ctx, self._shopify_changes))
        for desk in self._ctx.desks.values():
            self._background.start(desk.attend())

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

    # Signals: they only say "look again".

    @workflow.signal(name=operator.SHOPIFY_CHANGED)
    def shopify_changed(self, change: operator.ShopifyChanged) -> None:
        if not self.state.case.saw(change.event_id):
            self._shopify_changes.append(change)

    @workflow.signal(name=operator.PARTNER_CHANGED)
    def partner_changed(self, change: operator.PartnerChanged) -> None:
        if self.state.case.saw(change.event_id):
            return
        desk = self._ctx.desks.get(change.partner)
        if desk is not None and desk.takes_orders:
            desk.inbox.append(change)
        elif desk is None or (change.event_type not in _ECHOES_OF_THE_END and desk.is_news(change)):
            why = "who is not asked here" if desk is None else "whose case is being closed"
            self._file.note(
                "partner",
                f"{change.event_type} came for {change.partner}, {why}.",
                flagged=True,
                event_id=change.event_id,
            )

    @workflow.signal(name=operator.PAUSE_CHANGED)
    def pause_changed(self, change: operator.PauseChanged) -> None:
        self._outside.look_at_pause()

    # Updates: the operator's words. They are recorded here and acted on by `run`.

    @workflow.update(name=operator.DECIDE)
    def decide(self, command: Decide) -> operator.Receipt:
        if command.choice.about_refund:
            self.state.refund_decision = command
        else:
            self.state.decision = command
        amount = f" {command.amount}" if command.amount else ""
        note = f": {command.note}" if command.note else ""
        words = f"Decided: {command.choice.value.replace('_', ' ')}{amount}{note}"
        self._file.note("decision", words, actor=command.actor)
        return self._received(operator.DECIDE, command)

    @decide.validator
    def validate_decide(self, command: Decide) -> None:
        refusals.decide(self._ctx, command)

    @workflow.update(name=names.GOODS_RECEIVED)
    def goods_received(self, command: GoodsReceived) -> operator.Receipt:
        self.state.take_goods(command)
        pieces = sum(line.quantity for line in command.lines)
        self._file.note("goods", f"{pieces} pieces accounted for.", actor=command.actor)
        return self._received(names.GOODS_RECEIVED, command)

    @goods_received.validator
    def validate_goods_received(self, command: GoodsReceived) -> None:
        refusals.goods_received(self._ctx, command)

    @workflow.update(name=operator.MESSAGE_PARTNER)
    def message_partner(self, command: operator.MessagePartner) -> operator.Receipt:
        self._ctx.desks[command.partner].inbox.append(command)
        return self._received(operator.MESSAGE_PARTNER, command)

    @message_partner.validator
    def validate_message_partner(self, command: operator.MessagePartner) -> None:
        refusals.of_partner(self._ctx, command.partner)

    @workflow.update(name=operator.NUDGE)
    def nudge(self, command: operator.Nudge) -> operator.Receipt:
        self._ctx.desks[command.partner].inbox.append(command)
        return self._received(operator.NUDGE, command)

    @nudge.validator
    def validate_nudge(self, command: operator.Nudge) -> None:
        refusals.of_partner(self._ctx, command.partner)

    @workflow.update(name=operator.EXTEND)
    def extend(self, command: operator.Extend) -> operator.Receipt:
        if command.partner:
            self._ctx.desks[command.partner].inbox.append(command)
        elif clock := self._patience.own_clock():
            clock.extend(command.until, workflow.now())
            until_when = f"{command.until:%d %b %Y %H:%M %Z}"
            self._file.note("extended", f"The claim waits until {until_when}.", actor=command.actor)
        return self._received(operator.EXTEND, command)

    @extend.validator
    def validate_extend(self, command: operator.Extend) -> None:
        own_clock = self._patience.own_clock() is not None
        refusals.extend(self._ctx, command.partner, command.until, own_clock=own_clock)

    @workflow.update(name=operator.ADD_NOTE)
    def add_note(self, command: operator.AddNote) -> operator.Receipt:
        self.state.case.notes.append(command.text)
        self._file.note("note", command.text, actor=command.actor)
        return self._received(operator.ADD_NOTE, command)

    @add_note.validator
    def validate_add_note(self, command: operator.AddNote) -> None:
        refusals.still_open(self._ctx)

    @workflow.update(name=operator.ASSIGN)
    def assign(self, command: operator.Assign) -> operator.Receipt:
        self.state.case.assignee = command.assignee
        who = command.assignee or "nobody"
        self._file.note("assigned", f"Assigned to {who}.", actor=command.actor)
        return self._received(operator.ASSIGN, command)

    @assign.validator
    def validate_assign(self, command: operator.Assign) -> None:
        refusals.still_open(self._ctx)

    @workflow.update(name=operator.CANCEL)
    def cancel(self, command: operator.Cancel) -> operator.Receipt:
        self._ctx.stop(f"Cancelled by {command.actor}: {command.reason}", command.actor)
        return self._received(operator.CANCEL, command)

    @cancel.validator
    def validate_cancel(self, command: operator.Cancel) -> None:
        refusals.still_open(self._ctx)

    @workflow.update(name=operator.RETRY)
    def retry(self, command: operator.Retry) -> operator.Receipt:
        self.state.case.retries += 1
        self._file.note("retry", "Try again what was refused.", actor=command.actor)
        for desk in self._ctx.desks.values():
            # A location that was mapped meanwhile is seen only by reading the authorisation anew.
            if desk.takes_orders:
                desk.look()
        return self._received(operator.RETRY, command)

    @retry.validator
    def validate_retry(self, command: operator.Retry) -> None:
        refusals.retry(self._ctx)

    @workflow.query(name=operator.CURRENT)
    def current(self) -> CaseSnapshot:
        return self._snapshot()

    # Private steps.

    async def _review(self) -> Review:
        """Wait until partners, silence and the merchant have said enough; the review as it then stands."""
        self.state.phase = Phase.REVIEW
        await self._patience.wait(
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
            if not await self._patience.wait(
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
            if not await self._patience.wait(
                lambda: not state.wants_refund_word or state.suggested_for != state.goods,
                "Merchant's word on the refund",
            ):
                return False
        return True

    def _settled_outcome(self) -> Outcome:
        return Outcome.CLOSED_REFUNDED if self.state.refunded else Outcome.CLOSED_WITHOUT_REFUND

    async def _end(self, outcome: Outcome) -> None:
        """Close what is open, show the result, and let the tables have the last snapshot."""
        state = self.state
        state.phase, state.outcome, state.case.closed_at = Phase.ENDED, outcome, workflow.now()
        self._outside.end()
        why = f": {state.case.stop}" if outcome is Outcome.WITHDRAWN and state.case.stop else ""
        money = f" ({state.refunded})" if state.refunded else ""
        self._file.note("outcome", f"The claim is {outcome.words}{money}{why}")
        self._show()
        for desk in self._ctx.desks.values():
            desk.close(f"The claim is {outcome.words}{why}")
        if outcome is Outcome.EXPIRED:
            self._notices.send(
                state.policy.escalate_to or state.policy.notify,
                Severity.URGENT,
                "expired",
                "Nobody settled this claim in time; see to it in Shopify.",
            )
        self._display.close()
        await self._background.finish()
        self._show()

    def _snapshot(self) -> CaseSnapshot:
        return standing.snapshot(self.claim, self.state)

    def _show(self) -> None:
        """Tell everybody who looks: tables, search attributes, the Temporal UI, the order in Shopify."""
        self._patience.mind_merchant()
        seen = self._file.show()
        if self.state.policy.show_on_order and (entry := standing.order_entry(seen, self.state)):
            self._display.want(
                self.state.order_id, self.claim.return_id or self.claim.case_id, entry
            )

    def _tell_trouble(self, trouble: Trouble) -> None:
        self._notices.send(
            self.state.policy.notify,
            Severity.URGENT,
            "something was refused",
            f"{trouble.step}: {trouble.message} Use retry once it is mended.",
        )

    def _received(self, name: str, command: operator.Command) -> operator.Receipt:
        self._show()
        stands = standing.standing(self.state)
        waiting = stands.waiting_for
        return operator.Receipt(
            command=name,
            digest=command.digest(),
            status=stands.status.value,
            waiting_for=f"{waiting.who}: {waiting.what}" if waiting else "",
        )
