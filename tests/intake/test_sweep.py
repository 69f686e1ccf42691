"""The sweep: it takes up what was left, forgets old bodies, and flags the cases that Temporal does not run."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.service import RPCError

from domain.housekeeping import SWEEP, HousekeepingInput, SweepResult
from intake.dispatch import Dispatcher, Settled
from intake.sweep import Sweep, SweepReport
from persistence.errors import DatabaseBusyError
from persistence.repositories import cases, inbound_events
from persistence.session import Database
from tests.intake.staging import (
    BOTH,
    about,
    all_cases,
    another_dispatcher,
    arrived,
    bare_server,
    due_now,
    event_row,
    opened,
    recorded,
    requested,
    shared_server,
    stage,
    stage_url,
    without_temporal,
)
from tests.temporal import register_search_attributes
from tests.world import World, open_world

__all__ = ["bare_server", "shared_server", "stage", "stage_url"]  # fixtures


def sweep_of(world: World, dispatcher: Dispatcher | None = None) -> Sweep:
    return Sweep(world.database, dispatcher or another_dispatcher(world), world.temporal)


async def swept(world: World) -> SweepReport:
    return await sweep_of(world).run()


# The inbox.


@BOTH
async def test_it_takes_up_what_was_received_and_not_placed(stage: World) -> None:
    return_ids = [await requested(stage) for _ in range(2)]
    events = [await arrived(stage, "returns/request", about(one)) for one in return_ids]
    events.append(await arrived(stage, "products/update", {"id": 1}))
    report = await swept(stage)
    assert (report.dispatched, report.orphans, report.purged) == (3, (), 0)
    assert sorted(case.id for case in await all_cases(stage)) == sorted(
        map(stage.case_id, return_ids)
    )
    assert (await swept(stage)).dispatched == 0


@BOTH
async def test_it_takes_up_a_parked_event_only_when_it_is_due(stage: World) -> None:
    return_id = await opened(stage)
    event_id = await arrived(stage, "returns/update", about(return_id))
    on_demand = await arrived(stage, "returns/update", about(return_id))
    async with stage.database.begin() as session:
        now = datetime.now(UTC)
        later = now + timedelta(hours=1)
        await inbound_events.settle(
            session, event_id, status="parked", now=now, reason="wait", next_attempt_at=later
        )
        await inbound_events.settle(session, on_demand, status="parked", now=now, reason="wait")
    assert (await swept(stage)).dispatched == 0
    await due_now(stage, event_id)
    assert (await swept(stage)).dispatched == 1
    assert (await event_row(stage, event_id)).status == "dispatched"
    assert (await event_row(stage, on_demand)).status == "parked"


async def test_an_event_out_of_reach_is_taken_up_when_its_time_has_come(stage: World) -> None:
    return_id = await requested(stage)
    event_id = await arrived(stage, "returns/request", about(return_id))
    await (await without_temporal(stage)).dispatch(event_id)
    assert (await swept(stage)).dispatched == 0
    await due_now(stage, event_id)
    assert (await swept(stage)).dispatched == 1
    assert (await event_row(stage, event_id)).case_ids == [stage.case_id(return_id)]


@BOTH
async def test_an_event_whose_process_died_is_taken_up_after_its_lease(stage: World) -> None:
    return_id = await requested(stage)
    event_id = await arrived(stage, "returns/request", about(return_id))
    async with stage.database.begin() as session:
        assert await inbound_events.lease(session, event_id, now=datetime.now(UTC), seconds=30)
    assert (await swept(stage)).dispatched == 0
    async with stage.database.begin() as session:
        (await inbound_events.get(session, event_id)).leased_until = datetime.now(UTC)
    assert (await swept(stage)).dispatched == 1


@BOTH
async def test_two_sweeps_at_once_place_each_event_once(stage: World) -> None:
    return_ids = [await requested(stage) for _ in range(3)]
    events = [
        await arrived(stage, topic, about(one))
        for one in return_ids
        for topic in ("returns/request", "returns/update")
    ]
    reports = await asyncio.gather(*(swept(stage) for _ in range(3)))
    assert sum(report.dispatched for report in reports) == len(events)
    assert {(await event_row(stage, event)).attempts for event in events} == {1}
    assert len(await all_cases(stage)) == 3


async def test_a_poisoned_event_does_not_stop_the_others(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    return_id = await requested(stage)
    deep = await arrived(stage, "returns/request", b"[" * 100_000)
    poison = await arrived(stage, "returns/request", about("13"))
    good = await arrived(stage, "returns/request", about(return_id))
    dispatcher = another_dispatcher(stage)
    dispatch = dispatcher.dispatch

    async def fails(event_id: int) -> Settled | None:
        if event_id == poison:
            raise DatabaseBusyError("another writer")
        return await dispatch(event_id)

    monkeypatch.setattr(dispatcher, "dispatch", fails)
    report = await sweep_of(stage, dispatcher).run()
    assert report.dispatched == 2
    assert (await event_row(stage, deep)).status == "failed"
    assert (await event_row(stage, good)).case_ids == [stage.case_id(return_id)]
    assert (await event_row(stage, poison)).status == "received"


async def test_those_that_cannot_be_placed_make_room_for_those_behind_them(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.sweep._AT_ONCE", 2)
    await stage.faults("trading_grid", api={"down": True})
    stuck = [
        await arrived(stage, "case.updated", {"data": {"id": "c"}}, source="trading_grid")
        for _ in range(5)
    ]
    behind = await arrived(stage, "products/update", {"id": 1})
    assert (await swept(stage)).dispatched == 1
    assert (await event_row(stage, behind)).status == "ignored"
    assert {(await event_row(stage, event)).attempts for event in stuck} == {1}


@BOTH
async def test_bodies_are_forgotten_after_thirty_days(stage: World) -> None:
    now = datetime.now(UTC)
    old = await arrived(stage, "products/update", {"id": 1}, now=now - timedelta(days=31))
    young = await arrived(stage, "products/update", {"id": 2}, now=now - timedelta(days=29))
    failed = await arrived(stage, "returns/request", b"no", now=now - timedelta(days=40))
    report = await swept(stage)
    assert (report.dispatched, report.purged) == (3, 2)
    assert (await event_row(stage, old)).body is None
    assert (await event_row(stage, failed)).body is None
    assert (await event_row(stage, young)).body is not None
    assert (await event_row(stage, old)).status == "ignored"
    assert (await swept(stage)).purged == 0


# Orphans.


async def older(world: World, case_id: str, by: timedelta = timedelta(minutes=2)) -> None:
    async with world.database.begin() as session:
        row = await cases.get(session, case_id)
        row.opened_at = row.opened_at - by


@BOTH
async def test_a_case_that_was_terminated_by_hand_is_flagged_once(stage: World) -> None:
    kept, killed = [stage.case_id(await opened(stage)) for _ in range(2)]
    for case_id in (kept, killed):
        await older(stage, case_id)
        await recorded(stage, case_id, status="awaiting_partner")
    await stage.handle(killed).terminate("by hand")
    assert (await swept(stage)).orphans == (killed,)
    assert (await stage.row(killed)).orphaned == "The workflow was terminated in Temporal."
    assert (await stage.row(kept)).orphaned is None
    assert (await swept(stage)).orphans == (), "it is known by now"


async def test_a_case_that_temporal_never_knew_is_flagged_and_unflagged_when_it_runs(
    stage: World,
) -> None:
    return_id = await requested(stage)
    case_id = stage.case_id(return_id)
    event_id = await arrived(stage, "returns/request", about(return_id))
    await (await without_temporal(stage)).dispatch(event_id)
    assert (await swept(stage)).orphans == (), "it may be starting this moment"
    await older(stage, case_id)
    assert (await swept(stage)).orphans == (case_id,)
    assert (await stage.row(case_id)).orphaned == "Temporal does not know this case's workflow."

    await due_now(stage, event_id)
    report = await swept(stage)
    assert (report.dispatched, report.orphans) == (1, ())
    assert (await stage.row(case_id)).orphaned is None


async def test_a_closed_case_is_no_orphan(stage: World) -> None:
    case_id = stage.case_id(await opened(stage))
    await older(stage, case_id)
    await recorded(stage, case_id, status="resolved", closed_at=datetime.now(UTC))
    await stage.handle(case_id).terminate("gone")
    assert (await swept(stage)).orphans == ()


async def test_a_workflow_that_ended_is_given_time_for_its_last_word(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = stage.case_id(await opened(stage))
    await older(stage, case_id)
    sweep = sweep_of(stage)
    ended_at = datetime.now(UTC) - timedelta(minutes=4)

    class Completed:
        class status:
            name = "COMPLETED"

        @property
        def close_time(self) -> datetime:
            return ended_at

    class Handle:
        async def describe(self) -> Any:
            return Completed()

    monkeypatch.setattr(stage.temporal, "get_workflow_handle", lambda _: Handle())
    assert (await sweep.run()).orphans == ()
    ended_at = datetime.now(UTC) - timedelta(minutes=6)
    assert (await sweep.run()).orphans == (case_id,)
    row = await stage.row(case_id)
    assert row.orphaned == "The workflow has ended, its last word is missing here."


async def test_without_temporal_no_case_is_called_an_orphan_and_the_inbox_is_done(
    stage: World,
) -> None:
    case_id = stage.case_id(await opened(stage))
    await older(stage, case_id)
    ignored = await arrived(stage, "products/update", {"id": 1})
    down = await without_temporal(stage)
    with pytest.raises(RuntimeError):
        await Sweep(stage.database, down, down._cases._temporal).run()
    assert (await stage.row(case_id)).orphaned is None
    assert (await event_row(stage, ignored)).status == "ignored"


async def test_an_unknown_namespace_makes_no_orphans(stage: World) -> None:
    case_id = stage.case_id(await opened(stage))
    await older(stage, case_id)
    elsewhere = Client(stage.temporal.service_client, namespace="nowhere")
    with pytest.raises(RPCError, match="nowhere"):
        await Sweep(stage.database, stage.dispatcher, elsewhere).run()
    assert (await stage.row(case_id)).orphaned is None


# As a workflow.


async def test_the_sweep_runs_as_a_workflow(
    bare_server: Any, stage_url: str, tmp_path: Any
) -> None:
    await register_search_attributes(bare_server)
    database = Database(stage_url)
    async with open_world(bare_server, database, tmp_path) as world:
        world.deliver = False
        event_id = await arrived(world, "products/update", {"id": 1})
        result = await world.temporal.execute_workflow(
            SWEEP,
            HousekeepingInput(),
            id="sweep",
            task_queue=world.settings.task_queue,
            result_type=SweepResult,
        )
        assert result == SweepResult(dispatched=1)
        assert (await event_row(world, event_id)).status == "ignored"
    await database.dispose()
