"""Shipment notices: what a partner says it has sent."""

from typing import Protocol

from clients.trading_grid.port.common import Day, Many, Name, Pieces, Received, Text, UtcTime


class PackageItem(Received):
    """Pieces of one line of a purchase order; without `line_id`, the SKU says which. It may be none of ours."""

    po_number: Name
    line_id: str | None = None
    sku: str | None = None
    quantity: Pieces


class Package(Received):
    """`sscc` is the package's serial shipping container code (GS1, 18 digits)."""

    sscc: str | None = None
    tracking_number: str | None = None
    items: Many[PackageItem] = ()


class ShipmentNotice(Received):
    """A notice (X12 856) as it is now; a correction has a higher `version`.

    `scac` is the carrier's Standard Carrier Alpha Code. `document_ids` are papers to read with
    `read_document`.
    """

    id: Name
    shipment_number: Name
    partner_id: str | None = None
    po_numbers: Many[Name] = ()
    carrier: Text = ""
    scac: Text = ""
    ship_date: Day | None = None
    estimated_delivery_date: Day | None = None
    packages: Many[Package] = ()
    document_ids: Many[Name] = ()
    version: int
    create_time: UtcTime | None = None
    update_time: UtcTime | None = None

    @property
    def named_orders(self) -> tuple[str, ...]:
        """Every purchase order number it names, in the list or by an item, once each."""
        items = (item.po_number for package in self.packages for item in package.items)
        return tuple(dict.fromkeys((*self.po_numbers, *items)))


class ShipmentNotices(Protocol):
    async def shipment_notice(self, notice_id: str) -> ShipmentNotice:
        """Raises NotFound, and ContractMismatch, which names the field, for what can't be read."""
        ...
