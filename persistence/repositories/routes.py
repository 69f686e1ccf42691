"""Routes: which partner a vendor, location, SKU prefix or fulfillment service means."""

from collections.abc import Mapping
from typing import Any, Literal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.base import ANY
from persistence.errors import AlreadyExistsError, BadValueError
from persistence.statements import edit, insert_new, lock, require
from persistence.tables import Route

MatchKind = Literal["vendor", "location", "sku_prefix", "fulfillment_service"]

EDITABLE = frozenset({"partner_id", "priority"})


async def create(
    session: AsyncSession,
    *,
    shop_id: str,
    match_kind: MatchKind,
    match_value: str,
    tenant_id: str,
    partner_id: str,
    lifecycle: str = ANY,
    priority: int = 0,
) -> Route:
    """Add a route. Raises `AlreadyExistsError`, `BadValueError` for an empty value.

    The partner must exist: the database refuses another with an IntegrityError.
    """
    if not match_value:
        raise BadValueError("a route's match_value must not be empty: it would match everything")
    route = Route(
        shop_id=shop_id,
        lifecycle=lifecycle,
        match_kind=match_kind,
        match_value=match_value,
        tenant_id=tenant_id,
        partner_id=partner_id,
        priority=priority,
    )
    created = await insert_new(session, route)
    if created is None:
        raise AlreadyExistsError("route", f"{shop_id}/{lifecycle}/{match_kind}/{match_value}")
    return created


async def get(session: AsyncSession, route_id: int) -> Route:
    """Get a route; raises `NotFoundError`."""
    return await require(session, Route, route_id, "route")


async def list_all(session: AsyncSession, *, shop_id: str | None = None) -> list[Route]:
    """List routes by shop, then in the order they are asked."""
    statement = select(Route).order_by(
        col(Route.shop_id), col(Route.priority).desc(), col(Route.id)
    )
    if shop_id is not None:
        statement = statement.where(Route.shop_id == shop_id)
    return list((await session.exec(statement)).all())


async def for_lifecycle(session: AsyncSession, shop_id: str, lifecycle: str) -> list[Route]:
    """List what holds for this lifecycle in this shop: its own routes and those for all.

    In the order they are asked: higher priority first, then the lifecycle's own before '*', then
    the older first.
    """
    statement = (
        select(Route)
        .where(Route.shop_id == shop_id, col(Route.lifecycle).in_([lifecycle, ANY]))
        .order_by(
            col(Route.priority).desc(), (col(Route.lifecycle) == ANY).asc(), col(Route.id).asc()
        )
    )
    return list((await session.exec(statement)).all())


async def update(
    session: AsyncSession, route_id: int, *, version: int, changes: Mapping[str, Any]
) -> Route:
    """Edit `EDITABLE` fields. Raises `NotFoundError`, `StaleVersionError`, `BadValueError`."""
    return await edit(
        session,
        Route,
        route_id,
        what="route",
        version=version,
        changes=changes,
        editable=EDITABLE,
    )


async def remove(session: AsyncSession, route_id: int) -> None:
    """Remove a route; raises `NotFoundError`."""
    await session.delete(await lock(session, Route, route_id, "route"))
    await session.flush()
