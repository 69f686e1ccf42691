"""Locations, products and what is in stock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import ClassVar

from emulators.shopify.model.inventory import InventoryLevel
from emulators.shopify.model.resource import Resource


@dataclass(eq=False, repr=False)
class FulfillmentService(Resource):
    """A service that ships on the merchant's behalf; it owns one location."""

    gql_type: ClassVar[str] = "FulfillmentService"
    id: int
    handle: str
    service_name: str
    type: str = "THIRD_PARTY"
    location: Location | None = None


@dataclass(eq=False, repr=False)
class Location(Resource):
    gql_type: ClassVar[str] = "Location"
    id: int
    name: str
    created_at: datetime
    updated_at: datetime
    country_code: str = "US"
    is_active: bool = True
    fulfillment_service: FulfillmentService | None = None


@dataclass(eq=False, repr=False)
class Product(Resource):
    gql_type: ClassVar[str] = "Product"
    id: int
    title: str
    vendor: str
    created_at: datetime
    updated_at: datetime
    variants: list[Variant] = field(default_factory=list)


@dataclass(eq=False, repr=False)
class Variant(Resource):
    gql_type: ClassVar[str] = "ProductVariant"
    id: int
    product: Product
    sku: str
    price: Decimal
    title: str = "Default Title"
    inventory_item_id: int = 0
    tracked: bool = True
    bundle: bool = False
    """Made of others, so that its own stock can't be written."""

    @cached_property
    def inventory_item(self) -> InventoryItem:
        return InventoryItem(self.inventory_item_id, self)

    @property
    def available(self) -> dict[int, int]:
        """Sellable quantity by location id; a location that is not here does not stock the item."""
        levels = self.inventory_item.levels.values()
        return {
            level.location.id: level.quantity("available") for level in levels if level.is_active
        }


@dataclass(eq=False, repr=False)
class InventoryItem(Resource):
    """What is stocked of a variant; here each variant has its own. ``levels`` are by location id."""

    gql_type: ClassVar[str] = "InventoryItem"
    id: int
    variant: Variant
    levels: dict[int, InventoryLevel] = field(default_factory=dict)

    @property
    def tracked(self) -> bool:
        return self.variant.tracked
