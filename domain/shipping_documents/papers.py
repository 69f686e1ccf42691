"""What a partner sends with a shipment: notices, invoices, documents; in our words, and of our purchase order alone."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from pydantic import Field

from domain.message import Message

NOTICE = "asn"
INVOICE = "invoice"
"""The types of Trading Grid's documents that a notice and an invoice stand for."""


class NoticeItem(Message):
    """Pieces of one line, as the partner names it; it may be none of ours."""

    line_id: str = ""
    sku: str = ""
    quantity: int


class NoticePackage(Message):
    """`sscc` is the package's serial shipping container code (GS1)."""

    sscc: str = ""
    tracking_number: str = ""
    items: tuple[NoticeItem, ...] = ()


class Notice(Message):
    """A shipment notice (X12 856), with the items of our purchase order alone. A correction has a higher `version`."""

    id: str
    version: int = 0
    created: datetime | None = None
    shipment_number: str
    carrier: str = ""
    ship_date: str = ""
    packages: tuple[NoticePackage, ...] = ()
    document_ids: tuple[str, ...] = ()

    def parcels(self) -> tuple["Parcel", ...]:
        """The packages by the number they travel under; where a package has none, the shipment's number serves."""
        found: dict[str, list[NoticePackage]] = {}
        for package in self.packages:
            if package.items:
                number = package.tracking_number.strip() or self.shipment_number
                found.setdefault(number, []).append(package)
        return tuple(
            Parcel(
                number=number,
                company=self.carrier,
                sscc=tuple(package.sscc for package in packages if package.sscc),
                items=tuple(item for package in packages for item in package.items),
            )
            for number, packages in found.items()
        )


class Parcel(Message):
    """What of a shipment travels under one number."""

    number: str
    company: str = ""
    sscc: tuple[str, ...] = ()
    items: tuple[NoticeItem, ...] = ()


class InvoiceLine(Message):
    """`unit_price` in the invoice's currency."""

    line_id: str = ""
    sku: str = ""
    quantity: int
    unit_price: Decimal


class Invoice(Message):
    """An invoice (X12 810) as it came. `charges` is what is asked beside the lines; `total` is all of it."""

    id: str
    version: int = 0
    created: datetime | None = None
    invoice_number: str
    currency: str
    lines: tuple[InvoiceLine, ...] = ()
    charges: Decimal = Decimal(0)
    total: Decimal
    document_id: str = ""


class Paper(Message):
    """A document that was fetched, or refused with the reason. `id` is Trading Grid's, `document_id` ours.

    `shipment_number` is that of the notice it came with, empty where it came by itself.
    """

    id: str
    version: int = 0
    document_type: str = "other"
    file_name: str = ""
    document_id: str = ""
    refused: str = ""
    shipment_number: str = ""


def newer(paper: Notice | Invoice, known: Notice | Invoice | None) -> bool:
    """Whether a paper takes the place of the one known under the same number.

    A correction is the same resource with a higher version; a partner may also send it anew, as a later resource.
    """
    if known is None:
        return True
    if paper.id == known.id:
        return paper.version > known.version
    return _order(paper) > _order(known)


def _order(paper: Notice | Invoice) -> tuple[float, str]:
    return (paper.created.timestamp() if paper.created else 0.0, paper.id)


class Discrepancy(Message):
    """Something that does not fit. `about`: the shipment's, invoice's or document's number; `kind` tells sorts apart."""

    about: str
    kind: str
    text: str


def missing_papers(
    required: Iterable[str], *, noticed: bool, invoiced: bool, papers: Iterable[Paper]
) -> tuple[str, ...]:
    """The required document types that are not in. A notice meets `asn`, an invoice `invoice`; the rest are documents.

    A document that was refused meets nothing.
    """
    there = {paper.document_type for paper in papers if paper.document_id and not paper.refused}
    there -= {NOTICE, INVOICE}
    there |= {NOTICE} if noticed else set()
    there |= {INVOICE} if invoiced else set()
    return tuple(wanted for wanted in dict.fromkeys(required) if wanted not in there)


def paper_words(types: Iterable[str]) -> str:
    """Document types in words: `shipment notice, packing list`."""
    named = {NOTICE: "shipment notice"}
    return ", ".join(named.get(kind, kind.replace("_", " ")) for kind in types)


class Written(Message):
    """A parcel that is settled: in Shopify by these fulfillments, or by nobody (a replenishment, or skipped).

    `quantities` is what counts as shipped, by line id; `excess` what of it Shopify had no room for.
    """

    number: str
    company: str = ""
    sscc: tuple[str, ...] = ()
    quantities: dict[str, int] = Field(default_factory=dict)
    fulfillments: tuple[str, ...] = ()
    excess: dict[str, int] = Field(default_factory=dict)

    @property
    def in_shopify(self) -> dict[str, int]:
        """What of it stands in Shopify under its number."""
        if not self.fulfillments:
            return {}
        return {
            line_id: quantity - self.excess.get(line_id, 0)
            for line_id, quantity in self.quantities.items()
        }
