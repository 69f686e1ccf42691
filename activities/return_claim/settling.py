"""Goods and money of a return claim, each moved once."""

from temporalio import activity

from activities.failures import conflict, translated
from activities.pauses import Pauses
from activities.return_claim.inputs import (
    line_name,
    process_input,
    refund_input,
    refund_lines,
)
from activities.return_claim.mapping import (
    added,
    money,
    return_facts,
    return_status,
    suggested_of_order,
    suggested_of_return,
)
from activities.return_claim.remote import whole_return
from clients.shopify.generated.input_types import (
    SuggestedOutcomeReturnLineItemInput,
)
from domain.message import Money
from domain.return_claim.messages import (
    ProcessedReturn,
    ProcessReturn,
    RefundedOrder,
    RefundOrder,
    SuggestOrderRefund,
    SuggestRefund,
)
from domain.return_claim.money import SuggestedRefund
from domain.return_claim.names import ReturnStatus
from domain.shopify_ids import gid, numeric_id
from intake.connections import Connections


class ReturnSettlementActivities:
    """What Shopify would refund, and what becomes of goods and money."""

    def __init__(self, connections: Connections, pauses: Pauses) -> None:
        self._connections = connections
        self._pauses = pauses

    @activity.defn(name="return_claim.suggest_refund")
    async def suggest_refund(self, request: SuggestRefund) -> SuggestedRefund:
        """What Shopify would give back for these pieces, with the payments it would use."""
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            found = await whole_return(admin, request.return_id)
            refundable = {numeric_id(line.id): line.refundable_quantity for line in found.lines}
            pieces = {
                line_id: min(quantity, refundable.get(line_id, 0))
                for line_id, quantity in request.quantities.items()
            }
            wanted = [
                SuggestedOutcomeReturnLineItemInput(
                    id=gid("ReturnLineItem", line_id), quantity=quantity
                )
                for line_id, quantity in pieces.items()
                if quantity > 0
            ]
            currency = return_facts(found).currency
            if not wanted:
                return SuggestedRefund(amount=Money(amount="0", currency=currency))
            answer = await admin.return_suggested_outcome(
                id=gid("Return", request.return_id),
                return_line_items=wanted,
                exchange_line_items=[],
            )
        outcome = answer.return_.suggested_financial_outcome if answer.return_ else None
        if outcome is None:
            raise conflict("Shopify suggests no refund for this return.")
        return suggested_of_return(outcome, currency)

    @activity.defn(name="return_claim.suggest_order_refund")
    async def suggest_order_refund(self, request: SuggestOrderRefund) -> SuggestedRefund:
        """What Shopify would give back for these lines of an order, without a return."""
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            answer = await admin.order_suggested_refund(
                id=gid("Order", request.order_id),
                refund_line_items=refund_lines(request.quantities),
            )
        refund = answer.order.suggested_refund if answer.order else None
        if refund is None:
            raise conflict("Shopify suggests no refund for this order.")
        return suggested_of_order(refund)

    @activity.defn(name="return_claim.process_return")
    async def process_return(self, request: ProcessReturn) -> ProcessedReturn:
        """Write what became of the goods and refund, once: what may still be processed is read before.

        `returnProcess` has no idempotency key. All of it goes in one call, so what is processed tells whether an earlier
        attempt arrived: all of it means it did. Where a part cannot be processed any more, somebody else was there; then a
        person must look, since nobody can say for which part the money was.
        """
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            found = await whole_return(admin, request.return_id)
            status = return_status(found.details.status)
            refunded = added(
                [money(entry.total_refunded_set) for entry in found.details.refunds.nodes]
            )
            lines = {numeric_id(line.id): line for line in found.lines}
            wanted = {key: count for key, count in request.quantities.items() if count}
            left = {key: lines[key].processable_quantity if key in lines else 0 for key in wanted}
            # Not by what is left: of a closed return nothing can be processed, and nothing was.
            if wanted and all(
                key in lines and lines[key].quantity - lines[key].unprocessed_quantity >= count
                for key, count in wanted.items()
            ):
                return ProcessedReturn(refunded=refunded, already=True)
            if status is not ReturnStatus.OPEN:
                return ProcessedReturn(refunded=refunded, overtaken=True)
            if short := [key for key, count in wanted.items() if left[key] < count]:
                raise conflict(
                    "A part of the return was processed in Shopify already "
                    f"({', '.join(line_name(lines.get(key), key) for key in short)}); finish it there."
                )
            answer = await admin.return_process(input=process_input(request, found))
        made = answer.return_process.return_ if answer.return_process else None
        if made is None:
            raise conflict("Shopify processed nothing and said no reason.")
        now = added([money(entry.total_refunded_set) for entry in made.refunds.nodes])
        return ProcessedReturn(refunded=now)

    @activity.defn(name="return_claim.refund_order")
    async def refund_order(self, request: RefundOrder) -> RefundedOrder:
        """Refund a claim whose goods stay with the customer, once.

        Shopify remembers the idempotency key for 24 hours; a later repeat finds the refund by its note.
        """
        await self._pauses.check()
        with translated():
            admin = await self._connections.shopify(request.shop)
            order_id = gid("Order", request.order_id)
            order = (await admin.order_refunds(id=order_id)).order
            if order is None:
                raise conflict(f"The order {request.order_id} is gone from Shopify.")
            before = [
                money(entry.total_refunded_set)
                for entry in order.refunds
                if entry.note == request.note
            ]
            if before:
                return RefundedOrder(refunded=added(before), already=True)
            answer = await admin.refund_create(
                input=refund_input(request), idempotency_key=request.idempotency_key
            )
        made = answer.refund_create.refund if answer.refund_create else None
        if made is None:
            raise conflict("Shopify refunded nothing and said no reason.")
        return RefundedOrder(refunded=money(made.total_refunded_set))
