"""The addresses of purchase orders in the portal. Each POST ends in a redirect, or in the same page with
what is wrong."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from emulators.trading_grid.errors import ApiError, not_found
from emulators.trading_grid.portal.forms import Form
from emulators.trading_grid.portal.orders.forms import (
    packages_of,
    read_acknowledgement,
    read_correction,
    read_invoice,
    read_notice,
    read_response,
)
from emulators.trading_grid.portal.orders.pages import (
    order_page,
    orders_page,
    ship_page,
    shippable,
)
from emulators.trading_grid.portal.pages import Seat
from emulators.trading_grid.portal.site import Site, Upload
from emulators.trading_grid.portal.uploads import read_document
from emulators.trading_grid.resources import documents
from emulators.trading_grid.resources.partners import Partner
from emulators.trading_grid.resources.purchase_orders.desk import OrderDesk
from emulators.trading_grid.resources.shipping.desk import ShippingDesk
from emulators.trading_grid.resources.shipping.model import InvoiceBody, ShipmentNotice
from emulators.trading_grid.store import BusinessReference

DONE = {
    "response": "Your answer was sent.",
    "acknowledged": "The change was acknowledged.",
    "refused": "Your refusal was sent.",
    "notice": "The shipment notice was sent.",
    "correction": "The tracking number was corrected.",
    "invoice": "Your invoice was sent.",
    "document": "Your document was sent.",
}


class OrderPages(Site):
    def routes(self) -> list[Route]:
        orders = "/portal/{partner_id}/purchase-orders"
        order = orders + "/{order_id}"
        return [
            Route(orders, self._page(self.orders), methods=["GET"]),
            Route(order, self._page(self.order), methods=["GET"]),
            Route(f"{order}/responses", self._page(self.respond), methods=["POST"]),
            Route(
                f"{order}/changes/{{change_number}}",
                self._page(self.acknowledge),
                methods=["POST"],
            ),
            Route(f"{order}/shipment", self._page(self.shipment), methods=["GET"]),
            Route(f"{order}/shipment", self._page(self.notify), methods=["POST"]),
            Route(f"{order}/shipments/{{notice_id}}", self._page(self.correct), methods=["POST"]),
            Route(f"{order}/invoices", self._page(self.bill), methods=["POST"]),
            Route(f"{order}/documents", self._page(self.publish), methods=["POST"]),
        ]

    def _of(self, request: Request) -> tuple[Seat, OrderDesk]:
        seat = Seat(self._emulator, request.path_params["partner_id"])
        return seat, seat.order_desk(request.path_params["order_id"])

    def _order(
        self,
        seat: Seat,
        desk: OrderDesk,
        *,
        done: str | None = None,
        form: Form | None = None,
        problem: str | None = None,
        status: int = 200,
    ) -> Response:
        context = order_page(seat, desk, done=done, form=form, problem=problem)
        context["max_file_bytes"] = self._emulator.options.max_file_bytes
        return self._render("order.html", context, status)

    def _refused(self, seat: Seat, desk: OrderDesk, form: Form, error: ApiError) -> Response:
        """The page anew, with what the emulator's own rules say."""
        return self._order(seat, desk, form=form, problem=error.message, status=error.status)

    def _done(self, seat: Seat, desk: OrderDesk, what: str) -> Response:
        place = f"{quote(seat.partner_id, safe='')}/purchase-orders/{desk.order.id}"
        return RedirectResponse(f"/portal/{place}?done={what}", status_code=303)

    def _sender(self, seat: Seat, desk: OrderDesk) -> ShippingDesk:
        partner = desk.tenant.table(Partner).get(seat.partner_id)
        return ShippingDesk(self._emulator, desk.tenant, partner)

    def _references(self, desk: OrderDesk) -> tuple[BusinessReference, ...]:
        return (BusinessReference(type=documents.PURCHASE_ORDER, value=desk.order.po_number),)

    async def orders(self, request: Request) -> Response:
        seat = Seat(self._emulator, request.path_params["partner_id"])
        return self._render("orders.html", orders_page(seat))

    async def order(self, request: Request) -> Response:
        seat, desk = self._of(request)
        done = DONE.get(request.query_params.get("done", ""))
        return self._order(seat, desk, done=done)

    async def respond(self, request: Request) -> Response:
        seat, desk = self._of(request)
        form = Form("response", await self._fields(request))
        body = read_response(form, desk, self._emulator.clock().date())
        if body is None:
            return self._order(seat, desk, form=form, status=422)
        if desk.order.status == "cancelled":
            gone = ApiError(409, "invalid_state", "The purchase order is cancelled.")
            return self._refused(seat, desk, form, gone)
        desk.respond(body)
        return self._done(seat, desk, "response")

    async def acknowledge(self, request: Request) -> Response:
        seat, desk = self._of(request)
        number = request.path_params["change_number"]
        change = desk.change(number)
        if change is None:
            raise not_found("change", number)
        form = Form(f"change-{number}", await self._fields(request))
        body = read_acknowledgement(form)
        if body is None:
            return self._order(seat, desk, form=form, status=422)
        try:
            desk.acknowledge(change, body)
        except ApiError as error:
            return self._refused(seat, desk, form, error)
        return self._done(seat, desk, body.status)

    async def shipment(self, request: Request) -> Response:
        seat, desk = self._of(request)
        return self._render("ship.html", ship_page(seat, desk, form=Form("ship")))

    async def notify(self, request: Request) -> Response:
        """Also adds a package to the form, since no script does."""
        seat, desk = self._of(request)
        form = Form("ship", await self._fields(request))
        if form.values.get("step") == "more":
            form.values = {**form.values, "packages": str(packages_of(form) + 1)}
            return self._render("ship.html", ship_page(seat, desk, form=form))
        body = read_notice(form, shippable(seat, desk))
        if body is None:
            return self._render("ship.html", ship_page(seat, desk, form=form), 422)
        self._sender(seat, desk).notify(body)
        return self._done(seat, desk, "notice")

    async def correct(self, request: Request) -> Response:
        seat, desk = self._of(request)
        key = request.path_params["notice_id"]
        notice = next((one for one in desk.notices() if one.id == key), None)
        if notice is None:
            raise not_found(ShipmentNotice.NAME.replace("_", " "), key)
        form = Form(f"notice-{key}", await self._fields(request))
        patch = read_correction(form, notice)
        if patch is None:
            return self._order(seat, desk, form=form, status=422)
        self._sender(seat, desk).correct(notice, patch)
        return self._done(seat, desk, "correction")

    async def bill(self, request: Request) -> Response:
        seat, desk = self._of(request)
        form = Form("invoice")
        upload = await self._upload(request, form)
        body = None if form.status == 413 else read_invoice(form, desk)
        if body is None:
            return self._order(seat, desk, form=form, status=form.status)
        try:
            self._bill(seat, desk, body, upload)
        except ApiError as error:
            return self._refused(seat, desk, form, error)
        return self._done(seat, desk, "invoice")

    def _bill(self, seat: Seat, desk: OrderDesk, body: InvoiceBody, upload: Upload | None) -> None:
        sender = self._sender(seat, desk)
        if upload is not None:
            content = documents.Content(
                "invoice", upload.name, upload.mime_type, upload.data, self._references(desk)
            )
            paper = documents.publish_by_partner(
                self._emulator, desk.tenant, sender.partner, content
            )
            body = body.model_copy(update={"document_id": paper.id})
        sender.bill(body)

    async def publish(self, request: Request) -> Response:
        seat, desk = self._of(request)
        form = Form("document")
        upload = await self._upload(request, form)
        content = read_document(form, upload, self._references(desk))
        if content is None:
            return self._order(seat, desk, form=form, status=form.status)
        try:
            partner = desk.tenant.table(Partner).get(seat.partner_id)
            documents.publish_by_partner(self._emulator, desk.tenant, partner, content)
        except ApiError as error:
            return self._refused(seat, desk, form, error)
        return self._done(seat, desk, "document")
