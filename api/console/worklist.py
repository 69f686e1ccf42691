"""Open cases in the order in which a merchant wants them: its own first, then what is due first."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import case, literal, tuple_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.case import CaseStatus
from persistence.base import BigId, UtcDateTime
from persistence.pages import Page, check_limit, decode_cursor, encode_cursor
from persistence.tables import Case, CasePartner

_LISTING = "worklist"
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
_OFFERED = 200


@dataclass(frozen=True)
class WorkFilter:
    """What to list; empty is no condition."""

    status: str = ""
    shop: str = ""
    partner: str = ""


async def page(
    session: AsyncSession, where: WorkFilter, *, limit: int, cursor: str | None
) -> Page[Case]:
    """List open cases: those that wait for the merchant first, then by due time, those without one last.

    Raises `BadCursorError`, `BadValueError` for a bad limit.
    """
    check_limit(limit)
    rank = case((col(Case.status) == CaseStatus.AWAITING_MERCHANT.value, 0), else_=1)
    due = func.coalesce(col(Case.due_at), literal(_NEVER, UtcDateTime))
    keys = (rank, due, col(Case.number))
    statement = select(Case).where(col(Case.closed_at).is_(None))
    if where.status:
        statement = statement.where(Case.status == where.status)
    if where.shop:
        statement = statement.where(Case.shop_id == where.shop)
    if where.partner:
        asked = select(CasePartner.case_id).where(CasePartner.partner_id == where.partner)
        statement = statement.where(col(Case.id).in_(asked))
    if cursor is not None:
        _, due_at, _ = after = decode_cursor(cursor, _LISTING, (int, datetime, int))
        bound = (literal(after[0], BigId), literal(due_at, UtcDateTime), literal(after[2], BigId))
        statement = statement.where(tuple_(*keys) > tuple_(*bound))
    statement = statement.order_by(*keys).limit(limit + 1)
    rows = list((await session.exec(statement)).all())
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    own = last.status == CaseStatus.AWAITING_MERCHANT
    key = (0 if own else 1, last.due_at or _NEVER, last.number)
    return Page(rows[:limit], encode_cursor(_LISTING, key))


async def count(session: AsyncSession) -> tuple[int, int]:
    """How many cases are open, and how many of them wait for the merchant."""
    statement = (
        select(Case.status, func.count())
        .where(col(Case.closed_at).is_(None))
        .group_by(col(Case.status))
    )
    found: dict[str, int] = dict((await session.exec(statement)).all())
    return sum(found.values()), found.get(CaseStatus.AWAITING_MERCHANT.value, 0)


async def shops(session: AsyncSession) -> list[str]:
    """Shops with open cases, to choose from; at most 200."""
    statement = select(Case.shop_id).where(col(Case.closed_at).is_(None)).distinct()
    statement = statement.order_by(col(Case.shop_id)).limit(_OFFERED)
    return list((await session.exec(statement)).all())


async def partners(session: AsyncSession) -> list[str]:
    """Partners of open cases, to choose from; at most 200."""
    statement = (
        select(CasePartner.partner_id)
        .join(Case, col(Case.id) == col(CasePartner.case_id))
        .where(col(Case.closed_at).is_(None))
        .distinct()
        .order_by(col(CasePartner.partner_id))
        .limit(_OFFERED)
    )
    return list((await session.exec(statement)).all())
