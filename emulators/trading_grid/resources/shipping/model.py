"""What a partner tells of a shipment and asks to be paid for."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import Field

from emulators.trading_grid.query import COMMON_FIELDS, Value
from emulators.trading_grid.store import Code, Currency, Entity, Money, Name, Wire
from emulators.trading_grid.wire import Links, dump

Pieces = Annotated[int, Field(ge=0, le=1_000_000_000)]


class PackageItem(Wire):
    """Lines and numbers are taken as they come: ones nobody ordered, more than was ordered."""

    po_number: Name
    line_id: Name | None = None
    sku: Name | None = None
    quantity: Pieces


class Package(Wire):
    """``sscc`` is the package's 18-digit serial shipping container code (GS1)."""

    sscc: Name | None = None
    tracking_number: Name | None = None
    items: list[PackageItem] = Field(default_factory=list)


class ShipmentNotice(Entity):
    """Dates are the partner's own writing, by contract ISO-8601 days."""

    NAME: ClassVar[str] = "shipment_notice"
    COLLECTION: ClassVar[str] = "shipment-notices"

    partner_id: str
    shipment_number: Name
    po_numbers: list[Name]
    carrier: Name | None = None
    scac: Code | None = None
    ship_date: Name | None = None
    estimated_delivery_date: Name | None = None
    packages: list[Package]
    document_ids: list[str] = Field(default_factory=list)

    def owners(self) -> tuple[str, ...]:
        return tuple(self.po_numbers)

    def items(self) -> Iterator[PackageItem]:
        for package in self.packages:
            yield from package.items


class InvoiceLine(Wire):
    line_id: Name | None = None
    sku: Name | None = None
    quantity: Pieces
    unit_price: Money


class Invoice(Entity):
    """``charges`` is what is asked beside the lines (freight and the like), one sum in ``currency``."""

    NAME: ClassVar[str] = "invoice"
    COLLECTION: ClassVar[str] = "invoices"

    partner_id: str
    invoice_number: Name
    po_number: Name
    currency: Currency
    lines: list[InvoiceLine]
    charges: Money
    total: Money
    document_id: str | None = None

    def owners(self) -> tuple[str, ...]:
        return (self.po_number,)


class NoticeBody(Wire):
    """What a partner sends to tell of a shipment. ``partner_id`` and ``po_numbers`` may be left out where
    the items name a known purchase order."""

    partner_id: Name | None = None
    shipment_number: Name | None = None
    po_numbers: list[Name] = Field(default_factory=list, max_length=100)
    carrier: Name | None = None
    scac: Code | None = None
    ship_date: Name | None = None
    estimated_delivery_date: Name | None = None
    packages: list[Package] = Field(min_length=1, max_length=1000)
    document_ids: list[Name] = Field(default_factory=list, max_length=100)


class NoticePatch(Wire):
    """A correction; what is left out stays, ``packages`` and ``document_ids`` are replaced as a whole."""

    po_numbers: list[Name] | None = None
    carrier: Name | None = None
    scac: Code | None = None
    ship_date: Name | None = None
    estimated_delivery_date: Name | None = None
    packages: Annotated[list[Package], Field(min_length=1, max_length=1000)] | None = None
    document_ids: list[Name] | None = None


class InvoiceBody(Wire):
    """``total`` left out is lines and charges added up; one that is given is kept, right or wrong."""

    partner_id: Name | None = None
    invoice_number: Name | None = None
    po_number: Name
    currency: Currency | None = None
    lines: list[InvoiceLine] = Field(min_length=1, max_length=1000)
    charges: Money = "0.00"
    total: Money | None = None
    document_id: Name | None = None

    def added_up(self) -> str:
        lines = sum((Decimal(line.unit_price) * line.quantity for line in self.lines), Decimal())
        return str((lines + Decimal(self.charges)).quantize(Decimal("0.01")))


NOTICE_FIELDS: dict[str, type[Value]] = {
    **COMMON_FIELDS,
    "shipment_number": str,
    "po_numbers": str,
    "carrier": str,
    "scac": str,
    "ship_date": str,
}
INVOICE_FIELDS: dict[str, type[Value]] = {
    **COMMON_FIELDS,
    "invoice_number": str,
    "po_number": str,
    "currency": str,
}


def render_notice(notice: ShipmentNotice, links: Links) -> dict[str, Any]:
    body = dump(notice, links)
    body["_links"]["documents"] = [
        {"href": links(f"/documents/{one}")} for one in notice.document_ids
    ]
    return body


def render_invoice(invoice: Invoice, links: Links) -> dict[str, Any]:
    body = dump(invoice, links)
    if invoice.document_id is not None:
        body["_links"]["document"] = {"href": links(f"/documents/{invoice.document_id}")}
    return body
