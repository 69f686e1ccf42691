"""One test an ending, as a sentence; on the time-skipping server."""

from tests.workflows.claims import BOTH
from tests.workflows.purchase_orders import SHIRT, SHOE, SHOES, TEXTILES, purchased
from tests.world import World


@BOTH
async def test_a_paid_order_becomes_a_purchase_order_a_partner_and_completes_when_all_is_shipped(
    world: World,
) -> None:
    made = await purchased(world, SHIRT, SHOE)
    textiles = (await made.sent(TEXTILES))["po_number"]
    shoes = (await made.sent(SHOES))["po_number"]
    assert textiles != shoes
    await made.accept(textiles)
    await made.accept(shoes)
    await world.until_status(made.case_id, "awaiting_other")
    await made.shipped(textiles, "S-1", SHIRT_1=5)
    await made.shipped(shoes, "S-2", SHOE_1=1)
    assert await made.outcome() == "completed"
