"""Partners of a tenant."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.errors import AlreadyExistsError, BadValueError
from persistence.statements import edit, insert_new, require
from persistence.tables import Partner

PartnerStatus = Literal["active", "suspended", "retired"]

SuspendedBy = Literal["here", "trading_grid"]

EDITABLE = frozenset({"name", "status", "roles", "capabilities", "contact_note"})


async def create(
    session: AsyncSession,
    *,
    tenant_id: str,
    id: str,
    name: str,
    status: PartnerStatus = "active",
    roles: Sequence[str] = (),
    capabilities: Sequence[str] = (),
    contact_note: str | None = None,
) -> Partner:
    """Add a partner under Trading Grid's id. Raises `AlreadyExistsError`, `BadValueError`."""
    if not id or id == "*":
        raise BadValueError(f"a partner can't have the id {id!r}")
    partner = Partner(
        tenant_id=tenant_id,
        id=id,
        name=name,
        status=status,
        roles=list(roles),
        capabilities=list(capabilities),
        contact_note=contact_note,
    )
    created = await insert_new(session, partner)
    if created is None:
        raise AlreadyExistsError("partner", f"{tenant_id}/{id}")
    return created


async def get(session: AsyncSession, tenant_id: str, partner_id: str) -> Partner:
    """Get a partner; raises `NotFoundError`."""
    return await require(session, Partner, (tenant_id, partner_id), "partner")


async def find(session: AsyncSession, tenant_id: str, partner_id: str) -> Partner | None:
    """Get a partner, or None."""
    return await session.get(Partner, (tenant_id, partner_id))


async def list_all(
    session: AsyncSession, *, tenant_id: str | None = None, status: PartnerStatus | None = None
) -> list[Partner]:
    """List partners by tenant and name."""
    statement = select(Partner).order_by(col(Partner.tenant_id), col(Partner.name), col(Partner.id))
    if tenant_id is not None:
        statement = statement.where(Partner.tenant_id == tenant_id)
    if status is not None:
        statement = statement.where(Partner.status == status)
    return list((await session.exec(statement)).all())


async def update(
    session: AsyncSession,
    tenant_id: str,
    partner_id: str,
    *,
    version: int,
    changes: Mapping[str, Any],
    by: SuspendedBy = "here",
) -> Partner:
    """Edit the fields of `EDITABLE`. Raises `NotFoundError`, `StaleVersionError`, `BadValueError`.

    A partner is retired, never removed: cases and routes name it. `by` is remembered where this suspends it: whom a person
    has suspended, Trading Grid does not set active again.
    """
    changes = dict(changes)
    if "status" in changes:
        changes["suspended_by"] = by if changes["status"] == "suspended" else None
    return await edit(
        session,
        Partner,
        (tenant_id, partner_id),
        what="partner",
        version=version,
        changes=changes,
        editable=EDITABLE | {"suspended_by"},
    )
