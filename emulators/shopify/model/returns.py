"""Returns, their lines, and reverse fulfillment orders with what was done with the goods."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from emulators.shopify.model.catalog import Location
from emulators.shopify.model.fulfillment_orders import FulfillmentLineItem
from emulators.shopify.model.money import ZERO, rounded
from emulators.shopify.model.orders import Order
from emulators.shopify.model.resource import Resource

FINAL_DISPOSITIONS = frozenset({"RESTOCKED", "NOT_RESTOCKED", "MISSING"})
"""PROCESSING_REQUIRED is the one disposition that a later one replaces."""


@dataclass(eq=False, repr=False)
class ReturnReasonDefinition(Resource):
    gql_type: ClassVar[str] = "ReturnReasonDefinition"
    id: int
    handle: str
    name: str
    reason: str
    """The value of the deprecated `ReturnReason` enum it stands for."""
    deleted: bool = False


@dataclass(eq=False, repr=False)
class ReturnLineItem(Resource):
    gql_type: ClassVar[str] = "ReturnLineItem"
    id: int
    return_: Return
    fulfillment_line_item: FulfillmentLineItem
    quantity: int
    reason: ReturnReasonDefinition
    reason_note: str = ""
    customer_note: str | None = None
    restocking_fee_percentage: Decimal = ZERO
    restocking_fee_id: int | None = None
    processed_quantity: int = 0
    refunded_quantity: int = 0

    @property
    def unprocessed_quantity(self) -> int:
        return self.quantity - self.processed_quantity

    @property
    def processable_quantity(self) -> int:
        """Goods can be processed only while the return is open."""
        return self.unprocessed_quantity if self.return_.status == "OPEN" else 0

    @property
    def refundable_quantity(self) -> int:
        if self.return_.status not in ("OPEN", "CLOSED"):
            return 0
        left_on_order = self.fulfillment_line_item.line_item.refundable_quantity
        return max(0, min(self.quantity - self.refunded_quantity, left_on_order))

    @property
    def price(self) -> Decimal:
        return self.fulfillment_line_item.line_item.price_of(self.quantity)

    def restocking_fee(self, subtotal: Decimal) -> Decimal:
        currency = self.return_.order.currency
        return rounded(subtotal * self.restocking_fee_percentage / 100, currency)


@dataclass(eq=False, repr=False)
class Disposition(Resource):
    gql_type: ClassVar[str] = "ReverseFulfillmentOrderDisposition"
    id: int
    type: str
    quantity: int
    location: Location | None
    created_at: datetime


@dataclass(eq=False, repr=False)
class ReverseFulfillmentOrderLineItem(Resource):
    gql_type: ClassVar[str] = "ReverseFulfillmentOrderLineItem"
    id: int
    reverse_fulfillment_order: ReverseFulfillmentOrder
    fulfillment_line_item: FulfillmentLineItem
    total_quantity: int
    dispositions: list[Disposition] = field(default_factory=list)

    @property
    def disposable_quantity(self) -> int:
        """Pieces without a final disposition."""
        final = (d.quantity for d in self.dispositions if d.type in FINAL_DISPOSITIONS)
        return self.total_quantity - sum(final)


@dataclass(eq=False, repr=False)
class ReverseFulfillmentOrder(Resource):
    gql_type: ClassVar[str] = "ReverseFulfillmentOrder"
    id: int
    return_: Return
    line_items: list[ReverseFulfillmentOrderLineItem] = field(default_factory=list)
    status: str = "OPEN"


@dataclass(frozen=True)
class Decline:
    reason: str
    note: str | None


@dataclass(eq=False, repr=False)
class Return(Resource):
    gql_type: ClassVar[str] = "Return"
    id: int
    order: Order
    name: str
    created_at: datetime
    status: str
    line_items: list[ReturnLineItem] = field(default_factory=list)
    reverse_fulfillment_orders: list[ReverseFulfillmentOrder] = field(default_factory=list)
    decline: Decline | None = None
    request_approved_at: datetime | None = None
    closed_at: datetime | None = None

    @property
    def total_quantity(self) -> int:
        return sum(line.quantity for line in self.line_items)

    @property
    def untouched(self) -> bool:
        """Nothing processed, refunded or inspected yet."""
        lines = all(ln.processed_quantity == ln.refunded_quantity == 0 for ln in self.line_items)
        inspected = any(
            item.dispositions for rfo in self.reverse_fulfillment_orders for item in rfo.line_items
        )
        return lines and not inspected
