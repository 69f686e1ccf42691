"""Transfers and their shipments.

A transfer: DRAFT -> READY_TO_SHIP -> IN_PROGRESS (a shipment has left); DRAFT or READY_TO_SHIP without a
shipment -> CANCELED. A shipment: DRAFT -> IN_TRANSIT.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from emulators.shopify.model.catalog import InventoryItem, Location
from emulators.shopify.model.transfers import (
    InventoryShipment,
    InventoryShipmentLineItem,
    InventoryTransfer,
    InventoryTransferLineItem,
    ShipmentTracking,
)
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import Refused, UserError, refuse

LINES = ("input", "lineItems")


@dataclass(frozen=True)
class ItemQuantity:
    """Pieces of an inventory item; None where the shop does not have the item."""

    item: InventoryItem | None
    quantity: int


@dataclass(frozen=True)
class Plan:
    """What a transfer is to be."""

    lines: Sequence[ItemQuantity]
    origin: Location | None = None
    destination: Location | None = None
    date_created: datetime | None = None
    note: str | None = None
    reference_name: str | None = None
    tags: Sequence[str] = ()


def create(act: Action, plan: Plan, *, ready: bool = False) -> InventoryTransfer:
    """A new transfer; ``ready``: at once ready to ship, which needs lines and a destination (assumed)."""
    errors = _places(plan) + _lines(plan.lines)
    if ready and not plan.lines:
        errors.append(UserError(LINES, "The list of line items is empty.", "ITEMS_EMPTY"))
    if ready and plan.destination is None:
        field = ("input", "destinationLocationId")
        errors.append(UserError(field, "A location is required.", "LOCATION_REQUIRED"))
    if errors:
        raise Refused(*errors)
    transfer = InventoryTransfer(
        id=act.new_id(),
        name=f"#T{len(act.shop.transfers) + 1:04}",
        date_created=plan.date_created or act.now,
        origin=plan.origin,
        destination=plan.destination,
        note=plan.note,
        reference_name=plan.reference_name,
        tags=sorted(set(plan.tags), key=str.casefold),
    )
    for line in plan.lines:
        assert line.item is not None
        transfer.line_items.append(
            InventoryTransferLineItem(act.new_id(), transfer, line.item, line.quantity)
        )
    act.shop.transfers[transfer.id] = transfer
    if ready:
        transfer.status = "READY_TO_SHIP"
        act.tell("inventory_transfers/ready_to_ship", transfer)
    return transfer


def mark_ready(act: Action, transfer: InventoryTransfer) -> None:
    if transfer.status != "DRAFT":
        raise _wrong_status(transfer)
    if not transfer.line_items:
        raise refuse("The list of line items is empty.", code="ITEMS_EMPTY", field=("id",))
    if transfer.destination is None:
        raise refuse("A location is required.", code="LOCATION_REQUIRED", field=("id",))
    transfer.status = "READY_TO_SHIP"
    act.tell("inventory_transfers/ready_to_ship", transfer)


def cancel(act: Action, transfer: InventoryTransfer) -> None:
    """Cancels a transfer that no shipment carries, not even a draft of one."""
    if transfer.shipments:
        message = "The transfer can't be canceled because it has a shipment."
        raise refuse(message, code="SHIPMENT_EXISTS", field=("id",))
    if transfer.status not in ("DRAFT", "READY_TO_SHIP"):
        raise _wrong_status(transfer)
    transfer.status = "CANCELED"
    act.tell("inventory_transfers/cancel", transfer)


def ship(
    act: Action,
    transfer: InventoryTransfer,
    lines: Sequence[ItemQuantity],
    *,
    tracking: ShipmentTracking | None = None,
    date_created: datetime | None = None,
    in_transit: bool = False,
) -> InventoryShipment:
    """A shipment of part of a transfer; ``in_transit``: it has left already."""
    if transfer.status not in ("READY_TO_SHIP", "IN_PROGRESS"):
        raise _wrong_status(transfer, field=("input", "movementId"))
    if not lines:
        code = "ITEMS_EMPTY" if in_transit else "EMPTY_SHIPMENT_INPUT"
        raise refuse("The shipment has no line items.", code=code, field=LINES)
    errors = _lines(lines)
    known = {line.inventory_item.id: line for line in transfer.line_items}
    for index, line in enumerate(lines):
        at = (*LINES, str(index))
        if line.item is None:
            continue
        planned = known.get(line.item.id)
        if planned is None:
            message = "The item is not part of the transfer."
            errors.append(UserError((*at, "inventoryItemId"), message, "INVALID_ITEM"))
        elif line.quantity > planned.shippable_quantity:
            message = f"Only {planned.shippable_quantity} are left to ship."
            errors.append(UserError((*at, "quantity"), message, "INVALID_QUANTITY"))
    if errors:
        raise Refused(*errors)
    _check_url(tracking, ("input", "trackingInput", "trackingUrl"))
    shipment = InventoryShipment(
        id=act.new_id(),
        name=f"{transfer.name}-{len(transfer.shipments) + 1}",
        transfer=transfer,
        date_created=date_created or act.now,
        tracking=tracking,
    )
    for line in lines:
        assert line.item is not None
        shipment.line_items.append(
            InventoryShipmentLineItem(act.new_id(), line.item, line.quantity)
        )
    transfer.shipments.append(shipment)
    act.tell("inventory_shipments/create", shipment)
    if in_transit:
        send(act, shipment)
    return shipment


def send(act: Action, shipment: InventoryShipment, shipped: datetime | None = None) -> None:
    """The shipment leaves, and its transfer is in progress."""
    if shipment.status != "DRAFT":
        raise _wrong_shipment(shipment)
    shipment.status = "IN_TRANSIT"
    shipment.date_shipped = shipped or act.now
    shipment.transfer.status = "IN_PROGRESS"
    act.tell("inventory_shipments/mark_in_transit", shipment)


def set_tracking(act: Action, shipment: InventoryShipment, tracking: ShipmentTracking) -> None:
    _check_url(tracking, ("tracking", "trackingUrl"))
    shipment.tracking = tracking
    act.tell("inventory_shipments/update_tracking", shipment)


def delete(act: Action, shipment: InventoryShipment) -> None:
    """Takes a draft back (assumed: what has left can't be deleted)."""
    if shipment.status != "DRAFT":
        raise _wrong_shipment(shipment)
    shipment.transfer.shipments.remove(shipment)
    act.tell("inventory_shipments/delete", shipment)


def _places(plan: Plan) -> list[UserError]:
    errors = []
    named = (("originLocationId", plan.origin), ("destinationLocationId", plan.destination))
    for name, place in named:
        if place is not None and not place.is_active:
            errors.append(
                UserError(("input", name), "The location is not active.", "LOCATION_NOT_ACTIVE")
            )
    if plan.origin is not None and plan.origin is plan.destination:
        message = "The origin can't be the same as the destination."
        code = "TRANSFER_ORIGIN_CANNOT_BE_THE_SAME_AS_DESTINATION"
        errors.append(UserError(("input", "originLocationId"), message, code))
    return errors


def _lines(lines: Sequence[ItemQuantity]) -> list[UserError]:
    errors = []
    seen: set[int] = set()
    for index, line in enumerate(lines):
        at = (*LINES, str(index))
        where = (*at, "inventoryItemId")
        if line.item is None:
            errors.append(UserError(where, "The item was not found.", "ITEM_NOT_FOUND"))
            continue
        if line.item.id in seen:
            errors.append(UserError(where, "The item is given twice.", "DUPLICATE_ITEM"))
        elif not line.item.tracked:
            errors.append(UserError(where, "The item is not tracked.", "UNTRACKED_ITEM"))
        if line.quantity <= 0:
            message = "The quantity must be greater than 0."
            errors.append(UserError((*at, "quantity"), message, "INVALID_QUANTITY"))
        seen.add(line.item.id)
    return errors


def _wrong_status(transfer: InventoryTransfer, *, field: tuple[str, ...] = ("id",)) -> Refused:
    message = f"The transfer's status is {transfer.status}."
    return refuse(message, code="INVALID_TRANSFER_STATUS", field=field)


def _wrong_shipment(shipment: InventoryShipment) -> Refused:
    message = f"The shipment's status is {shipment.status}."
    return refuse(message, code="INVALID_SHIPMENT_STATUS", field=("id",))


def _check_url(tracking: ShipmentTracking | None, field: tuple[str, ...]) -> None:
    url = tracking.tracking_url if tracking is not None else None
    if url is not None and urlsplit(url).scheme not in ("http", "https"):
        raise refuse("The tracking URL is invalid.", code="INVALID_URL", field=field)
