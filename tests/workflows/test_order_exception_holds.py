"""What an exception holds in Shopify, and what it never touches."""

from typing import Any

import pytest

from domain.order_exception.names import Reason
from tests.workflows.exceptions import (
    SHIRT,
    SHOE,
    TEXTILES,
    asked,
    decide,
    fulfillment_orders,
    held_by_staff,
    line_ids,
    on_fulfillment_order,
    opened_on,
    ordered,
    our_holds,
    outcome,
    partners_of,
    ships,
    terms,
    until_held,
)
from tests.world import World


async def holds_of_others(world: World, order: dict[str, Any]) -> list[str]:
    return [
        hold["reason"]
        for one in await fulfillment_orders(world, order)
        for hold in one["holds"]
        if not (hold.get("handle") or "").startswith("gridcase:")
    ]


async def test_the_late_pieces_are_held_and_the_rest_of_the_order_is_not(world: World) -> None:
    await partners_of(world, SHIRT, SHOE)
    order = await ordered(world, SHIRT, SHOE)
    case_id = await opened_on(world, order, lines=("SHIRT-1",))
    await until_held(world, order, SHIRT_1=5)
    [held] = [one for one in await fulfillment_orders(world, order) if one["holds"]]
    [hold] = held["holds"]
    assert hold["handle"] == f"gridcase:order_exception:{(await world.row(case_id)).number}"
    assert hold["reason"] == "UNKNOWN_DELIVERY_DATE"


@pytest.mark.parametrize(
    ("reason", "expected"),
    [(Reason.SHORT_SHIPPED, "INVENTORY_OUT_OF_STOCK"), (Reason.OTHER, "OTHER")],
)
async def test_the_hold_says_why(world: World, reason: Reason, expected: str) -> None:
    _, order = await asked(world, SHIRT, reason=reason)
    await until_held(world, order, SHIRT_1=5)
    [one] = await fulfillment_orders(world, order)
    assert [hold["reason"] for hold in one["holds"]] == [expected]


async def test_a_hold_of_somebody_else_is_never_touched_and_never_doubled(world: World) -> None:
    await partners_of(world, SHIRT)
    await terms(world)
    order = await ordered(world, SHIRT)
    await held_by_staff(world, order)
    case_id = await opened_on(world, order, Reason.ON_HOLD)
    await world.until_status(case_id, "awaiting_partner")
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"
    assert await holds_of_others(world, order) == ["INVENTORY_OUT_OF_STOCK"]
    await world.until_told(case_id, "Still on hold by somebody else: 5 × SHIRT-1")
    await world.until_notified("settled, and still on hold")
    assert await world.shopify_writes("fulfillmentOrderHold", "fulfillmentOrderReleaseHold") == []


async def test_a_hold_that_staff_release_is_not_put_back_by_us(world: World) -> None:
    await partners_of(world, SHIRT)
    await terms(world)
    order = await ordered(world, SHIRT)
    await held_by_staff(world, order)
    case_id = await opened_on(world, order, Reason.ON_HOLD)
    await world.until_status(case_id, "awaiting_partner")
    await on_fulfillment_order(world, order, "release")
    await decide(world, case_id, "resolve")
    assert await outcome(world, case_id) == "resolved_by_merchant"
    assert await world.shopify_writes("fulfillmentOrderHold") == []


async def test_our_release_leaves_the_hold_that_somebody_placed_meanwhile(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await until_held(world, order, SHIRT_1=5)
    await held_by_staff(world, order, reason="INCORRECT_ADDRESS")
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"
    assert await our_holds(world, order) == {}
    assert await holds_of_others(world, order) == ["INCORRECT_ADDRESS"]


async def test_our_hold_stays_when_somebody_elses_on_top_of_it_is_released(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await until_held(world, order, SHIRT_1=5)
    [hold] = await held_by_staff(world, order, reason="INCORRECT_ADDRESS")
    await on_fulfillment_order(world, order, "release", hold_ids=[hold["hold_id"]])
    await ships(world, order, TEXTILES, "SHIRT-1", days=3)
    assert await outcome(world, case_id) == "resolved_by_partner"
    written = await world.shopify_writes("fulfillmentOrderHold", "fulfillmentOrderReleaseHold")
    assert written == ["fulfillmentOrderHold", "fulfillmentOrderReleaseHold"]


async def test_nothing_is_held_where_the_policy_says_so_until_the_merchant_does(
    world: World,
) -> None:
    case_id, order = await asked(world, SHIRT, hold_late_lines=False)
    await world.until_notified("nothing is held")
    assert await our_holds(world, order) == {}
    await decide(world, case_id, "hold")
    await until_held(world, order, SHIRT_1=5)
    await decide(world, case_id, "resolve")
    assert await outcome(world, case_id) == "resolved_by_merchant"
    await until_held(world, order)


async def test_a_policy_that_holds_nothing_calls_nothing(world: World) -> None:
    case_id, order = await asked(world, SHIRT, hold_late_lines=False)
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"
    written = await world.shopify_writes("fulfillmentOrderHold", "fulfillmentOrderReleaseHold")
    assert written == []


async def test_what_cannot_be_held_apart_is_told_and_held_whole_on_the_merchants_word(
    world: World,
) -> None:
    await partners_of(world, SHIRT, SHOE)
    await terms(world)
    order = await ordered(world, SHIRT, SHOE)
    await on_fulfillment_order(world, order, "unsplittable")
    case_id = await opened_on(world, order, lines=("SHIRT-1",))
    await world.until_told(case_id, "cannot be held apart")
    await world.until_notified("something late is not held")
    seen = await world.until_status(case_id, "awaiting_partner")
    assert seen.detail["unholdable"] == {
        line_ids(order)["SHIRT-1"]: "cannot be held apart from the rest of its fulfillment order"
    }
    assert await our_holds(world, order) == {}
    await decide(world, case_id, "hold")
    await until_held(world, order, SHIRT_1=5, SHOE_1=2)
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"
    await until_held(world, order)
    written = await world.shopify_writes("fulfillmentOrderHold", "fulfillmentOrderReleaseHold")
    assert written == ["fulfillmentOrderHold", "fulfillmentOrderReleaseHold"]


async def test_what_is_given_up_stays_held_where_the_merchant_wants_it(world: World) -> None:
    case_id, order = await asked(world, SHIRT, SHOE)
    await until_held(world, order, SHIRT_1=5, SHOE_1=2)
    await decide(world, case_id, "give_up", line_ids(order)["SHIRT-1"], keep_hold=True)
    await decide(world, case_id, "give_up")
    assert await outcome(world, case_id) == "resolved_by_merchant"
    await until_held(world, order, SHIRT_1=5)


async def test_fulfillment_orders_that_split_and_merge_are_only_read_again(world: World) -> None:
    case_id, order = await asked(world, SHIRT, SHOE, hold_late_lines=False)
    lines = [{"sku": "SHOE-1", "quantity": 1}]
    made = await on_fulfillment_order(world, order, "split", lines=lines)
    await on_fulfillment_order(
        world, order, "merge", fulfillment_order_ids=[made["remaining"]["id"]]
    )
    await ships(world, order, TEXTILES, "SHIRT-1")
    await world.until_told(case_id, "SHIRT-1: ships on")
    told = await world.timeline(case_id)
    assert not any("shipped or cancelled" in text for text in told)
    assert await world.shopify_writes("fulfillmentOrderHold") == []
