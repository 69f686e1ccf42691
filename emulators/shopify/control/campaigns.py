"""Staff keeps collections, metaobjects and files."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from emulators.shopify.control.bodies import (
    CollectionBody,
    CollectionProductsBody,
    FileBody,
    MetaobjectBody,
)
from emulators.shopify.control.problem import Problem, emulator_of, find, read, shop_of
from emulators.shopify.model.catalog import Product
from emulators.shopify.model.metaobjects import (
    Collection,
    GenericFile,
    Metaobject,
    MetaobjectDefinition,
)
from emulators.shopify.model.shop import Shop
from emulators.shopify.rules import metaobjects
from emulators.shopify.storage import StoredFile


async def create_collection(request: Request) -> Response:
    body = await read(request, CollectionBody)
    emulator, shop = emulator_of(request), shop_of(request)
    act = emulator.action(shop)
    made = Collection(
        id=act.new_id(),
        title=body.title,
        handle=body.handle or body.title.lower().replace(" ", "-"),
        updated_at=act.now,
        products=_products(shop, body.skus),
    )
    shop.collections[made.id] = made
    act.tell("collections/create", made)
    emulator.publish(act)
    return JSONResponse({"collection_id": made.gid, "products": len(made.products)}, 201)


async def change_collection(request: Request) -> Response:
    """Products in and out; both are told as one update."""
    body = await read(request, CollectionProductsBody)
    emulator, shop = emulator_of(request), shop_of(request)
    found = find(shop, Collection, request.path_params["id"])
    out = _products(shop, body.remove)
    kept = [product for product in found.products if product not in out]
    new = [product for product in _products(shop, body.add) if product not in kept]
    act = emulator.action(shop)
    found.products = kept + new
    found.updated_at = act.now
    act.tell("collections/update", found)
    emulator.publish(act)
    return JSONResponse({"collection_id": found.gid, "products": len(found.products)})


async def write_metaobject(request: Request) -> Response:
    """Makes or changes the metaobject of a type and handle, as staff may where the type lets them."""
    body = await read(request, MetaobjectBody)
    emulator, shop = emulator_of(request), shop_of(request)
    own = emulator.options.app_namespace
    kind = body.type.replace("$app:", f"{own}--", 1) if body.type.startswith("$app:") else body.type
    definition = _definition(shop, kind)
    if definition.admin_access not in ("MERCHANT_READ_WRITE", "PUBLIC_READ_WRITE"):
        raise Problem(f"Staff may not write metaobjects of type {kind}", 409)
    act = emulator.action(shop)
    known = metaobjects.by_handle(act, definition, body.handle)
    values = list(body.fields.items())
    if known is None:
        known = metaobjects.create(act, definition, values, handle=body.handle, status=body.status)
    else:
        metaobjects.update(act, known, values, status=body.status)
    emulator.publish(act)
    return JSONResponse(shown(known))


async def delete_metaobject(request: Request) -> Response:
    emulator, shop = emulator_of(request), shop_of(request)
    known = find(shop, Metaobject, request.path_params["id"])
    act = emulator.action(shop)
    metaobjects.delete(act, known)
    emulator.publish(act)
    return JSONResponse({"deleted": known.gid})


async def create_file(request: Request) -> Response:
    """A file that staff uploaded in the admin."""
    body = await read(request, FileBody)
    emulator, shop = emulator_of(request), shop_of(request)
    act = emulator.action(shop)
    content = body.content.encode()
    made = GenericFile(
        id=act.new_id(),
        filename=body.filename,
        stored=emulator.storage.add(StoredFile(body.filename, body.mime_type, content)),
        mime_type=body.mime_type,
        size=len(content),
        created_at=act.now,
        updated_at=act.now,
    )
    shop.files[made.id] = made
    return JSONResponse({"file_id": made.gid}, 201)


def shown(known: Metaobject) -> dict[str, Any]:
    return {
        "metaobject_id": known.gid,
        "type": known.type,
        "handle": known.handle,
        "display_name": known.display_name,
        "status": known.status if known.definition.publishable else None,
        "fields": known.texts,
    }


def _products(shop: Shop, skus: list[str]) -> list[Product]:
    """The products of some SKUs, each once; raises Problem for a SKU that the shop does not have."""
    found: dict[int, Product] = {}
    for sku in skus:
        variant = shop.variant(sku)
        if variant is None:
            raise Problem(f"{shop.handle} has no SKU {sku}")
        found[variant.product.id] = variant.product
    return list(found.values())


def _definition(shop: Shop, kind: str) -> MetaobjectDefinition:
    for known in shop.metaobject_definitions.values():
        if known.type == kind:
            return known
    raise Problem(f"{shop.handle} has no metaobject definition of type {kind}", 404)
