"""``POST /{shop}/admin/api/{version}/graphql.json``."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from emulators.shopify.emulator import Call, Emulator
from emulators.shopify.engine.execution import Answer, run
from emulators.shopify.engine.registry import Context, MutationOutcome
from emulators.shopify.options import LATEST_VERSION, SUPPORTED_VERSIONS, UNSTABLE_VERSION

BAD_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"


def served_version(asked: str) -> str:
    """The version that answers: an unknown one falls forward to the oldest that is supported."""
    if asked in (*SUPPORTED_VERSIONS, UNSTABLE_VERSION):
        return asked
    return LATEST_VERSION if asked > LATEST_VERSION else SUPPORTED_VERSIONS[0]


async def graphql(request: Request) -> Response:
    """One GraphQL request, with the headers that every answer of Shopify has."""
    emulator: Emulator = request.app.state.emulator
    request_id = str(uuid.uuid4())
    version = served_version(request.path_params["version"])
    response = await _answer(emulator, request, request_id, version)
    response.headers["X-Request-Id"] = request_id
    response.headers["X-Shopify-API-Version"] = version
    return response


async def _answer(emulator: Emulator, request: Request, request_id: str, version: str) -> Response:
    faults = emulator.faults
    if faults.plan.api.latency_ms:
        await asyncio.sleep(faults.plan.api.latency_ms / 1000)
    status = faults.api_error()
    if status is not None:
        return JSONResponse({"errors": "Internal Server Error"}, status)
    shop = emulator.shops.get(request.path_params["shop"])
    if shop is None:
        return JSONResponse({"errors": "Not Found"}, 404)
    token = emulator.token(request.headers.get("X-Shopify-Access-Token"), shop)
    if token is None:
        return JSONResponse({"errors": BAD_TOKEN}, 401)
    body = _parsed(await request.body())
    if body is None:
        return JSONResponse({"errors": {"query": "Required parameter missing or invalid"}}, 400)
    base_url = str(request.base_url)
    context = Context(emulator, shop, version, token.scopes, request_id, base_url=base_url)
    answer = _execute(context, body)
    if faults.answer_lost():
        return JSONResponse({"errors": "Bad Gateway"}, 502)
    return JSONResponse(answer.body)


def _parsed(raw: bytes) -> dict[str, Any] | None:
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    if not isinstance(body, dict) or not isinstance(body.get("query"), str):
        return None
    if not isinstance(body.get("variables") or {}, dict):
        return None
    if not isinstance(body.get("operationName") or "", str):
        return None
    return body


def _execute(context: Context, body: dict[str, Any]) -> Answer:
    emulator, shop = context.emulator, context.shop
    variables: dict[str, Any] = body.get("variables") or {}
    answer = run(
        emulator.schema_of(context.version),
        context,
        emulator.bucket(shop),
        query=body["query"],
        variables=variables,
        operation_name=body.get("operationName") or None,
        clock=emulator.clock(),
        throttled=emulator.faults.plan.api.throttle,
        max_cost=emulator.options.max_query_cost,
    )
    emulator.spent.add(answer.body["extensions"]["cost"])
    if answer.mutations:
        # A request that was refused as a whole (throttled, too dear) ran none of its mutations.
        outcomes = context.outcomes or [MutationOutcome(name) for name in answer.mutations]
        keys = [o.idempotency_key for o in outcomes if o.idempotency_key]
        emulator.record(
            lambda number: Call(
                number=number,
                at=emulator.now(),
                shop=shop.handle,
                operation=answer.operation_name,
                mutations=[
                    {
                        "field": o.mutation,
                        "idempotency_key": o.idempotency_key,
                        "replayed": o.replayed,
                        "user_errors": o.user_errors,
                    }
                    for o in outcomes
                ],
                variables=variables,
                idempotency_key=keys[0] if keys else None,
                request_id=context.request_id,
                outcome=answer.outcome,
            )
        )
    return answer
