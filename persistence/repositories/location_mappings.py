"""Location mappings: a code the partners use -> a shop and its Shopify location."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.base import ANY
from persistence.errors import AlreadyExistsError, BadValueError
from persistence.statements import edit, insert_new, lock, require
from persistence.tables import LocationMapping

EDITABLE = frozenset({"shop_id", "location_gid"})


async def create(
    session: AsyncSession,
    *,
    tenant_id: str,
    code: str,
    shop_id: str,
    location_gid: str,
    partner_id: str = ANY,
) -> LocationMapping:
    """Add a mapping; `partner_id` '*' for all partners. Raises `AlreadyExistsError`."""
    if not code:
        raise BadValueError("a location code must not be empty")
    mapping = LocationMapping(
        tenant_id=tenant_id,
        partner_id=partner_id,
        code=code,
        shop_id=shop_id,
        location_gid=location_gid,
    )
    created = await insert_new(session, mapping)
    if created is None:
        raise AlreadyExistsError("location mapping", f"{tenant_id}/{partner_id}/{code}")
    return created


async def get(session: AsyncSession, mapping_id: int) -> LocationMapping:
    """Get a mapping; raises `NotFoundError`."""
    return await require(session, LocationMapping, mapping_id, "location mapping")


async def resolve(
    session: AsyncSession, tenant_id: str, partner_id: str, code: str
) -> LocationMapping | None:
    """Find what this partner means by the code: its own mapping before the one for all."""
    statement = (
        select(LocationMapping)
        .where(
            LocationMapping.tenant_id == tenant_id,
            LocationMapping.code == code,
            col(LocationMapping.partner_id).in_([partner_id, ANY]),
        )
        .order_by((col(LocationMapping.partner_id) == ANY).asc())
        .limit(1)
    )
    return (await session.exec(statement)).first()


async def list_all(
    session: AsyncSession, *, tenant_id: str | None = None, shop_id: str | None = None
) -> list[LocationMapping]:
    """List mappings by tenant, code and partner."""
    statement = select(LocationMapping).order_by(
        col(LocationMapping.tenant_id), col(LocationMapping.code), col(LocationMapping.partner_id)
    )
    if tenant_id is not None:
        statement = statement.where(LocationMapping.tenant_id == tenant_id)
    if shop_id is not None:
        statement = statement.where(LocationMapping.shop_id == shop_id)
    return list((await session.exec(statement)).all())


async def update(
    session: AsyncSession, mapping_id: int, *, version: int, changes: Mapping[str, Any]
) -> LocationMapping:
    """Edit `EDITABLE` fields. Raises `NotFoundError`, `StaleVersionError`, `BadValueError`."""
    return await edit(
        session,
        LocationMapping,
        mapping_id,
        what="location mapping",
        version=version,
        changes=changes,
        editable=EDITABLE,
    )


async def remove(session: AsyncSession, mapping_id: int) -> None:
    """Remove a mapping; raises `NotFoundError`."""
    await session.delete(await lock(session, LocationMapping, mapping_id, "location mapping"))
    await session.flush()
