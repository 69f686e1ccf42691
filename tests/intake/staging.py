"""The intake on a stage: both emulators, a database, the dev server, and no worker.

Webhooks of the emulators are lost here (`world.deliver`): a test says itself what arrives, when and how often.
A module that uses the fixtures imports all three: `shared_server`, `stage_url`, `stage`.
"""

import json
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment

from intake.dispatch import Dispatcher, Settled
from persistence.repositories import cases, inbound_events
from persistence.repositories.cases import CaseFields
from persistence.repositories.inbound_events import Source
from persistence.tables import Case, InboundEvent
from tests.databases import EMPTY_ALL, POSTGRES, _on_server, _plain, database_at, run_apart
from tests.temporal import packaged_binary, register_search_attributes
from tests.world import SHOP, TENANT, World, open_world

BOTH = pytest.mark.parametrize("stage_url", ["sqlite", POSTGRES], indirect=True)
"""Marks what runs once with each database; the rest runs on SQLite."""

SHIRT = {"sku": "SHIRT-1", "quantity": 2, "vendor": "acme-textiles", "price": "30.00"}


@pytest.fixture
def stage_url(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[str]:
    if getattr(request, "param", "sqlite") == "sqlite":
        yield sqlite_url
        return
    url: str = request.getfixturevalue("migrated_postgres_url")
    yield url
    run_apart(_on_server(_plain(url), EMPTY_ALL))


async def start_server() -> WorkflowEnvironment:
    return await WorkflowEnvironment.start_local(
        dev_server_existing_path=packaged_binary("temporal"),
        dev_server_log_level="error",
        data_converter=pydantic_data_converter,
    )


@pytest.fixture
async def bare_server() -> AsyncIterator[Client]:
    """A dev server of the test's own, as it starts: without our search attributes and schedules."""
    async with await start_server() as environment:
        yield environment.client


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_server() -> AsyncIterator[str]:
    """The address of one dev server for all stages; no two of them may have a case of the same id."""
    async with await start_server() as environment:
        await register_search_attributes(environment.client)
        yield environment.client.service_client.config.target_host


@pytest.fixture
async def stage(shared_server: str, stage_url: str, tmp_path: Path) -> AsyncIterator[World]:
    client = await Client.connect(shared_server, data_converter=pydantic_data_converter)
    async with (
        database_at(stage_url) as database,
        open_world(client, database, tmp_path, worker=False) as world,
    ):
        world.deliver = False
        yield world


# What arrives.


async def arrived(
    world: World,
    topic: str,
    body: Mapping[str, Any] | bytes,
    *,
    source: Source = "shopify",
    scope: str = "",
    delivery: str = "",
    now: datetime | None = None,
) -> int:
    """An event in the inbox, past its signature; its id."""
    async with world.database.begin() as session:
        event, _ = await inbound_events.insert(
            session,
            source=source,
            scope=scope or (TENANT if source == "trading_grid" else SHOP),
            topic=topic,
            delivery_id=delivery or str(uuid4()),
            body=body if isinstance(body, bytes) else json.dumps(body).encode(),
            headers={},
            now=now or datetime.now(UTC),
        )
    return event.id


async def placed(world: World, topic: str, body: Mapping[str, Any] | bytes, **more: Any) -> Settled:
    """An event that arrives and is dispatched at once; what became of it."""
    settled = await world.dispatcher.dispatch(await arrived(world, topic, body, **more))
    assert settled is not None, "another process has the event"
    return settled


def about(return_id: str) -> dict[str, Any]:
    return {"id": int(return_id), "admin_graphql_api_id": f"gid://shopify/Return/{return_id}"}


async def event_row(world: World, event_id: int) -> InboundEvent:
    async with world.database.read() as session:
        return await inbound_events.get(session, event_id)


async def due_now(world: World, event_id: int) -> None:
    """Let the time until an event's next attempt be over."""
    async with world.database.begin() as session:
        row = await inbound_events.get(session, event_id)
        row.next_attempt_at = datetime.now(UTC)


# Returns and cases.


async def requested(world: World, *, open: bool = False) -> str:
    """A return in Shopify that we have not heard of; its number."""
    order = await world.order(SHIRT)
    return await world.request_return(
        order, {"sku": SHIRT["sku"], "quantity": 1, "reason": "DEFECTIVE"}, open=open
    )


async def opened(world: World) -> str:
    """A return that has a case; the return's number."""
    return_id = await requested(world)
    settled = await placed(world, "returns/request", about(return_id))
    assert settled.opened is not None
    assert settled.opened.created
    return return_id


async def all_cases(world: World) -> list[Case]:
    async with world.database.read() as session:
        return (await cases.page(session)).items


async def recorded(world: World, case_id: str, **fields: Any) -> None:
    """A snapshot of the case's workflow has reached the tables."""
    run_id = (await world.handle(case_id).describe()).run_id
    async with world.database.begin() as session:
        row = await cases.get(session, case_id)
        values = {"title": row.title, "status": row.status, "order_id": row.order_id} | fields
        await cases.save_snapshot(
            session,
            case_id,
            run_id=run_id,
            revision=row.revision + 1,
            values=CaseFields(**values),
            now=datetime.now(UTC),
        )


async def ended(world: World, case_id: str, outcome: str = "expired") -> None:
    """The case's workflow has ended, and so has its row."""
    await recorded(world, case_id, status="expired", outcome=outcome, closed_at=datetime.now(UTC))
    await world.handle(case_id).terminate("the test ends it")


async def signals(world: World, case_id: str) -> list[dict[str, Any]]:
    """What the case's workflow was told, oldest first."""
    history = await world.history(case_id)
    found: list[dict[str, Any]] = []
    for event in history.events:
        if event.HasField("workflow_execution_signaled_event_attributes"):
            told = event.workflow_execution_signaled_event_attributes
            argument = json.loads(told.input.payloads[0].data)
            found.append({"signal": told.signal_name} | argument)
    return found


# What is out of reach.


async def nobody_there() -> Client:
    """A client of a Temporal that does not answer, as the API has it when Temporal is down."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    return await Client.connect(
        f"127.0.0.1:{port}", lazy=True, data_converter=pydantic_data_converter
    )


async def without_temporal(world: World) -> Dispatcher:
    return Dispatcher(
        world.database, world.connections, await nobody_there(), world.settings.task_queue
    )


def another_dispatcher(world: World) -> Dispatcher:
    """As another process would have it."""
    return Dispatcher(world.database, world.connections, world.temporal, world.settings.task_queue)
