"""Disputes at the intake: which event opens a case, which a second one, and what no webhook told of."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.dispute.names import dispute_key
from domain.reconciliation import Compared, Source
from domain.shopify_ids import numeric_id
from intake.openings import dispute_body
from intake.reconciliation import Reconciler
from persistence.repositories import case_references, shops
from tests.intake.staging import (
    BOTH,
    SHIRT,
    all_cases,
    ended,
    placed,
    recorded,
    shared_server,
    signals,
    stage,
    stage_url,
)
from tests.world import SHOP, World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures

HOUR = 3600.0


async def disputed(world: World, **more: Any) -> str:
    """A dispute we have not heard of; its number."""
    order = await world.order(SHIRT)
    body = {"order_id": numeric_id(order["order_id"]), "reason": "PRODUCT_NOT_RECEIVED"} | more
    made = await world._post(world.shopify, f"/_emulator/shops/{SHOP}/disputes", body)
    return numeric_id(made["dispute_id"])


async def in_shopify(world: World, dispute_id: str, action: str, **body: Any) -> dict[str, Any]:
    path = f"/_emulator/shops/{SHOP}/disputes/{dispute_id}/{action}"
    return await world._post(world.shopify, path, body)


def about(dispute_id: str) -> dict[str, Any]:
    return {"id": int(dispute_id), "status": "needs_response"}


def seen(type_: str, status: str, due: str = "") -> dict[str, Any]:
    return {"detail": {"type": type_, "status": status, "due": due}}


async def compared(world: World) -> int:
    run = Reconciler(world.database, world.connections, world.dispatcher)
    return await run.compare(Source.SHOPIFY, SHOP, Compared.DISPUTES)


# Opening.


@BOTH
@pytest.mark.parametrize("topic", ["disputes/create", "disputes/update"])
async def test_whichever_event_comes_first_opens_the_case_and_the_other_makes_it_look(
    stage: World, topic: str
) -> None:
    dispute_id = await disputed(stage, evidence_due_in_s=100 * HOUR)
    settled = await placed(stage, topic, about(dispute_id))
    case_id = dispute_key(SHOP, dispute_id)
    assert settled.opened is not None
    assert (settled.opened.case_id, settled.opened.created) == (case_id, True)
    case = await stage.row(case_id)
    async with stage.database.read() as session:
        named = await case_references.list_of_case(session, case_id)
    assert {(one.kind, one.value) for one in named} == {
        ("dispute", dispute_id),
        ("order", case.order_id),
    }
    # What the case starts with says until when there is time, though it may not read.
    assert case.argument["dispute_id"] == dispute_id
    assert datetime.fromisoformat(case.argument["due"]) > datetime.now(UTC)
    again = await placed(stage, "disputes/update", about(dispute_id))
    assert again.case_ids == (case_id,)
    assert [one["signal"] for one in await signals(stage, case_id)] == ["shopify_changed"]
    assert len(await all_cases(stage)) == 1


async def test_a_decided_dispute_is_recorded_too_and_one_that_is_not_there_is_not(
    stage: World,
) -> None:
    dispute_id = await disputed(stage)
    await in_shopify(stage, dispute_id, "decide", status="lost")
    settled = await placed(stage, "disputes/update", about(dispute_id))
    assert settled.opened is not None
    settled = await placed(stage, "disputes/create", about("999"))
    assert (settled.status, settled.opened) == ("ignored", None)


async def test_an_operator_opens_one_and_another_after_it_has_ended(stage: World) -> None:
    dispute_id = await disputed(stage)

    async def ask(again: bool) -> Any:
        body, _ = dispute_body(dispute_id=dispute_id, opened_by="operator:maria", again=again)
        return await placed(stage, "disputes/create", body, source="gridcase")

    settled = await ask(again=False)
    assert settled.opened.created
    assert (await stage.row(settled.opened.case_id)).argument["opened_by"] == "operator:maria"
    await ended(stage, settled.opened.case_id, "withdrawn")
    settled = await ask(again=False)
    assert (settled.status, settled.opened.created) == ("ignored", False)
    settled = await ask(again=True)
    assert settled.opened.case_id == f"{dispute_key(SHOP, dispute_id)}~2"
    unknown, _ = dispute_body(dispute_id="999", opened_by="operator:maria")
    settled = await placed(stage, "disputes/create", unknown, source="gridcase")
    assert (settled.status, settled.reason) == ("failed", "The shop has no dispute 999.")


async def test_only_a_new_question_opens_a_second_case(stage: World) -> None:
    dispute_id = await disputed(stage, type="INQUIRY", evidence_due_in_s=HOUR)
    case_id = dispute_key(SHOP, dispute_id)
    await placed(stage, "disputes/create", about(dispute_id))
    due = (await stage.row(case_id)).argument["due"]
    await recorded(stage, case_id, snapshot=seen("INQUIRY", "NEEDS_RESPONSE", due))
    await recorded(
        stage,
        case_id,
        snapshot=seen("INQUIRY", "NEEDS_RESPONSE", due),
        status="expired",
        outcome="not_answered",
        closed_at=datetime.now(UTC),
    )
    await stage.handle(case_id).terminate("the test ends it")
    settled = await placed(stage, "disputes/update", about(dispute_id))
    assert settled.opened is None
    lines = await stage.timeline(case_id)
    assert lines[-1] == "disputes/update came after the case had ended."
    await in_shopify(stage, dispute_id, "escalate", evidence_due_in_s=100 * HOUR)
    settled = await placed(stage, "disputes/update", about(dispute_id))
    assert settled.opened is not None
    assert settled.opened.case_id == f"{case_id}~2"
    # The same body once more tells that case, and opens nothing.
    settled = await placed(stage, "disputes/update", about(dispute_id))
    assert settled.case_ids == (f"{case_id}~2",)
    assert len(await all_cases(stage)) == 2


# Reconciliation.


@BOTH
async def test_open_disputes_no_webhook_told_of_are_found_once(stage: World) -> None:
    one, other = await disputed(stage), await disputed(stage)
    await in_shopify(stage, other, "evidence", append="Staff", submit=True)
    assert await compared(stage) == 2
    assert {case.id for case in await all_cases(stage)} == {
        dispute_key(SHOP, one),
        dispute_key(SHOP, other),
    }
    assert await compared(stage) == 0


async def test_a_case_that_knows_another_state_is_made_to_look(stage: World) -> None:
    dispute_id = await disputed(stage, type="INQUIRY")
    case_id = dispute_key(SHOP, dispute_id)
    await placed(stage, "disputes/create", about(dispute_id))
    due = (await stage.row(case_id)).argument["due"]
    await recorded(stage, case_id, snapshot=seen("INQUIRY", "NEEDS_RESPONSE", due))
    assert await compared(stage) == 0
    await in_shopify(stage, dispute_id, "due", evidence_due_in_s=HOUR)
    assert await compared(stage) == 1
    assert [one["topic"] for one in await signals(stage, case_id)] == ["sync/dispute"]
    assert await compared(stage) == 0


async def test_what_passed_its_due_date_before_the_connection_is_left_alone(
    stage: World,
) -> None:
    await disputed(stage, evidence_due_in_s=-HOUR)
    in_time = await disputed(stage, evidence_due_in_s=HOUR)
    async with stage.database.begin() as session:
        shop = await shops.get(session, SHOP)
        shop.connected_at = datetime.now(UTC) + timedelta(minutes=1)
    assert await compared(stage) == 1
    assert [case.id for case in await all_cases(stage)] == [dispute_key(SHOP, in_time)]


async def test_a_shop_without_the_scope_has_nothing_to_compare(stage: World) -> None:
    await disputed(stage)
    async with stage.database.begin() as session:
        shop = await shops.get(session, SHOP)
        shop.scopes = [one for one in shop.scopes if "disputes" not in one]
    assert await compared(stage) == 0
    assert await all_cases(stage) == []
