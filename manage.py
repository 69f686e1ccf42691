"""Commands for whoever runs Gridcase: `python -m manage --help`."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from intake.provision import provision as provision_temporal
from intake.temporal import connect, drained
from persistence.migrate import migrate as migrate_database
from persistence.repositories import api_keys
from persistence.session import Database
from settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


def _run(work: Coroutine[Any, Any, None]) -> None:
    async def and_drain() -> None:
        async with drained():
            await work

    asyncio.run(and_drain())


@app.command()
def migrate() -> None:
    """Bring the database to the current schema."""

    async def work() -> None:
        await migrate_database(Settings().database_url)
        typer.echo("The database has the current schema.")

    _run(work())


@app.command()
def provision() -> None:
    """Make what Temporal must have: search attributes, retention, schedules. Repeatable."""

    async def work() -> None:
        settings = Settings()
        client = await connect(settings)
        done = await provision_temporal(
            client,
            task_queue=settings.task_queue,
            retention_days=settings.retention_days,
            sweep_seconds=settings.sweep_seconds,
        )
        for line in done:
            typer.echo(f"Temporal has: {line}")

    _run(work())


class Scope(StrEnum):
    """What a key may do; each includes the one before."""

    READ = "read"
    OPERATE = "operate"
    ADMIN = "admin"


@app.command()
def create_key(
    name: Annotated[
        str, typer.Argument(help="Whose key it is; shown as the actor of what it does.")
    ],
    scope: Annotated[
        list[Scope] | None, typer.Option(help="What it may do; repeat for several.")
    ] = None,
) -> None:
    """Make an API key and show it, once."""

    async def work() -> None:
        settings = Settings()
        await migrate_database(settings.database_url)
        database = Database(settings.database_url)
        try:
            async with database.begin() as session:
                _, secret = await api_keys.create(
                    session,
                    settings.peppers[0],
                    name=name,
                    scopes=[each.value for each in scope or [Scope.READ]],
                    now=datetime.now(UTC),
                )
        finally:
            await database.dispose()
        typer.echo(secret.get_secret_value())

    _run(work())


if __name__ == "__main__":
    app()
