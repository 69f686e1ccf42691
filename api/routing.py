"""Routes and location mappings: which partner a line belongs to, and where a partner's code is at Shopify.

What was parked because one of them was missing is taken up again as soon as one appears or changes.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api.access import Admin, Reader
from api.errors import (
    ALREADY_EXISTS,
    INVALID,
    NOT_FOUND,
    TOO_LARGE,
    UNSUPPORTED_TYPE,
    Problem,
    documented,
    invalid,
)
from api.pages import Deps, Input, Output, Version, tag
from api.services import Services
from api.tenants import EDIT, edited
from domain.case import CaseKind
from domain.inventory_feed.names import Changed
from domain.shopify_ids import gid, numeric_id
from intake.csv_import import ImportReport, import_location_mappings, import_routes
from intake.feeds import put_change
from persistence.base import ANY
from persistence.errors import AlreadyExistsError
from persistence.repositories import (
    inbound_events,
    location_mappings,
    partners,
    routes,
    shops,
    tenants,
)
from persistence.repositories.routes import MatchKind
from persistence.tables import LocationMapping

router = APIRouter(tags=["administration"])

RowId = Annotated[int, Path(ge=1, le=2**63 - 1)]
Handle = Annotated[str, Field(min_length=1, max_length=64)]
PartnerRef = Annotated[str, Field(min_length=1, max_length=200)]
Lifecycle = Annotated[str, Field(pattern="^(" + "|".join([r"\*", *CaseKind]) + ")$")]


class RouteIn(Input):
    shop_id: Handle
    match_kind: MatchKind
    match_value: str = Field(
        min_length=1, max_length=255, description="Case is ignored. A location: number or GID."
    )
    partner_id: PartnerRef = Field(description="A partner of the shop's tenant.")
    lifecycle: Lifecycle = ANY
    priority: int = Field(
        default=0, ge=-1_000_000, le=1_000_000, description="The higher is asked first."
    )


class RouteEdit(Input):
    partner_id: PartnerRef | None = None
    priority: int | None = Field(default=None, ge=-1_000_000, le=1_000_000)


class RouteOut(Output):
    id: int
    shop_id: str
    lifecycle: str
    match_kind: str
    match_value: str
    tenant_id: str
    partner_id: str
    priority: int
    version: int
    created_at: datetime
    updated_at: datetime


class MappingIn(Input):
    tenant_id: Handle
    code: str = Field(min_length=1, max_length=255, description="What partners call the location.")
    shop_id: Handle
    location_id: str = Field(pattern=r"^(gid://shopify/Location/)?[0-9]{1,20}$")
    partner_id: PartnerRef = Field(default=ANY, description="`*`: the code means the same to all.")


class MappingEdit(Input):
    shop_id: Handle | None = None
    location_id: str | None = Field(
        default=None, pattern=r"^(gid://shopify/Location/)?[0-9]{1,20}$"
    )


class MappingOut(Output):
    id: int
    tenant_id: str
    partner_id: str
    code: str
    shop_id: str
    location_gid: str
    version: int
    created_at: datetime
    updated_at: datetime


_ROUTE: dict[str, Any] = {
    "shop_id": "acme",
    "match_kind": "vendor",
    "match_value": "Acme Textiles",
    "partner_id": "acme-textiles",
}
_MAPPING: dict[str, Any] = {
    "tenant_id": "acme",
    "code": "WH-BER-1",
    "shop_id": "acme",
    "location_id": "655441491",
}
_ROUTES_CSV = "match_kind,match_value,partner_id\nvendor,Acme Textiles,acme-textiles\n"
_MAPPINGS_CSV = "code,shop_id,location_id\nWH-BER-1,acme,655441491\n"
DryRun = Annotated[bool, Query(description="Only check, and say what would change.")]


def _csv(example: str) -> dict[str, Any]:
    content = {"text/csv": {"schema": {"type": "string"}, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


@router.get("/routes", summary="List routes")
async def list_routes(
    services: Deps, _: Reader, shop: Annotated[str | None, Query(max_length=64)] = None
) -> list[RouteOut]:
    async with services.database.read() as session:
        rows = await routes.list_all(session, shop_id=shop)
    return [RouteOut.model_validate(row) for row in rows]


@router.post(
    "/routes",
    summary="Add a route",
    status_code=201,
    responses=documented(NOT_FOUND, ALREADY_EXISTS, INVALID),
)
async def create_route(
    body: Annotated[RouteIn, Body(examples=[_ROUTE])], response: Response, services: Deps, _: Admin
) -> RouteOut:
    async with services.database.begin() as session:
        shop = await shops.get(session, body.shop_id)
        await partners.get(session, shop.tenant_id, body.partner_id)
        given = body.model_dump() | {"match_value": _match_value(body)}
        await _check_new(session, given)
        row = await routes.create(session, tenant_id=shop.tenant_id, **given)
        await _unpark(services, session, row.shop_id, row.tenant_id)
    _sweep(services)
    tag(response, row.version)
    return RouteOut.model_validate(row)


@router.get("/routes/{route}", summary="Read a route", responses=documented(NOT_FOUND))
async def read_route(route: RowId, response: Response, services: Deps, _: Reader) -> RouteOut:
    async with services.database.read() as session:
        row = await routes.get(session, route)
    tag(response, row.version)
    return RouteOut.model_validate(row)


@router.patch("/routes/{route}", summary="Edit a route", responses=EDIT)
async def edit_route(
    route: RowId,
    body: Annotated[RouteEdit, Body(examples=[{"priority": 10}])],
    version: Version,
    response: Response,
    services: Deps,
    _: Admin,
) -> RouteOut:
    changes = edited(body)
    async with services.database.begin() as session:
        known = await routes.get(session, route)
        if "partner_id" in changes:
            await partners.get(session, known.tenant_id, changes["partner_id"])
        row = await routes.update(session, route, version=version, changes=changes)
        await _unpark(services, session, row.shop_id, row.tenant_id)
    _sweep(services)
    tag(response, row.version)
    return RouteOut.model_validate(row)


@router.delete(
    "/routes/{route}", summary="Remove a route", status_code=204, responses=documented(NOT_FOUND)
)
async def remove_route(route: RowId, services: Deps, _: Admin) -> None:
    """Open cases keep the partners they have."""
    async with services.database.begin() as session:
        await routes.remove(session, route)


@router.post(
    "/shops/{shop}/routes/import",
    summary="Import routes from CSV",
    responses=documented(NOT_FOUND, INVALID, TOO_LARGE, UNSUPPORTED_TYPE),
    openapi_extra=_csv(_ROUTES_CSV),
)
async def import_routes_csv(
    shop: Annotated[str, Path(max_length=64)],
    request: Request,
    services: Deps,
    _: Admin,
    dry_run: DryRun = True,
) -> ImportReport:
    """All rows or none; the report names each row that can't be taken. A dry run by default."""
    text = await _text(request)
    async with services.database.read() as session:
        await shops.get(session, shop)
    report = await import_routes(services.database, shop, text, dry_run=dry_run, now=services.now())
    if report.unparked:
        _sweep(services)
    return report


@router.get("/location-mappings", summary="List location mappings")
async def list_mappings(
    services: Deps,
    _: Reader,
    tenant: Annotated[str | None, Query(max_length=64)] = None,
    shop: Annotated[str | None, Query(max_length=64)] = None,
) -> list[MappingOut]:
    async with services.database.read() as session:
        rows = await location_mappings.list_all(session, tenant_id=tenant, shop_id=shop)
    return [MappingOut.model_validate(row) for row in rows]


@router.post(
    "/location-mappings",
    summary="Add a location mapping",
    status_code=201,
    responses=documented(NOT_FOUND, ALREADY_EXISTS, INVALID),
)
async def create_mapping(
    body: Annotated[MappingIn, Body(examples=[_MAPPING])],
    response: Response,
    services: Deps,
    _: Admin,
) -> MappingOut:
    async with services.database.begin() as session:
        shop = await shops.get(session, body.shop_id)
        if shop.tenant_id != body.tenant_id:
            raise invalid(f"The shop {shop.id} belongs to the tenant {shop.tenant_id}.")
        if body.partner_id != ANY:
            await partners.get(session, body.tenant_id, body.partner_id)
        row = await location_mappings.create(
            session,
            tenant_id=body.tenant_id,
            code=body.code,
            shop_id=body.shop_id,
            location_gid=_location_gid(body.location_id),
            partner_id=body.partner_id,
        )
        await _unpark(services, session, row.shop_id, row.tenant_id)
        await _tell_feeds(services, session, row)
    _sweep(services)
    tag(response, row.version)
    return MappingOut.model_validate(row)


@router.get(
    "/location-mappings/{mapping}",
    summary="Read a location mapping",
    responses=documented(NOT_FOUND),
)
async def read_mapping(mapping: RowId, response: Response, services: Deps, _: Reader) -> MappingOut:
    async with services.database.read() as session:
        row = await location_mappings.get(session, mapping)
    tag(response, row.version)
    return MappingOut.model_validate(row)


@router.patch("/location-mappings/{mapping}", summary="Edit a location mapping", responses=EDIT)
async def edit_mapping(
    mapping: RowId,
    body: Annotated[MappingEdit, Body(examples=[{"location_id": "655441491"}])],
    version: Version,
    response: Response,
    services: Deps,
    _: Admin,
) -> MappingOut:
    changes = edited(body)
    if location := changes.pop("location_id", None):
        changes["location_gid"] = _location_gid(location)
    async with services.database.begin() as session:
        if "shop_id" in changes:
            shop = await shops.get(session, changes["shop_id"])
            known = await location_mappings.get(session, mapping)
            if shop.tenant_id != known.tenant_id:
                raise invalid(f"The shop {shop.id} belongs to the tenant {shop.tenant_id}.")
        row = await location_mappings.update(session, mapping, version=version, changes=changes)
        await _unpark(services, session, row.shop_id, row.tenant_id)
        await _tell_feeds(services, session, row)
    _sweep(services)
    tag(response, row.version)
    return MappingOut.model_validate(row)


@router.delete(
    "/location-mappings/{mapping}",
    summary="Remove a location mapping",
    status_code=204,
    responses=documented(NOT_FOUND),
)
async def remove_mapping(mapping: RowId, services: Deps, _: Admin) -> None:
    """What stands at the location in Shopify stays; the partner's stock feed shows the lines of the code as unmapped."""
    async with services.database.begin() as session:
        row = await location_mappings.get(session, mapping)
        await location_mappings.remove(session, mapping)
        await _tell_feeds(services, session, row, removed=True)
    _sweep(services)


@router.post(
    "/tenants/{tenant}/location-mappings/import",
    summary="Import location mappings from CSV",
    responses=documented(NOT_FOUND, INVALID, TOO_LARGE, UNSUPPORTED_TYPE),
    openapi_extra=_csv(_MAPPINGS_CSV),
)
async def import_mappings_csv(
    tenant: Annotated[str, Path(max_length=64)],
    request: Request,
    services: Deps,
    _: Admin,
    dry_run: DryRun = True,
) -> ImportReport:
    """All rows or none; the report names each row that can't be taken. A dry run by default."""
    text = await _text(request)
    async with services.database.read() as session:
        await tenants.get(session, tenant)
    report = await import_location_mappings(
        services.database, tenant, text, dry_run=dry_run, now=services.now()
    )
    if report.applied:
        _sweep(services)
    return report


def _location_gid(location: str) -> str:
    return gid("Location", location)


async def _text(request: Request) -> str:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "text/csv":
        raise Problem(UNSUPPORTED_TYPE, "Send the table as text/csv.")
    try:
        return (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise invalid("The table is not UTF-8 text.") from None


def _match_value(body: RouteIn) -> str:
    """Trimmed; a location as its number, as routes are asked."""
    value = body.match_value.strip()
    if body.match_kind != "location":
        return value
    try:
        return numeric_id(value)
    except ValueError as error:
        raise invalid(str(error)) from None


async def _check_new(session: AsyncSession, given: dict[str, Any]) -> None:
    """Matching ignores case, so two routes that differ in nothing else would be one with two partners."""
    value = given["match_value"].casefold()
    for known in await routes.list_all(session, shop_id=given["shop_id"]):
        same = (known.lifecycle, known.match_kind) == (given["lifecycle"], given["match_kind"])
        if same and known.match_value.strip().casefold() == value:
            raise AlreadyExistsError("route", known.id)


async def _unpark(services: Services, session: AsyncSession, *scopes: str) -> None:
    for scope in dict.fromkeys(scopes):
        await inbound_events.unpark(session, services.now(), scope=scope)


async def _tell_feeds(
    services: Services, session: AsyncSession, row: LocationMapping, *, removed: bool = False
) -> None:
    """The stock feeds that the mapping concerns look at it again."""
    await put_change(
        session,
        tenant=row.tenant_id,
        partner=row.partner_id,
        what=Changed.LOCATIONS,
        edit=f"location mapping {row.id} {'removed' if removed else f'v{row.version}'}",
        now=services.now(),
    )


def _sweep(services: Services) -> None:
    services.background.start(services.sweep.run(), "take up parked events")
