"""Which events open a case, what it is opened with, and that it is opened once."""

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryRequest

from domain import attributes
from domain.return_claim.names import ClaimKind
from domain.return_claim.state import ClaimRequest, ClaimRequestLine
from intake.dispatch import Settled
from intake.inbox import receive_shopify
from intake.openings import claim_body
from persistence.repositories import case_references, cases, inbound_events, shops
from persistence.repositories.case_references import Reference
from tests.intake.staging import (
    BOTH,
    SHIRT,
    about,
    all_cases,
    another_dispatcher,
    arrived,
    ended,
    event_row,
    opened,
    placed,
    requested,
    shared_server,
    signals,
    stage,
    stage_url,
)
from tests.world import SHOP, World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures


async def started_with(world: World, case_id: str) -> Any:
    answer = await world.temporal.workflow_service.get_workflow_execution_history(
        GetWorkflowExecutionHistoryRequest(
            namespace=world.temporal.namespace, execution=WorkflowExecution(workflow_id=case_id)
        )
    )
    return answer.history.events[0].workflow_execution_started_event_attributes


# What a case is opened with.


@BOTH
async def test_a_requested_return_opens_a_case_with_number_references_and_names(
    stage: World,
) -> None:
    return_id = await requested(stage)
    event_id = await arrived(stage, "returns/request", about(return_id))
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    case_id = stage.case_id(return_id)
    assert settled.status == "dispatched"
    assert settled.opened is not None
    assert (settled.opened.case_id, settled.opened.created) == (case_id, True)

    case = await stage.row(case_id)
    order_id = case.order_id
    assert (case.number, case.kind, case.shop_id) == (settled.opened.number, "return_claim", SHOP)
    assert (case.status, case.opened_by_event_id) == ("opening", event_id)
    async with stage.database.read() as session:
        references = await case_references.list_of_case(session, case_id)
    assert [(one.scope, one.kind, one.value) for one in references] == [
        (SHOP, "order", order_id),
        (SHOP, "return", return_id),
    ]

    started = await started_with(stage, case_id)
    told = json.loads(started.input.payloads[0].data)
    assert (told["case_id"], told["number"], told["shop"]) == (case_id, case.number, SHOP)
    assert (told["return_id"], told["opened_by"]) == (return_id, "shopify")
    assert told["event_id"] == str(event_id)
    assert started.task_queue.name == stage.settings.task_queue
    assert (started.priority.priority_key, started.priority.fairness_key) == (3, SHOP)
    description = await stage.handle(case_id).describe()
    assert await description.static_summary() == f"Return {return_id} · {SHOP}"
    kept = {pair.key.name: pair.value for pair in description.typed_search_attributes}
    assert kept[attributes.CASE_KIND] == "return_claim"
    assert (kept[attributes.SHOP], kept[attributes.CASE_STATUS]) == (SHOP, "opening")

    row = await event_row(stage, event_id)
    assert (row.status, row.case_ids, row.error) == ("dispatched", [case_id], None)
    assert row.leased_until is None


async def test_an_open_return_opens_a_case_only_where_the_policy_says_so(stage: World) -> None:
    return_id = await requested(stage, open=True)
    settled = await placed(stage, "returns/approve", about(return_id))
    assert (settled.status, settled.opened) == ("ignored", None)
    assert "OPEN" in settled.reason
    assert await all_cases(stage) == []

    await stage.policy(open_on_open_return=True)
    settled = await placed(stage, "returns/approve", about(return_id))
    assert settled.opened is not None
    assert settled.opened.case_id == stage.case_id(return_id)


@pytest.mark.parametrize(
    ("action", "status"), [("close", "CLOSED"), ("decline", "DECLINED"), ("cancel", "CANCELED")]
)
async def test_a_return_that_is_over_opens_nothing(stage: World, action: str, status: str) -> None:
    return_id = await requested(stage, open=action != "decline")
    await stage.in_shopify(return_id, action)
    assert (await stage.return_in_shopify(return_id))["status"] == status
    await stage.policy(open_on_open_return=True)
    for topic in ("returns/request", "returns/update", f"returns/{action}"):
        settled = await placed(stage, topic, about(return_id))
        assert (settled.status, settled.opened) == ("ignored", None)
        assert status in settled.reason
    assert await all_cases(stage) == []


async def test_a_return_that_the_shop_does_not_have_is_ignored(stage: World) -> None:
    settled = await placed(stage, "returns/request", {"id": 404})
    assert (settled.status, settled.reason) == ("ignored", "The shop has no return 404.")
    assert await all_cases(stage) == []


async def test_headers_that_name_another_shop_open_nothing_there(stage: World) -> None:
    """The signature covers the body alone, and one app has one secret for all its shops."""
    async with stage.database.begin() as session:
        await shops.create(
            session,
            stage.box,
            id="other",
            domain="other.myshopify.com",
            tenant_id="demo",
            name="Other",
            api_version="2026-10",
            client_id="demo-client-id",
            client_secret="demo-client-secret",
            admin_base="http://127.0.0.1:18101/{shop}",
        )
    await stage.shopify.post("/_emulator/shops/other", json={"name": "Other", "currency": "EUR"})
    return_id = await requested(stage)
    settled = await forged(stage, return_id, "returns/request", "other")
    assert (settled.status, settled.opened) == ("ignored", None)
    assert await all_cases(stage) == []


async def test_a_topic_that_the_headers_make_up_is_not_believed(stage: World) -> None:
    return_id = await opened(stage)
    for topic in ("app/uninstalled", "shop/redact", "returns/close", "customers/redact"):
        settled = await forged(stage, return_id, topic, SHOP)
        assert settled.status in {"ignored", "failed", "dispatched"}
    async with stage.database.read() as session:
        shop = await shops.get(session, SHOP)
    assert shop.status == "connected"
    assert shop.redacted_at is None
    [case] = await all_cases(stage)
    assert case.closed_at is None
    assert [told["topic"] for told in await signals(stage, case.id)] == ["returns/close"]


async def forged(world: World, return_id: str, topic: str, shop: str) -> Settled:
    """A body that Shopify did sign, under headers that somebody made up."""
    body = json.dumps(about(return_id)).encode()
    digest = hmac.digest(b"demo-client-secret", body, hashlib.sha256)
    received = await receive_shopify(
        world.database,
        world.box,
        body=body,
        headers={
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": f"{shop}.myshopify.com",
            "X-Shopify-Webhook-Id": "forged-" + topic.replace("/", "-"),
            "X-Shopify-Triggered-At": "2026-11-02T08:15:30Z",
            "X-Shopify-Api-Version": "2026-10",
            "X-Shopify-Hmac-Sha256": base64.b64encode(digest).decode(),
        },
        now=datetime.now(UTC),
    )
    settled = await world.dispatcher.dispatch(received.event_id)
    assert settled is not None
    return settled


# Once.

TOPICS = ("returns/request", "returns/approve", "returns/update", "returns/process")


@BOTH
async def test_many_events_of_one_return_at_once_open_exactly_one_case(stage: World) -> None:
    return_id = await requested(stage)
    events = [await arrived(stage, topic, about(return_id)) for topic in TOPICS for _ in range(3)]
    events.append(
        await arrived(stage, "sync/return", {"return_id": return_id}, source="gridcase", scope=SHOP)
    )
    processes = [another_dispatcher(stage) for _ in range(3)]
    settled = await asyncio.gather(
        *(process.dispatch(event) for event in reversed(events) for process in processes)
    )
    won = [one for one in settled if one is not None]
    assert len(won) == len(events), "a lease lets one process have an event"
    assert {one.status for one in won} == {"dispatched"}
    [case] = await all_cases(stage)
    assert case.id == stage.case_id(return_id)
    assert sum(one.opened is not None and one.opened.created for one in won) == 1
    told = {entry["event_id"] for entry in await signals(stage, case.id)}
    from_shopify = {str(event) for event in events[:-1]} - {str(case.opened_by_event_id)}
    assert told >= from_shopify, "who came second tells the case to look again"


@BOTH
async def test_many_returns_at_once_open_one_case_each(stage: World) -> None:
    return_ids = [await requested(stage) for _ in range(4)]
    events = [
        await arrived(stage, "returns/request", about(return_id))
        for return_id in return_ids
        for _ in range(2)
    ]
    await asyncio.gather(*(another_dispatcher(stage).dispatch(event) for event in events))
    found = await all_cases(stage)
    assert sorted(case.id for case in found) == sorted(map(stage.case_id, return_ids))
    assert len({case.number for case in found}) == 4


async def test_a_later_event_opens_the_case_where_the_first_was_lost(stage: World) -> None:
    return_id = await requested(stage)
    settled = await placed(stage, "returns/update", about(return_id))
    assert settled.opened is not None
    settled = await placed(stage, "returns/request", about(return_id))
    assert (settled.opened, settled.case_ids) == (None, (stage.case_id(return_id),))
    assert len(await all_cases(stage)) == 1


async def test_an_event_that_is_settled_is_not_dispatched_again(stage: World) -> None:
    return_id = await requested(stage)
    event_id = await arrived(stage, "returns/request", about(return_id))
    assert await stage.dispatcher.dispatch(event_id) is not None
    assert await stage.dispatcher.dispatch(event_id) is None


@BOTH
async def test_after_the_end_a_repeated_body_opens_nothing_though_the_return_is_still_requested(
    stage: World,
) -> None:
    return_id = await opened(stage)
    case_id = stage.case_id(return_id)
    await ended(stage, case_id)
    assert (await stage.return_in_shopify(return_id))["status"] == "REQUESTED"
    settled = await placed(stage, "returns/request", about(return_id))
    assert (settled.status, settled.opened, settled.case_ids) == ("dispatched", None, (case_id,))
    assert [case.id for case in await all_cases(stage)] == [case_id]


async def test_a_case_that_ends_this_very_moment_is_followed_by_no_second_one(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process's event has passed every look at the tables when the case ends."""
    return_id = await opened(stage)
    case_id = stage.case_id(return_id)
    body = {"return_id": return_id, "claim": None, "opened_by": "operator:maria", "again": False}
    look = cases.list_of_key

    async def and_then_it_ends(session: Any, key: str) -> Any:
        found = await look(session, key)
        monkeypatch.setattr(cases, "list_of_key", look)
        await ended(stage, case_id)
        return found

    monkeypatch.setattr(cases, "list_of_key", and_then_it_ends)
    settled = await placed(stage, "claims/create", body, source="gridcase", scope=SHOP)
    assert [case.id for case in await all_cases(stage)] == [case_id]
    assert (settled.status, settled.case_ids) == ("ignored", (case_id,))
    assert settled.opened is not None
    assert not settled.opened.created


# An operator's word.


async def asked_for(
    world: World, return_id: str, *, again: bool = False, delivery: str = ""
) -> Settled:
    body, _ = claim_body(return_id=return_id, claim=None, opened_by="operator:maria", again=again)
    return await placed(
        world, "claims/create", body, source="gridcase", scope=SHOP, delivery=delivery
    )


@BOTH
async def test_a_second_case_opens_only_by_again_and_then_once(stage: World) -> None:
    return_id = await opened(stage)
    first = stage.case_id(return_id)

    settled = await asked_for(stage, return_id, again=True)
    assert settled.opened is not None
    assert (settled.opened.case_id, settled.opened.created) == (first, False), "it is still open"

    await ended(stage, first)
    settled = await asked_for(stage, return_id)
    assert settled.status == "ignored"
    assert "operator's word" in settled.reason

    settled = await asked_for(stage, return_id, again=True, delivery="again-1")
    assert settled.opened is not None
    assert (settled.opened.case_id, settled.opened.created) == (f"{first}~2", True)
    assert (await stage.handle(f"{first}~2").describe()).id == f"{first}~2"
    settled = await placed(stage, "returns/approve", about(return_id))
    assert settled.case_ids == (f"{first}~2",), "an event goes to the one that is open"
    assert [told["topic"] for told in await signals(stage, f"{first}~2")] == ["returns/approve"]


async def test_a_request_for_another_case_opens_one_however_often_it_is_dispatched(
    stage: World,
) -> None:
    return_id = await opened(stage)
    first = stage.case_id(return_id)
    await ended(stage, first)
    body, delivery = claim_body(
        return_id=return_id, claim=None, opened_by="operator:maria", again=True
    )
    event_id = await arrived(
        stage, "claims/create", body, source="gridcase", scope=SHOP, delivery=delivery
    )
    await stage.dispatcher.dispatch(event_id)
    await ended(stage, f"{first}~2")
    async with stage.database.begin() as session:
        await inbound_events.replay(session, event_id, datetime.now(UTC))
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert (settled.status, settled.case_ids) == ("dispatched", (f"{first}~2",))
    assert len(await all_cases(stage)) == 2


async def test_an_operator_opens_a_case_for_a_return_that_opens_none_by_itself(
    stage: World,
) -> None:
    return_id = await requested(stage, open=True)
    settled = await asked_for(stage, return_id)
    assert settled.opened is not None
    assert settled.opened.created
    started = await started_with(stage, settled.opened.case_id)
    assert json.loads(started.input.payloads[0].data)["opened_by"] == "operator:maria"


async def test_an_operators_request_for_an_unknown_return_fails_with_the_reason(
    stage: World,
) -> None:
    settled = await asked_for(stage, "404")
    assert (settled.status, settled.reason) == ("failed", "The shop has no return 404.")


def claimed(order_id: str = "450789469") -> ClaimRequest:
    return ClaimRequest(
        kind=ClaimKind.DAMAGE,
        external_reference=f"ZD-{uuid4()}",
        order_id=order_id,
        lines=(ClaimRequestLine(line_item_id="466157049", quantity=1, reason_code="DA"),),
    )


@BOTH
async def test_a_damage_claim_opens_one_case_under_its_external_reference(stage: World) -> None:
    claim = claimed()
    body, _ = claim_body(return_id="", claim=claim, opened_by="key:helpdesk", again=False)
    events = [
        await arrived(stage, "claims/create", body, source="gridcase", scope=SHOP) for _ in range(4)
    ]
    settled = await asyncio.gather(*(another_dispatcher(stage).dispatch(event) for event in events))
    [case] = await all_cases(stage)
    assert case.id == f"return-claim:{SHOP}:claim-{claim.external_reference}"
    assert {one.opened.case_id for one in settled if one and one.opened} == {case.id}
    async with stage.database.read() as session:
        references = await case_references.list_of_case(session, case.id)
    assert {(one.kind, one.value) for one in references} == {
        ("order", "450789469"),
        ("external_claim", claim.external_reference),
    }
    description = await stage.handle(case.id).describe()
    assert await description.static_summary() == f"Damage claim {claim.external_reference} · {SHOP}"
    told = json.loads((await started_with(stage, case.id)).input.payloads[0].data)
    assert ClaimRequest.model_validate(told["claim"]) == claim


async def test_a_claim_that_is_no_claim_fails_and_does_not_repeat_the_customers_words(
    stage: World,
) -> None:
    body = {"claim": {"kind": "theft", "note": ["Anna Schmidt"]}, "opened_by": "key:x"}
    settled = await placed(stage, "claims/create", body, source="gridcase", scope=SHOP)
    assert settled.status == "failed"
    assert "kind" in settled.reason
    assert "Anna" not in settled.reason
    assert await all_cases(stage) == []


# A claim that is creating a return.


@BOTH
async def test_a_return_on_an_order_where_a_claim_creates_one_waits_and_is_placed_later(
    stage: World,
) -> None:
    await stage.policy(open_on_open_return=True)
    order = await stage.order(SHIRT)
    order_id = order["order_id"].rpartition("/")[2]
    claim = claimed(order_id)
    case_id = await stage.claim(claim)
    expected = Reference(kind="return_expected", value=order_id, scope=SHOP)
    async with stage.database.begin() as session:
        await case_references.add(session, case_id, [expected], datetime.now(UTC))
    return_id = await stage.request_return(
        order, {"sku": SHIRT["sku"], "quantity": 1, "reason": "DEFECTIVE"}, open=True
    )
    event_id = await arrived(stage, "returns/approve", about(return_id))
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert settled.status == "parked"
    row = await event_row(stage, event_id)
    assert row.next_attempt_at is not None
    assert row.next_attempt_at > datetime.now(UTC)
    assert [case.id for case in await all_cases(stage)] == [case_id]

    async with stage.database.begin() as session:
        made = Reference(kind="return", value=return_id, scope=SHOP)
        await case_references.add(session, case_id, [made], datetime.now(UTC))
        await case_references.remove(session, case_id, expected)
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    [told] = await signals(stage, case_id)
    assert (told["signal"], told["event_id"]) == ("shopify_changed", str(event_id))


async def test_a_requested_return_does_not_wait_for_a_claim_on_its_order(stage: World) -> None:
    order = await stage.order(SHIRT)
    order_id = order["order_id"].rpartition("/")[2]
    claim_id = await stage.claim(claimed(order_id))
    async with stage.database.begin() as session:
        expected = Reference(kind="return_expected", value=order_id, scope=SHOP)
        await case_references.add(session, claim_id, [expected], datetime.now(UTC))
    return_id = await stage.request_return(
        order, {"sku": SHIRT["sku"], "quantity": 1, "reason": "DEFECTIVE"}
    )
    settled = await placed(stage, "returns/request", about(return_id))
    assert settled.opened is not None
    assert settled.opened.case_id == stage.case_id(return_id)


async def test_a_return_is_not_kept_waiting_by_a_claim_that_has_ended(stage: World) -> None:
    await stage.policy(open_on_open_return=True)
    order = await stage.order(SHIRT)
    order_id = order["order_id"].rpartition("/")[2]
    claim_id = await stage.claim(claimed(order_id))
    async with stage.database.begin() as session:
        expected = Reference(kind="return_expected", value=order_id, scope=SHOP)
        await case_references.add(session, claim_id, [expected], datetime.now(UTC))
    await ended(stage, claim_id)
    return_id = await stage.request_return(
        order, {"sku": SHIRT["sku"], "quantity": 1, "reason": "DEFECTIVE"}, open=True
    )
    settled = await placed(stage, "returns/approve", about(return_id))
    assert settled.opened is not None
    assert settled.opened.created
