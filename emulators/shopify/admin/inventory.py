"""Inventory levels, read and written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from emulators.shopify.admin.lookup import find
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import (
    Args,
    Context,
    bad_request,
    mutation,
    query,
    reject,
    resolver,
)
from emulators.shopify.engine.search import parse
from emulators.shopify.model.catalog import InventoryItem, Location
from emulators.shopify.model.inventory import (
    ON_HAND,
    QUANTITY_NAMES,
    InventoryAdjustmentGroup,
    InventoryChange,
    InventoryLevel,
)
from emulators.shopify.rules import inventory
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.inventory import Entry, Write
from emulators.shopify.rules.refusal import refuse

READ, WRITE = "read_inventory", "write_inventory"
INPUT_LIMIT = 250
SEARCH = {
    "id": lambda level: level.id,
    "created_at": lambda level: level.created_at,
    "inventory_item_id": lambda level: level.item.id,
    "inventory_group_id": lambda level: level.id,
    "updated_at": lambda level: level.updated_at,
}
DISPLAY_NAMES = {
    "available": "Available",
    "committed": "Committed",
    "damaged": "Damaged",
    "incoming": "Incoming",
    "on_hand": "On hand",
    "quality_control": "Quality control",
    "reserved": "Reserved",
    "safety_stock": "Safety stock",
}


@query("inventoryLevel", scope=READ)
def inventory_level(_: Any, context: Context, args: Args) -> InventoryLevel | None:
    return find(context, InventoryLevel, args["id"])


@query("inventoryProperties", scope=READ)
def inventory_properties(_: Any, __: Context, ___: Args) -> dict[str, Any]:
    names = [
        {
            "name": name,
            "displayName": DISPLAY_NAMES[name],
            "isInUse": True,
            "belongsTo": ["on_hand"] if name in ON_HAND else [],
            "comprises": list(ON_HAND) if name == "on_hand" else [],
        }
        for name in sorted(QUANTITY_NAMES)
    ]
    return {"quantityNames": names}


@resolver("InventoryItem", "inventoryLevel")
def level_at(item: InventoryItem, context: Context, args: Args) -> InventoryLevel | None:
    location = find(context, Location, args["locationId"])
    level = item.levels.get(location.id) if location is not None else None
    if level is None or not (level.is_active or args.get("includeInactive")):
        return None
    return level


@resolver("InventoryItem", "inventoryLevels")
def levels(item: InventoryItem, _: Context, args: Args) -> dict[str, Any]:
    search = parse(args.get("query"), SEARCH)
    inactive = args.get("includeInactive")
    found = [lvl for lvl in item.levels.values() if lvl.is_active or inactive]
    return connect([level for level in found if search.matches(level)], args)


@resolver("InventoryItem", "locationsCount")
def locations_count(item: InventoryItem, _: Context, __: Args) -> dict[str, Any]:
    count = sum(level.is_active for level in item.levels.values())
    return {"count": count, "precision": "EXACT"}


@resolver("InventoryLevel", "quantities")
def quantities(level: InventoryLevel, _: Context, args: Args) -> list[dict[str, Any]]:
    """In the order asked for; raises the error of the request for a name that does not exist."""
    unknown = [name for name in args["names"] if name not in QUANTITY_NAMES]
    if unknown:
        raise bad_request(f"Invalid quantity name '{unknown[0]}'", "INVALID")
    return [_quantity(level, name) for name in args["names"]]


@resolver("InventoryLevel", "canDeactivate")
def can_deactivate(level: InventoryLevel, _: Context, __: Args) -> bool:
    return level.is_active and not level.quantity("committed")


@mutation("inventorySetQuantities", scope=WRITE, idempotent=True)
def set_quantities(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["input"]
    entries = _entries(context, given["quantities"], "InventoryQuantityInput", "quantity")
    group = inventory.set_quantities(act, _write(given, "quantities"), entries)
    return {"inventoryAdjustmentGroup": group}


@mutation("inventoryAdjustQuantities", scope=WRITE, idempotent=True)
def adjust_quantities(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["input"]
    entries = _entries(context, given["changes"], "InventoryChangeInput", "delta")
    group = inventory.adjust_quantities(act, _write(given, "changes"), entries)
    return {"inventoryAdjustmentGroup": group}


@mutation("inventoryActivate", scope=WRITE, idempotent=True)
def activate(act: Action, context: Context, args: Args) -> dict[str, Any]:
    reject(args, *(["stockAtLegacyLocation"] if args.get("stockAtLegacyLocation") else []))
    item = find(context, InventoryItem, args["inventoryItemId"])
    if item is None:
        raise refuse("The product couldn't be stocked because it wasn't found.")
    location = find(context, Location, args["locationId"])
    if location is None:
        raise refuse("The location couldn't be found.", field=("locationId",))
    level = inventory.activate(
        act, item, location, available=args.get("available"), on_hand=args.get("onHand")
    )
    return {"inventoryLevel": level}


@resolver("InventoryAdjustmentGroup", "changes")
def changes(group: InventoryAdjustmentGroup, _: Context, args: Args) -> list[InventoryChange]:
    def asked(name: str, value: str) -> bool:
        return args.get(name) is None or value in args[name]

    return [
        change
        for change in group.entries
        if asked("inventoryItemIds", change.item.gid)
        and asked("locationIds", change.location.gid)
        and asked("quantityNames", change.name)
    ]


@resolver("InventoryAdjustmentGroup", "app")
def adjusting_app(_: InventoryAdjustmentGroup, context: Context, __: Args) -> dict[str, Any]:
    options = context.emulator.options
    gid = f"gid://shopify/App/{options.app_id}"
    return {"__typename": "App", "id": gid, "title": options.app_title}


def _quantity(level: InventoryLevel, name: str) -> dict[str, Any]:
    changed: datetime | None = level.changed_at.get(name)
    number = f"{level.id}?inventory_item_id={level.item.id}&name={name}"
    return {
        "__typename": "InventoryQuantity",
        "id": f"gid://shopify/InventoryQuantity/{number}",
        "name": name,
        "quantity": level.quantity(name),
        "updatedAt": changed,
    }


def _write(given: dict[str, Any], at: str) -> Write:
    uri = given.get("referenceDocumentUri")
    return Write(given["name"], given["reason"], at, reference_document_uri=uri)


def _entries(
    context: Context, given: list[dict[str, Any]], input_type: str, amount: str
) -> list[Entry]:
    """Raises the errors of the request: too many entries, or one that does not say what it replaces."""
    if len(given) > INPUT_LIMIT:
        raise bad_request(
            f"The input array size of {len(given)} is greater than the maximum allowed of {INPUT_LIMIT}.",
            "MAX_INPUT_SIZE_EXCEEDED",
        )
    if any("changeFromQuantity" not in entry for entry in given):
        # The schema says "returns an error"; its form is assumed.
        raise bad_request(
            f"{input_type} must include the following argument: changeFromQuantity.",
        )
    return [
        Entry(
            item=find(context, InventoryItem, entry["inventoryItemId"]),
            location=find(context, Location, entry["locationId"]),
            amount=entry[amount],
            expected=entry["changeFromQuantity"],
            ledger_document_uri=entry.get("ledgerDocumentUri"),
        )
        for entry in given
    ]
