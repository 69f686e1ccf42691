"""An order in Shopify, as cases that ship it or hold it see it; numbers, never GIDs, and nothing of the customer.

Keyed by LineItem: fulfillment orders split, merge, move and are replaced, so they and their line ids are read again
before each write and never kept.
"""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from domain.message import Message

OUR_HOLD = "gridcase:"  # how the handles of our holds begin

# displayFinancialStatus of an order whose money is in; a partial refund came after it.
PAID = frozenset({"PAID", "PARTIALLY_REFUNDED"})


def hold_handle(lifecycle: str, number: int) -> str:
    """The handle of a case's holds: unique an app and fulfillment order, at most 64 characters at Shopify."""
    return f"{OUR_HOLD}{lifecycle}:{number}"


class OrderLine(Message):
    """A LineItem. `quantity` is what is still ordered (currentQuantity), `unfulfilled` what of it has not shipped."""

    line_id: str
    sku: str = ""
    vendor: str = ""
    name: str = ""
    quantity: int = 0
    unfulfilled: int = 0
    requires_shipping: bool = True
    unit_price: Decimal | None = None


class Hold(Message):
    """A FulfillmentHold. `ours`: held by this app (`heldByRequestingApp`) under a handle of ours."""

    id: str
    handle: str = ""
    reason: str = ""
    notes: str = ""
    by_this_app: bool = False

    @property
    def ours(self) -> bool:
        return self.by_this_app and self.handle.startswith(OUR_HOLD)


class FulfillmentOrderLine(Message):
    id: str
    line_id: str
    total: int
    remaining: int


class FulfillmentOrder(Message):
    """`status`, `request_status` and `actions` (supportedActions) are Shopify's words; open sets."""

    id: str
    status: str
    request_status: str = ""
    location_id: str = ""
    location_name: str = ""
    fulfillment_service: str = ""
    actions: tuple[str, ...] = ()
    holds: tuple[Hold, ...] = ()
    lines: tuple[FulfillmentOrderLine, ...] = ()
    fulfill_by: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether something of it may still ship; what a fulfillment service left INCOMPLETE is the merchant's again."""
        return self.status not in {"CLOSED", "CANCELLED"}


class Tracking(Message):
    company: str = ""
    number: str = ""
    url: str = ""


class Shipment(Message):
    """A Fulfillment: what left, by LineItem number."""

    id: str
    status: str
    created_at: datetime | None = None
    tracking: tuple[Tracking, ...] = ()
    quantities: dict[str, int] = Field(default_factory=dict)


class ShopOrder(Message):
    """An order as Shopify has it now."""

    order_id: str
    name: str
    currency: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    cancelled: bool = False
    closed: bool = False
    financial_status: str = ""
    """displayFinancialStatus: PAID, PARTIALLY_PAID, AUTHORIZED, PENDING, ..."""
    tags: tuple[str, ...] = ()
    number_of_orders: int = 0
    """Of the customer, this one included."""
    risk: str = "NONE"
    """OrderRiskSummary.recommendation: ACCEPT, CANCEL, INVESTIGATE, NONE."""
    lines: tuple[OrderLine, ...] = ()
    fulfillment_orders: tuple[FulfillmentOrder, ...] = ()
    shipments: tuple[Shipment, ...] = ()

    def line(self, line_id: str) -> OrderLine | None:
        return next((line for line in self.lines if line.line_id == line_id), None)

    @property
    def remaining(self) -> dict[str, int]:
        """By LineItem number, what open fulfillment orders still have to ship."""
        found: dict[str, int] = {}
        for order in self.fulfillment_orders:
            for line in order.lines if order.open else ():
                found[line.line_id] = found.get(line.line_id, 0) + line.remaining
        return found

    @property
    def location_of(self) -> dict[str, str]:
        """By LineItem number, the location that ships it (the first open fulfillment order's)."""
        found: dict[str, str] = {}
        for order in self.fulfillment_orders:
            for line in order.lines if order.open else ():
                found.setdefault(line.line_id, order.location_id)
        return found
