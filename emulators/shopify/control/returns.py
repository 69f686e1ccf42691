"""Customers and staff act on returns in the Shopify admin, beside the app."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from emulators.shopify.control.bodies import (
    DeclineBody,
    ProcessBody,
    RemoveLineBody,
    ReturnBody,
    ReturnLineBody,
)
from emulators.shopify.control.problem import Problem, emulator_of, find, read, shop_of
from emulators.shopify.model.catalog import Location
from emulators.shopify.model.fulfillment_orders import FulfillmentLineItem
from emulators.shopify.model.orders import Order
from emulators.shopify.model.returns import Return, ReturnLineItem, ReturnReasonDefinition
from emulators.shopify.model.shop import Shop
from emulators.shopify.rules import processing, returns
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.processing import Disposed, MoneyBack, Processed
from emulators.shopify.rules.refunds import Payback, RefundedLine, suggest
from emulators.shopify.rules.returns import ReturnedLine, expected_goods, returnable_quantity


async def create(request: Request) -> Response:
    body = await read(request, ReturnBody)
    emulator, shop = emulator_of(request), shop_of(request)
    order = find(shop, Order, body.order_id)
    lines = [piece for line in body.lines for piece in _returned(shop, order, line, body.open)]
    act = emulator.action(shop)
    make = returns.create if body.open else returns.request
    return_ = make(act, order, lines)
    emulator.publish(act)
    return JSONResponse({"return_id": return_.gid, **shown(return_)}, 201)


async def approve(request: Request) -> Response:
    return_, act = _named(request)
    returns.approve(act, return_)
    return _done(request, act, return_)


async def decline(request: Request) -> Response:
    body = await read(request, DeclineBody)
    return_, act = _named(request)
    returns.decline(act, return_, body.reason, body.note)
    return _done(request, act, return_)


async def close(request: Request) -> Response:
    return_, act = _named(request)
    returns.close(act, return_)
    return _done(request, act, return_)


async def reopen(request: Request) -> Response:
    return_, act = _named(request)
    returns.reopen(act, return_)
    return _done(request, act, return_)


async def cancel(request: Request) -> Response:
    """The customer withdraws a request, or staff cancels an open return."""
    return_, act = _named(request)
    returns.cancel(act, return_, by_customer=True)
    return _done(request, act, return_)


async def remove_line(request: Request) -> Response:
    body = await read(request, RemoveLineBody)
    return_, act = _named(request)
    if body.return_line_item_id is not None:
        line = find(act.shop, ReturnLineItem, body.return_line_item_id)
    else:
        line = _line_of_sku(return_, body.sku)
    returns.remove(act, return_, [(line.id, body.quantity)])
    return _done(request, act, return_)


async def process(request: Request) -> Response:
    """Staff processes goods that came back and, if told to, refunds what Shopify suggests."""
    body = await read(request, ProcessBody)
    return_, act = _named(request)
    lines = []
    for entry in body.lines:
        line = _line_of_sku(return_, entry.sku)
        goods = expected_goods(return_, line)
        disposed: tuple[Disposed, ...] = ()
        if entry.disposition is not None and goods is not None:
            place = _location(act.shop, entry.location)
            disposed = (Disposed(goods, entry.quantity, entry.disposition, place),)
        lines.append(Processed(line, entry.quantity, disposed))
    money = None
    if body.refund:
        pieces = [RefundedLine(p.line.fulfillment_line_item.line_item, p.quantity) for p in lines]
        suggestion = suggest(return_.order, pieces)
        money = MoneyBack(tuple(Payback(s.parent, s.amount) for s in suggestion.transactions))
    processing.process(act, return_, lines, money=money)
    return _done(request, act, return_)


def shown(return_: Return) -> dict[str, Any]:
    """A return and its lines, with what has become of them."""
    return {
        "id": return_.gid,
        "name": return_.name,
        "status": return_.status,
        "lines": [
            {
                "id": line.gid,
                "sku": line.fulfillment_line_item.line_item.sku,
                "quantity": line.quantity,
                "processed": line.processed_quantity,
                "refunded": line.refunded_quantity,
            }
            for line in return_.line_items
        ],
    }


def _named(request: Request) -> tuple[Return, Action]:
    shop = shop_of(request)
    return_ = find(shop, Return, request.path_params["id"])
    return return_, emulator_of(request).action(shop)


def _done(request: Request, act: Action, return_: Return) -> Response:
    emulator_of(request).publish(act)
    return JSONResponse(shown(return_))


def _returned(shop: Shop, order: Order, line: ReturnLineBody, by_staff: bool) -> list[ReturnedLine]:
    """The fulfilled pieces that a line of the body means, over several fulfillments if needed."""
    reason = _reason(shop, line.reason)
    if line.fulfillment_line_item_id is not None:
        item = find(shop, FulfillmentLineItem, line.fulfillment_line_item_id)
        return [_piece(line, item, line.quantity, reason, by_staff)]
    fulfilled = [
        item for f in order.fulfillments for item in f.line_items if item.line_item.sku == line.sku
    ]
    if not fulfilled:
        raise Problem(f"Order {order.name} has no fulfilled line {line.sku}", 409)
    pieces, left = [], line.quantity
    for item in fulfilled:
        quantity = min(left, returnable_quantity(item))
        if quantity:
            pieces.append(_piece(line, item, quantity, reason, by_staff))
            left -= quantity
    if left:
        found = line.quantity - left
        raise Problem(f"Only {found} of {line.sku} on order {order.name} can be returned", 409)
    return pieces


def _piece(
    line: ReturnLineBody,
    item: FulfillmentLineItem,
    quantity: int,
    reason: ReturnReasonDefinition,
    by_staff: bool,
) -> ReturnedLine:
    return ReturnedLine(
        item=item,
        quantity=quantity,
        reason=reason,
        reason_note=(line.note or "") if by_staff else "",
        customer_note=None if by_staff else line.note,
        restocking_fee=line.restocking_fee,
    )


def _reason(shop: Shop, wanted: str) -> ReturnReasonDefinition:
    for definition in shop.return_reasons.values():
        if wanted.lower() == definition.handle or wanted.upper() == definition.reason:
            return definition
    known = ", ".join(d.reason for d in shop.return_reasons.values())
    raise Problem(f"Unknown return reason {wanted}; known: {known}")


def _line_of_sku(return_: Return, sku: str | None) -> ReturnLineItem:
    found = [ln for ln in return_.line_items if ln.fulfillment_line_item.line_item.sku == sku]
    if len(found) != 1:
        raise Problem(f"Return {return_.name} has {len(found)} lines {sku}; name one by its id")
    return found[0]


def _location(shop: Shop, name: str | None) -> Location | None:
    if name is None:
        return None
    found = shop.location_named(name)
    if found is None:
        raise Problem(f"{shop.handle} has no location {name}", 404)
    return found
