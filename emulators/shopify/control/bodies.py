"""What the control calls take. An unknown field is an error, so that a slip shows at once."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

DISPUTE_REASONS = (
    "bank_cannot_process",
    "credit_not_processed",
    "customer_initiated",
    "debit_not_authorized",
    "duplicate",
    "fraudulent",
    "general",
    "incorrect_account_details",
    "insufficient_funds",
    "noncompliant",
    "product_not_received",
    "product_unacceptable",
    "subscription_cancelled",
    "unrecognized",
)


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShopBody(Body):
    name: str | None = None
    currency: str = Field(default="USD", pattern="^[A-Z]{3}$")
    iana_timezone: str | None = None


class OrderLineBody(Body):
    """``price`` is of one piece, ``discount`` of the whole line, ``tax_rate`` a fraction (0.08)."""

    sku: str = Field(min_length=1)
    quantity: int = Field(default=1, gt=0)
    vendor: str = "Acme"
    title: str | None = None
    price: Decimal = Field(default=Decimal("10.00"), ge=0, decimal_places=2)
    location: str | None = None
    locations: dict[str, int] | None = None
    """Pieces by location name, where several ship the line; they must add up to the quantity."""
    discount: Decimal = Field(default=Decimal(0), ge=0, decimal_places=2)
    tax_rate: Decimal = Field(default=Decimal(0), ge=0, le=1)


class ShipToBody(Body):
    """A made-up address; what is left out stays as in the emulator's own."""

    first_name: str = "Test"
    last_name: str = "Recipient"
    company: str | None = None
    address1: str = "1 Test Street"
    address2: str | None = None
    city: str = "Testville"
    province: str = "New York"
    province_code: str = "NY"
    zip: str = "00000"
    country: str = "United States"
    country_code: str = Field(default="US", pattern="^[A-Z]{2}$")
    phone: str | None = None


class OrderBody(Body):
    """``number_of_orders`` is how many the customer has made; ``fulfill_at`` makes a pre-order."""

    lines: list[OrderLineBody] = Field(min_length=1)
    tags: list[str] = []
    fulfill: bool = False
    paid: bool = True
    shipping: Decimal = Field(default=Decimal(0), ge=0, decimal_places=2)
    note: str | None = None
    created_at: AwareDatetime | None = None
    number_of_orders: int = Field(default=1, ge=0)
    ship_to: ShipToBody | None = None
    fulfill_at: AwareDatetime | None = None

    @property
    def placed_at(self) -> datetime | None:
        return self.created_at


class TrackingBody(Body):
    company: str | None = None
    number: str | None = None
    url: str | None = None


class LineRef(Body):
    """A line by its id (number or GID) or, where that is clear, by its SKU."""

    line_item_id: int | str | None = None
    sku: str | None = None
    quantity: int = Field(gt=0)


class FulfillBody(Body):
    lines: list[LineRef] | None = None
    tracking: TrackingBody | None = None


class CancelBody(Body):
    reason: Literal["CUSTOMER", "DECLINED", "FRAUD", "INVENTORY", "OTHER", "STAFF"] = "CUSTOMER"


class RiskBody(Body):
    recommendation: Literal["ACCEPT", "CANCEL", "INVESTIGATE", "NONE"]


class PieceBody(Body):
    """Pieces of a fulfillment order by its line's id, an order line's id, or the SKU."""

    id: int | str | None = None
    line_item_id: int | str | None = None
    sku: str | None = None
    quantity: int = Field(gt=0)


class HoldBody(Body):
    """``by`` is "merchant", "app" (the app that talks to this emulator) or another app's title."""

    reason: Literal[
        "AWAITING_PAYMENT",
        "AWAITING_RETURN_ITEMS",
        "HIGH_RISK_OF_FRAUD",
        "INCORRECT_ADDRESS",
        "INVENTORY_OUT_OF_STOCK",
        "ONLINE_STORE_POST_PURCHASE_CROSS_SELL",
        "OTHER",
        "UNKNOWN_DELIVERY_DATE",
    ] = "OTHER"
    notes: str | None = None
    handle: str = ""
    lines: list[PieceBody] = []
    by: str = Field(default="merchant", min_length=1)


class OrderHoldBody(HoldBody):
    """A hold on a fulfillment order, or on each one of an order that can be held."""

    order_id: int | str | None = None
    fulfillment_order_id: int | str | None = None


class ReleaseBody(Body):
    """Without ids all holds are released."""

    hold_ids: list[int | str] = []


class MoveBody(Body):
    """The location's name; one that the shop does not have is added."""

    location: str = Field(min_length=1)
    lines: list[PieceBody] = []


class SplitBody(Body):
    lines: list[PieceBody] = Field(min_length=1)


class MergeBody(Body):
    """Which others go into the one in the path."""

    fulfillment_order_ids: list[int | str] = Field(min_length=1)


class RequestBody(Body):
    message: str | None = None
    lines: list[PieceBody] = []


class MessageBody(Body):
    message: str | None = None


class UnsplittableBody(Body):
    unsplittable: bool = True


class LeftLine(Body):
    """How many pieces of a line are left on the order after the edit."""

    line_item_id: int | str | None = None
    sku: str | None = None
    quantity: int = Field(ge=0)


class EditBody(Body):
    lines: list[LeftLine] = []
    add: list[OrderLineBody] = []


class ReturnLineBody(Body):
    """``reason`` is a value of Shopify's `ReturnReason` or a handle of a reason definition."""

    sku: str | None = None
    fulfillment_line_item_id: int | str | None = None
    quantity: int = Field(default=1, gt=0)
    reason: str = "UNKNOWN"
    note: str | None = None
    restocking_fee: Decimal = Field(default=Decimal(0), ge=0, le=100)


class ReturnBody(Body):
    """``open``: staff opens the return, instead of the customer asking for it."""

    order_id: int | str
    lines: list[ReturnLineBody] = Field(min_length=1)
    open: bool = False


class DeclineBody(Body):
    reason: Literal["FINAL_SALE", "OTHER", "RETURN_PERIOD_ENDED"] = "OTHER"
    note: str | None = None


class RemoveLineBody(Body):
    return_line_item_id: int | str | None = None
    sku: str | None = None
    quantity: int = Field(gt=0)


class ProcessLineBody(Body):
    sku: str
    quantity: int = Field(gt=0)
    disposition: Literal["RESTOCKED", "NOT_RESTOCKED", "MISSING", "PROCESSING_REQUIRED"] | None = (
        None
    )
    location: str | None = None


class ProcessBody(Body):
    """Staff processes goods; ``refund`` gives back what Shopify suggests for them."""

    lines: list[ProcessLineBody] = Field(min_length=1)
    refund: bool = False


class CollectionBody(Body):
    title: str = Field(min_length=1)
    handle: str | None = None
    skus: list[str] = []


class CollectionProductsBody(Body):
    """SKUs whose products go in and out."""

    add: list[str] = []
    remove: list[str] = []


class MetaobjectBody(Body):
    """``type`` is the full one, or begins with ``$app:`` for the app's; ``fields`` are texts by key."""

    type: str = Field(min_length=1)
    handle: str = Field(min_length=1)
    fields: dict[str, str] = {}
    status: Literal["ACTIVE", "DRAFT"] | None = None


class FileBody(Body):
    filename: str = Field(min_length=1, pattern="^[^/]+$")
    content: str
    mime_type: str = "text/csv"


class DisputeBody(Body):
    """Without an amount all that was paid is disputed; without a time there is no due date."""

    order_id: int | str
    type: Literal["chargeback", "inquiry", "CHARGEBACK", "INQUIRY"] = "chargeback"
    reason: str = Field(
        default="product_not_received", pattern="^(?i:" + "|".join(DISPUTE_REASONS) + ")$"
    )
    amount: Decimal | None = Field(default=None, gt=0, decimal_places=2)
    evidence_due_in_s: float | None = 7 * 24 * 3600
    network_reason_code: str | None = None


class DecideBody(Body):
    status: str = Field(pattern="^(?i:won|lost|accepted|prevented|charge_refunded|under_review)$")


class EscalateBody(Body):
    evidence_due_in_s: float | None = 7 * 24 * 3600


class EvidenceBody(Body):
    """``append`` adds a line below what stands in the text."""

    uncategorized_text: str | None = None
    append: str | None = None
    submit: bool = False


class LocationBody(Body):
    name: str = Field(min_length=1)
    country_code: str = "US"
    active: bool = True
    fulfillment_service: str | None = None


class ProductBody(Body):
    """``duplicate`` makes another product of a SKU that there is already."""

    sku: str = Field(min_length=1)
    title: str | None = None
    vendor: str = "Acme"
    price: Decimal = Field(default=Decimal("10.00"), ge=0, decimal_places=2)
    tracked: bool = True
    bundle: bool = False
    duplicate: bool = False
    available: dict[str, int] = {}
    """Sellable quantity by location name."""


class BulkProductsBody(Body):
    """Many products at once: the SKUs, or ``count`` of them made of a prefix and a number from ``start``.

    ``tell``: send the webhooks of each; without it nobody is told, as before an app is installed.
    """

    skus: list[str] = []
    count: int = Field(default=0, ge=0, le=200_000)
    prefix: str = "SKU-"
    start: int = Field(default=1, ge=0)
    vendor: str = "Acme"
    price: Decimal = Field(default=Decimal("10.00"), ge=0, decimal_places=2)
    available: dict[str, int] = {}
    tell: bool = False


class InventoryLevelBody(Body):
    """Staff sets a quantity by hand, or whether the location stocks the item."""

    sku: str | None = None
    inventory_item_id: int | str | None = None
    location: str | None = None
    available: int | None = None
    on_hand: int | None = None
    active: bool | None = None


class WebhookSettings(Body):
    """Seconds. The schedule has one entry a retry; Shopify makes eight."""

    retry_schedule_s: list[float] | None = Field(default=None, max_length=8)
    timeout_s: float | None = Field(default=None, gt=0)


class LimitSettings(Body):
    bucket_size: float | None = Field(default=None, gt=0)
    restore_rate: float | None = Field(default=None, ge=0)
