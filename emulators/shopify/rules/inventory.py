"""Writing quantities: set, adjust, activate. All or nothing, each entry compared with what it replaces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from emulators.shopify.model.catalog import InventoryItem, Location
from emulators.shopify.model.inventory import (
    InventoryAdjustmentGroup,
    InventoryChange,
    InventoryLevel,
)
from emulators.shopify.rules import stock
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import Refused, UserError, refuse

REASONS = frozenset(
    {
        "correction",
        "cycle_count_available",
        "damaged",
        "movement_canceled",
        "movement_created",
        "movement_received",
        "movement_updated",
        "other",
        "promotion",
        "quality_control",
        "received",
        "reservation_created",
        "reservation_deleted",
        "reservation_updated",
        "restock",
        "safety_stock",
        "shrinkage",
    }
)
"""As public integrations use them; Shopify's own list could not be read."""

SET_NAMES = ("available", "on_hand")
ADJUST_NAMES = ("available", "damaged", "incoming", "quality_control", "reserved", "safety_stock")
SET_LIMIT = 1_000_000_000
ADJUST_LIMIT = 2_000_000_000


@dataclass(frozen=True)
class Entry:
    """A quantity to set, or a delta to add, of an item at a location; None where the shop has it not.

    ``expected`` is what the quantity must be before the write; None: whatever it is.
    """

    item: InventoryItem | None
    location: Location | None
    amount: int
    expected: int | None = None
    ledger_document_uri: str | None = None


@dataclass(frozen=True)
class Write:
    """What the caller says of all the entries. ``at`` is where the input has them."""

    name: str
    reason: str
    at: str
    reference_document_uri: str | None = None


def set_quantities(
    act: Action, write: Write, entries: Sequence[Entry]
) -> InventoryAdjustmentGroup | None:
    """``inventorySetQuantities``; None where every quantity was what it is set to (assumed)."""
    errors = _said(write, SET_NAMES, "INVALID_NAME") + _entries(write, entries, SET_LIMIT)
    errors += _stale(write, entries)
    if errors:
        raise Refused(*errors)
    deltas = [entry.amount - _quantity(entry, write.name) for entry in entries]
    return _apply(act, write, entries, deltas)


def adjust_quantities(
    act: Action, write: Write, entries: Sequence[Entry]
) -> InventoryAdjustmentGroup | None:
    """``inventoryAdjustQuantities``: adds deltas."""
    errors = _said(write, ADJUST_NAMES, "INVALID_QUANTITY_NAME") + _ledgers(write, entries)
    errors += _entries(write, entries, None)
    for index, entry in enumerate(entries):
        after = _quantity(entry, write.name) + entry.amount
        errors += _outside(after, ADJUST_LIMIT, ("input", write.at, str(index), "delta"))
    errors += _stale(write, entries)
    if errors:
        raise Refused(*errors)
    return _apply(act, write, entries, [entry.amount for entry in entries])


def activate(
    act: Action,
    item: InventoryItem,
    location: Location,
    *,
    available: int | None = None,
    on_hand: int | None = None,
) -> InventoryLevel:
    """``inventoryActivate``: the location stocks the item; quantities only where it did not before."""
    level = item.levels.get(location.id)
    given = [name for name, n in (("available", available), ("onHand", on_hand)) if n is not None]
    if len(given) > 1:
        raise refuse("Cannot set both available and onHand quantities.", field=("available",))
    if level is not None and level.is_active:
        if given:
            message = (
                "Not allowed to set available quantity when the item is already active at the "
                "location."
            )
            raise refuse(message, field=(given[0],))
        return level
    if not location.is_active:
        raise refuse("The location is not active.", field=("locationId",))
    level = stock.ensure_level(act, item, location)
    stock.set_active(act, level, True)
    wanted = on_hand if on_hand is not None else available
    if wanted is not None:
        name = "on_hand" if on_hand is not None else "available"
        stock.change(act, level, {"available": wanted - level.quantity(name)})
    return level


def _apply(
    act: Action, write: Write, entries: Sequence[Entry], deltas: Sequence[int]
) -> InventoryAdjustmentGroup | None:
    state = "available" if write.name == "on_hand" else write.name
    changes: list[InventoryChange] = []
    for entry, delta in zip(entries, deltas, strict=True):
        assert entry.item is not None
        assert entry.location is not None
        # From 2026-04 on a write where the location does not stock the item makes an inactive level.
        level = stock.ensure_level(act, entry.item, entry.location, active=False)
        if delta:
            stock.change(act, level, {state: delta})
            changes += _changes(level, entry, {state: delta})
    if not changes:
        return None
    return InventoryAdjustmentGroup(
        id=act.new_id(),
        created_at=act.now,
        reason=write.reason,
        reference_document_uri=write.reference_document_uri,
        entries=changes,
    )


def _changes(
    level: InventoryLevel, entry: Entry, deltas: Mapping[str, int]
) -> list[InventoryChange]:
    shown = dict(deltas)
    if "incoming" not in deltas:
        shown["on_hand"] = sum(deltas.values())
    return [
        InventoryChange(
            name=name,
            delta=delta,
            quantity_after_change=level.quantity(name),
            item=level.item,
            location=level.location,
            ledger_document_uri=entry.ledger_document_uri,
        )
        for name, delta in shown.items()
    ]


def _quantity(entry: Entry, name: str) -> int:
    if entry.item is None or entry.location is None:
        return 0
    level = entry.item.levels.get(entry.location.id)
    return 0 if level is None else level.quantity(name)


def _said(write: Write, names: Sequence[str], code: str) -> list[UserError]:
    errors = []
    if write.name not in names:
        message = f"The quantity name must be one of: {', '.join(names)}."
        errors.append(UserError(("input", "name"), message, code))
    if write.reason not in REASONS:
        message = "The specified reason is invalid."
        errors.append(UserError(("input", "reason"), message, "INVALID_REASON"))
    uri = write.reference_document_uri
    if uri is not None and not _is_uri(uri):
        field = ("input", "referenceDocumentUri")
        message = "The specified reference document is invalid."
        errors.append(UserError(field, message, "INVALID_REFERENCE_DOCUMENT"))
    return errors


def _entries(write: Write, entries: Sequence[Entry], limit: int | None) -> list[UserError]:
    errors: list[UserError] = []
    seen: set[tuple[int, int]] = set()
    for index, entry in enumerate(entries):
        at = ("input", write.at, str(index))
        if entry.item is None:
            message = "The specified inventory item could not be found."
            errors.append(UserError((*at, "inventoryItemId"), message, "INVALID_INVENTORY_ITEM"))
        elif entry.item.variant.bundle:
            message = "The specified inventory item is not allowed to be adjusted via API."
            errors.append(
                UserError((*at, "inventoryItemId"), message, "NON_MUTABLE_INVENTORY_ITEM")
            )
        if entry.location is None or not entry.location.is_active:
            message = "The specified location could not be found."
            errors.append(UserError((*at, "locationId"), message, "INVALID_LOCATION"))
        if entry.item is not None and entry.location is not None:
            pair = (entry.item.id, entry.location.id)
            if pair in seen:
                errors.append(_twice(write, at))
            seen.add(pair)
        if limit is not None:
            errors += _outside(entry.amount, limit, (*at, "quantity"))
    return errors


def _twice(write: Write, at: tuple[str, ...]) -> UserError:
    message = "The combination of inventoryItemId and locationId must be unique."
    # Adjusting has no code of its own for it.
    setting = write.at == "quantities"
    code = "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR" if setting else "INVALID_INVENTORY_ITEM"
    return UserError((*at, "locationId"), message, code)


def _outside(amount: int, limit: int, field: tuple[str, ...]) -> list[UserError]:
    if amount > limit:
        message = f"The total quantity can't be higher than {limit:,}."
        return [UserError(field, message, "INVALID_QUANTITY_TOO_HIGH")]
    if amount < -limit:
        message = f"The total quantity can't be lower than -{limit:,}."
        return [UserError(field, message, "INVALID_QUANTITY_TOO_LOW")]
    return []


def _stale(write: Write, entries: Sequence[Entry]) -> list[UserError]:
    """One error for each entry whose quantity is not what the caller saw."""
    message = "The changeFromQuantity argument no longer matches the persisted quantity."
    return [
        UserError(
            ("input", write.at, str(index), "changeFromQuantity"),
            message,
            "CHANGE_FROM_QUANTITY_STALE",
        )
        for index, entry in enumerate(entries)
        if entry.expected is not None and entry.expected != _quantity(entry, write.name)
    ]


def _ledgers(write: Write, entries: Sequence[Entry]) -> list[UserError]:
    """A ledger document is what every state but ``available`` is kept for."""
    errors = []
    named = set()
    for index, entry in enumerate(entries):
        field = ("input", write.at, str(index), "ledgerDocumentUri")
        uri = entry.ledger_document_uri
        if write.name == "available":
            if uri is not None:
                message = "The ledger document can't be set for available."
                errors.append(UserError(field, message, "INVALID_AVAILABLE_DOCUMENT"))
        elif uri is None:
            message = "The ledger document is required for this quantity name."
            errors.append(UserError(field, message, "INVALID_QUANTITY_DOCUMENT"))
        elif not _is_uri(uri):
            message = "The specified ledger document is invalid."
            errors.append(UserError(field, message, "INVALID_LEDGER_DOCUMENT"))
        named.add(uri)
    if len(named - {None}) > 1:
        message = "All changes must have the same ledger document."
        errors.append(UserError(("input", write.at), message, "MAX_ONE_LEDGER_DOCUMENT"))
    return errors


def _is_uri(text: str) -> bool:
    parts = urlsplit(text)
    return bool(parts.scheme and (parts.netloc or parts.path))
