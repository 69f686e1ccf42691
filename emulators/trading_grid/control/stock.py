"""Control of what partners tell of their stock."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.trading_grid.control.bodies import TenantAdviceBody
from emulators.trading_grid.control.hands import Hands
from emulators.trading_grid.resources.inventory_advices.desk import StockDesk
from emulators.trading_grid.resources.inventory_advices.model import render_advice
from emulators.trading_grid.resources.partners import Partner


class StockControl(Hands):
    def routes(self) -> list[Route]:
        return [self._route("POST", "/inventory-advices", self.publish)]

    async def publish(self, request: Request) -> Response:
        body = await self._body(request, TenantAdviceBody)
        tenant = self._tenant(body.tenant)
        partner = tenant.table(Partner).get(body.partner_id)
        advice = StockDesk(self._emulator, tenant, partner).publish(body)
        return JSONResponse(render_advice(advice, self._links(request)), 201)
