"""Shipping: fulfillment orders become fulfillments."""

from __future__ import annotations

from collections.abc import Mapping

from emulators.shopify.model.orders import (
    Fulfillment,
    FulfillmentLineItem,
    FulfillmentOrder,
    Order,
    Tracking,
)
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import refuse


def fulfil(
    act: Action,
    order: Order,
    *,
    quantities: Mapping[int, int] | None = None,
    tracking: Tracking | None = None,
) -> list[Fulfillment]:
    """Ships pieces by line item id (all that remains without them); one fulfillment a location."""
    if order.cancelled_at is not None:
        raise refuse("A cancelled order can't be fulfilled")
    wanted = {item.id: item.unfulfilled_quantity for item in order.line_items}
    if quantities is not None:
        for line_id, quantity in quantities.items():
            if line_id not in wanted:
                raise refuse(f"Line item {line_id} is not on the order")
            if not 0 < quantity <= wanted[line_id]:
                raise refuse(f"Line item {line_id} has {wanted[line_id]} left to fulfil")
        wanted = dict(quantities)
    if not any(wanted.values()):
        raise refuse("Nothing is left to fulfil")
    made = []
    for fulfillment_order in order.fulfillment_orders:
        fulfillment = _ship(act, fulfillment_order, wanted, tracking)
        if fulfillment is not None:
            made.append(fulfillment)
    done = order.fulfillment_status == "FULFILLED"
    act.tell("orders/fulfilled" if done else "orders/partially_fulfilled", order)
    act.touch(order)
    return made


def _ship(
    act: Action, source: FulfillmentOrder, wanted: dict[int, int], tracking: Tracking | None
) -> Fulfillment | None:
    order = source.order
    fulfillment = Fulfillment(
        id=0,
        name=f"{order.name}-F{len(order.fulfillments) + 1}",
        order=order,
        fulfillment_order=source,
        location=source.location,
        created_at=act.now,
        updated_at=act.now,
        tracking=[tracking] if tracking is not None else [],
    )
    for line in source.line_items:
        quantity = min(wanted.get(line.line_item.id, 0), line.remaining_quantity)
        if quantity == 0:
            continue
        wanted[line.line_item.id] -= quantity
        line.remaining_quantity -= quantity
        fulfillment.line_items.append(
            FulfillmentLineItem(
                id=act.new_id(),
                fulfillment=fulfillment,
                line_item=line.line_item,
                quantity=quantity,
            )
        )
    if not fulfillment.line_items:
        return None
    fulfillment.id = act.new_id()
    left = any(line.remaining_quantity for line in source.line_items)
    source.status = "IN_PROGRESS" if left else "CLOSED"
    source.updated_at = act.now
    order.fulfillments.append(fulfillment)
    act.tell("fulfillments/create", fulfillment)
    return fulfillment
