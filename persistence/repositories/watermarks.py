"""Watermarks: up to where reconciliation has seen each kind of object."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.repositories.inbound_events import Source
from persistence.statements import insert_new
from persistence.tables import Watermark

KEY = ("source", "scope", "object")


async def find(session: AsyncSession, source: Source, scope: str, object_: str) -> Watermark | None:
    """Get one, or None before the first run."""
    return await session.get(Watermark, (source, scope, object_))


async def list_all(
    session: AsyncSession, *, source: Source | None = None, scope: str | None = None
) -> list[Watermark]:
    """List them by source, scope and object. None is no condition."""
    statement = select(Watermark).order_by(*(col(getattr(Watermark, part)) for part in KEY))
    if source is not None:
        statement = statement.where(Watermark.source == source)
    if scope is not None:
        statement = statement.where(Watermark.scope == scope)
    return list((await session.exec(statement)).all())


async def move(
    session: AsyncSession,
    source: Source,
    scope: str,
    object_: str,
    seen_until: datetime | None,
    *,
    found: int = 0,
) -> Watermark:
    """Note that all changes before `seen_until` are in the inbox; it never goes back. `found` of them were put there."""
    row = await _locked(session, source, scope, object_)
    if seen_until is not None and (row.seen_until is None or seen_until > row.seen_until):
        row.seen_until = seen_until
    row.last_found += found
    row.found += found
    await session.flush()
    return row


async def note_run(
    session: AsyncSession, source: Source, scope: str, object_: str, now: datetime
) -> Watermark:
    """Note that a run begins."""
    row = await _locked(session, source, scope, object_)
    row.last_run_at, row.last_found, row.error = now, 0, None
    await session.flush()
    return row


async def note_error(
    session: AsyncSession, source: Source, scope: str, object_: str, error: str
) -> None:
    """Note why a run stopped early; the watermark stays where it is."""
    row = await _locked(session, source, scope, object_)
    row.error = error
    await session.flush()


async def _locked(session: AsyncSession, source: Source, scope: str, object_: str) -> Watermark:
    await insert_new(session, Watermark(source=source, scope=scope, object=object_))
    statement = (
        select(Watermark)
        .where(Watermark.source == source, Watermark.scope == scope, Watermark.object == object_)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).one()
