"""Shops: their rows, connecting them, looking ahead, catching up."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import AwareDatetime, Field

from api.access import Admin, Operator, Reader
from api.errors import (
    ALREADY_EXISTS,
    INVALID,
    NOT_CONFIGURED,
    NOT_FOUND,
    REFUSED_OUTSIDE,
    UNAVAILABLE_OUTSIDE,
    Problem,
    documented,
    invalid,
)
from api.pages import Deps, Input, Output, Version, tag
from api.tenants import EDIT, Name, Secret, edited
from domain.case import CaseKind
from intake.backfill import BackfillReport, OrdersReport, backfill_orders, backfill_returns
from intake.connect import ConnectReport, connect_shop
from intake.preview import OrderPreview, what_would_order_do
from persistence.repositories import shops, tenants

router = APIRouter(prefix="/shops", tags=["administration"])

ShopId = Annotated[str, Path(max_length=64, examples=["acme"])]
AdminBase = Annotated[
    str,
    Field(
        max_length=500,
        pattern=r"^https?://[!-?A-~]+$",
        description="Address of another Admin API, as an emulator's; `{shop}` stands for the handle. Null: Shopify's.",
    ),
]
ApiVersion = Annotated[str, Field(pattern=r"^(\d{4}-\d{2}|unstable)$")]
ClientId = Annotated[str, Field(min_length=1, max_length=500)]
_OUTSIDE = documented(NOT_FOUND, NOT_CONFIGURED, REFUSED_OUTSIDE, UNAVAILABLE_OUTSIDE)


class ShopIn(Input):
    id: str = Field(max_length=48, description="The shop's handle.")
    domain: str = Field(max_length=80)
    tenant_id: str = Field(max_length=64)
    name: Name
    api_version: ApiVersion = "2026-10"
    client_id: ClientId
    client_secret: Secret
    access_token: Secret | None = Field(
        default=None, description="Left out: obtained by client credentials."
    )
    admin_base: AdminBase | None = None


class ShopEdit(Input):
    name: Name | None = None
    api_version: ApiVersion | None = None
    client_id: ClientId | None = None
    client_secret: Secret | None = Field(
        default=None, description="The one before still verifies webhooks, for a rotation."
    )
    access_token: Secret | None = None
    admin_base: AdminBase | None = None


class ShopOut(Output):
    """Without secrets. `last_connect` is the report of the last connect."""

    id: str
    domain: str
    tenant_id: str
    name: str
    admin_base: str | None
    api_version: str
    client_id: str
    currency: str | None
    time_zone: str | None
    status: str
    scopes: list[str]
    connected_at: datetime | None
    last_connect: dict[str, Any] | None
    version: int
    created_at: datetime
    updated_at: datetime


class Backfill(Input):
    since: AwareDatetime = Field(
        description="Returns that were updated, or orders that were made, at this moment or later."
    )
    objects: Literal["returns", "orders"] = "returns"
    dry_run: bool = Field(default=True, description="Only say what would be opened.")


_SHOP: dict[str, Any] = {
    "id": "acme",
    "domain": "acme.myshopify.com",
    "tenant_id": "acme",
    "name": "Acme",
    "client_id": "the app's client id",
    "client_secret": "the app's client secret",
}


@router.get("", summary="List shops")
async def list_shops(services: Deps, _: Reader) -> list[ShopOut]:
    async with services.database.read() as session:
        return [ShopOut.model_validate(row) for row in await shops.list_all(session)]


@router.post(
    "",
    summary="Add a shop",
    status_code=201,
    responses=documented(ALREADY_EXISTS, NOT_FOUND, INVALID),
)
async def create_shop(
    body: Annotated[ShopIn, Body(examples=[_SHOP])], response: Response, services: Deps, _: Admin
) -> ShopOut:
    """Its secrets are sealed and never shown again. Nothing is called until `connect`."""
    async with services.database.begin() as session:
        await tenants.get(session, body.tenant_id)
        row = await shops.create(session, services.box, **body.model_dump())
    response.headers["Location"] = f"/shops/{row.id}"
    tag(response, row.version)
    return ShopOut.model_validate(row)


@router.get("/{shop}", summary="Read a shop", responses=documented(NOT_FOUND))
async def read_shop(shop: ShopId, response: Response, services: Deps, _: Reader) -> ShopOut:
    async with services.database.read() as session:
        row = await shops.get(session, shop)
    tag(response, row.version)
    return ShopOut.model_validate(row)


@router.patch("/{shop}", summary="Edit a shop", responses=EDIT)
async def edit_shop(
    shop: ShopId,
    body: Annotated[ShopEdit, Body(examples=[{"api_version": "2026-10"}])],
    version: Version,
    response: Response,
    services: Deps,
    _: Admin,
) -> ShopOut:
    changes = edited(body, nullable={"access_token", "admin_base"})
    async with services.database.begin() as session:
        row = await shops.update(session, services.box, shop, version=version, changes=changes)
    tag(response, row.version)
    return ShopOut.model_validate(row)


@router.post("/{shop}/connect", summary="Connect a shop", responses=_OUTSIDE)
async def connect(shop: ShopId, services: Deps, _: Admin) -> ConnectReport:
    """Checks scopes, subscribes to webhooks at Shopify and Trading Grid, defines our metafields. Repeating it is safe."""
    async with services.database.read() as session:
        await shops.get(session, shop)
    try:
        return await connect_shop(
            services.database,
            services.box,
            services.connections,
            shop,
            public_url=services.settings.public_url,
            now=services.now(),
            schedules=services.schedules,
        )
    except ValueError as error:
        raise Problem(NOT_CONFIGURED, str(error)) from error


@router.post("/{shop}/backfill", summary="Find what happened before", responses=_OUTSIDE)
async def backfill(
    shop: ShopId,
    body: Annotated[Backfill, Body(examples=[{"since": "2026-10-01T00:00:00Z", "dry_run": True}])],
    services: Deps,
    _: Admin,
) -> BackfillReport | OrdersReport:
    """Returns, or orders with something left to ship, of before the connection, as if Shopify had told of them. A dry run by
    default."""
    async with services.database.read() as session:
        await shops.get(session, shop)
    now = services.now()
    if body.since > now:
        raise invalid("`since` is in the future.")
    find = backfill_returns if body.objects == "returns" else backfill_orders
    return await find(
        services.database,
        services.connections,
        services.dispatcher,
        shop,
        since=body.since,
        dry_run=body.dry_run,
        now=now,
    )


@router.get(
    "/{shop}/orders/{order}/preview", summary="What would this order do?", responses=_OUTSIDE
)
async def preview_order(
    shop: ShopId,
    order: Annotated[
        str, Path(max_length=100, examples=["450789469"], description="Number, GID or name.")
    ],
    services: Deps,
    _: Operator,
    lifecycle: Annotated[
        CaseKind, Query(description="Of which lifecycle the case would be.")
    ] = CaseKind.RETURN_CLAIM,
) -> OrderPreview:
    """Which partner each line would go to, by which route, on which terms. Reads the order; changes nothing."""
    async with services.database.read() as session:
        await shops.get(session, shop)
    return await what_would_order_do(
        services.database, services.connections, shop, order, lifecycle
    )
