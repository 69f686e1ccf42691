"""Goods ordered for the shop's own stock: one purchase order, and an inventory transfer that shows it in Shopify."""

from decimal import Decimal
from typing import Any

from domain.purchase_order.names import ReplenishmentLine, ReplenishmentRequest
from domain.shopify_ids import numeric_id
from tests.workflows.claims import BOTH
from tests.workflows.purchase_orders import TEXTILES, Purchase, day
from tests.world import SHOP, TENANT, World


async def transfers(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.shopify_state())["shops"][SHOP][
        "inventory_transfers"
    ]
    return found


async def until_transfer(world: World, status: str) -> dict[str, Any]:
    async def statuses() -> list[dict[str, Any]]:
        return await transfers(world)

    found: dict[str, Any] = await world.eventually(
        statuses,
        lambda entries: next((one for one in entries if one["status"] == status), None),
    )
    return found


async def replenished(world: World, *, sku: str = "SHIRT-1", **terms: Any) -> Purchase:
    """Ten shirts ordered for a warehouse, through the API."""
    await world.partner(TEXTILES, lifecycle="purchase_order")
    await world.policy(lifecycle="purchase_order", **terms)
    warehouse = await world.location("Warehouse")
    await world.order({"sku": "SHIRT-1", "quantity": 1, "vendor": "nobody", "price": "30.00"})
    case_id = await world.replenish(
        ReplenishmentRequest(
            number="R-2027-1",
            tenant=TENANT,
            partner=TEXTILES,
            location_id=numeric_id(warehouse),
            currency="EUR",
            lines=(
                ReplenishmentLine(line_id="10", sku=sku, quantity=10, unit_price=Decimal("11.5")),
            ),
        )
    )
    made = Purchase(world, {"order_id": "gid://shopify/Order/0"}, case_id)
    made.lines = {"SHIRT-1": "10"}
    return made


@BOTH
async def test_a_replenishment_is_ordered_transferred_dated_and_shipped(world: World) -> None:
    made = await replenished(world)
    sent = await made.sent(TEXTILES)
    assert sent["order_type"] == "replenishment"
    number = sent["po_number"]
    await world.eventually(lambda: transfers(world), lambda found: found or None)
    await made.respond(number, made.said("SHIRT-1", "DR", scheduled_ship_date=day(5)))
    await world.until_status(made.case_id, "awaiting_other")
    await until_transfer(world, "READY_TO_SHIP")
    await made.shipped(number, SHIRT_1=10)
    assert await made.outcome() == "completed"
    assert await until_transfer(world, "IN_PROGRESS")
    assert await world.shopify_writes("fulfillmentOrderHold", "metafieldsSet") == []
    assert (await world.row(made.case_id)).order_id is None


async def test_a_replenishment_that_is_cancelled_cancels_its_transfer(world: World) -> None:
    made = await replenished(world)
    await made.sent(TEXTILES)
    await world.eventually(lambda: transfers(world), lambda found: found or None)
    await world.until_told(made.case_id, "Inventory transfer")
    await made.cancel()
    assert await made.outcome() == "cancelled"
    await until_transfer(world, "CANCELED")
    [change] = await made.changes(TEXTILES)
    assert change["purpose"] == "cancel"


async def test_a_sku_the_shop_does_not_know_is_told_and_the_goods_are_ordered_all_the_same(
    world: World,
) -> None:
    made = await replenished(world, sku="UNKNOWN-9")
    made.lines = {"UNKNOWN-9": "10"}
    number = (await made.sent(TEXTILES))["po_number"]
    await world.until_told(made.case_id, "No inventory transfer: UNKNOWN-9")
    await made.accept(number)
    await made.shipped(number, UNKNOWN_9=10)
    assert await made.outcome() == "completed"
