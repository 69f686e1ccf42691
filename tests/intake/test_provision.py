"""What Temporal must have: made once, made again without harm, and missed when it is not there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import (
    Client,
    ScheduleActionExecutionStartWorkflow,
    ScheduleActionStartWorkflow,
    ScheduleOverlapPolicy,
)

from domain import attributes
from domain.housekeeping import CONNECT_SHOPS, SWEEP, SweepResult
from intake.provision import SEARCH_ATTRIBUTES, NotProvisioned, check_provisioned, provision
from persistence.session import Database
from tests.intake.staging import arrived, bare_server, event_row, stage_url
from tests.world import World, open_world

__all__ = ["bare_server", "stage_url"]  # fixtures


async def provisioned(client: Client, sweep_seconds: int = 60, days: int = 30) -> list[str]:
    return await provision(
        client, task_queue="cases", retention_days=days, sweep_seconds=sweep_seconds
    )


async def retention(client: Client) -> timedelta:
    answer = await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=client.namespace)
    )
    return answer.config.workflow_execution_retention_ttl.ToTimedelta()


async def schedules(client: Client) -> dict[str, tuple[str, str, timedelta]]:
    found = {}
    async for entry in await client.list_schedules():
        described = await client.get_schedule_handle(entry.id).describe()
        action = described.schedule.action
        assert isinstance(action, ScheduleActionStartWorkflow)
        assert described.schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
        [interval] = described.schedule.spec.intervals
        found[entry.id] = (action.workflow, action.task_queue, interval.every)
    return found


async def test_a_bare_server_is_refused_with_what_it_lacks_and_the_command(
    bare_server: Client,
) -> None:
    with pytest.raises(NotProvisioned, match=r"CaseKind.*python -m manage provision") as refusal:
        await check_provisioned(bare_server)
    for name in SEARCH_ATTRIBUTES:
        assert name in str(refusal.value)


async def test_one_missing_attribute_is_enough_to_refuse(bare_server: Client) -> None:
    some = dict(SEARCH_ATTRIBUTES)
    del some[attributes.DUE_AT]
    await bare_server.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace="default", search_attributes=some)
    )
    with pytest.raises(NotProvisioned, match=f"lacks the search attributes {attributes.DUE_AT}\\."):
        await check_provisioned(bare_server)


async def test_provisioning_twice_leaves_all_as_it_was(bare_server: Client) -> None:
    first = await provisioned(bare_server)
    assert any("search attributes" in line for line in first)
    await check_provisioned(bare_server)
    made = await eventually_two(bare_server)
    assert made == {
        "gridcase-sweep": (SWEEP, "cases", timedelta(seconds=60)),
        "gridcase-connect-shops": (CONNECT_SHOPS, "cases", timedelta(days=1)),
    }
    assert await retention(bare_server) == timedelta(days=30)

    second = await provisioned(bare_server)
    assert not any("search attributes" in line for line in second)
    assert await schedules(bare_server) == made


async def eventually_two(client: Client) -> dict[str, tuple[str, str, timedelta]]:
    # The listing comes a moment after the making.
    for _ in range(100):
        found = await schedules(client)
        if len(found) == 2:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"only {found}")


async def test_changed_settings_change_what_is_there(bare_server: Client) -> None:
    await provisioned(bare_server)
    await provisioned(bare_server, sweep_seconds=15, days=7)
    described = await bare_server.get_schedule_handle("gridcase-sweep").describe()
    assert described.schedule.spec.intervals[0].every == timedelta(seconds=15)
    assert await retention(bare_server) == timedelta(days=7)


async def test_a_schedule_that_a_person_paused_stays_paused(bare_server: Client) -> None:
    await provisioned(bare_server)
    sweep = bare_server.get_schedule_handle("gridcase-sweep")
    await sweep.pause(note="while we look into it")
    await provisioned(bare_server, sweep_seconds=30)
    described = await sweep.describe()
    assert described.schedule.state.paused
    assert described.schedule.state.note == "while we look into it"
    assert described.schedule.spec.intervals[0].every == timedelta(seconds=30)


async def test_an_attribute_of_another_type_is_not_taken_for_ours(bare_server: Client) -> None:
    wrong = {attributes.SHOP: IndexedValueType.INDEXED_VALUE_TYPE_INT}
    await bare_server.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace="default", search_attributes=wrong)
    )
    with pytest.raises(NotProvisioned, match=f"has {attributes.SHOP} with another type"):
        await provisioned(bare_server)
    with pytest.raises(NotProvisioned, match=attributes.SHOP):
        await check_provisioned(bare_server)


async def test_the_schedule_sweeps_the_inbox_by_itself(
    bare_server: Client, stage_url: str, tmp_path: Path
) -> None:
    database = Database(stage_url)
    async with world_that_sweeps(bare_server, database, tmp_path) as world:
        event_id = await arrived(world, "products/update", {"id": 1})
        await world.eventually(
            lambda: event_row(world, event_id), lambda row: row.status == "ignored"
        )
        described = await bare_server.get_schedule_handle("gridcase-sweep").describe()
        [*_, latest] = described.info.recent_actions
        assert isinstance(latest.action, ScheduleActionExecutionStartWorkflow)
        handle: Any = bare_server.get_workflow_handle(
            latest.action.workflow_id, result_type=SweepResult
        )
        assert isinstance(await handle.result(), SweepResult)
    await database.dispose()


@asynccontextmanager
async def world_that_sweeps(
    client: Client, database: Database, folder: Path
) -> AsyncIterator[World]:
    # Provisioned before the worker starts: a case sets its attributes in its first task.
    await provision(client, task_queue=f"gridcase-{id(folder)}", retention_days=30, sweep_seconds=1)
    async with open_world(client, database, folder) as world:
        world.deliver = False
        yield world
        await client.get_schedule_handle("gridcase-sweep").pause()
