"""Refunds as they are recorded on an order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from emulators.shopify.model.catalog import Location
from emulators.shopify.model.money import ZERO
from emulators.shopify.model.orders import LineItem, Order, Transaction
from emulators.shopify.model.resource import Resource
from emulators.shopify.model.returns import Return


@dataclass(eq=False, repr=False)
class RefundLineItem(Resource):
    gql_type: ClassVar[str] = "RefundLineItem"
    id: int
    line_item: LineItem
    quantity: int
    subtotal: Decimal
    tax: Decimal
    restock_type: str
    location: Location | None


@dataclass(eq=False, repr=False)
class Refund(Resource):
    gql_type: ClassVar[str] = "Refund"
    id: int
    order: Order
    created_at: datetime
    note: str | None = None
    return_: Return | None = None
    shipping: Decimal = ZERO
    line_items: list[RefundLineItem] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    adjustment_id: int = 0

    @property
    def total(self) -> Decimal:
        return sum((t.amount for t in self.transactions), ZERO)

    @property
    def discrepancy(self) -> Decimal:
        """Money given back beyond (or, below zero, short of) what the refunded things cost."""
        worth = sum((item.subtotal + item.tax for item in self.line_items), self.shipping)
        return self.total - worth
