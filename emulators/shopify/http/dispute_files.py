"""The REST calls for files of a dispute; stable GraphQL has none that takes a new file.

``POST /{shop}/admin/api/{version}/shopify_payments/disputes/{id}/dispute_file_uploads.json``. The body is as
public integrations send it: a document type, a name, a type, and the content in base64.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from emulators.shopify.emulator import Emulator
from emulators.shopify.http.graphql import BAD_TOKEN, served_version
from emulators.shopify.model.disputes import FILE_TYPES, Dispute, DisputeFileUpload
from emulators.shopify.rules import disputes
from emulators.shopify.rules.disputes import FILE_KINDS, FILE_LIMIT
from emulators.shopify.rules.refusal import Refused
from emulators.shopify.storage import StoredFile
from emulators.shopify.webhooks.payloads import moment

WRITE = "write_shopify_payments_dispute_file_uploads"


class Answer(Exception):
    """The call ends here with this status and this under ``errors``."""

    def __init__(self, status: int, errors: Any) -> None:
        super().__init__(str(errors))
        self.status = status
        self.errors = errors


def _rest(
    call: Callable[[Request, Emulator, Dispute], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        emulator: Emulator = request.app.state.emulator
        try:
            response = await call(request, emulator, await _dispute(request, emulator))
        except Answer as answer:
            response = JSONResponse({"errors": answer.errors}, answer.status)
        except Refused as refused:
            response = JSONResponse({"errors": {"base": [str(refused)]}}, 422)
        response.headers["X-Request-Id"] = str(uuid.uuid4())
        version = served_version(request.path_params["version"])
        response.headers["X-Shopify-API-Version"] = version
        return response

    return answer


@_rest
async def create(request: Request, emulator: Emulator, dispute: Dispute) -> Response:
    given = _body(await request.body())
    kind, mime_type = str(given.get("document_type", "")).upper(), str(given.get("mimetype", ""))
    content = _content(given.get("data"))
    if kind not in FILE_TYPES:
        raise Answer(422, {"document_type": ["is not included in the list"]})
    if mime_type not in FILE_KINDS or not content.startswith(FILE_KINDS[mime_type]):
        raise Answer(422, {"mimetype": ["is not supported; use PDF, JPEG or PNG"]})
    if len(content) > FILE_LIMIT:
        raise Answer(422, {"file_size": ["must be less than 2 MB"]})
    name = str(given.get("filename") or "").replace("/", "_")
    if not name:
        raise Answer(422, {"filename": ["can't be blank"]})
    act = emulator.action(emulator.shops[request.path_params["shop"]])
    made = disputes.upload(
        act,
        dispute,
        kind=kind,
        name=name,
        mime_type=mime_type,
        content=content,
        stored=emulator.storage.add(StoredFile(name, mime_type, content)),
    )
    if emulator.faults.answer_lost():
        raise Answer(502, "Bad Gateway")
    return JSONResponse({"dispute_file_upload": _shown(request, made)}, 200)


@_rest
async def listed(request: Request, _: Emulator, dispute: Dispute) -> Response:
    found = [_shown(request, file) for file in dispute.evidence.uploads]
    return JSONResponse({"dispute_file_uploads": found})


@_rest
async def delete(request: Request, emulator: Emulator, dispute: Dispute) -> Response:
    number = request.path_params["file_id"]
    made = next((file for file in dispute.evidence.uploads if file.id == number), None)
    if made is None:
        raise Answer(404, "Not Found")
    disputes.remove_upload(emulator.action(emulator.shops[request.path_params["shop"]]), made)
    return JSONResponse({})


async def _dispute(request: Request, emulator: Emulator) -> Dispute:
    """The dispute in the path, for a token that may; raises Answer."""
    if emulator.faults.plan.api.latency_ms:
        await asyncio.sleep(emulator.faults.plan.api.latency_ms / 1000)
    status = emulator.faults.api_error()
    if status is not None:
        raise Answer(status, "Internal Server Error")
    shop = emulator.shops.get(request.path_params["shop"])
    if shop is None:
        raise Answer(404, "Not Found")
    token = emulator.token(request.headers.get("X-Shopify-Access-Token"), shop)
    if token is None:
        raise Answer(401, BAD_TOKEN)
    if WRITE not in token.scopes:
        raise Answer(403, f"[API] This action requires merchant approval for {WRITE} scope.")
    dispute = shop.disputes.get(request.path_params["id"])
    if dispute is None:
        raise Answer(404, "Not Found")
    return dispute


def _body(raw: bytes) -> dict[str, Any]:
    try:
        given = json.loads(raw)["dispute_file_upload"]
    except (ValueError, KeyError, TypeError):
        message = "Required parameter missing or invalid"
        raise Answer(400, {"dispute_file_upload": message}) from None
    if not isinstance(given, dict):
        raise Answer(400, {"dispute_file_upload": "Required parameter missing or invalid"})
    return given


def _content(data: Any) -> bytes:
    try:
        content = base64.b64decode(data, validate=True)
    except (TypeError, binascii.Error, ValueError):
        raise Answer(422, {"data": ["is not base64"]}) from None
    if not content:
        raise Answer(422, {"data": ["can't be blank"]})
    return content


def _shown(request: Request, file: DisputeFileUpload) -> dict[str, Any]:
    emulator: Emulator = request.app.state.emulator
    created = moment(file.created_at)
    return {
        "id": file.id,
        "shop_id": emulator.shops[request.path_params["shop"]].id,
        "dispute_evidence_id": file.evidence.id,
        "dispute_evidence_type": file.dispute_evidence_type.lower(),
        "file_size": file.file_size,
        "file_type": file.file_type,
        "filename": file.original_file_name,
        "original_filename": file.original_file_name,
        "url": emulator.storage.address(str(request.base_url), file.stored),
        "created_at": created,
        "updated_at": created,
    }
