"""The addresses of campaigns in the portal. Each POST ends in a redirect, or in the same page with what is
wrong."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from emulators.trading_grid.errors import ApiError, invalid_state
from emulators.trading_grid.portal.campaigns.forms import (
    committed_to,
    read_commitments,
    read_issue,
)
from emulators.trading_grid.portal.campaigns.pages import campaign_page, campaigns_page
from emulators.trading_grid.portal.forms import Form
from emulators.trading_grid.portal.pages import Seat
from emulators.trading_grid.portal.site import Site
from emulators.trading_grid.query import whole_number
from emulators.trading_grid.resources.campaigns.desk import CampaignDesk
from emulators.trading_grid.resources.campaigns.model import ReadinessBody

DONE = {
    "commitments": "Your word was sent.",
    "everything": "You committed to everything that was open.",
    "issue": "The issue was sent.",
}
MAX_PAGE = 10**6


class CampaignPages(Site):
    def routes(self) -> list[Route]:
        campaigns = "/portal/{partner_id}/campaigns"
        campaign = campaigns + "/{campaign_id}"
        return [
            Route(campaigns, self._page(self.campaigns), methods=["GET"]),
            Route(campaign, self._page(self.campaign), methods=["GET"]),
            Route(f"{campaign}/commitments", self._page(self.commit), methods=["POST"]),
            Route(f"{campaign}/everything", self._page(self.commit_to_all), methods=["POST"]),
            Route(f"{campaign}/issues", self._page(self.bring_up), methods=["POST"]),
        ]

    def _of(self, request: Request) -> tuple[Seat, CampaignDesk]:
        seat = Seat(self._emulator, request.path_params["partner_id"])
        return seat, seat.campaign_desk(request.path_params["campaign_id"])

    def _campaign(
        self,
        seat: Seat,
        desk: CampaignDesk,
        *,
        page: int = 1,
        done: str | None = None,
        form: Form | None = None,
        problem: str | None = None,
        status: int = 200,
    ) -> Response:
        context = campaign_page(seat, desk, page=page, done=done, form=form, problem=problem)
        return self._render("campaign.html", context, status)

    def _send(
        self, seat: Seat, desk: CampaignDesk, form: Form, body: ReadinessBody, what: str
    ) -> Response:
        try:
            _check_open(form, desk)
            desk.say(body)
        except ApiError as error:
            # The plan may be another now, so what was typed about its products goes.
            return self._campaign(seat, desk, problem=error.message, status=error.status)
        place = f"{quote(seat.partner_id, safe='')}/campaigns/{desk.campaign.id}"
        return RedirectResponse(f"/portal/{place}?done={what}", status_code=303)

    async def campaigns(self, request: Request) -> Response:
        seat = Seat(self._emulator, request.path_params["partner_id"])
        return self._render("campaigns.html", campaigns_page(seat))

    async def campaign(self, request: Request) -> Response:
        seat, desk = self._of(request)
        page = whole_number(request.query_params, "page", 1, 1, MAX_PAGE)
        done = DONE.get(request.query_params.get("done", ""))
        return self._campaign(seat, desk, page=page, done=done)

    async def commit(self, request: Request) -> Response:
        seat, desk = self._of(request)
        form = Form("commitments", await self._fields(request))
        try:
            _check_open(form, desk)
        except ApiError as error:
            return self._campaign(seat, desk, problem=error.message, status=error.status)
        body = read_commitments(form, desk)
        if body is None:
            shown = form.values.get("page", "1")[:6]
            page = max(1, int(shown)) if shown.isdecimal() else 1
            return self._campaign(seat, desk, page=page, form=form, status=422)
        return self._send(seat, desk, form, body, "commitments")

    async def commit_to_all(self, request: Request) -> Response:
        seat, desk = self._of(request)
        form = Form("everything", await self._fields(request))
        return self._send(seat, desk, form, committed_to(desk.open()), "everything")

    async def bring_up(self, request: Request) -> Response:
        seat, desk = self._of(request)
        form = Form("issue", await self._fields(request))
        body = read_issue(form)
        if body is None:
            return self._campaign(seat, desk, form=form, status=422)
        return self._send(seat, desk, form, body, "issue")


def _check_open(form: Form, desk: CampaignDesk) -> None:
    """That the page was of the plan as it is now. Raises ApiError 409."""
    if desk.is_over():
        raise invalid_state("The campaign is over; nothing more can be sent to it.")
    if form.values.get("version") != str(desk.campaign.version):
        raise invalid_state("The company changed the campaign meanwhile. Look at it again below.")
