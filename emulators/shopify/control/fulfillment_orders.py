"""Staff, other apps and fulfillment services act on fulfillment orders."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from emulators.shopify.control.bodies import (
    HoldBody,
    MergeBody,
    MessageBody,
    MoveBody,
    OrderHoldBody,
    PieceBody,
    ReleaseBody,
    RequestBody,
    SplitBody,
    UnsplittableBody,
)
from emulators.shopify.control.problem import Problem, emulator_of, find, read, shop_of
from emulators.shopify.emulator import Emulator
from emulators.shopify.model.fulfillment_orders import AppRef, FulfillmentHold, FulfillmentOrder
from emulators.shopify.model.orders import Order
from emulators.shopify.rules import fulfillment_requests, holds, rearranging
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.fulfillment_orders import LineQuantity
from emulators.shopify.rules.orders import ensure_location
from emulators.shopify.rules.rearranging import Intent

R = TypeVar("R")


async def hold(request: Request) -> Response:
    body = await read(request, HoldBody)
    fo = _named(request)
    placed, remaining = _do(request, lambda act: _place(act, request, fo, body))
    return JSONResponse({"hold_id": placed.gid, **shown(fo), "remaining": _maybe(remaining)}, 201)


async def place_holds(request: Request) -> Response:
    """Holds the fulfillment order that the body names, or all of an order's that can be held."""
    body = await read(request, OrderHoldBody)
    shop = shop_of(request)
    if (body.order_id is None) == (body.fulfillment_order_id is None):
        raise Problem("Give either order_id or fulfillment_order_id")
    if body.fulfillment_order_id is not None:
        wanted = [find(shop, FulfillmentOrder, body.fulfillment_order_id)]
    else:
        assert body.order_id is not None
        order = find(shop, Order, body.order_id)
        wanted = [fo for fo in order.fulfillment_orders if _concerns(fo, body.lines)]
        if not wanted:
            raise Problem(f"Order {order.name} has nothing to hold", 409)

    def place(act: Action) -> list[tuple[FulfillmentHold, FulfillmentOrder | None]]:
        return [_place(act, request, fo, body) for fo in wanted]

    made = _do(request, place)
    placed = [
        {"hold_id": hold_.gid, **shown(fo), "remaining": _maybe(remaining)}
        for fo, (hold_, remaining) in zip(wanted, made, strict=True)
    ]
    return JSONResponse({"holds": placed}, 201)


async def release(request: Request) -> Response:
    body = await read(request, ReleaseBody)
    fo = _named(request)
    ids = [find(shop_of(request), FulfillmentHold, given).id for given in body.hold_ids]
    _do(request, lambda act: holds.release(act, fo, ids))
    return JSONResponse(shown(fo))


async def move(request: Request) -> Response:
    body = await read(request, MoveBody)
    fo = _named(request)
    lines = _lines(fo, body.lines)
    done = _do(
        request,
        lambda act: rearranging.move(act, fo, ensure_location(act, body.location), lines),
    )
    return JSONResponse({**shown(fo), "moved": shown(done.moved)})


async def split(request: Request) -> Response:
    body = await read(request, SplitBody)
    fo = _named(request)
    intent = Intent(fo, _lines(fo, body.lines))
    ((_, new),) = _do(request, lambda act: rearranging.split(act, [intent]))
    return JSONResponse({**shown(fo), "remaining": shown(new)})


async def merge(request: Request) -> Response:
    body = await read(request, MergeBody)
    fo = _named(request)
    others = [find(shop_of(request), FulfillmentOrder, i) for i in body.fulfillment_order_ids]
    intents = [Intent(one) for one in (fo, *others)]
    _do(request, lambda act: rearranging.merge(act, intents))
    return JSONResponse(shown(fo))


async def submit(request: Request) -> Response:
    body = await read(request, RequestBody)
    fo = _named(request)
    lines = _lines(fo, body.lines)
    rest = _do(
        request,
        lambda act: fulfillment_requests.submit(act, fo, message=body.message, lines=lines),
    )
    return JSONResponse({**shown(fo), "unsubmitted": _maybe(rest)})


async def accept(request: Request) -> Response:
    return await _answered(request, fulfillment_requests.accept)


async def reject_request(request: Request) -> Response:
    return await _answered(request, fulfillment_requests.reject)


async def fail_to_complete(request: Request) -> Response:
    return await _answered(request, fulfillment_requests.fail)


async def reject_cancellation(request: Request) -> Response:
    """The service goes on; where nobody has asked to cancel yet, the merchant asks first."""

    def reject(act: Action, fo: FulfillmentOrder, message: str | None) -> None:
        if fo.request_status == "ACCEPTED":
            fulfillment_requests.request_cancellation(act, fo)
        fulfillment_requests.reject_cancellation(act, fo, message)

    return await _answered(request, reject)


async def unsplittable(request: Request) -> Response:
    """Marks a fulfillment order whose lines can't be held apart; nothing at Shopify does this."""
    body = await read(request, UnsplittableBody)
    fo = _named(request)
    fo.unsplittable = body.unsplittable
    return JSONResponse(shown(fo))


def shown(fo: FulfillmentOrder) -> dict[str, Any]:
    return {
        "id": fo.gid,
        "order_id": fo.order.gid,
        "status": fo.status,
        "request_status": fo.request_status,
        "location": fo.location.name,
        "unsplittable": fo.unsplittable,
        "holds": [
            {
                "id": hold_.gid,
                "reason": hold_.reason,
                "handle": hold_.handle,
                "by": hold_.app.title if hold_.app is not None else "merchant",
            }
            for hold_ in fo.holds
        ],
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


def _maybe(fo: FulfillmentOrder | None) -> dict[str, Any] | None:
    return None if fo is None else shown(fo)


def _named(request: Request) -> FulfillmentOrder:
    return find(shop_of(request), FulfillmentOrder, request.path_params["id"])


def _do(request: Request, turn: Callable[[Action], R]) -> R:
    """Runs one action and tells the subscriptions what it did."""
    emulator = emulator_of(request)
    act = emulator.action(shop_of(request))
    result = turn(act)
    emulator.publish(act)
    return result


async def _answered(
    request: Request, answer: Callable[[Action, FulfillmentOrder, str | None], None]
) -> Response:
    body = await read(request, MessageBody)
    fo = _named(request)
    _do(request, lambda act: answer(act, fo, body.message))
    return JSONResponse(shown(fo))


def _place(
    act: Action, request: Request, fo: FulfillmentOrder, body: HoldBody
) -> tuple[FulfillmentHold, FulfillmentOrder | None]:
    lines = _lines(fo, [piece for piece in body.lines if _has(fo, piece)])
    if body.lines and not lines:
        raise Problem(f"Fulfillment order {fo.id} has none of the lines")
    app = _app(emulator_of(request), body.by)
    return holds.place(
        act, fo, reason=body.reason, notes=body.notes, handle=body.handle, app=app, lines=lines
    )


def _app(emulator: Emulator, by: str) -> AppRef | None:
    if by == "merchant":
        return None
    if by == "app":
        options = emulator.options
        return AppRef(options.app_id, options.app_title, requesting=True)
    return AppRef(zlib.crc32(by.encode()), by)


def _concerns(fo: FulfillmentOrder, pieces: Sequence[PieceBody]) -> bool:
    wanted = not pieces or any(_has(fo, piece) for piece in pieces)
    return "HOLD" in fo.supported_actions and wanted


def _has(fo: FulfillmentOrder, piece: PieceBody) -> bool:
    return bool(_matching(fo, piece))


def _matching(fo: FulfillmentOrder, piece: PieceBody) -> list[int]:
    """Ids of the fulfillment order's lines that a piece may mean."""

    def same(given: int | str | None, number: int) -> bool:
        return given is not None and str(given).rpartition("/")[2] == str(number)

    return [
        line.id
        for line in fo.line_items
        if same(piece.id, line.id)
        or same(piece.line_item_id, line.line_item.id)
        or (piece.sku is not None and piece.sku == line.line_item.sku)
    ]


def _lines(fo: FulfillmentOrder, pieces: Sequence[PieceBody]) -> list[LineQuantity]:
    lines = []
    for piece in pieces:
        found = _matching(fo, piece)
        if len(found) != 1:
            wanted = piece.id or piece.line_item_id or piece.sku
            raise Problem(f"Fulfillment order {fo.id} has {len(found)} lines {wanted}")
        lines.append(LineQuantity(found[0], piece.quantity))
    return lines
