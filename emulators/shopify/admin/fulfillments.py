"""Fulfillments: read, made, tracked, cancelled."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

from emulators.shopify.admin.fulfillment_order_mutations import ASSIGNED, MANAGED, line_quantities
from emulators.shopify.admin.lookup import find
from emulators.shopify.engine.connections import connect, top
from emulators.shopify.engine.registry import (
    Args,
    Context,
    access_denied,
    mutation,
    query,
    reject,
    resolver,
)
from emulators.shopify.model.fulfillment_orders import (
    Fulfillment,
    FulfillmentLineItem,
    FulfillmentOrder,
    Tracking,
)
from emulators.shopify.model.money import Money
from emulators.shopify.rules import fulfillments
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.fulfillments import Share
from emulators.shopify.rules.refusal import refuse


@query("fulfillment", scope="read_fulfillments")
def fulfillment(_: Any, context: Context, args: Args) -> Fulfillment | None:
    return find(context, Fulfillment, args["id"])


@resolver("Fulfillment", "estimatedDeliveryAt")
@resolver("Fulfillment", "deliveredAt")
@resolver("Fulfillment", "inTransitAt")
def unknown(_: Fulfillment, __: Context, ___: Args) -> None:
    """Carriers say nothing here."""


@resolver("Fulfillment", "requiresShipping")
def requires_shipping(_: Fulfillment, __: Context, ___: Args) -> bool:
    return True


@resolver("Fulfillment", "service")
def service(fulfillment_: Fulfillment, _: Context, __: Args) -> Any:
    """The location's service, or Shopify's manual one where the merchant ships."""
    owner = fulfillment_.location.fulfillment_service
    if owner is not None:
        return owner
    return {
        "id": "gid://shopify/FulfillmentService/manual",
        "handle": "manual",
        "serviceName": "Manual",
        "type": "MANUAL",
        "location": None,
    }


@resolver("Fulfillment", "displayStatus")
def display_status(fulfillment_: Fulfillment, _: Context, __: Args) -> str:
    return "CANCELED" if fulfillment_.status == "CANCELLED" else "FULFILLED"


@resolver("Fulfillment", "totalQuantity")
def total_quantity(fulfillment_: Fulfillment, _: Context, __: Args) -> int:
    return sum(item.quantity for item in fulfillment_.line_items)


@resolver("Fulfillment", "trackingInfo")
def tracking_info(fulfillment_: Fulfillment, _: Context, args: Args) -> list[Tracking]:
    return top(fulfillment_.tracking, args)


@resolver("Fulfillment", "fulfillmentLineItems")
def fulfillment_lines(fulfillment_: Fulfillment, _: Context, args: Args) -> dict[str, Any]:
    return connect(fulfillment_.line_items, args)


@resolver("Fulfillment", "fulfillmentOrders")
def sources(fulfillment_: Fulfillment, _: Context, args: Args) -> dict[str, Any]:
    return connect(fulfillment_.fulfillment_orders, args)


@resolver("FulfillmentLineItem", "discountedTotalSet")
def discounted_total(item: FulfillmentLineItem, _: Context, __: Args) -> Money:
    return Money(item.line_item.price_of(item.quantity), item.line_item.currency)


@resolver("FulfillmentLineItem", "originalTotalSet")
def original_total(item: FulfillmentLineItem, _: Context, __: Args) -> Money:
    return Money(item.line_item.unit_price * item.quantity, item.line_item.currency)


@mutation("fulfillmentCreate")
def create(act: Action, context: Context, args: Args) -> dict[str, Any]:
    _check_scope(context, "fulfillmentCreate")
    given = args["fulfillment"]
    reject(given, "originAddress")
    shares = []
    for entry in given["lineItemsByFulfillmentOrder"]:
        fo = find(context, FulfillmentOrder, entry["fulfillmentOrderId"])
        if fo is None:
            raise refuse("Fulfillment order does not exist.", field=("fulfillment",))
        lines = line_quantities(entry.get("fulfillmentOrderLineItems"))
        quantities = {line.line_id: line.quantity for line in lines}
        if len(quantities) < len(lines):
            raise refuse("Fulfillment order line item is given twice.", field=("fulfillment",))
        shares.append(Share(fo, quantities or None))
    tracking = _tracking(given.get("trackingInfo"), ("fulfillment", "trackingInfo"))
    return {"fulfillment": fulfillments.create(act, shares, tracking)}


@mutation("fulfillmentTrackingInfoUpdate")
def update_tracking(act: Action, context: Context, args: Args) -> dict[str, Any]:
    _check_scope(context, "fulfillmentTrackingInfoUpdate")
    found = _fulfillment(context, args["fulfillmentId"], ("fulfillmentId",))
    tracking = _tracking(args["trackingInfoInput"], ("trackingInfoInput",))
    fulfillments.set_tracking(act, found, tracking)
    return {"fulfillment": found}


@mutation("fulfillmentCancel")
def cancel(act: Action, context: Context, args: Args) -> dict[str, Any]:
    _check_scope(context, "fulfillmentCancel")
    found = _fulfillment(context, args["id"], ("id",))
    fulfillments.cancel(act, found)
    return {"fulfillment": found}


def _fulfillment(context: Context, gid: str, field: tuple[str, ...]) -> Fulfillment:
    found = find(context, Fulfillment, gid)
    if found is None:
        raise refuse("Fulfillment does not exist.", field=field)
    return found


def _tracking(given: dict[str, Any] | None, at: tuple[str, ...]) -> list[Tracking]:
    """A FulfillmentTrackingInput: ``number`` and ``url``, or ``numbers`` and ``urls``, not both."""
    if not given:
        return []
    several = given.get("numbers") or given.get("urls")
    if several and (given.get("number") or given.get("url")):
        message = "Tracking numbers can't be given one by one and as a list."
        raise refuse(message, field=at)
    numbers = given.get("numbers") or ([given["number"]] if given.get("number") else [])
    urls = given.get("urls") or ([given["url"]] if given.get("url") else [])
    pairs = zip_longest(numbers, urls)
    found = [Tracking(given.get("company"), number, url) for number, url in pairs]
    return found or ([Tracking(given["company"])] if given.get("company") else [])


def _check_scope(context: Context, name: str) -> None:
    if not context.scopes.intersection((*MANAGED, *ASSIGNED)):
        raise access_denied(name, ASSIGNED[0])
