"""Inventory transfers and shipments: planned, shipped, tracked, cancelled."""

from __future__ import annotations

from typing import Any

from emulators.shopify.admin.lookup import find, moment_of, searched
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import (
    Args,
    Context,
    access_denied,
    mutation,
    query,
    reject,
    resolver,
)
from emulators.shopify.model.catalog import InventoryItem, Location
from emulators.shopify.model.transfers import (
    InventoryShipment,
    InventoryTransfer,
    ShipmentTracking,
)
from emulators.shopify.rules import transfers
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import refuse
from emulators.shopify.rules.transfers import ItemQuantity, Plan

READ_TRANSFERS, WRITE_TRANSFERS = "read_inventory_transfers", "write_inventory_transfers"
READ_SHIPMENTS, WRITE_SHIPMENTS = "read_inventory_shipments", "write_inventory_shipments"

SEARCH = {
    "id": lambda t: t.id,
    "created_at": lambda t: t.date_created,
    "status": lambda t: t.status,
    "origin_id": lambda t: t.origin.id if t.origin is not None else None,
    "destination_id": lambda t: t.destination.id if t.destination is not None else None,
    "tag": lambda t: t.tags,
}
"""Shopify has no search by ``referenceName`` (its list of filters for `inventoryTransfers`)."""

SORT = {
    "ID": lambda t: t.id,
    "NAME": lambda t: t.name,
    "CREATED_AT": lambda t: t.date_created,
    "STATUS": lambda t: t.status,
}


@query("inventoryTransfer", scope=READ_TRANSFERS)
def inventory_transfer(_: Any, context: Context, args: Args) -> InventoryTransfer | None:
    return find(context, InventoryTransfer, args["id"])


@query("inventoryTransfers", scope=READ_TRANSFERS)
def inventory_transfers(_: Any, context: Context, args: Args) -> dict[str, Any]:
    reject(args, "savedSearchId")
    search = searched(context, "inventoryTransfers", args, SEARCH, lambda t: t.name)
    key = SORT.get(args.get("sortKey", "ID"))
    if key is None:
        raise access_denied(f"inventoryTransfers sorted by {args['sortKey']}")
    found = [t for t in context.shop.transfers.values() if search.matches(t)]
    found.sort(key=lambda t: (key(t), t.id))
    return connect(found, args)


@query("inventoryShipment", scope=READ_SHIPMENTS)
def inventory_shipment(_: Any, context: Context, args: Args) -> InventoryShipment | None:
    return find(context, InventoryShipment, args["id"])


@resolver("InventoryTransfer", "origin")
def origin(transfer: InventoryTransfer, _: Context, __: Args) -> dict[str, Any] | None:
    return _snapshot(transfer, transfer.origin)


@resolver("InventoryTransfer", "destination")
def destination(transfer: InventoryTransfer, _: Context, __: Args) -> dict[str, Any] | None:
    return _snapshot(transfer, transfer.destination)


@resolver("InventoryTransfer", "lineItems")
@resolver("InventoryShipment", "lineItems")
def lines(source: InventoryTransfer | InventoryShipment, _: Context, args: Args) -> dict[str, Any]:
    reject(args, "query")
    return connect(source.line_items, args)


@resolver("InventoryTransfer", "shipments")
def shipments(transfer: InventoryTransfer, context: Context, args: Args) -> dict[str, Any]:
    if READ_SHIPMENTS not in context.scopes:
        raise access_denied("shipments", READ_SHIPMENTS)
    return connect(transfer.shipments, args)


@resolver("InventoryTransfer", "receivedQuantity")
@resolver("InventoryShipment", "totalReceivedQuantity")
@resolver("InventoryShipment", "totalAcceptedQuantity")
@resolver("InventoryShipment", "totalRejectedQuantity")
@resolver("InventoryShipmentLineItem", "acceptedQuantity")
@resolver("InventoryShipmentLineItem", "rejectedQuantity")
def nothing_received(_: Any, __: Context, ___: Args) -> int:
    return 0


@mutation("inventoryTransferCreate", scope=WRITE_TRANSFERS, idempotent=True)
def create(act: Action, context: Context, args: Args) -> dict[str, Any]:
    return {"inventoryTransfer": transfers.create(act, _plan(context, args["input"]))}


@mutation("inventoryTransferCreateAsReadyToShip", scope=WRITE_TRANSFERS, idempotent=True)
def create_ready(act: Action, context: Context, args: Args) -> dict[str, Any]:
    made = transfers.create(act, _plan(context, args["input"]), ready=True)
    return {"inventoryTransfer": made}


@mutation("inventoryTransferMarkAsReadyToShip", scope=WRITE_TRANSFERS)
def mark_ready(act: Action, context: Context, args: Args) -> dict[str, Any]:
    transfer = _transfer(context, args["id"])
    transfers.mark_ready(act, transfer)
    return {"inventoryTransfer": transfer}


@mutation("inventoryTransferCancel", scope=WRITE_TRANSFERS)
def cancel(act: Action, context: Context, args: Args) -> dict[str, Any]:
    transfer = _transfer(context, args["id"])
    transfers.cancel(act, transfer)
    return {"inventoryTransfer": transfer}


@mutation("inventoryShipmentCreate", scope=WRITE_SHIPMENTS, idempotent=True)
def ship(act: Action, context: Context, args: Args) -> dict[str, Any]:
    return _ship(act, context, args["input"], in_transit=False)


@mutation("inventoryShipmentCreateInTransit", scope=WRITE_SHIPMENTS, idempotent=True)
def ship_in_transit(act: Action, context: Context, args: Args) -> dict[str, Any]:
    return _ship(act, context, args["input"], in_transit=True)


@mutation("inventoryShipmentMarkInTransit", scope=WRITE_SHIPMENTS)
def mark_in_transit(act: Action, context: Context, args: Args) -> dict[str, Any]:
    shipment = _shipment(context, args["id"])
    shipped = args.get("dateShipped")
    transfers.send(act, shipment, moment_of(shipped) if shipped is not None else None)
    return {"inventoryShipment": shipment}


@mutation("inventoryShipmentSetTracking", scope=WRITE_SHIPMENTS)
def set_tracking(act: Action, context: Context, args: Args) -> dict[str, Any]:
    shipment = _shipment(context, args["id"])
    transfers.set_tracking(act, shipment, _tracking(args["tracking"]))
    return {"inventoryShipment": shipment}


@mutation("inventoryShipmentDelete", scope=WRITE_SHIPMENTS)
def delete(act: Action, context: Context, args: Args) -> dict[str, Any]:
    shipment = _shipment(context, args["id"])
    transfers.delete(act, shipment)
    return {"id": shipment.gid}


def _ship(
    act: Action, context: Context, given: dict[str, Any], *, in_transit: bool
) -> dict[str, Any]:
    reject(given, "barcode")
    transfer = _transfer(context, given["movementId"], ("input", "movementId"))
    tracking, created = given.get("trackingInput"), given.get("dateCreated")
    shipment = transfers.ship(
        act,
        transfer,
        _items(context, given["lineItems"]),
        tracking=_tracking(tracking) if tracking else None,
        date_created=moment_of(created) if created is not None else None,
        in_transit=in_transit,
    )
    return {"inventoryShipment": shipment}


def _plan(context: Context, given: dict[str, Any]) -> Plan:
    reject(given, "metafields")
    created = given.get("dateCreated")
    return Plan(
        lines=_items(context, given.get("lineItems") or []),
        origin=_location(context, given, "originLocationId"),
        destination=_location(context, given, "destinationLocationId"),
        date_created=moment_of(created) if created is not None else None,
        note=given.get("note"),
        reference_name=given.get("referenceName"),
        tags=[tag.strip() for tag in given.get("tags") or [] if tag.strip()],
    )


def _items(context: Context, given: list[dict[str, Any]]) -> list[ItemQuantity]:
    return [
        ItemQuantity(find(context, InventoryItem, entry["inventoryItemId"]), entry["quantity"])
        for entry in given
    ]


def _location(context: Context, given: dict[str, Any], name: str) -> Location | None:
    if given.get(name) is None:
        return None
    found = find(context, Location, given[name])
    if found is None:
        message = "The location was not found."
        raise refuse(message, code="LOCATION_NOT_FOUND", field=("input", name))
    return found


def _tracking(given: dict[str, Any]) -> ShipmentTracking:
    arrives = given.get("arrivesAt")
    return ShipmentTracking(
        arrives_at=moment_of(arrives) if arrives is not None else None,
        company=given.get("company"),
        tracking_number=given.get("trackingNumber"),
        tracking_url=given.get("trackingUrl"),
    )


def _snapshot(transfer: InventoryTransfer, place: Location | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {"name": place.name, "location": place, "snapshottedAt": transfer.date_created}


def _transfer(context: Context, gid: str, field: tuple[str, ...] = ("id",)) -> InventoryTransfer:
    found = find(context, InventoryTransfer, gid)
    if found is None:
        raise refuse("The transfer was not found.", code="TRANSFER_NOT_FOUND", field=field)
    return found


def _shipment(context: Context, gid: str) -> InventoryShipment:
    found = find(context, InventoryShipment, gid)
    if found is None:
        raise refuse("The shipment was not found.", code="SHIPMENT_NOT_FOUND", field=("id",))
    return found
