"""An order's drop-ship lines, or a replenishment, as purchase orders with trading partners."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import operator
    from domain.case import CaseKind, CaseSnapshot
    from domain.failures import INVALID_COMMAND, NOT_NOW
    from domain.message import Message
    from domain.purchase_order import names, standing
    from domain.purchase_order.decision import Decide, Reassign, words_of
    from domain.purchase_order.lines import apply_shipment
    from domain.purchase_order.names import (
        AskPosition,
        Outcome,
        Position,
        PurchaseOrderInput,
        Shipped,
    )
    from domain.purchase_order.state import Phase, PurchaseOrderState, Reassignment
    from domain.standing import counted
    from workflows.case_tools import CaseTools, Facts, OnOrder
    from workflows.operator_words import AskOfPartner, OperatorWords, refuse
    from workflows.purchase_order.context import OrdersContext
    from workflows.purchase_order.deciding import take
    from workflows.purchase_order.desk import is_of_order
    from workflows.purchase_order.holding import HoldKeeper
    from workflows.purchase_order.office import Office
    from workflows.purchase_order.opening import open_order, open_replenishment
    from workflows.purchase_order.reassigning import keep_reassigning
    from workflows.purchase_order.replenishing import TransferKeeper
    from workflows.purchase_order.underneath import watch_shopify


class PurchaseOrderResult(Message):
    outcome: Outcome


@workflow.defn(name=names.WORKFLOW)
class PurchaseOrderWorkflow:
    """From the paid order, or a replenishment, until every line has shipped, is not coming, or is not wanted any more.

    opening -> awaiting_partner (answers, acknowledgements) -> awaiting_other (the goods) -> resolved (completed | rejected)
                    |   ^                                            |                        | cancelled | expired
                    v   | decided                                    v not shipped in time
               awaiting_merchant  <---------------------------------+

    Each purchase order has a desk, a task of its own; what the merchant, Shopify and shipments say is written into the
    state, and the desks carry it out.
    """

    @workflow.init
    def __init__(self, asked: PurchaseOrderInput) -> None:
        self.state = PurchaseOrderState()
        self.state.case.opened_at = workflow.info().workflow_start_time
        self._ctx: OrdersContext = CaseTools(
            asked,
            self.state,
            Facts(
                lifecycle=CaseKind.PURCHASE_ORDER.value,
                subject="The case",
                snapshot=self.current,
                policy=lambda: self.state.policy,
                wants_merchant=lambda: bool(self.state.asked),
                on_order=self._on_order,
            ),
        )
        self._office = Office(self._ctx)
        self._holds = HoldKeeper(self._ctx)
        self._transfer: TransferKeeper | None = None
        self._words = OperatorWords(self._ctx)
        self._words.partners = lambda: self.state.partners
        self._words.ask = self._ask
        self._words.elsewhere = self._of_orders

    @workflow.run
    async def run(self, asked: PurchaseOrderInput) -> PurchaseOrderResult:
        outcome = await self._ctx.run(
            self._story,
            stopped=lambda: Outcome.CANCELLED,
            settle=self._settle,
            wind_up=self._wind_up,
        )
        return PurchaseOrderResult(outcome=outcome)

    async def _story(self) -> Outcome:
        ctx, replenishment = self._ctx, self._ctx.input.replenishment
        if replenishment is None:
            await open_order(self._office)
            ctx.background.start(ctx.display.keep())
            ctx.background.start(self._holds.keep())
        else:
            await open_replenishment(self._office, replenishment)
            self._transfer = TransferKeeper(self._office, replenishment)
            ctx.background.start(self._transfer.keep())
        self.state.phase = Phase.RUNNING
        ctx.background.start(watch_shopify(self._office, self._words.shopify_changes))
        ctx.background.start(keep_reassigning(self._office))

        if not await ctx.patience.wait(self._settled, "Purchase orders settled"):
            return Outcome.EXPIRED
        return self.state.result

    # What shipping documents say, and ask.

    @workflow.signal(name=names.SHIPPED)
    def shipped(self, word: Shipped) -> None:
        order = self.state.order(word.po_number)
        if order is None or self.state.outcome is not None:
            why = "the case has ended" if order else "is not one of these"
            text = f"Shipment {word.shipment_number} of {word.po_number}: {why}."
            self._ctx.file.note("shipped", text, flagged=True, event_id=word.event_id)
            return
        self._office.knows_papers(order)
        if word.about_to:
            order.announced[word.shipment_number] = dict(word.lines)
        else:
            order.announced.pop(word.shipment_number, None)
            before = order.ledger
            order.ledger = apply_shipment(
                before, word.shipment_number, word.lines, version=word.version
            )
            if order.ledger != before:
                self._note_shipped(word, order.ledger.flags_of(word.shipment_number))
        self._office.moved(order)

    @workflow.query(name=names.POSITION)
    def position(self, asked: AskPosition) -> Position:
        return self.state.position(asked.po_number)

    # The operator's words that only purchase orders take; the desks act on them.

    @workflow.update(name=operator.DECIDE)
    def decide(self, command: Decide) -> operator.Receipt:
        words = words_of(command, self.state.asked, self.state.orders)
        take(self.state, words)
        said = "; ".join(
            f"{word.choice.value.replace('_', ' ')} ({word.question.text})"
            if word.question
            else f"give up line {word.line_id} of {word.po_number}"
            for word in words
        )
        note = f": {command.note}" if command.note else ""
        self._ctx.file.note("decision", f"Decided: {said}{note}", actor=command.actor)
        for order in self.state.orders:
            self._office.moved(order)
        return self._words.received(operator.DECIDE, command)

    @decide.validator
    def validate_decide(self, command: Decide) -> None:
        self._words.check_open()
        if self.state.phase is Phase.OPENING:
            refuse(NOT_NOW, "The case is still being opened; try again in a moment.")
        try:
            words_of(command, self.state.asked, self.state.orders)
        except ValueError as error:
            refuse(INVALID_COMMAND, str(error))

    @workflow.update(name=names.REASSIGN)
    def reassign(self, command: Reassign) -> operator.Receipt:
        self.state.reassignments.append(
            Reassignment(
                number=len(self.state.reassignments) + 1,
                partner=command.partner,
                line_ids=tuple(dict.fromkeys(command.line_ids)),
                actor=command.actor,
                note=command.note,
            )
        )
        note = f": {command.note}" if command.note else ""
        text = f"Order {len(command.line_ids)} lines from {command.partner} instead{note}"
        self._ctx.file.note("reassign", text, actor=command.actor)
        return self._words.received(names.REASSIGN, command)

    @reassign.validator
    def validate_reassign(self, command: Reassign) -> None:
        self._words.check_open()
        if self._ctx.input.replenishment is not None:
            refuse(NOT_NOW, "A replenishment is one partner's; cancel it and open another.")
        for line_id in command.line_ids:
            found = [
                order.uncommitted(line) + line.untaken
                for order, line in self.state.of_line(line_id)
                if order.partner != command.partner
            ]
            if not any(True for _ in self.state.of_line(line_id)):
                refuse(INVALID_COMMAND, f"There is no line {line_id} in this case.")
            if not sum(found):
                refuse(INVALID_COMMAND, f"Nothing of line {line_id} can go to another partner.")

    @workflow.query(name=operator.CURRENT)
    def current(self) -> CaseSnapshot:
        return standing.snapshot(self._ctx.input, self.state)

    # Private steps.

    def _settled(self) -> bool:
        return self.state.settled and not self._words.shopify_changes

    def _note_shipped(self, word: Shipped, flags: tuple[object, ...]) -> None:
        pieces = sum(word.lines.values())
        text = f"Shipment {word.shipment_number} of {word.po_number}: {counted(pieces, 'piece')}."
        self._ctx.file.note("shipped", text, flagged=bool(flags), event_id=word.event_id)

    def _of_orders(self, change: operator.PartnerChanged) -> bool:
        """Pass news of a purchase order on to the partner's desks; false for what is not one's."""
        if not is_of_order(change):
            return False
        desks = [
            desk
            for desk in self._office.desks
            if desk.order.partner == change.partner and desk.open
        ]
        for desk in desks:
            desk.inbox.append(change)
        return bool(desks)

    def _ask(self, partner: str, command: AskOfPartner) -> None:
        """Time is given at the purchase orders; words go into the conversation."""
        desks = [one for one in self._office.desks if one.order.partner == partner and one.open]
        if isinstance(command, operator.Extend):
            for desk in desks:
                desk.extend(command)
            return
        if isinstance(command, operator.Nudge) and not command.text:
            numbers = ", ".join(desk.order.number for desk in desks if not desk.order.settled)
            text = f"A reminder: please see to {numbers or 'your purchase orders'}."
            command = command.model_copy(update={"text": text})
        conversation = self._office.conversation(partner)
        if conversation is not None:
            conversation.inbox.append(command)

    def _settle(self, outcome: Outcome) -> None:
        self.state.phase, self.state.outcome = Phase.ENDED, outcome

    async def _wind_up(self, outcome: Outcome) -> None:
        """Take back what partners would still ship for a case that was stopped; release what we hold."""
        for desk in self._office.desks:
            desk.close(withdraw=bool(self.state.case.stop))
        self._holds.close()
        if self._transfer is not None:
            self._transfer.close()

    def _on_order(self, seen: CaseSnapshot) -> OnOrder | None:
        entry = standing.order_entry(seen, self.state)
        if entry is None:
            return None
        return OnOrder(self.state.order_id, self._ctx.input.case_id, entry)
