"""Purchase orders: what we order of a partner, what we change, and what the partner answers."""

from datetime import date
from decimal import Decimal
from typing import Literal, Protocol

from pydantic import ConfigDict, Field

from clients.trading_grid.port.common import (
    Currency,
    Day,
    ExternalReference,
    Many,
    Name,
    Pieces,
    Price,
    Received,
    Sent,
    Text,
    UtcTime,
)

OrderType = Literal["drop_ship", "replenishment"]
Purpose = Literal["change", "cancel"]


class PurchaseOrderLine(Received):
    """One line. `quantity` is what is ordered now: an acknowledged change moves it."""

    line_id: Name
    sku: str | None = None
    quantity: Pieces
    unit_price: Price | None = None
    currency: Currency | None = None


class PurchaseOrder(Received):
    """A purchase order as Trading Grid has it, without its address: nobody of ours reads that back.

    `version` grows with each change; a lower one than already seen is old news. `status` is theirs:
    sent, acknowledged, partially_shipped, shipped or cancelled.
    """

    id: Name
    po_number: Name
    order_type: str
    partner_id: Name
    status: str | None = None
    requested_ship_date: Day | None = None
    lines: Many[PurchaseOrderLine] = ()
    external_reference: ExternalReference | None = None
    version: int
    create_time: UtcTime | None = None
    update_time: UtcTime | None = None


class PurchaseOrderChangeLine(Received):
    line_id: Name
    sku: str | None = None
    quantity: Pieces | None = None
    unit_price: Price | None = None
    currency: Currency | None = None


class PurchaseOrderChange(Received):
    """A change or cancellation we asked for. `status`: pending, acknowledged or refused."""

    id: str | None = None
    change_number: Name
    purpose: str
    lines: Many[PurchaseOrderChangeLine] = ()
    status: str = "pending"
    note: Text = ""
    acknowledge_time: UtcTime | None = None
    version: int | None = None
    create_time: UtcTime | None = None


class PurchaseOrderResponseLine(Received):
    """What the partner says of one line.

    `ack_code` is X12 element 668, as it came: an unknown one is shown, never dropped. The line may be
    none of ours, and the quantity more than was ordered: the reader compares.
    """

    line_id: Name
    ack_code: Text = ""
    quantity: Pieces | None = None
    scheduled_ship_date: Day | None = None
    scheduled_delivery_date: Day | None = None
    unit_price: Price | None = None
    substitute_sku: Text = ""
    note: Text = ""


class PurchaseOrderResponse(Received):
    """One answer of the partner; a later `sequence` replaces an earlier one for the lines it names.

    `header_code` is X12 element 587, as it came. `unreadable` says which lines could not be read, and
    for which field (`lines.0.quantity: ...`): they are not in `lines`, and are to be shown, not
    applied. A response stays for ever, so that one slip of the pen must not hide what follows it.
    """

    id: Name
    sequence: Pieces
    header_code: Text = ""
    lines: Many[PurchaseOrderResponseLine] = ()
    unreadable: tuple[str, ...] = ()
    version: int | None = None
    create_time: UtcTime | None = None


class ShipTo(Sent):
    """Where a drop-ship order goes: personal data, passed on and kept nowhere, not even in an error's text."""

    model_config = ConfigDict(hide_input_in_errors=True)

    name: str | None = Field(default=None, repr=False)
    company: str | None = Field(default=None, repr=False)
    address1: str = Field(repr=False)
    address2: str | None = Field(default=None, repr=False)
    city: str = Field(repr=False)
    province_code: str | None = Field(default=None, repr=False)
    postal_code: str | None = Field(default=None, repr=False)
    country_code: str = Field(repr=False)
    phone: str | None = Field(default=None, repr=False)


class NewPurchaseOrderLine(Sent):
    """`line_id` is Shopify's LineItem id, or the merchant's own in a replenishment."""

    line_id: str
    sku: str
    quantity: int = Field(gt=0)
    unit_price: Decimal | None = None
    currency: str | None = None


class NewPurchaseOrder(Sent):
    """`po_number`: A-Z, 0-9 and -, at most 22 characters, unique in the tenant."""

    po_number: str = Field(pattern=r"^[A-Z0-9-]{1,22}$")
    order_type: OrderType
    partner_id: str
    ship_to: ShipTo | None = Field(default=None, repr=False)
    requested_ship_date: date | None = None
    lines: tuple[NewPurchaseOrderLine, ...] = Field(min_length=1)
    external_reference: ExternalReference


class NewPurchaseOrderChangeLine(Sent):
    """In a `change`, what the line is to be (0 takes it out; an unknown line id is a new line, with sku
    and quantity). In a `cancel`, `quantity` is how many are taken back; without it, all of the line."""

    line_id: str
    sku: str | None = None
    quantity: int | None = Field(default=None, ge=0)
    unit_price: Decimal | None = None
    currency: str | None = None


class NewPurchaseOrderChange(Sent):
    """`change_number` is ours, unique in the order; a `cancel` without lines is the whole order."""

    change_number: str = Field(pattern=r"^[A-Za-z0-9._-]{1,64}$")
    purpose: Purpose
    lines: tuple[NewPurchaseOrderChangeLine, ...] = ()


class PurchaseOrders(Protocol):
    async def create_purchase_order(
        self, new: NewPurchaseOrder, *, idempotency_key: str
    ) -> PurchaseOrder:
        """Send it, or return the one that already holds the external reference.

        Raises Conflict where another order holds the number, StillRunning while an earlier call
        under the same key goes on.
        """
        ...

    async def read_purchase_order(self, order_id: str) -> PurchaseOrder:
        """Raises NotFound."""
        ...

    async def find_purchase_order(
        self, *, external_reference: ExternalReference | None = None, po_number: str | None = None
    ) -> PurchaseOrder | None:
        """The order that has all that is given. Raises ValueError where nothing is."""
        ...

    async def change_purchase_order(
        self, order_id: str, new: NewPurchaseOrderChange, *, idempotency_key: str
    ) -> PurchaseOrderChange:
        """Ask for a change, or return the same one that was asked for before.

        Raises Conflict where the number was used for another change, or the order takes none any
        more.
        """
        ...

    async def read_purchase_order_changes(self, order_id: str) -> tuple[PurchaseOrderChange, ...]:
        """All of them, over all pages, in the order they were asked for."""
        ...

    async def purchase_order_responses(self, order_id: str) -> tuple[PurchaseOrderResponse, ...]:
        """All of them, over all pages, the oldest (lowest sequence) first."""
        ...
