"""The inbox: what came in, and what became of it."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from sqlalchemy import ColumnElement, and_, delete, or_, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.errors import BadValueError, BodyPurgedError
from persistence.pages import Page, check_limit, decode_cursor, encode_cursor
from persistence.statements import insert_missing, insert_new, lock, require
from persistence.tables import InboundEvent, InboundEventCase, InboundEventWait

Source = Literal["shopify", "trading_grid", "gridcase"]
EventStatus = Literal["received", "dispatched", "ignored", "parked", "failed"]

FINAL = ("dispatched", "ignored")
"""Read and done with: only a replay opens it again."""

_RECEIVED: tuple[EventStatus, ...] = ("received",)
_LISTING = "inbound_events:id"


class Awaited(Protocol):
    """A case reference: its kind, its value, and the shop or tenant in which it is unique. Hashable."""

    @property
    def kind(self) -> str: ...

    @property
    def value(self) -> str: ...

    @property
    def scope(self) -> str: ...


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    """What to list; None is no condition."""

    source: Source | None = None
    scope: str | None = None
    topic: str | None = None
    status: EventStatus | None = None
    case_id: str | None = None


async def insert(
    session: AsyncSession,
    *,
    source: Source,
    scope: str,
    topic: str,
    delivery_id: str,
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
) -> tuple[InboundEvent, bool]:
    """Store an event and say whether it is new; if not, the one that came first is returned.

    `scope` is the shop's or the tenant's id. Pass only the headers that are worth keeping. Raises
    `BadValueError` without a delivery id, since nothing could tell a duplicate then.
    """
    if not delivery_id:
        raise BadValueError("an event needs a delivery id")
    event = InboundEvent(
        source=source,
        scope=scope,
        topic=topic,
        delivery_id=delivery_id,
        body=body,
        headers=dict(headers),
        body_sha256=hashlib.sha256(body).hexdigest(),
        received_at=now,
        created_at=now,
        updated_at=now,
    )
    created = await insert_new(session, event)
    if created is not None:
        return created, True
    earlier = select(InboundEvent).where(
        InboundEvent.source == source,
        InboundEvent.scope == scope,
        InboundEvent.topic == topic,
        InboundEvent.delivery_id == delivery_id,
    )
    return (await session.exec(earlier)).one(), False


async def get(session: AsyncSession, event_id: int) -> InboundEvent:
    """Get an event; raises `NotFoundError`."""
    return await require(session, InboundEvent, event_id, "event")


async def find_same_body(session: AsyncSession, event: InboundEvent) -> InboundEvent | None:
    """Find the first event that brought this body before, under another delivery id."""
    statement = (
        select(InboundEvent)
        .where(
            InboundEvent.source == event.source,
            InboundEvent.scope == event.scope,
            InboundEvent.topic == event.topic,
            InboundEvent.body_sha256 == event.body_sha256,
            col(InboundEvent.id) < event.id,
        )
        .order_by(col(InboundEvent.id))
        .limit(1)
    )
    return (await session.exec(statement)).first()


async def lease(
    session: AsyncSession,
    event_id: int,
    *,
    now: datetime,
    seconds: float,
    statuses: Collection[EventStatus] = _RECEIVED,
) -> bool:
    """Take the event for dispatch, for so many seconds; False when it is not to be had.

    One conditional UPDATE, so of many callers one gets it. Counts an attempt. `statuses` says from
    which it may be taken: add "parked" or "failed" where that is meant.
    """
    statement = (
        update(InboundEvent)
        .where(
            col(InboundEvent.id) == event_id,
            col(InboundEvent.status).in_(statuses),
            _lease_is_free(now),
        )
        .values(
            leased_until=now + timedelta(seconds=seconds),
            attempts=col(InboundEvent.attempts) + 1,
            updated_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    return (await session.exec(statement)).rowcount == 1


async def due(session: AsyncSession, now: datetime, limit: int = 100) -> list[int]:
    """List the ids of events to dispatch, oldest first.

    Those received, and those parked whose next attempt is due, unless leased. One received that
    has a `next_attempt_at` waits for it; one parked without is tried again on demand only.
    """
    attempt_at = col(InboundEvent.next_attempt_at)
    statement = (
        select(InboundEvent.id)
        .where(
            _lease_is_free(now),
            or_(
                and_(
                    col(InboundEvent.status) == "received",
                    or_(attempt_at.is_(None), attempt_at <= now),
                ),
                and_(col(InboundEvent.status) == "parked", attempt_at <= now),
            ),
        )
        .order_by(col(InboundEvent.received_at), col(InboundEvent.id))
        .limit(limit)
    )
    return list((await session.exec(statement)).all())


async def settle(
    session: AsyncSession,
    event_id: int,
    *,
    status: EventStatus,
    now: datetime,
    reason: str | None = None,
    error: str | None = None,
    case_ids: Sequence[str] = (),
    next_attempt_at: datetime | None = None,
    waits_for: Sequence[Awaited] = (),
) -> bool:
    """Say what became of the event, and end its lease; raises `NotFoundError`.

    A parked one that `waits_for` case references is due again as soon as one of them is entered.

    False, and nothing changes, when it is final meanwhile and this would undo that: a dispatcher
    that outlived its lease must not turn another's success into a failure.
    """
    event = await lock(session, InboundEvent, event_id, "event")
    if event.status in FINAL and status not in FINAL:
        return False
    event.status = status
    event.reason = reason
    event.error = error
    event.next_attempt_at = next_attempt_at
    event.leased_until = None
    event.updated_at = now
    if status == "dispatched":
        event.dispatched_at = now
    # A replay may concern other cases than before; those it concerned stay findable.
    event.case_ids = list(dict.fromkeys([*event.case_ids, *case_ids]))
    await session.flush()
    await insert_missing(
        session, [InboundEventCase(event_id=event_id, case_id=case_id) for case_id in case_ids]
    )
    gone = delete(InboundEventWait).where(col(InboundEventWait.event_id) == event_id)
    await session.exec(gone)
    await insert_missing(
        session,
        [
            InboundEventWait(event_id=event_id, scope=one.scope, kind=one.kind, value=one.value)
            for one in dict.fromkeys(waits_for)
        ],
    )
    return True


async def replay(session: AsyncSession, event_id: int, now: datetime) -> InboundEvent:
    """Make the event as if just received, whatever became of it.

    Raises `NotFoundError`, and `BodyPurgedError` when there is nothing left to read.
    """
    event = await lock(session, InboundEvent, event_id, "event")
    if event.body is None:
        raise BodyPurgedError(f"the body of event {event_id} is past its retention")
    event.status = "received"
    event.reason = event.error = None
    event.next_attempt_at = event.leased_until = None
    event.updated_at = now
    await session.flush()
    return event


async def unpark(
    session: AsyncSession,
    now: datetime,
    *,
    source: Source | None = None,
    scope: str | None = None,
    topic: str | None = None,
    reason: str | None = None,
) -> int:
    """Make parked events due now, as when a mapping appeared; how many. None is no condition."""
    conditions = {"source": source, "scope": scope, "topic": topic, "reason": reason}
    statement = update(InboundEvent).where(col(InboundEvent.status) == "parked")
    for name, value in conditions.items():
        if value is not None:
            statement = statement.where(col(getattr(InboundEvent, name)) == value)
    statement = statement.values(next_attempt_at=now, updated_at=now)
    result = await session.exec(statement.execution_options(synchronize_session=False))
    return result.rowcount


async def unpark_waiting(session: AsyncSession, entered: Sequence[Awaited], now: datetime) -> int:
    """Make due now what is parked and waits for one of these references; how many."""
    if not entered:
        return 0
    waiting = select(InboundEventWait.event_id).where(
        or_(
            *(
                and_(
                    col(InboundEventWait.scope) == one.scope,
                    col(InboundEventWait.kind) == one.kind,
                    col(InboundEventWait.value) == one.value,
                )
                for one in entered
            )
        )
    )
    statement = (
        update(InboundEvent)
        .where(col(InboundEvent.status) == "parked", col(InboundEvent.id).in_(waiting))
        .values(next_attempt_at=now, updated_at=now)
    )
    result = await session.exec(statement.execution_options(synchronize_session=False))
    return result.rowcount


async def page(
    session: AsyncSession,
    where: EventFilter | None = None,
    *,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[InboundEvent]:
    """List events, newest first. Raises `BadCursorError`, `BadValueError` for a bad limit."""
    check_limit(limit)
    where = where or EventFilter()
    statement = select(InboundEvent).order_by(col(InboundEvent.id).desc()).limit(limit + 1)
    for name in ("source", "scope", "topic", "status"):
        value = getattr(where, name)
        if value is not None:
            statement = statement.where(col(getattr(InboundEvent, name)) == value)
    if where.case_id is not None:
        of_case = select(InboundEventCase.event_id).where(InboundEventCase.case_id == where.case_id)
        statement = statement.where(col(InboundEvent.id).in_(of_case))
    if cursor is not None:
        (before,) = decode_cursor(cursor, _LISTING, (int,))
        statement = statement.where(col(InboundEvent.id) < before)
    rows = list((await session.exec(statement)).all())
    more = len(rows) > limit
    items = rows[:limit]
    return Page(items, encode_cursor(_LISTING, (items[-1].id,)) if more else None)


async def heard(
    session: AsyncSession, case_ids: Collection[str], sources: Collection[Source]
) -> datetime | None:
    """When the newest event of these sources came that reached one of these cases; None for none."""
    statement = (
        select(func.max(InboundEvent.received_at))
        .join(InboundEventCase, col(InboundEventCase.event_id) == col(InboundEvent.id))
        .where(
            col(InboundEventCase.case_id).in_(list(case_ids)),
            col(InboundEvent.source).in_(list(sources)),
        )
    )
    return (await session.exec(statement)).one()


async def counts_by_status(session: AsyncSession) -> dict[str, int]:
    """Count the events of each status; a status without any is left out."""
    statement = select(InboundEvent.status, func.count()).group_by(col(InboundEvent.status))
    return dict((await session.exec(statement)).all())


async def purge_bodies(
    session: AsyncSession, before: datetime, now: datetime, *, scope: str | None = None
) -> int:
    """Delete the bodies of events received before, of one shop or tenant where given; how many.

    What is still received or parked becomes failed: it can't be dispatched without its body.
    """
    old = [col(InboundEvent.received_at) < before, col(InboundEvent.body).is_not(None)]
    if scope is not None:
        old.append(col(InboundEvent.scope) == scope)
    given_up = (
        update(InboundEvent)
        .where(*old, col(InboundEvent.status).in_(["received", "parked"]))
        .values(
            status="failed",
            error="not dispatched before its body was deleted",
            leased_until=None,
            next_attempt_at=None,
        )
        .execution_options(synchronize_session=False)
    )
    await session.exec(given_up)
    statement = (
        update(InboundEvent)
        .where(*old)
        .values(body=None, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    return (await session.exec(statement)).rowcount


def _lease_is_free(now: datetime) -> ColumnElement[bool]:
    leased_until = col(InboundEvent.leased_until)
    return or_(leased_until.is_(None), leased_until <= now)
