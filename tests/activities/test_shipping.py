"""Shipments recorded once, whatever is lost on the way, and tracking corrected."""

import contextlib
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from domain.failures import CONFLICT, UNAVAILABLE
from domain.fulfillment_orders import UpdateTracking
from domain.shop_order import Tracking
from tests.activities.conftest import Hands
from tests.activities.fulfilling import OTHER_CASE, OURS, Outgoing, line
from tests.world import SHOP


async def shipped(order: Outgoing) -> list[tuple[str, dict[str, int]]]:
    """Tracking number and pieces by SKU of each fulfillment."""
    return [
        (",".join(one.number for one in shipment.tracking), order.by_sku(shipment.quantities))
        for shipment in (await order.read()).shipments
    ]


async def test_a_shipment_is_recorded_with_its_tracking(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5), line("SHOE", 1))
    answer = await order.ship("1Z-1", SHIRT=3, SHOE=1)
    assert await shipped(order) == [("1Z-1", {"SHIRT": 3, "SHOE": 1})]
    [(number, pieces)] = answer.fulfillments.items()
    assert number == (await order.read()).shipments[0].id
    assert order.by_sku(pieces) == {"SHIRT": 3, "SHOE": 1}
    assert (answer.blocked, answer.excess) == ({}, {})
    found = (await order.read()).shipments[0].tracking[0]
    assert (found.company, found.number) == ("UPS", "1Z-1")


async def test_the_first_answer_names_the_fulfillment_already(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2))
    answer = await hands.call(order.do.create_fulfillment, order.ships(SHIRT=2))
    assert (answer.done, answer.changed) == (False, True)
    assert list(answer.fulfillments) == [(await order.read()).shipments[0].id]


async def test_a_repeat_and_a_lost_answer_ship_once(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5))
    hands.world.lose_answer_to = "fulfillmentCreate"
    lost = await hands.refusal(order.do.create_fulfillment, order.ships(SHIRT=2))
    assert (lost.type, lost.non_retryable) == (UNAVAILABLE, False)
    for _ in range(2):
        answer = await order.ship(SHIRT=2)
        assert [order.by_sku(one) for one in answer.fulfillments.values()] == [{"SHIRT": 2}]
    assert await order.writes("fulfillmentCreate") == 1
    assert (await order.read()).remaining == order.by_line({"SHIRT": 3})


async def test_two_parcels_of_one_line_are_two_shipments(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5))
    await order.ship("1Z-1", SHIRT=2)
    await order.ship("1Z-2", SHIRT=3)
    assert await shipped(order) == [("1Z-1", {"SHIRT": 2}), ("1Z-2", {"SHIRT": 3})]


async def test_what_a_person_recorded_of_the_parcel_is_not_recorded_again(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5))
    await order.somebody_ships("1z 1", SHIRT=2)
    answer = await order.ship("1Z1", SHIRT=3)
    assert await shipped(order) == [("1z 1", {"SHIRT": 2}), ("1Z1", {"SHIRT": 1})]
    assert sorted(sum(one.values()) for one in answer.fulfillments.values()) == [1, 2]


async def test_somebody_elses_lines_under_the_same_number_do_not_swallow_ours(
    hands: Hands,
) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2), line("SHOE", 2))
    await order.somebody_ships("1Z-1", SHOE=2)
    answer = await order.ship("1Z-1", SHIRT=2)
    assert await shipped(order) == [("1Z-1", {"SHOE": 2}), ("1Z-1", {"SHIRT": 2})]
    [ours] = answer.fulfillments.values()
    assert order.by_sku(ours) == {"SHIRT": 2}


async def test_more_than_is_left_is_said_and_the_rest_ships(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 3))
    await order.somebody_ships("DHL-9", SHIRT=2)
    answer = await order.ship(SHIRT=3)
    assert order.by_sku(answer.excess) == {"SHIRT": 2}
    assert await shipped(order) == [("DHL-9", {"SHIRT": 2}), ("1Z-1", {"SHIRT": 1})]


async def test_a_line_of_another_order_is_all_excess(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 3))
    answer = await hands.call(
        order.do.create_fulfillment,
        order.ships(SHIRT=3).model_copy(update={"quantities": {"12345": 2}}),
    )
    assert (answer.done, answer.excess) == (True, {"12345": 2})
    assert await order.writes("fulfillmentCreate") == 0


async def test_our_own_holds_are_released_before_the_lines_ship(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5))
    await order.align(OURS, SHIRT=5)
    await order.align(OTHER_CASE, SHIRT=5)
    first = await hands.call(order.do.create_fulfillment, order.ships(SHIRT=2))
    assert (first.done, first.changed, first.fulfillments) == (False, True, {})
    assert await order.writes("fulfillmentCreate") == 0
    answer = await order.ship(SHIRT=2)
    assert answer.blocked == {}
    assert await shipped(order) == [("1Z-1", {"SHIRT": 2})]
    assert await order.writes("fulfillmentOrderReleaseHold") == 1


async def test_what_is_ready_ships_before_what_is_held(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5))
    await order.align(SHIRT=3)
    await order.ship(SHIRT=2)
    assert await order.writes("fulfillmentOrderReleaseHold") == 0
    assert [(pieces, who) for _, pieces, who in (await order.state())["SHIRT"]] == [(3, OURS)]


async def test_somebody_elses_hold_blocks_its_lines_and_no_others(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2), line("SHOE", 1, location="Harbour"))
    await order.align(SHIRT=2)
    await order.elsewhere("SHIRT", "hold", reason="HIGH_RISK_OF_FRAUD", by="Fraud Watch")
    answer = await order.ship(SHIRT=2, SHOE=1)
    assert order.by_sku(answer.blocked) == {
        "SHIRT": "is held by somebody else (high risk of fraud)"
    }
    assert await shipped(order) == [("1Z-1", {"SHOE": 1})]
    # Ours stays: releasing it would not have let anything ship.
    assert await order.writes("fulfillmentOrderReleaseHold") == 0


async def test_two_locations_are_two_fulfillments_of_one_number(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5, locations={"Harbour": 2, "Hill": 3}))
    first = await hands.call(order.do.create_fulfillment, order.ships(SHIRT=5))
    assert (first.done, len(first.fulfillments)) == (False, 1)
    assert await order.writes("fulfillmentCreate") == 1
    answer = await order.ship(SHIRT=5)
    assert sorted(await shipped(order), key=str) == [
        ("1Z-1", {"SHIRT": 2}),
        ("1Z-1", {"SHIRT": 3}),
    ]
    assert len(answer.fulfillments) == 2


async def test_two_fulfillment_orders_of_a_location_ship_together(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 5))
    await order.elsewhere("SHIRT", "split", lines=[{"sku": "SHIRT", "quantity": 2}])
    await order.ship(SHIRT=4)
    assert await shipped(order) == [("1Z-1", {"SHIRT": 4})]
    assert await order.writes("fulfillmentCreate") == 1


async def test_a_shipment_by_a_faster_hand_is_read_again(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 3))
    hands.world.before_call["fulfillmentCreate"] = lambda: order.somebody_ships("X-1", SHIRT=2)
    late = await hands.refusal(order.do.create_fulfillment, order.ships(SHIRT=3))
    assert (late.type, late.non_retryable) == (UNAVAILABLE, False)
    answer = await order.ship(SHIRT=3)
    assert order.by_sku(answer.excess) == {"SHIRT": 2}
    assert await shipped(order) == [("X-1", {"SHIRT": 2}), ("1Z-1", {"SHIRT": 1})]


async def test_a_cancelled_order_ships_nothing(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 3))
    answer = await hands.world.shopify.post(
        f"/_emulator/shops/{SHOP}/orders/{order.order_id}/cancel", json={}
    )
    assert answer.is_success
    assert order.by_sku((await order.ship(SHIRT=3)).excess) == {"SHIRT": 3}


async def test_a_shipment_without_a_number_and_one_of_no_order_are_refused(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 3))
    unnumbered = await hands.refusal(order.do.create_fulfillment, order.ships(" ", SHIRT=1))
    assert (unnumbered.type, unnumbered.non_retryable) == (CONFLICT, True)
    request = order.ships(SHIRT=1).model_copy(update={"order_id": "999999"})
    assert (await hands.refusal(order.do.create_fulfillment, request)).type == CONFLICT


# Tracking.


def corrected(order: Outgoing, fulfillment: str, **tracking: str) -> UpdateTracking:
    return UpdateTracking(
        shop=SHOP,
        order_id=order.order_id,
        fulfillment_id=fulfillment,
        tracking=Tracking(**tracking),
    )


async def test_a_corrected_number_is_written_once(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2))
    [number] = (await order.ship("1Z-1", SHIRT=2)).fulfillments
    request = corrected(order, number, company="DHL", number="JD-2", url="https://dhl.example/JD-2")
    for changed in (True, False):
        assert (await hands.call(order.do.update_tracking, request)).changed is changed
    [found] = (await order.read()).shipments[0].tracking
    assert found == request.tracking
    assert await order.writes("fulfillmentTrackingInfoUpdate") == 1


async def test_what_is_not_known_of_the_tracking_stays_as_shopify_has_it(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2))
    [number] = (await order.ship("1Z-1", SHIRT=2)).fulfillments
    request = corrected(order, number, number="1Z-1")
    assert not (await hands.call(order.do.update_tracking, request)).changed


async def test_a_lost_answer_to_a_correction_corrects_once(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2))
    [number] = (await order.ship("1Z-1", SHIRT=2)).fulfillments
    hands.world.lose_answer_to = "fulfillmentTrackingInfoUpdate"
    request = corrected(order, number, company="DHL", number="JD-2")
    assert (await hands.refusal(order.do.update_tracking, request)).type == UNAVAILABLE
    assert not (await hands.call(order.do.update_tracking, request)).changed
    assert await order.writes("fulfillmentTrackingInfoUpdate") == 1


async def test_tracking_of_a_fulfillment_that_is_gone_is_for_a_person(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2))
    refused = await hands.refusal(
        order.do.update_tracking, corrected(order, "999999", number="JD-2")
    )
    assert (refused.type, refused.non_retryable) == (CONFLICT, True)


# All of it together.


@pytest.mark.parametrize("seed", range(4))
async def test_with_answers_lost_at_random_everything_happens_once(hands: Hands, seed: int) -> None:
    order = await Outgoing.placed(
        hands, line("SHIRT", 6, locations={"Harbour": 4, "Hill": 2}), line("SHOE", 3)
    )
    await hands.world.shopify.put("/_emulator/limits", json={"bucket_size": 1_000_000})
    await hands.world.faults("shopify", api={"lost_answer_rate": 0.4}, seed=seed)

    async def through(activity: Any, request: Any) -> None:
        """As Temporal repeats it."""
        for attempt in range(1, 60):
            with contextlib.suppress(ApplicationError):
                if (await hands.call(activity, request, attempt=attempt)).done:
                    return
        pytest.fail("never done")

    await through(order.do.align_holds, order.holds(SHIRT=5, SHOE=1))
    await through(order.do.create_fulfillment, order.ships("1Z-1", SHIRT=3, SHOE=2))
    await through(order.do.align_holds, order.holds(SHIRT=2))
    await through(order.do.create_fulfillment, order.ships("1Z-2", SHIRT=3, SHOE=1))
    await hands.world.faults("shopify")
    by_number: dict[str, dict[str, int]] = {}
    for number, pieces in await shipped(order):
        total = by_number.setdefault(number, {})
        for sku, quantity in pieces.items():
            total[sku] = total.get(sku, 0) + quantity
    assert by_number == {"1Z-1": {"SHIRT": 3, "SHOE": 2}, "1Z-2": {"SHIRT": 3, "SHOE": 1}}
    assert await order.state() == {}
