"""Shopify's returns and orders in our words."""

from collections.abc import Sequence
from decimal import Decimal

from clients.shopify.generated.fragments import ShopAmount, SuggestedTransaction
from clients.shopify.generated.order_suggested_refund import (
    OrderSuggestedRefundOrderSuggestedRefund,
)
from clients.shopify.generated.return_suggested_outcome import (
    ReturnSuggestedOutcomeReturnSuggestedFinancialOutcome as SuggestedOutcome,
)
from clients.shopify.generated.return_suggested_outcome import (
    ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferRefundReturnOutcome as RefundOutcome,
)
from clients.shopify.whole import ClaimableOrder, WholeReturn
from domain.edi_codes import return_reason_code
from domain.message import Money
from domain.return_claim.lines import ClaimLine, unique_line_ids
from domain.return_claim.messages import ReturnFacts
from domain.return_claim.money import RefundTransaction, SuggestedRefund
from domain.return_claim.names import ReturnStatus
from domain.return_claim.state import ClaimRequest
from domain.shopify_ids import numeric_id


def return_status(value: object) -> ReturnStatus:
    """Shopify's status; one we do not know is `UNKNOWN`, never an error."""
    return ReturnStatus(str(getattr(value, "value", value)))


def money(amount: ShopAmount) -> Money:
    return Money(
        amount=amount.shop_money.amount, currency=str(amount.shop_money.currency_code.value)
    )


def added(amounts: Sequence[Money]) -> Money | None:
    """The sum, or None where there is nothing; Shopify's amounts of one order share its shop currency."""
    if not amounts:
        return None
    total = sum((entry.amount for entry in amounts), Decimal(0))
    return Money(amount=total, currency=amounts[0].currency) if total else None


def return_facts(found: WholeReturn) -> ReturnFacts:
    """A return as Shopify has it now."""
    details = found.details
    ids = unique_line_ids(
        [numeric_id(line.fulfillment_line_item.line_item.id) for line in found.lines],
        [numeric_id(line.id) for line in found.lines],
    )
    lines: list[ClaimLine] = []
    currency = ""
    for line_id, line in zip(ids, found.lines, strict=True):
        if line.quantity < 1:
            continue  # taken out of the return
        item = line.fulfillment_line_item.line_item
        price = money(item.discounted_unit_price_set)
        currency = price.currency
        handle = line.return_reason_definition.handle if line.return_reason_definition else ""
        shipped = found.shipped_from[line.fulfillment_line_item.id]
        lines.append(
            ClaimLine(
                line_id=line_id,
                line_item_id=numeric_id(item.id),
                fulfillment_line_item_id=numeric_id(line.fulfillment_line_item.id),
                return_line_item_id=numeric_id(line.id),
                sku=item.sku or "",
                vendor=item.vendor or "",
                name=item.name,
                quantity=line.quantity,
                reason=handle,
                reason_code=return_reason_code(handle),
                unit_value=price.amount,
                location=numeric_id(shipped.location.id) if shipped.location else "",
                fulfillment_service=shipped.service.handle if shipped.service else "",
            )
        )
    return ReturnFacts(
        return_id=numeric_id(details.id),
        name=details.name,
        status=return_status(details.status),
        order_id=numeric_id(details.order.id),
        order_name=details.order.name,
        currency=currency,
        lines=tuple(lines),
        processed=bool(found.lines) and all(line.unprocessed_quantity == 0 for line in found.lines),
        refunded=added([money(refund.total_refunded_set) for refund in details.refunds.nodes]),
        exchange=bool(details.exchange_line_items.nodes),
    )


class ClaimProblem(ValueError):
    """A claim that does not fit its order; the message says which line and why."""


def claimed_lines(found: ClaimableOrder, claim: ClaimRequest) -> tuple[ClaimLine, ...]:
    """The claimed lines of an order, each tied to fulfillments that may still be returned.

    A line that was shipped in parts becomes one claim line a fulfillment, as many as the quantity needs.

    Raises:
        ClaimProblem: an unknown line, or more than was shipped and not yet returned.
    """
    items = {numeric_id(line.id): line for line in found.lines}
    free: dict[str, list[tuple[str, int]]] = {}
    for fulfillment_line, quantity in found.returnable.items():
        item = numeric_id(found.fulfilled[fulfillment_line])
        free.setdefault(item, []).append((fulfillment_line, quantity))
    taken: list[tuple[str, str, int, str]] = []
    for wanted in claim.lines:
        item_id = numeric_id(wanted.line_item_id)
        if item_id not in items:
            raise ClaimProblem(f"Line item {item_id} is not on order {found.details.name}.")
        left = wanted.quantity
        for fulfillment_line, quantity in sorted(free.get(item_id, [])):
            part = min(left, quantity)
            if part:
                taken.append((item_id, fulfillment_line, part, wanted.reason_code))
                left -= part
        if left:
            possible = wanted.quantity - left
            raise ClaimProblem(
                f"Line item {item_id}: {wanted.quantity} claimed, {possible} were shipped and may still be returned."
            )
    ids = unique_line_ids([entry[0] for entry in taken], [numeric_id(entry[1]) for entry in taken])
    lines: list[ClaimLine] = []
    for line_id, (item_id, fulfillment_line, quantity, reason) in zip(ids, taken, strict=True):
        ordered, shipped = items[item_id], found.shipped_from[fulfillment_line]
        lines.append(
            ClaimLine(
                line_id=line_id,
                line_item_id=item_id,
                fulfillment_line_item_id=numeric_id(fulfillment_line),
                sku=ordered.sku or "",
                vendor=ordered.vendor or "",
                name=ordered.name,
                quantity=quantity,
                reason_code=reason,
                unit_value=money(ordered.discounted_unit_price_set).amount,
                location=numeric_id(shipped.location.id) if shipped.location else "",
                fulfillment_service=shipped.service.handle if shipped.service else "",
            )
        )
    return tuple(lines)


def suggested_of_return(outcome: SuggestedOutcome, currency: str) -> SuggestedRefund:
    """What Shopify would give back for a return; nothing where it suggests no refund."""
    transfer = outcome.financial_transfer
    if not isinstance(transfer, RefundOutcome):
        return SuggestedRefund(amount=Money(amount=Decimal(0), currency=currency))
    return SuggestedRefund(
        amount=money(transfer.amount),
        transactions=_transactions(transfer.suggested_transactions),
    )


def suggested_of_order(refund: OrderSuggestedRefundOrderSuggestedRefund) -> SuggestedRefund:
    """What Shopify would give back for lines of an order."""
    return SuggestedRefund(
        amount=money(refund.amount_set),
        transactions=_transactions(refund.suggested_transactions),
    )


def _transactions(found: Sequence[SuggestedTransaction]) -> tuple[RefundTransaction, ...]:
    return tuple(
        RefundTransaction(
            parent_id=numeric_id(entry.parent_transaction.id),
            amount=entry.amount_set.shop_money.amount,
            maximum=entry.maximum_refundable_set.shop_money.amount
            if entry.maximum_refundable_set
            else entry.amount_set.shop_money.amount,
            gateway=entry.gateway or "",
        )
        for entry in found
        if entry.parent_transaction is not None
    )
