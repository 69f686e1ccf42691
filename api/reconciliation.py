"""What the schedules found that no webhook told, and "sync this now" for what somebody misses."""

import json
import uuid
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query
from fastapi.responses import JSONResponse
from pydantic import Field, ValidationInfo, field_validator

from api.access import Operator, Reader
from api.errors import NOT_FOUND, REFUSED_OUTSIDE, Problem, documented
from api.pages import Deps, Input, Output
from domain.reconciliation import Compared, Source
from domain.shopify_ids import numeric_id
from intake.inbox import receive_own
from intake.reconciliation import Reconciler
from persistence.repositories import inbound_events, partners, shops, watermarks
from persistence.tables import InboundEvent

router = APIRouter(prefix="/reconciliation", tags=["inbox"])

Kind = Literal["order", "return", "dispute", "campaign", "partner"]


class WatermarkOut(Output):
    """How far one kind of object was compared with the inbox."""

    source: str = Field(examples=["shopify"])
    scope: str = Field(description="The shop; for Trading Grid's feed the tenant.")
    object: str = Field(
        description="What is compared, as `orders`; `events` is Trading Grid's feed."
    )
    seen_until: datetime | None = Field(
        description="The watermark: all changes before it are in the inbox."
    )
    last_run_at: datetime | None
    last_found: int = Field(description="Put into the inbox by the last run.")
    found: int = Field(description="Put into the inbox by all runs.")
    error: str | None = Field(description="Why the last run stopped early.")


class Reconciliation(Output):
    items: list[WatermarkOut]


class SyncThis(Input):
    shop: str = Field(max_length=64)
    kind: Kind
    id: str = Field(
        min_length=1,
        max_length=200,
        description="Shopify's number or GID; of a partner, its id in Trading Grid.",
    )

    @field_validator("id")
    @classmethod
    def _number(cls, value: str, info: ValidationInfo) -> str:
        return value if info.data.get("kind") in {None, "partner"} else numeric_id(value)


class Synced(Output):
    """What came of it. `received` and `parked` wait, `reason` says what for."""

    event_id: int = Field(description="In the inbox.", examples=[42])
    status: str = Field(examples=["dispatched"])
    reason: str = Field(examples=[""])
    case_ids: list[str] = Field(examples=[["order-exception:acme:450789469"]])


_EXAMPLES = [
    {"shop": "acme", "kind": "order", "id": "gid://shopify/Order/450789469"},
    {"shop": "acme", "kind": "partner", "id": "acme-textiles"},
]


@router.get("", summary="See how far all is reconciled")
async def read_reconciliation(
    services: Deps,
    _: Reader,
    shop: Annotated[str | None, Query(max_length=64, description="Only this shop's.")] = None,
) -> Reconciliation:
    """The last run of each shop and of Trading Grid's feed, what it found, and its watermark."""
    async with services.database.read() as session:
        tenant = (await shops.get(session, shop)).tenant_id if shop is not None else None
        rows = await watermarks.list_all(session)
    wanted = {("shopify", shop), ("trading_grid", tenant)}
    return Reconciliation(
        items=[
            WatermarkOut.model_validate(row)
            for row in rows
            if shop is None or (row.source, row.scope) in wanted
        ]
    )


@router.post(
    "/sync",
    summary="Sync this now",
    response_model=Synced,
    responses={
        202: {
            "model": Synced,
            "description": "Kept, and looked at as soon as what it needs answers.",
        },
        **documented(NOT_FOUND, REFUSED_OUTSIDE),
    },
)
async def sync_now(
    body: Annotated[SyncThis, Body(examples=_EXAMPLES)], services: Deps, _: Operator
) -> JSONResponse:
    """Read this object as it is now, as if an event had told of it: its cases look again, and what should open does.

    Of a partner its own data are read, every open case with it looks again, and behind the answer Trading Grid's feed is
    read on: what no webhook has brought of anybody goes into the inbox. All of it may be said as often as one likes.
    """
    async with services.database.read() as session:
        shop = await shops.get(session, body.shop)
        if body.kind == "partner":
            await partners.get(session, shop.tenant_id, body.id)
    scope = shop.id
    content: dict[str, object] = {f"{body.kind}_id": body.id}
    if body.kind == "partner":  # Trading Grid's own events of a partner are the tenant's
        scope, content = shop.tenant_id, {"data": {"id": body.id}}
    received = await receive_own(
        services.database,
        scope=scope,
        topic=f"sync/{body.kind}",
        delivery_id=str(uuid.uuid4()),
        body=json.dumps(content).encode(),
        now=services.now(),
    )
    if body.kind == "partner":
        reconciler = Reconciler(services.database, services.connections, services.dispatcher)
        work = reconciler.compare(Source.TRADING_GRID, shop.tenant_id, Compared.EVENTS)
        services.background.start(work, f"read the feed of {shop.tenant_id}")
    await services.dispatcher.dispatch(received.event_id)
    async with services.database.read() as session:
        row = await inbound_events.get(session, received.event_id)
    return _answer(row)


def _answer(row: InboundEvent) -> JSONResponse:
    reason = row.reason or row.error or ""
    if row.status == "failed":
        raise Problem(REFUSED_OUTSIDE, reason)
    synced = Synced(event_id=row.id, status=row.status, reason=reason, case_ids=list(row.case_ids))
    waits = row.status in {"received", "parked"}
    headers = {"Location": f"/inbound-events/{row.id}"} if waits else None
    return JSONResponse(
        synced.model_dump(mode="json"), status_code=202 if waits else 200, headers=headers
    )
