"""Late quantities are held in Shopify, and nothing else; what is dated again, or ships, is released."""

from tests.workflows.claims import BOTH
from tests.workflows.purchase_orders import SCARF, SHIRT, SHOE, SHOES, TEXTILES, day, purchased
from tests.world import SHOP, World


@BOTH
async def test_backordered_pieces_are_held_and_released_once_they_are_dated_again(
    world: World,
) -> None:
    made = await purchased(world, SHIRT, SCARF)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.respond(number, made.said("SHIRT-1", "BP", 3), made.said("SCARF-1", "IA"))
    await made.until_held({"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 2}})
    await made.respond(number, made.said("SHIRT-1", "BP", 3, scheduled_ship_date=day(4)))
    await made.until_held({})
    await made.shipped(number, SHIRT_1=5, SCARF_1=2)
    assert await made.outcome() == "completed"


async def test_pieces_dated_past_the_limit_are_out_of_stock(world: World) -> None:
    made = await purchased(world, SHIRT, backorder_limit={"hours": 48})
    number = (await made.sent(TEXTILES))["po_number"]
    await made.respond(number, made.said("SHIRT-1", "IB"))
    await made.until_held({"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 5}})
    await made.respond(number, made.said("SHIRT-1", "IB", scheduled_ship_date=day(9)))
    await made.until_held({"INVENTORY_OUT_OF_STOCK": {"SHIRT-1": 5}})
    await made.respond(number, made.said("SHIRT-1", "DR", scheduled_ship_date=day(1)))
    await made.until_held({})


async def test_undated_and_late_pieces_of_one_order_are_held_each_for_its_reason(
    world: World,
) -> None:
    made = await purchased(world, SHIRT, SHOE)
    textiles = (await made.sent(TEXTILES))["po_number"]
    shoes = (await made.sent(SHOES))["po_number"]
    await made.respond(textiles, made.said("SHIRT-1", "SP"))
    await made.respond(shoes, made.said("SHOE-1", "IB", scheduled_ship_date=day(60)))
    await made.until_held(
        {"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 5}, "INVENTORY_OUT_OF_STOCK": {"SHOE-1": 1}}
    )
    await made.cancel()
    assert await made.outcome() == "cancelled"
    assert await made.holds() == {}


async def test_what_is_about_to_ship_is_released_and_not_held_again(world: World) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.respond(number, made.said("SHIRT-1", "IB"))
    await made.until_held({"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 5}})
    await made.shipped(number, about_to=True, SHIRT_1=3)
    await made.until_held({"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 2}})
    assert (await made.line("SHIRT-1"))["shipped"] == 0
    await made.shipped(number, version=1, SHIRT_1=3)
    await made.until_line("SHIRT-1", shipped=3)
    assert await made.holds() == {"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 2}}


async def test_nothing_is_held_where_the_policy_says_so(world: World) -> None:
    made = await purchased(world, SHIRT, hold_backorders=False)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.respond(number, made.said("SHIRT-1", "IB"))
    await made.until_line("SHIRT-1", backordered=5)
    await made.shipped(number, SHIRT_1=5)
    assert await made.outcome() == "completed"
    assert await world.shopify_writes("fulfillmentOrderHold") == []


async def test_what_cannot_be_held_apart_is_told(world: World) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    order = await world.order_in_shopify(made.order)
    fulfillment_order = order["fulfillment_orders"][0]["id"].rpartition("/")[2]
    await world._post(
        world.shopify,
        f"/_emulator/shops/{SHOP}/fulfillment-orders/{fulfillment_order}/unsplittable",
        {"unsplittable": True},
    )
    await made.respond(number, made.said("SHIRT-1", "BP", 3))
    await world.until_told(made.case_id, "Could not be held: SHIRT-1")
    await world.until_notified("late pieces could not be held")


@BOTH
async def test_holds_of_others_stay(world: World) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await world._post(
        world.shopify,
        f"/_emulator/shops/{SHOP}/holds",
        {"order_id": made.order["order_id"], "reason": "INCORRECT_ADDRESS"},
    )
    await made.respond(number, made.said("SHIRT-1", "IB"))
    await made.until_line("SHIRT-1", backordered=5)
    await made.cancel()
    assert await made.outcome() == "cancelled"
    order = await world.order_in_shopify(made.order)
    reasons = [hold["reason"] for one in order["fulfillment_orders"] for hold in one["holds"]]
    assert reasons == ["INCORRECT_ADDRESS"]
