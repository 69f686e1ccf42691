"""The order changes in Shopify underneath its purchase orders."""

from tests.workflows.claims import BOTH
from tests.workflows.purchase_orders import (
    LAMP,
    SCARF,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    furnish,
    ordered,
    purchased,
)
from tests.world import World


@BOTH
async def test_pieces_an_edit_takes_off_are_cancelled_at_the_partner(world: World) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.accept(number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(("SHIRT-1", 3))
    change = await made.until_change(TEXTILES)
    assert (change["purpose"], change["lines"][0]["quantity"]) == ("cancel", 2)
    assert (await made.line("SHIRT-1"))["cancelled"] == 0, "not before the partner has agreed"
    await made.acknowledge(number)
    await made.until_line("SHIRT-1", cancelled=2, confirmed=3)
    await made.shipped(number, SHIRT_1=3)
    assert await made.outcome() == "completed"


async def test_pieces_and_lines_an_edit_adds_become_part_of_the_purchase_order(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.accept(number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(add=[SCARF, LAMP])
    change = await made.until_change(TEXTILES)
    assert change["purpose"] == "change"
    [line] = change["lines"]
    assert (line["line_id"], line["sku"], line["quantity"]) == (
        made.lines["SCARF-1"],
        "SCARF-1",
        2,
    )
    await made.acknowledge(number)
    await made.until_line("SCARF-1", open=2)
    await made.respond(number, made.said("SCARF-1", "IA"))
    await world.until_status(made.case_id, "awaiting_other")
    await made.shipped(number, SHIRT_1=5, SCARF_1=2)
    assert await made.outcome() == "completed"


async def test_a_line_of_another_partner_added_by_an_edit_becomes_a_purchase_order_of_its_own(
    world: World,
) -> None:
    await furnish(world, SHIRT, SHOE)
    made = await ordered(world, SHIRT)
    textiles = (await made.sent(TEXTILES))["po_number"]
    await made.accept(textiles)
    await made.edit(add=[SHOE])
    shoes = (await made.sent(SHOES))["po_number"]
    await made.accept(shoes)
    await made.shipped(textiles, "S-1", SHIRT_1=5)
    await made.shipped(shoes, "S-2", SHOE_1=1)
    assert await made.outcome() == "completed"


async def test_more_of_a_line_is_a_change_and_holds_once_acknowledged(world: World) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.accept(number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.edit(("SHIRT-1", 7))
    change = await made.until_change(TEXTILES)
    assert (change["purpose"], change["lines"][0]["quantity"]) == ("change", 7)
    await made.acknowledge(number)
    await made.until_line("SHIRT-1", ordered=7, confirmed=7)


async def test_a_rejected_part_that_the_merchant_takes_off_the_order_needs_no_word_to_anybody(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.respond(number, made.said("SHIRT-1", "IQ", 3))
    await made.until_asked("rejected")
    await made.edit(("SHIRT-1", 3))
    await world.until_status(made.case_id, "awaiting_other")
    assert await made.changes(TEXTILES) == []
    await made.shipped(number, SHIRT_1=3)
    assert await made.outcome() == "completed"


async def test_a_refused_cancellation_is_the_merchants_who_lets_it_stand(world: World) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.accept(number)
    await made.edit(("SHIRT-1", 3))
    await made.until_change(TEXTILES)
    await made.acknowledge(number, refuse="It is packed.")
    asked = await made.until_asked("change_refused")
    assert "It is packed." in asked["text"]
    await made.decide("accept")
    await world.until_status(made.case_id, "awaiting_other")
    assert (await made.line("SHIRT-1"))["confirmed"] == 5
    await made.shipped(number, SHIRT_1=5)
    assert await made.outcome() == "completed"


async def test_a_change_waits_for_the_merchants_word_where_the_policy_wants_it(
    world: World,
) -> None:
    made = await purchased(world, SHIRT, auto_change=False)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.accept(number)
    await made.edit(("SHIRT-1", 3))
    await made.until_asked("change")
    assert await made.changes(TEXTILES) == []
    await made.decide("accept")
    await made.until_change(TEXTILES)
    await made.acknowledge(number)
    await made.until_line("SHIRT-1", cancelled=2)


async def test_an_order_cancelled_before_its_purchase_order_was_sent_sends_none(
    world: World,
) -> None:
    await furnish(world, SHIRT, auto_send=False)
    made = await ordered(world, SHIRT)
    await made.until_asked("send")
    await made.cancel_order()
    assert await made.outcome() == "cancelled"
    assert await made.purchase_orders() == []


async def test_a_purchase_order_is_sent_on_the_merchants_word_where_the_policy_wants_it(
    world: World,
) -> None:
    await furnish(world, SHIRT, auto_send=False)
    made = await ordered(world, SHIRT)
    await made.until_asked("send")
    assert await made.purchase_orders() == []
    await made.decide("accept")
    await made.sent(TEXTILES)


async def test_own_echoes_are_not_looked_at(world: World) -> None:
    made = await purchased(world, SHIRT)
    await made.accept((await made.sent(TEXTILES))["po_number"])
    await world.tagged(made.order, "gridcase-awaiting-other")
    await world.delivered()
    history = await world.history(made.case_id)
    names = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in history.events
        if event.HasField("activity_task_scheduled_event_attributes")
    ]
    assert names.count("fulfillment_orders.read_order") == 1
