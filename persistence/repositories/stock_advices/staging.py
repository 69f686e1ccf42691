"""An advice's lines in the staging table, page by page; a repeat goes on where an earlier try left off."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, not_, select
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.inventory_feed.problems import Problem
from domain.inventory_feed.quantities import CLOSING_CONSTRAINTS
from persistence.base import utc_now
from persistence.repositories.stock_terms import FeedKey, run
from persistence.statements import insert_many, insert_new
from persistence.tables import SkuMapping, StockAdvice, StockAdviceLine

SAID = ("available", "allocation", "available_date", "constraint_code", "constraint_until")
UNREADABLE = Problem.UNREADABLE.value


@dataclass(frozen=True, kw_only=True)
class AdviceHead:
    advice_id: str
    version: int
    location_code: str
    as_of: datetime
    sequence: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line to stage; one that can't be read has a problem and no quantities."""

    number: int
    sku: str
    available: int | None = None
    allocation: int | None = None
    available_date: date | None = None
    constraint_code: str = ""
    constraint_until: date | None = None
    problem: str | None = None


async def find(session: AsyncSession, feed: FeedKey, advice_id: str) -> StockAdvice | None:
    return await session.get(
        StockAdvice, (feed.shop_id, feed.partner_id, advice_id), populate_existing=True
    )


async def begin(
    session: AsyncSession, feed: FeedKey, head: AdviceHead, now: datetime
) -> StockAdvice:
    """The advice's row, ready to stage this version: where an earlier try left off, or from the first page."""
    fresh = StockAdvice(
        shop_id=feed.shop_id, partner_id=feed.partner_id, changed_at=now, **asdict(head)
    )
    row = await insert_new(session, fresh)
    if row is not None:
        return row
    row = await locked(session, feed, head.advice_id)
    assert row is not None
    if row.version == head.version and row.state in ("reading", "staged"):
        return row
    await forget_lines(session, feed, head.advice_id)
    for name, value in asdict(head).items():
        setattr(row, name, value)
    row.state, row.next_page, row.lines, row.unreadable, row.nameless = "reading", 1, 0, 0, 0
    row.result, row.changed_at = None, now
    await session.flush()
    return row


async def stage_page(
    session: AsyncSession,
    feed: FeedKey,
    advice_id: str,
    *,
    version: int,
    page: int,
    lines: Sequence[Line],
    last: bool,
    now: datetime,
) -> StockAdvice | None:
    """Store a page, unless another try has stored it; None where this version is not being read any more."""
    row = await locked(session, feed, advice_id)
    if row is None or row.version != version or row.state not in ("reading", "staged"):
        return None
    if row.state == "staged" or row.next_page != page:
        return row
    named = [line for line in lines if line.sku]
    key = {"shop_id": feed.shop_id, "partner_id": feed.partner_id, "advice_id": advice_id}
    await insert_many(session, StockAdviceLine, [key | vars(line) for line in named])
    row.next_page, row.changed_at = page + 1, now
    row.lines += len(lines)
    row.unreadable += sum(line.problem == UNREADABLE for line in lines)
    row.nameless += len(lines) - len(named)
    if last:
        await _settle_doubles(session, feed, advice_id)
        row.state = "staged"
    await session.flush()
    return row


async def unknown_skus(session: AsyncSession, feed: FeedKey, advice_id: str) -> int:
    """How many staged SKUs no inventory item of the shop is known to have."""
    known = exists().where(
        col(SkuMapping.shop_id) == feed.shop_id, col(SkuMapping.sku) == col(StockAdviceLine.sku)
    )
    statement = select(func.count(func.distinct(col(StockAdviceLine.sku)))).where(
        lines_of(feed, advice_id), not_(known)
    )
    return int((await run(session, statement)).scalar_one())


async def discard(session: AsyncSession, feed: FeedKey, advice_id: str) -> int:
    """Forget the staged lines; how many there were."""
    advice = await locked(session, feed, advice_id)
    if advice is None or advice.state == "applied":
        return 0
    count = await forget_lines(session, feed, advice_id)
    advice.state, advice.changed_at = "discarded", utc_now()
    await session.flush()
    return count


def lines_of(feed: FeedKey, advice_id: str) -> ColumnElement[bool]:
    return and_(feed.rows(StockAdviceLine), col(StockAdviceLine.advice_id) == advice_id)


async def _settle_doubles(session: AsyncSession, feed: FeedKey, advice_id: str) -> None:
    """Of a SKU that stands on several lines leave one: the same as all, or the least, with its problem."""
    line = StockAdviceLine
    doubled = (
        select(col(line.sku))
        .where(lines_of(feed, advice_id))
        .group_by(col(line.sku))
        .having(func.count() > 1)
    )
    skus = list((await run(session, doubled)).scalars())
    for start in range(0, len(skus), 500):
        found: dict[str, list[StockAdviceLine]] = {}
        statement = (
            select_rows(line)
            .where(lines_of(feed, advice_id), col(line.sku).in_(skus[start : start + 500]))
            .order_by(col(line.number))
        )
        for row in (await session.exec(statement)).all():
            found.setdefault(row.sku, []).append(row)
        for rows in found.values():
            kept = min(rows, key=_least)
            if len({tuple(getattr(row, name) for name in SAID) for row in rows}) > 1:
                kept.problem = (
                    kept.problem if kept.problem == UNREADABLE else Problem.NAMED_TWICE.value
                )
            for row in rows:
                if row is not kept:
                    await session.delete(row)
    await session.flush()


def _least(row: StockAdviceLine) -> tuple[int, int, int, int]:
    """What can't be read might be the least; then what is closed, for good or for longest; then the lowest quantity."""
    closed = row.constraint_code in CLOSING_CONSTRAINTS
    until = row.constraint_until.toordinal() if row.constraint_until else date.max.toordinal()
    there = 0 if row.available is None else row.available
    allowed = there if row.allocation is None else min(there, row.allocation)
    return (row.problem != UNREADABLE, not closed, -until if closed else 0, allowed)


async def locked(session: AsyncSession, feed: FeedKey, advice_id: str) -> StockAdvice | None:
    return await session.get(
        StockAdvice,
        (feed.shop_id, feed.partner_id, advice_id),
        with_for_update=True,
        populate_existing=True,
    )


async def forget_lines(session: AsyncSession, feed: FeedKey, advice_id: str) -> int:
    gone = await run(session, delete(StockAdviceLine).where(lines_of(feed, advice_id)))
    return int(gone.rowcount)
