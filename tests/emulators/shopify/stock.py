"""What the tests of stock ask and do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver

SET = """mutation S($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id createdAt reason referenceDocumentUri app { id }
      changes { name delta quantityAfterChange item { id } location { id } } }
    userErrors { code field message } } }"""
ADJUST = """mutation A($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { changes(quantityNames: ["on_hand"]) { name delta } }
    userErrors { code field message } } }"""
ACTIVATE = """mutation V($item: ID!, $location: ID!, $available: Int, $onHand: Int, $key: String!) {
  inventoryActivate(inventoryItemId: $item, locationId: $location, available: $available,
                    onHand: $onHand) @idempotent(key: $key) {
    inventoryLevel { id isActive quantities(names: ["available"]) { quantity } }
    userErrors { field message } } }"""
LEVELS = """query L($ids: [ID!]!) { nodes(ids: $ids) { ... on InventoryLevel {
  id isActive updatedAt quantities(names: ["available", "on_hand", "committed", "incoming"]) {
    name quantity updatedAt } } } }"""
OF_ITEM = """query I($id: ID!, $location: ID!, $all: Boolean) { inventoryItem(id: $id) {
  id sku tracked duplicateSkuCount createdAt locationsCount { count }
  inventoryLevel(locationId: $location, includeInactive: $all) { id isActive canDeactivate
    item { sku } location { id name } quantities(names: ["available"]) { id name quantity } }
  inventoryLevels(first: 10, includeInactive: $all) { nodes { id location { name } } } } }"""


async def made(shop: Driver, sku: str = "LAMP", **available: int) -> tuple[str, str]:
    """A product with stock; ids of its inventory item and of the first location it is stocked at."""
    body = {"sku": sku, "available": available or {"East": 5}}
    item = (await shop.control("/shops/acme/products", body))["inventory_item_id"]
    name = next(iter(available or {"East": 5}))
    return str(item), await location(shop, name)


async def location(shop: Driver, name: str) -> str:
    state = (await shop.control("/state", verb="GET"))["shops"]["acme"]
    (found,) = [place["id"] for place in state["locations"] if place["name"] == name]
    return str(found)


def entry(item: str, place: str, quantity: int, expected: int | None = None) -> dict[str, Any]:
    return {
        "inventoryItemId": item,
        "locationId": place,
        "quantity": quantity,
        "changeFromQuantity": expected,
    }


async def put(
    shop: Driver, *entries: dict[str, Any], key: str = "k", **more: Any
) -> dict[str, Any]:
    given = {"name": "available", "reason": "correction", "quantities": list(entries), **more}
    return await shop.mutate(SET, input=given, key=key)


async def levels(shop: Driver, sku: str = "LAMP") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        await shop.control(f"/shops/acme/inventory-levels?sku={sku}", verb="GET")
    )["inventory_levels"]
    return found


async def quantities(shop: Driver, sku: str = "LAMP", place: str = "East") -> tuple[int, int, int]:
    """Available, committed, on hand."""
    (level,) = [level for level in await levels(shop, sku) if level["location"] == place]
    held = level["quantities"]
    return held["available"], held["committed"], held["on_hand"]
