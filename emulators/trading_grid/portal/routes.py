"""The addresses of cases in the portal. Each POST ends in a redirect, or in the same page with what is
wrong."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from emulators.trading_grid.errors import ApiError
from emulators.trading_grid.portal.forms import READ_RETURN, Form, answers_to
from emulators.trading_grid.portal.pages import Seat, case_page, inbox_page, index_page
from emulators.trading_grid.portal.site import HERE, Site
from emulators.trading_grid.portal.uploads import read_document
from emulators.trading_grid.resources import documents
from emulators.trading_grid.resources.cases.model import PROOF, UNSETTLED
from emulators.trading_grid.resources.cases.states import PARTNER, CaseDesk
from emulators.trading_grid.resources.return_authorizations import (
    ReturnAuthorization,
    change_by_partner,
)

DONE = {
    "accept": "Your acceptance was sent.",
    "statement": "Your statement was sent.",
    "decline": "Your refusal was sent.",
    "partial": "Your answer was sent.",
    "late": "Your answer was sent.",
    "request_info": "Your question was sent.",
    "message": "Your message was sent.",
    "document": "Your document was sent.",
    "authorize": "The return was authorised.",
    "deny": "The return was refused.",
    "goods": "What arrived was reported.",
}


class CasePages(Site):
    def routes(self) -> list[Route]:
        case = "/portal/{partner_id}/cases/{case_id}"
        return [
            Route("/portal-assets/portal.css", self.stylesheet, methods=["GET"]),
            Route("/portal", self._page(self.index), methods=["GET"]),
            Route("/portal/{partner_id}", self._page(self.inbox), methods=["GET"]),
            Route(case, self._page(self.case), methods=["GET"]),
            Route(f"{case}/answer", self._page(self.answer), methods=["POST"]),
            Route(f"{case}/messages", self._page(self.message), methods=["POST"]),
            Route(f"{case}/documents", self._page(self.upload), methods=["POST"]),
            Route(
                f"{case}/returns/{{authorization_id}}",
                self._page(self.authorization),
                methods=["POST"],
            ),
            Route(
                "/portal/{partner_id}/documents/{document_id}",
                self._page(self.download),
                methods=["GET"],
            ),
        ]

    async def stylesheet(self, request: Request) -> Response:
        return FileResponse(HERE / "portal.css", media_type="text/css")

    async def index(self, request: Request) -> Response:
        return self._render("index.html", index_page(self._emulator))

    async def inbox(self, request: Request) -> Response:
        seat = Seat(self._emulator, request.path_params["partner_id"])
        return self._render("inbox.html", inbox_page(seat))

    async def case(self, request: Request) -> Response:
        seat, desk = self._of(request)
        done = DONE.get(request.query_params.get("done", ""))
        return self._case(seat, desk, done=done)

    def _of(self, request: Request) -> tuple[Seat, CaseDesk]:
        seat = Seat(self._emulator, request.path_params["partner_id"])
        return seat, seat.desk(request.path_params["case_id"])

    def _case(
        self,
        seat: Seat,
        desk: CaseDesk,
        *,
        done: str | None = None,
        form: Form | None = None,
        problem: str | None = None,
        status: int = 200,
    ) -> Response:
        context = case_page(seat, desk, done=done, form=form, problem=problem)
        context["max_file_bytes"] = self._emulator.options.max_file_bytes
        return self._render("case.html", context, status)

    def _refused(self, seat: Seat, desk: CaseDesk, form: Form, error: ApiError) -> Response:
        """The page anew, with what the emulator's own rules say."""
        return self._case(seat, desk, form=form, problem=error.message, status=error.status)

    def _done(self, seat: Seat, desk: CaseDesk, what: str) -> Response:
        address = f"/portal/{quote(seat.partner_id, safe='')}/cases/{desk.case.id}?done={what}"
        return RedirectResponse(address, status_code=303)

    async def answer(self, request: Request) -> Response:
        seat, desk = self._of(request)
        values = await self._fields(request)
        kind = values.get("kind", "")
        answers = answers_to(desk.case)
        if kind not in answers:
            raise ApiError(400, "invalid_form", "Choose one of the answers the page offers.")
        form = Form(kind, values)
        body = answers[kind](form, desk.case, self._emulator.clock().date())
        if body is None:
            return self._case(seat, desk, form=form, status=422)
        try:
            desk.answer(body)
        except ApiError as error:
            return self._refused(seat, desk, form, error)
        stated = kind == "accept" and desk.case.case_type in PROOF
        return self._done(seat, desk, "statement" if stated else kind)

    async def message(self, request: Request) -> Response:
        seat, desk = self._of(request)
        form = Form("message", await self._fields(request))
        body = form.text("body", needed="Write a message first.", longest=10_000)
        if body is None or form.errors:
            return self._case(seat, desk, form=form, status=422)
        try:
            desk.must_take_entries()
        except ApiError as error:
            return self._refused(seat, desk, form, error)
        desk.say(PARTNER, body)
        return self._done(seat, desk, "message")

    async def upload(self, request: Request) -> Response:
        seat, desk = self._of(request)
        form = Form("document")
        content = read_document(form, await self._upload(request, form))
        if content is None:
            return self._case(seat, desk, form=form, status=form.status)
        try:
            documents.add_by_partner(desk, content)
        except ApiError as error:
            return self._refused(seat, desk, form, error)
        return self._done(seat, desk, "document")

    async def authorization(self, request: Request) -> Response:
        seat, desk = self._of(request)
        authorization = desk.tenant.table(ReturnAuthorization).get(
            request.path_params["authorization_id"]
        )
        if authorization.case_id != desk.case.id:
            raise ApiError(404, "not_found", "This return belongs to another case.")
        values = await self._fields(request)
        step = values.get("step", "")
        if step not in READ_RETURN:
            raise ApiError(400, "invalid_form", "Choose authorise, refuse or report goods.")
        form = Form(f"{step}-{authorization.id}", values)
        patch = READ_RETURN[step](form, authorization, self._emulator.clock())
        if patch is None:
            return self._case(seat, desk, form=form, status=422)
        try:
            _check_step(step, authorization, desk)
            change_by_partner(self._emulator, desk.tenant, authorization, patch)
        except ApiError as error:
            return self._refused(seat, desk, form, error)
        return self._done(seat, desk, step)

    async def download(self, request: Request) -> Response:
        seat = Seat(self._emulator, request.path_params["partner_id"])
        tenant, document = seat.document(request.path_params["document_id"])
        return Response(
            tenant.blobs[document.file_id],
            headers={
                "Content-Type": document.mime_type,
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(document.file_name)}",
                "X-Content-Type-Options": "nosniff",
            },
        )


def _check_step(step: str, authorization: ReturnAuthorization, desk: CaseDesk) -> None:
    """What the page offers, checked again when it comes back. Raises ApiError 409."""
    desk.must_take_entries()
    if step == "goods" and authorization.status != "authorized":
        raise ApiError(409, "invalid_state", "Authorise the return before goods are reported.")
    if step == "deny" and (
        authorization.status != "requested" or desk.case.status not in UNSETTLED
    ):
        raise ApiError(409, "invalid_state", "This return can no longer be refused.")
