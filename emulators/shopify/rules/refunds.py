"""Money back: what Shopify suggests, and what is recorded when it is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from emulators.shopify.model.catalog import Location
from emulators.shopify.model.money import ZERO
from emulators.shopify.model.orders import LineItem, Order, Transaction
from emulators.shopify.model.refunds import Refund, RefundLineItem
from emulators.shopify.model.returns import Return
from emulators.shopify.rules import stock
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.fulfillment_orders import take_off
from emulators.shopify.rules.refusal import Refused, UserError, refuse


@dataclass(frozen=True)
class RefundedLine:
    """Pieces of a line whose price is given back. ``restock_type`` as in RefundLineItemRestockType."""

    line_item: LineItem
    quantity: int
    restock_type: str = "NO_RESTOCK"
    location: Location | None = None


@dataclass(frozen=True)
class Payback:
    """Money given back on one payment. ``field`` is where the caller's input names it."""

    parent: Transaction
    amount: Decimal
    field: tuple[str, ...] = ()


@dataclass(frozen=True)
class SuggestedTransaction:
    parent: Transaction
    amount: Decimal


@dataclass(frozen=True)
class Suggestion:
    """What would be given back for some pieces. Amounts are in the order's currency."""

    order: Order
    original_subtotal: Decimal
    subtotal: Decimal
    tax: Decimal
    shipping: Decimal
    fees: Decimal
    transactions: list[SuggestedTransaction] = field(default_factory=list)
    lines: list[RefundLineItem] = field(default_factory=list)

    @property
    def worth(self) -> Decimal:
        return self.subtotal + self.tax + self.shipping - self.fees

    @property
    def amount(self) -> Decimal:
        return max(ZERO, min(self.worth, self.order.refundable))

    @property
    def shipping_refundable(self) -> Decimal:
        return self.order.shipping - self.order.refunded_shipping


def suggest(
    order: Order,
    lines: Sequence[RefundedLine],
    *,
    shipping: Decimal = ZERO,
    fees: Decimal = ZERO,
) -> Suggestion:
    """Shopify's suggestion for these pieces: their discounted price and tax, never more than is left.

    Raises Refused where a line has fewer pieces left to refund, or shipping is more than is left.
    """
    errors = _check_lines(order, lines) + _check_shipping(order, shipping)
    if errors:
        raise Refused(*errors)
    items = _priced(lines, new_ids=None)
    suggestion = Suggestion(
        order=order,
        original_subtotal=sum((ln.line_item.unit_price * ln.quantity for ln in lines), ZERO),
        subtotal=sum((item.subtotal for item in items), ZERO),
        tax=sum((item.tax for item in items), ZERO),
        shipping=shipping,
        fees=fees,
        lines=items,
    )
    left = suggestion.amount
    for payment in order.payments:
        part = min(left, payment.refundable)
        if part > ZERO:
            suggestion.transactions.append(SuggestedTransaction(payment, part))
            left -= part
    return suggestion


def check_paybacks(
    order: Order, paybacks: Sequence[Payback], *, allow_over_refunding: bool
) -> list[UserError]:
    """What is wrong with moving this money."""
    errors = []
    given: dict[int, Decimal] = {}
    for payback in paybacks:
        parent = payback.parent
        given[parent.id] = given.get(parent.id, ZERO) + payback.amount
        if payback.amount <= ZERO:
            message = "Amount must be greater than 0."
            errors.append(UserError(payback.field, message, "GREATER_THAN"))
        elif parent.order is not order or parent.kind not in ("SALE", "CAPTURE"):
            message = "Parent transaction is not a payment of this order."
            errors.append(UserError(payback.field, message, "INVALID"))
        elif not allow_over_refunding and given[parent.id] > parent.refundable:
            message = "Refund amount is greater than what is refundable on the transaction."
            errors.append(UserError(payback.field, message, "LESS_THAN_OR_EQUAL_TO"))
    return errors


def record(
    act: Action,
    order: Order,
    *,
    lines: Sequence[RefundedLine],
    paybacks: Sequence[Payback],
    shipping: Decimal = ZERO,
    note: str | None = None,
    return_: Return | None = None,
) -> Refund:
    """Writes a refund that was checked before: on the order, its transactions, and its return."""
    refund = Refund(
        id=act.new_id(),
        order=order,
        created_at=act.now,
        note=note,
        return_=return_,
        shipping=shipping,
        line_items=_priced(lines, new_ids=act),
        adjustment_id=act.new_id(),
    )
    for payback in paybacks:
        transaction = Transaction(
            id=act.new_id(),
            order=order,
            kind="REFUND",
            amount=payback.amount,
            gateway=payback.parent.gateway,
            created_at=act.now,
            parent=payback.parent,
        )
        refund.transactions.append(transaction)
        order.transactions.append(transaction)
        act.tell("order_transactions/create", transaction)
    order.refunds.append(refund)
    act.shop.refunds[refund.id] = refund
    act.tell("refunds/create", refund)
    act.touch(order)
    return refund


def refund(
    act: Action,
    order: Order,
    *,
    lines: Sequence[RefundedLine],
    paybacks: Sequence[Payback],
    shipping: Decimal = ZERO,
    note: str | None = None,
    allow_over_refunding: bool = False,
) -> Refund:
    """A refund on an order, with or without lines (``refundCreate``)."""
    if not lines and not paybacks and shipping == ZERO:
        raise refuse("Refund must have line items, shipping or transactions.", field=("input",))
    errors = (
        _check_lines(order, lines)
        + _check_restock(lines)
        + _check_shipping(order, shipping)
        + check_paybacks(order, paybacks, allow_over_refunding=allow_over_refunding)
    )
    if errors:
        raise Refused(*errors)
    for line in lines:
        if line.restock_type == "CANCEL":
            _cancel_pieces(act, line)
        if line.restock_type in ("CANCEL", "RETURN") and line.location is not None:
            stock.restock(act, line.line_item.variant, line.location, line.quantity)
    return record(act, order, lines=lines, paybacks=paybacks, shipping=shipping, note=note)


def _priced(lines: Sequence[RefundedLine], *, new_ids: Action | None) -> list[RefundLineItem]:
    """Prices of the pieces, counted on from those refunded before, so that all of them add up."""
    after: dict[int, int] = {}
    items = []
    for line in lines:
        item = line.line_item
        done = after.get(item.id, item.refunded_quantity)
        items.append(
            RefundLineItem(
                id=0 if new_ids is None else new_ids.new_id(),
                line_item=item,
                quantity=line.quantity,
                subtotal=item.price_of(line.quantity, after=done),
                tax=item.tax_of(line.quantity, after=done),
                restock_type=line.restock_type,
                location=line.location,
            )
        )
        after[item.id] = done + line.quantity
    return items


def _check_lines(order: Order, lines: Sequence[RefundedLine]) -> list[UserError]:
    errors = []
    wanted: dict[int, int] = {}
    for index, line in enumerate(lines):
        where = ("refundLineItems", str(index), "quantity")
        wanted[line.line_item.id] = wanted.get(line.line_item.id, 0) + line.quantity
        if line.quantity <= 0:
            errors.append(UserError(where, "Quantity must be greater than 0.", "GREATER_THAN"))
        elif wanted[line.line_item.id] > line.line_item.refundable_quantity:
            message = "Quantity cannot refund more items than were purchased."
            errors.append(UserError(where, message, "LESS_THAN_OR_EQUAL_TO"))
    return errors


def _check_restock(lines: Sequence[RefundedLine]) -> list[UserError]:
    errors = []
    for index, line in enumerate(lines):
        at = ("refundLineItems", str(index))
        item = line.line_item
        if line.restock_type in ("CANCEL", "RETURN") and line.location is None:
            message = "Location is required to restock."
            errors.append(UserError((*at, "locationId"), message, "BLANK"))
        if line.restock_type == "CANCEL" and line.quantity > item.unfulfilled_quantity:
            message = "Quantity cannot cancel more items than are unfulfilled."
            errors.append(UserError((*at, "quantity"), message, "INVALID"))
        if line.restock_type == "RETURN" and line.quantity > item.fulfilled:
            message = "Quantity cannot return more items than were fulfilled."
            errors.append(UserError((*at, "quantity"), message, "INVALID"))
    return errors


def _check_shipping(order: Order, shipping: Decimal) -> list[UserError]:
    if ZERO <= shipping <= order.shipping - order.refunded_shipping:
        return []
    message = "Shipping amount is greater than what is refundable."
    return [UserError(("shipping", "amount"), message, "LESS_THAN_OR_EQUAL_TO")]


def _cancel_pieces(act: Action, line: RefundedLine) -> None:
    line.line_item.removed += line.quantity
    for location, taken in take_off(act, line.line_item, line.quantity):
        stock.uncommit(act, line.line_item.variant, location, taken)
