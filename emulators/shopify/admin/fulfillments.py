"""Fulfillments, read."""

from __future__ import annotations

from typing import Any

from emulators.shopify.admin.lookup import find
from emulators.shopify.engine.connections import connect, top
from emulators.shopify.engine.registry import Args, Context, query, resolver
from emulators.shopify.model.fulfillment_orders import Fulfillment, FulfillmentLineItem, Tracking
from emulators.shopify.model.money import Money


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
