"""Holds: who stops a fulfillment order, in whole or in part, and who lets it go."""

from __future__ import annotations

from collections.abc import Sequence

from emulators.shopify.model.fulfillment_orders import AppRef, FulfillmentHold, FulfillmentOrder
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.fulfillment_orders import (
    LineCodes,
    LineQuantity,
    carve,
    chosen,
    rest_of,
    settle,
)
from emulators.shopify.rules.refusal import refuse

HOLDS_OF_AN_APP = 10
HANDLE_LIMIT = 64
AT = ("fulfillmentHold", "fulfillmentOrderLineItems")
CODES = LineCodes(
    not_positive="GREATER_THAN_ZERO",
    wrong="INVALID_LINE_ITEM_QUANTITY",
    twice="DUPLICATED_FULFILLMENT_ORDER_LINE_ITEMS",
)


def place(
    act: Action,
    fo: FulfillmentOrder,
    *,
    reason: str,
    notes: str | None = None,
    handle: str = "",
    app: AppRef | None = None,
    lines: Sequence[LineQuantity] = (),
) -> tuple[FulfillmentHold, FulfillmentOrder | None]:
    """Puts a fulfillment order on hold; answers the hold and, for part of it, what is not held.

    The held quantities stay in the given fulfillment order, the rest goes to a new one. Assumed: part of
    one that is on hold already can't be held apart, and no handle counts as the empty handle.
    """
    _check_state(fo)
    _check_handle(fo, handle, app)
    picked = chosen(fo, lines, at=AT, codes=CODES)
    rest = rest_of(fo, picked)
    if rest and (fo.holds or fo.unsplittable):
        raise refuse(
            "The fulfillment order is not in a splittable state.",
            code="FULFILLMENT_ORDER_NOT_SPLITTABLE",
            field=("id",),
        )
    remaining = carve(act, fo, rest) if rest else None
    hold = FulfillmentHold(
        id=act.new_id(),
        reason=reason,
        created_at=act.now,
        reason_notes=notes,
        handle=handle or None,
        app=app,
    )
    fo.holds.append(hold)
    settle(act, fo)
    held = [(line, line.remaining_quantity) for line in fo.line_items if line.remaining_quantity]
    act.tell("fulfillment_orders/placed_on_hold", fo, hold=hold, remaining=remaining, held=held)
    act.tell("fulfillment_holds/added", fo, hold=hold)
    act.touch(fo.order)
    return hold, remaining


def release(act: Action, fo: FulfillmentOrder, hold_ids: Sequence[int] | None = None) -> None:
    """Releases these holds; without ids every hold of everybody (an empty list too, to be assumed).

    An id that is no hold of this fulfillment order gives INVALID_ACCESS (assumed: the mutation has only
    two codes).
    """
    wanted = set(hold_ids or ())
    if wanted - {hold.id for hold in fo.holds}:
        raise refuse(
            "The app doesn't have access to release the fulfillment hold.",
            code="INVALID_ACCESS",
            field=("holdIds",),
        )
    released = [hold for hold in fo.holds if not wanted or hold.id in wanted]
    if not released:
        raise refuse("The fulfillment order is not on hold.", field=("id",))
    fo.holds = [hold for hold in fo.holds if hold not in released]
    settle(act, fo)
    for hold in released:
        act.tell("fulfillment_holds/released", fo, hold=hold)
    if not fo.holds:
        act.tell("fulfillment_orders/hold_released", fo)
    act.touch(fo.order)


def _check_state(fo: FulfillmentOrder) -> None:
    if "HOLD" not in fo.supported_actions:
        status = fo.request_status if fo.with_service else fo.status
        message = f"The fulfillment order can't be put on hold while it is {status.lower()}."
        raise refuse(message, field=("id",))


def _check_handle(fo: FulfillmentOrder, handle: str, app: AppRef | None) -> None:
    if len(handle) > HANDLE_LIMIT:
        message = f"Handle is too long (maximum is {HANDLE_LIMIT} characters)"
        raise refuse(message, field=("fulfillmentHold", "handle"))
    if app is None:
        return
    own = [hold for hold in fo.holds if hold.app is not None and hold.app.id == app.id]
    if any((hold.handle or "") == handle for hold in own):
        raise refuse(
            "The handle provided for the fulfillment hold is already in use by this app for another "
            "hold on this fulfillment order.",
            code="DUPLICATE_FULFILLMENT_HOLD_HANDLE",
            field=("fulfillmentHold", "handle"),
        )
    if len(own) >= HOLDS_OF_AN_APP:
        raise refuse(
            "The maximum number of fulfillment holds for this fulfillment order has been reached for "
            "this app. An app can only have up to 10 holds on a single fulfillment order at any one time.",
            code="FULFILLMENT_ORDER_HOLD_LIMIT_REACHED",
            field=("id",),
        )
