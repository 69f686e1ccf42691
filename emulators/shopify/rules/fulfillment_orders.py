"""Quantities in fulfillment orders: chosen, carved out, taken off, and the status that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emulators.shopify.model.catalog import Location
from emulators.shopify.model.fulfillment_orders import FulfillmentOrder, FulfillmentOrderLineItem
from emulators.shopify.model.orders import LineItem
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import Refused, UserError


@dataclass(frozen=True)
class LineQuantity:
    """Pieces of a fulfillment order line, by the line's number."""

    line_id: int
    quantity: int


@dataclass(frozen=True)
class LineCodes:
    """The codes of wrong lines; they differ between mutations, and some have none."""

    not_positive: str | None = None
    wrong: str | None = None
    twice: str | None = None


def settle(act: Action, fo: FulfillmentOrder) -> None:
    """The status that follows from what remains. A fulfillment order that closes drops its holds, untold."""
    fo.updated_at = act.now
    if fo.ended:
        return
    if fo.remaining_quantity == 0:
        fo.status = "CLOSED"
        fo.progress_reported = False
        fo.holds.clear()
        if fo.request_status != "UNSUBMITTED":
            fo.request_status = "CLOSED"
    else:
        fo.status = "ON_HOLD" if fo.holds else fo.resting_status(act.now)


def chosen(
    fo: FulfillmentOrder,
    lines: Sequence[LineQuantity] | None,
    *,
    at: tuple[str, ...],
    codes: LineCodes,
) -> dict[int, int]:
    """Quantities by line id; without lines all that remains. Raises Refused with one error a wrong line.

    ``at`` is where the input has its lines.
    """
    if not lines:
        return {ln.id: ln.remaining_quantity for ln in fo.line_items if ln.remaining_quantity}
    known = {line.id: line for line in fo.line_items}
    picked: dict[int, int] = {}
    errors = []
    for index, wanted in enumerate(lines):
        field = (*at, str(index), "quantity")
        line = known.get(wanted.line_id)
        if wanted.line_id in picked:
            message = "The fulfillment order line items are not unique."
            errors.append(UserError((*at, str(index), "id"), message, codes.twice))
        elif wanted.quantity <= 0:
            message = "The fulfillment order line item quantity must be greater than 0."
            errors.append(UserError(field, message, codes.not_positive))
        elif line is None or wanted.quantity > line.remaining_quantity:
            message = "The fulfillment order line item quantity is invalid."
            errors.append(UserError(field, message, codes.wrong))
        picked[wanted.line_id] = wanted.quantity
    if errors:
        raise Refused(*errors)
    return picked


def rest_of(fo: FulfillmentOrder, picked: Mapping[int, int]) -> dict[int, int]:
    """What remains beside the picked quantities; empty where they are everything."""
    left = {line.id: line.remaining_quantity - picked.get(line.id, 0) for line in fo.line_items}
    return {line_id: quantity for line_id, quantity in left.items() if quantity}


def carve(act: Action, fo: FulfillmentOrder, quantities: Mapping[int, int]) -> FulfillmentOrder:
    """Moves quantities into a new fulfillment order of the same location, with line ids of its own."""
    new = FulfillmentOrder(
        id=act.new_id(),
        order=fo.order,
        location=fo.location,
        created_at=act.now,
        updated_at=act.now,
        fulfill_at=fo.fulfill_at,
        fulfill_by=fo.fulfill_by,
    )
    pour(act, fo, new, quantities)
    fo.order.fulfillment_orders.append(new)
    return new


def pour(
    act: Action, source: FulfillmentOrder, target: FulfillmentOrder, quantities: Mapping[int, int]
) -> None:
    """Moves quantities from one fulfillment order into another; both get the status that follows."""
    for line in list(source.line_items):
        moved = quantities.get(line.id, 0)
        if not moved:
            continue
        line.remaining_quantity -= moved
        line.total_quantity -= moved
        if line.total_quantity == 0:
            source.line_items.remove(line)
        expect(act, target, line.line_item, moved)
    settle(act, source)
    settle(act, target)


def expect(act: Action, fo: FulfillmentOrder, item: LineItem, quantity: int) -> None:
    """Adds pieces of an order line to a fulfillment order, to its line of them where it has one."""
    for line in fo.line_items:
        if line.line_item is item:
            line.total_quantity += quantity
            line.remaining_quantity += quantity
            return
    fo.line_items.append(
        FulfillmentOrderLineItem(
            id=act.new_id(), line_item=item, total_quantity=quantity, remaining_quantity=quantity
        )
    )


def take_off(act: Action, item: LineItem, quantity: int) -> list[tuple[Location, int]]:
    """Takes unfulfilled pieces of a line out of its fulfillment orders: out of those not on hold first.

    Says where they were to be shipped from.
    """
    places = []
    sources = [fo for fo in item.order.fulfillment_orders if not fo.ended]
    sources.sort(key=lambda fo: fo.status == "ON_HOLD")
    left = quantity
    for fo in sources:
        for line in fo.line_items:
            if line.line_item is item and line.remaining_quantity and left:
                taken = min(left, line.remaining_quantity)
                line.remaining_quantity -= taken
                line.total_quantity -= taken
                left -= taken
                places.append((fo.location, taken))
                settle(act, fo)
    return places
