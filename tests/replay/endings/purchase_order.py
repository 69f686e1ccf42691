"""How purchase orders end, each played to its close. Times are short, since the dev server's clock is the real one."""

from typing import Any

from tests.replay.endings.return_claim import quiet
from tests.replay.recording import Play
from tests.workflows.purchase_orders import (
    SCARF,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    Purchase,
    day,
    furnish,
    ordered,
    purchased,
)
from tests.workflows.test_purchase_order_replenishment import replenished
from tests.world import World

SOON = {"hours": 3 / 3600}
LONG = {"hours": 72}


async def bought(world: World, *lines: dict[str, Any], **terms: Any) -> Purchase:
    """An order whose partners have their purchase orders, with nothing under way."""
    made = await purchased(world, *lines, **terms)
    await quiet(world, made.case_id)
    return made


async def number_of(made: Purchase, partner: str = TEXTILES) -> str:
    return str((await made.sent(partner))["po_number"])


async def two_partners_ship_everything(world: World) -> str:
    made = await bought(world, SHIRT, SHOE)
    textiles, shoes = await number_of(made), await number_of(made, SHOES)
    await made.accept(textiles)
    await made.until_line("SHIRT-1", confirmed=5)
    await made.accept(shoes)
    await made.until_line("SHOE-1", confirmed=1)
    await quiet(world, made.case_id)
    await made.shipped(textiles, "S-1", SHIRT_1=5)
    await quiet(world, made.case_id)
    await made.shipped(shoes, "S-2", SHOE_1=1)
    return made.case_id


async def backordered_held_dated_and_shipped_in_parts(world: World) -> str:
    made = await bought(world, SHIRT)
    number = await number_of(made)
    await made.respond(number, made.said("SHIRT-1", "BP", 3))
    await made.until_held({"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 2}})
    await quiet(world, made.case_id)
    await made.respond(number, made.said("SHIRT-1", "BP", 3, scheduled_ship_date=day(4)))
    await made.until_held({})
    await quiet(world, made.case_id)
    await made.shipped(number, "S-1", about_to=True, SHIRT_1=3)
    await made.shipped(number, "S-1", version=1, SHIRT_1=3)
    await quiet(world, made.case_id)
    await made.shipped(number, "S-2", SHIRT_1=2)
    return made.case_id


async def price_and_substitute_decided(world: World) -> str:
    made = await bought(world, SHIRT, SCARF)
    number = await number_of(made)
    await made.respond(
        number,
        made.said("SHIRT-1", "IP", unit_price="45.00"),
        made.said("SCARF-1", "IS", substitute_sku="SCARF-2"),
    )
    await made.until_asked("substitute")
    await quiet(world, made.case_id)
    await made.decide("", ("SHIRT-1", "reject"), ("SCARF-1", "accept"))
    await made.until_change(TEXTILES)
    await quiet(world, made.case_id)
    await made.acknowledge(number)
    await world.until_status(made.case_id, "awaiting_other")
    await quiet(world, made.case_id)
    await made.shipped(number, SHIRT_1=5, SCARF_1=2)
    return made.case_id


async def edited_and_changed(world: World) -> str:
    made = await bought(world, SHIRT)
    number = await number_of(made)
    await made.accept(number)
    await world.until_status(made.case_id, "awaiting_other")
    await quiet(world, made.case_id)
    await made.edit(("SHIRT-1", 3), add=[SCARF])
    await made.until_change(TEXTILES)
    await quiet(world, made.case_id)
    await made.acknowledge(number, 1)
    await made.until_change(TEXTILES, 2)
    await quiet(world, made.case_id)
    await made.acknowledge(number, 2)
    await made.until_line("SCARF-1", open=2)
    await quiet(world, made.case_id)
    await made.respond(number, made.said("SCARF-1", "IA"))
    await made.until_line("SCARF-1", confirmed=2)
    await quiet(world, made.case_id)
    await made.shipped(number, SHIRT_1=3, SCARF_1=2)
    return made.case_id


async def reassigned_to_another_partner(world: World) -> str:
    await furnish(world, SHIRT, SHOE)
    made = await ordered(world, SHIRT)
    first = await number_of(made)
    await quiet(world, made.case_id)
    await made.respond(first, made.said("SHIRT-1", "IQ", 2))
    await made.until_asked("rejected")
    await quiet(world, made.case_id)
    await made.reassign(SHOES, "SHIRT-1")
    await made.until_change(TEXTILES)
    await quiet(world, made.case_id)
    await made.acknowledge(first)
    second = await number_of(made, SHOES)
    await quiet(world, made.case_id)
    await made.accept(second)
    await made.until_line("SHIRT-1", confirmed=5)
    await quiet(world, made.case_id)
    await made.shipped(second, SHIRT_1=5)
    return made.case_id


async def rejected_by_everybody(world: World) -> str:
    made = await bought(world, SHIRT)
    await made.respond(await number_of(made), header="RJ")
    await made.until_asked("rejected")
    await quiet(world, made.case_id)
    await made.decide("accept")
    return made.case_id


async def order_cancelled_in_shopify(world: World) -> str:
    made = await bought(world, SHIRT)
    number = await number_of(made)
    await made.accept(number)
    await world.until_status(made.case_id, "awaiting_other")
    await quiet(world, made.case_id)
    await made.cancel_order()
    await made.until_change(TEXTILES)
    await quiet(world, made.case_id)
    await made.acknowledge(number)
    return made.case_id


async def purchases_cancelled_by_the_merchant(world: World) -> str:
    made = await bought(world, SHIRT)
    await made.write(TEXTILES, "Please wait.")
    await world.partner_case(TEXTILES)
    await quiet(world, made.case_id)
    await made.cancel()
    return made.case_id


async def purchases_cancelled_in_temporal(world: World) -> str:
    made = await bought(world, SHIRT)
    await world.handle(made.case_id).cancel()
    return made.case_id


async def silent_partner_then_nobody_decides(world: World) -> str:
    made = await purchased(
        world,
        SHIRT,
        answer_within=SOON,
        reminders=[0.5],
        merchant_within=SOON,
        merchant_reminders=[0.5],
    )
    return made.case_id


async def replenished_and_shipped(world: World) -> str:
    made = await replenished(world)
    number = await number_of(made)
    await world.until_told(made.case_id, "Inventory transfer")
    await quiet(world, made.case_id)
    await made.respond(number, made.said("SHIRT-1", "DR", scheduled_ship_date=day(5)))
    await made.until_line("SHIRT-1", confirmed=10)
    await quiet(world, made.case_id)
    await made.shipped(number, SHIRT_1=10)
    return made.case_id


ENDINGS: dict[str, Play] = {
    play.__name__: play
    for play in (
        two_partners_ship_everything,
        backordered_held_dated_and_shipped_in_parts,
        price_and_substitute_decided,
        edited_and_changed,
        reassigned_to_another_partner,
        rejected_by_everybody,
        order_cancelled_in_shopify,
        purchases_cancelled_by_the_merchant,
        purchases_cancelled_in_temporal,
        silent_partner_then_nobody_decides,
        replenished_and_shipped,
    )
}
