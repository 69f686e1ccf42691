"""Idempotency keys: a repeated POST that creates something gets the first answer.

`begin` in a transaction of its own, do the work, `finish` with the answer: best in the transaction
of the work. On an error that may pass, `forget`, and the caller may try again. A process that is
killed in between leaves the key running; it may be begun again when its time is over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.errors import BadValueError, IdempotencyMismatchError
from persistence.statements import insert_new, lock
from persistence.tables import IdempotencyKey

KEPT = timedelta(hours=24)
RUNNING_AT_MOST = timedelta(seconds=60)
_MAX_KEY = 255


@dataclass(frozen=True)
class Started:
    """The key is new, or its earlier run came to nothing: do the work."""


@dataclass(frozen=True)
class Running:
    """The first request is still at work; it may be begun again after `until`."""

    until: datetime


@dataclass(frozen=True)
class Finished:
    """The work is done: answer the same again."""

    status_code: int
    response: Any


async def begin(
    session: AsyncSession,
    *,
    actor: str,
    key: str,
    route: str,
    body_sha256: str,
    now: datetime,
    running_at_most: timedelta = RUNNING_AT_MOST,
) -> Started | Running | Finished:
    """Claim the key for this request, or say what became of the one that has it.

    Raises `IdempotencyMismatchError` when that was for another route or body, and `BadValueError`
    for a key that is empty or longer than 255 characters.
    """
    if not 1 <= len(key) <= _MAX_KEY:
        raise BadValueError(f"an idempotency key has 1 to {_MAX_KEY} characters")
    fresh = IdempotencyKey(
        actor=actor,
        key=key,
        route=route,
        body_sha256=body_sha256,
        created_at=now,
        running_until=now + running_at_most,
    )
    row = None
    while row is None:
        if await insert_new(session, fresh) is not None:
            return Started()
        # None again when `forget` came between the two.
        row = await session.get(
            IdempotencyKey, (actor, key), with_for_update=True, populate_existing=True
        )
    if row.created_at <= now - KEPT:
        row.route, row.body_sha256, row.created_at = route, body_sha256, now
        row.status_code = row.response = None
        row.running_until = now + running_at_most
        await session.flush()
        return Started()
    if (row.route, row.body_sha256) != (route, body_sha256):
        raise IdempotencyMismatchError(
            f"idempotency key {key!r} was used for another request: take a new one"
        )
    if row.status_code is not None:
        return Finished(row.status_code, row.response)
    if row.running_until is not None and row.running_until > now:
        return Running(row.running_until)
    row.running_until = now + running_at_most
    await session.flush()
    return Started()


async def finish(
    session: AsyncSession, *, actor: str, key: str, status_code: int, response: Any
) -> None:
    """Keep the answer; the first stands. Raises `NotFoundError` when the key was never begun."""
    row = await lock(session, IdempotencyKey, (actor, key), "idempotency key")
    if row.status_code is None:
        row.status_code, row.response = status_code, response
        row.running_until = None
        await session.flush()


async def forget(session: AsyncSession, *, actor: str, key: str) -> bool:
    """Give up a key that is running, so that the request can be made again; whether it was."""
    statement = delete(IdempotencyKey).where(
        col(IdempotencyKey.actor) == actor,
        col(IdempotencyKey.key) == key,
        col(IdempotencyKey.status_code).is_(None),
    )
    return (await session.exec(statement)).rowcount == 1


async def purge(session: AsyncSession, now: datetime) -> int:
    """Delete the keys past their 24 hours; how many."""
    statement = delete(IdempotencyKey).where(col(IdempotencyKey.created_at) <= now - KEPT)
    return (await session.exec(statement)).rowcount
