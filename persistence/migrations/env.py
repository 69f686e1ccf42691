"""Alembic's environment, for `persistence.migrate` and for the command line.

On the command line: ``alembic -c persistence/migrations/alembic.ini -x url=<address> ...``.
"""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlalchemy.pool import NullPool

from persistence.base import SealedText, UtcDateTime
from persistence.session import BUSY_TIMEOUT_SECONDS, make_engine, parse_url
from persistence.tables import metadata


def render_type(kind: str, value: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our column types as the plain ones below them: migrations outlive our classes."""
    if kind != "type":
        return False
    if isinstance(value, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(value, SealedText):
        return "sa.Text()"
    if type(value).__name__ == "AutoString":
        return "sa.String()"
    return False


def run(connection: Connection) -> None:
    """Run the command on this connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=render_type,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_by_address() -> None:
    """Connect to the address of ``-x url=``, and run."""
    url = context.get_x_argument(as_dictionary=True).get("url")
    if not url:
        raise SystemExit("say which database: alembic -x url=sqlite+aiosqlite:///var/gridcase.db")
    engine = make_engine(parse_url(url), busy_timeout=BUSY_TIMEOUT_SECONDS, poolclass=NullPool)
    try:
        async with engine.execution_options(gridcase_writes=True).begin() as connection:
            await connection.run_sync(run)
    finally:
        await engine.dispose()


if context.is_offline_mode():
    raise SystemExit("migrations read the database, so there is no offline mode")
given: Connection | None = context.config.attributes.get("connection")
if given is None:
    asyncio.run(run_by_address())
else:
    run(given)
