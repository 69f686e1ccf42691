"""Statements the repositories share: inserts that let the database decide, and people's edits."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.base import Edited, Table, utc_now
from persistence.errors import BadValueError, NotFoundError, StaleVersionError

Row = TypeVar("Row", bound=Table)
EditedRow = TypeVar("EditedRow", bound=Edited)

# Bound by the number of parameters a statement may have: 32 766 on SQLite, 32 767 by asyncpg.
_ROWS_A_STATEMENT = 500

# A shop's handle is a fairness key in Temporal, which is refused over 64 bytes.
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


async def insert_new(session: AsyncSession, row: Row) -> Row | None:
    """Insert the row unless a unique key is taken; None then. Waits for a concurrent insert.

    The object returned belongs to the session; the one given does not.
    """
    table = type(row)
    statement = (
        insert_into(session, table).values(_values(row)).on_conflict_do_nothing().returning(table)
    )
    inserted: Row | None = (await session.exec(statement)).scalars().one_or_none()
    return inserted


async def insert_missing(session: AsyncSession, rows: Sequence[Row]) -> int:
    """Insert those whose unique keys are free, and say how many that were."""
    count = 0
    for start in range(0, len(rows), _ROWS_A_STATEMENT):
        some = rows[start : start + _ROWS_A_STATEMENT]
        table = type(some[0])
        key = inspect(table).primary_key[0]
        statement = (
            insert_into(session, table)
            .values([_values(row) for row in some])
            .on_conflict_do_nothing()
            .returning(key)
        )
        count += len((await session.exec(statement)).all())
    return count


async def insert_many(
    session: AsyncSession, table: type[Table], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert many rows, given as plain values with nothing left out, but those whose unique keys are taken.

    One statement for all of them, without the objects that `insert_missing` makes: ten times as fast.
    """
    if rows:
        connection = await session.connection()
        await connection.execute(
            insert_into(session, table).on_conflict_do_nothing(), [dict(row) for row in rows]
        )


async def upsert(
    session: AsyncSession, row: Row, *, key: Sequence[str], changed: Mapping[str, Any]
) -> Row:
    """Insert the row, or set `changed` on the one that has its `key`."""
    table = type(row)
    statement = (
        insert_into(session, table)
        .values(_values(row))
        .on_conflict_do_update(index_elements=list(key), set_=dict(changed))
        .returning(table)
        .execution_options(populate_existing=True)
    )
    stored: Row = (await session.exec(statement)).scalars().one()
    return stored


async def require(session: AsyncSession, table: type[Row], key: Any, what: str) -> Row:
    """Get a row by primary key; raises `NotFoundError`."""
    row = await session.get(table, key)
    if row is None:
        raise NotFoundError(what, key)
    return row


async def lock(session: AsyncSession, table: type[Row], key: Any, what: str) -> Row:
    """Get a row as it is now and keep others from changing it; raises `NotFoundError`."""
    row = await session.get(table, key, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError(what, key)
    return row


async def edit(
    session: AsyncSession,
    table: type[EditedRow],
    key: Any,
    *,
    what: str,
    version: int,
    changes: Mapping[str, Any],
    editable: Collection[str],
) -> EditedRow:
    """Apply a person's edit to the row they read at `version`, and count it.

    Raises `NotFoundError`, `StaleVersionError`, and `BadValueError` for a field that can't be
    edited.
    """
    refused = sorted(set(changes) - set(editable))
    if refused:
        raise BadValueError(f"{what}: can't edit {', '.join(refused)}")
    row = await lock(session, table, key, what)
    if row.version != version:
        raise StaleVersionError(what, key, version, row.version)
    for field, value in changes.items():
        setattr(row, field, value)
    row.version = version + 1
    row.updated_at = utc_now()
    await session.flush()
    return row


def check_slug(what: str, value: str) -> str:
    """Pass a handle of ours: 1 to 64 of a-z 0-9 -, no hyphen at the ends; else `BadValueError`."""
    if _SLUG.fullmatch(value) is None:
        raise BadValueError(f"{what} {value!r} is not 1 to 64 of a-z, 0-9 and - (not at the ends)")
    return value


def _values(row: Table) -> dict[str, Any]:
    # A key the database numbers is None until then, and must be left out.
    mapper = inspect(type(row))
    names = [column.key for column in mapper.columns]
    keys = {column.key for column in mapper.primary_key}
    values = {name: getattr(row, name) for name in names}
    return {n: value for n, value in values.items() if not (n in keys and value is None)}


def insert_into(session: AsyncSession, table: type[Table]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT of the session's database, which knows ON CONFLICT."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)
