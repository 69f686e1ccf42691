"""Databases for tests: a pytest plugin. Each test that asks for one runs on both kinds.

``database_url`` is a fresh, migrated, empty database; ``database`` is a `Database` on it. For one
kind only: ``@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)``.

PostgreSQL is the server at GRIDCASE_TEST_POSTGRES (``postgresql://user@host:port/database``) or the
local one; where none answers its tests are skipped. A temporary database is made on it for each
test process, emptied after each test, and dropped at the end.
"""

import asyncio
import os
import shutil
import threading
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from sqlalchemy import URL, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.pool import ConnectionPoolEntry

from persistence import session
from persistence.migrate import migrate
from persistence.session import Database, make_engine
from persistence.tables import metadata

SERVER = os.environ.get("GRIDCASE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
# Not TRUNCATE: for tables of a few rows, DELETE takes a tenth of its time.
EMPTY_ALL = "; ".join(
    [
        *(f"DELETE FROM {table.name}" for table in reversed(metadata.sorted_tables)),
        "SELECT setval(sequencename::regclass, 1, false) FROM pg_sequences",
    ]
)
POSTGRES = pytest.param("postgres", marks=pytest.mark.postgres)


def run_apart(coroutine: Coroutine[Any, Any, None]) -> None:
    """Run to its end on a loop of its own, in a thread: fixtures of a session have no loop."""
    errors: list[BaseException] = []

    def target() -> None:
        try:
            asyncio.run(coroutine)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]


async def _on_server(address: str, statement: str) -> None:
    connection = await asyncpg.connect(address, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def _temporary_database(server: str) -> Iterator[str]:
    name = f"gridcase_test_{uuid.uuid4().hex}"
    run_apart(_on_server(server, f"CREATE DATABASE {name}"))
    try:
        url = make_url(server).set(drivername="postgresql+asyncpg", database=name)
        yield url.render_as_string(hide_password=False)
    finally:
        run_apart(_on_server(server, f"DROP DATABASE {name} WITH (FORCE)"))


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    run_apart(migrate(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture
def sqlite_url(migrated_sqlite_file: Path) -> str:
    """The address of a migrated, empty SQLite file; one address for all tests of this process, which share its engine."""
    path = migrated_sqlite_file.with_name("gridcase.db")
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
    shutil.copy(migrated_sqlite_file, path)
    return f"sqlite+aiosqlite:///{path}"


@asynccontextmanager
async def database_at(url: str) -> AsyncIterator[Database]:
    """A `Database` of one test, without a connection before and after it.

    Its engine is kept for the next test: an engine compiles each statement once, which took an eighth of the tests' time.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(session, "make_engine", _kept_engine)
        database = Database(url)
    try:
        yield database
    finally:
        await database.dispose()


@cache
def _kept_engine(url: URL, **options: Any) -> AsyncEngine:
    engine = make_engine(url, **options)
    if url.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", _let_writes_be_lost)
    return engine


def _let_writes_be_lost(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # No test takes the machine's power away, and each commit would wait for the disk.
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.close()


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """Address of the PostgreSQL server, ``postgresql://...``; skips where none answers."""
    try:
        run_apart(_on_server(SERVER, "SELECT 1"))
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        if "GRIDCASE_TEST_POSTGRES" in os.environ:
            raise
        pytest.skip(f"no PostgreSQL at {make_url(SERVER).render_as_string()}: {error!r}")
    return SERVER


@pytest.fixture
def empty_postgres_url(postgres_server: str) -> Iterator[str]:
    """An address of a database without a schema, dropped after the test."""
    with _temporary_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_server: str) -> Iterator[str]:
    """An address of this test process's own migrated database, dropped at the end."""
    with _temporary_database(postgres_server) as url:
        run_apart(migrate(url))
        yield url


@pytest.fixture(params=["sqlite", POSTGRES])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Address of a migrated, empty database; a test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    url: str = request.getfixturevalue("migrated_postgres_url")
    yield url
    run_apart(_on_server(_plain(url), EMPTY_ALL))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A `Database`, closed after the test."""
    async with database_at(database_url) as database:
        yield database
