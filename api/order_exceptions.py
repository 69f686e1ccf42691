"""Opening an order exception by hand or by another system: an order that can't be fulfilled as promised."""

from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import Field

from api.access import Caller, Operator
from api.idempotency import Answer, IdempotencyKey, digest_of, once
from api.openings import RESPONSES, Opened, ShopifyId, opened
from api.pages import Deps, Input
from api.services import Services
from domain.order_exception.names import Reason
from intake.openings import exception_body
from persistence.repositories import shops

router = APIRouter(tags=["order exceptions"])

ROUTE = "POST /order-exceptions"
TOPIC = "exceptions/create"


class ForOrder(Input):
    """Open a case for an order. `again`: a second case, after the first has closed."""

    shop: str = Field(max_length=64)
    order_id: ShopifyId
    reason: Reason = Field(default=Reason.OTHER, description="Why it can't be fulfilled.")
    note: str = Field(
        default="", max_length=2_000, description="What the partners should know; they read it."
    )
    line_ids: list[ShopifyId] = Field(
        default_factory=list,
        max_length=250,
        description="LineItems; left out: every line that is still to ship and no purchase order covers.",
    )
    again: bool = False


_EXAMPLES: dict[str, Any] = {
    "late": {
        "summary": "Two lines of an order are late",
        "value": {
            "shop": "acme",
            "order_id": "450789469",
            "reason": "late",
            "note": "The customer asks when the jerseys come.",
            "line_ids": ["466157049", "466157050"],
        },
    },
    "all": {
        "summary": "All that is still to ship",
        "value": {"shop": "acme", "order_id": "gid://shopify/Order/450789469", "reason": "other"},
    },
}


@router.post(
    "/order-exceptions",
    summary="Open an order exception",
    status_code=201,
    response_model=Opened,
    responses=RESPONSES,
)
async def open_order_exception(
    body: Annotated[ForOrder, Body(openapi_examples=_EXAMPLES)],
    key: IdempotencyKey,
    caller: Operator,
    services: Deps,
) -> JSONResponse:
    """For an order that can't be fulfilled as promised: the partners of its lines are asked.

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


async def _open(services: Services, caller: Caller, key: str, body: ForOrder) -> Answer:
    async with services.database.read() as session:
        await shops.get(session, body.shop)
    content, _ = exception_body(
        order_id=body.order_id,
        reason=body.reason,
        note=body.note,
        line_ids=body.line_ids,
        opened_by=caller.actor,
        again=body.again,
    )
    return await opened(services, caller, key, shop=body.shop, topic=TOPIC, content=content)
