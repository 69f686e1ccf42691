"""Whether invoices ask for what was ordered and shipped, at the agreed prices. Pure; what differs is said in words."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain.purchase_order.names import PositionLine
from domain.shipping_documents.matching import wanted
from domain.shipping_documents.papers import Discrepancy, Invoice, InvoiceLine

UNKNOWN_LINE = "invoice_unknown_line"
QUANTITY = "invoice_quantity"
PRICE = "invoice_price"
CURRENCY = "invoice_currency"
TOTAL = "invoice_total"


def check_invoices(
    invoices: Sequence[Invoice],
    lines: Sequence[PositionLine],
    *,
    currency: str,
    tolerance: Decimal,
    shipped: Mapping[str, int] | None,
) -> tuple[Discrepancy, ...]:
    """What is wrong with the invoices of one purchase order; several add up.

    `tolerance` is the share by which a price, or a total, may differ. `shipped` is by line id, None while more is to ship:
    until then the invoices are held against what was ordered.
    """
    found: list[Discrepancy] = []
    invoiced: dict[str, int] = {}
    for invoice in invoices:
        found += _check_one(invoice, lines, currency, tolerance, invoiced)
    about = ", ".join(invoice.invoice_number for invoice in invoices)
    for line in lines:
        asked, there = invoiced.get(line.line_id, 0), wanted(line)
        sent = shipped.get(line.line_id, 0) if shipped is not None else None
        if asked > there:
            words = f"{asked} × {_name(line)} invoiced, {there} ordered"
        elif sent is not None and invoices and asked != sent:
            words = f"{asked} × {_name(line)} invoiced, {sent} shipped"
        else:
            continue
        found.append(Discrepancy(about=about, kind=QUANTITY, text=words))
    return tuple(found)


def _check_one(
    invoice: Invoice,
    lines: Sequence[PositionLine],
    currency: str,
    tolerance: Decimal,
    invoiced: dict[str, int],
) -> list[Discrepancy]:
    """What is wrong with one invoice by itself; its quantities are added to `invoiced`, by line id."""
    number = invoice.invoice_number
    found: list[Discrepancy] = []
    if currency and invoice.currency != currency:
        found.append(
            Discrepancy(
                about=number,
                kind=CURRENCY,
                text=f"invoiced in {invoice.currency}, ordered in {currency}",
            )
        )
    for entry in invoice.lines:
        parts = _lines_of(entry, lines, invoiced)
        if not parts:
            found.append(
                Discrepancy(
                    about=number,
                    kind=UNKNOWN_LINE,
                    text=f"{entry.quantity} × {entry.sku or entry.line_id or 'a line without a name'}"
                    " invoiced, which was not ordered",
                )
            )
        for line, quantity in parts:
            invoiced[line.line_id] = invoiced.get(line.line_id, 0) + quantity
            if abs(entry.unit_price - line.unit_price) > line.unit_price * tolerance:
                found.append(
                    Discrepancy(
                        about=number,
                        kind=PRICE,
                        text=f"{_name(line)} invoiced at {entry.unit_price}, "
                        f"ordered at {line.unit_price}",
                    )
                )
    total = sum((line.unit_price * line.quantity for line in invoice.lines), Decimal(0))
    total += invoice.charges
    if abs(invoice.total - total) > abs(total) * tolerance:
        found.append(
            Discrepancy(
                about=number,
                kind=TOTAL,
                text=f"the total is {invoice.total}, lines and charges add up to {total}",
            )
        )
    return found


def _lines_of(
    entry: InvoiceLine, lines: Sequence[PositionLine], invoiced: Mapping[str, int]
) -> list[tuple[PositionLine, int]]:
    """The lines an invoice's line asks for, with the pieces: by line id, else by SKU, filled in their order; what is more
    than all of them falls to the last."""
    for line in lines:
        if line.line_id == entry.line_id:
            return [(line, entry.quantity)]
    same = [
        line
        for line in lines
        if entry.sku and line.sku.strip().casefold() == entry.sku.strip().casefold()
    ]
    parts: list[tuple[PositionLine, int]] = []
    rest = entry.quantity
    for place, line in enumerate(same):
        room = max(0, wanted(line) - invoiced.get(line.line_id, 0))
        count = rest if place == len(same) - 1 else min(rest, room)
        if count or (not parts and place == len(same) - 1):
            parts.append((line, count))
            rest -= count
    return parts


def _name(line: PositionLine) -> str:
    return line.sku or f"line {line.line_id}"
