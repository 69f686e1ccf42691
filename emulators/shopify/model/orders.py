"""Orders with their lines and payments, and what an order says of its customer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from emulators.shopify.model.catalog import Location, Variant
from emulators.shopify.model.money import ZERO, Money, rounded, share
from emulators.shopify.model.resource import Resource

if TYPE_CHECKING:
    from emulators.shopify.model.fulfillment_orders import Fulfillment, FulfillmentOrder
    from emulators.shopify.model.refunds import Refund
    from emulators.shopify.model.returns import Return


@dataclass(eq=False, repr=False)
class LineItem(Resource):
    """A line of an order. ``discount`` is the discount of the whole line; ``tax_rate`` is a fraction."""

    gql_type: ClassVar[str] = "LineItem"
    id: int
    order: Order
    variant: Variant
    quantity: int
    unit_price: Decimal
    location: Location
    discount: Decimal = ZERO
    tax_rate: Decimal = ZERO
    removed: int = 0
    """Taken off the order before it was fulfilled (edit, cancellation, refund)."""

    @property
    def sku(self) -> str:
        return self.variant.sku

    @property
    def title(self) -> str:
        return self.variant.product.title

    @property
    def name(self) -> str:
        default = self.variant.title == "Default Title"
        return self.title if default else f"{self.title} - {self.variant.title}"

    @property
    def variant_title(self) -> str | None:
        return None if self.variant.title == "Default Title" else self.variant.title

    @property
    def vendor(self) -> str:
        return self.variant.product.vendor

    @property
    def currency(self) -> str:
        return self.order.currency

    @property
    def original_total(self) -> Decimal:
        return self.unit_price * self.quantity

    @property
    def discounted_total(self) -> Decimal:
        return self.original_total - self.discount

    @property
    def total_tax(self) -> Decimal:
        return rounded(self.discounted_total * self.tax_rate, self.currency)

    @property
    def fulfilled(self) -> int:
        return sum(
            item.quantity
            for fulfillment in self.order.fulfillments
            if fulfillment.status == "SUCCESS"
            for item in fulfillment.line_items
            if item.line_item is self
        )

    @property
    def unfulfilled_quantity(self) -> int:
        return self.quantity - self.removed - self.fulfilled

    @property
    def refunded_quantity(self) -> int:
        return sum(
            item.quantity
            for refund in self.order.refunds
            for item in refund.line_items
            if item.line_item is self
        )

    @property
    def refundable_quantity(self) -> int:
        return self.quantity - max(self.refunded_quantity, self.removed)

    @property
    def current_quantity(self) -> int:
        """Less what was removed, refunded or processed in a return, whichever is most."""
        processed = sum(
            item.processed_quantity
            for return_ in self.order.returns
            for item in return_.line_items
            if item.fulfillment_line_item.line_item is self
        )
        return self.quantity - max(self.refunded_quantity, self.removed, processed)

    def price_of(self, quantity: int, *, after: int = 0) -> Decimal:
        """Discounted price of the next ``quantity`` pieces once ``after`` are accounted for."""
        return self._slice(self.discounted_total, quantity, after)

    def tax_of(self, quantity: int, *, after: int = 0) -> Decimal:
        """Tax of the next ``quantity`` pieces once ``after`` are accounted for."""
        return self._slice(self.total_tax, quantity, after)

    def _slice(self, total: Decimal, quantity: int, after: int) -> Decimal:
        upto = share(total, after + quantity, self.quantity, self.currency)
        return upto - share(total, after, self.quantity, self.currency)


@dataclass(eq=False, repr=False)
class Transaction(Resource):
    """A movement of money on an order. A refund names the payment it gives back as its parent."""

    gql_type: ClassVar[str] = "OrderTransaction"
    id: int
    order: Order
    kind: str
    amount: Decimal
    gateway: str
    created_at: datetime
    status: str = "SUCCESS"
    parent: Transaction | None = None

    @property
    def refundable(self) -> Decimal:
        """What of a payment has not been given back; below zero after over-refunding."""
        if self.kind not in ("SALE", "CAPTURE"):
            return ZERO
        given = sum((t.amount for t in self.order.transactions if t.parent is self), ZERO)
        return self.amount - given


@dataclass(frozen=True)
class Address:
    """Where an order goes. What stands here belongs to nobody: an order without a ship-to gets it."""

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
    country_code: str = "US"
    phone: str | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass(eq=False, repr=False)
class Order(Resource):
    """``number_of_orders`` is how many its customer has made; ``risk`` is Shopify's recommendation."""

    gql_type: ClassVar[str] = "Order"
    id: int
    number: int
    currency: str
    created_at: datetime
    updated_at: datetime
    line_items: list[LineItem] = field(default_factory=list)
    fulfillment_orders: list[FulfillmentOrder] = field(default_factory=list)
    fulfillments: list[Fulfillment] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    returns: list[Return] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    shipping: Decimal = ZERO
    note: str | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    closed_at: datetime | None = None
    edited: bool = False
    number_of_orders: int = 1
    ship_to: Address = Address()
    risk: str = "NONE"

    @property
    def name(self) -> str:
        return f"#{self.number}"

    def money(self, amount: Decimal) -> Money:
        return Money(amount, self.currency)

    @property
    def subtotal(self) -> Decimal:
        return sum((line.discounted_total for line in self.line_items), ZERO)

    @property
    def tax(self) -> Decimal:
        return sum((line.total_tax for line in self.line_items), ZERO)

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.tax + self.shipping

    @property
    def payments(self) -> list[Transaction]:
        return [t for t in self.transactions if t.kind in ("SALE", "CAPTURE")]

    @property
    def received(self) -> Decimal:
        return sum((t.amount for t in self.payments), ZERO)

    @property
    def refunded(self) -> Decimal:
        return sum((t.amount for t in self.transactions if t.kind == "REFUND"), ZERO)

    @property
    def refundable(self) -> Decimal:
        """What was paid and not given back; never below zero."""
        return max(ZERO, self.received - self.refunded)

    @property
    def refunded_shipping(self) -> Decimal:
        return sum((refund.shipping for refund in self.refunds), ZERO)

    @property
    def current_subtotal(self) -> Decimal:
        return sum((ln.price_of(ln.current_quantity) for ln in self.line_items), ZERO)

    @property
    def current_tax(self) -> Decimal:
        return sum((ln.tax_of(ln.current_quantity) for ln in self.line_items), ZERO)

    @property
    def current_total(self) -> Decimal:
        return self.current_subtotal + self.current_tax + self.shipping - self.refunded_shipping

    @property
    def outstanding(self) -> Decimal:
        return max(ZERO, self.current_total - (self.received - self.refunded))

    @property
    def financial_status(self) -> str:
        if self.received == ZERO:
            return "VOIDED" if self.cancelled_at is not None else "PENDING"
        if self.refunded >= self.received:
            return "REFUNDED"
        if self.refunded > ZERO:
            return "PARTIALLY_REFUNDED"
        return "PAID" if self.outstanding == ZERO else "PARTIALLY_PAID"

    @property
    def fulfillment_status(self) -> str:
        """What has been shipped: FULFILLED, PARTIALLY_FULFILLED or UNFULFILLED."""
        if not any(f.status == "SUCCESS" for f in self.fulfillments):
            return "UNFULFILLED"
        left = sum(line.unfulfilled_quantity for line in self.line_items)
        return "PARTIALLY_FULFILLED" if left else "FULFILLED"

    @property
    def display_fulfillment_status(self) -> str:
        """What staff see: before anything is shipped, what all the open fulfillment orders have in common."""
        open_ = {fo.status for fo in self.fulfillment_orders if not fo.ended}
        common = ("ON_HOLD", "SCHEDULED", "IN_PROGRESS")
        if self.fulfillment_status == "UNFULFILLED" and len(open_) == 1 and open_ & {*common}:
            return open_.pop()
        return self.fulfillment_status

    @property
    def return_status(self) -> str:
        """Where several returns differ, a request waits for an answer and comes first (assumed)."""
        statuses = {return_.status for return_ in self.returns}
        if "REQUESTED" in statuses:
            return "RETURN_REQUESTED"
        if "OPEN" in statuses:
            opened = [return_ for return_ in self.returns if return_.status == "OPEN"]
            done = all(line.unprocessed_quantity == 0 for r in opened for line in r.line_items)
            return "INSPECTION_COMPLETE" if done else "IN_PROGRESS"
        return "RETURNED" if "CLOSED" in statuses else "NO_RETURN"
