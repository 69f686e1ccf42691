"""What is out of reach is tried again later; what is refused for good fails; nothing is left half done."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.exc import DBAPIError
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError, RPCStatusCode

from domain.return_claim.names import ClaimKind
from domain.return_claim.state import ClaimRequest, ClaimRequestLine
from intake.dispatch import Dispatcher, Settled
from intake.openings import claim_body
from persistence.errors import DatabaseBusyError
from persistence.repositories import case_references, cases, inbound_events
from persistence.tables import Case
from tests.intake.staging import (
    BOTH,
    about,
    all_cases,
    another_dispatcher,
    arrived,
    event_row,
    opened,
    placed,
    recorded,
    requested,
    shared_server,
    signals,
    stage,
    stage_url,
    without_temporal,
)
from tests.world import SHOP, World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures


async def left(world: World, event_id: int, settled: Settled | None, reason: str) -> None:
    """The event is still to be placed, some time later, and says why."""
    assert settled is not None
    assert settled.status == "received", settled
    assert reason in settled.reason
    row = await event_row(world, event_id)
    assert (row.status, row.leased_until) == ("received", None)
    assert row.error is not None
    assert reason in row.error
    assert row.next_attempt_at is not None
    assert row.next_attempt_at > datetime.now(UTC)


async def not_started(world: World, case_id: str) -> bool:
    try:
        await world.handle(case_id).describe()
    except RPCError as error:
        return error.status is RPCStatusCode.NOT_FOUND
    return False


# Out of reach.


@BOTH
async def test_without_shopify_an_event_waits_and_opens_its_case_later(stage: World) -> None:
    return_id = await requested(stage)
    event_id = await arrived(stage, "returns/request", about(return_id))
    await stage.faults("shopify", api={"down": True})
    await left(stage, event_id, await stage.dispatcher.dispatch(event_id), "503")
    assert await all_cases(stage) == []
    await stage.faults("shopify")
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert settled.opened is not None
    row = await event_row(stage, event_id)
    assert (row.status, row.error, row.attempts) == ("dispatched", None, 2)


async def test_a_throttled_call_is_made_later(stage: World) -> None:
    return_id = await requested(stage)
    event_id = await arrived(stage, "returns/request", about(return_id))
    await stage.faults("shopify", api={"throttle": True})
    await left(stage, event_id, await stage.dispatcher.dispatch(event_id), "THROTTLED")


async def test_without_trading_grid_an_event_that_must_be_read_there_waits(stage: World) -> None:
    body = {"data": {"id": "case-1", "partner_id": "acme-textiles"}}
    event_id = await arrived(stage, "case.updated", body, source="trading_grid")
    await stage.faults("trading_grid", api={"down": True})
    await left(stage, event_id, await stage.dispatcher.dispatch(event_id), "503")


async def test_the_longer_it_is_out_of_reach_the_later_the_next_attempt(stage: World) -> None:
    event_id = await arrived(stage, "returns/request", {"id": 1})
    await stage.faults("shopify", api={"down": True})
    waits = []
    for _ in range(6):
        settled = await stage.dispatcher.dispatch(event_id)
        assert settled is not None
        assert settled.again_in is not None
        waits.append(settled.again_in)
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=30)
    assert waits[-1] == timedelta(minutes=15)


@BOTH
async def test_without_temporal_the_case_has_its_row_and_the_same_event_starts_it_later(
    stage: World,
) -> None:
    return_id = await requested(stage)
    case_id = stage.case_id(return_id)
    event_id = await arrived(stage, "returns/request", about(return_id))
    down = await without_temporal(stage)
    await left(stage, event_id, await down.dispatch(event_id), "Out of reach")
    [case] = await all_cases(stage)
    assert (case.id, case.run_id) == (case_id, None)
    assert await not_started(stage, case_id)

    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    description = await stage.handle(case_id).describe()
    assert description.status is not None
    assert description.status.name == "RUNNING"
    assert [case.number for case in await all_cases(stage)] == [case.number]


async def test_another_event_of_the_return_starts_what_was_left_unstarted(stage: World) -> None:
    return_id = await requested(stage)
    case_id = stage.case_id(return_id)
    opening = await arrived(stage, "returns/request", about(return_id))
    await (await without_temporal(stage)).dispatch(opening)
    event_id = await arrived(stage, "returns/update", about(return_id))
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    [told] = await signals(stage, case_id)
    assert told["event_id"] == str(event_id)
    history = await stage.history(case_id)
    started = history.events[0].workflow_execution_started_event_attributes
    assert f'"event_id":"{opening}"'.encode() in started.input.payloads[0].data
    assert b'"opened_by":"shopify"' in started.input.payloads[0].data


@BOTH
async def test_many_events_at_once_start_an_unstarted_case_once(stage: World) -> None:
    return_id = await requested(stage)
    opening = await arrived(stage, "returns/request", about(return_id))
    await (await without_temporal(stage)).dispatch(opening)
    events = [opening] + [await arrived(stage, "returns/update", about(return_id)) for _ in "abcd"]
    settled = await asyncio.gather(*(another_dispatcher(stage).dispatch(one) for one in events))
    assert {one.status for one in settled if one} == {"dispatched"}
    told = [entry["event_id"] for entry in await signals(stage, stage.case_id(return_id))]
    assert set(map(str, events[1:])) <= set(told)
    assert len(await all_cases(stage)) == 1


def claimed() -> ClaimRequest:
    return ClaimRequest(
        kind=ClaimKind.DAMAGE,
        external_reference=f"ZD-{uuid4()}",
        order_id="450789469",
        lines=(ClaimRequestLine(line_item_id="1", quantity=1, reason_code="DA"),),
    )


async def test_a_claim_through_the_api_is_started_later_with_what_was_claimed(
    stage: World,
) -> None:
    claim = claimed()
    body, delivery = claim_body(return_id="", claim=claim, opened_by="key:helpdesk", again=False)
    event_id = await arrived(
        stage, "claims/create", body, source="gridcase", scope=SHOP, delivery=delivery
    )
    await left(
        stage, event_id, await (await without_temporal(stage)).dispatch(event_id), "Out of reach"
    )
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert settled.opened is not None
    history = await stage.history(settled.opened.case_id)
    started = history.events[0].workflow_execution_started_event_attributes
    assert (
        f'"external_reference":"{claim.external_reference}"'.encode()
        in started.input.payloads[0].data
    )


async def test_an_event_of_the_order_starts_an_unstarted_claim_with_what_was_claimed(
    stage: World,
) -> None:
    claim = claimed()
    body, _ = claim_body(return_id="", claim=claim, opened_by="key:helpdesk", again=False)
    opening = await arrived(stage, "claims/create", body, source="gridcase", scope=SHOP)
    await (await without_temporal(stage)).dispatch(opening)
    settled = await placed(stage, "orders/cancelled", {"id": int(claim.order_id)})
    [case] = await all_cases(stage)
    assert (settled.status, settled.case_ids) == ("dispatched", (case.id,))
    started = (await stage.history(case.id)).events[0].workflow_execution_started_event_attributes
    data = started.input.payloads[0].data
    assert f'"external_reference":"{claim.external_reference}"'.encode() in data
    assert b'"opened_by":"key:helpdesk"' in data
    assert [told["topic"] for told in await signals(stage, case.id)] == ["orders/cancelled"]


async def test_a_row_is_started_by_what_it_keeps_when_its_event_has_no_body_any_more(
    stage: World,
) -> None:
    return_id = await requested(stage)
    opening = await arrived(stage, "returns/request", about(return_id))
    await (await without_temporal(stage)).dispatch(opening)
    async with stage.database.begin() as session:
        (await inbound_events.get(session, opening)).body = None
    settled = await placed(stage, "returns/reopen", about(return_id))
    case_id = stage.case_id(return_id)
    assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    assert [told["topic"] for told in await signals(stage, case_id)] == ["returns/reopen"]
    assert [entry.flagged for entry in await stage.entries(case_id)] == []


async def test_a_row_that_keeps_nothing_to_start_with_is_not_started_from_nothing(
    stage: World,
) -> None:
    return_id = await requested(stage)
    opening = await arrived(stage, "returns/request", about(return_id))
    await (await without_temporal(stage)).dispatch(opening)
    case_id = stage.case_id(return_id)
    async with stage.database.begin() as session:
        case = await cases.get(session, case_id)
        case.workflow = case.argument = None  # as rows of an earlier version are
    settled = await placed(stage, "returns/reopen", about(return_id))
    assert settled.status == "dispatched"
    assert await not_started(stage, case_id)
    assert [entry.flagged for entry in await stage.entries(case_id)] == [True]


async def test_a_signal_that_does_not_reach_temporal_is_sent_later_to_each_case(
    stage: World,
) -> None:
    return_id = await opened(stage)
    case_id = stage.case_id(return_id)
    await recorded(stage, case_id, status="awaiting_partner")
    event_id = await arrived(stage, "returns/update", about(return_id))
    down = await without_temporal(stage)
    await left(stage, event_id, await down.dispatch(event_id), "Out of reach")
    assert await signals(stage, case_id) == []
    await stage.dispatcher.dispatch(event_id)
    assert [told["event_id"] for told in await signals(stage, case_id)] == [str(event_id)]


async def test_an_unknown_namespace_is_not_taken_for_an_ended_case(stage: World) -> None:
    return_id = await opened(stage)
    case_id = stage.case_id(return_id)
    await recorded(stage, case_id, status="awaiting_partner")
    elsewhere = Client(
        stage.temporal.service_client,
        namespace="nowhere",
        data_converter=pydantic_data_converter,
    )
    dispatcher = Dispatcher(stage.database, stage.connections, elsewhere, "queue")
    event_id = await arrived(stage, "returns/reopen", about(return_id))
    await left(stage, event_id, await dispatcher.dispatch(event_id), "nowhere")
    assert await stage.entries(case_id) == []


class ServerSays(Exception):
    """An error of asyncpg's: those at connecting come without SQLAlchemy's wrapping."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(f"PostgreSQL error {sqlstate}")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    "error",
    [
        DatabaseBusyError("another writer has kept the database for 10 s; try again"),
        DBAPIError("INSERT", {}, Exception(), connection_invalidated=True),
        ConnectionRefusedError("no database"),
        ServerSays("53300"),
        DBAPIError("SELECT", {}, ServerSays("40P01")),
    ],
    ids=["busy", "cut off", "refused", "too many clients", "deadlock"],
)
async def test_a_database_that_does_not_answer_loses_no_event(
    stage: World, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    return_id = await requested(stage)
    event_id = await arrived(stage, "returns/request", about(return_id))

    async def busy(*_: Any) -> list[Case]:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(case_references, "find", busy)
        await left(stage, event_id, await stage.dispatcher.dispatch(event_id), "Out of reach")
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert settled.opened is not None


async def test_a_database_that_fails_while_settling_leaves_the_event_to_the_next_lease(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    return_id = await requested(stage)
    event_id = await arrived(stage, "returns/request", about(return_id))

    async def busy(*_: Any, **__: Any) -> bool:
        raise DatabaseBusyError("another writer")

    with monkeypatch.context() as patch:
        patch.setattr(inbound_events, "settle", busy)
        with pytest.raises(DatabaseBusyError):
            await stage.dispatcher.dispatch(event_id)
    row = await event_row(stage, event_id)
    assert (row.status, row.leased_until is not None) == ("received", True)
    async with stage.database.begin() as session:
        (await inbound_events.get(session, event_id)).leased_until = datetime.now(UTC)
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert settled.case_ids == (stage.case_id(return_id),)
    assert len(await all_cases(stage)) == 1


# Refused for good.


async def test_an_error_of_our_own_code_fails_the_event_and_says_so(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recursion without end is a RuntimeError, as a client that cannot connect is one: it must not be waited out."""

    async def endless(*_: Any) -> list[Case]:
        raise RecursionError("maximum recursion depth exceeded")

    monkeypatch.setattr(case_references, "find", endless)
    settled = await placed(stage, "returns/request", {"id": 1})
    assert settled.status == "failed"
    assert "RecursionError" in settled.reason


async def test_a_refusal_of_shopify_fails_the_event_with_what_it_said(stage: World) -> None:
    return_id = await requested(stage)
    emulator = stage.emulators["shopify"].state.emulator
    kept = tuple(one for one in emulator.options.scopes if "returns" not in one)
    emulator.options = replace(emulator.options, scopes=kept)
    emulator.tokens.clear()
    settled = await placed(stage, "returns/request", about(return_id))
    assert settled.status == "failed"
    assert "ACCESS_DENIED" in settled.reason
    assert await all_cases(stage) == []


async def test_an_event_of_a_shop_that_is_not_known_fails_with_the_reason(stage: World) -> None:
    settled = await placed(stage, "returns/request", {"id": 1}, scope="nobody")
    assert (settled.status, settled.reason) == ("failed", "There is no shop nobody here.")


async def test_a_policy_that_cannot_be_read_fails_the_event_and_is_named(stage: World) -> None:
    return_id = await requested(stage)
    await stage.policy(merchant_within="soon")
    settled = await placed(stage, "returns/request", about(return_id))
    assert settled.status == "failed"
    assert settled.reason.startswith("policy 1 v1 is not valid: merchant_within")
    assert await all_cases(stage) == []
