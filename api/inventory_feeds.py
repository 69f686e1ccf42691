"""Opening a partner's inventory feed by hand, and what stands in it: positions, and what keeps some of them back."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.access import Caller, Operator, Reader
from api.cases import CaseId, find_case
from api.errors import INVALID, NOT_FOUND, documented
from api.idempotency import Answer, IdempotencyKey, digest_of, once
from api.openings import RESPONSES, Opened, opened
from api.pages import Cursor, Deps, Input, Limit, Output, link_next
from api.services import Services
from domain.case import CaseKind
from domain.inventory_feed.problems import Problem
from intake.openings import feed_body
from persistence.errors import NotFoundError
from persistence.repositories import inventory_positions, partners, shops
from persistence.repositories.stock_terms import FeedKey
from persistence.tables import InventoryPosition

router = APIRouter(tags=["inventory feeds"])

ROUTE = "POST /inventory-feeds"
TOPIC = "feeds/create"

Sku = Annotated[str | None, Query(max_length=255, description="SKUs that begin so.")]
Code = Annotated[
    str | None, Query(max_length=255, description="What the partner calls the location.")
]


class ForPartner(Input):
    """Open the feed of a partner's stock into a shop; where one was stopped, another one."""

    shop: str = Field(max_length=64)
    partner: str = Field(
        min_length=1, max_length=200, description="A partner of the shop's tenant."
    )


class PositionOut(Output):
    """What the partner last said of a SKU at one of its locations, and what was last written of it to Shopify."""

    location_code: str
    sku: str
    available: int | None = Field(description="Null: nothing of it could be read yet.")
    allocation: int | None = Field(
        description="How many of them are for this shop; null: no limit."
    )
    available_date: date | None
    constraint_code: str
    constraint_until: date | None = Field(description="The last day it holds.")
    as_of: datetime = Field(description="The moment the partner speaks of.")
    sequence: int
    advice_id: str
    location_gid: str | None
    item_gid: str | None
    written: int | None = Field(description="The quantity last written to Shopify.")
    written_at: datetime | None
    problem: str | None = Field(description="What keeps it from being written.")
    problem_since: datetime | None
    said_problem: str | None = Field(description="What is wrong with the partner's newest line.")
    said_since: datetime | None


class PositionPage(Output):
    items: list[PositionOut]
    next_cursor: str | None


class ProblemOut(Output):
    problem: Problem
    words: str
    sku: str
    location_code: str
    since: datetime | None
    holds_back: bool = Field(description="Its quantity is not written while this stands.")
    partner_mends: bool = Field(description="The partner can mend it, rather than the merchant.")


class ProblemPage(Output):
    """A SKU with two problems has two entries; a page may have more entries than its limit by that."""

    items: list[ProblemOut]
    next_cursor: str | None


@router.post(
    "/inventory-feeds",
    summary="Open an inventory feed",
    status_code=201,
    response_model=Opened,
    responses=RESPONSES,
)
async def open_inventory_feed(
    body: Annotated[ForPartner, Body(examples=[{"shop": "acme", "partner": "acme-textiles"}])],
    key: IdempotencyKey,
    caller: Operator,
    services: Deps,
) -> JSONResponse:
    """A feed opens by itself with the partner's first inventory advice. Here it is opened before, or again after it was
    stopped; it looks for the newest advices at Trading Grid."""

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


async def _open(services: Services, caller: Caller, key: str, body: ForPartner) -> Answer:
    async with services.database.read() as session:
        shop = await shops.get(session, body.shop)
        await partners.get(session, shop.tenant_id, body.partner)
    content, _ = feed_body(partner=body.partner, opened_by=caller.actor)
    return await opened(services, caller, key, shop=body.shop, topic=TOPIC, content=content)


@router.get(
    "/inventory-feeds/{case_id}/positions",
    summary="List a feed's positions",
    responses=documented(NOT_FOUND, INVALID),
)
async def list_positions(
    case_id: CaseId,
    request: Request,
    response: Response,
    services: Deps,
    _: Reader,
    sku: Sku = None,
    location: Code = None,
    problem: Annotated[Problem | None, Query(description="Only with this problem.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PositionPage:
    """By location code and SKU: all that the partner has ever said, its newest word of each."""
    async with services.database.read() as session:
        page = await inventory_positions.page(
            session,
            await _feed(session, case_id),
            sku=sku,
            location_code=location,
            problem=problem,
            limit=limit,
            cursor=cursor,
        )
    link_next(request, response, page.next_cursor)
    return PositionPage(
        items=[PositionOut.model_validate(row) for row in page.items], next_cursor=page.next_cursor
    )


@router.get(
    "/inventory-feeds/{case_id}/problems",
    summary="List a feed's problems",
    responses=documented(NOT_FOUND, INVALID),
)
async def list_problems(
    case_id: CaseId,
    request: Request,
    response: Response,
    services: Deps,
    _: Reader,
    sku: Sku = None,
    location: Code = None,
    problem: Annotated[Problem | None, Query(description="Only this problem.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ProblemPage:
    """What keeps SKUs from being written, each since when. A problem goes away by itself once it is mended."""
    async with services.database.read() as session:
        page = await inventory_positions.page(
            session,
            await _feed(session, case_id),
            sku=sku,
            location_code=location,
            problem=problem,
            any_problem=True,
            limit=limit,
            cursor=cursor,
        )
    link_next(request, response, page.next_cursor)
    return ProblemPage(
        items=[
            one
            for row in page.items
            for one in _problems(row)
            if problem is None or one.problem is problem
        ],
        next_cursor=page.next_cursor,
    )


async def _feed(session: AsyncSession, case_id: str) -> FeedKey:
    """Whose stock in which shop. A feed that has not written its first snapshot yet says so in what it starts with."""
    found = await find_case(session, case_id)
    if found.kind != CaseKind.INVENTORY_FEED:
        raise NotFoundError("inventory feed", case_id)
    partner = found.partners[0] if found.partners else (found.argument or {}).get("partner", "")
    return FeedKey(found.shop_id, str(partner))


def _problems(row: InventoryPosition) -> Iterator[ProblemOut]:
    named: tuple[tuple[str | None, Any], ...] = (
        (row.said_problem, row.said_since),
        (row.problem, row.problem_since),
    )
    for name, since in named:
        if name in set(Problem):
            problem = Problem(name)
            yield ProblemOut(
                problem=problem,
                words=problem.words,
                sku=row.sku,
                location_code=row.location_code,
                since=since,
                holds_back=problem.holds_back,
                partner_mends=problem.partners,
            )
