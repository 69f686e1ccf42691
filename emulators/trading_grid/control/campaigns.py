"""Control of what partners say to campaigns."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.trading_grid.control.hands import Hands
from emulators.trading_grid.resources.campaigns.desk import CampaignDesk
from emulators.trading_grid.resources.campaigns.model import (
    Campaign,
    ReadinessBody,
    render_readiness,
)


class CampaignControl(Hands):
    def routes(self) -> list[Route]:
        return [self._route("POST", "/campaigns/{campaign_id}/readiness", self.say)]

    async def say(self, request: Request) -> Response:
        tenant, campaign = self._find(Campaign, request.path_params["campaign_id"])
        body = await self._body(request, ReadinessBody)
        readiness = CampaignDesk(self._emulator, tenant, campaign).say(body)
        return JSONResponse(render_readiness(readiness, self._links(request)), 201)
