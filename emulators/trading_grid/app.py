"""The ASGI application: the contract, the token address, the control calls and the portal."""

import contextlib
import uuid
from collections.abc import AsyncIterator

import httpx
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulators.trading_grid.auth import token_route
from emulators.trading_grid.bots import Bots
from emulators.trading_grid.control import control_routes
from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import ApiError
from emulators.trading_grid.options import Options
from emulators.trading_grid.portal import portal_routes
from emulators.trading_grid.resources import ENDPOINTS
from emulators.trading_grid.store import Clock, utc_now
from emulators.trading_grid.wire import error_response, route


class RequestIds:
    """X-Request-Id on every answer, whatever gives it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = str(uuid.uuid4())
        scope.setdefault("state", {})["request_id"] = request_id

        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        await self._app(scope, receive, with_id)


class App(Starlette):
    """``emulator`` and ``bots`` for tests in process, which call ``aclose`` when done."""

    emulator: Emulator
    bots: Bots

    async def aclose(self) -> None:
        """Stops bots and deliveries; a server does it at shutdown."""
        await self.bots.aclose()
        await self.emulator.aclose()


def create_app(
    options: Options | None = None,
    *,
    webhook_client: httpx.AsyncClient | None = None,
    clock: Clock = utc_now,
) -> App:
    """An emulator of its own, with empty state. ``webhook_client`` carries the webhooks and stays the
    caller's to close; without it the emulator makes one."""
    emulator = Emulator(options or Options(), clock=clock, webhook_client=webhook_client)
    bots = Bots(emulator)

    async def healthz(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
        message = {
            404: f"There is nothing at {request.url.path}.",
            405: f"{request.method} is not possible at {request.url.path}.",
        }.get(error.status_code, error.detail)
        return error_response(
            emulator, request, ApiError(error.status_code, code, message, headers=error.headers)
        )

    async def bug(request: Request, error: Exception) -> Response:
        wrong = ApiError(
            500,
            "internal_error",
            "The emulator has a bug; see its log.",
            headers={"X-Request-Id": request.state.request_id},
        )
        return error_response(emulator, request, wrong)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await bots.aclose()
        await emulator.aclose()

    app = App(
        routes=[
            Route("/healthz", healthz, methods=["GET"]),
            token_route(emulator),
            *(route(emulator, endpoint) for endpoint in ENDPOINTS),
            *control_routes(emulator, bots),
            *portal_routes(emulator),
        ],
        middleware=[Middleware(RequestIds)],
        exception_handlers={HTTPException: http_error, Exception: bug},
        lifespan=lifespan,
    )
    app.emulator = emulator
    app.bots = bots
    return app
