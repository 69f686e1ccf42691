"""What every page of the portal is made with: templates, forms, uploads."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import ApiError
from emulators.trading_grid.portal import words
from emulators.trading_grid.portal.forms import Form
from emulators.trading_grid.wire import read_body

HERE = Path(__file__).parent
MAX_FORM_BODY = 1024 * 1024
MULTIPART_MARGIN = 64 * 1024

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


@dataclass(frozen=True)
class Upload:
    """A file as a browser sends it."""

    name: str
    mime_type: str
    data: bytes


class Site:
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
        """The addresses of this part of the portal."""
        raise NotImplementedError

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

    async def _fields(self, request: Request) -> dict[str, str]:
        body = await read_body(request, MAX_FORM_BODY)
        try:
            return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20_000))
        except ValueError as error:
            raise ApiError(400, "invalid_form", "The form can't be read.") from error

    async def _upload(self, request: Request, form: Form) -> Upload | None:
        """The texts of a form with a file become the form's values. None where no file was chosen, or it
        is no good: then ``form.errors["file"]`` says why. Raises ApiError 400."""
        most = self._emulator.options.max_file_bytes
        too_large = f"The file is larger than {words.size(most)}. Choose a smaller one."
        try:
            body = await read_body(request, most + MULTIPART_MARGIN)
        except ApiError:
            form.errors["file"] = too_large
            form.status = 413
            return None
        data = await _multipart(request, body)
        try:
            form.values = {key: value for key, value in data.items() if isinstance(value, str)}
            file = data.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                return None
            content = await file.read()
            upload = Upload(file.filename, file.content_type or "application/octet-stream", content)
        finally:
            await data.close()
        if len(content) > most:
            form.errors["file"] = too_large
            form.status = 413
            return None
        if not content:
            form.errors["file"] = "The file is empty. Choose another."
            return None
        return upload


async def _multipart(request: Request, body: bytes) -> FormData:
    async def parts() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        return await MultiPartParser(request.headers, parts(), max_files=1, max_fields=5000).parse()
    except (MultiPartException, KeyError) as error:
        raise ApiError(400, "invalid_form", "The upload can't be read.") from error
