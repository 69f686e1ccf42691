"""Holds of late quantities: declared, not counted; ours and nobody else's."""

import pytest

from domain.failures import PAUSED, UNAVAILABLE
from tests.activities.conftest import Hands
from tests.activities.fulfilling import LATE, OTHER_CASE, OURS, Outgoing, line
from tests.world import SHOP


async def test_a_late_part_is_held_apart_from_the_rest(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5), line("SHOE", 1))
    assert await order.align(SHIRT=3) == ({"SHIRT": 3}, {})
    state = await order.state()
    assert [(pieces, who) for _, pieces, who in state["SHIRT"]] == [(2, "-"), (3, OURS)]
    assert [(pieces, who) for _, pieces, who in state["SHOE"]] == [(1, "-")]
    [hold] = [hold for one in (await order.read()).fulfillment_orders for hold in one.holds]
    assert (hold.reason, hold.notes, hold.ours) == (LATE, "Late by two weeks.", True)


async def test_what_is_held_already_is_not_held_again(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5))
    for _ in range(3):
        await order.align(SHIRT=5)
    assert await order.writes("fulfillmentOrderHold") == 1
    assert await order.state() == {"SHIRT": [(await place(order), 5, OURS)]}


async def test_more_than_is_left_is_held_as_far_as_it_goes(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2))
    assert await order.align(SHIRT=9) == ({"SHIRT": 2}, {})


async def test_less_is_held_when_less_is_late(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5), line("SHOE", 2))
    await order.align(SHIRT=5, SHOE=2)
    assert await order.align(SHIRT=2) == ({"SHIRT": 2}, {})
    state = await order.state()
    assert [(pieces, who) for _, pieces, who in state["SHIRT"]] == [(2, OURS), (3, "-")]
    assert [(pieces, who) for _, pieces, who in state["SHOE"]] == [(2, "-")]


async def test_one_call_makes_one_change(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5), line("SHOE", 2, location="Harbour"))
    before = 0
    for left in (True, True, False):
        answer = await hands.call(order.do.align_holds, order.holds(SHIRT=5, SHOE=2))
        after = await order.writes("fulfillmentOrderHold")
        assert (answer.changed, after - before) == (left, int(left))
        before = after
    assert order.by_sku(answer.held) == {"SHIRT": 5, "SHOE": 2}


async def test_nothing_wanted_releases_our_handle_alone(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2), line("SHOE", 2, location="Harbour"))
    await order.align(SHIRT=2, SHOE=2)
    await order.align(OTHER_CASE, SHOE=2)
    await order.elsewhere("SHIRT", "hold", reason="OTHER")
    assert await order.align() == ({}, {})
    state = await order.state()
    assert [who for _, _, who in state["SHIRT"]] == ["somebody"]
    assert [who for _, _, who in state["SHOE"]] == [OTHER_CASE]


async def test_a_hold_under_our_handle_by_another_app_is_not_ours(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2))
    await order.elsewhere("SHIRT", "hold", handle=OURS, by="Copycat")
    assert await order.align() == ({}, {})
    assert await order.writes("fulfillmentOrderReleaseHold") == 0


async def test_all_of_what_somebody_holds_is_held_by_us_too(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2))
    await order.elsewhere("SHIRT", "hold", by="Fraud Watch")
    assert await order.align(SHIRT=2) == ({"SHIRT": 2}, {})
    assert [who for _, _, who in (await order.state())["SHIRT"]] == [f"somebody+{OURS}"]
    # Shopify refuses lines beside a hold that is there, even all of them.
    [call] = await hands.world.shopify_calls("fulfillmentOrderHold")
    assert call["variables"]["hold"]["fulfillmentOrderLineItems"] == []


async def test_a_part_of_what_somebody_holds_cannot_be_held_and_is_said(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 3))
    await order.elsewhere("SHIRT", "hold", reason="HIGH_RISK_OF_FRAUD", by="Fraud Watch")
    held, unholdable = await order.align(SHIRT=1)
    assert held == {}
    assert unholdable == {
        "SHIRT": "is held by somebody else (high risk of fraud), and so cannot be held apart"
    }
    assert await order.writes("fulfillmentOrderHold") == 0


async def test_lines_that_cannot_be_held_apart_do_not_keep_others_from_it(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 3), line("SHOE", 2, location="Harbour"))
    await order.elsewhere("SHIRT", "unsplittable")
    held, unholdable = await order.align(SHIRT=1, SHOE=1)
    assert held == {"SHOE": 1}
    assert unholdable == {"SHIRT": "cannot be held apart from the rest of its fulfillment order"}


async def test_lines_with_a_fulfillment_service_are_not_held(hands: Hands) -> None:
    answer = await hands.world.shopify.post(
        f"/_emulator/shops/{SHOP}/locations",
        json={"name": "Packers", "fulfillment_service": "packers"},
    )
    assert answer.is_success
    order = await Outgoing.placed(hands, line("SHIRT", 3, location="Packers"))
    await order.elsewhere("SHIRT", "submit")
    held, unholdable = await order.align(SHIRT=3)
    assert (held, unholdable) == ({}, {"SHIRT": "has been requested of packers"})
    assert order.by_sku((await order.ship(SHIRT=3)).blocked) == unholdable
    await order.elsewhere("SHIRT", "accept")
    assert (await order.align(SHIRT=3))[1] == {"SHIRT": "has been accepted by packers"}


async def test_a_lost_answer_holds_once(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5))
    for mutation, wanted in (("fulfillmentOrderHold", 3), ("fulfillmentOrderReleaseHold", 0)):
        hands.world.lose_answer_to = mutation
        lost = await hands.refusal(order.do.align_holds, order.holds(SHIRT=wanted))
        assert (lost.type, lost.non_retryable) == (UNAVAILABLE, False)
        assert await order.align(SHIRT=wanted) == ({"SHIRT": wanted} if wanted else {}, {})
        assert await order.writes(mutation) == 1


async def test_somebody_faster_is_read_again(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5))
    request = order.holds(SHIRT=3)
    hands.world.before_call["fulfillmentOrderHold"] = lambda: order.elsewhere(
        "SHIRT", "split", lines=[{"sku": "SHIRT", "quantity": 4}]
    )
    late = await hands.refusal(order.do.align_holds, request)
    assert (late.type, late.non_retryable) == (UNAVAILABLE, False)
    assert await order.align(SHIRT=3) == ({"SHIRT": 3}, {})


async def test_our_own_other_attempt_is_found(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5))
    request = order.holds(SHIRT=5)

    async def twin() -> None:
        await hands.call(order.do.align_holds, request)

    hands.world.before_call["fulfillmentOrderHold"] = twin
    assert (await hands.refusal(order.do.align_holds, request)).type == UNAVAILABLE
    assert await order.align(SHIRT=5) == ({"SHIRT": 5}, {})
    assert await order.writes("fulfillmentOrderHold") == 1


async def test_holds_survive_split_and_merge(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 6), line("SHOE", 2))
    await order.align(SHIRT=2)
    await order.elsewhere("SHOE", "split", lines=[{"sku": "SHIRT", "quantity": 1}])
    assert await order.align(SHIRT=5) == ({"SHIRT": 5}, {})
    assert await order.align(SHIRT=6, SHOE=2) == ({"SHIRT": 6, "SHOE": 2}, {})
    assert await order.align() == ({}, {})
    assert all(who == "-" for entries in (await order.state()).values() for *_, who in entries)


async def test_a_cancelled_order_and_one_that_is_gone_hold_nothing(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2))
    await order.align(SHIRT=2)
    answer = await hands.world.shopify.post(
        f"/_emulator/shops/{SHOP}/orders/{order.order_id}/cancel", json={}
    )
    assert answer.is_success
    assert await order.align(SHIRT=2) == ({}, {})
    order.order_id = "999999"
    assert await order.align(SHIRT=2) == ({}, {})


@pytest.mark.parametrize("activity", ["read_order", "align_holds", "create_fulfillment"])
async def test_a_pause_stops_every_call(hands: Hands, activity: str) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2))
    await hands.world.switch("pause", shop_id=SHOP)
    request = order.ships(SHIRT=1) if activity == "create_fulfillment" else order.holds(SHIRT=1)
    refused = await hands.refusal(getattr(order.do, activity), request)
    assert (refused.type, refused.non_retryable) == (PAUSED, True)
    assert await order.writes("fulfillmentOrderHold") == 0


async def place(order: Outgoing) -> str:
    [name] = {one.location_name for one in (await order.read()).fulfillment_orders}
    return name
