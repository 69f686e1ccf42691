"""Opening a return claim by hand or by another system: for a return, or for a damage or warranty claim."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import Discriminator, Field, Tag

from api.access import Caller, Operator
from api.errors import FieldError, invalid
from api.idempotency import Answer, IdempotencyKey, digest_of, once
from api.openings import RESPONSES, Opened, ShopifyId, opened, which
from api.pages import Deps, Input
from api.services import Services
from domain.return_claim.names import ClaimKind
from domain.return_claim.state import ClaimRequest, ClaimRequestLine
from intake.openings import claim_body
from persistence.errors import NotFoundError
from persistence.repositories import documents, shops

router = APIRouter(tags=["return claims"])

ROUTE = "POST /return-claims"
TOPIC = "claims/create"


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


OpenClaim = Annotated[
    Annotated[ForReturn, Tag("return")] | Annotated[ForClaim, Tag("claim")],
    Discriminator(which("return_id", "return", "claim")),
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


@router.post(
    "/return-claims",
    summary="Open a return claim",
    status_code=201,
    response_model=Opened,
    responses=RESPONSES,
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
    return await opened(services, caller, key, shop=body.shop, topic=TOPIC, content=content)


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
