"""Access tokens by client credentials (Shopify's documentation of the grant)."""

from __future__ import annotations

import asyncio
import hmac
import json
import uuid
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from emulators.shopify.emulator import Emulator


async def access_token(request: Request) -> Response:
    """``POST /{shop}/admin/oauth/access_token``, as a form or as JSON."""
    emulator: Emulator = request.app.state.emulator
    response = await _answer(emulator, request)
    response.headers["X-Request-Id"] = str(uuid.uuid4())
    return response


async def _answer(emulator: Emulator, request: Request) -> Response:
    latency_ms = emulator.faults.plan.api.latency_ms
    if latency_ms:
        await asyncio.sleep(latency_ms / 1000)
    status = emulator.faults.api_error()
    if status is not None:
        return JSONResponse({"errors": "Internal Server Error"}, status)
    shop = emulator.shops.get(request.path_params["shop"])
    if shop is None:
        return JSONResponse({"errors": "Not Found"}, 404)
    given = await _parameters(request)
    if given is None:
        return _error(400, "invalid_request", "The request body could not be read.")
    if given.get("grant_type") != "client_credentials":
        return _error(400, "unsupported_grant_type", "Only client_credentials is supported.")
    options = emulator.options
    right = hmac.compare_digest(given.get("client_id", ""), options.client_id)
    right &= hmac.compare_digest(given.get("client_secret", ""), options.client_secret)
    if not right:
        return _error(400, "application_cannot_be_found", "The application cannot be found.")
    if not shop.installed:
        return _error(400, "app_not_installed", "The application is not installed on this shop.")
    return JSONResponse(
        {
            "access_token": emulator.issue_token(shop),
            "scope": ",".join(options.scopes),
            "expires_in": options.token_lifetime_s,
        }
    )


async def _parameters(request: Request) -> dict[str, str] | None:
    raw = await request.body()
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            body = json.loads(raw)
            return {k: str(v) for k, v in body.items()} if isinstance(body, dict) else None
        return {k: v[0] for k, v in parse_qs(raw.decode()).items()}
    except ValueError:
        return None


def _error(status: int, error: str, description: str) -> JSONResponse:
    return JSONResponse({"error": error, "error_description": description}, status)
