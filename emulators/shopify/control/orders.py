"""Customers and staff act on orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from emulators.shopify.control.bodies import (
    CancelBody,
    EditBody,
    FulfillBody,
    LeftLine,
    LineRef,
    OrderBody,
    OrderLineBody,
    RiskBody,
)
from emulators.shopify.control.problem import Problem, emulator_of, find, read, shop_of
from emulators.shopify.model.fulfillment_orders import Tracking
from emulators.shopify.model.orders import Address, LineItem, Order
from emulators.shopify.rules import fulfillments, orders
from emulators.shopify.rules.orders import OrderedLine


async def create(request: Request) -> Response:
    body = await read(request, OrderBody)
    emulator, shop = emulator_of(request), shop_of(request)
    for line in body.lines:
        if line.discount > line.price * line.quantity:
            raise Problem(f"The discount of {line.sku} is more than the line costs")
        shares = list((line.locations or {}).values())
        if shares and (sum(shares) != line.quantity or min(shares) < 1):
            raise Problem(f"The locations of {line.sku} do not add up to its quantity")
    act = emulator.action(shop)
    order = orders.place_order(
        act,
        [_ordered(line) for line in body.lines],
        tags=body.tags,
        shipping=body.shipping,
        paid=body.paid,
        note=body.note,
        created_at=body.placed_at,
        number_of_orders=body.number_of_orders,
        ship_to=Address(**body.ship_to.model_dump()) if body.ship_to is not None else None,
        fulfill_at=body.fulfill_at,
    )
    emulator.publish(act)
    if body.fulfill:
        act = emulator.action(shop)
        fulfillments.fulfil(act, order)
        emulator.publish(act)
    return JSONResponse(shown(order), 201)


async def fulfill(request: Request) -> Response:
    body = await read(request, FulfillBody)
    emulator, shop = emulator_of(request), shop_of(request)
    order = find(shop, Order, request.path_params["id"])
    quantities: dict[int, int] | None = None
    if body.lines is not None:
        quantities = {line_of(order, ref).id: ref.quantity for ref in body.lines}
    tracking = Tracking(**body.tracking.model_dump()) if body.tracking is not None else None
    act = emulator.action(shop)
    fulfillments.fulfil(act, order, quantities=quantities, tracking=tracking)
    emulator.publish(act)
    return JSONResponse(shown(order))


async def cancel(request: Request) -> Response:
    body = await read(request, CancelBody)
    emulator, shop = emulator_of(request), shop_of(request)
    order = find(shop, Order, request.path_params["id"])
    act = emulator.action(shop)
    orders.cancel(act, order, body.reason)
    emulator.publish(act)
    return JSONResponse(shown(order))


async def edit(request: Request) -> Response:
    body = await read(request, EditBody)
    emulator, shop = emulator_of(request), shop_of(request)
    order = find(shop, Order, request.path_params["id"])
    act = emulator.action(shop)
    left = {line_of(order, ref).id: ref.quantity for ref in body.lines}
    orders.edit(act, order, quantities=left, add=[_ordered(line) for line in body.add])
    emulator.publish(act)
    return JSONResponse(shown(order))


async def risk(request: Request) -> Response:
    body = await read(request, RiskBody)
    emulator, shop = emulator_of(request), shop_of(request)
    order = find(shop, Order, request.path_params["id"])
    act = emulator.action(shop)
    orders.assess(act, order, body.recommendation)
    emulator.publish(act)
    return JSONResponse({"order_id": order.gid, "recommendation": order.risk})


async def pay(request: Request) -> Response:
    emulator, shop = emulator_of(request), shop_of(request)
    order = find(shop, Order, request.path_params["id"])
    act = emulator.action(shop)
    if orders.pay(act, order) is None:
        raise Problem("Nothing is outstanding", 409)
    emulator.publish(act)
    return JSONResponse(shown(order))


def line_of(order: Order, ref: LineRef | LeftLine) -> LineItem:
    """The line that a reference means; an error where it means none or several."""
    if ref.line_item_id is not None:
        number = str(ref.line_item_id).rpartition("/")[2]
        found = [line for line in order.line_items if str(line.id) == number]
    else:
        found = [line for line in order.line_items if line.sku == ref.sku]
    if len(found) != 1:
        wanted = ref.line_item_id if ref.line_item_id is not None else ref.sku
        raise Problem(f"Order {order.name} has {len(found)} lines {wanted}; name one by its id")
    return found[0]


def shown(order: Order) -> dict[str, Any]:
    """Ids of the order and its parts."""
    return {
        "order_id": order.gid,
        "name": order.name,
        "line_items": [_line(item) for item in order.line_items],
        "fulfillment_orders": [
            {
                "id": fo.gid,
                "status": fo.status,
                "location": fo.location.name,
                "line_items": [
                    {
                        "id": line.gid,
                        "line_item_id": line.line_item.gid,
                        "sku": line.line_item.sku,
                        "total_quantity": line.total_quantity,
                        "remaining_quantity": line.remaining_quantity,
                    }
                    for line in fo.line_items
                ],
            }
            for fo in order.fulfillment_orders
        ],
        "fulfillments": [
            {
                "id": f.gid,
                "name": f.name,
                "line_items": [
                    {
                        "id": i.gid,
                        "line_item_id": i.line_item.gid,
                        "sku": i.line_item.sku,
                        "quantity": i.quantity,
                    }
                    for i in f.line_items
                ],
            }
            for f in order.fulfillments
        ],
        "transactions": _transactions(order),
    }


def _line(item: LineItem) -> dict[str, Any]:
    return {"id": item.gid, "sku": item.sku, "quantity": item.quantity}


def _transactions(order: Order) -> Sequence[dict[str, Any]]:
    return [{"id": t.gid, "kind": t.kind, "amount": str(t.amount)} for t in order.transactions]


def _ordered(line: OrderLineBody) -> OrderedLine:
    return OrderedLine(
        sku=line.sku,
        quantity=line.quantity,
        price=line.price,
        vendor=line.vendor,
        title=line.title,
        location=line.location,
        locations=line.locations,
        discount=line.discount,
        tax_rate=line.tax_rate,
    )
