"""Inventory on its way to a location: transfers, and the shipments that carry them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from emulators.shopify.model.catalog import InventoryItem, Location
from emulators.shopify.model.resource import Resource


@dataclass(frozen=True)
class ShipmentTracking:
    """``arrives_at`` is when the goods are expected."""

    arrives_at: datetime | None = None
    company: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None


@dataclass(eq=False, repr=False)
class InventoryShipmentLineItem(Resource):
    gql_type: ClassVar[str] = "InventoryShipmentLineItem"
    id: int
    inventory_item: InventoryItem
    quantity: int


@dataclass(eq=False, repr=False)
class InventoryShipment(Resource):
    """``status`` is DRAFT or IN_TRANSIT; nobody receives goods at the emulator."""

    gql_type: ClassVar[str] = "InventoryShipment"
    id: int
    name: str
    transfer: InventoryTransfer
    date_created: datetime
    status: str = "DRAFT"
    date_shipped: datetime | None = None
    tracking: ShipmentTracking | None = None
    line_items: list[InventoryShipmentLineItem] = field(default_factory=list)

    @property
    def line_item_total_quantity(self) -> int:
        return sum(line.quantity for line in self.line_items)


@dataclass(eq=False, repr=False)
class InventoryTransferLineItem(Resource):
    gql_type: ClassVar[str] = "InventoryTransferLineItem"
    id: int
    transfer: InventoryTransfer
    inventory_item: InventoryItem
    total_quantity: int

    @property
    def title(self) -> str:
        return self.inventory_item.variant.product.title

    @property
    def shipped_quantity(self) -> int:
        return self._carried("IN_TRANSIT")

    @property
    def picked_for_shipment_quantity(self) -> int:
        return self._carried("DRAFT")

    @property
    def shippable_quantity(self) -> int:
        """What no shipment carries yet; nothing before the transfer is ready to ship."""
        if self.transfer.status not in ("READY_TO_SHIP", "IN_PROGRESS"):
            return 0
        return self.total_quantity - self.shipped_quantity - self.picked_for_shipment_quantity

    @property
    def processable_quantity(self) -> int:
        return self.total_quantity - self.shipped_quantity

    def _carried(self, status: str) -> int:
        return sum(
            line.quantity
            for shipment in self.transfer.shipments
            if shipment.status == status
            for line in shipment.line_items
            if line.inventory_item is self.inventory_item
        )


@dataclass(eq=False, repr=False)
class InventoryTransfer(Resource):
    """Goods for ``destination``. Without an ``origin`` they come from outside, as from a supplier."""

    gql_type: ClassVar[str] = "InventoryTransfer"
    id: int
    name: str
    date_created: datetime
    status: str = "DRAFT"
    origin: Location | None = None
    destination: Location | None = None
    note: str | None = None
    reference_name: str | None = None
    tags: list[str] = field(default_factory=list)
    line_items: list[InventoryTransferLineItem] = field(default_factory=list)
    shipments: list[InventoryShipment] = field(default_factory=list)

    @property
    def total_quantity(self) -> int:
        return sum(line.total_quantity for line in self.line_items)
