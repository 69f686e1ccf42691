"""The migrated schema is the models' schema, however many processes migrate at once."""

import asyncio
import multiprocessing
import sqlite3
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from persistence.errors import DatabaseUrlError, SchemaError
from persistence.migrate import MIGRATIONS, alembic_config, migrate, schema_is_current
from persistence.session import Database
from persistence.tables import metadata
from tests.databases import POSTGRES


@pytest.fixture(params=["sqlite", POSTGRES])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


async def on_connection(url: str, work: Any) -> Any:
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def described(connection: Connection) -> dict[str, Any]:
    """Everything the database says of our tables, in a form that compares."""
    inspector = inspect(connection)

    def plain(items: Any) -> list[str]:
        return sorted(str(words(item)) for item in items)

    def words(item: Any) -> Any:
        if isinstance(item, dict):
            return sorted((key, words(value)) for key, value in item.items())
        return str(item)

    return {
        table: {
            "columns": plain(inspector.get_columns(table)),
            "primary key": plain([inspector.get_pk_constraint(table)]),
            "foreign keys": plain(inspector.get_foreign_keys(table)),
            "unique": plain(inspector.get_unique_constraints(table)),
            "checks": plain(inspector.get_check_constraints(table)),
            "indexes": plain(inspector.get_indexes(table)),
        }
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def autoincrementing(connection: Connection) -> list[str]:
    query = text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
    return list(connection.execute(query).scalars())


async def test_alembic_finds_nothing_to_add_to_the_migrated_schema(database_url: str) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    assert await on_connection(database_url, differences) == []


async def test_the_migrated_schema_equals_the_models_in_every_detail(empty_url: str) -> None:
    await migrate(empty_url)
    migrated = await on_connection(empty_url, described)
    assert set(migrated) == {table.name for table in metadata.sorted_tables}
    await on_connection(empty_url, metadata.drop_all)
    await on_connection(empty_url, metadata.create_all)
    assert await on_connection(empty_url, described) == migrated


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_case_numbers_are_never_given_twice_on_sqlite(database_url: str) -> None:
    assert await on_connection(database_url, autoincrementing) == ["cases"]


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    before = await on_connection(database_url, described)
    await migrate(database_url)
    assert await on_connection(database_url, described) == before


async def test_an_empty_database_is_not_current_and_a_migrated_one_is(empty_url: str) -> None:
    assert not await schema_is_current(empty_url)
    await migrate(empty_url)
    assert await schema_is_current(empty_url)
    database = Database(empty_url)
    try:
        assert await database.schema_is_current()
    finally:
        await database.dispose()


def migrate_in_this_process(url: str, start: Any) -> None:
    start.wait()
    asyncio.run(migrate(url))


async def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(3)
    processes = [
        context.Process(target=migrate_in_this_process, args=(empty_url, start)) for _ in range(3)
    ]
    for process in processes:
        process.start()
    for process in processes:
        await asyncio.to_thread(process.join, 40)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert await schema_is_current(empty_url)


async def test_the_command_line_migrates_and_then_finds_no_change(empty_url: str) -> None:
    settings = ["-c", "persistence/migrations/alembic.ini", "-x", f"url={empty_url}"]
    for arguments in (["upgrade", "head"], ["check"]):
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "alembic", *settings, *arguments),
            cwd=MIGRATIONS.parents[1],
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
    assert b"No new upgrade operations detected" in output


async def test_the_migrations_can_be_taken_back(empty_url: str) -> None:
    await migrate(empty_url)

    def downgrade(connection: Connection) -> None:
        command.downgrade(alembic_config(connection), "base")

    await on_connection(empty_url, downgrade)
    assert await on_connection(empty_url, described) == {}


async def test_a_schema_newer_than_the_code_is_refused(database_url: str) -> None:
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()

    def rename_revision(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))

    def restore_revision(connection: Connection) -> None:
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head})

    await on_connection(database_url, rename_revision)
    try:
        with pytest.raises(SchemaError, match="from_the_future"):
            await migrate(database_url)
        assert not await schema_is_current(database_url)
    finally:
        await on_connection(database_url, restore_revision)


async def test_sqlite_keeps_a_write_ahead_log_in_a_folder_that_is_made(tmp_path: Path) -> None:
    path = tmp_path / "var" / "data" / "gridcase.db"
    await migrate(f"sqlite+aiosqlite:///{path}")
    connection = sqlite3.connect(path)
    try:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    finally:
        connection.close()


async def test_an_address_that_is_not_served_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUrlError):
        await migrate(f"sqlite:///{tmp_path / 'gridcase.db'}")
