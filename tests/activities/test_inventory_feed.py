"""A feed's activities against both emulators: read, plan, write, and what stands in the way of each."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from domain.failures import PAUSED, SHOPIFY_REFUSED, UNAVAILABLE
from domain.inventory_feed.messages import (
    DiscardAdvice,
    FindAdvices,
    JudgeAdvice,
    ReadFeedTerms,
)
from domain.inventory_feed.quantities import PushTerms
from tests.activities.conftest import Hands
from tests.activities.feeding import DEPOT, HAMBURG, LYON, MILL, WH, Feed, a_feed, line
from tests.world import SHOP, TENANT

REPORT = PushTerms(overwrite_edits=False)


def ago(**span: float) -> datetime:
    return datetime.now(UTC) - timedelta(**span)


# Advices.


async def test_what_still_speaks_is_found_the_oldest_first(hands: Hands) -> None:
    feed = await a_feed(hands)
    await feed.says(line("A", 1), as_of=ago(hours=3))  # overtaken by the next snapshot
    snapshot = await feed.says(line("A", 2), as_of=ago(hours=2))
    delta = await feed.says(line("A", 3), kind="delta", as_of=ago(hours=1))
    await feed.says(line("A", 4), kind="delta", as_of=ago(hours=4))
    elsewhere = await feed.says(line("A", 5), code="OTHER", as_of=ago(hours=5))
    request = FindAdvices(shop=SHOP, tenant=TENANT, partner=MILL)
    found = await feed.call(feed.activities.find_advices, request)
    assert [one.id for one in found.advices] == [elsewhere, snapshot, delta]


async def test_an_advice_is_read_with_what_is_wrong_in_it(hands: Hands) -> None:
    feed = await a_feed(hands, "A")
    # A partner's own odd writing, as the emulator takes it.
    odd = line("A", 1, constraint={"code": "perhaps"})
    advice = await feed.says(odd, line("B", None), line("C", 3), line("D", 4))
    read = await feed.reads(advice)
    assert read.advice is not None
    assert (read.lines, read.unreadable, read.unknown, read.refused) == (4, 1, 3, "")
    assert (read.advice.location_code, read.advice.kind.value) == (WH, "snapshot")
    await feed.takes(advice)
    assert await feed.problems() == {"constraint_unknown": 1, "unreadable": 1}
    assert (await feed.reads(advice)).advice is None


async def test_what_is_not_the_partners_or_of_tomorrow_is_refused(hands: Hands) -> None:
    feed = await a_feed(hands)
    await hands.world.partner("other", lifecycle="purchase_order")
    theirs = await Feed(hands, "other").says(line("A", 1))
    assert "another partner's" in (await feed.reads(theirs)).refused
    early = await feed.says(line("A", 1), as_of=datetime.now(UTC) + timedelta(hours=25))
    assert "yet to come" in (await feed.reads(early)).refused
    ahead = await feed.says(line("A", 1), as_of=datetime.now(UTC) + timedelta(hours=2))
    assert (await feed.reads(ahead)).advice is not None
    assert "gone" in (await feed.reads("none")).refused


async def test_a_long_advice_is_read_on_from_where_it_broke_off(hands: Hands) -> None:
    feed = await a_feed(hands)
    advice = await feed.says(generate={"lines": 2500})
    asked: list[str] = []

    async def note(request: Any) -> None:
        if "/inventory-advices/" in request.url.path:
            asked.append(request.url.params["page"])
            if len(asked) == 3:
                raise ConnectionError("the worker is killed")

    hands.world.trading_grid.event_hooks["request"].append(note)
    with pytest.raises(ConnectionError):
        await feed.reads(advice)
    read = await feed.reads(advice)
    assert (read.lines, asked) == (2500, ["1", "2", "3", "3"])
    applied = await feed.takes(advice)
    assert applied is not None
    assert applied.changed == 2500


async def test_half_an_advice_is_not_taken(hands: Hands) -> None:
    feed = await a_feed(hands)
    advice = await feed.says(line("A", 1), line("B", 1))
    response_hooks = hands.world.trading_grid.event_hooks["response"]

    async def halve(response: Any) -> None:
        if "/inventory-advices/" in response.request.url.path:
            await response.aread()
            body = response.json() | {"lines": response.json()["lines"][:1]}
            import json

            response._content = json.dumps(body).encode()

    response_hooks.append(halve)
    assert "2 lines, and shows 1" in (await feed.reads(advice)).refused
    response_hooks.remove(halve)
    assert (await feed.reads(advice)).lines == 2


async def test_a_snapshot_is_judged_and_may_be_discarded(hands: Hands) -> None:
    feed = await a_feed(hands)
    await feed.hears(line("A", 1), line("B", 2), line("C", 3))
    broken = await feed.says(line("A", 1))
    await feed.reads(broken)
    request = JudgeAdvice(**feed.where, advice_id=broken, terms=PushTerms(), at=feed.at)
    judged = (await feed.call(feed.activities.judge_advice, request)).judgement
    assert (judged.for_sale, judged.to_zero) == (3, 2)
    discard = DiscardAdvice(**feed.where, advice_id=broken)
    assert (await feed.call(feed.activities.discard_advice, discard)).lines == 1
    assert (await feed.call(feed.activities.discard_advice, discard)).lines == 0
    assert (await feed.standing()).for_sale == 3


async def test_terms_tell_the_partner_the_policy_and_the_shop(hands: Hands) -> None:
    feed = await a_feed(hands, "A", "B")
    await hands.world.policy(lifecycle="inventory_feed", safety_stock=3)
    await hands.world.switch("shadow", shop_id=SHOP, lifecycle="inventory_feed")
    found = await feed.call(feed.activities.read_terms, ReadFeedTerms(**feed.where))
    assert (found.name, found.partner_status) == ("Acme Mill", "active")
    assert (found.policy.safety_stock, found.shadow, found.items) == (3, True, 2)
    nobody = ReadFeedTerms(shop=SHOP, tenant=TENANT, partner="nobody")
    assert (await feed.call(feed.activities.read_terms, nobody)).partner_status == ""


# Pushing.


async def test_what_the_partner_has_becomes_what_the_store_sells(hands: Hands) -> None:
    feed = await a_feed(hands, "A", "B", "C", "D")
    await feed.hears(line("A", 10), line("B", 10, allocation=4), line("C", -2), line("D", 3))
    planned, finished = await feed.push(PushTerms(hold_back=1))
    assert (planned.considered, planned.entries, planned.batches) == (4, 3, 1)
    assert finished.written == 3
    assert await feed.levels() == {"A": 9, "B": 3, "C": 0, "D": 2}
    planned, _ = await feed.push(PushTerms(hold_back=1))
    assert planned.considered == 0
    [call] = await feed.set_calls()
    sent = call["variables"]["input"]
    assert (sent["name"], sent["reason"]) == ("available", "correction")
    assert sent["referenceDocumentUri"].startswith("gid://gridcase/InventoryAdvice/")
    assert {entry["changeFromQuantity"] for entry in sent["quantities"]} == {0}


async def test_orders_since_the_partner_looked_are_taken_off(hands: Hands) -> None:
    feed = await a_feed(hands, "A")
    await feed.staff_sets("A", 50)
    await feed.ordered("A", 7, created_at=ago(hours=3).isoformat())
    await feed.ordered("A", 4)
    gone = await feed.ordered("A", 5)
    await hands.world._post(
        hands.world.shopify,
        f"/_emulator/shops/{SHOP}/orders/{gone['order_id'].rsplit('/', 1)[1]}/cancel",
        {},
    )
    await feed.hears(line("A", 20), as_of=ago(hours=1))
    await feed.push()
    assert await feed.levels() == {"A": 16}


async def test_a_word_that_only_repeats_is_pushed_where_something_was_sold_in_between(
    hands: Hands,
) -> None:
    feed = await a_feed(hands, "A", "B")
    await feed.hears(line("A", 20), line("B", 20), as_of=ago(hours=2))
    await feed.push()
    await feed.ordered("A", 3, created_at=ago(hours=1).isoformat())
    assert (await feed.levels())["A"] == 17
    await feed.hears(line("A", 20), line("B", 20), as_of=ago(minutes=30))
    planned, _ = await feed.push()
    assert (planned.considered, planned.entries) == (1, 1)
    assert await feed.levels() == {"A": 20, "B": 20}
    planned, _ = await feed.push()
    assert planned.considered == 0


async def test_two_locations_are_two_quantities(hands: Hands) -> None:
    feed = await a_feed(hands, "A")
    await feed.located(DEPOT, LYON)
    await feed.staff_sets("A", 0, LYON)
    await feed.hears(line("A", 5))
    await feed.hears(line("A", 8), code=DEPOT)
    await feed.ordered("A", 2, LYON)
    await feed.push()
    assert (await feed.levels(), await feed.levels(LYON)) == ({"A": 5}, {"A": 6})


@pytest.mark.parametrize("before", ["nodes", "orders"])
async def test_an_order_while_levels_and_orders_are_read_is_not_sold_twice(
    hands: Hands, before: str
) -> None:
    feed = await a_feed(hands, "A")
    await feed.staff_sets("A", 5)
    await feed.hears(line("A", 10))

    async def order() -> None:
        await feed.ordered("A", 2)

    hands.world.before_call[before] = order
    _, finished = await feed.push()
    assert await feed.levels() == {"A": 8}
    assert finished.written == 1


async def test_an_order_just_before_the_write_is_read_again(hands: Hands) -> None:
    feed = await a_feed(hands, "A", "B")
    await feed.staff_sets("A", 5)
    await feed.hears(line("A", 10), line("B", 10))

    async def order() -> None:
        await feed.ordered("A", 2)

    hands.world.before_call["inventorySetQuantities"] = order
    planned, finished = await feed.push()
    assert (planned.entries, finished.written) == (2, 2)
    assert await feed.levels() == {"A": 8, "B": 10}
    keys = [call["idempotency_key"] for call in await feed.set_calls()]
    assert len(set(keys)) == len(keys) == 2


async def test_what_changes_under_every_try_is_shown_and_tried_by_the_next_push(
    hands: Hands,
) -> None:
    feed = await a_feed(hands, "A")
    await feed.staff_sets("A", 30)
    await feed.hears(line("A", 40))

    async def order() -> None:
        await feed.ordered("A", 1)
        hands.world.before_call["inventorySetQuantities"] = order

    hands.world.before_call["inventorySetQuantities"] = order
    _, finished = await feed.push(rounds=3)
    assert (finished.written, finished.keeps_changing) == (0, 1)
    assert await feed.problems() == {"keeps_changing": 1}
    hands.world.before_call.clear()
    await feed.push()
    assert (await feed.levels(), await feed.problems()) == ({"A": 37}, {})


async def test_an_answer_that_is_lost_is_asked_for_again_under_the_same_key(hands: Hands) -> None:
    feed = await a_feed(hands, "A")
    await feed.hears(line("A", 10))
    feed.pushes += 1
    await feed.plan()
    hands.world.lose_answer_to = "inventorySetQuantities"
    with pytest.raises(ApplicationError) as lost:
        await feed.write(0, 0, "key-1")
    assert lost.value.type == UNAVAILABLE
    await feed.ordered("A", 4)
    # A repeat of the plan answers as it did: a batch was begun.
    assert (await feed.plan()).entries == 1
    assert (await feed.write(0, 0, "key-1")).written == 1
    assert (await feed.write(0, 0, "key-1")).written == 1
    assert (await feed.finish()).written == 1
    assert (await feed.finish()).written == 1
    assert await feed.levels() == {"A": 6}
    assert await feed.writes() == 1
    planned, _ = await feed.push()
    assert planned.considered == 0


async def test_a_spent_key_asks_for_another(hands: Hands) -> None:
    feed = await a_feed(hands, "A", "B")
    await feed.hears(line("A", 1))
    feed.pushes += 1
    await feed.plan()
    assert (await feed.write(0, 0, "key-1")).written == 1
    await feed.finish()
    await feed.hears(line("A", 2), kind="delta")
    feed.pushes += 1
    await feed.plan()
    written = await feed.call(feed.activities.write_batch, feed.batch(0, 0, "key-1"))
    assert (written.new_key, written.written) == (True, 0)
    assert (await feed.write(0, 0, "key-2")).written == 1
    assert await feed.levels() == {"A": 2, "B": 0}


async def test_two_hundred_and_fifty_entries_go_with_a_call(hands: Hands) -> None:
    feed = await a_feed(hands)
    await hands.world._post(
        hands.world.shopify,
        f"/_emulator/shops/{SHOP}/products/bulk",
        {"count": 501, "prefix": "S", "available": {HAMBURG: 0}, "tell": False},
    )
    await feed.refresh()
    await feed.hears(*(line(f"S{number}", 1) for number in range(1, 502)))
    planned, finished = await feed.push()
    assert (planned.entries, planned.batches, finished.written) == (501, 3, 501)
    sizes = [len(call["variables"]["input"]["quantities"]) for call in await feed.set_calls()]
    assert sizes == [250, 250, 1]
    assert set((await feed.levels()).values()) == {1}


async def test_a_shop_that_gives_out_little_at_a_time_is_read_to_the_end(hands: Hands) -> None:
    """Nothing is read twice: a plan that began anew each time it is throttled would never come to its end."""
    feed = await a_feed(hands)
    await hands.world._post(
        hands.world.shopify,
        f"/_emulator/shops/{SHOP}/products/bulk",
        {"count": 1000, "prefix": "S", "available": {HAMBURG: 0}, "tell": False},
    )
    await feed.refresh()
    await feed.hears(*(line(f"S{number}", 1) for number in range(1, 1001)))
    emulator = hands.world.emulators["shopify"].state.emulator
    # A full read of levels costs 750: one fits, the others wait their turn.
    emulator.set_limits(size=1_000, rate=2_000)
    before = emulator.spent.actual
    feed.pushes += 1
    planned = await feed.plan()
    assert (planned.considered, planned.entries) == (1000, 1000)
    assert emulator.spent.actual - before < 4 * 750 + 10


# Problems: each is shown, the rest goes.


async def test_what_can_not_be_written_is_shown_and_the_rest_goes(hands: Hands) -> None:
    feed = await a_feed(hands, "GOOD", "IDLE", "GONE", "TWIN", "RENAMED")
    await feed.product("TWIN", {HAMBURG: 0}, duplicate=True)
    await feed.product("UNTRACKED", {HAMBURG: 0}, tracked=False)
    await feed.product("BUNDLE", {HAMBURG: 0}, bundle=True)
    await feed.product("ELSEWHERE", {LYON: 0})
    await feed.staff_sets("IDLE", active=False)
    await feed.refresh()
    skus = ("GOOD", "IDLE", "TWIN", "UNTRACKED", "BUNDLE", "ELSEWHERE", "NEVER")
    await feed.hears(*(line(sku, 5) for sku in skus))
    await feed.hears(line("GOOD", 5), code="NOWHERE")
    _, finished = await feed.push()
    assert (finished.written, finished.refused) == (1, 1)
    assert (await feed.levels())["GOOD"] == 5
    assert await feed.problems() == {
        "not_stocked": 2,
        "sku_not_unique": 1,
        "not_tracked": 1,
        "item_refused": 1,
        "sku_unknown": 1,
        "location_unmapped": 1,
    }
    assert (await feed.push())[0].considered == 0


async def test_problems_go_away_when_they_are_mended(hands: Hands) -> None:
    feed = await a_feed(hands, "IDLE", "TWIN")
    twin = await feed.product("TWIN", {HAMBURG: 0}, duplicate=True)
    await feed.staff_sets("IDLE", active=False)
    await feed.refresh()
    await feed.hears(line("IDLE", 5), line("TWIN", 6), line("LATE", 7))
    await feed.hears(line("TWIN", 8), code=DEPOT)
    await feed.push()
    assert await feed.levels() == {"IDLE": 0, "TWIN": 0}
    await feed.staff_sets("IDLE", active=True)
    await feed.product("LATE", {HAMBURG: 0})
    await feed.located(DEPOT, LYON)
    await feed.staff_sets(None, 0, LYON, inventory_item_id=twin)
    done = await feed.refresh()
    assert done.new == 1
    await feed.push()
    assert (await feed.levels())["IDLE"] == 5
    assert (await feed.levels())["LATE"] == 7
    assert await feed.problems() == {"sku_not_unique": 2}


async def test_two_codes_of_one_location_do_not_write_over_each_other(hands: Hands) -> None:
    feed = await a_feed(hands, "A")
    await feed.hears(line("A", 5))
    await feed.push()
    await feed.located(DEPOT, HAMBURG)
    await feed.hears(line("A", 9), code=DEPOT)
    for _ in range(2):
        await feed.push()
        assert (await feed.levels(), await feed.problems()) == ({"A": 5}, {"location_shared": 1})
    await feed.hears(line("A", 6))
    await feed.push()
    assert await feed.levels() == {"A": 6}


async def test_a_constraint_closes_a_sku_until_its_day_is_over(hands: Hands) -> None:
    feed = await a_feed(hands, "A", "B")
    today = feed.at.date().isoformat()
    closed = line("A", 5, constraint={"code": "stop_sell", "until": today})
    await feed.hears(closed, line("B", 5, constraint={"code": "discontinued"}))
    await feed.push()
    assert await feed.levels() == {"A": 0, "B": 0}
    standing = await feed.standing()
    assert standing.next_constraint is not None
    assert standing.next_constraint.date() == feed.at.date() + timedelta(days=1)
    feed.forward = timedelta(days=1)
    await feed.push()
    assert await feed.levels() == {"A": 5, "B": 0}
    assert (await feed.standing()).next_constraint is None
    await feed.push(PushTerms(stop_sells=False))
    assert await feed.levels() == {"A": 5, "B": 5}


# Changes by hand, and orders that are not seen yet.


async def test_a_level_raised_by_hand_is_written_over_once_it_is_seen(hands: Hands) -> None:
    feed = await a_feed(hands, "A", "B")
    await feed.hears(line("A", 5), line("B", 5))
    await feed.push()
    await feed.staff_sets("A", 50)
    assert (await feed.push())[0].considered == 0
    assert (await feed.refresh()).drifted == 1
    planned, _ = await feed.push()
    assert (planned.considered, planned.entries, planned.edited) == (1, 1, 1)
    assert await feed.levels() == {"A": 5, "B": 5}


async def test_a_level_lowered_by_hand_is_believed_for_a_minute(hands: Hands) -> None:
    feed = await a_feed(hands, "A")
    await feed.hears(line("A", 5))
    await feed.push()
    await feed.staff_sets("A", 2)
    await feed.refresh()
    planned, _ = await feed.push()
    assert (planned.entries, planned.believed) == (0, 1)
    assert planned.look_again_in is not None
    assert 50 < planned.look_again_in <= 60
    assert await feed.levels() == {"A": 2}
    # News of the partner goes at once, less what may be sold.
    await feed.hears(line("A", 9), kind="delta")
    await feed.push()
    assert await feed.levels() == {"A": 6}
    feed.forward = timedelta(seconds=61)
    await feed.push()
    assert await feed.levels() == {"A": 9}
    assert (await feed.push())[0].considered == 0


async def test_an_order_that_the_search_does_not_show_yet_is_not_sold_twice(hands: Hands) -> None:
    feed = await a_feed(hands, "A")
    await feed.hears(line("A", 5), as_of=ago(minutes=5))
    await feed.push()
    await hands.world.faults("shopify", api={"search_lag_s": 3600})
    await feed.ordered("A", 3)
    await feed.hears(line("A", 10), kind="delta", as_of=ago(minutes=4))
    await feed.push()
    assert await feed.levels() == {"A": 7}
    await hands.world.faults("shopify")
    feed.forward = timedelta(seconds=61)
    planned, _ = await feed.push()
    assert (planned.considered, planned.entries, planned.believed) == (1, 0, 0)
    assert await feed.levels() == {"A": 7}
    assert (await feed.push())[0].considered == 0


async def test_an_order_that_was_missed_by_the_first_write_is_made_good_a_minute_later(
    hands: Hands,
) -> None:
    feed = await a_feed(hands, "A", "B")
    await feed.staff_sets("A", 30)
    await hands.world.faults("shopify", api={"search_lag_s": 3600})
    await feed.ordered("A", 3)
    await feed.hears(line("A", 10), line("B", 10), as_of=ago(minutes=5))
    _, finished = await feed.push(REPORT)
    # Nobody knows what A's level was made of, so there is nothing to believe.
    assert (await feed.levels(), finished.look_again_in) == ({"A": 10, "B": 10}, 60)
    await hands.world.faults("shopify")
    await feed.ordered("A", 2, created_at=ago(seconds=-5).isoformat())
    feed.forward = timedelta(seconds=61)
    planned, finished = await feed.push(REPORT)
    assert (planned.considered, planned.edited, finished.look_again_in) == (1, 0, None)
    assert (await feed.levels(), await feed.problems()) == ({"A": 5, "B": 10}, {})
    assert (await feed.push(REPORT))[0].considered == 0


async def test_a_change_by_hand_is_reported_until_the_partner_or_the_merchant_speaks(
    hands: Hands,
) -> None:
    feed = await a_feed(hands, "A", "B", "C")
    await feed.hears(line("A", 5), line("B", 5), line("C", 5), as_of=ago(hours=2))
    await feed.push(REPORT)
    for sku in ("A", "B", "C"):
        await feed.staff_sets(sku, 50)
    await feed.refresh()
    await feed.push(REPORT)
    assert await feed.levels() == {"A": 50, "B": 50, "C": 50}
    assert await feed.problems() == {"edited_by_hand": 3}
    await feed.hears(line("A", 5), kind="delta", as_of=ago(hours=1))
    await feed.push(REPORT)
    assert await feed.levels() == {"A": 5, "B": 50, "C": 50}
    await feed.push(REPORT, overwrite=("B",))
    assert await feed.levels() == {"A": 5, "B": 5, "C": 50}
    await feed.staff_sets("C", 5)
    await feed.refresh()
    feed.forward = timedelta(seconds=61)
    await feed.push(REPORT)
    assert await feed.problems() == {}


async def test_a_level_below_zero_is_left_while_nothing_is_to_be_sold(hands: Hands) -> None:
    feed = await a_feed(hands, "A")
    await feed.hears(line("A", 2), as_of=ago(hours=1))
    await feed.push()
    await feed.ordered("A", 5)
    assert await feed.levels() == {"A": -3}
    await feed.refresh()
    planned, _ = await feed.push()
    assert (planned.considered, planned.entries) == (1, 0)
    await feed.hears(line("A", 9), kind="delta", as_of=ago(minutes=30))
    await feed.push()
    assert await feed.levels() == {"A": 4}


# Items.


async def test_a_refresh_starts_one_operation_however_often_it_is_tried(hands: Hands) -> None:
    feed = await a_feed(hands, "A")
    before = len(await hands.world.shopify_calls("bulkOperationRunQuery"))
    hands.world.lose_answer_to = "bulkOperationRunQuery"
    await hands.world.faults("shopify", bulk={"delay_s": 0.3})
    with pytest.raises(ApplicationError):
        await feed.refresh("r")
    assert (await feed.refresh("r")).skus == 1
    assert (await feed.refresh("r")).skus == 1
    assert len(await hands.world.shopify_calls("bulkOperationRunQuery")) == before + 1


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("INTERNAL_SERVER_ERROR", UNAVAILABLE),
        ("TIMEOUT", UNAVAILABLE),
        ("ACCESS_DENIED", SHOPIFY_REFUSED),
    ],
)
async def test_an_operation_that_fails_is_started_anew(
    hands: Hands, code: str, expected: str
) -> None:
    feed = await a_feed(hands, "A")
    await feed.product("B", {HAMBURG: 1})
    await hands.world.faults("shopify", bulk={"error_code": code})
    with pytest.raises(ApplicationError) as failed:
        await feed.refresh("r")
    assert (failed.value.type, failed.value.non_retryable) == (
        expected,
        expected == SHOPIFY_REFUSED,
    )
    await hands.world.faults("shopify")
    assert (await feed.refresh("r")).new == 1


async def test_items_that_are_gone_are_forgotten_and_shown(hands: Hands) -> None:
    feed = await a_feed(hands, "A")
    await feed.hears(line("A", 5))
    await feed.push()
    shop = hands.world.emulators["shopify"].state.emulator.shops[SHOP]
    shop.variants_by_sku["a"][0].sku = "A-NEW"
    done = await feed.refresh()
    assert (done.skus, done.new) == (1, 1)
    await feed.push()
    assert await feed.problems() == {"sku_unknown": 1}


async def test_an_item_whose_sku_changed_since_is_not_written(hands: Hands) -> None:
    feed = await a_feed(hands, "A")
    shop = hands.world.emulators["shopify"].state.emulator.shops[SHOP]
    shop.variants_by_sku["a"][0].sku = "B"
    await feed.hears(line("A", 5))
    await feed.push()
    assert await feed.problems() == {"sku_unknown": 1}
    assert await feed.writes() == 0


async def test_a_pause_stops_every_call_to_the_outside(hands: Hands) -> None:
    feed = await a_feed(hands, "A")
    await feed.hears(line("A", 5))
    await hands.world.switch("pause", shop_id=SHOP, lifecycle="inventory_feed")
    for call in (feed.refresh, feed.plan, lambda: feed.reads("x")):
        with pytest.raises(ApplicationError) as refused:
            await call()
        assert refused.value.type == PAUSED
