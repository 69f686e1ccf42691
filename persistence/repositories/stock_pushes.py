"""Pushes: rounds of entries, stored before they are sent, so that a repeat under the same key sends the same."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select, update
from sqlmodel import col
from sqlmodel import select as select_rows
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.base import JsonObject
from persistence.repositories.stock_terms import FeedKey, run
from persistence.statements import insert_into, insert_many, insert_new
from persistence.tables import StockPush, StockPushBatch, StockPushEntry

_FINISHED = -1  # the round under which a push's end is kept


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A quantity to write. `batch` and `place` say where it is sent."""

    location_code: str
    sku: str
    batch: int
    place: int
    item_gid: str
    location_gid: str
    change_from: int
    quantity: int
    base: int
    as_of: datetime
    ordered: int
    believed: int
    believed_since: datetime | None
    edited: bool
    first: bool
    advice_id: str


async def begin(
    session: AsyncSession, feed: FeedKey, push: int, round_: int, owner: str
) -> JsonObject | None:
    """The plan of a round whose batches were begun; None where it is to be planned, anew if need be.

    Forgets every other push: a feed has one at a time, and what an older one left unsettled is found again.
    """
    first = await session.get(
        StockPush, (feed.shop_id, feed.partner_id, push, 0), populate_existing=True
    )
    ours = first is not None and first.owner == owner
    for table in (StockPushEntry, StockPushBatch, StockPush):
        others = feed.rows(table)
        if ours:
            others = and_(others, col(table.push) != push)
        await run(session, delete(table).where(others))
    begun = select(func.count()).where(
        feed.rows(StockPushBatch),
        col(StockPushBatch.push) == push,
        col(StockPushBatch.round) == round_,
    )
    if not (await run(session, begun)).scalar_one():
        return None
    row = await session.get(
        StockPush, (feed.shop_id, feed.partner_id, push, round_), populate_existing=True
    )
    return row.plan if row is not None else None


async def left(
    session: AsyncSession, feed: FeedKey, push: int, round_: int
) -> list[tuple[str, str]]:
    """Location codes and SKUs that earlier rounds left, or that this one planned when it was tried before."""
    entry = StockPushEntry
    statement = select(col(entry.location_code), col(entry.sku)).where(
        feed.rows(entry),
        col(entry.push) == push,
        or_(
            and_(col(entry.state) == "left", col(entry.round) < round_),
            and_(col(entry.state) == "planned", col(entry.round) == round_),
        ),
    )
    return [(code, sku) for code, sku in await run(session, statement)]


async def store(
    session: AsyncSession,
    feed: FeedKey,
    push: int,
    round_: int,
    entries: Sequence[Entry],
    plan: JsonObject,
    owner: str,
) -> None:
    """Store a round in place of an earlier try, and of what the rounds before left: all of that was looked at again."""
    entry = StockPushEntry
    replaced = and_(col(entry.round) == round_, col(entry.state) == "planned")
    if round_ > 0:
        replaced = or_(replaced, col(entry.state) == "left")
    await run(
        session,
        delete(entry).where(
            feed.rows(entry),
            col(entry.push) == push,
            replaced,
        ),
    )
    key = {"shop_id": feed.shop_id, "partner_id": feed.partner_id, "push": push, "round": round_}
    fixed = key | {"state": "planned", "problem": None}
    await insert_many(session, StockPushEntry, [fixed | vars(one) for one in entries])
    await run(
        session,
        insert_into(session, StockPush)
        .values(
            shop_id=feed.shop_id,
            partner_id=feed.partner_id,
            push=push,
            round=round_,
            owner=owner,
            plan=plan,
        )
        .on_conflict_do_update(
            index_elements=["shop_id", "partner_id", "push", "round"],
            set_={"plan": plan, "owner": owner},
        ),
    )


async def begin_batch(
    session: AsyncSession, feed: FeedKey, push: int, round_: int, batch: int, key: str
) -> StockPushBatch:
    """Note that a batch is about to be sent under this key; from now on it does not change."""
    row = await insert_new(
        session,
        StockPushBatch(
            shop_id=feed.shop_id,
            partner_id=feed.partner_id,
            push=push,
            round=round_,
            batch=batch,
            idempotency_key=key,
        ),
    )
    if row is not None:
        return row
    row = await session.get(
        StockPushBatch,
        (feed.shop_id, feed.partner_id, push, round_, batch),
        with_for_update=True,
        populate_existing=True,
    )
    assert row is not None
    if row.result is None and row.idempotency_key != key:
        row.idempotency_key = key
        await session.flush()
    return row


async def entries_of(
    session: AsyncSession, feed: FeedKey, push: int, round_: int, batch: int
) -> list[StockPushEntry]:
    """A batch's entries in the order they are sent in."""
    entry = StockPushEntry
    statement = (
        select_rows(entry)
        .where(
            feed.rows(entry),
            col(entry.push) == push,
            col(entry.round) == round_,
            col(entry.batch) == batch,
        )
        .order_by(col(entry.place))
    )
    return list((await session.exec(statement)).all())


async def note_result(
    session: AsyncSession,
    batch: StockPushBatch,
    states: dict[int, tuple[str, str | None]],
    result: JsonObject,
) -> None:
    """How a batch went. `states`: the state, and the problem, of the entry at each place."""
    entry = StockPushEntry
    by_state: dict[tuple[str, str | None], list[int]] = {}
    for place, state in states.items():
        by_state.setdefault(state, []).append(place)
    for (reached, problem), places in by_state.items():
        await run(
            session,
            update(entry)
            .where(
                col(entry.shop_id) == batch.shop_id,
                col(entry.partner_id) == batch.partner_id,
                col(entry.push) == batch.push,
                col(entry.round) == batch.round,
                col(entry.batch) == batch.batch,
                col(entry.place).in_(places),
            )
            .values(state=reached, problem=problem),
        )
    row = await session.get(
        StockPushBatch,
        (batch.shop_id, batch.partner_id, batch.push, batch.round, batch.batch),
        populate_existing=True,
    )
    if row is not None:
        row.result = result
    await session.flush()


async def finished(session: AsyncSession, feed: FeedKey, push: int) -> JsonObject | None:
    """How the push ended, once it did."""
    row = await session.get(StockPush, (feed.shop_id, feed.partner_id, push, _FINISHED))
    return row.plan if row is not None else None


async def still_left(session: AsyncSession, feed: FeedKey, push: int) -> list[StockPushEntry]:
    entry = StockPushEntry
    statement = select_rows(entry).where(
        feed.rows(entry), col(entry.push) == push, col(entry.state) == "left"
    )
    return list((await session.exec(statement)).all())


async def count_states(session: AsyncSession, feed: FeedKey, push: int) -> Counter[str]:
    entry = StockPushEntry
    statement = (
        select(col(entry.state), func.count())
        .where(feed.rows(entry), col(entry.push) == push)
        .group_by(col(entry.state))
    )
    found = {state: number for state, number in await run(session, statement)}  # noqa: C416
    return Counter(found)


async def finish(session: AsyncSession, feed: FeedKey, push: int, result: JsonObject) -> None:
    """Forget the push but for how it ended."""
    for table in (StockPushEntry, StockPushBatch, StockPush):
        await run(session, delete(table).where(feed.rows(table), col(table.push) == push))
    await insert_new(
        session,
        StockPush(
            shop_id=feed.shop_id,
            partner_id=feed.partner_id,
            push=push,
            round=_FINISHED,
            owner="",
            plan=result,
        ),
    )
