"""Cases: opened here by dispatch, then kept as each workflow's latest snapshot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import delete, or_, tuple_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from persistence.base import JsonObject
from persistence.errors import BadValueError, ConflictError, NotFoundError
from persistence.pages import Page, check_limit, decode_cursor, encode_cursor
from persistence.repositories import case_references, case_timeline
from persistence.repositories.case_references import Reference
from persistence.repositories.case_timeline import TimelineRow
from persistence.statements import insert_missing, insert_new
from persistence.tables import Case, CasePartner

Order = Literal["updated_at", "opened_at"]

# Each try fails only because another caller has just opened or closed a case of this key.
_TRIES = 20
_MAX_KEY = 255


@dataclass(frozen=True, kw_only=True)
class CaseFields:
    """What a snapshot says of a case; every field replaces the one before."""

    title: str
    status: str
    outcome: str | None = None
    order_id: str | None = None
    order_name: str | None = None
    partners: Sequence[str] = ()
    closed_at: datetime | None = None
    waiting_for: str | None = None
    waiting_since: datetime | None = None
    due_at: datetime | None = None
    then_text: str | None = None
    escalated: int = 0
    assignee: str | None = None
    shadow: bool = False
    snapshot: JsonObject | None = None


@dataclass(frozen=True)
class Saved:
    """What `save_snapshot` did: whether the snapshot was news, and how many entries were."""

    applied: bool
    entries_added: int


@dataclass(frozen=True, kw_only=True)
class CaseFilter:
    """What to list; None is no condition."""

    kind: str | None = None
    status: str | None = None
    outcome: str | None = None
    shop_id: str | None = None
    partner_id: str | None = None
    order_name: str | None = None
    assignee: str | None = None
    waiting_for: str | None = None
    due_before: datetime | None = None
    escalated: bool | None = None
    orphaned: bool | None = None
    open: bool | None = None
    text: str | None = None
    """Part of title, order name or id, in any case of letters (ASCII on SQLite); or the number."""


@dataclass(frozen=True)
class OpenCase:
    """An open case, as the check against Temporal needs it."""

    number: int
    id: str
    run_id: str | None
    opened_at: datetime
    orphaned: str | None


async def open_case(
    session: AsyncSession,
    *,
    key: str,
    kind: str,
    shop_id: str,
    title: str,
    status: str,
    now: datetime,
    references: Sequence[Reference] = (),
    opened_by_event_id: int | None = None,
    order_id: str | None = None,
    order_name: str | None = None,
    partners: Sequence[str] = (),
    shadow: bool = False,
    workflow: str | None = None,
    argument: JsonObject | None = None,
) -> tuple[Case, bool]:
    """Return the open case of this key, or open one, and say whether it is new.

    The id is the key, or ``{key}~n`` for the n-th case of the key. Of callers at the same moment
    one opens and the others get its case: a unique index decides. The references are added either
    way. Raises `BadValueError` for a key that can't be a workflow id of ours.
    """
    if not 1 <= len(key) <= _MAX_KEY or "~" in key:
        raise BadValueError(f"case key {key!r}: 1 to {_MAX_KEY} characters without '~'")
    for _ in range(_TRIES):
        case = await find_open(session, key)
        if case is not None:
            break
        count = select(func.count()).select_from(Case).where(Case.key == key)
        earlier = (await session.exec(count)).one()
        case = await insert_new(
            session,
            Case(
                id=f"{key}~{earlier + 1}" if earlier else key,
                key=key,
                kind=kind,
                shop_id=shop_id,
                title=title,
                status=status,
                order_id=order_id,
                order_name=order_name,
                partners=list(partners),
                opened_at=now,
                created_at=now,
                updated_at=now,
                shadow=shadow,
                opened_by_event_id=opened_by_event_id,
                workflow=workflow,
                argument=argument,
            ),
        )
        if case is not None:
            await _link_partners(session, case.id, partners)
            await case_references.add(session, case.id, references, now)
            return case, True
    else:
        raise ConflictError(f"{key}: opened and closed by others at every one of {_TRIES} tries")
    if case.run_id is None and case.workflow is None:
        # A row from before rows kept what their workflow starts with.
        case.workflow, case.argument = workflow, argument
        await session.flush()
    await case_references.add(session, case.id, references, now)
    return case, False


async def save_snapshot(
    session: AsyncSession,
    case_id: str,
    *,
    run_id: str,
    revision: int,
    values: CaseFields,
    now: datetime,
    timeline: Sequence[TimelineRow] = (),
    references: Sequence[Reference] = (),
) -> Saved:
    """Write a workflow's snapshot, unless a newer one is there. Repeating it changes nothing.

    Of one run the greater revision is newer; another run (after a reset) replaces whatever there
    is, and what comes late from a replaced run is stale. Timeline and references are added even
    from a stale snapshot: what happened, happened. A snapshot that is applied shows the case to
    run, so the mark of an orphan goes, and what the workflow was to start with.

    Raises `NotFoundError` for a case that was never opened here, and `ConflictError` when a reset
    would open again a case whose key has another one open.
    """
    case = await _locked(session, case_id)
    added = await case_timeline.append(session, case_id, run_id, timeline)
    await case_references.add(session, case_id, references, now)
    if run_id in case.earlier_run_ids or (run_id == case.run_id and revision <= case.revision):
        return Saved(applied=False, entries_added=added)
    if case.closed_at is not None and values.closed_at is None:
        other = await find_open(session, case.key)
        if other is not None:
            raise ConflictError(f"{case_id} can't be open again: {other.id} is")
    if case.run_id not in (None, run_id):
        case.earlier_run_ids = [*case.earlier_run_ids, str(case.run_id)]
    for field in fields(values):
        setattr(case, field.name, getattr(values, field.name))
    case.partners = list(values.partners)
    case.run_id = run_id
    case.revision = revision
    case.orphaned = None
    case.argument = None
    case.updated_at = now
    await session.flush()
    await _link_partners(session, case_id, values.partners)
    return Saved(applied=True, entries_added=added)


async def get(session: AsyncSession, case_id: str) -> Case:
    """Get a case by workflow id; raises `NotFoundError`."""
    case = await find(session, case_id)
    if case is None:
        raise NotFoundError("case", case_id)
    return case


async def find(session: AsyncSession, case_id: str) -> Case | None:
    """Get a case by workflow id, or None."""
    return (await session.exec(select(Case).where(Case.id == case_id))).one_or_none()


async def find_by_number(session: AsyncSession, number: int) -> Case | None:
    """Get a case by its number, or None."""
    return await session.get(Case, number)


async def find_open(session: AsyncSession, key: str) -> Case | None:
    """Get the open case of a key, or None."""
    statement = select(Case).where(Case.key == key, col(Case.closed_at).is_(None))
    return (await session.exec(statement)).one_or_none()


async def list_of_key(session: AsyncSession, key: str) -> list[Case]:
    """List all cases of a key, newest first."""
    statement = select(Case).where(Case.key == key).order_by(col(Case.number).desc())
    return list((await session.exec(statement)).all())


async def page(
    session: AsyncSession,
    where: CaseFilter | None = None,
    *,
    order: Order = "updated_at",
    limit: int = 50,
    cursor: str | None = None,
) -> Page[Case]:
    """List cases, the latest first. Raises `BadCursorError`, `BadValueError` for a bad limit."""
    check_limit(limit)
    listing = f"cases:{order}"
    keys = (col(getattr(Case, order)), col(Case.number))
    statement = _matching(where or CaseFilter())
    if cursor is not None:
        statement = statement.where(tuple_(*keys) < decode_cursor(cursor, listing, (datetime, int)))
    statement = statement.order_by(*(key.desc() for key in keys)).limit(limit + 1)
    rows = list((await session.exec(statement)).all())
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], encode_cursor(listing, (getattr(last, order), last.number)))


async def counts_of_open(session: AsyncSession) -> dict[tuple[str, str], int]:
    """Count the open cases of each kind and status."""
    statement = (
        select(Case.kind, Case.status, func.count())
        .where(col(Case.closed_at).is_(None))
        .group_by(col(Case.kind), col(Case.status))
    )
    rows = (await session.exec(statement)).all()
    return {(kind, status): count for kind, status, count in rows}


async def open_cases(
    session: AsyncSession, *, after_number: int = 0, limit: int = 500
) -> list[OpenCase]:
    """List open cases by number, from after one on: the sweep compares them with Temporal."""
    statement = (
        select(Case)
        .where(col(Case.closed_at).is_(None), col(Case.number) > after_number)
        .order_by(col(Case.number))
        .limit(limit)
    )
    return [
        OpenCase(case.number, case.id, case.run_id, case.opened_at, case.orphaned)
        for case in (await session.exec(statement)).all()
    ]


async def any_open(session: AsyncSession, shop_id: str, kinds: Collection[str]) -> bool:
    """Whether the shop has an open case of one of these kinds."""
    statement = (
        select(Case.number)
        .where(
            Case.shop_id == shop_id, col(Case.closed_at).is_(None), col(Case.kind).in_(list(kinds))
        )
        .limit(1)
    )
    return (await session.exec(statement)).first() is not None


async def open_of_partner(
    session: AsyncSession, partner_id: str, shop_ids: Collection[str]
) -> list[Case]:
    """List the open cases of these shops that concern a partner, by number."""
    of_partner = select(CasePartner.case_id).where(CasePartner.partner_id == partner_id)
    statement = (
        select(Case)
        .where(
            col(Case.id).in_(of_partner),
            col(Case.shop_id).in_(list(shop_ids)),
            col(Case.closed_at).is_(None),
        )
        .order_by(col(Case.number))
    )
    return list((await session.exec(statement)).all())


async def set_orphaned(
    session: AsyncSession, case_id: str, reason: str | None, now: datetime
) -> bool:
    """Mark an open case that Temporal does not run, or take the mark away; whether it is news.

    Raises `NotFoundError`. A case that is closed is left as it is.
    """
    case = await _locked(session, case_id)
    if case.closed_at is not None or case.orphaned == reason:
        return False
    case.orphaned = reason
    case.updated_at = now
    await session.flush()
    return True


async def close_orphaned(
    session: AsyncSession, case_id: str, *, status: str, outcome: str | None, now: datetime
) -> Case:
    """Close a case that Temporal does not run any more, so that its key is free for another.

    Raises `NotFoundError`, and `ConflictError` unless it is open and marked as an orphan.
    """
    case = await _locked(session, case_id)
    if case.closed_at is not None or case.orphaned is None:
        raise ConflictError(f"case {case_id} is not an open orphan: its workflow closes it")
    case.status, case.outcome = status, outcome
    case.closed_at = case.updated_at = now
    await session.flush()
    return case


async def _locked(session: AsyncSession, case_id: str) -> Case:
    statement = select(Case).where(Case.id == case_id).with_for_update()
    case = (await session.exec(statement.execution_options(populate_existing=True))).one_or_none()
    if case is None:
        raise NotFoundError("case", case_id)
    return case


async def _link_partners(session: AsyncSession, case_id: str, partners: Sequence[str]) -> None:
    gone = delete(CasePartner).where(
        col(CasePartner.case_id) == case_id, col(CasePartner.partner_id).not_in(partners)
    )
    await session.exec(gone)
    links = [CasePartner(case_id=case_id, partner_id=partner) for partner in set(partners)]
    await insert_missing(session, links)


def _matching(where: CaseFilter) -> SelectOfScalar[Case]:
    equal: dict[Any, Any] = {
        Case.kind: where.kind,
        Case.status: where.status,
        Case.outcome: where.outcome,
        Case.shop_id: where.shop_id,
        Case.order_name: where.order_name,
        Case.assignee: where.assignee,
        Case.waiting_for: where.waiting_for,
    }
    statement = select(Case)
    for column, value in equal.items():
        if value is not None:
            statement = statement.where(column == value)
    if where.partner_id is not None:
        of_partner = select(CasePartner.case_id).where(CasePartner.partner_id == where.partner_id)
        statement = statement.where(col(Case.id).in_(of_partner))
    if where.due_before is not None:
        statement = statement.where(col(Case.due_at) < where.due_before)
    if where.escalated is not None:
        statement = statement.where((col(Case.escalated) > 0) == where.escalated)
    if where.orphaned is not None:
        statement = statement.where(col(Case.orphaned).is_not(None) == where.orphaned)
    if where.open is not None:
        statement = statement.where(col(Case.closed_at).is_(None) == where.open)
    if where.text:
        places = (Case.title, Case.order_name, Case.id)
        found = [col(place).icontains(where.text, autoescape=True) for place in places]
        number = where.text.strip().removeprefix("#")
        if number.isascii() and number.isdigit() and len(number) < 19:
            found.append(col(Case.number) == int(number))
        statement = statement.where(or_(*found))
    return statement
