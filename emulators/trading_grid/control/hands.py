"""What every group of control calls stands on."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulators.trading_grid.bots import Bots
from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import ApiError, not_found
from emulators.trading_grid.store import E, Tenant
from emulators.trading_grid.wire import Links, error_response, links_for, parse_json, read_body

PREFIX = "/_emulator"
MAX_CONTROL_BODY = 64 * 1024 * 1024

B = TypeVar("B", bound=BaseModel)
ControlHandler = Callable[[Request], Awaitable[Response]]


class Hands:
    """The emulator in the hands of a test, the demo or a person."""

    def __init__(self, emulator: Emulator, bots: Bots) -> None:
        self._emulator = emulator
        self._bots = bots

    def routes(self) -> list[Route]:
        """The control calls of this group."""
        raise NotImplementedError

    def _route(self, method: str, path: str, handler: ControlHandler) -> Route:
        async def answer(request: Request) -> Response:
            try:
                return await handler(request)
            except ApiError as error:
                return error_response(self._emulator, request, error)

        route = Route(PREFIX + path, answer, methods=[method])
        route.methods = {method}
        return route

    async def _body(self, request: Request, model: type[B]) -> B:
        """An empty body counts as an empty object."""
        data = await read_body(request, MAX_CONTROL_BODY)
        if not data:
            data = b"{}"
        elif not request.headers.get("content-type", "").startswith("application/json"):
            raise ApiError(415, "unsupported_media_type", "Send application/json.")
        return parse_json(model, data)

    def _tenant(self, tenant_id: str | None) -> Tenant:
        """The named tenant; without a name, the first. Raises ApiError 404."""
        if tenant_id is None:
            return next(iter(self._emulator.tenants.values()))
        return self._emulator.tenant(tenant_id)

    def _find(self, kind: type[E], key: str) -> tuple[Tenant, E]:
        """By id, in whichever tenant it is: ids are unique. Raises ApiError 404."""
        for tenant in self._emulator.tenants.values():
            row = tenant.table(kind).find(key)
            if row is not None:
                return tenant, row
        raise not_found(kind.NAME.replace("_", " "), key)

    def _links(self, request: Request) -> Links:
        return links_for(self._emulator, request)
