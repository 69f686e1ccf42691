"""Shipping: fulfillment orders become fulfillments, which are tracked and may be cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emulators.shopify.model.fulfillment_orders import (
    Fulfillment,
    FulfillmentLineItem,
    FulfillmentOrder,
    FulfillmentOrderLineItem,
    Tracking,
)
from emulators.shopify.model.orders import Order
from emulators.shopify.rules import stock
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.fulfillment_orders import settle
from emulators.shopify.rules.refusal import refuse

SHIPPABLE = ("OPEN", "IN_PROGRESS", "INCOMPLETE")


@dataclass(frozen=True)
class Share:
    """What of one fulfillment order is shipped: quantities by its line id; without them all that remains."""

    fulfillment_order: FulfillmentOrder
    quantities: Mapping[int, int] | None = None


def create(act: Action, shares: Sequence[Share], tracking: Sequence[Tracking] = ()) -> Fulfillment:
    """One fulfillment for fulfillment orders of one order and one location (``fulfillmentCreate``).

    Shopify's errors have no code here; the texts are those that integrations report.
    """
    field = ("fulfillment",)
    if not shares:
        raise refuse("Line items by fulfillment order can't be blank", field=field)
    first = shares[0].fulfillment_order
    if len({id(share.fulfillment_order) for share in shares}) < len(shares):
        raise refuse("Fulfillment order is given twice.", field=field)
    for share in shares:
        fo = share.fulfillment_order
        if fo.order is not first.order:
            raise refuse("All fulfillment orders must belong to the same order.", field=field)
        if fo.location is not first.location:
            message = "All fulfillment orders must be assigned to the same location."
            raise refuse(message, field=field)
        if not _shippable(fo):
            status = "submitted" if fo.status in SHIPPABLE else fo.status.lower()
            message = f"Fulfillment order {fo.id} has an unfulfillable status= {status}."
            raise refuse(message, field=field)
        lines = {line.id: line for line in fo.line_items}
        for line_id, quantity in (share.quantities or {}).items():
            line = lines.get(line_id)
            if line is None:
                message = f"Fulfillment order line item {line_id} does not exist."
                raise refuse(message, field=field)
            if not 0 < quantity <= line.remaining_quantity:
                message = "Invalid fulfillment order line item quantity requested."
                raise refuse(message, field=field)
    picked = [
        (line, line.remaining_quantity if share.quantities is None else share.quantities[line.id])
        for share in shares
        for line in share.fulfillment_order.line_items
        if share.quantities is None or line.id in share.quantities
    ]
    fulfillment = _ship(act, [share.fulfillment_order for share in shares], picked, tracking)
    _tell_order(act, first.order)
    return fulfillment


def fulfil(
    act: Action,
    order: Order,
    *,
    quantities: Mapping[int, int] | None = None,
    tracking: Tracking | None = None,
) -> list[Fulfillment]:
    """Staff ship pieces by line item id (all that can be without them), a fulfillment for each source.

    What is on hold, scheduled or waits for a service's answer stays where it is.
    """
    if order.cancelled_at is not None:
        raise refuse("A cancelled order can't be fulfilled")
    sources = [fo for fo in order.fulfillment_orders if _shippable(fo)]
    ready = {item.id: 0 for item in order.line_items}
    for line in (line for fo in sources for line in fo.line_items):
        ready[line.line_item.id] += line.remaining_quantity
    for line_id, quantity in (quantities or {}).items():
        if line_id not in ready:
            raise refuse(f"Line item {line_id} is not on the order")
        if not 0 < quantity <= ready[line_id]:
            raise refuse(f"Line item {line_id} has {ready[line_id]} left to fulfil")
    wanted = dict(ready if quantities is None else quantities)
    if not any(wanted.values()):
        raise refuse("Nothing is left to fulfil")
    made = []
    for source in sources:
        picked = []
        for line in source.line_items:
            quantity = min(wanted.get(line.line_item.id, 0), line.remaining_quantity)
            if quantity:
                wanted[line.line_item.id] -= quantity
                picked.append((line, quantity))
        if picked:
            made.append(_ship(act, [source], picked, [tracking] if tracking is not None else []))
    _tell_order(act, order)
    return made


def set_tracking(act: Action, fulfillment: Fulfillment, tracking: Sequence[Tracking]) -> None:
    """Replaces the tracking of a fulfillment (``fulfillmentTrackingInfoUpdate``)."""
    if fulfillment.status != "SUCCESS":
        raise refuse("Fulfillment is cancelled.", field=("fulfillmentId",))
    fulfillment.tracking = list(tracking)
    fulfillment.updated_at = act.now
    act.tell("fulfillments/update", fulfillment)
    act.touch(fulfillment.order)


def cancel(act: Action, fulfillment: Fulfillment) -> None:
    """Cancels a fulfillment: its pieces wait in their fulfillment orders again (assumed: no new ones)."""
    if fulfillment.status != "SUCCESS":
        raise refuse("Fulfillment is already cancelled.", field=("id",))
    fulfillment.status = "CANCELLED"
    fulfillment.updated_at = act.now
    for item in fulfillment.line_items:
        item.fulfillment_order_line_item.remaining_quantity += item.quantity
        stock.commit(act, item.line_item.variant, fulfillment.location, item.quantity)
    for source in fulfillment.fulfillment_orders:
        source.status = "OPEN"
        if source.request_status == "CLOSED":
            source.request_status = "UNSUBMITTED"
        settle(act, source)
    act.tell("fulfillments/update", fulfillment)
    act.touch(fulfillment.order)


def _shippable(fo: FulfillmentOrder) -> bool:
    return fo.status in SHIPPABLE and fo.request_status != "SUBMITTED"


def _ship(
    act: Action,
    sources: Sequence[FulfillmentOrder],
    picked: Sequence[tuple[FulfillmentOrderLineItem, int]],
    tracking: Sequence[Tracking],
) -> Fulfillment:
    order = sources[0].order
    fulfillment = Fulfillment(
        id=act.new_id(),
        name=f"{order.name}-F{len(order.fulfillments) + 1}",
        order=order,
        fulfillment_orders=list(sources),
        location=sources[0].location,
        created_at=act.now,
        updated_at=act.now,
        tracking=list(tracking),
    )
    for line, quantity in picked:
        if quantity == 0:
            continue
        line.remaining_quantity -= quantity
        stock.uncommit(act, line.line_item.variant, fulfillment.location, quantity)
        fulfillment.line_items.append(
            FulfillmentLineItem(
                id=act.new_id(),
                fulfillment=fulfillment,
                line_item=line.line_item,
                quantity=quantity,
                fulfillment_order_line_item=line,
            )
        )
    order.fulfillments.append(fulfillment)
    for source in sources:
        settle(act, source)
    act.tell("fulfillments/create", fulfillment)
    return fulfillment


def _tell_order(act: Action, order: Order) -> None:
    done = order.fulfillment_status == "FULFILLED"
    act.tell("orders/fulfilled" if done else "orders/partially_fulfilled", order)
    act.touch(order)
