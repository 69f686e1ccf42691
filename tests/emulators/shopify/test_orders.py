"""Orders read: amounts, routing, pages, search."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver

ORDERS = """query O($query: String, $first: Int, $last: Int, $after: String, $before: String,
                   $reverse: Boolean, $key: OrderSortKeys) {
  orders(query: $query, first: $first, last: $last, after: $after, before: $before,
         reverse: $reverse, sortKey: $key) {
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { name updatedAt returnStatus } } } }"""
ROUTING = """query R($id: ID!) { order(id: $id) { name displayFulfillmentStatus cancelledAt
  lineItems(first: 10) { nodes { id sku vendor name quantity currentQuantity unfulfilledQuantity
    originalUnitPriceSet { shopMoney { amount } } discountedUnitPriceSet { shopMoney { amount } }
    taxLines { rate priceSet { shopMoney { amount } } } } }
  fulfillmentOrders(first: 10) { nodes { id status supportedActions { action }
    assignedLocation { name location { id fulfillmentService { handle serviceName type } } }
    lineItems(first: 10) { nodes { sku vendor totalQuantity remainingQuantity lineItem { id } } } } }
  fulfillments(first: 10) { id name status service { handle type } location { name }
    trackingInfo(first: 5) { company number url }
    fulfillmentLineItems(first: 10) { nodes { id quantity lineItem { sku } } } } } }"""
TOTALS = """query T($id: ID!) { order(id: $id) {
  displayFinancialStatus fullyPaid
  subtotalPriceSet { shopMoney { amount } } totalTaxSet { shopMoney { amount } }
  totalShippingPriceSet { shopMoney { amount } } totalPriceSet { shopMoney { amount currencyCode } }
  totalDiscountsSet { presentmentMoney { amount } }
  totalOutstandingSet { shopMoney { amount } } } }"""


async def names(shop: Driver, **variables: Any) -> list[str]:
    found = (await shop.ask(ORDERS, **({"first": 50} | variables)))["orders"]
    return [edge["node"]["name"] for edge in found["edges"]]


async def test_an_order_adds_up(shop: Driver) -> None:
    order = await shop.order(
        {"sku": "LAMP", "quantity": 3, "price": "10.00", "discount": "3.00", "tax_rate": "0.1"},
        {"sku": "CHAIR", "quantity": 1, "price": "99.99"},
        shipping="5.00",
    )
    found = (await shop.ask(TOTALS, id=order["order_id"]))["order"]
    amounts = {
        name: Decimal(bag["shopMoney"]["amount"])
        for name, bag in found.items()
        if isinstance(bag, dict) and "shopMoney" in bag
    }
    assert amounts == {
        "subtotalPriceSet": Decimal("126.99"),
        "totalTaxSet": Decimal("2.70"),
        "totalShippingPriceSet": Decimal("5.00"),
        "totalPriceSet": Decimal("134.69"),
        "totalOutstandingSet": Decimal(0),
    }
    assert found["totalDiscountsSet"]["presentmentMoney"]["amount"] == "3.0"
    assert (found["displayFinancialStatus"], found["fullyPaid"]) == ("PAID", True)


async def test_lines_go_to_the_fulfillment_orders_of_their_locations(shop: Driver) -> None:
    await shop.control(
        "/shops/acme/locations", {"name": "Partner", "fulfillment_service": "Partner Ships"}
    )
    order = await shop.order(
        {"sku": "LAMP", "quantity": 2, "vendor": "Lux", "location": "Partner"},
        {"sku": "CHAIR", "quantity": 1, "vendor": "Wood"},
        fulfill=False,
    )
    path = f"/shops/acme/orders/{order['order_id'].rpartition('/')[2]}/fulfill"
    tracking = {"company": "UPS", "number": "1Z", "url": "https://ups.test/1Z"}
    lines = [{"sku": "LAMP", "quantity": 1}]
    await shop.control(path, {"lines": lines, "tracking": tracking})
    found = (await shop.ask(ROUTING, id=order["order_id"]))["order"]
    assert found["displayFulfillmentStatus"] == "PARTIALLY_FULFILLED"
    assert [
        (n["sku"], n["vendor"], n["unfulfilledQuantity"]) for n in found["lineItems"]["nodes"]
    ] == [
        ("LAMP", "Lux", 1),
        ("CHAIR", "Wood", 1),
    ]
    partner, main = found["fulfillmentOrders"]["nodes"]
    assert partner["assignedLocation"]["location"]["fulfillmentService"] == {
        "handle": "partner-ships",
        "serviceName": "Partner Ships",
        "type": "THIRD_PARTY",
    }
    assert main["assignedLocation"]["location"]["fulfillmentService"] is None
    assert (partner["status"], main["status"]) == ("IN_PROGRESS", "OPEN")
    assert partner["lineItems"]["nodes"][0]["remainingQuantity"] == 1
    (fulfillment,) = found["fulfillments"]
    assert fulfillment["name"] == "#1001-F1"
    assert fulfillment["service"]["handle"] == "partner-ships"
    assert fulfillment["trackingInfo"] == [tracking]


async def test_pages_follow_each_other_in_both_directions(shop: Driver) -> None:
    for _ in range(5):
        await shop.order(fulfill=False)
    first = (await shop.ask(ORDERS, first=2))["orders"]
    assert [e["node"]["name"] for e in first["edges"]] == ["#1001", "#1002"]
    assert first["pageInfo"]["hasNextPage"]
    assert not first["pageInfo"]["hasPreviousPage"]
    second = (await shop.ask(ORDERS, first=2, after=first["pageInfo"]["endCursor"]))["orders"]
    assert [e["node"]["name"] for e in second["edges"]] == ["#1003", "#1004"]
    last = (await shop.ask(ORDERS, first=2, after=second["pageInfo"]["endCursor"]))["orders"]
    assert [e["node"]["name"] for e in last["edges"]] == ["#1005"]
    assert not last["pageInfo"]["hasNextPage"]
    back = (await shop.ask(ORDERS, last=2, before=last["pageInfo"]["startCursor"]))["orders"]
    assert [e["node"]["name"] for e in back["edges"]] == ["#1003", "#1004"]
    assert (await names(shop, reverse=True))[0] == "#1005"


@pytest.mark.parametrize(
    "variables",
    [{}, {"first": 0}, {"first": 251}, {"first": 1, "last": 1}, {"first": 1, "after": "nonsense"}],
)
async def test_a_page_that_makes_no_sense_is_an_error(
    shop: Driver, variables: dict[str, Any]
) -> None:
    body = await shop.body(ORDERS, **variables)
    assert body["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


async def test_orders_are_found_by_return_status_and_time_of_change(shop: Driver) -> None:
    for _ in range(3):
        await shop.order()
    first, second, third = (
        o["id"] for o in (await shop.control("/state", verb="GET"))["shops"]["acme"]["orders"]
    )
    shop.clock.pass_(hours=1)
    await shop.requested({"order_id": second}, quantity=1)
    shop.clock.pass_(hours=1)
    await shop.opened({"order_id": third}, quantity=1)
    assert first
    asked = [
        ("return_status:return_requested", ["#1002"]),
        ("return_status:RETURN_REQUESTED OR return_status:in_progress", ["#1002", "#1003"]),
        ("return_status:no_return", ["#1001"]),
        ("-return_status:no_return", ["#1002", "#1003"]),
        ("updated_at:>='2026-11-02T10:00:00Z'", ["#1002", "#1003"]),
        ("updated_at:>2026-11-02T10:00:00Z", ["#1003"]),
        (
            "(return_status:in_progress OR return_status:return_requested) "
            "updated_at:>='2026-11-02T10:30:00+00:00'",
            ["#1003"],
        ),
        ("updated_at:<'2026-11-02T10:00:00Z'", ["#1001"]),
        ("name:#1001", ["#1001"]),
        ("name:1001", ["#1001"]),
        ("sku:LAMP AND name:#1003", ["#1003"]),
        ("updated_at:>nonsense", []),
        ("", ["#1001", "#1002", "#1003"]),
    ]
    for query, expected in asked:
        assert await names(shop, query=query) == expected, query


async def test_orders_are_sorted_by_their_last_change(shop: Driver) -> None:
    first = await shop.order()
    shop.clock.pass_(minutes=1)
    await shop.order()
    shop.clock.pass_(minutes=1)
    await shop.requested(first)
    assert await names(shop, key="UPDATED_AT") == ["#1002", "#1001"]
    assert await names(shop, key="CREATED_AT") == ["#1001", "#1002"]


async def test_an_unknown_search_field_is_ignored_with_a_warning(shop: Driver) -> None:
    await shop.order()
    body = await shop.body(ORDERS, first=5, query="no_such_field:1")
    assert len(body["data"]["orders"]["edges"]) == 1
    (search,) = body["extensions"]["search"]
    assert search["warnings"][0]["field"] == "no_such_field"


async def test_orders_over_60_days_old_need_a_scope(shop: Driver) -> None:
    old = await shop.order(created_at="2026-08-01T00:00:00Z")
    query = "query O($id: ID!) { order(id: $id) { id name } }"
    assert (await shop.ask(query, id=old["order_id"]))["order"] is not None
    token = shop.emulator.tokens[shop.token]
    fewer = token.scopes - {"read_all_orders"}
    shop.emulator.tokens[shop.token] = type(token)(token.shop, fewer, token.expires_at)
    assert (await shop.ask(query, id=old["order_id"]))["order"] is None
    assert await names(shop) == []


async def test_a_cancelled_order_has_nothing_left_to_fulfil(shop: Driver) -> None:
    order = await shop.order(fulfill=False)
    path = f"/shops/acme/orders/{order['order_id'].rpartition('/')[2]}"
    await shop.control(f"{path}/cancel", {"reason": "INVENTORY"})
    found = (await shop.ask(ROUTING, id=order["order_id"]))["order"]
    assert found["cancelledAt"] == "2026-11-02T09:00:00Z"
    assert found["fulfillmentOrders"]["nodes"][0]["status"] == "CLOSED"
    assert found["lineItems"]["nodes"][0]["currentQuantity"] == 0
    await shop.control(f"{path}/fulfill", status=409)
    await shop.control(f"{path}/cancel", status=409)


async def test_an_edit_reduces_lines_and_adds_others(shop: Driver) -> None:
    order = await shop.order(fulfill=False)
    path = f"/shops/acme/orders/{order['order_id'].rpartition('/')[2]}"
    edit = {
        "lines": [{"sku": "LAMP", "quantity": 1}],
        "add": [{"sku": "BULB", "quantity": 2, "price": "3.00"}],
    }
    await shop.control(f"{path}/edit", edit)
    found = (await shop.ask(ROUTING, id=order["order_id"]))["order"]
    assert [(n["sku"], n["currentQuantity"]) for n in found["lineItems"]["nodes"]] == [
        ("LAMP", 1),
        ("BULB", 2),
    ]
    await shop.control(f"{path}/fulfill", {"lines": [{"sku": "BULB", "quantity": 1}]})
    await shop.control(f"{path}/edit", {"lines": [{"sku": "BULB", "quantity": 0}]}, status=409)


async def test_an_unpaid_order_is_paid_once(shop: Driver) -> None:
    order = await shop.order(paid=False)
    path = f"/shops/acme/orders/{order['order_id'].rpartition('/')[2]}/pay"
    found = (await shop.ask(TOTALS, id=order["order_id"]))["order"]
    assert found["displayFinancialStatus"] == "PENDING"
    await shop.control(path)
    found = (await shop.ask(TOTALS, id=order["order_id"]))["order"]
    assert found["displayFinancialStatus"] == "PAID"
    await shop.control(path, status=409)
