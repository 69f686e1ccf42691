"""Staff adds products and changes stock."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from emulators.shopify.control.bodies import BulkProductsBody, InventoryLevelBody, ProductBody
from emulators.shopify.control.problem import Problem, emulator_of, find, read, shop_of
from emulators.shopify.model.catalog import InventoryItem, Location, Variant
from emulators.shopify.model.inventory import QUANTITY_NAMES, InventoryLevel
from emulators.shopify.model.shop import Shop
from emulators.shopify.rules import stock
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.orders import OrderedLine, ensure_location, new_variant


async def create_product(request: Request) -> Response:
    """A product with one variant; for a SKU that exists, only its levels are set."""
    body = await read(request, ProductBody)
    emulator, shop = emulator_of(request), shop_of(request)
    act = emulator.action(shop)
    known = None if body.duplicate else shop.variant(body.sku)
    line = OrderedLine(body.sku, 1, Decimal(body.price), vendor=body.vendor, title=body.title)
    variant = known or new_variant(act, line)
    for name, quantity in body.available.items():
        set_available(act, variant, ensure_location(act, name), quantity)
    if known is None:
        variant.tracked = body.tracked
        variant.bundle = body.bundle
        act.tell("products/create", variant.product)
    emulator.publish(act)
    ids = {
        "product_id": variant.product.gid,
        "variant_id": variant.gid,
        "inventory_item_id": variant.inventory_item.gid,
    }
    return JSONResponse(ids, 201)


async def create_products(request: Request) -> Response:
    """Many products with one variant each; SKUs that exist already are refused."""
    body = await read(request, BulkProductsBody)
    emulator, shop = emulator_of(request), shop_of(request)
    numbers = range(body.start, body.start + body.count)
    skus = [*body.skus, *(f"{body.prefix}{number}" for number in numbers)]
    if not skus:
        raise Problem("Give skus or a count")
    known = [sku for sku in skus if shop.variant(sku) is not None]
    if known or len(set(skus)) < len(skus):
        raise Problem(f"SKUs must be new and different: {known[0] if known else 'one comes twice'}")
    act = emulator.action(shop)
    levels = [(ensure_location(act, name), n) for name, n in body.available.items()]
    items = {}
    for sku in skus:
        line = OrderedLine(sku, 1, body.price, vendor=body.vendor)
        variant = new_variant(act, line)
        for location, quantity in levels:
            set_available(act, variant, location, quantity)
        act.tell("products/create", variant.product)
        items[sku] = variant.inventory_item.gid
    if body.tell:
        emulator.publish(act)
    return JSONResponse({"made": len(items), "inventory_items": items}, 201)


async def set_level(request: Request) -> Response:
    """Staff sets a quantity in the admin, which compares with nothing, or (de)activates a level."""
    body = await read(request, InventoryLevelBody)
    emulator, shop = emulator_of(request), shop_of(request)
    if (body.available is None) == (body.on_hand is None) and body.active is None:
        raise Problem("Give one of available and on_hand, or active")
    item = _item(shop, body)
    act = emulator.action(shop)
    location = ensure_location(act, body.location)
    level = stock.ensure_level(act, item, location)
    if body.active is not None:
        stock.set_active(act, level, body.active)
    for name, wanted in (("available", body.available), ("on_hand", body.on_hand)):
        if wanted is not None:
            stock.change(act, level, {"available": wanted - level.quantity(name)})
    emulator.publish(act)
    return JSONResponse(shown(level))


async def list_levels(request: Request) -> Response:
    """Levels of the SKUs asked for (``?sku=``, repeated), or of the whole shop."""
    shop = shop_of(request)
    asked = request.query_params.getlist("sku")
    found: list[Variant] = list(shop.variants.values())
    if asked:
        found = [v for sku in asked for v in shop.variants_by_sku.get(sku.casefold(), ())]
    levels = [level for v in found for level in v.inventory_item.levels.values()]
    return JSONResponse({"inventory_levels": [shown(level) for level in levels]})


def set_available(act: Action, variant: Variant, location: Location, quantity: int) -> None:
    """The location stocks the item and has so many pieces to sell."""
    level = stock.ensure_level(act, variant.inventory_item, location)
    stock.set_active(act, level, True)
    stock.change(act, level, {"available": quantity - level.quantity("available")})


def shown(level: InventoryLevel) -> dict[str, Any]:
    return {
        "id": level.gid,
        "sku": level.item.variant.sku,
        "inventory_item_id": level.item.gid,
        "location": level.location.name,
        "active": level.is_active,
        "quantities": {name: level.quantity(name) for name in QUANTITY_NAMES},
        "updated_at": level.updated_at.isoformat(),
    }


def _item(shop: Shop, body: InventoryLevelBody) -> InventoryItem:
    if body.inventory_item_id is not None:
        return find(shop, InventoryItem, body.inventory_item_id)
    same = shop.variants_by_sku.get((body.sku or "").casefold(), [])
    if len(same) != 1:
        raise Problem(f"{shop.handle} has {len(same)} items of SKU {body.sku}; name one by its id")
    return same[0].inventory_item
