"""Campaigns: opened by hand or by another system, planned anew, and their products listed."""

import csv
import io
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Annotated, Any, Self

from fastapi import APIRouter, Body, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import AwareDatetime, Field, field_validator, model_validator
from sqlmodel.ext.asyncio.session import AsyncSession

from api.access import Caller, Operator, Reader
from api.cases import CaseId, find_case
from api.errors import INVALID, NOT_FOUND, FieldError, Problem, documented
from api.idempotency import Answer, IdempotencyKey, digest_of, once
from api.openings import RESPONSES, Opened, ShopifyId, opened
from api.pages import Cursor, Deps, Input, Limit, Output, link_next
from api.services import Services
from domain.campaign_readiness.plan import (
    MOST_PIECES,
    MOST_PRODUCTS,
    SKU_LENGTH,
    TITLE_LENGTH,
    GivenPlan,
    PlannedProduct,
    Window,
)
from domain.campaign_readiness.plan_file import Default, read_plan_file
from domain.campaign_readiness.positions import Commitment
from domain.case import CaseKind
from domain.own_events import CAMPAIGN_PLAN, CREATE_CAMPAIGN
from intake.openings import campaign_body, campaign_plan_body
from persistence.errors import NotFoundError
from persistence.pages import MAX_PAGE
from persistence.repositories import shops
from persistence.repositories.campaigns import positions, words
from persistence.repositories.campaigns.positions import ProductFilter
from persistence.tables import Case

router = APIRouter(tags=["campaigns"])

ROUTE = "POST /campaigns"
PLAN_ROUTE = "POST /campaigns/{case_id}/plan"
MOST_CHARACTERS = 2_000_000
"""Of a plan as CSV text."""
_TOLD = 200  # errors of one plan
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # with which a spreadsheet would begin to calculate


class ProductIn(Input):
    sku: str = Field(min_length=1, max_length=SKU_LENGTH)
    expected_quantity: int = Field(ge=1, le=MOST_PIECES)
    ready_by: date | None = Field(default=None, description="Left out: before the start.")

    @field_validator("sku")
    @classmethod
    def _trimmed(cls, sku: str) -> str:
        if not sku.strip():
            raise ValueError("the SKU is blank")
        return sku.strip()


class PlanIn(Input):
    """The products of a campaign in one of three ways: as a list, as CSV text, or as a collection of the shop with a
    quantity for each of its variants. `expected_quantity` and `ready_by` also hold for lines of the CSV that leave them
    open.
    """

    products: list[ProductIn] = Field(default_factory=list, max_length=MOST_PRODUCTS)
    csv: str = Field(
        default="",
        max_length=MOST_CHARACTERS,
        description="`sku,expected_quantity,ready_by`, also with semicolons or tabs.",
    )
    collection_id: ShopifyId | None = None
    expected_quantity: int = Field(default=0, ge=0, le=MOST_PIECES)
    ready_by: date | None = None
    partners: list[str] = Field(
        default_factory=list,
        max_length=500,
        description="Where there are any, nobody else is asked.",
    )

    @property
    def ways(self) -> int:
        return sum(map(bool, (self.products, self.csv, self.collection_id)))

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.ways > 1:
            raise ValueError("give products, csv or collection_id, one of them")
        if self.collection_id and not self.expected_quantity:
            raise ValueError("a collection needs an expected_quantity for each of its variants")
        return self


class CampaignIn(PlanIn):
    """Open a campaign. `external_reference` is your own and names the case: the same one again gives the open campaign this
    plan. `again`: another campaign of that reference, after the first has closed."""

    shop: str = Field(max_length=64)
    external_reference: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")
    title: str = Field(min_length=1, max_length=TITLE_LENGTH, pattern=r"\S")
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    again: bool = False

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if not self.ways:
            raise ValueError("say what is in the campaign: products, csv or collection_id")
        return self


class NewPlanIn(PlanIn):
    """Another plan for an open campaign: its window, its products, or both; what is left out stays."""

    title: str | None = Field(default=None, min_length=1, max_length=TITLE_LENGTH, pattern=r"\S")
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        times = (self.title, self.starts_at, self.ends_at)
        if any(times) and not all(times):
            raise ValueError("a window is title, starts_at and ends_at together")
        if not self.ways and not any(times):
            raise ValueError("say what changes: the window, products, csv or collection_id")
        return self


class ProductOut(Output):
    """What one partner is asked for of one SKU, and what it said. `partner_id` empty: the merchant's own."""

    sku: str
    partner_id: str
    expected: int
    ready_by: date | None
    status: Commitment
    quantity: int = Field(description="As the partner said it.")
    ready: int = Field(description="Pieces that can be counted on.")
    missing: int
    late: bool = Field(description="Promised for a day after the one asked for.")
    said_ready_by: date | None
    note: str
    sequence: int = Field(description="Of the partner's word that holds; 0 is none.")
    flags: list[str] = Field(description="Why the word is to be looked at.")
    sold: int = Field(description="Counted after the campaign.")


class ProductPage(Output):
    items: list[ProductOut]
    next_cursor: str | None


class FlagOut(Output):
    """Something of a partner's word that was kept, and not (or not wholly) applied."""

    partner_id: str
    sequence: int
    sku: str
    flag: str
    text: str


class FlagPage(Output):
    items: list[FlagOut]
    next_cursor: str | None


_EXAMPLES: dict[str, Any] = {
    "products": {
        "summary": "Products in a list",
        "value": {
            "shop": "acme",
            "external_reference": "SPRING-2027",
            "title": "Spring 2027",
            "starts_at": "2027-03-01T08:00:00+01:00",
            "ends_at": "2027-03-21T20:00:00+01:00",
            "products": [
                {"sku": "JERSEY-M", "expected_quantity": 400, "ready_by": "2027-02-20"},
                {"sku": "JERSEY-L", "expected_quantity": 250},
            ],
        },
    },
    "csv": {
        "summary": "A table",
        "value": {
            "shop": "acme",
            "external_reference": "SPRING-2027",
            "title": "Spring 2027",
            "starts_at": "2027-03-01T07:00:00Z",
            "ends_at": "2027-03-21T19:00:00Z",
            "csv": "sku,expected_quantity,ready_by\nJERSEY-M,400,2027-02-20\nJERSEY-L,250,\n",
        },
    },
    "collection": {
        "summary": "A collection of the shop",
        "value": {
            "shop": "acme",
            "external_reference": "SPRING-2027",
            "title": "Spring 2027",
            "starts_at": "2027-03-01T07:00:00Z",
            "ends_at": "2027-03-21T19:00:00Z",
            "collection_id": "gid://shopify/Collection/841564295",
            "expected_quantity": 50,
            "ready_by": "2027-02-20",
        },
    },
}


@router.post(
    "/campaigns",
    summary="Open a campaign",
    status_code=201,
    response_model=Opened,
    responses={**RESPONSES, **documented(INVALID)},
)
async def open_campaign(
    body: Annotated[CampaignIn, Body(openapi_examples=_EXAMPLES)],
    key: IdempotencyKey,
    caller: Operator,
    services: Deps,
) -> JSONResponse:
    """Every partner of the products gets its share to get ready for; the campaign is written to the shop as a metaobject.

    A plan with errors is refused whole, with all of them. The request is kept before it is answered: what could not be
    opened at once (202) is opened later, without another word.
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


@router.post(
    "/campaigns/{case_id}/plan",
    summary="Give a campaign another plan",
    response_model=Opened,
    responses={**RESPONSES, **documented(INVALID)},
)
async def plan_anew(
    case_id: CaseId,
    body: Annotated[
        NewPlanIn,
        Body(examples=[{"products": [{"sku": "JERSEY-M", "expected_quantity": 500}]}]),
    ],
    key: IdempotencyKey,
    caller: Operator,
    services: Deps,
) -> JSONResponse:
    """The whole list of products anew, another window, or both. Partners hear of what differs for them, and are asked again
    for what it touches."""

    async def work() -> Answer:
        return await _plan_anew(services, caller, key, case_id, body)

    return await once(
        services,
        actor=caller.key_id,
        key=key,
        route=PLAN_ROUTE,
        body_sha256=digest_of({"case": case_id} | body.model_dump(mode="json")),
        work=work,
    )


@router.get(
    "/campaigns/{case_id}/products",
    summary="List a campaign's products",
    responses=documented(NOT_FOUND, INVALID),
)
async def list_products(
    case_id: CaseId,
    request: Request,
    response: Response,
    services: Deps,
    _: Reader,
    partner: Annotated[
        str | None, Query(max_length=200, description="Empty: the merchant's own.")
    ] = None,
    status: Annotated[Commitment | None, Query()] = None,
    in_doubt: Annotated[
        bool | None, Query(description="At risk, late, promised in part or declined.")
    ] = None,
    worst: Annotated[
        bool, Query(description="Those first of which most pieces are missing.")
    ] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ProductPage:
    """By SKU, or the worst first, by keyset pages."""
    async with services.database.read() as session:
        case = await _campaign(session, case_id)
        page = await positions.list_page(
            session,
            case.id,
            ProductFilter(partner=partner, status=status, in_doubt=in_doubt),
            worst_first=worst,
            limit=limit,
            cursor=cursor,
        )
    link_next(request, response, page.next_cursor)
    return ProductPage.model_validate(page)


@router.get(
    "/campaigns/{case_id}/products.csv",
    summary="Export a campaign's products",
    responses={
        200: {"content": {"text/csv": {}}, "description": "All of them, by SKU."},
        **documented(NOT_FOUND),
    },
    response_class=StreamingResponse,
)
async def export_products(case_id: CaseId, services: Deps, _: Reader) -> StreamingResponse:
    async with services.database.read() as session:
        case = await _campaign(session, case_id)
        await positions.list_page(session, case.id, ProductFilter(), limit=1)
    name = f'attachment; filename="campaign-{case.number}.csv"'
    return StreamingResponse(
        _table(services, case.id), media_type="text/csv", headers={"Content-Disposition": name}
    )


@router.get(
    "/campaigns/{case_id}/flags",
    summary="List what was flagged in partners' words",
    responses=documented(NOT_FOUND, INVALID),
)
async def list_flags(
    case_id: CaseId,
    request: Request,
    response: Response,
    services: Deps,
    _: Reader,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> FlagPage:
    """SKUs that are not in the plan, words on an older plan, more than was expected, days that can't be read: kept, and
    shown."""
    async with services.database.read() as session:
        case = await _campaign(session, case_id)
        page = await words.flags_page(session, case.id, limit=limit, cursor=cursor)
    link_next(request, response, page.next_cursor)
    return FlagPage.model_validate(page)


async def _open(services: Services, caller: Caller, key: str, body: CampaignIn) -> Answer:
    async with services.database.read() as session:
        await shops.get(session, body.shop)
    window = _window(services, body.title, body.starts_at, body.ends_at)
    plan = _given(body, window)
    content, _ = campaign_body(
        plan,
        external_reference=body.external_reference,
        opened_by=caller.actor,
        again=body.again,
    )
    return await opened(
        services, caller, key, shop=body.shop, topic=CREATE_CAMPAIGN, content=content
    )


async def _plan_anew(
    services: Services, caller: Caller, key: str, case_id: str, body: NewPlanIn
) -> Answer:
    async with services.database.read() as session:
        case = await _campaign(session, case_id)
    window = None
    if body.title and body.starts_at and body.ends_at:
        window = _window(services, body.title, body.starts_at, body.ends_at)
    content, _ = campaign_plan_body(_given(body, window), case_id=case.id, actor=caller.actor)
    return await opened(
        services, caller, key, shop=case.shop_id, topic=CAMPAIGN_PLAN, content=content
    )


def _window(
    services: Services, title: str, starts_at: AwareDatetime, ends_at: AwareDatetime
) -> Window:
    window = Window(title=title.strip(), starts_at=starts_at, ends_at=ends_at)
    problem = window.problem
    if not problem and ends_at <= services.now():
        problem = "The campaign is over already."
    if problem:
        raise Problem(INVALID, problem, errors=[FieldError(field="body.ends_at", message=problem)])
    return window


def _given(body: PlanIn, window: Window | None) -> GivenPlan:
    """The plan, or a 422 with every error in it."""
    return GivenPlan(
        window=window,
        products=tuple(_products(body)),
        collection_id=body.collection_id or "",
        expected_quantity=body.expected_quantity,
        ready_by=body.ready_by,
        partners=tuple(dict.fromkeys(body.partners)),
    )


def _products(body: PlanIn) -> list[PlannedProduct]:
    if body.csv:
        read = read_plan_file(body.csv, Default(body.expected_quantity, body.ready_by))
        if read.errors:
            _refuse(
                [
                    FieldError(field=f"body.csv, line {one.line}", message=one.reason)
                    for one in read.errors
                ]
            )
        if not read.products:
            _refuse([FieldError(field="body.csv", message="The table has no products.")])
        return read.products
    places: dict[str, int] = {}
    errors = []
    for place, product in enumerate(body.products):
        first = places.setdefault(product.sku, place)
        if first != place:
            message = f"The SKU {product.sku} stands in products.{first} too."
            errors.append(FieldError(field=f"body.products.{place}.sku", message=message))
    if errors:
        _refuse(errors)
    return [PlannedProduct(**product.model_dump()) for product in body.products]


def _refuse(errors: Sequence[FieldError]) -> None:
    more = len(errors) - _TOLD
    told = "; ".join(f"{one.field}: {one.message}" for one in errors[:3])
    rest = f"; and {len(errors) - 3} more" if len(errors) > 3 else ""
    shown = [*errors[:_TOLD]]
    if more > 0:
        shown.append(FieldError(field="body", message=f"{more} more errors."))
    raise Problem(INVALID, f"The plan can't be read. {told}{rest}", errors=shown)


async def _campaign(session: AsyncSession, case_id: str) -> Case:
    case = await find_case(session, case_id)
    if case.kind != CaseKind.CAMPAIGN_READINESS:
        raise NotFoundError("campaign", case_id)
    return case


async def _table(services: Services, case_id: str) -> AsyncIterator[str]:
    """A page at a time, each read on its own: nobody waits for a slow reader."""
    columns = [name for name in ProductOut.model_fields if name != "flags"]
    yield _line(columns)
    cursor: str | None = None
    while True:
        async with services.database.read() as session:
            page = await positions.list_page(
                session, case_id, ProductFilter(), limit=MAX_PAGE, cursor=cursor
            )
        for row in page.items:
            shown = ProductOut.model_validate(row).model_dump(mode="json")
            yield _line(["" if shown[name] is None else str(shown[name]) for name in columns])
        cursor = page.next_cursor
        if cursor is None:
            return


def _line(cells: Sequence[str]) -> str:
    """What others wrote is text, whatever it begins with."""
    buffer = io.StringIO()
    safe = [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
    csv.writer(buffer).writerow(safe)
    return buffer.getvalue()
