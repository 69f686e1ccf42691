"""Returns: requested, approved or declined, opened by staff, cancelled, reduced, closed, reopened.

REQUESTED -approve-> OPEN -close-> CLOSED -reopen-> OPEN; REQUESTED -decline-> DECLINED;
OPEN (untouched) -cancel-> CANCELED. Processing is in ``processing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from emulators.shopify.model.fulfillment_orders import FulfillmentLineItem
from emulators.shopify.model.money import ZERO
from emulators.shopify.model.orders import Order
from emulators.shopify.model.returns import (
    Decline,
    Return,
    ReturnLineItem,
    ReturnReasonDefinition,
    ReverseFulfillmentOrder,
    ReverseFulfillmentOrderLineItem,
)
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import Refused, UserError, refuse

ACTIVE = ("REQUESTED", "OPEN", "CLOSED")
"""A return in one of these keeps its pieces from being returned anew."""

DECLINE_NOTE_LIMIT = 500


@dataclass(frozen=True)
class ReturnedLine:
    """A line to return. ``restocking_fee`` is in percent of the line's discounted price."""

    item: FulfillmentLineItem
    quantity: int
    reason: ReturnReasonDefinition
    reason_note: str = ""
    customer_note: str | None = None
    restocking_fee: Decimal = ZERO


def returnable_quantity(item: FulfillmentLineItem, *, claimed: int = 0) -> int:
    """Pieces of a fulfilled line that are neither in a living return nor refunded.

    ``claimed`` pieces of the same order line are spoken for by the return being made.
    """
    line = item.line_item
    order = line.order
    here = sum(
        ln.quantity
        for r in order.returns
        if r.status in ACTIVE
        for ln in r.line_items
        if ln.fulfillment_line_item is item
    )
    unrefunded = sum(
        ln.quantity - ln.refunded_quantity
        for r in order.returns
        if r.status in ACTIVE
        for ln in r.line_items
        if ln.fulfillment_line_item.line_item is line
    )
    return max(0, min(item.quantity - here, line.refundable_quantity - unrefunded - claimed))


def request(act: Action, order: Order, lines: Sequence[ReturnedLine]) -> Return:
    """A customer asks to return something."""
    return_ = _new_return(act, order, lines, status="REQUESTED")
    act.tell("returns/request", return_)
    act.touch(order)
    return return_


def create(act: Action, order: Order, lines: Sequence[ReturnedLine]) -> Return:
    """Staff or an app opens a return that needs no approval; ``returns/approve`` is told, as it is OPEN."""
    return_ = _new_return(act, order, lines, status="OPEN")
    _expect_goods(act, return_)
    act.tell("returns/approve", return_)
    act.touch(order)
    return return_


def approve(act: Action, return_: Return) -> None:
    _require(return_, "REQUESTED", "Return must be requested to be approved.")
    return_.status = "OPEN"
    return_.request_approved_at = act.now
    _expect_goods(act, return_)
    act.tell("returns/approve", return_)
    act.touch(return_.order)


def decline(act: Action, return_: Return, reason: str, note: str | None) -> None:
    """Declines a request: the pieces may be returned anew. The note has at most 500 characters."""
    if note is not None and len(note) > DECLINE_NOTE_LIMIT:
        raise refuse(
            f"Decline note is too long (maximum is {DECLINE_NOTE_LIMIT} characters)",
            code="TOO_LONG",
            field=("input", "declineNote"),
        )
    _require(return_, "REQUESTED", "Return must be requested to be declined.")
    return_.status = "DECLINED"
    return_.decline = Decline(reason, note)
    act.tell("returns/decline", return_)
    act.touch(return_.order)


def cancel(act: Action, return_: Return, *, by_customer: bool = False) -> None:
    """Cancels an open return that nobody has worked on; a customer may also withdraw a request."""
    if not (by_customer and return_.status == "REQUESTED"):
        _require(return_, "OPEN", "Return must be open to be canceled.")
    if not return_.untouched:
        raise refuse(
            "Return can't be canceled because it has been processed, inspected or refunded.",
            code="INVALID_STATE",
            field=("id",),
        )
    return_.status = "CANCELED"
    for rfo in return_.reverse_fulfillment_orders:
        rfo.status = "CANCELED"
    act.tell("returns/cancel", return_)
    act.touch(return_.order)


def close(act: Action, return_: Return) -> None:
    _require(return_, "OPEN", "Return must be open to be closed.")
    return_.status = "CLOSED"
    return_.closed_at = act.now
    for rfo in return_.reverse_fulfillment_orders:
        rfo.status = "CLOSED"
    act.tell("returns/close", return_)
    act.touch(return_.order)


def reopen(act: Action, return_: Return) -> None:
    _require(return_, "CLOSED", "Return must be closed to be reopened.")
    return_.status = "OPEN"
    return_.closed_at = None
    for rfo in return_.reverse_fulfillment_orders:
        rfo.status = "OPEN"
    act.tell("returns/reopen", return_)
    act.touch(return_.order)


def remove(act: Action, return_: Return, quantities: Sequence[tuple[int, int]]) -> None:
    """Takes unprocessed pieces (return line id, quantity) out of an open return.

    The last piece can't be taken out: the return is to be cancelled instead (assumed).
    """
    _require(return_, "OPEN", "Return must be open to remove items from it.", field=("returnId",))
    if not quantities:
        raise refuse(
            "Specify at least one line item to remove.", code="BLANK", field=("returnLineItems",)
        )
    lines = {line.id: line for line in return_.line_items}
    wanted: dict[int, int] = {}
    errors = []
    for index, (line_id, quantity) in enumerate(quantities):
        at = ("returnLineItems", str(index))
        line = lines.get(line_id)
        if line is None:
            where = (*at, "returnLineItemId")
            errors.append(UserError(where, "Return line item not found.", "NOT_FOUND"))
            continue
        wanted[line_id] = wanted.get(line_id, 0) + quantity
        if quantity <= 0:
            where = (*at, "quantity")
            errors.append(UserError(where, "Quantity must be greater than 0.", "GREATER_THAN"))
        elif wanted[line_id] > _removable(return_, line):
            message = f"Quantity can't be removed: {_removable(return_, line)} left untouched."
            errors.append(UserError((*at, "quantity"), message, "LESS_THAN_OR_EQUAL_TO"))
    if not errors and sum(wanted.values()) == return_.total_quantity:
        message = "All items can't be removed from a return. Cancel the return instead."
        errors.append(UserError(("returnLineItems",), message, "INVALID"))
    if errors:
        raise Refused(*errors)
    for line_id, quantity in wanted.items():
        line = lines[line_id]
        line.quantity -= quantity
        expected = expected_goods(return_, line)
        if expected is not None:
            expected.total_quantity -= quantity
    return_.line_items = [line for line in return_.line_items if line.quantity > 0]
    for rfo in return_.reverse_fulfillment_orders:
        rfo.line_items = [item for item in rfo.line_items if item.total_quantity > 0]
    act.tell("returns/update", return_, removed=[(lines[i], n) for i, n in wanted.items()])
    act.touch(return_.order)


def expected_goods(return_: Return, line: ReturnLineItem) -> ReverseFulfillmentOrderLineItem | None:
    """The reverse fulfillment order line of a return line; None before the return is open."""
    for rfo in return_.reverse_fulfillment_orders:
        for item in rfo.line_items:
            if item.fulfillment_line_item is line.fulfillment_line_item:
                return item
    return None


def _removable(return_: Return, line: ReturnLineItem) -> int:
    expected = expected_goods(return_, line)
    undisposed = line.quantity
    if expected is not None:
        undisposed = expected.total_quantity - sum(d.quantity for d in expected.dispositions)
    unrefunded = line.quantity - line.refunded_quantity
    return max(0, min(line.unprocessed_quantity, undisposed, unrefunded))


def _require(
    return_: Return, status: str, message: str, *, field: tuple[str, ...] = ("id",)
) -> None:
    if return_.status != status:
        raise refuse(message, code="INVALID_STATE", field=field)


def _new_return(act: Action, order: Order, lines: Sequence[ReturnedLine], *, status: str) -> Return:
    if not lines:
        raise refuse("Return line items can't be blank", code="BLANK", field=("returnLineItems",))
    errors = []
    seen: set[int] = set()
    claimed: dict[int, int] = {}
    for index, line in enumerate(lines):
        at = ("returnLineItems", str(index))
        if line.item.id in seen:
            where = (*at, "fulfillmentLineItemId")
            errors.append(UserError(where, "Line item is given twice.", "TAKEN"))
        seen.add(line.item.id)
        if line.quantity <= 0:
            where = (*at, "quantity")
            errors.append(UserError(where, "Quantity must be greater than 0.", "GREATER_THAN"))
        elif line.quantity > returnable_quantity(
            line.item, claimed=claimed.get(line.item.line_item.id, 0)
        ):
            message = "Return line item has an invalid quantity."
            errors.append(UserError((*at, "quantity"), message, "INVALID"))
        of_line = line.item.line_item.id
        claimed[of_line] = claimed.get(of_line, 0) + line.quantity
        if not 0 <= line.restocking_fee <= 100:
            fee_at = (*at, "restockingFee", "percentage")
            errors.append(UserError(fee_at, "Percentage must be 0 to 100.", "INVALID"))
    if errors:
        raise Refused(*errors)
    return_ = Return(
        id=act.new_id(),
        order=order,
        name=f"{order.name}-R{len(order.returns) + 1}",
        created_at=act.now,
        status=status,
    )
    for line in lines:
        return_.line_items.append(
            ReturnLineItem(
                id=act.new_id(),
                return_=return_,
                fulfillment_line_item=line.item,
                quantity=line.quantity,
                reason=line.reason,
                reason_note=line.reason_note,
                customer_note=line.customer_note,
                restocking_fee_percentage=line.restocking_fee,
                restocking_fee_id=act.new_id() if line.restocking_fee else None,
            )
        )
    order.returns.append(return_)
    order.closed_at = None
    act.shop.returns[return_.id] = return_
    return return_


def _expect_goods(act: Action, return_: Return) -> None:
    """One reverse fulfillment order for each fulfillment that the goods came with."""
    by_fulfillment: dict[int, ReverseFulfillmentOrder] = {}
    for line in return_.line_items:
        fulfillment = line.fulfillment_line_item.fulfillment
        rfo = by_fulfillment.get(fulfillment.id)
        if rfo is None:
            rfo = ReverseFulfillmentOrder(id=act.new_id(), return_=return_)
            by_fulfillment[fulfillment.id] = rfo
            return_.reverse_fulfillment_orders.append(rfo)
            act.shop.reverse_fulfillment_orders[rfo.id] = rfo
        rfo.line_items.append(
            ReverseFulfillmentOrderLineItem(
                id=act.new_id(),
                reverse_fulfillment_order=rfo,
                fulfillment_line_item=line.fulfillment_line_item,
                total_quantity=line.quantity,
            )
        )
