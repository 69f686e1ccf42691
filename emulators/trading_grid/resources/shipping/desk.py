"""What a partner does about shipments: tells of them, corrects what it told, and bills them."""

from collections.abc import Iterable

from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import invalid
from emulators.trading_grid.resources.documents import Document
from emulators.trading_grid.resources.partners import Partner
from emulators.trading_grid.resources.purchase_orders.desk import OrderDesk
from emulators.trading_grid.resources.purchase_orders.model import (
    PurchaseOrder,
    only_order,
    order_numbered,
)
from emulators.trading_grid.resources.shipping.model import (
    Invoice,
    InvoiceBody,
    NoticeBody,
    NoticePatch,
    ShipmentNotice,
)
from emulators.trading_grid.store import Tenant


def sender(tenant: Tenant, partner_id: str | None, po_numbers: Iterable[str]) -> Partner:
    """The named partner, or the one of the first known purchase order. Raises ApiError 404 or 422."""
    if partner_id is not None:
        return tenant.table(Partner).get(partner_id)
    for number in po_numbers:
        order = tenant.table(PurchaseOrder).numbered(number)
        if order is not None:
            return tenant.table(Partner).get(order.partner_id)
    raise invalid("Name the partner; no purchase order named here is known.", "partner_id")


class ShippingDesk:
    """One partner of one tenant, and what it sends about its shipments."""

    def __init__(self, emulator: Emulator, tenant: Tenant, partner: Partner) -> None:
        self.emulator = emulator
        self.tenant = tenant
        self.partner = partner

    def notify(self, body: NoticeBody) -> ShipmentNotice:
        """A shipment notice. Raises ApiError 422."""
        fields = dict(body)
        named = [item.po_number for package in body.packages for item in package.items]
        fields["po_numbers"] = list(dict.fromkeys([*body.po_numbers, *named]))
        if not fields["po_numbers"]:
            raise invalid("A shipment notice names a purchase order.", "po_numbers")
        self._check_documents(body.document_ids)
        table = self.tenant.table(ShipmentNotice)
        now = self.emulator.clock()
        fields["partner_id"] = self.partner.id
        fields["shipment_number"] = body.shipment_number or f"SHP-{len(table) + 1:06d}"
        notice = table.add(ShipmentNotice(**fields, create_time=now, update_time=now))
        self._tell(notice, notice.po_numbers)
        return notice

    def correct(self, notice: ShipmentNotice, patch: NoticePatch) -> None:
        """A new version of the same notice, told of again. Raises ApiError 422."""
        for name in patch.model_fields_set:
            if getattr(patch, name) is None and name in ("po_numbers", "packages", "document_ids"):
                raise invalid(f"{name} can't be null.", name)
        self._check_documents(patch.document_ids or ())
        before = notice.owners()
        for name in patch.model_fields_set - {"po_numbers"}:
            setattr(notice, name, getattr(patch, name))
        kept = before if patch.po_numbers is None else patch.po_numbers
        items = (item.po_number for item in notice.items())
        notice.po_numbers = list(dict.fromkeys([*kept, *items]))
        self.tenant.table(ShipmentNotice).owned_anew(notice, before)
        notice.touch(self.emulator.clock())
        self._tell(notice, [*before, *(one for one in notice.po_numbers if one not in before)])

    def bill(self, body: InvoiceBody) -> Invoice:
        """An invoice. Raises ApiError 422."""
        order = order_numbered(self.tenant, self.partner.id, body.po_number)
        lines = order.lines if order is not None else []
        currency = body.currency or next((line.currency for line in lines if line.currency), None)
        if currency is None:
            raise invalid("Name the currency; the purchase order doesn't tell it.", "currency")
        self._check_documents([body.document_id] if body.document_id else ())
        table = self.tenant.table(Invoice)
        now = self.emulator.clock()
        fields = {
            **dict(body),
            "partner_id": self.partner.id,
            "invoice_number": body.invoice_number or f"INV-{len(table) + 1:06d}",
            "currency": currency,
            "total": body.total or body.added_up(),
        }
        invoice = table.add(Invoice(**fields, create_time=now, update_time=now))
        self.emulator.publish(
            self.tenant,
            "invoice.received",
            invoice,
            reference=order.external_reference if order is not None else None,
        )
        return invoice

    def _check_documents(self, ids: Iterable[str]) -> None:
        for one in ids:
            if self.tenant.table(Document).find(one) is None:
                raise invalid(f"There is no document {one!r}; publish it first.", "document_ids")

    def _tell(self, notice: ShipmentNotice, po_numbers: list[str]) -> None:
        """Moves the purchase orders concerned, then tells of the notice."""
        orders = [
            order
            for number in po_numbers
            if (order := order_numbered(self.tenant, self.partner.id, number)) is not None
        ]
        for order in orders:
            OrderDesk(self.emulator, self.tenant, order).moved()
        only = only_order(self.tenant, self.partner.id, notice.po_numbers)
        self.emulator.publish(
            self.tenant,
            "shipment_notice.received",
            notice,
            reference=only.external_reference if only is not None else None,
        )
        for order in orders:
            self.emulator.changed(self.tenant, order)
