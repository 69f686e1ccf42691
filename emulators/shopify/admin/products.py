"""Products, their variants, and the inventory items behind them."""

from __future__ import annotations

from typing import Any

from emulators.shopify.admin.lookup import find, searched
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import Args, Context, access_denied, query, reject, resolver
from emulators.shopify.model.catalog import InventoryItem, Product, Variant

PRODUCT_SEARCH = {
    "id": lambda p: p.id,
    "title": lambda p: p.title,
    "vendor": lambda p: p.vendor,
    "sku": lambda p: [v.sku for v in p.variants],
    "created_at": lambda p: p.created_at,
    "updated_at": lambda p: p.updated_at,
}
VARIANT_SEARCH = {
    "id": lambda v: v.id,
    "sku": lambda v: v.sku,
    "product_id": lambda v: v.product.id,
    "title": lambda v: v.title,
    "vendor": lambda v: v.product.vendor,
}
ITEM_SEARCH = {
    "id": lambda i: i.id,
    "sku": lambda i: i.variant.sku,
    "created_at": lambda i: i.variant.product.created_at,
    "updated_at": lambda i: i.variant.product.updated_at,
}


@query("products", scope="read_products")
def products(_: Any, context: Context, args: Args) -> dict[str, Any]:
    _plain(args, "products")
    search = searched(context, "products", args, PRODUCT_SEARCH, lambda p: p.title)
    return connect([p for p in context.shop.products.values() if search.matches(p)], args)


@query("product", scope="read_products")
def product(_: Any, context: Context, args: Args) -> Product | None:
    return find(context, Product, args["id"])


@query("productVariants", scope="read_products")
def product_variants(_: Any, context: Context, args: Args) -> dict[str, Any]:
    _plain(args, "productVariants")
    search = searched(context, "productVariants", args, VARIANT_SEARCH, lambda v: v.sku)
    return connect([v for v in _variants(context) if search.matches(v)], args)


@query("inventoryItem", scope="read_inventory")
def inventory_item(_: Any, context: Context, args: Args) -> InventoryItem | None:
    return find(context, InventoryItem, args["id"])


@query("inventoryItems", scope="read_inventory")
def inventory_items(_: Any, context: Context, args: Args) -> dict[str, Any]:
    search = searched(context, "inventoryItems", args, ITEM_SEARCH, lambda i: i.variant.sku)
    items = [v.inventory_item for v in _variants(context)]
    return connect([item for item in items if search.matches(item)], args)


@resolver("Product", "variants")
def variants(product_: Product, _: Context, args: Args) -> dict[str, Any]:
    return connect(product_.variants, args)


@resolver("InventoryItem", "sku")
def sku(item: InventoryItem, _: Context, __: Args) -> str:
    return item.variant.sku


@resolver("InventoryItem", "requiresShipping")
def requires_shipping(_: InventoryItem, __: Context, ___: Args) -> bool:
    return True


@resolver("InventoryItem", "variants")
def item_variants(item: InventoryItem, _: Context, args: Args) -> dict[str, Any]:
    return connect([item.variant], args)


@resolver("InventoryItem", "duplicateSkuCount")
def duplicate_sku_count(item: InventoryItem, context: Context, _: Args) -> int:
    """How many other items have the same SKU (the schema's words leave open whether it counts itself)."""
    same = sum(v.sku == item.variant.sku for v in _variants(context))
    return same - 1


def _variants(context: Context) -> list[Variant]:
    return [v for p in context.shop.products.values() for v in p.variants]


def _plain(args: Args, name: str) -> None:
    reject(args, "savedSearchId")
    if args.get("sortKey") not in (None, "ID"):
        raise access_denied(f"{name} sorted by {args['sortKey']}")
