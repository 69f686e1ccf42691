"""Fulfillments that an app makes: what they take, how they are tracked, how they are undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulators.shopify.fulfillment import (
    FULFILL,
    OF_ORDER,
    line,
    number,
    of_order,
    one,
    pieces,
    told,
)

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver, Receiver

TRACK = """mutation T($id: ID!, $tracking: FulfillmentTrackingInput!) {
  fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking) {
    fulfillment { id trackingInfo(first: 5) { company number url } }
    userErrors { field message } } }"""
CANCEL = """mutation C($id: ID!) { fulfillmentCancel(id: $id) {
  fulfillment { id status displayStatus } userErrors { field message } } }"""
OF = """query F($id: ID!) { fulfillment(id: $id) { id status createdAt order { id name }
  fulfillmentOrders(first: 5) { nodes { id } } trackingInfo(first: 5) { number } } }"""
UPS = {"company": "UPS", "number": "1Z999", "url": "https://ups.test/1Z999"}


def of(fo: dict[str, Any], *lines: dict[str, Any]) -> dict[str, Any]:
    named = {"fulfillmentOrderLineItems": list(lines)} if lines else {}
    return {"fulfillmentOrderId": fo["id"], **named}


async def open_order(shop: Driver) -> dict[str, Any]:
    order = await shop.order(
        {"sku": "LAMP", "quantity": 3}, {"sku": "CHAIR", "quantity": 1}, fulfill=False
    )
    (fo,) = await of_order(shop, order)
    return fo


async def test_an_app_ships_part_and_then_the_rest(shop: Driver, receiver: Receiver) -> None:
    fo = await open_order(shop)
    for topic in ("FULFILLMENTS_CREATE", "ORDERS_PARTIALLY_FULFILLED", "ORDERS_FULFILLED"):
        await shop.subscribe(topic)
    wanted = {"lineItemsByFulfillmentOrder": [of(fo, line(fo, "LAMP", 2))], "trackingInfo": UPS}
    made = await shop.mutate(FULFILL, f=wanted)
    assert made["userErrors"] == []
    first = made["fulfillment"]
    assert (first["status"], first["totalQuantity"]) == ("SUCCESS", 2)
    assert first["trackingInfo"] == [UPS]
    found = await one(shop, fo["id"])
    assert (found["status"], pieces(found)) == ("IN_PROGRESS", {"LAMP": 1, "CHAIR": 1})
    assert sorted(await told(shop, receiver)) == [
        "fulfillments/create",
        "orders/partially_fulfilled",
    ]
    payload = receiver.last("fulfillments/create").payload
    assert payload["order_id"] == int(number(fo["orderId"]))
    assert payload["tracking_numbers"] == ["1Z999"]
    assert (payload["tracking_company"], payload["tracking_url"]) == ("UPS", UPS["url"])
    rest = await shop.mutate(FULFILL, f={"lineItemsByFulfillmentOrder": [of(fo)]})
    assert rest["fulfillment"]["trackingInfo"] == []
    assert (await one(shop, fo["id"]))["status"] == "CLOSED"
    await told(shop, receiver)
    assert receiver.last("orders/fulfilled").payload["fulfillment_status"] == "fulfilled"
    shown = (await shop.ask(OF, id=first["id"]))["fulfillment"]
    assert shown["order"]["id"] == fo["orderId"]
    assert shown["fulfillmentOrders"]["nodes"] == [{"id": fo["id"]}]


async def test_several_fulfillment_orders_of_a_location_ship_together(shop: Driver) -> None:
    fo = await open_order(shop)
    split = f"/shops/acme/fulfillment-orders/{number(fo['id'])}/split"
    new = await shop.control(split, {"lines": [{"sku": "LAMP", "quantity": 2}]})
    other = await one(shop, new["remaining"]["id"])
    wanted = {"lineItemsByFulfillmentOrder": [of(fo), of(other, line(other, "LAMP", 1))]}
    made = await shop.mutate(FULFILL, f=wanted)
    assert made["fulfillment"]["totalQuantity"] == 3
    assert pieces(await one(shop, other["id"])) == {"LAMP": 1}


@pytest.mark.parametrize("lamps", [0, -1, 4])
async def test_no_more_is_shipped_than_remains(shop: Driver, lamps: int) -> None:
    fo = await open_order(shop)
    wanted = {"lineItemsByFulfillmentOrder": [of(fo, line(fo, "LAMP", lamps))]}
    made = await shop.mutate(FULFILL, f=wanted)
    assert made["userErrors"][0]["message"] == (
        "Invalid fulfillment order line item quantity requested."
    )
    assert pieces(await one(shop, fo["id"])) == {"LAMP": 3, "CHAIR": 1}


async def test_what_does_not_belong_together_is_not_shipped_together(shop: Driver) -> None:
    order = await shop.order({"sku": "LAMP"}, {"sku": "CHAIR", "location": "East"}, fulfill=False)
    main, east = await of_order(shop, order)
    other = await open_order(shop)
    for second, words in ((east, "same location"), (other, "same order"), (main, "given twice")):
        wanted = {"lineItemsByFulfillmentOrder": [of(main), of(second)]}
        made = await shop.mutate(FULFILL, f=wanted)
        assert words in made["userErrors"][0]["message"]
    unknown = {"id": "gid://shopify/FulfillmentOrder/99999"}
    made = await shop.mutate(FULFILL, f={"lineItemsByFulfillmentOrder": [of(unknown)]})
    assert made["userErrors"][0]["message"] == "Fulfillment order does not exist."
    made = await shop.mutate(FULFILL, f={"lineItemsByFulfillmentOrder": []})
    assert made["userErrors"][0]["field"] == ["fulfillment"]


async def test_what_has_shipped_is_not_shipped_again(shop: Driver) -> None:
    fo = await open_order(shop)
    wanted = {"lineItemsByFulfillmentOrder": [of(fo)]}
    await shop.mutate(FULFILL, f=wanted)
    again = await shop.mutate(FULFILL, f=wanted)
    assert "unfulfillable status= closed" in again["userErrors"][0]["message"]


async def test_several_numbers_have_their_addresses(shop: Driver) -> None:
    fo = await open_order(shop)
    several = {"company": "UPS", "numbers": ["A", "B"], "urls": ["https://ups.test/A"]}
    wanted = {"lineItemsByFulfillmentOrder": [of(fo)], "trackingInfo": several}
    made = await shop.mutate(FULFILL, f=wanted)
    assert made["fulfillment"]["trackingInfo"] == [
        {"company": "UPS", "number": "A", "url": "https://ups.test/A"},
        {"company": "UPS", "number": "B", "url": None},
    ]


async def test_tracking_is_replaced_and_told(shop: Driver, receiver: Receiver) -> None:
    fo = await open_order(shop)
    await shop.subscribe("FULFILLMENTS_UPDATE")
    wanted = {"lineItemsByFulfillmentOrder": [of(fo)], "trackingInfo": UPS}
    gid = (await shop.mutate(FULFILL, f=wanted))["fulfillment"]["id"]
    made = await shop.mutate(TRACK, id=gid, tracking={"number": "1Z000", "company": "UPS"})
    assert made["fulfillment"]["trackingInfo"] == [
        {"company": "UPS", "number": "1Z000", "url": None}
    ]
    await told(shop, receiver)
    assert receiver.last("fulfillments/update").payload["tracking_number"] == "1Z000"
    both = await shop.mutate(TRACK, id=gid, tracking={"number": "A", "numbers": ["B"]})
    assert both["userErrors"][0]["field"] == ["trackingInfoInput"]
    unknown = await shop.mutate(TRACK, id="gid://shopify/Fulfillment/99999", tracking=UPS)
    assert unknown["userErrors"][0]["message"] == "Fulfillment does not exist."


async def test_a_cancelled_fulfillment_gives_its_pieces_back(
    shop: Driver, receiver: Receiver
) -> None:
    fo = await open_order(shop)
    await shop.subscribe("FULFILLMENTS_UPDATE")
    wanted = {"lineItemsByFulfillmentOrder": [of(fo)]}
    gid = (await shop.mutate(FULFILL, f=wanted))["fulfillment"]["id"]
    made = await shop.mutate(CANCEL, id=gid)
    assert made["fulfillment"] == {"id": gid, "status": "CANCELLED", "displayStatus": "CANCELED"}
    found = await one(shop, fo["id"])
    assert (found["status"], pieces(found)) == ("OPEN", {"LAMP": 3, "CHAIR": 1})
    order = (await shop.ask(OF_ORDER, id=fo["orderId"]))["order"]
    assert order["displayFulfillmentStatus"] == "UNFULFILLED"
    await told(shop, receiver)
    assert receiver.last("fulfillments/update").payload["status"] == "cancelled"
    assert (await shop.mutate(CANCEL, id=gid))["userErrors"] != []
    assert (await shop.mutate(TRACK, id=gid, tracking=UPS))["userErrors"] != []


async def test_staff_ship_past_what_is_on_hold(shop: Driver) -> None:
    fo = await open_order(shop)
    path = f"/shops/acme/orders/{number(fo['orderId'])}/fulfill"
    body = {"order_id": fo["orderId"], "lines": [{"sku": "LAMP", "quantity": 2}]}
    await shop.control("/shops/acme/holds", body)
    await shop.control(path, {"lines": [{"sku": "LAMP", "quantity": 2}]}, status=409)
    made = await shop.control(path)
    assert [ln["quantity"] for ln in made["fulfillments"][0]["line_items"]] == [1, 1]
    assert pieces(await one(shop, fo["id"])) == {"LAMP": 2}


async def test_the_page_shows_holds_and_tracking(shop: Driver) -> None:
    fo = await open_order(shop)
    wanted = {"lineItemsByFulfillmentOrder": [of(fo, line(fo, "CHAIR", 1))], "trackingInfo": UPS}
    await shop.mutate(FULFILL, f=wanted)
    body = {"order_id": fo["orderId"], "reason": "INCORRECT_ADDRESS", "notes": "<b>Where?</b>"}
    await shop.control("/shops/acme/holds", body)
    page = (await shop.http.get("/")).text
    for part in (
        "To ship from Main warehouse",
        "Incorrect address",
        "&lt;b&gt;Where?",
        "held by staff",
    ):
        assert part in page
    assert "3 of 3 × LAMP" in page
    assert "UPS 1Z999" in page
    assert "Shipment #1001-F1" in page
