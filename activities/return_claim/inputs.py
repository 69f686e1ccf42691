"""What we send to Shopify about returns, built from our own words."""

from clients.shopify.generated.enums import (
    CurrencyCode,
    OrderTransactionKind,
    RefundLineItemRestockType,
    ReturnReason,
    ReverseFulfillmentOrderDispositionType,
)
from clients.shopify.generated.fragments import ClaimedReturnLine
from clients.shopify.generated.input_types import (
    MoneyInput,
    OrderTransactionInput,
    RefundInput,
    RefundLineItemInput,
    ReturnInput,
    ReturnLineItemInput,
    ReturnProcessFinancialTransferInput,
    ReturnProcessInput,
    ReturnProcessRefundInput,
    ReturnProcessReturnLineItemInput,
    ReturnRefundOrderTransactionInput,
    ReverseFulfillmentOrderDisposeInput,
)
from clients.shopify.whole import WholeReturn
from domain.return_claim.goods import Disposition
from domain.return_claim.messages import CreateReturn, ProcessReturn, RefundOrder
from domain.return_claim.money import RefundTransaction
from domain.shopify_ids import gid, numeric_id

# X12's reason (element 1293) as Shopify's ReturnReason; what has no counterpart is OTHER.
_REASON = {
    "DA": ReturnReason.DEFECTIVE,
    "DT": ReturnReason.DEFECTIVE,
    "DM": ReturnReason.DEFECTIVE,
    "DR": ReturnReason.DEFECTIVE,
    "WG": ReturnReason.WRONG_ITEM,
    "NA": ReturnReason.NOT_AS_DESCRIBED,
}


def return_input(request: CreateReturn) -> ReturnInput:
    """A return of the accepted pieces; the marker in each line's note makes it findable."""
    return ReturnInput(
        order_id=gid("Order", request.order_id),
        return_line_items=[
            ReturnLineItemInput(
                fulfillment_line_item_id=gid("FulfillmentLineItem", line.fulfillment_line_item_id),
                quantity=request.accepted[line.line_id],
                return_reason=_REASON.get(line.reason_code, ReturnReason.OTHER),
                return_reason_note=request.marker,
            )
            for line in request.lines
        ],
    )


def process_input(request: ProcessReturn, found: WholeReturn) -> ReturnProcessInput:
    """What became of the goods, and the refund, in one call: so that what is left tells whether it arrived."""
    goods = {
        entry.fulfillment_line_item.id: entry
        for entry in found.goods
        if entry.fulfillment_line_item
    }
    lines = {numeric_id(line.id): line for line in found.lines}
    parts: list[ReturnProcessReturnLineItemInput] = []
    for key, quantity in request.quantities.items():
        if not quantity:
            continue
        line = lines[key]
        back = goods.get(line.fulfillment_line_item.id)
        parts.append(
            ReturnProcessReturnLineItemInput(
                id=line.id,
                quantity=quantity,
                dispositions=[
                    _disposition(part, back.id) for part in request.dispositions.get(key, ())
                ]
                if back is not None
                else [],
            )
        )
    transfer = None
    if request.refund:
        transfer = ReturnProcessFinancialTransferInput(
            issue_refund=ReturnProcessRefundInput(
                order_transactions=[
                    ReturnRefundOrderTransactionInput(
                        parent_id=gid("OrderTransaction", entry.parent_id),
                        transaction_amount=MoneyInput(
                            amount=entry.amount, currency_code=CurrencyCode(request.currency)
                        ),
                    )
                    for entry in request.refund
                ]
            )
        )
    made = ReturnProcessInput(
        return_id=gid("Return", request.return_id),
        return_line_items=parts,
        notify_customer=request.notify_customer,
    )
    return made.model_copy(update={"financial_transfer": transfer}) if transfer else made


def refund_input(request: RefundOrder) -> RefundInput:
    """A refund without a return; its note, unique to the case, makes it findable after the key is forgotten."""
    order_id = gid("Order", request.order_id)
    return RefundInput(
        order_id=order_id,
        note=request.note,
        currency=CurrencyCode(request.currency),
        refund_line_items=refund_lines(request.quantities),
        transactions=[_transaction(entry, order_id) for entry in request.refund],
    )


def _disposition(part: Disposition, goods_line: str) -> ReverseFulfillmentOrderDisposeInput:
    made = ReverseFulfillmentOrderDisposeInput(
        reverse_fulfillment_order_line_item_id=goods_line,
        quantity=part.quantity,
        disposition_type=ReverseFulfillmentOrderDispositionType(part.type.value),
    )
    if not part.location_id:
        return made
    return made.model_copy(update={"location_id": gid("Location", part.location_id)})


def refund_lines(quantities: dict[str, int]) -> list[RefundLineItemInput]:
    """Order lines to refund, restocking nothing."""
    return [
        RefundLineItemInput(
            line_item_id=gid("LineItem", item),
            quantity=quantity,
            restock_type=RefundLineItemRestockType.NO_RESTOCK,
        )
        for item, quantity in quantities.items()
        if quantity > 0
    ]


def _transaction(entry: RefundTransaction, order_id: str) -> OrderTransactionInput:
    return OrderTransactionInput(
        order_id=order_id,
        kind=OrderTransactionKind.REFUND,
        gateway=entry.gateway,
        amount=entry.amount,
        parent_id=gid("OrderTransaction", entry.parent_id),
    )


def line_name(line: ClaimedReturnLine | None, key: str) -> str:
    """A line as people know it: its SKU, else its number."""
    return (line.fulfillment_line_item.line_item.sku or key) if line else key
