"""How many pieces of an item a location has, in which state."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from emulators.shopify.model.resource import Resource

if TYPE_CHECKING:
    from emulators.shopify.model.catalog import InventoryItem, Location

ON_HAND = ("available", "committed", "damaged", "quality_control", "reserved", "safety_stock")
"""The states that together are ``on_hand``, which is not held but summed up."""

QUANTITY_NAMES = (*ON_HAND, "incoming", "on_hand")


@dataclass(eq=False, repr=False)
class InventoryLevel(Resource):
    """``id`` is the number that the shop's levels of one location share, as at Shopify.

    An inactive level has quantities that nobody can buy. ``held`` and ``changed_at`` are by name of the
    state; what is not there is 0 and was never changed.
    """

    gql_type: ClassVar[str] = "InventoryLevel"
    id: int
    item: InventoryItem
    location: Location
    created_at: datetime
    updated_at: datetime
    is_active: bool = True
    held: dict[str, int] = field(default_factory=dict)
    changed_at: dict[str, datetime] = field(default_factory=dict)

    @property
    def gid(self) -> str:
        return f"gid://shopify/InventoryLevel/{self.id}?inventory_item_id={self.item.id}"

    def quantity(self, name: str) -> int:
        """Pieces in a state, or on hand."""
        if name == "on_hand":
            return sum(self.held.get(part, 0) for part in ON_HAND)
        return self.held.get(name, 0)


@dataclass(frozen=True)
class InventoryChange:
    """What a write did to one quantity of a level."""

    name: str
    delta: int
    quantity_after_change: int
    item: InventoryItem
    location: Location
    ledger_document_uri: str | None = None


@dataclass(eq=False, repr=False)
class InventoryAdjustmentGroup(Resource):
    """The changes of one write; nobody can read it later but in the answer to that write."""

    gql_type: ClassVar[str] = "InventoryAdjustmentGroup"
    id: int
    created_at: datetime
    reason: str
    reference_document_uri: str | None
    entries: list[InventoryChange] = field(default_factory=list)
