"""Fulfillment orders read: what each location ships, what may be done, how they are found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.emulators.shopify.fulfillment import LIST, OF_ORDER, line, number, of_order, one, pieces

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver

SURROUNDINGS = """query S($id: ID!) { order(id: $id) {
  customer { numberOfOrders } risk { recommendation assessments { riskLevel } } closed cancelledAt
  displayFinancialStatus
  shippingAddress { name address1 city zip countryCodeV2 provinceCode company }
  lineItems(first: 5) { nodes { requiresShipping currentQuantity unfulfilledQuantity
    originalUnitPriceSet { shopMoney { amount } } } } } }"""
ORDERS = """query O($query: String, $first: Int!, $after: String) {
  orders(query: $query, first: $first, after: $after, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor } nodes { name } } }"""


def actions(fo: dict[str, Any]) -> set[str]:
    return {entry["action"] for entry in fo["supportedActions"]}


async def test_an_order_of_two_locations_has_two_fulfillment_orders(shop: Driver) -> None:
    order = await shop.order(
        {"sku": "LAMP", "quantity": 3, "vendor": "Lux", "locations": {"East": 2, "West": 1}},
        {"sku": "CHAIR", "quantity": 1, "location": "East"},
        fulfill=False,
    )
    east, west = await of_order(shop, order)
    assert pieces(east) == {"LAMP": 2, "CHAIR": 1}
    assert pieces(west) == {"LAMP": 1}
    assert east["assignedLocation"]["name"] == "East"
    assert east["assignedLocation"]["location"]["id"].startswith("gid://shopify/Location/")
    assert (east["status"], east["requestStatus"]) == ("OPEN", "UNSUBMITTED")
    assert (east["orderId"], east["orderName"]) == (order["order_id"], order["name"])
    assert east["deliveryMethod"] is None
    assert actions(east) == {"CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD", "SPLIT"}
    assert actions(west) == {"CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD"}
    assert await one(shop, west["id"]) == west


async def test_locations_of_a_line_must_add_up(shop: Driver) -> None:
    wrong = {"sku": "LAMP", "quantity": 3, "locations": {"East": 2}}
    answer = await shop.control("/shops/acme/orders", {"lines": [wrong]}, status=422)
    assert "do not add up" in answer["error"]


async def test_fulfillment_orders_are_found_by_status_location_and_change(shop: Driver) -> None:
    first = await shop.order(fulfill=False)
    shop.clock.pass_(hours=1)
    second = await shop.order({"sku": "CHAIR", "location": "East"}, fulfill=False)
    shop.clock.pass_(hours=1)
    third = await shop.order(fulfill=True)
    ids = [order["fulfillment_orders"][0]["id"] for order in (first, second, third)]
    east = (await of_order(shop, second))[0]["assignedLocation"]["location"]["id"]

    async def found(query: str | None = None, **more: Any) -> list[str]:
        answer = await shop.ask(LIST, query=query, **({"first": 10} | more))
        return [node["id"] for node in answer["fulfillmentOrders"]["nodes"]]

    assert await found() == ids[:2]
    assert await found(all=True) == ids
    assert await found("status:CLOSED", all=True) == [ids[2]]
    assert await found(f"assigned_location_id:{number(east)}") == [ids[1]]
    assert await found(f"id:{number(ids[0])}") == [ids[0]]
    assert await found("updated_at:>='2026-11-02T10:00:00Z'", all=True) == ids[1:]
    await shop.control(f"/shops/acme/fulfillment-orders/{number(ids[0])}/hold", {"reason": "OTHER"})
    assert await found("status:on_hold") == [ids[0]]
    assert await found(all=True, key="UPDATED_AT") == [ids[1], ids[0], ids[2]]
    page = (await shop.ask(LIST, first=1, all=True))["fulfillmentOrders"]
    assert page["pageInfo"]["hasNextPage"]
    assert await found(first=5, all=True, after=page["pageInfo"]["endCursor"]) == ids[1:]


async def test_an_order_says_how_many_its_customer_made_where_it_goes_and_its_risk(
    shop: Driver,
) -> None:
    order = await shop.order(
        {"sku": "LAMP", "quantity": 2, "price": "12.50"},
        fulfill=False,
        number_of_orders=7,
        ship_to={"city": "Elsewhere", "company": "Test Company"},
    )
    found = (await shop.ask(SURROUNDINGS, id=order["order_id"]))["order"]
    assert found["customer"] == {"numberOfOrders": "7"}
    assert found["risk"] == {"recommendation": "NONE", "assessments": []}
    assert found["shippingAddress"] == {
        "name": "Test Recipient",
        "address1": "1 Test Street",
        "city": "Elsewhere",
        "zip": "00000",
        "countryCodeV2": "US",
        "provinceCode": "NY",
        "company": "Test Company",
    }
    (item,) = found["lineItems"]["nodes"]
    assert item["originalUnitPriceSet"]["shopMoney"]["amount"] == "12.5"
    assert (item["requiresShipping"], item["unfulfilledQuantity"]) == (True, 2)
    path = f"/shops/acme/orders/{number(order['order_id'])}/risk"
    await shop.control(path, {"recommendation": "INVESTIGATE"})
    found = (await shop.ask(SURROUNDINGS, id=order["order_id"]))["order"]
    assert found["risk"] == {
        "recommendation": "INVESTIGATE",
        "assessments": [{"riskLevel": "MEDIUM"}],
    }


async def test_the_customer_needs_its_own_scope(shop: Driver) -> None:
    order = await shop.order()
    token = shop.emulator.tokens[shop.token]
    fewer = token.scopes - {"read_customers"}
    shop.emulator.tokens[shop.token] = type(token)(token.shop, fewer, token.expires_at)
    body = await shop.body(SURROUNDINGS, id=order["order_id"])
    assert body["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert body["data"]["order"]["customer"] is None


async def test_orders_are_found_by_their_statuses(shop: Driver) -> None:
    unpaid = await shop.order(fulfill=False, paid=False)
    shop.clock.pass_(hours=1)
    part = await shop.order(fulfill=False)
    shop.clock.pass_(hours=1)
    await shop.order()
    await shop.control(
        f"/shops/acme/orders/{number(part['order_id'])}/fulfill",
        {"lines": [{"sku": "LAMP", "quantity": 1}]},
    )
    await shop.control(f"/shops/acme/orders/{number(unpaid['order_id'])}/cancel")

    async def names(query: str) -> list[str]:
        found = await shop.ask(ORDERS, query=query, first=10)
        return [node["name"] for node in found["orders"]["nodes"]]

    assert await names("fulfillment_status:partial") == ["#1002"]
    assert await names("fulfillment_status:shipped") == ["#1003"]
    assert await names("financial_status:paid") == ["#1002", "#1003"]
    assert await names("status:cancelled") == ["#1001"]
    assert await names("status:open") == ["#1002", "#1003"]
    assert await names("created_at:>='2026-11-02T10:00:00Z' status:any") == ["#1002", "#1003"]
    assert await names("updated_at:>='2026-11-02T11:00:00Z'") == ["#1001", "#1002", "#1003"]


async def test_a_pre_order_is_scheduled_until_it_is_wanted_or_rescheduled(shop: Driver) -> None:
    order = await shop.order(fulfill=False, fulfill_at="2026-12-01T00:00:00Z")
    (fo,) = await of_order(shop, order)
    assert (fo["status"], fo["fulfillAt"]) == ("SCHEDULED", "2026-12-01T00:00:00Z")
    status = (await shop.ask(OF_ORDER, id=order["order_id"]))["order"]["displayFulfillmentStatus"]
    assert status == "SCHEDULED"
    reschedule = """mutation R($id: ID!, $at: DateTime!) {
      fulfillmentOrderReschedule(id: $id, fulfillAt: $at) {
        fulfillmentOrder { status fulfillAt } userErrors { code field message } } }"""
    past = await shop.mutate(reschedule, id=fo["id"], at="2026-11-01T00:00:00Z")
    assert past["userErrors"][0]["field"] == ["fulfillAt"]
    later = await shop.mutate(reschedule, id=fo["id"], at="2026-12-05T00:00:00Z")
    assert later["fulfillmentOrder"] == {
        "status": "SCHEDULED",
        "fulfillAt": "2026-12-05T00:00:00Z",
    }
    unknown = "gid://shopify/FulfillmentOrder/999999"
    missing = await shop.mutate(reschedule, id=unknown, at="2026-12-05T00:00:00Z")
    assert missing["userErrors"][0]["code"] == "FULFILLMENT_ORDER_NOT_FOUND"
    opened = await shop.mutate(
        """mutation M($id: ID!) { fulfillmentOrderOpen(id: $id) {
          fulfillmentOrder { status } userErrors { field message } } }""",
        id=fo["id"],
    )
    assert opened["fulfillmentOrder"]["status"] == "OPEN"
    again = await shop.mutate(reschedule, id=fo["id"], at="2026-12-05T00:00:00Z")
    assert again["userErrors"][0]["message"] == "The fulfillment order is not scheduled."


async def test_a_deadline_is_set_on_several_or_on_none(shop: Driver) -> None:
    order = await shop.order({"sku": "LAMP"}, {"sku": "CHAIR", "location": "East"}, fulfill=False)
    ids = [fo["id"] for fo in order["fulfillment_orders"]]
    mutation = """mutation D($ids: [ID!]!, $by: DateTime!) {
      fulfillmentOrdersSetFulfillmentDeadline(fulfillmentOrderIds: $ids, fulfillmentDeadline: $by) {
        success userErrors { code field message } } }"""
    by = "2026-11-20T12:00:00Z"
    shop.clock.pass_(minutes=5)
    wrong = await shop.mutate(mutation, ids=[ids[0], "gid://shopify/FulfillmentOrder/9999"], by=by)
    assert wrong["success"] is None
    assert wrong["userErrors"][0]["code"] == "FULFILLMENT_ORDERS_NOT_FOUND"
    assert [fo["fulfillBy"] for fo in await of_order(shop, order)] == [None, None]
    assert (await shop.mutate(mutation, ids=ids, by=by))["success"]
    found = await of_order(shop, order)
    assert [fo["fulfillBy"] for fo in found] == [by, by]
    assert found[0]["updatedAt"] == "2026-11-02T09:05:00Z"


async def test_an_edit_touches_the_fulfillment_orders(shop: Driver) -> None:
    order = await shop.order(
        {"sku": "LAMP", "quantity": 3}, {"sku": "CHAIR", "quantity": 2}, fulfill=False
    )
    path = f"/shops/acme/orders/{number(order['order_id'])}"
    edit = {
        "lines": [{"sku": "LAMP", "quantity": 5}, {"sku": "CHAIR", "quantity": 0}],
        "add": [{"sku": "BULB", "quantity": 1, "location": "East"}],
    }
    await shop.control(f"{path}/edit", edit)
    main, east = await of_order(shop, order)
    assert pieces(main) == {"LAMP": 5, "CHAIR": 0}
    assert pieces(east) == {"BULB": 1}


async def test_pieces_added_to_an_order_on_hold_are_not_held(shop: Driver) -> None:
    order = await shop.order({"sku": "LAMP", "quantity": 3}, fulfill=False)
    await shop.control("/shops/acme/holds", {"order_id": order["order_id"], "reason": "OTHER"})
    path = f"/shops/acme/orders/{number(order['order_id'])}/edit"
    await shop.control(path, {"lines": [{"sku": "LAMP", "quantity": 4}]})
    held, new = await of_order(shop, order)
    assert (held["status"], pieces(held)) == ("ON_HOLD", {"LAMP": 3})
    assert (new["status"], pieces(new)) == ("OPEN", {"LAMP": 1})
    await shop.control(path, {"lines": [{"sku": "LAMP", "quantity": 2}]})
    held, new = await of_order(shop, order)
    assert (held["status"], pieces(held)) == ("ON_HOLD", {"LAMP": 2})
    assert new["status"] == "CLOSED"


async def test_a_cancelled_order_gives_its_stock_back_where_it_was_taken(shop: Driver) -> None:
    await shop.control("/shops/acme/products", {"sku": "LAMP", "available": {"East": 5, "West": 5}})
    lamp = {"sku": "LAMP", "quantity": 3, "locations": {"East": 2, "West": 1}}
    order = await shop.order(lamp, fulfill=False)

    async def levels() -> dict[str, int]:
        state = (await shop.control("/state", verb="GET"))["shops"]["acme"]
        available: dict[str, int] = state["variants"][0]["available"]
        return available

    assert await levels() == {"East": 3, "West": 4}
    await shop.control(f"/shops/acme/orders/{number(order['order_id'])}/cancel")
    assert await levels() == {"East": 5, "West": 5}
    assert [fo["status"] for fo in await of_order(shop, order)] == ["CLOSED", "CLOSED"]


async def test_line_ids_of_another_form_are_errors_of_the_request(shop: Driver) -> None:
    order = await shop.order(fulfill=False)
    (fo,) = await of_order(shop, order)
    query = "query F($id: ID!) { fulfillmentOrder(id: $id) { id } }"
    body = await shop.body(query, id=order["order_id"])
    assert "Invalid global id" in body["errors"][0]["message"]
    assert line(fo, "LAMP", 1)["id"].startswith("gid://shopify/FulfillmentOrderLineItem/")
