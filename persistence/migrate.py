"""Bringing the schema to this code's revision, safely from several processes at once."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import URL, Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import NullPool

from persistence.errors import DatabaseBusyError, SchemaError
from persistence.session import make_engine, parse_url

MIGRATIONS = Path(__file__).parent / "migrations"

# Any number that no other application on the server takes: "gridcase" in ASCII.
_ADVISORY_LOCK = int.from_bytes(b"gridcase")
_WAIT_SECONDS = 60.0


async def migrate(url: str) -> None:
    """Bring the schema to the newest revision; nothing happens when it is there.

    One transaction, all or nothing. Of processes that start together one migrates and the others
    wait: for an advisory lock on PostgreSQL, for the write lock on SQLite. Makes the folder of an
    SQLite file. Raises `DatabaseUrlError`, and `SchemaError` when the schema is newer than this
    code or a migration leaves a foreign key dangling.
    """
    parsed = parse_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if sqlite:
        Path(parsed.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(parsed, busy_timeout=_WAIT_SECONDS, poolclass=NullPool)
    try:
        if sqlite:
            await _migrate_sqlite(engine, parsed)
        else:
            await _migrate_postgresql(engine)
    except CommandError as error:
        raise SchemaError(f"the schema can't be migrated: {error}") from error
    finally:
        await engine.dispose()


async def schema_is_current(url: str) -> bool:
    """Whether the schema is at this code's newest revision. An empty database is not."""
    engine = make_engine(parse_url(url), busy_timeout=_WAIT_SECONDS, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(connection_is_current)
    finally:
        await engine.dispose()


def connection_is_current(connection: Connection) -> bool:
    """`schema_is_current`, on a connection."""
    heads = ScriptDirectory.from_config(alembic_config()).get_heads()
    return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings; ``env.py`` uses the connection when one is given."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(alembic_config(connection), "head")


async def _migrate_postgresql(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK}
        )
        await connection.run_sync(_upgrade)


async def _migrate_sqlite(engine: AsyncEngine, url: URL) -> None:
    writing = engine.execution_options(gridcase_writes=True)
    async with writing.connect() as connection:
        await _use_wal(connection)
        async with connection.begin():
            await connection.run_sync(_upgrade)
            dangling = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
            if dangling:
                tables = sorted({row[0] for row in dangling})
                raise SchemaError(f"{url.database}: dangling foreign keys in {', '.join(tables)}")


async def _use_wal(connection: AsyncConnection) -> None:
    """Switch the file to WAL, which it keeps; and foreign keys off while tables are rebuilt.

    Both pragmas work outside a transaction only, hence on the driver's own connection. The switch
    needs the file to itself and does not always wait for it, so it is tried again.
    """
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise SchemaError("SQLite's driver gave no connection")
    await driver.execute("PRAGMA foreign_keys = OFF")
    deadline = asyncio.get_running_loop().time() + _WAIT_SECONDS
    while True:
        try:
            cursor = await driver.execute("PRAGMA journal_mode = WAL")
            mode = (await cursor.fetchone())[0]
            await cursor.close()
        except Exception as error:
            if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
                raise
            if asyncio.get_running_loop().time() > deadline:
                raise DatabaseBusyError("the file was never free to be migrated") from error
            await asyncio.sleep(0.05)
        else:
            if mode != "wal":
                raise SchemaError(f"SQLite can't keep a write-ahead log here (it says {mode!r})")
            return
