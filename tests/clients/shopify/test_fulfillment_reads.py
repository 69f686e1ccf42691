"""What dispatch, reconciliation and a drop-ship order read of orders, from the emulator."""

from collections.abc import AsyncIterator
from typing import Any

from clients.shopify.pages import (
    fulfillment_orders_updated_since,
    orders_updated_since,
    overdue_orders,
)
from tests.clients.shopify.test_against_emulator import Emulated, emulated

__all__ = ["emulated"]


async def placed(shop: Emulated, **more: object) -> dict[str, Any]:
    body = {"lines": [{"sku": "MUG", "quantity": 2, "vendor": "Kilnworks"}]} | more
    return await shop.control("/shops/acme/orders", body)


async def ids(found: AsyncIterator[Any]) -> list[str]:
    return [one.id async for one in found]


async def test_a_fulfillment_order_leads_to_its_order(emulated: Emulated) -> None:
    order = await placed(emulated)
    [fulfillment_order] = order["fulfillment_orders"]
    number = fulfillment_order["id"]
    await emulated.control(
        f"/shops/acme/fulfillment-orders/{number.rpartition('/')[2]}/hold",
        {"reason": "INVENTORY_OUT_OF_STOCK", "by": "Stock Watch"},
    )
    found = (await emulated.admin.fulfillment_order_order(id=number)).fulfillment_order
    assert found is not None
    assert (found.order_id, found.order_name) == (order["order_id"], order["name"])
    assert (found.status, found.request_status) == ("ON_HOLD", "UNSUBMITTED")
    [hold] = found.fulfillment_holds
    assert (hold.reason, hold.held_by_requesting_app) == ("INVENTORY_OUT_OF_STOCK", False)
    gone = await emulated.admin.fulfillment_order_order(id="gid://shopify/FulfillmentOrder/9")
    assert gone.fulfillment_order is None


async def test_an_orders_summary_is_next_to_free(emulated: Emulated) -> None:
    number = str((await placed(emulated, tags=["vip"], paid=False))["order_id"])
    await emulated.control(
        f"/shops/acme/orders/{number.rpartition('/')[2]}/risk", {"recommendation": "INVESTIGATE"}
    )
    found = (await emulated.admin.order_summary(id=number)).order
    assert found is not None
    assert (found.display_financial_status, found.display_fulfillment_status) == (
        "PENDING",
        "UNFULFILLED",
    )
    assert (found.risk.recommendation, found.tags) == ("INVESTIGATE", ["vip"])
    assert (found.cancelled_at, found.closed) == (None, False)
    assert emulated.admin.last_cost is not None
    assert emulated.admin.last_cost.requested <= 3


async def test_a_ship_to_is_read_for_the_order_that_is_sent_there(emulated: Emulated) -> None:
    order = await placed(emulated, ship_to={"city": "Testville", "zip": "00042"})
    found = (await emulated.admin.order_ship_to(id=str(order["order_id"]))).order
    assert found is not None
    address = found.shipping_address
    assert address is not None
    assert (address.city, address.zip_, address.country_code_v_2) == ("Testville", "00042", "US")


async def test_what_changed_is_listed_with_all_of_its_pages(emulated: Emulated) -> None:
    made = [await placed(emulated) for _ in range(60)]
    orders = [str(one["order_id"]) for one in made]
    since = "updated_at:>='2020-01-01T00:00:00Z'"
    assert await ids(orders_updated_since(emulated.admin, since)) == orders
    parts = [one["fulfillment_orders"][0]["id"] for one in made]
    found = await ids(fulfillment_orders_updated_since(emulated.admin, since))
    assert sorted(found) == sorted(parts)
    assert await ids(orders_updated_since(emulated.admin, "updated_at:>='2999-01-01'")) == []


async def test_closed_fulfillment_orders_are_listed_too(emulated: Emulated) -> None:
    order = await placed(emulated, fulfill=True)
    found = [one async for one in fulfillment_orders_updated_since(emulated.admin, "")]
    assert [(one.order_id, one.status) for one in found] == [(order["order_id"], "CLOSED")]


async def test_overdue_orders_come_oldest_first(emulated: Emulated) -> None:
    new = await placed(emulated, created_at="2026-11-20T00:00:00Z")
    old = await placed(emulated, created_at="2026-11-01T00:00:00Z")
    await placed(emulated, created_at="2026-11-02T00:00:00Z", fulfill=True)
    search = "fulfillment_status:unfulfilled created_at:<'2026-11-21T00:00:00Z'"
    found = await ids(overdue_orders(emulated.admin, search))
    assert found == [old["order_id"], new["order_id"]]
