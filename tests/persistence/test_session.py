"""Transactions: who may write, who waits, what comes back."""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlmodel import col, func, select

from persistence.base import NaiveDatetimeError
from persistence.errors import DatabaseBusyError, DatabaseUrlError
from persistence.session import Database
from persistence.tables import CaseReference, Policy, Switch

SINCE = datetime(2026, 11, 1, 9, 30, 0, 123456, tzinfo=UTC)


def a_switch(shop: str = "acme", since: datetime = SINCE) -> Switch:
    return Switch(kind="pause", shop_id=shop, set_by="ann", reason="stocktaking", since=since)


async def test_what_a_write_transaction_stored_is_read_by_the_next(database: Database) -> None:
    async with database.begin() as session:
        session.add(a_switch())
    async with database.read() as session:
        switch = (await session.exec(select(Switch))).one()
    assert (switch.shop_id, switch.lifecycle, switch.reason) == ("acme", "*", "stocktaking")


async def test_an_exception_takes_the_whole_transaction_back(database: Database) -> None:
    async def fail_half_way() -> None:
        async with database.begin() as session:
            session.add(a_switch())
            await session.flush()
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        await fail_half_way()
    async with database.read() as session:
        assert (await session.exec(select(Switch))).all() == []


async def test_a_row_can_be_read_after_its_session_has_ended(database: Database) -> None:
    async with database.begin() as session:
        switch = a_switch()
        session.add(switch)
    assert switch.id == 1
    assert switch.reason == "stocktaking"


async def test_a_read_transaction_refuses_to_write(database: Database) -> None:
    async with database.read() as session:
        session.add(a_switch())
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            await session.flush()
    async with database.begin() as session:
        session.add(a_switch())


async def test_writers_that_read_first_all_succeed(database: Database) -> None:
    async def add_one(number: int) -> None:
        async with database.begin() as session:
            count = (await session.exec(select(func.count()).select_from(Switch))).one()
            await asyncio.sleep(0)
            session.add(a_switch(shop=f"shop-{number}-after-{count}"))

    await asyncio.gather(*(add_one(number) for number in range(20)))
    async with database.read() as session:
        assert (await session.exec(select(func.count()).select_from(Switch))).one() == 20


async def test_writers_of_two_processes_all_succeed(database: Database) -> None:
    other = Database(database.url.render_as_string(hide_password=False))

    async def add_one(through: Database, number: int) -> None:
        async with through.begin() as session:
            await session.exec(select(func.count()).select_from(Switch))
            session.add(a_switch(shop=f"shop-{number}"))

    try:
        pairs = [(database, number) if number % 2 else (other, number) for number in range(20)]
        await asyncio.gather(*(add_one(*pair) for pair in pairs))
    finally:
        await other.dispose()
    async with database.read() as session:
        assert (await session.exec(select(func.count()).select_from(Switch))).one() == 20


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_readers_do_not_wait_for_a_writer(database: Database) -> None:
    async with database.begin() as writing:
        writing.add(a_switch())
        await writing.flush()
        async with database.read() as reading:
            assert (await reading.exec(select(Switch))).all() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_says_busy_when_another_process_keeps_the_write_lock(
    database_url: str,
) -> None:
    database = Database(database_url, busy_timeout=0.1)
    holder = sqlite3.connect(database.url.database or "", isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusyError, match=r"0\.1 s"):
            async with database.begin():
                pytest.fail("two writers at once")
        holder.execute("COMMIT")
        async with database.begin() as session:
            session.add(a_switch())
    finally:
        holder.close()
        await database.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_says_busy_when_a_write_transaction_is_opened_within_another(
    database_url: str,
) -> None:
    database = Database(database_url, busy_timeout=0.1)
    try:
        async with database.begin():
            with pytest.raises(DatabaseBusyError):
                async with database.begin():
                    pytest.fail("two writers at once")
    finally:
        await database.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_writers_that_were_cancelled_while_waiting_leave_no_lock_behind(
    database: Database,
) -> None:
    async def write() -> None:
        async with database.begin() as session:
            session.add(a_switch())

    holder = sqlite3.connect(database.url.database or "", isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        # One waits for the file, the other for the first.
        waiting = [asyncio.create_task(write()) for _ in range(2)]
        await asyncio.sleep(0.1)
        for task in waiting:
            task.cancel()
        holder.execute("COMMIT")
    finally:
        holder.close()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(result) for result in results] == [asyncio.CancelledError] * 2
    await write()
    async with database.read() as session:
        assert len((await session.exec(select(Switch))).all()) == 1


async def test_a_writer_that_was_cancelled_at_work_has_written_nothing(database: Database) -> None:
    flushed = asyncio.Event()

    async def write() -> None:
        async with database.begin() as session:
            session.add(a_switch())
            await session.flush()
            flushed.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(write())
    await flushed.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.begin() as session:
        assert (await session.exec(select(Switch))).all() == []
        session.add(a_switch())


async def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    local = SINCE.astimezone(timezone(timedelta(hours=5, minutes=30)))
    async with database.begin() as session:
        session.add(a_switch(since=local))
    async with database.read() as session:
        since = (await session.exec(select(Switch.since))).one()
    assert since == SINCE
    assert since.utcoffset() == timedelta(0)


async def test_times_compare_across_time_zones(database: Database) -> None:
    async with database.begin() as session:
        session.add(a_switch())
    later = (SINCE + timedelta(microseconds=1)).astimezone(timezone(timedelta(hours=-8)))
    async with database.read() as session:
        before = await session.exec(select(Switch).where(col(Switch.since) < later))
        after = await session.exec(select(Switch).where(col(Switch.since) >= later))
        assert (len(before.all()), len(after.all())) == (1, 0)


async def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="has no time zone") as caught:
        async with database.begin() as session:
            session.add(a_switch(since=datetime(2026, 11, 1)))  # noqa: DTZ001
    assert isinstance(caught.value.orig, NaiveDatetimeError)


async def test_json_comes_back_as_it_went_in(database: Database) -> None:
    terms = {"answer_within": {"hours": 48}, "fractions": [0.5, 0.8], "note": "ünï", "none": None}
    async with database.begin() as session:
        session.add(Policy(terms=terms))
    async with database.read() as session:
        assert (await session.exec(select(Policy.terms))).one() == terms


async def test_foreign_keys_are_enforced(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.begin() as session:
            session.add(
                CaseReference(
                    scope="acme", kind="return", value="1", case_id="none", created_at=SINCE
                )
            )


async def test_a_word_outside_the_list_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError, match="ck_switches_kind"):
        async with database.begin() as session:
            session.add(Switch(kind="stop", set_by="ann", reason="?", since=SINCE))


async def test_ping_answers(database: Database) -> None:
    await database.ping()


async def test_ping_fails_where_there_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Not a database, whatever its address says. " * 20)
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'notes.txt'}")
    with pytest.raises(DBAPIError, match="not a database"):
        await database.ping()
    await database.dispose()


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("sqlite:///var/gridcase.db", "sqlite is not served"),
        ("postgresql+psycopg://localhost/gridcase", "is not served"),
        ("mysql+aiomysql://localhost/gridcase", "is not served"),
        ("sqlite+aiosqlite:///:memory:", "in memory"),
        ("sqlite+aiosqlite://", "names no database"),
        ("postgresql+asyncpg://localhost", "names no database"),
        ("gridcase.db", "not a URL"),
    ],
)
def test_an_address_that_is_not_served_is_refused_at_once(url: str, complaint: str) -> None:
    with pytest.raises(DatabaseUrlError, match=complaint):
        Database(url)


def test_the_password_stays_out_of_repr() -> None:
    shown = repr(Database("postgresql+asyncpg://gridcase:hunter2@localhost/gridcase"))
    assert "hunter2" not in shown
    assert "localhost/gridcase" in shown
