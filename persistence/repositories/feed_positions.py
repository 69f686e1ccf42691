"""A feed's positions, listed: what its partner said of each SKU, what was written, and what keeps it back."""

from dataclasses import dataclass

from sqlalchemy import or_, tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.pages import Page, check_limit, decode_cursor, encode_cursor
from persistence.tables import InventoryPosition

_LISTING = "inventory_positions"


@dataclass(frozen=True, kw_only=True)
class PositionFilter:
    """What to list; None is no condition. `troubled`: with any problem, `problem`: with this one."""

    sku: str | None = None
    location_code: str | None = None
    problem: str | None = None
    troubled: bool = False


async def page(
    session: AsyncSession,
    shop_id: str,
    partner_id: str,
    where: PositionFilter,
    *,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[InventoryPosition]:
    """By location code and SKU. Raises `BadCursorError`, `BadValueError` for a bad limit."""
    check_limit(limit)
    row = InventoryPosition
    keys = (col(row.location_code), col(row.sku))
    statement = select(row).where(row.shop_id == shop_id, row.partner_id == partner_id)
    if where.sku is not None:
        statement = statement.where(row.sku == where.sku)
    if where.location_code is not None:
        statement = statement.where(row.location_code == where.location_code)
    if where.problem is not None:
        statement = statement.where(
            or_(col(row.problem) == where.problem, col(row.said_problem) == where.problem)
        )
    if where.troubled:
        statement = statement.where(
            or_(col(row.problem).is_not(None), col(row.said_problem).is_not(None))
        )
    if cursor is not None:
        statement = statement.where(tuple_(*keys) > decode_cursor(cursor, _LISTING, (str, str)))
    rows = list((await session.exec(statement.order_by(*keys).limit(limit + 1))).all())
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], encode_cursor(_LISTING, (last.location_code, last.sku)))
