"""The addresses of stock in the portal."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from emulators.trading_grid.errors import ApiError
from emulators.trading_grid.portal.forms import Form
from emulators.trading_grid.portal.pages import Seat
from emulators.trading_grid.portal.site import Site
from emulators.trading_grid.portal.stock.forms import MORE_ROWS, read_advice, rows_of
from emulators.trading_grid.portal.stock.pages import advice_page, stock_page
from emulators.trading_grid.query import whole_number
from emulators.trading_grid.resources.inventory_advices.desk import StockDesk

DONE = {"advice": "Your stock was published."}


class StockPages(Site):
    def routes(self) -> list[Route]:
        stock = "/portal/{partner_id}/inventory"
        return [
            Route(stock, self._page(self.stock), methods=["GET"]),
            Route(stock, self._page(self.publish), methods=["POST"]),
            Route(f"{stock}/{{advice_id}}", self._page(self.advice), methods=["GET"]),
        ]

    def _seat(self, request: Request) -> Seat:
        return Seat(self._emulator, request.path_params["partner_id"])

    async def stock(self, request: Request) -> Response:
        return self._render("stock.html", stock_page(self._seat(request), form=Form("advice")))

    async def advice(self, request: Request) -> Response:
        seat = self._seat(request)
        tenant, advice = seat.advice(request.path_params["advice_id"])
        page = whole_number(request.query_params, "page", 1, 1, 10**6)
        done = DONE.get(request.query_params.get("done", ""))
        return self._render("advice.html", advice_page(seat, tenant, advice, page=page, done=done))

    async def publish(self, request: Request) -> Response:
        """Also adds lines to the form, since no script does."""
        seat = self._seat(request)
        form = Form("advice")
        upload = await self._upload(request, form)
        if form.values.get("step") == "more":
            form.values = {**form.values, "rows": str(rows_of(form) + MORE_ROWS)}
            return self._render("stock.html", stock_page(seat, form=form))
        body = None
        if form.status != 413:
            desk = self._desk(seat, form)
            body = read_advice(form, seat.partner_id, upload)
        if body is None:
            return self._render("stock.html", stock_page(seat, form=form), form.status)
        advice = desk.publish(body)
        place = f"{quote(seat.partner_id, safe='')}/inventory/{advice.id}"
        return RedirectResponse(f"/portal/{place}?done=advice", status_code=303)

    def _desk(self, seat: Seat, form: Form) -> StockDesk:
        """The company chosen; where there is one only, that one. Raises ApiError 400."""
        desks = seat.stock_desks()
        chosen = form.values.get("company", desks[0].tenant.id)
        for desk in desks:
            if desk.tenant.id == chosen:
                return desk
        raise ApiError(400, "invalid_form", "Choose one of the companies the page offers.")
