"""Invoices: what a partner asks to be paid for."""

from decimal import Decimal
from typing import Protocol

from clients.trading_grid.port.common import (
    Amount,
    Currency,
    Many,
    Name,
    Pieces,
    Price,
    Received,
    UtcTime,
)


class InvoiceLine(Received):
    """Without `line_id`, the SKU says which line of the purchase order it is. It may be none."""

    line_id: str | None = None
    sku: str | None = None
    quantity: Pieces
    unit_price: Price


class Invoice(Received):
    """An invoice (X12 810) for one purchase order, as it came: right or wrong, the reader compares.

    `charges` is what is asked beside the lines (freight; an allowance is negative) and `total` all
    of it, both in `currency`.
    """

    id: Name
    invoice_number: Name
    partner_id: str | None = None
    po_number: Name
    currency: Currency
    lines: Many[InvoiceLine] = ()
    charges: Amount = Decimal(0)
    total: Amount
    document_id: str | None = None
    version: int
    create_time: UtcTime | None = None
    update_time: UtcTime | None = None


class Invoices(Protocol):
    async def invoice(self, invoice_id: str) -> Invoice:
        """Raises NotFound, and ContractMismatch, which names the field, for what can't be read."""
        ...
