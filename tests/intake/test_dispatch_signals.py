"""Events of cases that are there: they are told to look again, each once, or the end is noted."""

from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.service import RPCError, RPCStatusCode

from domain.return_claim.names import ClaimKind
from domain.return_claim.state import ClaimRequest, ClaimRequestLine
from persistence.repositories import inbound_events
from persistence.repositories.inbound_events import EventFilter
from tests.intake.staging import (
    BOTH,
    SHIRT,
    about,
    all_cases,
    arrived,
    ended,
    event_row,
    opened,
    placed,
    recorded,
    shared_server,
    signals,
    stage,
    stage_url,
)
from tests.world import World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures

ALL_RETURN_TOPICS = (
    "returns/request",
    "returns/approve",
    "returns/decline",
    "returns/cancel",
    "returns/close",
    "returns/reopen",
    "returns/process",
    "returns/update",
)


async def test_every_event_of_a_return_tells_its_case_to_look_again(stage: World) -> None:
    return_id = await opened(stage)
    case_id = stage.case_id(return_id)
    events = [await arrived(stage, topic, about(return_id)) for topic in ALL_RETURN_TOPICS]
    for event_id in events:
        settled = await stage.dispatcher.dispatch(event_id)
        assert settled is not None
        assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    assert await signals(stage, case_id) == [
        {"signal": "shopify_changed", "event_id": str(event_id), "topic": topic}
        for event_id, topic in zip(events, ALL_RETURN_TOPICS, strict=True)
    ]


async def test_what_reconciliation_finds_goes_to_the_returns_case(stage: World) -> None:
    return_id = await opened(stage)
    settled = await placed(
        stage, "sync/return", {"return_id": return_id}, source="gridcase", scope="acme"
    )
    assert settled.case_ids == (stage.case_id(return_id),)
    assert [told["topic"] for told in await signals(stage, stage.case_id(return_id))] == [
        "sync/return"
    ]


async def three_cases_of_one_order(world: World) -> tuple[str, list[str]]:
    order = await world.order(SHIRT)
    order_id = order["order_id"].rpartition("/")[2]
    found = []
    for reference in ("A", "B", "C"):
        claim = ClaimRequest(
            kind=ClaimKind.WARRANTY,
            external_reference=f"{reference}-{uuid4()}",
            order_id=order_id,
            lines=(ClaimRequestLine(line_item_id="1", quantity=1, reason_code="WG"),),
        )
        found.append(await world.claim(claim))
    return order_id, found


@BOTH
@pytest.mark.parametrize(
    ("topic", "body"),
    [("refunds/create", {"id": 9, "order_id": None}), ("orders/cancelled", {"id": None})],
)
async def test_an_event_of_an_order_tells_each_of_its_open_cases_once(
    stage: World, topic: str, body: dict[str, Any]
) -> None:
    order_id, found = await three_cases_of_one_order(stage)
    await ended(stage, found[0])
    event_id = await arrived(
        stage, topic, {key: value or int(order_id) for key, value in body.items()}
    )
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert settled.status == "dispatched"
    assert set(settled.case_ids) == set(found[1:])
    for case_id in found[1:]:
        [told] = await signals(stage, case_id)
        assert (told["event_id"], told["topic"]) == (str(event_id), topic)
    assert await signals(stage, found[0]) == []
    async with stage.database.read() as session:
        of_case = await inbound_events.page(session, EventFilter(case_id=found[1], topic=topic))
    assert [row.id for row in of_case.items] == [event_id]


async def test_an_event_of_an_order_without_an_open_case_is_ignored(stage: World) -> None:
    order_id, found = await three_cases_of_one_order(stage)
    for case_id in found:
        await ended(stage, case_id)
    settled = await placed(stage, "orders/cancelled", {"id": int(order_id)})
    assert (settled.status, settled.case_ids) == ("ignored", ())
    settled = await placed(stage, "refunds/create", {"id": 1, "order_id": 404})
    assert settled.status == "ignored"


@pytest.mark.parametrize("topic", ["returns/request", "returns/reopen"])
@BOTH
async def test_an_event_after_the_end_stands_in_the_timeline_flagged_and_once(
    stage: World, topic: str
) -> None:
    return_id = await opened(stage)
    case_id = stage.case_id(return_id)
    await ended(stage, case_id)
    event_id = await arrived(stage, topic, about(return_id))
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    async with stage.database.begin() as session:
        await inbound_events.replay(
            session, event_id, (await event_row(stage, event_id)).received_at
        )
    await stage.dispatcher.dispatch(event_id)
    [entry] = await stage.entries(case_id)
    assert (entry.flagged, entry.kind, entry.actor) == (True, "after_the_end", "shopify")
    assert (entry.event_id, entry.text) == (
        str(event_id),
        f"{topic} came after the case had ended.",
    )
    assert len(await all_cases(stage)) == 1


@pytest.mark.parametrize(
    "topic", ["returns/approve", "returns/decline", "returns/process", "returns/close"]
)
async def test_the_echo_of_our_own_last_write_leaves_no_entry(stage: World, topic: str) -> None:
    return_id = await opened(stage)
    case_id = stage.case_id(return_id)
    await ended(stage, case_id)
    settled = await placed(stage, topic, about(return_id))
    assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    assert await stage.entries(case_id) == []


async def test_a_workflow_that_ended_before_its_row_knew_is_noted_not_started_again(
    stage: World,
) -> None:
    return_id = await opened(stage)
    case_id = stage.case_id(return_id)
    await recorded(stage, case_id, status="awaiting_partner")
    await stage.handle(case_id).terminate("by hand")
    run = (await stage.handle(case_id).describe()).run_id
    settled = await placed(stage, "returns/reopen", about(return_id))
    assert settled.status == "dispatched"
    [entry] = await stage.entries(case_id)
    assert entry.flagged
    assert (await stage.handle(case_id).describe()).run_id == run


async def test_a_workflow_that_ended_without_a_word_to_its_row_is_noted_not_retried_for_ever(
    stage: World,
) -> None:
    """Nothing tells such a row from one whose workflow was never started, until starting it is refused."""
    return_id = await opened(stage)
    case_id = stage.case_id(return_id)
    await stage.handle(case_id).terminate("before its first snapshot")
    run = (await stage.handle(case_id).describe()).run_id
    settled = await placed(stage, "returns/reopen", about(return_id))
    assert settled.status == "dispatched"
    assert [entry.flagged for entry in await stage.entries(case_id)] == [True]
    assert (await stage.handle(case_id).describe()).run_id == run


async def test_a_case_that_temporal_has_forgotten_is_not_started_a_second_time(
    stage: World,
) -> None:
    """Past Temporal's retention nothing refuses a second run; that the first one wrote to its row does."""
    return_id = await opened(stage)
    case_id = stage.case_id(return_id)
    await recorded(stage, case_id, status="awaiting_partner")
    await stage.temporal.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(
            namespace=stage.temporal.namespace,
            workflow_execution=WorkflowExecution(workflow_id=case_id),
        )
    )
    await stage.eventually(lambda: known(stage, case_id), lambda is_known: not is_known)
    settled = await placed(stage, "returns/reopen", about(return_id))
    assert settled.status == "dispatched"
    assert [entry.flagged for entry in await stage.entries(case_id)] == [True]
    assert not await known(stage, case_id)


async def known(world: World, case_id: str) -> bool:
    """Whether Temporal knows the case's workflow, running or ended."""
    try:
        await world.handle(case_id).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        return False
    return True


@pytest.mark.parametrize(
    ("topic", "body", "reason"),
    [
        ("returns/request", b"no json", "The body is not JSON."),
        ("returns/request", b"[1]", "The body is not a JSON object."),
        ("returns/request", b"{}", "The body names no id."),
        ("returns/request", b'{"id": "seven"}', "neither a Shopify GID nor a numeric id"),
        ("refunds/create", b'{"id": 7}', "The body names no order_id."),
        ("orders/cancelled", b"[" * 100_000, "The body is not JSON."),
    ],
)
async def test_an_event_that_cannot_be_read_fails_with_the_reason(
    stage: World, topic: str, body: bytes, reason: str
) -> None:
    event_id = await arrived(stage, topic, body)
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert settled.status == "failed"
    assert reason in settled.reason
    row = await event_row(stage, event_id)
    assert (row.status, row.error, row.next_attempt_at) == ("failed", settled.reason, None)


async def test_an_event_whose_body_was_purged_fails_with_the_reason(stage: World) -> None:
    event_id = await arrived(stage, "returns/request", {"id": 1})
    async with stage.database.begin() as session:
        (await inbound_events.get(session, event_id)).body = None
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert (settled.status, settled.reason) == ("failed", "The body is past its retention.")


@pytest.mark.parametrize(
    ("source", "topic", "reason"),
    [
        ("shopify", "products/update", "Nothing here handles products/update."),
        ("trading_grid", "transaction.failed", "Kept for the record."),
        ("trading_grid", "returns/request", "Nothing here handles returns/request."),
    ],
)
async def test_a_topic_that_nothing_handles_is_ignored_with_the_reason(
    stage: World, source: Any, topic: str, reason: str
) -> None:
    settled = await placed(stage, topic, {"id": 1, "data": {"id": "1"}}, source=source)
    assert (settled.status, settled.reason) == ("ignored", reason)
