"""Switches: a pause stops calls to the outside, a shadow lets cases decide and writes nothing outside."""

import asyncio
import uuid
from datetime import datetime
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Body, Path, Query
from pydantic import Field
from temporalio.service import RPCError

from api.access import Admin, Reader
from api.errors import INVALID, NOT_FOUND, Problem, documented
from api.pages import Deps, Input, Output
from api.routing import Lifecycle
from api.services import Services
from domain import operator
from persistence.base import ANY
from persistence.pages import MAX_PAGE
from persistence.repositories import cases, partners, shops, switches
from persistence.repositories.cases import CaseFilter
from persistence.repositories.switches import SwitchKind

router = APIRouter(prefix="/switches", tags=["administration"])
_log = structlog.get_logger(__name__)

_AT_ONCE = 20
Kind = Annotated[SwitchKind, Path()]


class SwitchIn(Input):
    """What it covers; `*` is all."""

    shop_id: str = Field(default=ANY, max_length=64)
    lifecycle: Lifecycle = ANY
    partner_id: str = Field(default=ANY, max_length=200)
    reason: str = Field(min_length=1, max_length=1000)


class SwitchOut(Output):
    kind: str
    shop_id: str
    lifecycle: str
    partner_id: str
    set_by: str
    reason: str
    since: datetime


_EXAMPLE: dict[str, Any] = {"shop_id": "acme", "reason": "Stocktaking until Monday."}


@router.get("", summary="List switches")
async def list_switches(
    services: Deps, _: Reader, kind: Annotated[SwitchKind | None, Query()] = None
) -> list[SwitchOut]:
    """Those that are on; a switch that is off has no row."""
    async with services.database.read() as session:
        rows = await switches.list_all(session, kind=kind)
    return [SwitchOut.model_validate(row) for row in rows]


@router.put("/{kind}", summary="Switch on", responses=documented(NOT_FOUND, INVALID))
async def switch_on(
    kind: Kind,
    body: Annotated[SwitchIn, Body(examples=[_EXAMPLE])],
    services: Deps,
    caller: Admin,
) -> SwitchOut:
    """Where it was on, who and why are renewed. A pause holds at once; open cases are told to look."""
    async with services.database.begin() as session:
        if body.shop_id != ANY:
            shop = await shops.get(session, body.shop_id)
            if body.partner_id != ANY:
                await partners.get(session, shop.tenant_id, body.partner_id)
        row = await switches.put(
            session,
            kind,
            shop_id=body.shop_id,
            lifecycle=body.lifecycle,
            partner_id=body.partner_id,
            set_by=caller.actor,
            reason=body.reason,
            now=services.now(),
        )
    _turned(services, kind, body.shop_id, body.lifecycle, body.partner_id)
    return SwitchOut.model_validate(row)


@router.delete(
    "/{kind}", summary="Switch off", status_code=204, responses=documented(NOT_FOUND, INVALID)
)
async def switch_off(
    kind: Kind,
    services: Deps,
    _: Admin,
    shop_id: Annotated[str, Query(max_length=64)] = ANY,
    lifecycle: Annotated[Lifecycle, Query()] = ANY,
    partner_id: Annotated[str, Query(max_length=200)] = ANY,
) -> None:
    """Exactly this one; others that cover the same stay on."""
    async with services.database.begin() as session:
        was_on = await switches.clear(
            session, kind, shop_id=shop_id, lifecycle=lifecycle, partner_id=partner_id
        )
    if not was_on:
        raise Problem(NOT_FOUND, f"No {kind} of {shop_id}/{lifecycle}/{partner_id} is on.")
    _turned(services, kind, shop_id, lifecycle, partner_id)


def _turned(services: Services, kind: str, shop: str, lifecycle: str, partner: str) -> None:
    if kind == "pause":
        where = CaseFilter(
            open=True,
            shop_id=None if shop == ANY else shop,
            kind=None if lifecycle == ANY else lifecycle,
            partner_id=None if partner == ANY else partner,
        )
        services.background.start(_tell(services, where), "tell cases of a pause")


async def _tell(services: Services, where: CaseFilter) -> None:
    """Signal the open cases it covers. One that can't be told looks by itself at its next call."""
    change = operator.PauseChanged(event_id=f"pause:{uuid.uuid4()}")
    gate = asyncio.Semaphore(_AT_ONCE)
    told = missed = 0

    async def tell(case_id: str) -> bool:
        async with gate:
            try:
                handle = services.temporal.get_workflow_handle(case_id)
                await handle.signal(operator.PAUSE_CHANGED, change)
            except (RPCError, RuntimeError) as error:
                _log.warning("api.pause_not_told", case_id=case_id, error=str(error))
                return False
            return True

    cursor: str | None = None
    while True:
        async with services.database.read() as session:
            # By the time of opening, which does not change while the pages are read.
            page = await cases.page(
                session, where, order="opened_at", limit=MAX_PAGE, cursor=cursor
            )
        results = await asyncio.gather(*(tell(case.id) for case in page.items))
        told, missed = told + sum(results), missed + len(results) - sum(results)
        cursor = page.next_cursor
        if cursor is None:
            break
    _log.info("api.pause_told", told=told, missed=missed)
