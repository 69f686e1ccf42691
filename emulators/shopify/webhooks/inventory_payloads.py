"""Webhooks of inventory: levels with numbers, transfers and shipments with GIDs and the schema's statuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from emulators.shopify.model.catalog import Location
from emulators.shopify.model.inventory import InventoryLevel
from emulators.shopify.model.transfers import (
    InventoryShipment,
    InventoryTransfer,
    ShipmentTracking,
)
from emulators.shopify.rules.action import Event

Payload = dict[str, Any]


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _place(location: Location | None) -> Payload | None:
    return None if location is None else {"id": location.gid}


def _transfer(event: Event) -> Payload:
    transfer = event.resource
    assert isinstance(transfer, InventoryTransfer)
    return {
        "id": transfer.gid,
        "happened_at": _moment(event.at),
        "origin": _place(transfer.origin),
        "destination": _place(transfer.destination),
        "status": transfer.status,
    }


def _ready_to_ship(event: Event) -> Payload:
    transfer = event.resource
    assert isinstance(transfer, InventoryTransfer)
    lines = [{"id": line.gid, "quantity": line.total_quantity} for line in transfer.line_items]
    return _transfer(event) | {"line_items": lines}


def _shipment(event: Event) -> InventoryShipment:
    assert isinstance(event.resource, InventoryShipment)
    return event.resource


def _tracking(tracking: ShipmentTracking | None) -> Payload | None:
    if tracking is None:
        return None
    return {
        "arrives_at": _moment(tracking.arrives_at),
        "tracking_number": tracking.tracking_number,
        "tracking_url": tracking.tracking_url,
        "company": tracking.company,
    }


def _created(event: Event) -> Payload:
    shipment = _shipment(event)
    return {
        "id": shipment.gid,
        "status": shipment.status,
        "happened_at": _moment(event.at),
        "tracking": _tracking(shipment.tracking),
        "line_items": [{"id": ln.gid, "quantity": ln.quantity} for ln in shipment.line_items],
    }


def _in_transit(event: Event) -> Payload:
    shipment = _shipment(event)
    return {"id": shipment.gid, "status": shipment.status, "happened_at": _moment(event.at)}


def _tracked(event: Event) -> Payload:
    shipment = _shipment(event)
    return {
        "shipment_id": shipment.gid,
        "updated_tracking": _tracking(shipment.tracking),
        "happened_at": _moment(event.at),
    }


def _deleted(event: Event) -> Payload:
    return {"id": _shipment(event).gid, "happened_at": _moment(event.at)}


def _level(event: Event) -> Payload:
    level = event.resource
    assert isinstance(level, InventoryLevel)
    return {
        "inventory_item_id": level.item.id,
        "location_id": level.location.id,
        "available": level.quantity("available"),
        "updated_at": _moment(level.updated_at),
        "admin_graphql_api_id": level.gid,
    }


def _disconnected(event: Event) -> Payload:
    level = event.resource
    assert isinstance(level, InventoryLevel)
    return {"inventory_item_id": level.item.id, "location_id": level.location.id}


INVENTORY_LEVELS: dict[str, Callable[[Event], Payload]] = {
    "connect": _level,
    "update": _level,
    "disconnect": _disconnected,
}
INVENTORY_TRANSFERS: dict[str, Callable[[Event], Payload]] = {
    "ready_to_ship": _ready_to_ship,
    "cancel": _transfer,
}
INVENTORY_SHIPMENTS: dict[str, Callable[[Event], Payload]] = {
    "create": _created,
    "mark_in_transit": _in_transit,
    "update_tracking": _tracked,
    "delete": _deleted,
}
