"""One test an ending, as a sentence; on the time-skipping server."""

from domain.shopify_ids import numeric_id
from tests.workflows.claims import BOTH
from tests.workflows.purchase_orders import (
    LAMP,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    day,
    furnish,
    ordered,
    purchased,
)
from tests.world import SHOP, World


@BOTH
async def test_a_paid_order_becomes_a_purchase_order_a_partner_and_completes_when_all_is_shipped(
    world: World,
) -> None:
    made = await purchased(world, SHIRT, SHOE, LAMP)
    textiles = (await made.sent(TEXTILES))["po_number"]
    shoes = (await made.sent(SHOES))["po_number"]
    assert textiles != shoes
    await made.accept(textiles)
    await made.accept(shoes)
    await world.until_status(made.case_id, "awaiting_other")
    await made.shipped(textiles, "S-1", SHIRT_1=5)
    await made.shipped(shoes, "S-2", SHOE_1=1)
    assert await made.outcome() == "completed"
    row = await world.row(made.case_id)
    assert (row.status, row.outcome) == ("resolved", "completed")
    assert len(await made.purchase_orders()) == 2
    position = await made.position(textiles)
    assert position.closed
    [line] = position.lines
    assert (line.line_id, line.ordered, line.shipped, line.open) == (made.lines["SHIRT-1"], 5, 5, 0)


async def test_what_the_partner_gets_is_the_order_and_where_it_goes(world: World) -> None:
    await furnish(world, SHIRT)
    made = await ordered(world, SHIRT, ship_to={"address1": "7 Mill Lane", "city": "Leeds"})
    sent = await made.sent(TEXTILES)
    assert sent["order_type"] == "drop_ship"
    address = made.address(sent["po_number"])
    assert (address["address1"], address["city"]) == ("7 Mill Lane", "Leeds")
    assert sent["external_reference"] == {
        "system": "gridcase",
        "id": f"{made.case_id}/{TEXTILES}/{sent['po_number']}",
    }
    [line] = sent["lines"]
    assert line["line_id"] == made.lines["SHIRT-1"]
    assert (line["sku"], line["quantity"]) == ("SHIRT-1", 5)
    assert (float(line["unit_price"]), line["currency"]) == (30.0, "EUR")
    assert len(sent["po_number"]) <= 22


async def test_an_order_that_is_not_paid_waits_for_its_payment(world: World) -> None:
    await furnish(world, SHIRT)
    made = await ordered(world, SHIRT, paid=False)
    await world.delivered()
    assert await world.all_cases() == []
    number = numeric_id(made.order["order_id"])
    await world._post(world.shopify, f"/_emulator/shops/{SHOP}/orders/{number}/pay", {})
    await made.sent(TEXTILES)


@BOTH
async def test_an_order_that_every_partner_rejects_ends_rejected_once_the_merchant_takes_it(
    world: World,
) -> None:
    made = await purchased(world, SHIRT, SHOE)
    await made.respond((await made.sent(TEXTILES))["po_number"], header="RJ")
    await made.respond((await made.sent(SHOES))["po_number"], made.said("SHOE-1", "R4", 0))
    await made.until_line("SHOE-1", rejected=1)
    await world.until_status(made.case_id, "awaiting_merchant")
    assert {one["topic"] for one in await made.questions()} == {"rejected"}
    await made.decide("accept")
    assert await made.outcome() == "rejected"


@BOTH
async def test_the_operators_cancel_tells_the_partners_that_nothing_more_is_wanted(
    world: World,
) -> None:
    made = await purchased(world, SHIRT, SHOE)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.respond(number, made.said("SHIRT-1", "IB"))
    await made.until_held({"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 5}})
    await made.cancel()
    assert await made.outcome() == "cancelled"
    assert await made.holds() == {}
    for partner, pieces in ((TEXTILES, 5), (SHOES, 1)):
        [change] = await made.changes(partner)
        assert change["purpose"] == "cancel"
        assert [line["quantity"] for line in change["lines"]] == [pieces]
    assert (await world.row(made.case_id)).status == "cancelled"


async def test_temporals_cancel_is_the_operators(world: World) -> None:
    made = await purchased(world, SHIRT)
    await world.handle(made.case_id).cancel()
    assert await made.outcome() == "cancelled"
    [change] = await made.changes(TEXTILES)
    assert change["purpose"] == "cancel"


@BOTH
async def test_an_order_cancelled_in_shopify_is_taken_back_and_ends_once_that_is_acknowledged(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.accept(number)
    await world.until_status(made.case_id, "awaiting_other")
    await made.cancel_order()
    change = await made.until_change(TEXTILES)
    assert change["purpose"] == "cancel"
    seen = await world.until_status(made.case_id, "awaiting_partner")
    assert seen.waiting_for is not None
    assert "an acknowledgement" in seen.waiting_for.what
    await made.acknowledge(number)
    assert await made.outcome() == "cancelled"


async def test_what_shipped_before_the_order_was_cancelled_completes_it(world: World) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.accept(number)
    await made.shipped(number, SHIRT_1=2)
    await made.until_line("SHIRT-1", shipped=2)
    await made.cancel_order()
    change = await made.until_change(TEXTILES)
    assert [line["quantity"] for line in change["lines"]] == [3]
    await made.acknowledge(number)
    assert await made.outcome() == "completed"


@BOTH
async def test_a_case_that_nobody_decides_expires(world: World) -> None:
    made = await purchased(
        world, SHIRT, merchant_within={"hours": 4}, notify=["console:"], merchant_reminders=[0.5]
    )
    await made.respond((await made.sent(TEXTILES))["po_number"], header="RJ")
    await world.until_status(made.case_id, "awaiting_merchant")
    assert await made.outcome() == "expired"
    assert (await world.row(made.case_id)).status == "expired"
    assert any("still waiting for merchant" in subject for subject in world.recorder.subjects())
    assert any("expired" in subject for subject in world.recorder.subjects())


async def test_an_order_without_drop_ship_lines_opens_nothing(world: World) -> None:
    await world.partner(TEXTILES)  # a route for every lifecycle never makes a purchase order
    await ordered(world, SHIRT)
    await world.delivered()
    assert await world.all_cases() == []


@BOTH
async def test_customer_service_sees_numbers_and_dates_on_the_order(world: World) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.respond(number, made.said("SHIRT-1", "DR", scheduled_ship_date=day(3)))
    await world.until_status(made.case_id, "awaiting_other")
    await world.tagged(made.order, "gridcase-awaiting-other")

    async def shown() -> str:
        order = await world.order_in_shopify(made.order)
        return str(order["metafields"])

    text = await world.eventually(shown, lambda text: text if f"{day(3)} × 5" in text else None)
    assert "ship:SHIRT-1" in text
    assert f"po:{number}" in text
    await made.shipped(number, SHIRT_1=5)
    assert await made.outcome() == "completed"
    await world.tagged(made.order)
    assert "completed" in await shown()


async def test_a_shipment_of_a_case_that_has_ended_or_of_another_number_is_no_failure(
    world: World,
) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.shipped("ACME-0-NONE-1", SHIRT_1=1)
    await world.until_told(made.case_id, "is not one of these")
    assert (await made.line("SHIRT-1"))["shipped"] == 0
    await made.shipped(number, SHIRT_1=5)
    assert await made.outcome() == "completed"
