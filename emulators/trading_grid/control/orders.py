"""Control of what partners say to purchase orders, ship, bill and publish."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.trading_grid.control.bodies import (
    SharedContentBody,
    TenantInvoiceBody,
    TenantNoticeBody,
)
from emulators.trading_grid.control.hands import ControlHandler, Hands
from emulators.trading_grid.errors import not_found
from emulators.trading_grid.resources import documents
from emulators.trading_grid.resources.partners import Partner
from emulators.trading_grid.resources.purchase_orders.desk import OrderDesk
from emulators.trading_grid.resources.purchase_orders.model import (
    AcknowledgeBody,
    PurchaseOrder,
    ResponseBody,
    render_child,
)
from emulators.trading_grid.resources.shipping.desk import ShippingDesk, sender
from emulators.trading_grid.resources.shipping.model import (
    InvoiceBody,
    NoticeBody,
    NoticePatch,
    ShipmentNotice,
    render_invoice,
    render_notice,
)


class OrderControl(Hands):
    def routes(self) -> list[Route]:
        calls: list[tuple[str, ControlHandler]] = [
            ("/purchase-orders/{order_id}/responses", self.respond),
            ("/purchase-orders/{order_id}/changes/{change_number}/acknowledge", self.acknowledge),
            ("/shipment-notices", self.notify),
            ("/shipment-notices/{notice_id}", self.correct),
            ("/invoices", self.bill),
            ("/documents", self.publish),
        ]
        return [self._route("POST", path, handler) for path, handler in calls]

    def _desk(self, request: Request) -> OrderDesk:
        """By id or by number, which may be the same in several tenants: then the first. Raises 404."""
        key = request.path_params["order_id"]
        for tenant in self._emulator.tenants.values():
            table = tenant.table(PurchaseOrder)
            order = table.find(key) or table.numbered(key)
            if order is not None:
                return OrderDesk(self._emulator, tenant, order)
        raise not_found("purchase order", key)

    async def respond(self, request: Request) -> Response:
        desk = self._desk(request)
        response = desk.respond(await self._body(request, ResponseBody))
        return JSONResponse(render_child(response, self._links(request)), 201)

    async def acknowledge(self, request: Request) -> Response:
        desk = self._desk(request)
        number = request.path_params["change_number"]
        change = desk.change(number)
        if change is None:
            raise not_found("change", number)
        desk.acknowledge(change, await self._body(request, AcknowledgeBody))
        return JSONResponse(render_child(change, self._links(request)))

    async def notify(self, request: Request) -> Response:
        body = await self._body(request, TenantNoticeBody)
        tenant = self._tenant(body.tenant)
        items = (item.po_number for package in body.packages for item in package.items)
        partner = sender(tenant, body.partner_id, [*body.po_numbers, *items])
        plain = NoticeBody(**{name: getattr(body, name) for name in NoticeBody.model_fields})
        notice = ShippingDesk(self._emulator, tenant, partner).notify(plain)
        return JSONResponse(render_notice(notice, self._links(request)), 201)

    async def correct(self, request: Request) -> Response:
        tenant, notice = self._find(ShipmentNotice, request.path_params["notice_id"])
        patch = await self._body(request, NoticePatch)
        partner = tenant.table(Partner).get(notice.partner_id)
        ShippingDesk(self._emulator, tenant, partner).correct(notice, patch)
        return JSONResponse(render_notice(notice, self._links(request)))

    async def bill(self, request: Request) -> Response:
        body = await self._body(request, TenantInvoiceBody)
        tenant = self._tenant(body.tenant)
        partner = sender(tenant, body.partner_id, [body.po_number])
        plain = InvoiceBody(**{name: getattr(body, name) for name in InvoiceBody.model_fields})
        invoice = ShippingDesk(self._emulator, tenant, partner).bill(plain)
        return JSONResponse(render_invoice(invoice, self._links(request)), 201)

    async def publish(self, request: Request) -> Response:
        body = await self._body(request, SharedContentBody)
        tenant = self._tenant(body.tenant)
        named = [one for one in body.business_references if one.type == documents.PURCHASE_ORDER]
        partner = sender(tenant, body.partner_id, [one.value for one in named])
        document = documents.publish_by_partner(self._emulator, tenant, partner, body.content())
        return JSONResponse(documents.render(document, self._links(request)), 201)
