"""Names, keys and endings of the lifecycle, and the numbers purchase orders get."""

import re
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from domain.case import CaseStatus, check_handle
from domain.message import Message
from domain.shopify_ids import numeric_id

WORKFLOW = "PurchaseOrder"
REASSIGN = "reassign"  # update, beside those every case has
SHIPPED = "shipped"  # signal of shipping_documents: what a shipment took along
POSITION = "position"  # query: one purchase order's lines as they stand


class Outcome(StrEnum):
    """How the purchase orders of a case end; each outcome names its final status."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    EXPIRED = "expired"

    @property
    def status(self) -> CaseStatus:
        match self:
            case Outcome.CANCELLED:
                return CaseStatus.CANCELLED
            case Outcome.EXPIRED:
                return CaseStatus.EXPIRED
            case _:
                return CaseStatus.RESOLVED

    @property
    def words(self) -> str:
        return {
            Outcome.COMPLETED: "completed",
            Outcome.CANCELLED: "cancelled",
            Outcome.REJECTED: "rejected by the partners",
            Outcome.EXPIRED: "expired: not settled in time",
        }[self]


class ReplenishmentLine(Message):
    """A line of a replenishment; `line_id` is the merchant's own number for it."""

    line_id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")
    sku: str = Field(min_length=1, max_length=120)
    quantity: int = Field(gt=0, le=1_000_000)
    unit_price: Decimal = Field(ge=0, max_digits=18, decimal_places=4)


class ReplenishmentRequest(Message):
    """Goods ordered from a partner for a location of the shop, through the API."""

    number: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")
    """The merchant's own number; a part of the case's id."""
    tenant: str
    partner: str
    location_id: str
    """The Location (number) that receives the goods."""
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    lines: tuple[ReplenishmentLine, ...] = Field(min_length=1, max_length=500)
    note: str = Field(default="", max_length=2_000)


class PurchaseOrderInput(Message):
    """What purchase orders are opened with. Exactly one of `order_id` and `replenishment` is set."""

    case_id: str
    number: int
    shop: str
    order_id: str = ""
    replenishment: ReplenishmentRequest | None = None
    opened_by: str
    event_id: str = ""


class Shipped(Message):
    """What one shipment took along of one purchase order (signal `SHIPPED`). A repeat or a correction of the same shipment
    replaces the earlier word; `lines` is by line id and complete for that shipment."""

    event_id: str
    po_number: str
    shipment_number: str
    version: int = 0
    lines: dict[str, int]
    about_to: bool = False
    """The shipment is about to be written to Shopify: its lines must not be held again; nothing has shipped yet."""


class PositionLine(Message):
    """Where a line of a purchase order stands. `open` = ordered - shipped - rejected - cancelled, never below zero."""

    line_id: str
    sku: str
    unit_price: Decimal
    ordered: int
    confirmed: int = 0
    backordered: int = 0
    rejected: int = 0
    cancelled: int = 0
    shipped: int = 0

    @property
    def open(self) -> int:
        return max(0, self.ordered - self.shipped - self.rejected - self.cancelled)


class AskPosition(Message):
    po_number: str


class Position(Message):
    """The answer to the query `POSITION`: one purchase order as its case knows it; `found` is false for unknown ones."""

    found: bool
    po_number: str = ""
    partner: str = ""
    tenant: str = ""
    currency: str = ""
    order_id: str = ""
    order_name: str = ""
    closed: bool = False
    changing: bool = False
    """A change or cancellation is not answered yet: lines may still be added, or be taken back."""
    lines: tuple[PositionLine, ...] = ()


def order_key(shop: str, order_id: str) -> str:
    """The business key of an order's purchase orders."""
    return f"purchase-order:{check_handle(shop)}:{numeric_id(order_id)}"


def replenishment_key(shop: str, number: str) -> str:
    """The business key of a replenishment's purchase order."""
    return f"purchase-order:{check_handle(shop)}:replenishment-{number}"


_NOT_IN_NUMBERS = re.compile(r"[^A-Z0-9]+")


def po_number(shop: str, digits: str, partner: str, counter: int) -> str:
    """A purchase order's number: shop code, order digits, partner code, counter; A-Z, 0-9 and -, at most 22 characters.

    Codes are what is left of the handles, shortened; the caller counts up until the number is free in the tenant.
    """
    shop_code = _code(shop, 4)
    partner_code = _code(partner, 4)
    tail = f"-{partner_code}-{counter}"
    room = 22 - len(shop_code) - 1 - len(tail)
    return f"{shop_code}-{_code(digits, 20)[-room:]}{tail}"


def _code(handle: str, length: int) -> str:
    return _NOT_IN_NUMBERS.sub("", handle.upper())[:length] or "X"
