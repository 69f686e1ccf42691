"""Purchase orders: confirmed or backordered, changed, shipped and billed."""

from datetime import date, timedelta

from emulators.trading_grid.bots import papers
from emulators.trading_grid.bots.duties import Duties
from emulators.trading_grid.bots.settings import BotSettings, SettingsOf
from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.resources import documents
from emulators.trading_grid.resources.partners import Partner
from emulators.trading_grid.resources.purchase_orders.desk import OrderDesk
from emulators.trading_grid.resources.purchase_orders.model import (
    AcknowledgeBody,
    OrderChange,
    OrderLine,
    PurchaseOrder,
    ResponseBody,
    ResponseLine,
)
from emulators.trading_grid.resources.shipping.desk import ShippingDesk
from emulators.trading_grid.resources.shipping.model import (
    InvoiceBody,
    InvoiceLine,
    NoticeBody,
    Package,
    PackageItem,
)
from emulators.trading_grid.store import BusinessReference, Tenant

BACKORDERED = ("IB", "BP")
IN_TRANSIT = timedelta(days=3)
DATED_ANEW = timedelta(days=7)
REFUSED_NOTE = "The order is in work and can no longer be changed."


class OrderBot:
    def __init__(self, emulator: Emulator, duties: Duties, settings: SettingsOf) -> None:
        self._emulator = emulator
        self._duties = duties
        self._settings = settings

    def plan(self, tenant: Tenant, order: PurchaseOrder, *, anew: bool = False) -> None:
        settings = self._settings(tenant, order.partner_id)
        desk = OrderDesk(self._emulator, tenant, order)
        self._duties.plan(
            ("confirm", order.id),
            settings.delay(),
            lambda: self._owes_response(desk),
            lambda: self._respond(desk),
            anew,
        )
        for change in desk.changes():
            self._plan_change(desk, change, settings, anew)
        self._duties.plan(
            ("date anew", order.id),
            settings.ship_delay(),
            lambda: self._owes_dates(desk),
            lambda: self._date_anew(desk),
            anew,
        )
        self._duties.plan(
            ("ship", order.id),
            settings.ship_delay(),
            lambda: self._owes_shipment(desk),
            lambda: self._ship(desk),
            anew,
        )

    def _plan_change(
        self, desk: OrderDesk, change: OrderChange, settings: BotSettings, anew: bool
    ) -> None:
        self._duties.plan(
            ("acknowledge", change.id),
            settings.delay(),
            lambda: self._of(desk).acts() and change.status == "pending",
            lambda: self._acknowledge(desk, change),
            anew,
        )

    def _of(self, desk: OrderDesk) -> BotSettings:
        return self._settings(desk.tenant, desk.order.partner_id)

    def _owes_response(self, desk: OrderDesk) -> bool:
        return self._of(desk).acts() and desk.order.status == "sent"

    def _owes_dates(self, desk: OrderDesk) -> bool:
        settings = self._of(desk)
        return settings.acts() and settings.ships and bool(self._backordered(desk))

    def _owes_shipment(self, desk: OrderDesk) -> bool:
        """What was promised, once nothing of it is backordered or about to be changed."""
        settings = self._of(desk)
        return (
            settings.acts()
            and settings.ships
            and desk.order.status in ("acknowledged", "partially_shipped")
            and not any(change.status == "pending" for change in desk.changes())
            and not self._backordered(desk)
            and bool(desk.left())
        )

    def _backordered(self, desk: OrderDesk) -> list[OrderLine]:
        standing, left = desk.standing(), desk.left()
        return [
            line
            for line in desk.order.lines
            if line.line_id in left
            and line.line_id in standing
            and standing[line.line_id].ack_code in BACKORDERED
        ]

    def _today(self) -> date:
        return self._emulator.clock().date()

    def _respond(self, desk: OrderDesk) -> None:
        accepts = self._of(desk).accepts()
        ordered = [line for line in desk.order.lines if line.quantity]
        lines = [self._accepted(desk, one) if accepts else _late(one) for one in ordered]
        desk.respond(ResponseBody(lines=lines))

    def _accepted(self, desk: OrderDesk, line: OrderLine) -> ResponseLine:
        day = max(desk.order.requested_ship_date or self._today(), self._today())
        return ResponseLine(
            line_id=line.line_id,
            ack_code="IA",
            quantity=line.quantity,
            scheduled_ship_date=day.isoformat(),
            scheduled_delivery_date=(day + IN_TRANSIT).isoformat(),
        )

    def _date_anew(self, desk: OrderDesk) -> None:
        day = self._today() + DATED_ANEW
        lines = [
            ResponseLine(
                line_id=line.line_id,
                ack_code="DR",
                quantity=line.quantity,
                scheduled_ship_date=day.isoformat(),
                scheduled_delivery_date=(day + IN_TRANSIT).isoformat(),
            )
            for line in self._backordered(desk)
        ]
        desk.respond(ResponseBody(lines=lines))

    def _acknowledge(self, desk: OrderDesk, change: OrderChange) -> None:
        if self._of(desk).accepts():
            desk.acknowledge(change, AcknowledgeBody())
        else:
            desk.acknowledge(change, AcknowledgeBody(status="refused", note=REFUSED_NOTE))

    def _ship(self, desk: OrderDesk) -> None:
        """One package with everything that is left: packing list, notice, invoice as a paper, invoice."""
        tenant, number = desk.tenant, desk.order.po_number
        partner = tenant.table(Partner).get(desk.order.partner_id)
        sender = ShippingDesk(self._emulator, tenant, partner)
        left = desk.left()
        lines = [line for line in desk.order.lines if line.line_id in left]
        rows = [f"{left[line.line_id]} x {line.sku}" for line in lines]
        items = [
            PackageItem(
                po_number=number,
                line_id=line.line_id,
                sku=line.sku,
                quantity=left[line.line_id],
            )
            for line in lines
        ]
        package = Package(
            sscc=papers.sscc(number), tracking_number=papers.tracking_number(), items=items
        )
        packing_list = self._publish(desk, partner, "packing_list", rows)
        sender.notify(
            NoticeBody(
                carrier="UPS",
                scac="UPSN",
                ship_date=self._today().isoformat(),
                estimated_delivery_date=(self._today() + IN_TRANSIT).isoformat(),
                packages=[package],
                document_ids=[packing_list.id],
            )
        )
        self._bill(desk, sender, lines, left)

    def _bill(
        self, desk: OrderDesk, sender: ShippingDesk, lines: list[OrderLine], left: dict[str, int]
    ) -> None:
        """The invoice and its paper; without prices and their currency there is nothing to bill."""
        priced = [line for line in lines if line.unit_price is not None and line.currency]
        if not priced:
            return
        body = InvoiceBody(
            po_number=desk.order.po_number,
            currency=priced[0].currency,
            lines=[
                InvoiceLine(
                    line_id=line.line_id,
                    sku=line.sku,
                    quantity=left[line.line_id],
                    unit_price=line.unit_price or "0",
                )
                for line in priced
            ],
        )
        rows = [f"{left[line.line_id]} x {line.sku} at {line.unit_price}" for line in priced]
        rows.append(f"Total {body.added_up()} {body.currency}")
        paper = self._publish(desk, sender.partner, "invoice", rows)
        sender.bill(body.model_copy(update={"document_id": paper.id}))

    def _publish(
        self,
        desk: OrderDesk,
        partner: Partner,
        document_type: documents.DocumentType,
        rows: list[str],
    ) -> documents.Document:
        number = desk.order.po_number
        title = f"{document_type.replace('_', ' ').capitalize()} for {number}"
        content = documents.Content(
            document_type,
            f"{document_type.replace('_', '-')}-{number}.pdf",
            papers.PDF,
            papers.pdf(title, rows),
            (BusinessReference(type=documents.PURCHASE_ORDER, value=number),),
        )
        return documents.publish_by_partner(self._emulator, desk.tenant, partner, content)


def _late(line: OrderLine) -> ResponseLine:
    """Half now and the rest backordered, where there is a half. ``quantity`` is what the code speaks of."""
    part = line.quantity // 2
    return ResponseLine(
        line_id=line.line_id,
        ack_code="BP" if part else "IB",
        quantity=part or line.quantity,
    )
