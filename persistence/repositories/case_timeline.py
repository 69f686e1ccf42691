"""The timeline of cases: append only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import tuple_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.base import JsonObject
from persistence.pages import Page, check_limit, decode_cursor, encode_cursor
from persistence.statements import insert_missing, insert_new
from persistence.tables import CaseTimelineEntry

_LISTING = "case_timeline:at"


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    """An entry as the workflow writes it; `sequence` counts the entries of one run."""

    sequence: int
    at: datetime
    actor: str
    kind: str
    text: str
    data: JsonObject | None = None
    flagged: bool = False
    event_id: str | None = None


async def append(
    session: AsyncSession, case_id: str, run_id: str, entries: Sequence[TimelineRow]
) -> int:
    """Append those of this run that are not there yet, by sequence; how many."""
    rows = [
        CaseTimelineEntry(
            case_id=case_id,
            run_id=run_id,
            sequence=entry.sequence,
            at=entry.at,
            actor=entry.actor,
            kind=entry.kind,
            text=entry.text,
            data=entry.data,
            flagged=entry.flagged,
            event_id=entry.event_id,
        )
        for entry in entries
    ]
    return await insert_missing(session, rows)


async def flag(
    session: AsyncSession,
    case_id: str,
    *,
    event_id: str,
    kind: str,
    at: datetime,
    actor: str,
    text: str,
    data: JsonObject | None = None,
) -> bool:
    """Append the intake's own flagged entry, once for each event and kind; whether it is new."""
    entry = CaseTimelineEntry(
        case_id=case_id,
        event_id=event_id,
        kind=kind,
        at=at,
        actor=actor,
        text=text,
        data=data,
        flagged=True,
    )
    return await insert_new(session, entry) is not None


async def page(
    session: AsyncSession, case_id: str, *, limit: int = 200, cursor: str | None = None
) -> Page[CaseTimelineEntry]:
    """List a case's entries, oldest first. Raises `BadCursorError`, `BadValueError`."""
    check_limit(limit)
    order = (col(CaseTimelineEntry.at), col(CaseTimelineEntry.id))
    statement = (
        select(CaseTimelineEntry)
        .where(CaseTimelineEntry.case_id == case_id)
        .order_by(*order)
        .limit(limit + 1)
    )
    if cursor is not None:
        after = decode_cursor(cursor, _LISTING, (datetime, int))
        statement = statement.where(tuple_(*order) > after)
    rows = list((await session.exec(statement)).all())
    items = rows[:limit]
    more = len(rows) > limit
    next_cursor = encode_cursor(_LISTING, (items[-1].at, items[-1].id)) if more else None
    return Page(items, next_cursor)
