"""An order as cases see it, read from the Shopify emulator."""

from decimal import Decimal

from domain.fulfillment_orders import ReadOrder
from domain.shopify_ids import gid
from intake.shop_orders import read_shop_order
from tests.activities.conftest import Hands
from tests.activities.fulfilling import OURS, Outgoing, line
from tests.world import SHOP


async def test_an_order_says_what_cases_ask_of_it(hands: Hands) -> None:
    order = await Outgoing.placed(
        hands,
        line("SHIRT", 5, location="Hill"),
        line("SHOE", 1, vendor="cobbler", price="80.00", location="Harbour"),
        tags=["vip"],
        number_of_orders=4,
    )
    await order.align(SHIRT=2)
    await order.ship("1Z-1", SHIRT=1, SHOE=1)
    found = await order.read()
    assert (found.currency, found.financial_status, found.risk) == ("EUR", "PAID", "NONE")
    assert (found.tags, found.number_of_orders) == (("vip",), 4)
    assert (found.cancelled, found.closed) == (False, False)
    assert found.created_at is not None
    shirt, shoe = found.lines
    assert (shirt.sku, shirt.quantity, shirt.unfulfilled) == ("SHIRT", 5, 4)
    assert (shoe.vendor, shoe.unit_price, shoe.unfulfilled) == ("cobbler", Decimal("80.00"), 0)
    assert found.remaining == {shirt.line_id: 4}
    assert found.location_of == {
        shirt.line_id: next(
            one.location_id for one in found.fulfillment_orders if one.location_name == "Hill"
        )
    }
    [hold] = [hold for one in found.fulfillment_orders for hold in one.holds]
    assert (hold.handle, hold.ours) == (OURS, True)
    assert sorted(order.by_sku(one.quantities).popitem() for one in found.shipments) == [
        ("SHIRT", 1),
        ("SHOE", 1),
    ]


async def test_a_long_order_is_read_whole(hands: Hands) -> None:
    places = ("Hill", "Harbour", "Valley", "Island", "Tower")
    skus = [f"SKU-{number}" for number in range(23)]
    order = await Outgoing.placed(
        hands, *(line(sku, 5, locations=dict.fromkeys(places, 1)) for sku in skus)
    )
    assert sorted(order.skus.values()) == sorted(skus)
    await hands.world.shopify.put("/_emulator/limits", json={"bucket_size": 1_000_000})
    await order.ship("1Z-1", **dict.fromkeys(skus, 4))
    found = await order.read()
    assert found.remaining == dict.fromkeys(order.skus, 1)
    assert [len(one.lines) for one in found.fulfillment_orders] == [23] * 5
    assert [len(one.quantities) for one in found.shipments] == [23] * 4
    total = {
        line_id: sum(one.quantities[line_id] for one in found.shipments) for line_id in order.skus
    }
    assert total == dict.fromkeys(order.skus, 4)


async def test_a_plain_order_is_one_cheap_query(hands: Hands) -> None:
    order = await Outgoing.placed(hands, line("SHIRT", 2))
    admin = await hands.world.connections.shopify(SHOP)
    before = len((await hands.world.shopify.get("/_emulator/calls")).json()["calls"])
    spent = admin.cost_spent
    assert await read_shop_order(admin, gid("Order", order.order_id)) == await order.read()
    assert admin.last_cost is not None
    assert admin.last_cost.requested <= 130
    assert (admin.cost_spent - spent) / 2 <= 40
    after = len((await hands.world.shopify.get("/_emulator/calls")).json()["calls"])
    assert after == before, "a query is no write"


async def test_an_order_that_is_gone_is_none(hands: Hands) -> None:
    answer = await hands.call(hands.fulfillment.read_order, ReadOrder(shop=SHOP, order_id="999999"))
    assert answer.order is None
