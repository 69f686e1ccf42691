"""Fulfillment orders moved to another location, split and merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from emulators.shopify.model.catalog import Location
from emulators.shopify.model.fulfillment_orders import FulfillmentOrder, FulfillmentOrderLineItem
from emulators.shopify.rules import stock
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.fulfillment_orders import (
    LineCodes,
    LineQuantity,
    carve,
    chosen,
    pour,
    rest_of,
    settle,
)
from emulators.shopify.rules.refusal import refuse

CODES = LineCodes(not_positive="GREATER_THAN", wrong="INVALID_LINE_ITEM_QUANTITY")
SPLIT_AT = "fulfillmentOrderSplits"
MERGE_AT = "fulfillmentOrderMergeInputs"


@dataclass(frozen=True)
class Moved:
    """``moved`` is at the new location, ``original`` is what was given, ``remaining`` what stays behind."""

    moved: FulfillmentOrder
    original: FulfillmentOrder
    remaining: FulfillmentOrder | None


@dataclass(frozen=True)
class Intent:
    """What of one fulfillment order is split off or merged; without lines all that remains."""

    fulfillment_order: FulfillmentOrder
    lines: Sequence[LineQuantity] = ()


def move(
    act: Action, fo: FulfillmentOrder, location: Location, lines: Sequence[LineQuantity] = ()
) -> Moved:
    """Assigns another location to what remains, or to part of it (``fulfillmentOrderMove``).

    Where all of it moves and nothing was shipped, it stays the same fulfillment order. That one on hold
    can't be moved is read off Shopify's supported actions.
    """
    _check_move(fo, location)
    picked = chosen(fo, lines, at=("fulfillmentOrderLineItems",), codes=LineCodes())
    chosen_lines = [line for line in fo.line_items if line.id in picked]
    for line in chosen_lines:
        if not stock.stocked_at(line.line_item.variant, location):
            message = f"The new location does not stock {line.line_item.sku}."
            raise refuse(message, field=("newLocationId",))
    requested = [(line, picked[line.id]) for line in chosen_lines]
    source = fo.location
    for line, quantity in requested:
        stock.give(act, line.line_item.variant, source, quantity)
        stock.take(act, line.line_item.variant, location, quantity)
    rest = rest_of(fo, picked)
    moved = carve(act, fo, picked) if rest or fo.partly_shipped else fo
    moved.location = location
    moved.request_status = "UNSUBMITTED"
    settle(act, moved)
    act.tell(
        "fulfillment_orders/moved", moved, original=fo, source=source, requested=_copied(requested)
    )
    act.touch(fo.order)
    return Moved(moved, fo, fo if rest else None)


def split(
    act: Action, intents: Sequence[Intent]
) -> list[tuple[FulfillmentOrder, FulfillmentOrder]]:
    """Moves lines into new fulfillment orders; answers each original with its new one.

    Shopify replaces an original that can't be split in its state; the emulator refuses there instead.
    """
    plans: list[tuple[FulfillmentOrder, dict[int, int]]] = []
    for index, intent in enumerate(intents):
        at = (SPLIT_AT, str(index))
        fo = intent.fulfillment_order
        if any(fo is other for other, _ in plans):
            message = "The fulfillment order is given twice."
            raise refuse(message, field=(*at, "fulfillmentOrderId"))
        if not intent.lines:
            raise refuse(
                "No line items provided to split.",
                code="NO_LINE_ITEMS_PROVIDED_TO_SPLIT",
                field=(*at, "fulfillmentOrderLineItems"),
            )
        if "SPLIT" not in fo.supported_actions:
            message = f"The fulfillment order can't be split while it is {fo.status.lower()}."
            raise refuse(message, field=(*at, "fulfillmentOrderId"))
        where = (*at, "fulfillmentOrderLineItems")
        picked = chosen(fo, intent.lines, at=where, codes=CODES)
        if not rest_of(fo, picked):
            message = "The fulfillment order line item quantity is invalid."
            raise refuse(message, code="INVALID_LINE_ITEM_QUANTITY", field=where)
        plans.append((fo, picked))
    made = []
    for fo, picked in plans:
        lines = _copied([(line, picked[line.id]) for line in fo.line_items if line.id in picked])
        new = carve(act, fo, picked)
        act.tell("fulfillment_orders/split", fo, remaining=new, lines=lines)
        act.touch(fo.order)
        made.append((fo, new))
    return made


def merge(act: Action, intents: Sequence[Intent], *, index: int = 0) -> FulfillmentOrder:
    """Brings fulfillment orders of one order and location together in the first of them (assumed)."""
    at = (MERGE_AT, str(index), "mergeIntents")
    if len(intents) < 2:
        raise refuse("At least two fulfillment orders are needed to merge.", field=at)
    target = intents[0].fulfillment_order
    plans: list[tuple[FulfillmentOrder, dict[int, int]]] = []
    for place, intent in enumerate(intents):
        fo = intent.fulfillment_order
        if any(fo is other for other, _ in plans):
            message = "The fulfillment order is given twice."
            raise refuse(message, field=(*at, str(place), "fulfillmentOrderId"))
        if fo is not target and not target.mergeable_with(fo):
            message = "The fulfillment orders can't be merged."
            raise refuse(message, field=(*at, str(place), "fulfillmentOrderId"))
        where = (*at, str(place), "fulfillmentOrderLineItems")
        plans.append((fo, chosen(fo, intent.lines, at=where, codes=CODES)))
    told = [
        (fo, _copied([(line, picked[line.id]) for line in fo.line_items if line.id in picked]))
        for fo, picked in plans
    ]
    for fo, picked in plans[1:]:
        pour(act, fo, target, picked)
    act.tell("fulfillment_orders/merged", target, intents=told)
    act.touch(target.order)
    return target


def _check_move(fo: FulfillmentOrder, location: Location) -> None:
    if fo.progress_reported:
        raise refuse(
            "Cannot move a fulfillment order that has had progress reported.",
            code="CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS",
            field=("id",),
        )
    if fo.with_service:
        status = fo.request_status.lower()
        message = f"Cannot change the location while the request status is {status}."
        raise refuse(message, field=("id",))
    if "MOVE" not in fo.supported_actions:
        message = f"The fulfillment order can't be moved while it is {fo.status.lower()}."
        raise refuse(message, field=("id",))
    if fo.location is location:
        message = "The fulfillment order is assigned to this location already."
        raise refuse(message, field=("newLocationId",))
    if not location.is_active:
        raise refuse("The new location is not active.", field=("newLocationId",))


def _copied(
    lines: Sequence[tuple[FulfillmentOrderLineItem, int]],
) -> list[tuple[str, int]]:
    """GIDs and quantities as they are before lines are moved."""
    return [(line.gid, quantity) for line, quantity in lines]
