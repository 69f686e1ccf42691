"""What a push found out about positions, and did."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    func,
    literal,
    select,
    update,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.inventory_feed.looking import Settled
from domain.inventory_feed.problems import Problem
from persistence.repositories.inventory_positions.choosing import Candidate
from persistence.repositories.stock_terms import FeedKey, run
from persistence.tables import InventoryPosition


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What was made true of a position. `written`: None where the level was right already. `first`: nothing was before."""

    location_code: str
    sku: str
    item_gid: str
    location_gid: str
    settled: Settled
    first: bool = False
    written: int | None = None
    problem: Problem | None = None


async def place_locations(
    session: AsyncSession, feed: FeedKey, locations: Mapping[str, str], at: datetime
) -> None:
    """Bring what the location codes mean now to the positions; a code that means none is its positions' problem."""
    position = InventoryPosition
    codes = (
        await run(
            session, select(col(position.location_code)).where(feed.rows(position)).distinct()
        )
    ).scalars()
    for code in list(codes):
        gid = locations.get(code)
        here = and_(feed.rows(position), col(position.location_code) == code)
        unmapped = Problem.LOCATION_UNMAPPED.value
        values: dict[str, Any] = _forgotten() | {"location_gid": gid}
        if gid is None:
            values |= {"problem": unmapped, "problem_since": at}
            changed = and_(here, func.coalesce(col(position.problem), "") != unmapped)
        else:
            values |= {"problem": None, "problem_since": None}
            changed = and_(here, col(position.location_gid).is_distinct_from(gid))
        await run(session, update(position).where(changed).values(**values))


async def settle(
    session: AsyncSession, feed: FeedKey, done: Sequence[Settlement], at: datetime
) -> None:
    """Note what was made true, unless the position means another item or location by now."""
    position = InventoryPosition
    for wrote in (True, False):
        some = [one for one in done if (one.written is not None) is wrote]
        if not some:
            continue
        values: dict[str, Any] = {
            "item_gid": bindparam("b_item"),
            "settled_base": bindparam("b_base"),
            "settled_as_of": bindparam("b_as_of", type_=position.__table__.c.as_of.type),  # type: ignore[attr-defined]
            "anchor": bindparam("b_anchor"),
            "ordered_then": bindparam("b_ordered"),
            "believed": bindparam("b_believed"),
            "believed_since": bindparam("b_since", type_=position.__table__.c.as_of.type),  # type: ignore[attr-defined]
            "settled_at": at,
            "unconfirmed": bindparam("b_first"),
            "problem_since": _problem_since(at),
            "problem": bindparam("b_problem"),
            "look_again": False,
        }
        if wrote:
            values |= {"written": bindparam("b_written"), "written_at": at}
        await _many(
            session,
            _at(feed, col(position.location_gid) == bindparam("b_location")).values(**values),
            [
                {
                    "b_code": one.location_code,
                    "b_sku": one.sku,
                    "b_item": one.item_gid,
                    "b_location": one.location_gid,
                    "b_base": one.settled.base,
                    "b_as_of": one.settled.as_of,
                    "b_anchor": one.settled.anchor,
                    "b_ordered": one.settled.ordered_then,
                    "b_believed": one.settled.believed,
                    "b_since": one.settled.believed_since,
                    "b_first": one.first,
                    "b_problem": one.problem.value if one.problem else None,
                    **({"b_written": one.written} if wrote else {}),
                }
                for one in some
            ],
        )


async def confirm(session: AsyncSession, feed: FeedKey, found: Sequence[Candidate]) -> None:
    """No order was missed when these were made true for the first time."""
    await _many(
        session,
        _at(feed).values(unconfirmed=False),
        [{"b_code": one.location_code, "b_sku": one.sku} for one in found],
    )


async def repeat_settled(session: AsyncSession, feed: FeedKey, found: Sequence[Candidate]) -> None:
    """A newer word said the same: what is true now is true of it."""
    position = InventoryPosition
    await _many(
        session,
        _at(feed).values(
            settled_as_of=bindparam("b_as_of", type_=position.__table__.c.as_of.type)  # type: ignore[attr-defined]
        ),
        [{"b_code": one.location_code, "b_sku": one.sku, "b_as_of": one.as_of} for one in found],
    )


async def hinder(
    session: AsyncSession,
    feed: FeedKey,
    problems: Mapping[tuple[str, str], tuple[Problem, str]],
    at: datetime,
) -> None:
    """Note why positions can't be brought into the shop, and the item each means. What keeps changing is tried again."""
    again: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for (code, sku), (problem, item_gid) in problems.items():
        again[problem is Problem.KEEPS_CHANGING].append(
            {
                "b_code": code,
                "b_sku": sku,
                "b_problem": problem.value,
                "b_item": item_gid or None,
            }
        )
    for look_again, rows in again.items():
        values: dict[str, Any] = {
            "problem_since": _problem_since(at),
            "problem": bindparam("b_problem"),
            "item_gid": bindparam("b_item"),
            "look_again": look_again,
        }
        if not look_again:
            # What is not ours to write any more is not what we left there either.
            values |= {"settled_base": None, "settled_as_of": None, "anchor": None}
            values |= {"believed": 0, "believed_since": None, "unconfirmed": False}
        await _many(session, _at(feed).values(**values), rows)


async def look_again(
    session: AsyncSession, shop_id: str, keys: Iterable[tuple[str, str, str]]
) -> None:
    """Have the next push look at positions: partner, location code, SKU."""
    position = InventoryPosition
    statement = (
        update(position)
        .where(
            col(position.shop_id) == shop_id,
            col(position.partner_id) == bindparam("b_partner"),
            col(position.location_code) == bindparam("b_code"),
            col(position.sku) == bindparam("b_sku"),
        )
        .values(look_again=True)
    )
    rows = [{"b_partner": partner, "b_code": code, "b_sku": sku} for partner, code, sku in keys]
    await _many(session, statement, rows)


def _forgotten() -> dict[str, Any]:
    """What is not known any more of a position that means another place."""
    return {
        "settled_base": None,
        "settled_as_of": None,
        "anchor": None,
        "ordered_then": 0,
        "believed": 0,
        "believed_since": None,
        "unconfirmed": False,
        "look_again": False,
    }


def _problem_since(at: datetime) -> ColumnElement[Any]:
    """Since when the problem is there: it keeps its age while it stays the same."""
    position = InventoryPosition
    type_ = position.__table__.c.problem_since.type  # type: ignore[attr-defined]
    given: ColumnElement[Any] = bindparam("b_problem")
    return case(
        (given.is_(None), literal(None, type_=type_)),
        (
            col(position.problem) == given,
            func.coalesce(col(position.problem_since), literal(at, type_=type_)),
        ),
        else_=literal(at, type_=type_),
    )


def _at(feed: FeedKey, *more: ColumnElement[bool]) -> Any:
    position = InventoryPosition
    return update(position).where(
        feed.rows(position),
        col(position.location_code) == bindparam("b_code"),
        col(position.sku) == bindparam("b_sku"),
        *more,
    )


async def _many(session: AsyncSession, statement: Any, rows: Sequence[dict[str, Any]]) -> None:
    """The statement for each row, in one go."""
    if rows:
        connection = await session.connection()
        await connection.execute(statement, rows)
