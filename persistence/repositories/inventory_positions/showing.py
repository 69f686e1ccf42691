"""How a feed's positions stand, for people."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import (
    and_,
    case,
    func,
    or_,
    select,
)
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.inventory_feed.problems import Problem
from persistence.pages import Page, check_limit, decode_cursor, encode_cursor
from persistence.repositories.inventory_positions.choosing import items_by_sku, to_look_at
from persistence.repositories.stock_terms import FeedKey, Rule, count_if, run
from persistence.tables import InventoryPosition


@dataclass(frozen=True, kw_only=True)
class Standing:
    positions: int
    for_sale: int
    to_push: int
    next_constraint: date | None
    """The last day of the constraint that ends first."""
    problems: dict[Problem, int]


async def standing(session: AsyncSession, feed: FeedKey, rule: Rule, at: datetime) -> Standing:
    """Counts; `next_constraint` of those that close a SKU and have not ended on the rule's day."""
    position = InventoryPosition
    items = items_by_sku(feed.shop_id)
    statement = (
        select(
            func.count(),
            count_if(func.coalesce(rule.base(position), 0) > 0),
            count_if(to_look_at(rule, at, items)),
            func.min(
                case(
                    (
                        and_(
                            rule.closed(position),
                            col(position.constraint_until) >= rule.day,
                        ),
                        col(position.constraint_until),
                    )
                )
            ),
        )
        .select_from(position)
        .outerjoin(items, items.c.sku == col(position.sku))
        .where(feed.rows(position))
    )
    count, for_sale, to_push, until = (await run(session, statement)).one()
    problems: dict[Problem, int] = {}
    for column in (col(position.problem), col(position.said_problem)):
        grouped = (
            select(column, func.count())
            .where(feed.rows(position), column.is_not(None))
            .group_by(column)
        )
        for name, number in await run(session, grouped):
            problems[Problem(name)] = problems.get(Problem(name), 0) + number
    return Standing(
        positions=count,
        for_sale=for_sale,
        to_push=to_push,
        next_constraint=until,
        problems=problems,
    )


@dataclass(frozen=True, kw_only=True)
class ProblemSeen:
    problem: Problem
    location_code: str
    sku: str
    since: datetime


async def newest_problems(session: AsyncSession, feed: FeedKey, limit: int) -> list[ProblemSeen]:
    """The problems that were seen last, newest first."""
    position = InventoryPosition
    found: list[ProblemSeen] = []
    for problem, since in (
        (col(position.problem), col(position.problem_since)),
        (col(position.said_problem), col(position.said_since)),
    ):
        statement = (
            select(problem, col(position.location_code), col(position.sku), since)
            .where(feed.rows(position), problem.is_not(None))
            .order_by(since.desc(), col(position.location_code), col(position.sku))
            .limit(limit)
        )
        found += [
            ProblemSeen(problem=Problem(name), location_code=code, sku=sku, since=at)
            for name, code, sku, at in await run(session, statement)
        ]
    found.sort(key=lambda one: (one.location_code, one.sku))
    found.sort(key=lambda one: one.since, reverse=True)
    return found[:limit]


async def page(
    session: AsyncSession,
    feed: FeedKey,
    *,
    location_code: str | None = None,
    sku: str | None = None,
    problem: Problem | None = None,
    any_problem: bool = False,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[InventoryPosition]:
    """Positions by location code and SKU. `sku`: those that begin with it. Raises `BadCursorError`, `BadValueError`."""
    check_limit(limit)
    position = InventoryPosition
    statement = select_rows(position).where(feed.rows(position))
    if location_code is not None:
        statement = statement.where(col(position.location_code) == location_code)
    if sku:
        statement = statement.where(col(position.sku).startswith(sku, autoescape=True))
    if problem is not None:
        statement = statement.where(
            or_(col(position.problem) == problem.value, col(position.said_problem) == problem.value)
        )
    if any_problem:
        statement = statement.where(
            or_(col(position.problem).is_not(None), col(position.said_problem).is_not(None))
        )
    if cursor is not None:
        code, last = decode_cursor(cursor, "inventory_positions", (str, str))
        statement = statement.where(
            or_(
                col(position.location_code) > code,
                and_(col(position.location_code) == code, col(position.sku) > last),
            )
        )
    statement = statement.order_by(col(position.location_code), col(position.sku)).limit(limit + 1)
    rows = list((await session.exec(statement)).all())
    more = rows[limit - 1] if len(rows) > limit else None
    return Page(
        rows[:limit],
        encode_cursor("inventory_positions", (more.location_code, more.sku)) if more else None,
    )
