"""Products, their variants, and the inventory items behind them."""

from __future__ import annotations

import re
from datetime import datetime
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
ONE_SKU = re.compile(r"""sku:(?:(['"])(?P<quoted>[^'"\\*]+)\1|(?P<plain>[\w.-]+))""")
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
    found = _candidates(context, args.get("query"))
    return connect([variant for variant in found if search.matches(variant)], args)


@query("inventoryItem", scope="read_inventory")
def inventory_item(_: Any, context: Context, args: Args) -> InventoryItem | None:
    return find(context, InventoryItem, args["id"])


@query("inventoryItems", scope="read_inventory")
def inventory_items(_: Any, context: Context, args: Args) -> dict[str, Any]:
    search = searched(context, "inventoryItems", args, ITEM_SEARCH, lambda i: i.variant.sku)
    items = [variant.inventory_item for variant in _candidates(context, args.get("query"))]
    return connect([item for item in items if search.matches(item)], args)


@resolver("Product", "variants")
def variants(product_: Product, _: Context, args: Args) -> dict[str, Any]:
    return connect(product_.variants, args)


@resolver("InventoryItem", "sku")
def sku(item: InventoryItem, _: Context, __: Args) -> str:
    return item.variant.sku


@resolver("InventoryItem", "createdAt")
def item_created_at(item: InventoryItem, _: Context, __: Args) -> datetime:
    return item.variant.product.created_at


@resolver("InventoryItem", "updatedAt")
def item_updated_at(item: InventoryItem, _: Context, __: Args) -> datetime:
    return item.variant.product.updated_at


@resolver("InventoryItem", "requiresShipping")
def requires_shipping(_: InventoryItem, __: Context, ___: Args) -> bool:
    return True


@resolver("InventoryItem", "variants")
def item_variants(item: InventoryItem, _: Context, args: Args) -> dict[str, Any]:
    return connect([item.variant], args)


@resolver("InventoryItem", "duplicateSkuCount")
def duplicate_sku_count(item: InventoryItem, context: Context, _: Args) -> int:
    """How many other items have the same SKU (the schema's words leave open whether it counts itself)."""
    same = context.shop.variants_by_sku[item.variant.sku.casefold()]
    return sum(variant.sku == item.variant.sku for variant in same) - 1


def _candidates(context: Context, query_text: str | None) -> list[Variant]:
    """The variants that a search may find: those of its SKUs where it names nothing else, by id as all of them are."""
    wanted: set[str] = set()
    for part in re.split(r"\s+OR\s+", (query_text or "").strip()):
        one = ONE_SKU.fullmatch(part)
        if one is None:
            return list(context.shop.variants.values())
        wanted.add((one["quoted"] or one["plain"]).casefold())
    by_sku = context.shop.variants_by_sku
    found = {variant.id: variant for sku in wanted for variant in by_sku.get(sku, ())}
    return [found[id_] for id_ in sorted(found)]


def _plain(args: Args, name: str) -> None:
    reject(args, "savedSearchId")
    if args.get("sortKey") not in (None, "ID"):
        raise access_denied(f"{name} sorted by {args['sortKey']}")
