"""Purchase orders beside their papers: a notice ships the order, and each hears of the other."""

from typing import Any

from tests.workflows.claims import BOTH
from tests.workflows.purchase_orders import SCARF, SHIRT, TEXTILES, Purchase, purchased
from tests.world import SHOP, World


async def notice(made: Purchase, number: str, shipment: str = "SHP-1", **skus: int) -> None:
    """The partner's shipment notice: `SHIRT_1=2`."""
    items = [
        {
            "po_number": number,
            "line_id": made.lines[sku.replace("_", "-")],
            "sku": sku.replace("_", "-"),
            "quantity": count,
        }
        for sku, count in skus.items()
    ]
    await made.world._post(
        made.world.trading_grid,
        "/_emulator/shipment-notices",
        {
            "partner_id": TEXTILES,
            "po_numbers": [number],
            "shipment_number": shipment,
            "carrier": "DHL",
            "packages": [{"tracking_number": f"T-{shipment}", "items": items}],
        },
    )


@BOTH
async def test_shipment_notices_ship_the_order_in_parts_and_complete_it(world: World) -> None:
    made = await purchased(world, SHIRT, SCARF)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.accept(number)
    await world.until_status(made.case_id, "awaiting_other")
    await notice(made, number, SHIRT_1=3, SCARF_1=2)
    await made.until_line("SHIRT-1", shipped=3)
    await notice(made, number, "SHP-2", SHIRT_1=2)
    assert await made.outcome() == "completed"
    order = await world.order_in_shopify(made.order)
    assert order["fulfillment_status"] == "FULFILLED"


async def test_held_pieces_are_released_and_ship_when_their_notice_comes(world: World) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.respond(number, made.said("SHIRT-1", "IB"))
    await made.until_held({"UNKNOWN_DELIVERY_DATE": {"SHIRT-1": 5}})
    await notice(made, number, SHIRT_1=5)
    assert await made.outcome() == "completed"
    order = await world.order_in_shopify(made.order)
    assert order["fulfillment_status"] == "FULFILLED"
    assert await made.holds() == {}


async def test_papers_hear_of_what_is_cancelled(world: World) -> None:
    made = await purchased(world, SHIRT)
    number = (await made.sent(TEXTILES))["po_number"]
    await made.accept(number)
    await notice(made, number, SHIRT_1=3)
    await made.until_line("SHIRT-1", shipped=3)
    await made.edit(("SHIRT-1", 3))
    await made.until_change(TEXTILES)
    await made.acknowledge(number)
    await made.until_line("SHIRT-1", cancelled=2)

    async def heard() -> Any:
        history = await world.history(f"shipping-documents:{SHOP}:{number}")
        names = [
            event.workflow_execution_signaled_event_attributes.signal_name
            for event in history.events
            if event.HasField("workflow_execution_signaled_event_attributes")
        ]
        return "case_changed" in names

    await world.eventually(heard, lambda told: told)
    assert await made.outcome() == "completed"
