"""A staged advice against the positions: what it would empty, and what it says."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    delete,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    update,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.inventory_feed.problems import Problem
from persistence.repositories.stock_advices.staging import (
    SAID,
    UNREADABLE,
    forget_lines,
    lines_of,
    locked,
)
from persistence.repositories.stock_terms import FeedKey, Rule, count_if, run
from persistence.statements import insert_into
from persistence.tables import InventoryPosition, StockAdvice, StockAdviceLine, StockPlace

_KEPT = timedelta(days=30)
# What only the shop's own mappings can mend: a newer word does not bring it back to Shopify.
_OF_MAPPINGS = tuple(
    problem.value
    for problem in (Problem.LOCATION_UNMAPPED, Problem.SKU_UNKNOWN, Problem.SKU_NOT_UNIQUE)
)


@dataclass(frozen=True)
class Applied:
    changed: int = 0
    older: int = 0
    missing: int = 0


async def judge(
    session: AsyncSession, feed: FeedKey, advice: StockAdvice, rule: Rule
) -> tuple[int, int]:
    """How many SKUs are for sale at the advice's location by the newest word, and how many of them it would empty."""
    line, position = StockAdviceLine, InventoryPosition
    there = func.coalesce(col(line.available), col(position.available))
    emptied = and_(
        _older(advice),
        or_(
            col(line.sku).is_(None) if advice.kind == "snapshot" else literal(False),
            and_(
                col(line.sku).is_not(None),
                func.coalesce(col(line.problem), "") != UNREADABLE,
                rule.base(line, available=there) == 0,
            ),
        ),
    )
    statement = (
        select(func.count(), count_if(emptied))
        .select_from(position)
        .outerjoin(line, and_(lines_of(feed, advice.advice_id), col(line.sku) == col(position.sku)))
        .where(
            feed.rows(position),
            col(position.location_code) == advice.location_code,
            rule.base(position) > 0,
        )
    )
    for_sale, to_zero = (await run(session, statement)).one()
    return int(for_sale), int(to_zero)


async def apply(
    session: AsyncSession, feed: FeedKey, advice_id: str, *, version: int, now: datetime
) -> Applied | None:
    """Take the staged lines into the positions; what a newer word overtook stays. None where nothing is staged.

    A repeat changes nothing and says what the first did.
    """
    advice = await locked(session, feed, advice_id)
    if advice is None or advice.version != version:
        return None
    if advice.state == "applied" and advice.result is not None:
        return Applied(**advice.result)
    if advice.state != "staged":
        return None
    place = await session.get(
        StockPlace, (feed.shop_id, feed.partner_id, advice.location_code), populate_existing=True
    )
    overtaken = (
        place is not None and place.advice_id != advice_id and _order(place) > _order(advice)
    )
    changed, older = await _count(session, feed, advice, overtaken=overtaken)
    await _merge(session, feed, advice, now, overtaken=overtaken)
    missing = 0
    if advice.kind == "snapshot" and not overtaken:
        emptied, missing = await _empty_the_unnamed(session, feed, advice)
        changed += emptied
        await _note_snapshot(session, feed, advice)
    await forget_lines(session, feed, advice_id)
    applied = Applied(changed=changed, older=older, missing=missing)
    advice.state, advice.result, advice.changed_at = "applied", asdict(applied), now
    await run(
        session,
        delete(StockAdvice).where(
            feed.rows(StockAdvice),
            col(StockAdvice.state).in_(("applied", "discarded")),
            col(StockAdvice.changed_at) < now - _KEPT,
        ),
    )
    await session.flush()
    return applied


def _order(row: StockAdvice | StockPlace) -> tuple[datetime, int, str]:
    """Of two advices with the same moment and sequence the one with the greater id counts as newer: any rule does, as long
    as it does not depend on which of them arrives first."""
    return (row.as_of, row.sequence, row.advice_id)


def _older(advice: StockAdvice) -> ColumnElement[bool]:
    """Positions whose word this advice replaces: an older one, or an earlier version of itself."""
    position = InventoryPosition
    same_moment = col(position.as_of) == advice.as_of
    same_sequence = and_(same_moment, col(position.sequence) == advice.sequence)
    return or_(
        and_(
            col(position.advice_id) == advice.advice_id,
            col(position.advice_version) < advice.version,
        ),
        and_(
            col(position.advice_id) != advice.advice_id,
            or_(
                col(position.as_of) < advice.as_of,
                and_(same_moment, col(position.sequence) < advice.sequence),
                and_(same_sequence, col(position.advice_id) < advice.advice_id),
            ),
        ),
    )


def _here(feed: FeedKey, advice: StockAdvice) -> ColumnElement[bool]:
    return and_(
        feed.rows(InventoryPosition),
        col(InventoryPosition.location_code) == advice.location_code,
    )


async def _count(
    session: AsyncSession, feed: FeedKey, advice: StockAdvice, *, overtaken: bool
) -> tuple[int, int]:
    """Positions that the lines change, and lines that a newer word has overtaken."""
    line, position = StockAdviceLine, InventoryPosition
    new = col(position.sku).is_(None)
    readable = func.coalesce(col(line.problem), "") != UNREADABLE
    differs = or_(
        and_(
            col(line.available).is_not(None),
            col(line.available).is_distinct_from(col(position.available)),
        ),
        *(
            col(getattr(line, name)).is_distinct_from(col(getattr(position, name)))
            for name in ("allocation", "constraint_code", "constraint_until")
        ),
    )
    statement = (
        select(
            count_if(
                and_(
                    readable,
                    or_(
                        literal(False) if overtaken else new,
                        and_(not_(new), _older(advice), differs),
                    ),
                )
            ),
            count_if(or_(and_(new, literal(overtaken)), and_(not_(new), not_(_older(advice))))),
        )
        .select_from(line)
        .outerjoin(position, and_(_here(feed, advice), col(position.sku) == col(line.sku)))
        .where(lines_of(feed, advice.advice_id))
    )
    changed, older = (await run(session, statement)).one()
    return changed, older


async def _merge(
    session: AsyncSession, feed: FeedKey, advice: StockAdvice, now: datetime, *, overtaken: bool
) -> None:
    line, position = StockAdviceLine, InventoryPosition
    readable = func.coalesce(col(line.problem), "") != UNREADABLE
    known = exists().where(_here(feed, advice), col(position.sku) == col(line.sku))
    head: dict[str, Any] = {
        "as_of": advice.as_of,
        "sequence": advice.sequence,
        "advice_id": advice.advice_id,
        "advice_version": advice.version,
    }

    def source(wanted: ColumnElement[bool]) -> Any:
        fixed = {
            "shop_id": feed.shop_id,
            "partner_id": feed.partner_id,
            "location_code": advice.location_code,
            **head,
            "look_again": False,
            "ordered_then": 0,
            "believed": 0,
        }
        columns = [
            literal(value, type_=position.__table__.c[name].type).label(name)  # type: ignore[attr-defined]
            for name, value in fixed.items()
        ]
        said: list[Any] = [col(getattr(line, name)).label(name) for name in ("sku", *SAID)]
        noted = [
            col(line.problem).label("said_problem"),
            literal(now, type_=position.__table__.c.said_since.type).label("said_since"),  # type: ignore[attr-defined]
        ]
        chosen = [*columns, *said, *noted]
        statement = select(*chosen).where(lines_of(feed, advice.advice_id), wanted)
        if overtaken:
            statement = statement.where(known)
        return [one.name for one in chosen], statement

    for wanted, takes in ((readable, True), (not_(readable), False)):
        names, statement = source(wanted)
        insert = insert_into(session, position).from_select(names, statement)
        new = insert.excluded
        changes: dict[str, Any] = {
            "said_problem": new.said_problem,
            "said_since": _since(new),
        }
        if takes:
            changes |= {name: new[name] for name in (*SAID, *head)}
            changes["available"] = func.coalesce(new.available, col(position.available))
            changes["look_again"] = or_(
                col(position.look_again),
                and_(
                    col(position.problem).is_not(None),
                    col(position.problem).not_in(_OF_MAPPINGS),
                ),
            )
        await run(
            session,
            insert.on_conflict_do_update(
                index_elements=["shop_id", "partner_id", "location_code", "sku"],
                set_=changes,
                where=_older(advice),
            ),
        )
    # A line about a constraint alone, of a SKU that nothing was said of before, has no quantity to go by.
    await run(
        session,
        update(position)
        .where(
            _here(feed, advice),
            col(position.available).is_(None),
            col(position.said_problem).is_(None),
        )
        .values(said_problem=UNREADABLE),
    )


def _since(new: Any) -> Any:
    """Since when the line's problem is there: a newer line with the same one does not make it younger."""
    position = InventoryPosition
    return case(
        (
            col(position.said_problem).is_not_distinct_from(new.said_problem),
            func.coalesce(col(position.said_since), new.said_since),
        ),
        else_=new.said_since,
    )


async def _empty_the_unnamed(
    session: AsyncSession, feed: FeedKey, advice: StockAdvice
) -> tuple[int, int]:
    """Positions with something that are empty now, and all that the snapshot did not name."""
    line, position = StockAdviceLine, InventoryPosition
    named = exists().where(lines_of(feed, advice.advice_id), col(line.sku) == col(position.sku))
    unnamed = and_(_here(feed, advice), _older(advice), not_(named))
    had = or_(
        func.coalesce(col(position.available), 0) != 0,
        col(position.allocation).is_not(None),
        col(position.constraint_code) != "",
    )
    statement = select(count_if(had), func.count()).select_from(position).where(unnamed)
    emptied, missing = (await run(session, statement)).one()
    await run(
        session,
        update(position)
        .where(unnamed)
        .values(
            available=0,
            allocation=None,
            available_date=None,
            constraint_code="",
            constraint_until=None,
            said_problem=None,
            said_since=None,
            as_of=advice.as_of,
            sequence=advice.sequence,
            advice_id=advice.advice_id,
            advice_version=advice.version,
        ),
    )
    return emptied, missing


async def _note_snapshot(session: AsyncSession, feed: FeedKey, advice: StockAdvice) -> None:
    values = {
        "as_of": advice.as_of,
        "sequence": advice.sequence,
        "advice_id": advice.advice_id,
    }
    await run(
        session,
        insert_into(session, StockPlace)
        .values(
            shop_id=feed.shop_id,
            partner_id=feed.partner_id,
            location_code=advice.location_code,
            **values,
        )
        .on_conflict_do_update(
            index_elements=["shop_id", "partner_id", "location_code"], set_=values
        ),
    )
