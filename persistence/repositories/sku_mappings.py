"""SKU mappings: a shop's inventory items by SKU, as the latest bulk operation saw them, and that operation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.inventory_feed.problems import Problem
from persistence.base import JsonObject
from persistence.repositories.stock_terms import run
from persistence.statements import insert_into, insert_new
from persistence.tables import InventoryPosition, ItemRefresh, SkuMapping

_KEPT_REQUESTS = 50


@dataclass(frozen=True)
class Item:
    gid: str
    sku: str
    tracked: bool


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A position that means an item at a location, and the level we know of; None where none was made true."""

    partner_id: str
    location_code: str
    sku: str
    level: int | None
    problem: Problem | None


async def count(session: AsyncSession, shop_id: str) -> int:
    """How many different SKUs the shop is known to have."""
    statement = select(func.count(func.distinct(col(SkuMapping.sku)))).where(
        col(SkuMapping.shop_id) == shop_id, col(SkuMapping.sku) != ""
    )
    return int((await run(session, statement)).scalar_one())


async def skus(session: AsyncSession, shop_id: str) -> set[str]:
    statement = select(col(SkuMapping.sku)).where(col(SkuMapping.shop_id) == shop_id).distinct()
    return set((await run(session, statement)).scalars())


async def put(
    session: AsyncSession, shop_id: str, items: Sequence[Item], seen_at: datetime
) -> None:
    """Note items as they are now."""
    if not items:
        return
    statement = insert_into(session, SkuMapping)
    new = statement.excluded
    connection = await session.connection()
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["shop_id", "item_gid"],
            set_={"sku": new.sku, "tracked": new.tracked, "seen_at": new.seen_at},
        ),
        [
            {
                "shop_id": shop_id,
                "item_gid": item.gid,
                "sku": item.sku,
                "tracked": item.tracked,
                "seen_at": seen_at,
            }
            for item in items
        ],
    )


async def forget_unseen(session: AsyncSession, shop_id: str, seen_at: datetime) -> int:
    """Forget the items that were not seen then; how many."""
    gone = await run(
        session,
        delete(SkuMapping).where(
            col(SkuMapping.shop_id) == shop_id, col(SkuMapping.seen_at) < seen_at
        ),
    )
    return int(gone.rowcount)


async def expected(session: AsyncSession, shop_id: str) -> dict[tuple[str, str], list[Expected]]:
    """What the shop's levels should be, by location and item, of every feed."""
    position = InventoryPosition
    statement = select(
        col(position.location_gid),
        col(position.item_gid),
        col(position.partner_id),
        col(position.location_code),
        col(position.sku),
        col(position.anchor),
        col(position.believed),
        col(position.problem),
    ).where(
        col(position.shop_id) == shop_id,
        col(position.location_gid).is_not(None),
        col(position.item_gid).is_not(None),
    )
    found: dict[tuple[str, str], list[Expected]] = {}
    for location, item, partner, code, sku, anchor, believed, problem in await run(
        session, statement
    ):
        found.setdefault((location, item), []).append(
            Expected(
                partner_id=partner,
                location_code=code,
                sku=sku,
                level=None if anchor is None else anchor - believed,
                problem=Problem(problem) if problem else None,
            )
        )
    return found


async def refresh(session: AsyncSession, shop_id: str, request: str, now: datetime) -> ItemRefresh:
    """The refresh this request takes part in: the one that runs, the one it was done by, or a new one."""
    fresh: dict[str, Any] = {"requests": [request], "started_at": now}
    row = await insert_new(session, ItemRefresh(shop_id=shop_id, **fresh))
    if row is not None:
        return row
    row = await locked(session, shop_id)
    assert row is not None
    if request in row.requests:
        return row
    if row.finished_at is None:
        row.requests = [*row.requests, request][-_KEPT_REQUESTS:]
    else:
        row.requests, row.started_at = [request], now
        row.operation_gid = row.finished_at = row.result = None
    await session.flush()
    return row


async def locked(session: AsyncSession, shop_id: str) -> ItemRefresh | None:
    return await session.get(ItemRefresh, shop_id, with_for_update=True, populate_existing=True)


async def finish(
    session: AsyncSession, row: ItemRefresh, result: JsonObject, now: datetime
) -> None:
    row.finished_at, row.result = now, result
    await session.flush()
