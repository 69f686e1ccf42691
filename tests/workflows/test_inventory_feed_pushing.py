"""What is written to Shopify: orders taken off, what changes underneath, what somebody else wrote, and nothing twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.workflows.claims import BOTH
from tests.workflows.feeds import (
    LYON,
    advised,
    by_hand,
    decide,
    fed,
    levels,
    line,
    located,
    ordered,
    partner,
    product,
    pushes,
    refresh,
    sells,
    settled,
    terms,
    until_levels,
)
from tests.world import World

CASE = "inventory-feed:acme:acme-mill"


async def test_orders_since_the_partner_looked_are_taken_off(world: World) -> None:
    await fed(world, line("A", 10), line("B", 10))
    looked = datetime.now(UTC)
    await ordered(world, "A", 3)
    await until_levels(world, A=7)
    # The partner looked before the order and says it later.
    await advised(world, line("A", 9), line("B", 9), as_of=looked)
    await until_levels(world, A=6, B=9)
    # It looked again, after the order: it knows of it.
    await advised(world, line("A", 9), line("B", 9), as_of=datetime.now(UTC) + timedelta(seconds=1))
    await until_levels(world, A=9, B=9)


async def test_a_cancelled_order_is_not_taken_off(world: World) -> None:
    await fed(world, line("A", 10))
    looked = datetime.now(UTC)
    order = await ordered(world, "A", 3)
    number = order["order_id"].rpartition("/")[2]
    await world._post(world.shopify, f"/_emulator/shops/acme/orders/{number}/cancel", {})
    await advised(world, line("A", 8), as_of=looked)
    await until_levels(world, A=8)


async def test_an_order_is_taken_off_where_it_ships_from(world: World) -> None:
    await fed(world, line("A", 10))
    await located(world, "DEPOT-2", LYON)
    await product(world, "A", {LYON: 0})
    looked = datetime.now(UTC)
    await advised(world, line("A", 10), code="DEPOT-2", as_of=looked)
    await until_levels(world, LYON, A=10)
    await ordered(world, "A", 4, LYON)
    await advised(world, line("A", 9), code="DEPOT-2", as_of=looked, sequence=9)
    await until_levels(world, LYON, A=5)
    assert await levels(world) == {"A": 10}


@BOTH
async def test_what_changes_just_before_the_write_is_read_again_and_never_sold_twice(
    world: World,
) -> None:
    await fed(world, line("A", 10), line("B", 10), line("C", 10))

    async def somebody_buys() -> None:
        await ordered(world, "B", 4)

    world.before_call["inventorySetQuantities"] = somebody_buys
    await advised(world, line("A", 5), line("B", 6), line("C", 7), as_of=datetime.now(UTC))
    await until_levels(world, A=5, B=2, C=7)
    seen = await settled(world)
    assert seen.detail["problems"] == {}
    # Refused as a whole, then the two whose level still was what it was, with the one that was read again.
    calls = await world.shopify_calls("inventorySetQuantities")
    codes = [entry["user_errors"] for call in calls for entry in call["mutations"]]
    assert sum(bool(errors) for errors in codes) == 1
    assert len({call["variables"].get("idempotencyKey") for call in calls}) == len(calls)


async def test_a_write_whose_answer_is_lost_is_done_once(world: World) -> None:
    await partner(world)
    await located(world)
    await sells(world, A=0)
    world.lose_answer_to = "inventorySetQuantities"
    await advised(world, line("A", 5))
    await until_levels(world, A=5)
    seen = await settled(world)
    assert seen.detail["last_push"]["written"] == 1  # type: ignore[index]
    assert len(await pushes(world)) == 1


async def test_only_what_differs_is_written(world: World) -> None:
    await fed(world, *(line(f"S{number}", 5) for number in range(30)))
    before = len(await pushes(world))
    await advised(world, *(line(f"S{number}", 5 if number else 4) for number in range(30)))
    await until_levels(world, S0=4, S1=5)
    await settled(world)
    [call] = (await pushes(world))[before:]
    given: Any = call["variables"]["input"]["quantities"]
    assert [(one["quantity"], one["changeFromQuantity"]) for one in given] == [(4, 5)]


async def test_a_quantity_is_held_back_as_safety_stock(world: World) -> None:
    await fed(world, line("A", 10), line("B", 2), safety_stock=3)
    await until_levels(world, A=7, B=0)
    await terms(world, safety_stock=5)
    await refresh(world)
    await until_levels(world, A=5, B=0)


# What somebody else writes.


async def test_a_change_by_hand_is_written_over_once_it_is_found(world: World) -> None:
    await fed(world, line("A", 10))
    await by_hand(world, "A", 25)
    await refresh(world)
    await until_levels(world, A=10)
    await world.until_told(CASE, "Wrote 1 SKU to Shopify, 1 of them over a change by hand.")


async def test_a_change_by_hand_stays_where_the_policy_says_so_until_something_new_is_said(
    world: World,
) -> None:
    await fed(world, line("A", 10), line("B", 10), manual_edits="report")
    await by_hand(world, "A", 25)
    await by_hand(world, "B", 26)
    await refresh(world)
    await world.until_told(CASE, "changed by hand in Shopify")
    seen = await settled(world)
    assert (seen.status, seen.detail["problems"]) == ("active", {"edited_by_hand": 2})
    assert await levels(world) == {"A": 25, "B": 26}
    # The same again is nothing new of them; another number is.
    await advised(world, line("A", 9), kind="delta")
    await until_levels(world, A=9, B=26)
    assert (await settled(world)).detail["problems"] == {"edited_by_hand": 1}
    await decide(world, "overwrite")
    await until_levels(world, A=9, B=10)
    assert (await settled(world)).detail["problems"] == {}


async def test_an_order_is_no_change_by_hand(world: World) -> None:
    await fed(world, line("A", 10), manual_edits="report")
    await ordered(world, "A", 3)
    await refresh(world)
    seen = await settled(world)
    assert seen.detail["problems"] == {}
    assert await levels(world) == {"A": 7}
