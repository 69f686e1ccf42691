"""Events of orders: what opens an exception or purchase orders, what tells cases to look again, and what nobody hears."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain import references
from intake.dispatch import Settled
from persistence.repositories import case_references
from persistence.repositories.case_references import Reference
from tests.intake.staging import (
    BOTH,
    all_cases,
    arrived,
    ended,
    event_row,
    placed,
    recorded,
    shared_server,
    signals,
    stage,
    stage_url,
)
from tests.world import SHOP, World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures

TEXTILES = "acme-textiles"
SHIRT = {"sku": "SHIRT-1", "quantity": 2, "vendor": TEXTILES, "price": "30.00"}
CAP = {"sku": "CAP-1", "quantity": 1, "vendor": "hats", "price": "10.00"}
DROP_SHIP = ("order_exception", "purchase_order")
SERVICE_TOPICS = (
    ("reject-request", "fulfillment_orders/fulfillment_request_rejected"),
    ("fail-to-complete", "fulfillment_orders/fulfillment_service_failed_to_complete"),
    ("reject-cancellation", "fulfillment_orders/cancellation_request_rejected"),
)


def number(order: dict[str, Any]) -> str:
    return str(order["order_id"]).rpartition("/")[2]


def order_body(order: dict[str, Any]) -> dict[str, Any]:
    return {"admin_graphql_api_id": f"gid://shopify/Order/{number(order)}"}


def hold_body(order: dict[str, Any]) -> dict[str, Any]:
    """As Shopify sends it: a fulfillment order and a hold, and no order."""
    return {"fulfillment_order": {"id": fulfillment_order(order)}, "fulfillment_hold": {"id": "x"}}


def fulfillment_order(order: dict[str, Any]) -> str:
    found: str = order["fulfillment_orders"][0]["id"]
    return found


async def on_shopify(stage: World, path: str, **body: Any) -> Any:
    return await stage._post(stage.shopify, f"/_emulator/shops/{SHOP}/{path}", body)


async def held(stage: World, order: dict[str, Any], **hold: Any) -> None:
    await on_shopify(stage, "holds", order_id=order["order_id"], **hold)


async def started_with(stage: World, case_id: str) -> dict[str, Any]:
    started = (await stage.history(case_id)).events[0].workflow_execution_started_event_attributes
    found: dict[str, Any] = json.loads(started.input.payloads[0].data)
    return found


async def calls(stage: World) -> int:
    """How many requests Shopify has answered, reads too."""
    found: int = (await stage.shopify.get("/_emulator/costs")).json()["requests"]
    return found


# Order exceptions.


@BOTH
async def test_a_hold_of_somebody_else_opens_an_exception_of_its_lines(stage: World) -> None:
    order = await stage.order(SHIRT, CAP, fulfill=False)
    shirt = order["line_items"][0]
    await held(
        stage, order, reason="INVENTORY_OUT_OF_STOCK", lines=[{"sku": "SHIRT-1", "quantity": 2}]
    )
    settled = await placed(stage, "fulfillment_holds/added", hold_body(order))
    case_id = stage.exception_id(order)
    assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    started = await started_with(stage, case_id)
    assert (started["case_id"], started["order_id"]) == (case_id, number(order))
    assert (started["reason"], started["line_ids"]) == ("on_hold", [shirt["id"].rpartition("/")[2]])
    [case] = await all_cases(stage)
    assert (case.kind, case.order_id, case.number) == (
        "order_exception",
        number(order),
        started["number"],
    )


@pytest.mark.parametrize(
    "hold",
    [
        {"reason": "INVENTORY_OUT_OF_STOCK", "by": "app"},
        {"reason": "ONLINE_STORE_POST_PURCHASE_CROSS_SELL", "by": "Upsell"},
        {"reason": "AWAITING_PAYMENT"},
    ],
    ids=["our own", "post-purchase", "not in the policy"],
)
async def test_other_holds_open_nothing(stage: World, hold: dict[str, Any]) -> None:
    order = await stage.order(SHIRT, fulfill=False)
    await held(stage, order, **hold)
    settled = await placed(stage, "fulfillment_holds/added", hold_body(order))
    assert settled.status == "ignored"
    assert await all_cases(stage) == []


async def test_the_policy_says_which_holds_open_an_exception(stage: World) -> None:
    await stage.policy(lifecycle="order_exception", open_on_hold_reasons=["OTHER"])
    order = await stage.order(SHIRT, fulfill=False)
    await held(stage, order, reason="OTHER", by="Warehouse")
    settled = await placed(stage, "fulfillment_holds/added", hold_body(order))
    assert settled.case_ids == (stage.exception_id(order),)


async def test_a_hold_that_is_gone_when_its_event_comes_opens_nothing(stage: World) -> None:
    order = await stage.order(SHIRT, fulfill=False)
    await held(stage, order, reason="UNKNOWN_DELIVERY_DATE")
    await on_shopify(
        stage, f"fulfillment-orders/{fulfillment_order(order).rpartition('/')[2]}/release"
    )
    settled = await placed(stage, "fulfillment_holds/added", hold_body(order))
    assert (settled.status, await all_cases(stage)) == ("ignored", [])


@pytest.mark.parametrize(("action", "topic"), SERVICE_TOPICS)
async def test_a_service_that_does_not_do_its_part_opens_an_exception(
    stage: World, action: str, topic: str
) -> None:
    await on_shopify(stage, "locations", name="Depot", fulfillment_service="depot")
    order = await stage.order(SHIRT | {"location": "Depot"}, fulfill=False)
    at = f"fulfillment-orders/{fulfillment_order(order).rpartition('/')[2]}"
    await on_shopify(stage, f"{at}/submit")
    if action != "reject-request":
        await on_shopify(stage, f"{at}/accept")
    await on_shopify(stage, f"{at}/{action}", message="We have none.")
    body = {"fulfillment_order": {"id": fulfillment_order(order)}, "message": "We have none."}
    settled = await placed(stage, topic, body)
    assert settled.case_ids == (stage.exception_id(order),), settled
    assert (await started_with(stage, settled.case_ids[0]))["reason"] == "rejected"


@pytest.mark.parametrize(
    ("recommendation", "opens"), [("INVESTIGATE", True), ("ACCEPT", False), ("CANCEL", False)]
)
async def test_an_order_to_investigate_opens_a_manual_review(
    stage: World, recommendation: str, opens: bool
) -> None:
    order = await stage.order(SHIRT, fulfill=False)
    await on_shopify(stage, f"orders/{number(order)}/risk", recommendation=recommendation)
    body = {"order_id": int(number(order)), "risk_level": "medium"}
    settled = await placed(stage, "orders/risk_assessment_changed", body)
    assert [case.id for case in await all_cases(stage)] == [stage.exception_id(order)] * opens
    if opens:
        started = await started_with(stage, settled.case_ids[0])
        assert (started["reason"], started["line_ids"]) == ("manual_review", [])


async def test_what_is_left_of_an_order_waits_for_the_grace_and_is_then_looked_at_again(
    stage: World,
) -> None:
    order = await stage.order(SHIRT, CAP, fulfill=False)
    await on_shopify(
        stage, f"orders/{number(order)}/fulfill", lines=[{"sku": "CAP-1", "quantity": 1}]
    )
    event_id = await arrived(stage, "orders/partially_fulfilled", order_body(order))
    waiting = await stage.dispatcher.dispatch(event_id)
    assert waiting is not None
    assert (waiting.status, await all_cases(stage)) == ("parked", [])
    row = await event_row(stage, event_id)
    assert row.next_attempt_at is not None
    wait = row.next_attempt_at - datetime.now(UTC)
    assert timedelta(hours=47) < wait < timedelta(hours=48)
    await stage.policy(lifecycle="order_exception", short_shipment_grace={"hours": 0.00001})
    await stage.dispatcher.dispatch(event_id)
    [case] = await all_cases(stage)
    started = await started_with(stage, case.id)
    assert started["reason"] == "short_shipped"
    assert started["line_ids"] == [order["line_items"][0]["id"].rpartition("/")[2]]


async def test_what_has_shipped_within_the_grace_is_no_exception(stage: World) -> None:
    order = await stage.order(SHIRT, CAP, fulfill=False)
    await on_shopify(
        stage, f"orders/{number(order)}/fulfill", lines=[{"sku": "CAP-1", "quantity": 1}]
    )
    event_id = await arrived(stage, "orders/partially_fulfilled", order_body(order))
    await stage.dispatcher.dispatch(event_id)
    await on_shopify(stage, f"orders/{number(order)}/fulfill")
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert (settled.status, await all_cases(stage)) == ("ignored", [])


async def test_an_open_exception_looks_again_and_the_order_is_not_read(stage: World) -> None:
    order = await stage.order(SHIRT, fulfill=False)
    case_id = await stage.open_exception(order)
    await held(stage, order, reason="INVENTORY_OUT_OF_STOCK")
    before = await calls(stage)
    for topic, body in (
        ("fulfillment_holds/added", hold_body(order)),
        ("orders/edited", {"order_edit": {"id": 1, "order_id": int(number(order))}}),
        ("fulfillments/create", {"id": 5, "order_id": int(number(order))}),
        (
            "fulfillment_orders/merged",
            {"fulfillment_order_merges": [{"fulfillment_order": {"id": fulfillment_order(order)}}]},
        ),
        (
            "fulfillment_orders/moved",
            {"moved_fulfillment_order": {"id": fulfillment_order(order), "status": "open"}},
        ),
    ):
        assert (await placed(stage, topic, body)).case_ids == (case_id,), topic
    told = [one["topic"] for one in await signals(stage, case_id)]
    assert told == [
        "fulfillment_holds/added",
        "orders/edited",
        "fulfillments/create",
        "fulfillment_orders/merged",
        "fulfillment_orders/moved",
    ]
    assert await calls(stage) == before + 3, "only to learn whose the fulfillment orders are"


async def test_without_an_open_case_a_moved_fulfillment_order_costs_no_call(stage: World) -> None:
    order = await stage.order(SHIRT, fulfill=False)
    before = await calls(stage)
    body = {"fulfillment_order": {"id": fulfillment_order(order), "status": "open"}}
    assert (await placed(stage, "fulfillment_orders/split", body)).status == "ignored"
    assert (await placed(stage, "orders/updated", order_body(order))).status == "ignored"
    assert await calls(stage) == before


async def test_an_exception_that_has_ended_opens_again_only_on_somebodys_word(stage: World) -> None:
    order = await stage.order(SHIRT, fulfill=False)
    case_id = await stage.open_exception(order)
    await ended(stage, case_id, "resolved_by_merchant")
    await held(stage, order, reason="INVENTORY_OUT_OF_STOCK")
    settled = await placed(stage, "fulfillment_holds/added", hold_body(order))
    assert (settled.status, settled.case_ids) == ("ignored", (case_id,))
    [entry] = await stage.entries(case_id)
    assert entry.flagged
    assert "after the case had ended" in entry.text
    again = await stage.open_exception(order, note="still held", again=True)
    assert again == f"{case_id}~2"


@BOTH
async def test_many_events_of_one_order_open_one_exception(stage: World) -> None:
    order = await stage.order(SHIRT, fulfill=False)
    await held(stage, order, reason="INVENTORY_OUT_OF_STOCK")
    events = [await arrived(stage, "fulfillment_holds/added", hold_body(order)) for _ in range(6)]
    settled = await asyncio.gather(*map(stage.dispatcher.dispatch, events))
    assert {one.status for one in settled if one} == {"dispatched"}
    assert [case.id for case in await all_cases(stage)] == [stage.exception_id(order)]


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        (
            "fulfillment_holds/added",
            {"fulfillment_hold": {"id": "gid://shopify/FulfillmentHold/1"}},
        ),
        ("fulfillment_orders/split", {"fulfillment_order": {"id": 7}}),
        ("orders/edited", {"id": 7}),
    ],
)
async def test_a_body_that_names_no_order_fails_with_words(
    stage: World, topic: str, body: dict[str, Any]
) -> None:
    await stage.open_exception(await stage.order(SHIRT, fulfill=False))
    settled = await placed(stage, topic, body)
    assert settled.status == "failed"
    assert "names no" in settled.reason


async def test_a_request_for_an_exception_of_an_unknown_order_fails_with_words(
    stage: World,
) -> None:
    body = {"order_id": "404", "reason": "late", "opened_by": "key:1"}
    settled = await placed(stage, "exceptions/create", body, source="gridcase")
    assert (settled.status, settled.reason) == ("failed", "The shop has no order 404.")
    body = {"order_id": "404", "reason": "gone fishing", "opened_by": "key:1"}
    settled = await placed(stage, "exceptions/create", body, source="gridcase")
    assert "no reason for an exception" in settled.reason


async def test_a_second_request_for_an_open_exception_has_it_take_more_in(stage: World) -> None:
    order = await stage.order(SHIRT, fulfill=False)
    case_id = await stage.open_exception(order)
    assert await stage.open_exception(order, note="short") == case_id
    [told] = await signals(stage, case_id)
    assert (told["signal"], told["note"], told["line_ids"]) == ("take_in", "short", [])


async def test_an_exception_does_not_hear_of_the_echoes_of_its_own_writes(stage: World) -> None:
    order = await stage.order(SHIRT, fulfill=False)
    case_id = await stage.open_exception(order)
    body = {"fulfillment_order": {"id": fulfillment_order(order), "status": "on_hold"}}
    assert (await placed(stage, "orders/updated", order_body(order))).status == "ignored"
    assert (await placed(stage, "fulfillment_orders/placed_on_hold", body)).status == "ignored"
    assert await signals(stage, case_id) == []


# Purchase orders.


@BOTH
async def test_a_paid_order_is_drop_shipped_after_one_read(stage: World) -> None:
    await stage.partner(TEXTILES, lifecycle=DROP_SHIP)
    order = await stage.order(SHIRT, CAP, fulfill=False)
    before = await calls(stage)
    settled = await placed(stage, "orders/paid", order_body(order))
    case_id = stage.purchases_id(order)
    assert (settled.status, settled.case_ids) == ("dispatched", (case_id,))
    assert await calls(stage) == before + 1
    started = await started_with(stage, case_id)
    assert (started["order_id"], started["replenishment"]) == (number(order), None)


async def test_whichever_event_comes_first_the_state_of_the_order_decides(stage: World) -> None:
    await stage.partner(TEXTILES, lifecycle=DROP_SHIP)
    order = await stage.order(SHIRT, fulfill=False, paid=False)
    assert (await placed(stage, "orders/create", order_body(order))).status == "ignored"
    await on_shopify(stage, f"orders/{number(order)}/pay")
    first = await placed(stage, "orders/create", order_body(order))
    second = await placed(stage, "orders/paid", order_body(order))
    assert first.case_ids == second.case_ids == (stage.purchases_id(order),)
    assert [one["topic"] for one in await signals(stage, first.case_ids[0])] == ["orders/paid"]


async def test_by_policy_an_order_is_drop_shipped_before_it_is_paid(stage: World) -> None:
    await stage.partner(TEXTILES, lifecycle=DROP_SHIP)
    await stage.policy(lifecycle="purchase_order", open_on="created")
    order = await stage.order(SHIRT, fulfill=False, paid=False)
    settled = await placed(stage, "orders/create", order_body(order))
    assert settled.case_ids == (stage.purchases_id(order),)


async def test_a_route_for_all_lifecycles_makes_no_purchase_order(stage: World) -> None:
    await stage.partner(TEXTILES)
    order = await stage.order(SHIRT, fulfill=False)
    before = await calls(stage)
    settled = await placed(stage, "orders/paid", order_body(order))
    assert (settled.status, await all_cases(stage)) == ("ignored", [])
    assert await calls(stage) == before, "the shop drop-ships nothing"
    await stage.partner("others", lifecycle="purchase_order")
    settled = await placed(stage, "orders/paid", order_body(order))
    assert (settled.status, settled.reason) == ("ignored", "No line is drop-shipped.")


@pytest.mark.parametrize("ends", ["cancel", "fulfill"])
async def test_an_order_with_nothing_left_to_ship_is_not_ordered(stage: World, ends: str) -> None:
    await stage.partner(TEXTILES, lifecycle=DROP_SHIP)
    order = await stage.order(SHIRT, fulfill=False)
    await on_shopify(stage, f"orders/{number(order)}/{ends}")
    settled = await placed(stage, "orders/paid", order_body(order))
    assert (settled.status, await all_cases(stage)) == ("ignored", [])


async def test_no_exception_opens_for_lines_that_a_purchase_order_covers(stage: World) -> None:
    await stage.partner(TEXTILES, lifecycle=DROP_SHIP)
    order = await stage.order(SHIRT, CAP, fulfill=False)
    [shirt, cap] = [line["id"].rpartition("/")[2] for line in order["line_items"]]
    await placed(stage, "orders/paid", order_body(order))
    await held(
        stage, order, reason="INVENTORY_OUT_OF_STOCK", lines=[{"sku": "SHIRT-1", "quantity": 2}]
    )
    settled = await placed(stage, "fulfillment_holds/added", hold_body(order))
    assert settled.case_ids == (stage.purchases_id(order),), "it looks again, and no other opens"
    await recorded(
        stage,
        stage.purchases_id(order),
        status="awaiting_partner",
        snapshot={"detail": {"covered_lines": [cap]}},
    )
    settled = await placed(stage, "fulfillment_holds/added", hold_body(order))
    assert set(settled.case_ids) == {stage.purchases_id(order), stage.exception_id(order)}
    assert (await started_with(stage, stage.exception_id(order)))["line_ids"] == [shirt]


async def test_an_inventory_transfer_tells_its_replenishment(stage: World) -> None:
    order = await stage.order(SHIRT, fulfill=False)
    case_id = await stage.open_exception(order)  # any case will do
    named = Reference(kind=references.INVENTORY_TRANSFER, value="77", scope=SHOP)
    async with stage.database.begin() as session:
        await case_references.add(session, case_id, [named], datetime.now(UTC))
    body = {"id": 77, "admin_graphql_api_id": "gid://shopify/InventoryTransfer/77"}
    assert (await placed(stage, "inventory_transfers/complete", body)).case_ids == (case_id,)
    assert (await placed(stage, "inventory_transfers/complete", {"id": 78})).status == "ignored"


# What came late, and what reconciliation says.


async def test_the_overdue_sweeps_word_opens_an_exception_only_when_it_is_late(
    stage: World,
) -> None:
    new = await stage.order(SHIRT, fulfill=False)
    settled = await placed(stage, "overdue/order", {"order_id": number(new)}, source="gridcase")
    assert settled.status == "ignored"
    long_ago = (datetime.now(UTC) - timedelta(days=5)).isoformat()
    late = await stage.order(SHIRT, fulfill=False, created_at=long_ago)
    settled = await placed(stage, "overdue/order", {"order_id": number(late)}, source="gridcase")
    assert settled.case_ids == (stage.exception_id(late),)
    assert (await started_with(stage, settled.case_ids[0]))["reason"] == "late"


async def test_a_sync_does_what_any_lost_event_would_have_done(stage: World) -> None:
    await stage.partner(TEXTILES, lifecycle=DROP_SHIP)
    order = await stage.order(SHIRT, CAP, fulfill=False)
    await held(
        stage, order, reason="INVENTORY_OUT_OF_STOCK", lines=[{"sku": "CAP-1", "quantity": 1}]
    )
    before = await calls(stage)
    settled: Settled = await placed(
        stage, "sync/order", {"order_id": number(order)}, source="gridcase"
    )
    assert set(settled.case_ids) == {stage.purchases_id(order), stage.exception_id(order)}
    assert await calls(stage) == before + 1
    again = await placed(stage, "sync/order", {"order_id": number(order)}, source="gridcase")
    assert again.opened is None
    assert len(await all_cases(stage)) == 2


async def test_a_return_claim_does_not_hear_of_each_change_of_its_order(stage: World) -> None:
    order = await stage.order(SHIRT)
    return_id = await stage.request_return(order, {"sku": "SHIRT-1", "quantity": 1})
    body = {"admin_graphql_api_id": f"gid://shopify/Return/{return_id}"}
    case_id = (await placed(stage, "returns/request", body)).case_ids[0]
    assert (await placed(stage, "orders/updated", order_body(order))).status == "ignored"
    assert (await placed(stage, "orders/cancelled", order_body(order))).case_ids == (case_id,)
