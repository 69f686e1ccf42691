"""Trading Grid's notices, invoices and purchase orders in our words. Pure."""

from decimal import Decimal

from clients.trading_grid import port
from domain.purchase_order.names import Position, PositionLine
from domain.shipping_documents.papers import (
    Invoice,
    InvoiceLine,
    Notice,
    NoticeItem,
    NoticePackage,
)


def notice_of(found: port.ShipmentNotice, po_number: str) -> Notice:
    """The notice with the items of this purchase order alone; the rest is other cases'."""
    return Notice(
        id=found.id,
        version=found.version,
        created=found.create_time,
        shipment_number=found.shipment_number,
        carrier=found.carrier or found.scac,
        ship_date=found.ship_date.isoformat() if found.ship_date else "",
        packages=tuple(
            NoticePackage(
                sscc=package.sscc or "",
                tracking_number=package.tracking_number or "",
                items=tuple(
                    NoticeItem(
                        line_id=item.line_id or "", sku=item.sku or "", quantity=item.quantity
                    )
                    for item in package.items
                    if item.po_number == po_number
                ),
            )
            for package in found.packages
        ),
        document_ids=found.document_ids,
    )


def invoice_of(found: port.Invoice) -> Invoice:
    return Invoice(
        id=found.id,
        version=found.version,
        created=found.create_time,
        invoice_number=found.invoice_number,
        currency=found.currency,
        lines=tuple(
            InvoiceLine(
                line_id=line.line_id or "",
                sku=line.sku or "",
                quantity=line.quantity,
                unit_price=line.unit_price,
            )
            for line in found.lines
        ),
        charges=found.charges,
        total=found.total,
        document_id=found.document_id or "",
    )


def position_of(found: port.PurchaseOrder, tenant: str) -> Position:
    """A purchase order that no case of ours answers for, as Trading Grid has it: what shipped of it, it does not say."""
    return Position(
        found=True,
        po_number=found.po_number,
        partner=found.partner_id,
        tenant=tenant,
        currency=next((line.currency for line in found.lines if line.currency), ""),
        closed=True,
        lines=tuple(
            PositionLine(
                line_id=line.line_id,
                sku=line.sku or "",
                unit_price=line.unit_price or Decimal(0),
                ordered=line.quantity,
                cancelled=line.quantity if found.status == "cancelled" else 0,
            )
            for line in found.lines
        ),
    )
