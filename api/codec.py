"""The codec endpoint of the Temporal UI: opens and seals payloads for callers, so that people can read a history."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from temporalio.api.common.v1 import Payload, Payloads

from api.access import Operator
from api.errors import INVALID, TOO_LARGE, documented, invalid
from api.pages import Deps
from intake.temporal import CodecError

router = APIRouter(prefix="/codec", tags=["codec"])

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"payloads": {"type": "array", "items": {"type": "object"}}},
                },
                "example": {
                    "payloads": [
                        {"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "eyJhIjoxfQ=="}
                    ]
                },
            }
        },
    },
    "responses": {
        "200": {
            "description": "The payloads, in their order.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    },
}
Transform = Callable[[Sequence[Payload]], Awaitable[list[Payload]]]


@router.post(
    "/decode",
    summary="Open payloads",
    response_class=Response,
    responses=documented(INVALID, TOO_LARGE),
    openapi_extra=_BODY,
)
async def decode(request: Request, services: Deps, _: Operator) -> Response:
    """For a cookie or a key. Without payload keys in the settings, payloads are passed as they are."""
    return await _transformed(request, services.codec.decode if services.codec else None)


@router.post(
    "/encode",
    summary="Seal payloads",
    response_class=Response,
    responses=documented(INVALID, TOO_LARGE),
    openapi_extra=_BODY,
)
async def encode(request: Request, services: Deps, _: Operator) -> Response:
    """The reverse of decode."""
    return await _transformed(request, services.codec.encode if services.codec else None)


async def _transformed(request: Request, transform: Transform | None) -> Response:
    body = await request.body()
    try:
        payloads = Parse(body, Payloads()).payloads
    except (ParseError, UnicodeDecodeError, RecursionError):
        raise invalid("The body is not Temporal's Payloads in JSON.") from None
    try:
        done = await transform(payloads) if transform else list(payloads)
    except CodecError as error:
        raise invalid(str(error)) from None
    except ValueError:  # a key id that is no text, a nonce that is too short
        raise invalid("A payload is damaged.") from None
    return Response(MessageToJson(Payloads(payloads=done)), media_type="application/json")
