"""The portal's addresses. Each POST ends in a redirect, or in the same page with what is wrong."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import ApiError
from emulators.trading_grid.portal import words
from emulators.trading_grid.portal.forms import READ_ANSWER, READ_RETURN, Form
from emulators.trading_grid.portal.pages import Seat, case_page, inbox_page, index_page
from emulators.trading_grid.resources import documents
from emulators.trading_grid.resources.cases.model import UNSETTLED
from emulators.trading_grid.resources.cases.states import PARTNER, CaseDesk
from emulators.trading_grid.resources.return_authorizations import (
    ReturnAuthorization,
    change_by_partner,
)
from emulators.trading_grid.wire import read_body

HERE = Path(__file__).parent
MAX_FORM_BODY = 1024 * 1024
MULTIPART_MARGIN = 64 * 1024

DONE = {
    "accept": "Your acceptance was sent.",
    "decline": "Your refusal was sent.",
    "partial": "Your answer was sent.",
    "request_info": "Your question was sent.",
    "message": "Your message was sent.",
    "document": "Your document was sent.",
    "authorize": "The return was authorised.",
    "deny": "The return was refused.",
    "goods": "What arrived was reported.",
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

PageHandler = Callable[[Request], Awaitable[Response]]


class Portal:
    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["words"] = words
        self._templates.filters["path"] = lambda text: quote(str(text), safe="")

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

    def _page(self, handler: PageHandler) -> PageHandler:
        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except ApiError as error:
                return self._render("error.html", {"error": error}, error.status)

        return answer

    def _render(self, template: str, context: dict[str, Any], status: int = 200) -> Response:
        page = self._templates.get_template(template).render(**context, now=self._emulator.clock())
        return HTMLResponse(page, status, HEADERS)

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

    async def _fields(self, request: Request) -> dict[str, str]:
        body = await read_body(request, MAX_FORM_BODY)
        try:
            return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20_000))
        except ValueError as error:
            raise ApiError(400, "invalid_form", "The form can't be read.") from error

    async def answer(self, request: Request) -> Response:
        seat, desk = self._of(request)
        values = await self._fields(request)
        kind = values.get("kind", "")
        if kind not in READ_ANSWER:
            raise ApiError(400, "invalid_form", "Choose accept, decline, part or question.")
        form = Form(kind, values)
        body = READ_ANSWER[kind](form, desk.case)
        if body is None:
            return self._case(seat, desk, form=form, status=422)
        try:
            desk.answer(body)
        except ApiError as error:
            return self._refused(seat, desk, form, error)
        return self._done(seat, desk, kind)

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
        most = self._emulator.options.max_file_bytes
        too_large = f"The file is larger than {words.size(most)}. Choose a smaller one."
        try:
            body = await read_body(request, most + MULTIPART_MARGIN)
        except ApiError:
            form.errors["file"] = too_large
            return self._case(seat, desk, form=form, status=413)
        data = await _multipart(request, body)
        try:
            file = data.get("file")
            kind = data.get("document_type")
            form.values = {"document_type": kind if isinstance(kind, str) else ""}
            chosen = form.choice("document_type", words.DOCUMENT_TYPE, needed="Choose what it is.")
            if not isinstance(file, UploadFile) or not file.filename:
                form.errors["file"] = "Choose a file first."
                return self._case(seat, desk, form=form, status=422)
            content = await file.read()
            name, mime_type = file.filename, file.content_type or "application/octet-stream"
        finally:
            await data.close()
        if len(content) > most:
            form.errors["file"] = too_large
            return self._case(seat, desk, form=form, status=413)
        if not content:
            form.errors["file"] = "The file is empty. Choose another."
        if form.errors or chosen is None:
            return self._case(seat, desk, form=form, status=422)
        document_type = cast("documents.DocumentType", chosen)
        try:
            documents.add_by_partner(
                desk, documents.Content(document_type, name, mime_type, content)
            )
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


async def _multipart(request: Request, body: bytes) -> FormData:
    async def parts() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        return await MultiPartParser(request.headers, parts(), max_files=1, max_fields=10).parse()
    except (MultiPartException, KeyError) as error:
        raise ApiError(400, "invalid_form", "The upload can't be read.") from error


def portal_routes(emulator: Emulator) -> list[Route]:
    return Portal(emulator).routes()
