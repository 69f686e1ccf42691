"""Opening a return claim by hand or by another system: for a return, or for a damage or warranty claim."""

import hashlib
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, Discriminator, Field, Tag

from api.access import Caller, Operator
from api.errors import (
    KEY_REUSED,
    NOT_FOUND,
    REFUSED_OUTSIDE,
    REQUEST_RUNNING,
    FieldError,
    Problem,
    documented,
    invalid,
)
from api.idempotency import Answer, IdempotencyKey, digest_of, once
from api.pages import Deps, Input
from api.services import Services
from domain.return_claim.names import ClaimKind
from domain.return_claim.state import ClaimRequest, ClaimRequestLine
from domain.shopify_ids import numeric_id
from intake.inbox import receive_own
from intake.opening import claim_body
from persistence.errors import NotFoundError
from persistence.repositories import cases, documents, inbound_events, shops

router = APIRouter(tags=["return claims"])

ROUTE = "POST /return-claims"
TOPIC = "claims/create"

ShopifyId = Annotated[
    str,
    Field(max_length=100, description="Shopify's number, or its GID."),
    AfterValidator(numeric_id),
]


class ForReturn(Input):
    """Open a case for a return that exists at Shopify. `again`: a second case, after the first has closed."""

    shop: str = Field(max_length=64)
    return_id: ShopifyId
    again: bool = False


class ClaimLine(Input):
    line_item_id: ShopifyId
    quantity: int = Field(gt=0, le=1_000_000)
    reason_code: str = Field(
        default="DA", pattern=r"^[A-Z0-9]{1,3}$", description="X12 element 1293, e.g. DA, DT, WG."
    )


class ForClaim(Input):
    """Open a damage or warranty claim on a fulfilled order. `external_reference` is the caller's own and names the case."""

    shop: str = Field(max_length=64)
    kind: Literal["damage", "warranty"]
    external_reference: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")
    order_id: ShopifyId
    lines: list[ClaimLine] = Field(min_length=1, max_length=250)
    goods_back: bool | None = Field(
        default=None, description="Whether the goods must come back; left out: the policy says."
    )
    note: str = Field(default="", max_length=2_000)
    document_ids: list[str] = Field(
        default_factory=list, max_length=20, description="Documents of this shop's cases."
    )


def _which(value: Any) -> str:
    given = value if isinstance(value, dict) else getattr(value, "model_fields_set", ())
    return "return" if "return_id" in given else "claim"


OpenClaim = Annotated[
    Annotated[ForReturn, Tag("return")] | Annotated[ForClaim, Tag("claim")], Discriminator(_which)
]

_EXAMPLES: dict[str, Any] = {
    "damage": {
        "summary": "A damage claim on a fulfilled order",
        "value": {
            "shop": "acme",
            "kind": "damage",
            "external_reference": "ZD-20481",
            "order_id": "450789469",
            "lines": [{"line_item_id": "466157049", "quantity": 1, "reason_code": "DT"}],
            "note": "The box arrived crushed.",
        },
    },
    "return": {
        "summary": "A return that exists at Shopify",
        "value": {"shop": "acme", "return_id": "gid://shopify/Return/7894"},
    },
}


class Opened(BaseModel):
    case_id: str = Field(examples=["return-claim:acme:claim-ZD-20481"])
    number: int = Field(examples=[1042])
    created: bool = Field(examples=[True])


class Accepted(BaseModel):
    """It is kept and will be opened; `reason` says what it waits for."""

    event_id: int = Field(examples=[42])
    reason: str = Field(examples=["Temporal does not answer: UNAVAILABLE"])


@router.post(
    "/return-claims",
    summary="Open a return claim",
    status_code=201,
    response_model=Opened,
    responses={
        200: {"model": Opened, "description": "The case existed."},
        202: {
            "model": Accepted,
            "description": "Kept, and opened as soon as what it needs answers; `Location` is the event.",
        },
        **documented(NOT_FOUND, REFUSED_OUTSIDE, REQUEST_RUNNING, KEY_REUSED),
    },
)
async def open_return_claim(
    body: Annotated[OpenClaim, Body(openapi_examples=_EXAMPLES)],
    key: IdempotencyKey,
    caller: Operator,
    services: Deps,
) -> JSONResponse:
    """For a return that exists at Shopify, or for a damage or warranty claim on a fulfilled order.

    The request is kept before it is answered: what could not be opened at once (202) is opened later, without another word.
    """

    async def work() -> Answer:
        return await _open(services, caller, key, body)

    return await once(
        services,
        actor=caller.key_id,
        key=key,
        route=ROUTE,
        body_sha256=digest_of(body.model_dump(mode="json")),
        work=work,
    )


async def _open(services: Services, caller: Caller, key: str, body: ForReturn | ForClaim) -> Answer:
    claim = _claim(body)
    async with services.database.read() as session:
        await shops.get(session, body.shop)
    await _check_documents(services, body)
    content, _ = claim_body(
        return_id="" if isinstance(body, ForClaim) else body.return_id,
        claim=claim,
        opened_by=caller.actor,
        again=isinstance(body, ForReturn) and body.again,
    )
    # Of this request: `again` may be said again under another key, and a mended body under the same.
    told = f"{caller.key_id}\n{key}\n".encode() + content
    delivery_id = hashlib.sha256(told).hexdigest()
    received = await receive_own(
        services.database,
        scope=body.shop,
        topic=TOPIC,
        delivery_id=delivery_id,
        body=content,
        now=services.now(),
    )
    if not received.created:
        await _again_if_failed(services, received.event_id)
    settled = await services.dispatcher.dispatch(received.event_id)
    if settled is not None and settled.opened is not None:
        opened = settled.opened
        return Answer(
            201 if opened.created else 200,
            {"case_id": opened.case_id, "number": opened.number, "created": opened.created},
            {"Location": f"/cases/{opened.case_id}"},
        )
    return await _of_row(services, received.event_id)


async def _again_if_failed(services: Services, event_id: int) -> None:
    """What failed under this key before is tried anew; what is under way, or done, is left as it is."""
    async with services.database.begin() as session:
        row = await inbound_events.get(session, event_id)
        if row.status == "failed":
            await inbound_events.replay(session, event_id, services.now())


async def _of_row(services: Services, event_id: int) -> Answer:
    """What became of it where this call did not open it: another process did, it waits, or it can't be."""
    async with services.database.read() as session:
        row = await inbound_events.get(session, event_id)
        case = await cases.get(session, row.case_ids[0]) if row.case_ids else None
    if case is not None:
        known: dict[str, Any] = {"case_id": case.id, "number": case.number, "created": False}
        return Answer(200, known, {"Location": f"/cases/{case.id}"})
    if row.status in {"received", "parked"}:
        waits: dict[str, Any] = {"event_id": row.id, "reason": row.reason or "It is being opened."}
        return Answer(202, waits, {"Location": f"/inbound-events/{row.id}"})
    raise Problem(REFUSED_OUTSIDE, row.reason or row.error or "No case opens for this.")


def _claim(body: ForReturn | ForClaim) -> ClaimRequest | None:
    if isinstance(body, ForReturn):
        return None
    return ClaimRequest(
        kind=ClaimKind(body.kind),
        external_reference=body.external_reference,
        order_id=body.order_id,
        lines=tuple(
            ClaimRequestLine(
                line_item_id=line.line_item_id,
                quantity=line.quantity,
                reason_code=line.reason_code,
            )
            for line in body.lines
        ),
        goods_back=body.goods_back,
        note=body.note,
        document_ids=tuple(body.document_ids),
    )


async def _check_documents(services: Services, body: ForReturn | ForClaim) -> None:
    """A claim may name only documents of its own shop."""
    if isinstance(body, ForReturn):
        return
    async with services.database.read() as session:
        for place, document_id in enumerate(body.document_ids):
            try:
                document = await documents.get(session, document_id)
            except NotFoundError:
                document = None
            if document is None or document.shop_id != body.shop:
                field = FieldError(field=f"body.document_ids.{place}", message="no such document")
                raise invalid(f"The shop has no document {document_id!r}.", field)
