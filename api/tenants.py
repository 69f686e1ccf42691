"""Tenants of Trading Grid and their partners."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import Field, SecretStr

from api.access import Admin, Reader
from api.errors import (
    ALREADY_EXISTS,
    INVALID,
    NOT_FOUND,
    PRECONDITION_REQUIRED,
    STALE_VERSION,
    FieldError,
    documented,
    invalid,
)
from api.pages import Deps, Input, Output, Version, tag
from domain.inventory_feed.names import Changed
from intake.feeds import put_change
from persistence.repositories import partners, tenants
from persistence.repositories.partners import PartnerStatus

router = APIRouter(tags=["administration"])

TenantId = Annotated[str, Path(max_length=64, examples=["acme"])]
PartnerId = Annotated[str, Path(max_length=200, examples=["acme-textiles"])]
Address = Annotated[str, Field(max_length=500, pattern=r"^https?://[!-?A-~]+$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=4000)]
EDIT = documented(NOT_FOUND, STALE_VERSION, INVALID, PRECONDITION_REQUIRED)


class TenantIn(Input):
    id: str = Field(max_length=48, description="Our handle; part of the webhook's address.")
    name: Name
    base_url: Address
    token_url: Address
    client_id: Annotated[str, Field(min_length=1, max_length=500)]
    client_secret: Secret
    paths: dict[str, str] = Field(
        default_factory=dict, description="Where paths differ from the contract."
    )


class TenantEdit(Input):
    name: Name | None = None
    base_url: Address | None = None
    token_url: Address | None = None
    client_id: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    client_secret: Secret | None = None
    paths: dict[str, str] | None = None
    status: Literal["active", "suspended"] | None = None


class TenantOut(Output):
    """Without secrets. `webhook_url` is where its events go."""

    id: str
    name: str
    base_url: str
    token_url: str
    client_id: str
    paths: dict[str, Any]
    status: str
    subscription_id: str | None
    version: int
    created_at: datetime
    updated_at: datetime


class PartnerIn(Input):
    id: str = Field(min_length=1, max_length=200, description="Trading Grid's id of the partner.")
    name: Name
    status: PartnerStatus = "active"
    roles: list[str] = Field(default_factory=list, max_length=50)
    capabilities: list[str] = Field(default_factory=list, max_length=50)
    contact_note: str | None = Field(default=None, max_length=2000, description="No personal data.")


class PartnerEdit(Input):
    name: Name | None = None
    status: PartnerStatus | None = None
    roles: list[str] | None = Field(default=None, max_length=50)
    capabilities: list[str] | None = Field(default=None, max_length=50)
    contact_note: str | None = Field(default=None, max_length=2000)


class PartnerOut(Output):
    tenant_id: str
    id: str
    name: str
    status: str
    roles: list[str]
    capabilities: list[str]
    contact_note: str | None
    version: int
    created_at: datetime
    updated_at: datetime


_TENANT: dict[str, Any] = {
    "id": "acme",
    "name": "Acme GmbH",
    "base_url": "https://api.tradinggrid.example/collaboration/v1",
    "token_url": "https://api.tradinggrid.example/oauth2/token",
    "client_id": "acme-gridcase",
    "client_secret": "a secret of Trading Grid's",
}
_PARTNER: dict[str, Any] = {"id": "acme-textiles", "name": "Acme Textiles", "roles": ["supplier"]}


def edited(body: Input, *, nullable: Collection[str] = ()) -> dict[str, Any]:
    """What an edit names; secrets opened for the repository, which seals them. Raises a 422 for a null that can't be."""
    given = body.model_dump(exclude_unset=True)
    nulls = [name for name, value in given.items() if value is None and name not in nullable]
    if nulls:
        fields = [FieldError(field=f"body.{name}", message="can't be null") for name in nulls]
        raise invalid(f"{', '.join(nulls)} can't be null.", *fields)
    return {
        name: value.get_secret_value() if isinstance(value, SecretStr) else value
        for name, value in given.items()
    }


@router.get("/tenants", summary="List tenants")
async def list_tenants(services: Deps, _: Reader) -> list[TenantOut]:
    async with services.database.read() as session:
        return [TenantOut.model_validate(row) for row in await tenants.list_all(session)]


@router.post(
    "/tenants",
    summary="Add a tenant",
    status_code=201,
    responses=documented(ALREADY_EXISTS, INVALID),
)
async def create_tenant(
    body: Annotated[TenantIn, Body(examples=[_TENANT])],
    response: Response,
    services: Deps,
    _: Admin,
) -> TenantOut:
    """A company's account in Trading Grid. Its secrets are sealed and never shown again."""
    async with services.database.begin() as session:
        row = await tenants.create(session, services.box, **body.model_dump())
    response.headers["Location"] = f"/tenants/{row.id}"
    tag(response, row.version)
    return TenantOut.model_validate(row)


@router.get("/tenants/{tenant}", summary="Read a tenant", responses=documented(NOT_FOUND))
async def read_tenant(tenant: TenantId, response: Response, services: Deps, _: Reader) -> TenantOut:
    async with services.database.read() as session:
        row = await tenants.get(session, tenant)
    tag(response, row.version)
    return TenantOut.model_validate(row)


@router.patch("/tenants/{tenant}", summary="Edit a tenant", responses=EDIT)
async def edit_tenant(
    tenant: TenantId,
    body: Annotated[TenantEdit, Body(examples=[{"name": "Acme SE"}])],
    version: Version,
    response: Response,
    services: Deps,
    _: Admin,
) -> TenantOut:
    async with services.database.begin() as session:
        row = await tenants.update(
            session, services.box, tenant, version=version, changes=edited(body)
        )
    tag(response, row.version)
    return TenantOut.model_validate(row)


@router.get("/tenants/{tenant}/partners", summary="List partners", responses=documented(NOT_FOUND))
async def list_partners(
    tenant: TenantId,
    services: Deps,
    _: Reader,
    status: Annotated[PartnerStatus | None, Query()] = None,
) -> list[PartnerOut]:
    async with services.database.read() as session:
        await tenants.get(session, tenant)
        rows = await partners.list_all(session, tenant_id=tenant, status=status)
    return [PartnerOut.model_validate(row) for row in rows]


@router.post(
    "/tenants/{tenant}/partners",
    summary="Add a partner",
    status_code=201,
    responses=documented(NOT_FOUND, ALREADY_EXISTS, INVALID),
)
async def create_partner(
    tenant: TenantId,
    body: Annotated[PartnerIn, Body(examples=[_PARTNER])],
    response: Response,
    services: Deps,
    _: Admin,
) -> PartnerOut:
    async with services.database.begin() as session:
        await tenants.get(session, tenant)
        row = await partners.create(session, tenant_id=tenant, **body.model_dump())
    tag(response, row.version)
    return PartnerOut.model_validate(row)


@router.get(
    "/tenants/{tenant}/partners/{partner}",
    summary="Read a partner",
    responses=documented(NOT_FOUND),
)
async def read_partner(
    tenant: TenantId, partner: PartnerId, response: Response, services: Deps, _: Reader
) -> PartnerOut:
    async with services.database.read() as session:
        row = await partners.get(session, tenant, partner)
    tag(response, row.version)
    return PartnerOut.model_validate(row)


@router.patch("/tenants/{tenant}/partners/{partner}", summary="Edit a partner", responses=EDIT)
async def edit_partner(
    tenant: TenantId,
    partner: PartnerId,
    body: Annotated[PartnerEdit, Body(examples=[{"status": "suspended"}])],
    version: Version,
    response: Response,
    services: Deps,
    _: Admin,
) -> PartnerOut:
    """A partner is retired, never removed: cases name it. Its stock feeds end when it is suspended or retired."""
    changes = edited(body, nullable={"contact_note"})
    async with services.database.begin() as session:
        row = await partners.update(
            session,
            tenant,
            partner,
            version=version,
            changes=changes,
        )
        await put_change(
            session,
            tenant=tenant,
            partner=partner,
            what=Changed.PARTNER,
            edit=f"partner {partner} v{row.version}",
            now=services.now(),
        )
    services.background.start(services.sweep.run(), "tell the partner's stock feeds")
    tag(response, row.version)
    return PartnerOut.model_validate(row)
