"""Orders edited, cancelled, or rearranged by staff while partners work on them: each partner ships what is wanted."""

from datetime import timedelta

import pytest

from domain.shopify_ids import numeric_id
from tests.workflows.papers import bills, fulfillments, package, ships
from tests.workflows.purchase_orders import (
    SCARF,
    SHIRT,
    TEXTILES,
    furnish,
    ordered,
    purchased,
)
from tests.workflows.whole_orders import all_papers, complete, in_shop, papers_of, sent_to
from tests.world import SHOP, World

MINUTE = timedelta(minutes=1)


async def test_an_order_edited_while_its_purchase_order_is_being_sent_is_taken_back_afterwards(
    world: World,
) -> None:
    await furnish(world, SHIRT)
    await world.faults("trading_grid", api={"down": True})
    made = await ordered(world, SHIRT)
    await world.until_told(made.case_id, "drop-ship lines; ordered from")
    await made.edit(("SHIRT-1", 3))
    await world.until_told(made.case_id, "The order was edited: SHIRT-1: 3 instead of 5")
    await world.faults("trading_grid")
    await world.sleep(10 * MINUTE)
    order = await sent_to(made)
    change = await made.until_change(TEXTILES)
    assert (change["purpose"], change["lines"][0]["quantity"]) == ("cancel", 2)
    await made.acknowledge(order.po_number)
    await made.accept(order.po_number)
    await ships(world, order, package(order, "T-1", SHIRT_1=3))
    assert await made.outcome() == "completed"
    assert await in_shop(world, order) == {"SHIRT-1": 3}


async def test_an_order_cancelled_while_its_purchase_order_is_being_sent_is_never_ordered(
    world: World,
) -> None:
    await furnish(world, SHIRT)
    await world.faults("trading_grid", api={"down": True})
    made = await ordered(world, SHIRT)
    await world.until_told(made.case_id, "drop-ship lines; ordered from")
    await made.cancel_order()
    await world.until_told(made.case_id, "cancelled in Shopify")
    await world.faults("trading_grid")
    await world.sleep(10 * MINUTE)
    assert await made.outcome() == "cancelled"
    assert await made.purchase_orders() == []


async def test_an_order_cancelled_while_it_is_confirmed_and_on_its_way_ends_with_what_shipped(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(("SHIRT-1", 2))
    change = await made.until_change(TEXTILES)
    assert change["lines"][0]["quantity"] == 3
    # The partner has shipped two already, and refuses nothing.
    await ships(world, order, package(order, "T-1", SHIRT_1=2))
    await made.until_line("SHIRT-1", shipped=2)
    await made.acknowledge(order.po_number)
    assert await made.outcome() == "completed"
    await all_papers(world, order, SHIRT_1=2)
    await complete(world, order)
    assert await in_shop(world, order) == {"SHIRT-1": 2}


async def test_a_line_added_while_all_else_ships_ships_too(world: World) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(add=[SCARF])
    await made.until_change(TEXTILES)
    order = papers_of(made, order.po_number)
    # Before it acknowledges the change, the partner ships and bills all that it knew of.
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    await all_papers(world, order, SHIRT_1=5)
    await made.until_line("SHIRT-1", shipped=5)
    seen = await world.until_status(order.papers, "awaiting_other")
    assert seen.waiting_for is not None
    assert seen.waiting_for.what == "the partner's answer to a change of it"
    await made.acknowledge(order.po_number)
    await made.until_line("SCARF-1", open=2)
    await bills(world, order, ("SCARF-1", 2, "12.00"), number="INV-2")
    await ships(world, order, package(order, "T-2", SCARF_1=2), number="SHP-2")
    assert await made.outcome() == "completed"
    await complete(world, order)
    assert await in_shop(world, order) == {"SHIRT-1": 5, "SCARF-1": 2}


async def test_goods_of_a_cancelled_order_that_come_all_the_same_are_said_and_not_fulfilled(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.cancel_order()
    await made.until_change(TEXTILES)
    await made.acknowledge(order.po_number)
    assert await made.outcome() == "cancelled"
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    await world.until_notified("something does not fit")
    assert await fulfillments(world, order) == []


async def test_a_cancellation_refused_since_it_has_shipped_ends_with_the_merchants_word(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.cancel_order()
    await made.until_change(TEXTILES)
    await made.acknowledge(order.po_number, refuse="It is on the lorry.")
    await made.until_asked("change_refused")
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    await world.until_told(order.papers, "5 × SHIRT-1 had shipped, or gone, in Shopify before")
    await made.until_line("SHIRT-1", shipped=5)
    await made.decide("accept")
    assert await made.outcome() == "completed"
    assert await fulfillments(world, order) == []


async def test_two_edits_before_the_partner_answers_the_first_end_at_the_last(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(("SHIRT-1", 3))
    await made.until_change(TEXTILES)
    await made.edit(("SHIRT-1", 7))
    await world.until_told(made.case_id, "7 instead of 3")
    await made.acknowledge(order.po_number)
    change = await made.until_change(TEXTILES, 2)
    assert [line["quantity"] for line in change["lines"]] == [7]
    await made.acknowledge(order.po_number, 2)
    await ships(world, order, package(order, "T-1", SHIRT_1=7))
    assert await made.outcome() == "completed"
    assert await in_shop(world, order) == {"SHIRT-1": 7}


async def test_an_edit_back_after_the_partner_refused_it_asks_for_nothing_more(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(("SHIRT-1", 3))
    await made.until_change(TEXTILES)
    await made.acknowledge(order.po_number, refuse="It is packed already.")
    await made.until_asked("change_refused")
    await made.edit(("SHIRT-1", 5))
    await world.until_status(made.case_id, "awaiting_other")
    assert len(await made.changes(TEXTILES)) == 1
    await ships(world, order, package(order, "T-1", SHIRT_1=5))
    assert await made.outcome() == "completed"


async def test_more_that_the_partner_refused_is_not_taken_back_of_what_it_ships(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(("SHIRT-1", 7))
    await made.until_change(TEXTILES)
    await made.acknowledge(order.po_number, refuse="There are no more.")
    await made.until_asked("change_refused")
    await made.edit(("SHIRT-1", 4))
    change = await made.until_change(TEXTILES, 2)
    assert (change["purpose"], change["lines"][0]["quantity"]) == ("cancel", 1)
    await made.acknowledge(order.po_number, 2)
    await ships(world, order, package(order, "T-1", SHIRT_1=4))
    assert await made.outcome() == "completed"


@pytest.mark.parametrize("cancelled", [False, True])
async def test_what_is_added_and_taken_off_before_the_partner_answers_is_taken_back(
    world: World, cancelled: bool
) -> None:
    made = await purchased(world, SHIRT)
    order = await sent_to(made)
    await made.accept(order.po_number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(add=[SCARF])
    await made.until_change(TEXTILES)
    if cancelled:
        await made.cancel_order()
        await made.until_change(TEXTILES, 2)
        await made.acknowledge(order.po_number, 2)
    else:
        await made.edit(("SCARF-1", 0))
        await world.until_told(made.case_id, "0 instead of 2")
    await made.acknowledge(order.po_number, 1)
    change = await made.until_change(TEXTILES, 3 if cancelled else 2)
    assert [(line["line_id"], line["quantity"]) for line in change["lines"]] == [
        (made.lines["SCARF-1"], 2)
    ]
    assert change["purpose"] == "cancel"
    await made.acknowledge(order.po_number, change["change_number"])
    if not cancelled:
        await ships(world, order, package(order, "T-1", SHIRT_1=5))
    assert await made.outcome() == ("cancelled" if cancelled else "completed")


async def test_staff_splitting_what_a_partner_ships_stops_nothing(world: World) -> None:
    made = await purchased(world, SHIRT, SCARF)
    order = await sent_to(made)
    await made.respond(order.po_number, made.said("SHIRT-1", "IB"), made.said("SCARF-1", "IA"))
    await made.until_held({"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 5}})
    for one in (await world.order_in_shopify(made.order))["fulfillment_orders"]:
        if one["status"] == "OPEN":
            path = f"/_emulator/shops/{SHOP}/fulfillment-orders/{numeric_id(one['id'])}/split"
            await world._post(world.shopify, path, {"lines": [{"sku": "SCARF-1", "quantity": 1}]})
    await ships(world, order, package(order, "T-1", SHIRT_1=5, SCARF_1=2))
    assert await made.outcome() == "completed"
    assert await in_shop(world, order) == {"SHIRT-1": 5, "SCARF-1": 2}
    assert await made.holds() == {}
