"""Opening a dispute's case by hand: one that no webhook told of, or that is to be taken up again."""

from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import Field

from api.access import Caller, Operator
from api.idempotency import Answer, IdempotencyKey, digest_of, once
from api.openings import RESPONSES, Opened, ShopifyId, opened
from api.pages import Deps, Input
from api.services import Services
from intake.openings import dispute_body
from persistence.repositories import shops

router = APIRouter(tags=["disputes"])

ROUTE = "POST /disputes"
TOPIC = "disputes/create"


class ForDispute(Input):
    """Open a case for a dispute of Shopify Payments. `again`: a second case, after the first has closed."""

    shop: str = Field(max_length=64)
    dispute_id: ShopifyId
    again: bool = False


_EXAMPLES: dict[str, Any] = {
    "dispute": {
        "summary": "A dispute, by its number or GID",
        "value": {
            "shop": "acme",
            "dispute_id": "gid://shopify/ShopifyPaymentsDispute/598735659",
        },
    },
    "again": {
        "summary": "Once more, after its case was given up",
        "value": {"shop": "acme", "dispute_id": "598735659", "again": True},
    },
}


@router.post(
    "/disputes",
    summary="Open a dispute's case",
    status_code=201,
    response_model=Opened,
    responses=RESPONSES,
)
async def open_dispute(
    body: Annotated[ForDispute, Body(openapi_examples=_EXAMPLES)],
    key: IdempotencyKey,
    caller: Operator,
    services: Deps,
) -> JSONResponse:
    """Disputes come by themselves, by webhook or reconciliation; this is for one that did not.

    The partners who shipped the order's goods are asked for evidence. One that is answered or decided already is recorded.
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


async def _open(services: Services, caller: Caller, key: str, body: ForDispute) -> Answer:
    async with services.database.read() as session:
        await shops.get(session, body.shop)
    content, _ = dispute_body(dispute_id=body.dispute_id, opened_by=caller.actor, again=body.again)
    return await opened(services, caller, key, shop=body.shop, topic=TOPIC, content=content)
