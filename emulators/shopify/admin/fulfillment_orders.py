"""Fulfillment orders and their holds, read."""

from __future__ import annotations

from typing import Any

from emulators.shopify.admin.lookup import find, searched
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import Args, Context, access_denied, query, resolver
from emulators.shopify.model.fulfillment_orders import (
    FulfillmentHold,
    FulfillmentOrder,
    FulfillmentOrderLineItem,
)
from emulators.shopify.model.money import Money

READ_SCOPES = (
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


@query("fulfillmentOrder")
def fulfillment_order(_: Any, context: Context, args: Args) -> FulfillmentOrder | None:
    _check_scope(context)
    return find(context, FulfillmentOrder, args["id"])


@query("fulfillmentOrders")
def fulfillment_orders(_: Any, context: Context, args: Args) -> dict[str, Any]:
    """Without ``includeClosed`` those that have ended in any way are left out (assumed for the other ways)."""
    _check_scope(context)
    search = searched(context, "fulfillmentOrders", args, SEARCH)
    found = [
        fo
        for order in context.shop.orders.values()
        for fo in order.fulfillment_orders
        if (not fo.ended or args.get("includeClosed")) and search.matches(fo)
    ]
    by_update = args.get("sortKey") == "UPDATED_AT"
    found.sort(key=lambda fo: (fo.updated_at.timestamp() if by_update else 0, fo.id))
    return connect(found, args)


@resolver("FulfillmentOrder", "orderId")
def order_id(fo: FulfillmentOrder, _: Context, __: Args) -> str:
    return fo.order.gid


@resolver("FulfillmentOrder", "orderName")
def order_name(fo: FulfillmentOrder, _: Context, __: Args) -> str:
    return fo.order.name


@resolver("FulfillmentOrder", "orderProcessedAt")
def order_processed_at(fo: FulfillmentOrder, _: Context, __: Args) -> Any:
    return fo.order.created_at


@resolver("FulfillmentOrder", "assignedLocation")
def assigned_location(fo: FulfillmentOrder, _: Context, __: Args) -> dict[str, Any]:
    place = fo.location
    return {"name": place.name, "location": place, "countryCode": place.country_code}


@resolver("FulfillmentOrder", "supportedActions")
def supported_actions(fo: FulfillmentOrder, _: Context, __: Args) -> list[dict[str, Any]]:
    return [{"action": action, "externalUrl": None} for action in fo.supported_actions]


@resolver("FulfillmentOrder", "fulfillmentHolds")
def holds(fo: FulfillmentOrder, _: Context, __: Args) -> list[FulfillmentHold]:
    return list(fo.holds)


@resolver("FulfillmentOrder", "deliveryMethod")
def delivery_method(_: FulfillmentOrder, __: Context, ___: Args) -> None:
    """Orders of the emulator have no delivery method."""


@resolver("FulfillmentOrder", "lineItems")
def lines(fo: FulfillmentOrder, _: Context, args: Args) -> dict[str, Any]:
    return connect(fo.line_items, args)


@resolver("FulfillmentOrder", "fulfillments")
def fulfillments(fo: FulfillmentOrder, _: Context, args: Args) -> dict[str, Any]:
    return connect([f for f in fo.order.fulfillments if fo in f.fulfillment_orders], args)


@resolver("FulfillmentOrder", "fulfillmentOrdersForMerge")
def for_merge(fo: FulfillmentOrder, _: Context, args: Args) -> dict[str, Any]:
    return connect([o for o in fo.order.fulfillment_orders if fo.mergeable_with(o)], args)


@resolver("FulfillmentHold", "heldByApp")
def held_by_app(hold: FulfillmentHold, _: Context, __: Args) -> dict[str, Any] | None:
    if hold.app is None:
        return None
    return {"__typename": "App", "id": hold.app.gid, "title": hold.app.title}


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


@resolver("FulfillmentOrderLineItem", "originalUnitPriceSet")
def original_unit_price(line: FulfillmentOrderLineItem, _: Context, __: Args) -> Money:
    return Money(line.line_item.unit_price, line.line_item.currency)


@resolver("FulfillmentOrderLineItem", "requiresShipping")
def requires_shipping(_: FulfillmentOrderLineItem, __: Context, ___: Args) -> bool:
    return True


def _check_scope(context: Context) -> None:
    if not context.scopes.intersection(READ_SCOPES):
        raise access_denied("fulfillmentOrders", READ_SCOPES[0])
