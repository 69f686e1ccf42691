"""Fulfillment orders and fulfillments, read."""

from __future__ import annotations

from typing import Any

from emulators.shopify.admin.lookup import find
from emulators.shopify.engine.connections import connect, top
from emulators.shopify.engine.registry import Args, Context, access_denied, query, resolver
from emulators.shopify.engine.search import parse
from emulators.shopify.model.money import Money
from emulators.shopify.model.orders import (
    Fulfillment,
    FulfillmentLineItem,
    FulfillmentOrder,
    FulfillmentOrderLineItem,
    Tracking,
)

FULFILLMENT_ORDER_SCOPES = (
    "read_merchant_managed_fulfillment_orders",
    "read_third_party_fulfillment_orders",
    "read_assigned_fulfillment_orders",
)

SEARCH = {
    "id": lambda fo: fo.id,
    "status": lambda fo: fo.status,
    "updated_at": lambda fo: fo.updated_at,
    "assigned_location_id": lambda fo: fo.location.id,
}

ACTIONS = {
    "OPEN": ["CREATE_FULFILLMENT", "HOLD", "MOVE", "SPLIT"],
    "IN_PROGRESS": ["CREATE_FULFILLMENT"],
}


@query("fulfillmentOrder")
def fulfillment_order(_: Any, context: Context, args: Args) -> FulfillmentOrder | None:
    _check_scope(context)
    return find(context, FulfillmentOrder, args["id"])


@query("fulfillmentOrders")
def fulfillment_orders(_: Any, context: Context, args: Args) -> dict[str, Any]:
    _check_scope(context)
    search = parse(args.get("query"), SEARCH)
    found = [
        fo
        for order in context.shop.orders.values()
        for fo in order.fulfillment_orders
        if (fo.status != "CLOSED" or args.get("includeClosed")) and search.matches(fo)
    ]
    by_update = args.get("sortKey") == "UPDATED_AT"
    found.sort(key=lambda fo: (fo.updated_at.timestamp() if by_update else 0, fo.id))
    return connect(found, args)


@query("fulfillment", scope="read_fulfillments")
def fulfillment(_: Any, context: Context, args: Args) -> Fulfillment | None:
    return find(context, Fulfillment, args["id"])


@resolver("FulfillmentOrder", "orderId")
def order_id(fo: FulfillmentOrder, _: Context, __: Args) -> str:
    return fo.order.gid


@resolver("FulfillmentOrder", "orderName")
def order_name(fo: FulfillmentOrder, _: Context, __: Args) -> str:
    return fo.order.name


@resolver("FulfillmentOrder", "assignedLocation")
def assigned_location(fo: FulfillmentOrder, _: Context, __: Args) -> dict[str, Any]:
    place = fo.location
    return {"name": place.name, "location": place, "countryCode": place.country_code}


@resolver("FulfillmentOrder", "supportedActions")
def supported_actions(fo: FulfillmentOrder, _: Context, __: Args) -> list[dict[str, Any]]:
    return [{"action": action, "externalUrl": None} for action in ACTIONS.get(fo.status, [])]


@resolver("FulfillmentOrder", "fulfillmentHolds")
def holds(_: FulfillmentOrder, __: Context, ___: Args) -> list[Any]:
    return []


@resolver("FulfillmentOrder", "deliveryMethod")
@resolver("FulfillmentOrder", "fulfillAt")
@resolver("FulfillmentOrder", "fulfillBy")
@resolver("Fulfillment", "estimatedDeliveryAt")
@resolver("Fulfillment", "deliveredAt")
@resolver("Fulfillment", "inTransitAt")
def unknown(_: Any, __: Context, ___: Args) -> None:
    """Not set on orders of the emulator."""


@resolver("FulfillmentOrder", "lineItems")
def lines(fo: FulfillmentOrder, _: Context, args: Args) -> dict[str, Any]:
    return connect(fo.line_items, args)


@resolver("FulfillmentOrder", "fulfillments")
def fulfillments(fo: FulfillmentOrder, _: Context, args: Args) -> dict[str, Any]:
    made = [f for f in fo.order.fulfillments if f.fulfillment_order is fo]
    return connect(made, args)


@resolver("FulfillmentOrderLineItem", "sku")
def sku(line: FulfillmentOrderLineItem, _: Context, __: Args) -> str:
    return line.line_item.sku


@resolver("FulfillmentOrderLineItem", "vendor")
def vendor(line: FulfillmentOrderLineItem, _: Context, __: Args) -> str:
    return line.line_item.vendor


@resolver("FulfillmentOrderLineItem", "productTitle")
def product_title(line: FulfillmentOrderLineItem, _: Context, __: Args) -> str:
    return line.line_item.title


@resolver("FulfillmentOrderLineItem", "variantTitle")
def variant_title(line: FulfillmentOrderLineItem, _: Context, __: Args) -> str | None:
    return line.line_item.variant_title


@resolver("FulfillmentOrderLineItem", "variant")
def variant(line: FulfillmentOrderLineItem, _: Context, __: Args) -> Any:
    return line.line_item.variant


@resolver("FulfillmentOrderLineItem", "inventoryItemId")
def inventory_item_id(line: FulfillmentOrderLineItem, _: Context, __: Args) -> str:
    return f"gid://shopify/InventoryItem/{line.line_item.variant.inventory_item_id}"


@resolver("FulfillmentOrderLineItem", "requiresShipping")
@resolver("Fulfillment", "requiresShipping")
def requires_shipping(_: Any, __: Context, ___: Args) -> bool:
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
def display_status(_: Fulfillment, __: Context, ___: Args) -> str:
    return "FULFILLED"


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
    return connect([fulfillment_.fulfillment_order], args)


@resolver("FulfillmentLineItem", "discountedTotalSet")
def discounted_total(item: FulfillmentLineItem, _: Context, __: Args) -> Money:
    return Money(item.line_item.price_of(item.quantity), item.line_item.currency)


@resolver("FulfillmentLineItem", "originalTotalSet")
def original_total(item: FulfillmentLineItem, _: Context, __: Args) -> Money:
    return Money(item.line_item.unit_price * item.quantity, item.line_item.currency)


def _check_scope(context: Context) -> None:
    if not context.scopes.intersection(FULFILLMENT_ORDER_SCOPES):
        raise access_denied("fulfillmentOrders", FULFILLMENT_ORDER_SCOPES[0])
