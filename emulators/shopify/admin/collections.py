"""Collections of products."""

from __future__ import annotations

from typing import Any

from emulators.shopify.admin.lookup import find, searched
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import Args, Context, access_denied, query, reject, resolver
from emulators.shopify.model.catalog import Product
from emulators.shopify.model.metaobjects import Collection

SEARCH = {
    "id": lambda c: c.id,
    "handle": lambda c: c.handle,
    "title": lambda c: c.title,
    "updated_at": lambda c: c.updated_at,
}


@query("collection", scope="read_products")
def collection(_: Any, context: Context, args: Args) -> Collection | None:
    return find(context, Collection, args["id"])


@query("collections", scope="read_products")
def collections(_: Any, context: Context, args: Args) -> dict[str, Any]:
    reject(args, "savedSearchId")
    if args.get("sortKey") not in (None, "ID"):
        raise access_denied(f"collections sorted by {args['sortKey']}")
    search = searched(context, "collections", args, SEARCH, lambda c: c.title)
    return connect([c for c in context.shop.collections.values() if search.matches(c)], args)


@resolver("Collection", "products")
def products(found: Collection, _: Context, args: Args) -> dict[str, Any]:
    """In the order in which they were put in."""
    if args.get("sortKey") not in (None, "COLLECTION_DEFAULT", "MANUAL", "ID"):
        raise access_denied(f"products of a collection sorted by {args['sortKey']}")
    by_id = args.get("sortKey") == "ID"
    return connect(sorted(found.products, key=lambda p: p.id) if by_id else found.products, args)


@resolver("Collection", "productsCount")
def products_count(found: Collection, _: Context, __: Args) -> dict[str, Any]:
    return {"count": len(found.products), "precision": "EXACT"}


@resolver("Collection", "hasProduct")
def has_product(found: Collection, context: Context, args: Args) -> bool:
    return find(context, Product, args["id"]) in found.products
