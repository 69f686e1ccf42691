"""The database: one engine a process, transactions as context managers.

SQLite serves one writer at a time. A transaction that reads first and writes later is refused at
the write, at once and whatever the timeout, when another has written in between; so write
transactions here start with BEGIN IMMEDIATE and wait their turn (https://sqlite.org/isolation.html,
https://sqlite.org/lang_transaction.html). Within a process they queue for a lock, which is fair and
occupies no thread; between processes SQLite's busy timeout does it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.errors import DatabaseBusyError, DatabaseUrlError

BUSY_TIMEOUT_SECONDS = 10.0
"""How long a write on SQLite waits for its turn."""

_WRITES = "gridcase_writes"


def parse_url(url: str) -> URL:
    """Read a database address; raises `DatabaseUrlError` for all but the two we serve."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise DatabaseUrlError("the database address is not a URL") from None
    if parsed.drivername not in ("sqlite+aiosqlite", "postgresql+asyncpg"):
        raise DatabaseUrlError(
            f"{parsed.drivername} is not served: use sqlite+aiosqlite:///path/to/file "
            "or postgresql+asyncpg://user@host/database"
        )
    if not parsed.database:
        raise DatabaseUrlError("the database address names no database")
    if parsed.drivername == "sqlite+aiosqlite" and _in_memory(parsed.database):
        raise DatabaseUrlError("an SQLite database in memory is another one in each connection")
    return parsed


def make_engine(url: URL, *, busy_timeout: float, **options: Any) -> AsyncEngine:
    """Make an engine with our settings for either database."""
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url, connect_args={"timeout": busy_timeout}, **options)
        event.listen(engine.sync_engine, "connect", _configure_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine
    settings = {"timezone": "UTC", "application_name": "gridcase"}
    return create_async_engine(
        url, connect_args={"server_settings": settings}, pool_pre_ping=True, **options
    )


class Database:
    """Sessions on one database. Share one among the tasks of a process; it is made lazily.

    Rows stay readable after their session has ended: nothing expires on commit.
    """

    def __init__(
        self,
        url: str,
        *,
        busy_timeout: float = BUSY_TIMEOUT_SECONDS,
        pool_size: int = 5,
        max_overflow: int = 10,
    ) -> None:
        """Prepare for `url`; connects at the first use. Raises `DatabaseUrlError`.

        `busy_timeout` in seconds holds for SQLite; the pool's size holds for each process.
        """
        self.url = parse_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._busy_timeout = busy_timeout
        engine = make_engine(
            self.url, busy_timeout=busy_timeout, pool_size=pool_size, max_overflow=max_overflow
        )
        # On PostgreSQL the read-only option makes each of its transactions READ ONLY.
        self._reading = engine.execution_options(postgresql_readonly=True)
        self._writing = engine.execution_options(**{_WRITES: True})
        self._engine = engine
        self._turn = asyncio.Lock()

    def __repr__(self) -> str:
        return f"Database({self.url.render_as_string(hide_password=True)!r})"

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncSession]:
        """Run a write transaction: committed at the end, rolled back on an exception.

        Keep it short and call nothing remote inside: on SQLite it holds the one writer's place,
        and a second `begin` within it would wait for itself. Raises `DatabaseBusyError` when that
        place is not free within the busy timeout.
        """
        if not self.is_sqlite:
            async with self._session(self._writing) as session, session.begin():
                yield session
            return
        await self._take_turn()
        try:
            async with self._session(self._writing) as session, session.begin():
                await self._lock_sqlite(session)
                yield session
        finally:
            self._turn.release()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """Run a transaction that may only read; a write in it fails on either database."""
        async with self._session(self._reading) as session:
            yield session

    async def ping(self) -> None:
        """Ask the database for an answer; raises what the driver raises when there is none."""
        async with self._reading.connect() as connection:
            await connection.execute(text("SELECT 1"))

    async def schema_is_current(self) -> bool:
        """Whether the schema is at this code's newest migration."""
        from persistence.migrate import connection_is_current

        async with self._reading.connect() as connection:
            return await connection.run_sync(connection_is_current)

    async def dispose(self) -> None:
        """Close the connections."""
        await self._engine.dispose()

    @staticmethod
    def _session(engine: AsyncEngine) -> AsyncSession:
        return AsyncSession(engine, expire_on_commit=False)

    async def _take_turn(self) -> None:
        try:
            async with asyncio.timeout(self._busy_timeout):
                await self._turn.acquire()
        except TimeoutError:
            raise self._busy() from None

    async def _lock_sqlite(self, session: AsyncSession) -> None:
        # Begins here and not at the first statement, so that "busy" has this one place.
        try:
            await session.connection()
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
                raise self._busy() from error
            raise

    def _busy(self) -> DatabaseBusyError:
        return DatabaseBusyError(
            f"another writer has kept the database for {self._busy_timeout:g} s; try again"
        )


def _in_memory(database: str) -> bool:
    return database == ":memory:" or database.startswith("file:")


def _configure_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # None: the driver begins no transaction by itself; _begin_sqlite does.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    # FULL: a webhook that was answered with 200 survives a loss of power, not only of the process.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
