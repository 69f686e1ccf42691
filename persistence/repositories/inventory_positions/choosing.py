"""Which positions a push must look at."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    func,
    not_,
    or_,
    select,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.inventory_feed.looking import BELIEVED_FOR, Settled
from domain.inventory_feed.problems import Problem
from persistence.repositories.stock_terms import FeedKey, Rule, run
from persistence.tables import InventoryPosition, SkuMapping

_OF_ITEMS = (Problem.SKU_UNKNOWN, Problem.SKU_NOT_UNIQUE, Problem.NOT_TRACKED)
# Looked at again when the partner names the SKU anew, and when the shop's items are read again.
_RESTING = (
    Problem.NOT_STOCKED,
    Problem.LOCATION_SHARED,
    Problem.ITEM_REFUSED,
    Problem.LOCATION_REFUSED,
    Problem.QUANTITY_REFUSED,
)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A position that a push looks at. `item_problem`: why it can't be looked at in Shopify."""

    location_code: str
    sku: str
    location_gid: str
    item_gid: str
    item_problem: Problem | None
    base: int
    as_of: datetime
    advice_id: str
    settled: Settled | None
    settled_at: datetime | None
    problem: Problem | None

    @property
    def key(self) -> tuple[str, str]:
        return (self.location_code, self.sku)


async def location_codes(session: AsyncSession, feed: FeedKey) -> list[str]:
    statement = select(col(InventoryPosition.location_code)).where(feed.rows(InventoryPosition))
    return sorted((await run(session, statement.distinct())).scalars())


async def candidates(
    session: AsyncSession,
    feed: FeedKey,
    rule: Rule,
    at: datetime,
    *,
    overwrite: Collection[str] = (),
    overwrite_all: bool = False,
) -> list[Candidate]:
    """Positions whose quantity may have to change: by a word, the terms, the day, a mapping, or a look in the shop."""
    items = items_by_sku(feed.shop_id)
    wanted = to_look_at(rule, at, items)
    position = InventoryPosition
    edited = col(position.problem) == Problem.EDITED_BY_HAND.value
    if overwrite_all:
        wanted = or_(wanted, edited)
    elif overwrite:
        wanted = or_(wanted, and_(edited, col(position.sku).in_(sorted(overwrite))))
    return await _read(session, feed, rule, items, wanted)


async def repeated(
    session: AsyncSession, feed: FeedKey, rule: Rule, at: datetime
) -> list[Candidate]:
    """Positions of which a newer word says the same as the one before: only orders between the two can make a difference."""
    items = items_by_sku(feed.shop_id)
    position = InventoryPosition
    wanted = and_(
        not_(to_look_at(rule, at, items)),
        col(position.settled_base) == rule.base(position),
        col(position.settled_as_of) != col(position.as_of),
        items.c.item_gid.is_not(None),
    )
    return await _read(session, feed, rule, items, wanted)


async def unconfirmed(
    session: AsyncSession, feed: FeedKey, rule: Rule, at: datetime
) -> list[Candidate]:
    """Positions that were made true for the first time, long enough ago for the search to show what was ordered before."""
    items = items_by_sku(feed.shop_id)
    position = InventoryPosition
    wanted = and_(
        not_(to_look_at(rule, at, items)),
        col(position.unconfirmed),
        col(position.settled_at) <= at - BELIEVED_FOR,
        items.c.item_gid.is_not(None),
    )
    return await _read(session, feed, rule, items, wanted)


async def first_unconfirmed(session: AsyncSession, feed: FeedKey) -> datetime | None:
    """When the first of those was made true that are not confirmed."""
    position = InventoryPosition
    statement = select(func.min(col(position.settled_at))).where(
        feed.rows(position), col(position.unconfirmed)
    )
    found: datetime | None = (await run(session, statement)).scalar_one()
    return found


async def named(
    session: AsyncSession, feed: FeedKey, rule: Rule, keys: Iterable[tuple[str, str]]
) -> list[Candidate]:
    """The positions with these codes and SKUs, as they are now."""
    items = items_by_sku(feed.shop_id)
    by_code: dict[str, list[str]] = {}
    for code, sku in keys:
        by_code.setdefault(code, []).append(sku)
    found: list[Candidate] = []
    for code, skus in by_code.items():
        for start in range(0, len(skus), 500):
            wanted = and_(
                col(InventoryPosition.location_code) == code,
                col(InventoryPosition.sku).in_(skus[start : start + 500]),
            )
            found += await _read(session, feed, rule, items, wanted)
    return found


async def written_by_others(
    session: AsyncSession, feed: FeedKey, found: Sequence[Candidate]
) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """Who else has made an item's quantity at a location what it is: (item, location) -> (partner, location code)."""
    position = InventoryPosition
    gids = sorted({one.item_gid for one in found})
    others: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for start in range(0, len(gids), 500):
        statement = select(
            col(position.item_gid),
            col(position.location_gid),
            col(position.partner_id),
            col(position.location_code),
        ).where(
            col(position.shop_id) == feed.shop_id,
            col(position.item_gid).in_(gids[start : start + 500]),
            col(position.settled_base).is_not(None),
        )
        for item, location, partner, code in await run(session, statement):
            others.setdefault((item, location), set()).add((partner, code))
    return others


def items_by_sku(shop_id: str) -> Any:
    """One row a SKU: how many items have it, and the item where it is one."""
    item = SkuMapping
    return (
        select(
            col(item.sku).label("sku"),
            func.count().label("how_many"),
            case((func.count() == 1, func.min(col(item.item_gid)))).label("item_gid"),
            func.min(case((col(item.tracked), 1), else_=0)).label("tracked"),
        )
        .where(col(item.shop_id) == shop_id, col(item.sku) != "")
        .group_by(col(item.sku))
        .subquery("items")
    )


def _item_problem(items: Any) -> ColumnElement[str | None]:
    unknown, several, untracked = (problem.value for problem in _OF_ITEMS)
    return case(
        (items.c.how_many.is_(None), unknown),
        (items.c.how_many > 1, several),
        (items.c.tracked == 0, untracked),
        else_=None,
    )


def to_look_at(rule: Rule, at: datetime, items: Any) -> ColumnElement[bool]:
    position = InventoryPosition
    problem = func.coalesce(col(position.problem), "")
    item_problem = func.coalesce(_item_problem(items), "")
    resting = problem.in_([one.value for one in _RESTING])
    of_items = problem.in_([one.value for one in _OF_ITEMS])
    other_item = col(position.item_gid).is_distinct_from(items.c.item_gid)
    doubted = and_(
        col(position.believed_since).is_not(None),
        col(position.believed_since) <= at - BELIEVED_FOR,
    )
    wants = or_(
        col(position.settled_base).is_(None),
        col(position.settled_base) != rule.base(position),
    )
    new_word = and_(
        problem == Problem.EDITED_BY_HAND.value,
        col(position.settled_as_of).is_distinct_from(col(position.as_of)),
    )
    return and_(
        col(position.available).is_not(None),
        col(position.location_gid).is_not(None),
        or_(
            and_(item_problem != "", problem != item_problem),
            and_(
                item_problem == "",
                or_(
                    col(position.look_again),
                    of_items,
                    other_item,
                    doubted,
                    new_word,
                    and_(not_(resting), wants),
                ),
            ),
        ),
    )


async def _read(
    session: AsyncSession, feed: FeedKey, rule: Rule, items: Any, wanted: ColumnElement[bool]
) -> list[Candidate]:
    position = InventoryPosition
    statement = (
        select(
            *(
                col(getattr(position, name))
                for name in (
                    "location_code",
                    "sku",
                    "location_gid",
                    "as_of",
                    "advice_id",
                    "problem",
                    "settled_base",
                    "settled_as_of",
                    "anchor",
                    "ordered_then",
                    "believed",
                    "believed_since",
                    "settled_at",
                )
            ),
            rule.base(position).label("base"),
            _item_problem(items).label("item_problem"),
            items.c.item_gid.label("means"),
            col(position.item_gid).is_distinct_from(items.c.item_gid).label("moved"),
        )
        .select_from(position)
        .outerjoin(items, items.c.sku == col(position.sku))
        .where(
            feed.rows(position),
            wanted,
            col(position.available).is_not(None),
            col(position.location_gid).is_not(None),
        )
        .order_by(col(position.location_code), col(position.sku))
    )
    return [_candidate(row) for row in await run(session, statement)]


def _candidate(row: Any) -> Candidate:
    settled = None
    if row.settled_base is not None and row.anchor is not None and not row.moved:
        settled = Settled(
            base=row.settled_base,
            as_of=row.settled_as_of,
            anchor=row.anchor,
            ordered_then=row.ordered_then,
            believed=row.believed,
            believed_since=row.believed_since,
        )
    return Candidate(
        location_code=row.location_code,
        sku=row.sku,
        location_gid=row.location_gid,
        item_gid=row.means or "",
        item_problem=Problem(row.item_problem) if row.item_problem else None,
        base=row.base,
        as_of=row.as_of,
        advice_id=row.advice_id,
        settled=settled,
        settled_at=row.settled_at,
        problem=Problem(row.problem) if row.problem else None,
    )
