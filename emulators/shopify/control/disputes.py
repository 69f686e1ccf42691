"""Banks and staff act on disputes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from emulators.shopify.control.bodies import DecideBody, DisputeBody, EscalateBody, EvidenceBody
from emulators.shopify.control.problem import emulator_of, find, read, shop_of
from emulators.shopify.emulator import Emulator
from emulators.shopify.model.disputes import Dispute
from emulators.shopify.model.orders import Order
from emulators.shopify.rules import disputes
from emulators.shopify.webhooks.payloads import moment


async def create(request: Request) -> Response:
    body = await read(request, DisputeBody)
    emulator, shop = emulator_of(request), shop_of(request)
    order = find(shop, Order, body.order_id)
    act = emulator.action(shop)
    dispute = disputes.open_dispute(
        act,
        order,
        kind=body.type.upper(),
        reason=body.reason.upper(),
        amount=order.received if body.amount is None else body.amount,
        due=_due(emulator, body.evidence_due_in_s),
        network_reason_code=body.network_reason_code,
    )
    emulator.publish(act)
    return JSONResponse(shown(dispute), 201)


async def decide(request: Request) -> Response:
    body = await read(request, DecideBody)
    emulator, shop = emulator_of(request), shop_of(request)
    dispute = find(shop, Dispute, request.path_params["id"])
    act = emulator.action(shop)
    disputes.decide(act, dispute, body.status.upper())
    emulator.publish(act)
    return JSONResponse(shown(dispute))


async def escalate(request: Request) -> Response:
    """An inquiry becomes a chargeback."""
    body = await read(request, EscalateBody)
    emulator, shop = emulator_of(request), shop_of(request)
    dispute = find(shop, Dispute, request.path_params["id"])
    act = emulator.action(shop)
    disputes.escalate(act, dispute, _due(emulator, body.evidence_due_in_s))
    emulator.publish(act)
    return JSONResponse(shown(dispute))


async def due(request: Request) -> Response:
    """The bank moves the due date."""
    body = await read(request, EscalateBody)
    emulator, shop = emulator_of(request), shop_of(request)
    dispute = find(shop, Dispute, request.path_params["id"])
    act = emulator.action(shop)
    disputes.move_due(act, dispute, _due(emulator, body.evidence_due_in_s))
    emulator.publish(act)
    return JSONResponse(shown(dispute))


async def type_evidence(request: Request) -> Response:
    """Staff types into the evidence, and may submit it."""
    body = await read(request, EvidenceBody)
    emulator, shop = emulator_of(request), shop_of(request)
    dispute = find(shop, Dispute, request.path_params["id"])
    texts = {"uncategorizedText": body.uncategorized_text} if body.uncategorized_text else {}
    if body.append:
        known = dispute.evidence.texts.get("uncategorizedText")
        texts["uncategorizedText"] = f"{known}\n{body.append}" if known else body.append
    act = emulator.action(shop)
    disputes.update_evidence(act, dispute.evidence, texts=texts, files={}, submit=body.submit)
    emulator.publish(act)
    return JSONResponse(shown(dispute))


def shown(dispute: Dispute) -> dict[str, Any]:
    evidence = dispute.evidence
    return {
        "dispute_id": dispute.gid,
        "evidence_id": evidence.gid,
        "order_id": dispute.order.gid,
        "type": dispute.type,
        "reason": dispute.reason,
        "status": dispute.status,
        "amount": str(dispute.amount),
        "evidence_due_by": moment(dispute.evidence_due_by),
        "evidence_sent_on": moment(dispute.evidence_sent_on),
        "finalized_on": moment(dispute.finalized_on),
        "submissions": dispute.submissions,
        "submitted": evidence.submitted,
        "texts": evidence.texts,
        "files": {name: file.original_file_name for name, file in evidence.files.items()},
        "uploads": [file.original_file_name for file in evidence.uploads],
    }


def _due(emulator: Emulator, seconds: float | None) -> datetime | None:
    return None if seconds is None else emulator.now() + timedelta(seconds=seconds)
