"""Lines that go from one partner to another: let go at the first before they are ordered at the second."""

from domain.failures import INVALID_COMMAND
from tests.workflows.claims import BOTH, refused_as
from tests.workflows.purchase_orders import (
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
async def test_a_line_is_cancelled_and_acknowledged_at_the_first_before_it_is_ordered_at_the_second(
    world: World,
) -> None:
    await furnish(world, SHIRT, SHOE)
    made = await ordered(world, SHIRT, SCARF)
    first = (await made.sent(TEXTILES))["po_number"]
    await made.respond(first, made.said("SHIRT-1", "IB"), made.said("SCARF-1", "IA"))
    await made.until_line("SHIRT-1", backordered=5)
    await made.reassign(SHOES, "SHIRT-1")
    change = await made.until_change(TEXTILES)
    assert (change["purpose"], change["lines"][0]["quantity"]) == ("cancel", 5)
    assert await made.purchase_orders(SHOES) == [], "not before the first has let go"
    await made.acknowledge(first)
    second = await made.sent(SHOES)
    assert second["po_number"] != first
    [line] = second["lines"]
    assert (line["line_id"], line["quantity"]) == (made.lines["SHIRT-1"], 5)
    await made.accept(second["po_number"])
    await made.shipped(first, "S-1", SCARF_1=2)
    await made.shipped(second["po_number"], "S-2", SHIRT_1=5)
    assert await made.outcome() == "completed"


async def test_what_was_rejected_is_ordered_elsewhere_at_once(world: World) -> None:
    await furnish(world, SHIRT, SHOE)
    made = await ordered(world, SHIRT)
    first = (await made.sent(TEXTILES))["po_number"]
    await made.respond(first, made.said("SHIRT-1", "IQ", 2))
    await made.until_asked("rejected")
    await made.reassign(SHOES, "SHIRT-1")
    change = await made.until_change(TEXTILES)
    assert change["lines"][0]["quantity"] == 2, "what it had accepted is taken back"
    await made.acknowledge(first)
    second = await made.sent(SHOES)
    assert second["lines"][0]["quantity"] == 5
    await made.accept(second["po_number"])
    await world.until_status(made.case_id, "awaiting_other")


async def test_a_partner_that_does_not_let_go_keeps_the_line(world: World) -> None:
    await furnish(world, SHIRT, SHOE)
    made = await ordered(world, SHIRT)
    first = (await made.sent(TEXTILES))["po_number"]
    await made.accept(first)
    await made.reassign(SHOES, "SHIRT-1")
    await made.until_change(TEXTILES)
    await made.acknowledge(first, refuse="Packed.")
    await made.until_asked("change_refused")
    await made.decide("accept")
    await world.until_told(made.case_id, "was not let go")
    assert await made.purchase_orders(SHOES) == []
    await made.shipped(first, SHIRT_1=5)
    assert await made.outcome() == "completed"


async def test_a_second_attempt_that_is_acknowledged_moves_the_line(world: World) -> None:
    await furnish(world, SHIRT, SHOE)
    made = await ordered(world, SHIRT)
    first = (await made.sent(TEXTILES))["po_number"]
    await made.accept(first)
    await made.reassign(SHOES, "SHIRT-1")
    await made.until_change(TEXTILES)
    await made.acknowledge(first, refuse="Packed.")
    await made.until_asked("change_refused")
    await made.decide("reject")
    await made.until_change(TEXTILES, 2)
    await made.acknowledge(first, 2)
    second = await made.sent(SHOES)
    assert second["lines"][0]["quantity"] == 5


async def test_an_unknown_partner_gets_nothing_and_the_first_is_told_nothing(world: World) -> None:
    made = await purchased(world, SHIRT)
    await made.reassign("nobody", "SHIRT-1")
    await world.until_told(made.case_id, "The partner nobody is not known here.")
    assert await made.changes(TEXTILES) == []


async def test_lines_that_have_shipped_cannot_go_elsewhere(world: World) -> None:
    await furnish(world, SHIRT, SHOE)
    made = await ordered(world, SHIRT, SCARF)
    first = (await made.sent(TEXTILES))["po_number"]
    await made.shipped(first, SHIRT_1=5)
    await made.until_line("SHIRT-1", shipped=5)
    words = await refused_as(INVALID_COMMAND, made.reassign(SHOES, "SHIRT-1"))
    assert "Nothing of line" in words


async def test_what_the_first_offers_again_after_it_went_elsewhere_is_the_merchants(
    world: World,
) -> None:
    await furnish(world, SHIRT, SHOE)
    made = await ordered(world, SHIRT)
    first = (await made.sent(TEXTILES))["po_number"]
    await made.respond(first, header="RJ")
    await made.until_asked("rejected")
    await made.reassign(SHOES, "SHIRT-1")
    second = (await made.sent(SHOES))["po_number"]
    await made.accept(second)
    await made.respond(first, made.said("SHIRT-1", "IA"))
    asked = await made.until_asked("change")
    assert "5 × SHIRT-1 were rejected before" in asked["text"]
    await made.decide("accept")
    await made.until_change(TEXTILES)
    await made.acknowledge(first)
    await world.until_status(made.case_id, "awaiting_other")
    await made.shipped(second, SHIRT_1=5)
    assert await made.outcome() == "completed"
