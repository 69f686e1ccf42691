"""Opening purchase orders by hand or by another system: an order's drop-ship lines, or goods for a location."""

import json
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Body
from fastapi.responses import JSONResponse
from pydantic import Discriminator, Field, Tag, field_validator

from api.access import Caller, Operator
from api.idempotency import Answer, IdempotencyKey, digest_of, once
from api.openings import RESPONSES, Opened, ShopifyId, opened, which
from api.pages import Deps, Input
from api.services import Services
from domain.purchase_order.names import ReplenishmentLine, ReplenishmentRequest
from intake.openings import replenishment_body
from persistence.repositories import partners, shops

router = APIRouter(tags=["purchase orders"])

ROUTE = "POST /purchase-orders"
FOR_ORDER = "purchases/create"
REPLENISHMENT = "replenishments/create"


class PurchasesOfOrder(Input):
    """Send the purchase orders of an order's drop-ship lines. `again`: a second case, after the first has closed."""

    shop: str = Field(max_length=64)
    order_id: ShopifyId
    again: bool = False


class LineOfReplenishment(Input):
    line_id: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$", description="Your own number of the line."
    )
    sku: str = Field(min_length=1, max_length=120)
    quantity: int = Field(gt=0, le=1_000_000)
    unit_price: Decimal = Field(ge=0, max_digits=18, decimal_places=4)


class Replenishment(Input):
    """Order goods of a partner for a location of the shop. `number` is your own and names the case."""

    shop: str = Field(max_length=64)
    number: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")
    partner: str = Field(
        min_length=1, max_length=200, description="A partner of the shop's tenant."
    )
    location_id: ShopifyId
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    lines: list[LineOfReplenishment] = Field(min_length=1, max_length=500)
    note: str = Field(default="", max_length=2_000)
    again: bool = False

    @field_validator("lines")
    @classmethod
    def _each_once(cls, lines: list[LineOfReplenishment]) -> list[LineOfReplenishment]:
        if len({line.line_id for line in lines}) < len(lines):
            raise ValueError("a line_id stands twice")
        return lines


OpenPurchaseOrders = Annotated[
    Annotated[PurchasesOfOrder, Tag("order")] | Annotated[Replenishment, Tag("replenishment")],
    Discriminator(which("order_id", "order", "replenishment")),
]

_EXAMPLES: dict[str, Any] = {
    "replenishment": {
        "summary": "Goods for a location",
        "value": {
            "shop": "acme",
            "number": "R-2026-117",
            "partner": "acme-textiles",
            "location_id": "655441491",
            "currency": "EUR",
            "lines": [{"line_id": "1", "sku": "JERSEY-M", "quantity": 40, "unit_price": "21.50"}],
        },
    },
    "order": {
        "summary": "The drop-ship lines of an order",
        "value": {"shop": "acme", "order_id": "gid://shopify/Order/450789469"},
    },
}


@router.post(
    "/purchase-orders",
    summary="Send purchase orders",
    status_code=201,
    response_model=Opened,
    responses=RESPONSES,
)
async def open_purchase_orders(
    body: Annotated[OpenPurchaseOrders, Body(openapi_examples=_EXAMPLES)],
    key: IdempotencyKey,
    caller: Operator,
    services: Deps,
) -> JSONResponse:
    """One case for an order's drop-ship lines, with a purchase order for each partner; or a replenishment, with one.

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


async def _open(
    services: Services, caller: Caller, key: str, body: PurchasesOfOrder | Replenishment
) -> Answer:
    async with services.database.read() as session:
        shop = await shops.get(session, body.shop)
        if isinstance(body, Replenishment):
            await partners.get(session, shop.tenant_id, body.partner)
    if isinstance(body, PurchasesOfOrder):
        topic = FOR_ORDER
        asked = {"order_id": body.order_id, "opened_by": caller.actor, "again": body.again}
        content = json.dumps(asked, sort_keys=True).encode()
    else:
        topic = REPLENISHMENT
        request = _request(shop.tenant_id, body)
        content, _ = replenishment_body(request, opened_by=caller.actor, again=body.again)
    return await opened(services, caller, key, shop=body.shop, topic=topic, content=content)


def _request(tenant: str, body: Replenishment) -> ReplenishmentRequest:
    return ReplenishmentRequest(
        number=body.number,
        tenant=tenant,
        partner=body.partner,
        location_id=body.location_id,
        currency=body.currency,
        lines=tuple(ReplenishmentLine(**line.model_dump()) for line in body.lines),
        note=body.note,
    )
