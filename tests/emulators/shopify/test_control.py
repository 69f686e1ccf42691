"""The control calls themselves: what they refuse, reset, and the page for people."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver, Receiver


@pytest.mark.parametrize(
    ("path", "body", "part"),
    [
        ("/shops/acme/orders", {"lines": []}, "at least 1 item"),
        ("/shops/acme/orders", {"lines": [{"sku": "A", "quantity": 0}]}, "greater than 0"),
        ("/shops/acme/orders", {"lines": [{"sku": "A", "qty": 1}]}, "Extra inputs"),
        (
            "/shops/acme/orders",
            {"lines": [{"sku": "A", "price": "1.00", "discount": "2.00"}]},
            "more than the line costs",
        ),
        ("/shops/acme/returns", {"lines": [{"sku": "A"}]}, "Field required"),
    ],
)
async def test_a_wrong_body_is_refused_with_the_reason(
    shop: Driver, path: str, body: dict[str, Any], part: str
) -> None:
    answer = await shop.control(path, body, status=422)
    assert part in str(answer)
    assert (await shop.control("/state", verb="GET"))["shops"]["acme"]["orders"] == []


async def test_a_body_that_is_no_json_is_a_bad_request(shop: Driver) -> None:
    response = await shop.http.post("/_emulator/shops/acme/orders", content=b"{")
    assert response.status_code == 400


async def test_what_does_not_exist_is_not_found(shop: Driver) -> None:
    await shop.control("/shops/acme/orders/999999/fulfill", status=404)
    await shop.control("/shops/acme/returns/999999/approve", status=404)
    await shop.control("/shops/acme/returns", {"order_id": 9, "lines": [{"sku": "A"}]}, status=404)


async def test_an_unknown_return_reason_is_refused_with_the_known_ones(shop: Driver) -> None:
    order = await shop.order()
    body = {"order_id": order["order_id"], "lines": [{"sku": "LAMP", "reason": "BROKEN"}]}
    assert "DEFECTIVE" in (await shop.control("/shops/acme/returns", body, status=422))["error"]


async def test_a_rule_of_shopify_holds_for_control_calls_too(shop: Driver) -> None:
    return_id = await shop.requested(await shop.order())
    path = f"/shops/acme/returns/{return_id.rpartition('/')[2]}"
    answer = await shop.control(f"{path}/close", status=409)
    assert answer["user_errors"][0]["code"] == "INVALID_STATE"


async def test_staff_can_do_with_a_return_what_the_app_can(shop: Driver) -> None:
    order = await shop.order()
    return_id = await shop.requested(order, quantity=2)
    path = f"/shops/acme/returns/{return_id.rpartition('/')[2]}"
    await shop.control(f"{path}/approve")
    shown = await shop.control(f"{path}/remove-line", {"sku": "LAMP", "quantity": 1})
    assert shown["lines"][0]["quantity"] == 1
    process = {
        "lines": [
            {
                "sku": "LAMP",
                "quantity": 1,
                "disposition": "RESTOCKED",
                "location": "Main warehouse",
            }
        ],
        "refund": True,
    }
    shown = await shop.control(f"{path}/process", process)
    assert (shown["lines"][0]["processed"], shown["lines"][0]["refunded"]) == (1, 1)
    assert (await shop.control(f"{path}/close"))["status"] == "CLOSED"
    assert (await shop.control(f"{path}/reopen"))["status"] == "OPEN"
    other = await shop.requested(order, quantity=1)
    declined = await shop.control(
        f"/shops/acme/returns/{other.rpartition('/')[2]}/decline", {"note": "too late"}
    )
    assert declined["status"] == "DECLINED"
    state = (await shop.control("/state", verb="GET"))["shops"]["acme"]
    assert state["orders"][0]["refunds"][0]["return_id"] == return_id
    assert state["orders"][0]["refunded"] == "10.00"
    assert state["returns"][1]["decline"] == {"reason": "OTHER", "note": "too late"}


async def test_a_return_may_span_several_fulfillments(shop: Driver) -> None:
    order = await shop.order(fulfill=False)
    path = f"/shops/acme/orders/{order['order_id'].rpartition('/')[2]}/fulfill"
    await shop.control(path, {"lines": [{"sku": "LAMP", "quantity": 1}]})
    await shop.control(path)
    body = {
        "order_id": order["order_id"],
        "lines": [{"sku": "LAMP", "quantity": 3}],
        "open": True,
    }
    made = await shop.control("/shops/acme/returns", body)
    assert [line["quantity"] for line in made["lines"]] == [1, 2]
    found = await shop.ask(
        """query R($id: ID!) { return(id: $id) { reverseFulfillmentOrders(first: 5) {
          nodes { id lineItems(first: 5) { nodes { totalQuantity } } } } } }""",
        id=made["return_id"],
    )
    assert len(found["return"]["reverseFulfillmentOrders"]["nodes"]) == 2


async def test_locations_and_products_are_added_once(shop: Driver) -> None:
    await shop.control("/shops/acme/locations", {"name": "East"})
    await shop.control("/shops/acme/locations", {"name": "East"}, status=409)
    product = {"sku": "LAMP", "vendor": "Lux", "available": {"East": 7}}
    await shop.control("/shops/acme/products", product)
    await shop.control("/shops/acme/products", {"sku": "LAMP", "available": {"East": 5}})
    await shop.order({"sku": "LAMP", "quantity": 2, "location": "East"}, fulfill=False)
    (variant,) = (await shop.control("/state", verb="GET"))["shops"]["acme"]["variants"]
    assert variant == {"sku": "LAMP", "vendor": "Lux", "available": {"East": 3}}


async def test_a_shop_is_made_once_or_on_first_use(shop: Driver) -> None:
    await shop.control("/shops/acme", {}, status=409)
    made = await shop.control("/shops/second-shop", {"currency": "EUR"})
    assert made["domain"] == "second-shop.myshopify.com"
    await shop.control("/shops/third/orders", {"lines": [{"sku": "A"}]})
    state = await shop.control("/state", verb="GET")
    assert state["shops"].keys() == {"acme", "second-shop", "third"}
    assert state["shops"]["second-shop"]["currency"] == "EUR"


async def test_a_reset_empties_everything_and_ids_never_come_again(
    shop: Driver, receiver: Receiver
) -> None:
    await shop.subscribe("ORDERS_CREATE")
    before = await shop.order()
    await shop.control("/faults", {"api": {"down": True}}, verb="PUT")
    await shop.control("/reset")
    await asyncio.wait_for(shop.emulator.courier.settle(), 5)
    state = await shop.control("/state", verb="GET")
    assert state["shops"] == {}
    assert state["tokens"] == 0
    assert not state["faults"]["api"]["down"]
    assert (await shop.control("/deliveries", verb="GET"))["deliveries"] == []
    assert (await shop.control("/calls", verb="GET"))["calls"] == []
    after = await shop.order()
    assert after["name"] == before["name"] == "#1001"
    assert int(after["order_id"].rpartition("/")[2]) > int(before["order_id"].rpartition("/")[2])


async def test_tokens_can_be_expired(shop: Driver) -> None:
    assert await shop.control("/tokens/expire") == {"expired": 1}
    assert (await shop.post("{ shop { id } }")).status_code == 401


async def test_the_page_shows_what_a_merchant_would_see_and_escapes_it(
    shop: Driver, receiver: Receiver
) -> None:
    empty = await shop.http.get("/")
    assert "No orders yet" in empty.text
    await shop.subscribe("RETURNS_REQUEST")
    evil = "<script>alert(1)</script>"
    order = await shop.order(
        {"sku": "LAMP", "quantity": 3, "title": evil, "vendor": evil}, tags=[evil]
    )
    line = {"sku": "LAMP", "quantity": 1, "reason": "DEFECTIVE", "note": evil}
    body = {"order_id": order["order_id"], "lines": [line]}
    await shop.control("/shops/acme/returns", body)
    payload = await shop.mutate(
        """mutation M($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) {
          userErrors { message } } }""",
        m=[
            {
                "ownerId": order["order_id"],
                "key": "return_claim",
                "type": "json",
                "value": '{"note": "</pre><script>"}',
            }
        ],
    )
    assert payload["userErrors"] == []
    await asyncio.wait_for(shop.emulator.courier.settle(), 5)
    response = await shop.http.get("/")
    assert response.status_code == 200
    assert "<script" not in response.text
    for part in (
        "#1001",
        "#1001-R1",
        "Requested",
        "&lt;script&gt;",
        "return_claim",
        "returns/request",
    ):
        assert part in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]


async def test_it_says_that_it_is_well(shop: Driver) -> None:
    assert (await shop.http.get("/healthz")).json() == {"status": "ok"}


async def test_what_the_calls_have_cost_is_added_up_until_a_reset(shop: Driver) -> None:
    before = (await shop.http.get("/_emulator/costs")).json()
    body = await shop.body("{ shop { name } }")
    cost = body["extensions"]["cost"]
    after = (await shop.http.get("/_emulator/costs")).json()
    assert after["requests"] == before["requests"] + 1
    assert after["requested"] == before["requested"] + cost["requestedQueryCost"]
    assert after["actual"] == before["actual"] + cost["actualQueryCost"] > before["actual"]
    await shop.http.post("/_emulator/reset")
    assert (await shop.http.get("/_emulator/costs")).json() == {
        "requests": 0,
        "requested": 0,
        "actual": 0,
    }
