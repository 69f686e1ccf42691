"""Stock that orders take and give back. A location that does not stock the item has none.

An order moves pieces from ``available`` to ``committed``; shipping takes them out of ``committed``, and so
off ``on_hand``; what comes back is ``available`` again.
"""

from __future__ import annotations

from collections.abc import Mapping

from emulators.shopify.model.catalog import InventoryItem, Location, Variant
from emulators.shopify.model.inventory import InventoryLevel
from emulators.shopify.rules.action import Action


def take(act: Action, variant: Variant, location: Location, quantity: int) -> None:
    """An order wants pieces."""
    _move(act, variant, location, {"available": -quantity, "committed": quantity})


def give(act: Action, variant: Variant, location: Location, quantity: int) -> None:
    """An order does not want them any more."""
    level = _active(variant, location)
    committed = min(quantity, level.quantity("committed")) if level is not None else 0
    _move(act, variant, location, {"available": quantity, "committed": -committed})


def commit(act: Action, variant: Variant, location: Location, quantity: int) -> None:
    """Pieces that had left are back, still promised to an order."""
    _move(act, variant, location, {"committed": quantity})


def uncommit(act: Action, variant: Variant, location: Location, quantity: int) -> None:
    """Promised pieces leave; those ordered before the location stocked the item were never counted."""
    level = _active(variant, location)
    counted = min(quantity, level.quantity("committed")) if level is not None else 0
    _move(act, variant, location, {"committed": -counted})


def restock(act: Action, variant: Variant, location: Location, quantity: int) -> None:
    """Pieces become sellable at a location, which stocks the item from now on."""
    change(act, ensure_level(act, variant.inventory_item, location), {"available": quantity})


def stocked_at(variant: Variant, location: Location) -> bool:
    """Whether the location may ship the item; an item with no levels at all may come from anywhere."""
    available = variant.available
    return not available or location.id in available


def ensure_level(
    act: Action, item: InventoryItem, location: Location, *, active: bool = True
) -> InventoryLevel:
    """The level of an item at a location; a new one, active or not, where there is none."""
    level = item.levels.get(location.id)
    if level is None:
        numbers = act.shop.level_numbers
        if location.id not in numbers:
            numbers[location.id] = act.new_id()
        level = InventoryLevel(
            id=numbers[location.id],
            item=item,
            location=location,
            created_at=act.now,
            updated_at=act.now,
            is_active=active,
        )
        item.levels[location.id] = level
        if active:
            act.tell("inventory_levels/connect", level)
    return level


def change(act: Action, level: InventoryLevel, deltas: Mapping[str, int]) -> None:
    """Adds to quantities of a level by name of the state; what adds nothing is not told."""
    for name, delta in deltas.items():
        if delta:
            level.held[name] = level.held.get(name, 0) + delta
            level.changed_at[name] = act.now
    if any(deltas.values()):
        level.changed_at["on_hand"] = act.now
        act.touch_level(level)


def set_active(act: Action, level: InventoryLevel, active: bool) -> None:
    """The location begins or stops to stock the item; a level that stops keeps its quantities."""
    if level.is_active == active:
        return
    level.is_active = active
    level.updated_at = act.now
    act.tell(f"inventory_levels/{'connect' if active else 'disconnect'}", level)


def _active(variant: Variant, location: Location) -> InventoryLevel | None:
    level = variant.inventory_item.levels.get(location.id)
    return level if level is not None and level.is_active else None


def _move(act: Action, variant: Variant, location: Location, deltas: Mapping[str, int]) -> None:
    level = _active(variant, location)
    if level is not None:
        change(act, level, deltas)
