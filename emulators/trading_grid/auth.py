"""OAuth2 client credentials, one token address a tenant."""

import hmac
import json
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import ApiError
from emulators.trading_grid.wire import error_response, meet_faults, read_body

MAX_TOKEN_BODY = 16 * 1024
NO_STORE = {"Cache-Control": "no-store"}


def token_route(emulator: Emulator) -> Route:
    async def answer(request: Request) -> Response:
        try:
            return await _token(emulator, request)
        except ApiError as error:
            return error_response(emulator, request, error)

    return Route("/tenants/{tenant_id}/oauth2/token", answer, methods=["POST"])


async def _token(emulator: Emulator, request: Request) -> Response:
    body = await read_body(request, MAX_TOKEN_BODY)
    meet_faults(emulator)
    fields = _fields(request, body)
    if fields is None:
        return _refusal(400, "invalid_request", "Send form fields or a JSON object.")
    missing = [
        name
        for name in ("grant_type", "client_id", "client_secret")
        if not isinstance(fields.get(name), str)
    ]
    if missing:
        return _refusal(400, "invalid_request", f"Missing: {', '.join(missing)}.")
    if fields["grant_type"] != "client_credentials":
        return _refusal(400, "unsupported_grant_type", "Only client_credentials is supported.")
    tenant = emulator.tenants.get(request.path_params["tenant_id"])
    secret = tenant.clients.get(fields["client_id"]) if tenant else None
    if (
        tenant is None
        or secret is None
        or not hmac.compare_digest(secret.encode(), fields["client_secret"].encode())
    ):
        return _refusal(401, "invalid_client", "Unknown tenant or client, or a wrong secret.")
    return JSONResponse(
        {
            "access_token": emulator.issue_token(tenant),
            "token_type": "Bearer",
            "expires_in": emulator.options.token_ttl_s,
        },
        headers=NO_STORE,
    )


def _fields(request: Request, body: bytes) -> dict[str, Any] | None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(body.decode(), keep_blank_values=True))
        if kind == "application/json":
            fields = json.loads(body)
            return fields if isinstance(fields, dict) else None
    except ValueError:
        pass
    return None


def _refusal(status: int, error: str, description: str) -> Response:
    """The error shape of RFC 6749, section 5.2."""
    return JSONResponse(
        {"error": error, "error_description": description}, status, headers=NO_STORE
    )
