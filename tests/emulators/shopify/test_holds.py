"""Holds: whole and in part, by the app and by others, released one by one or all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulators.shopify.fulfillment import (
    FULFILL,
    HOLD,
    OF_ORDER,
    RELEASE,
    line,
    number,
    of_order,
    one,
    pieces,
    told,
)

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver, Receiver

LATE = {"reason": "UNKNOWN_DELIVERY_DATE", "handle": "gridcase:order_exception:1"}


async def open_order(shop: Driver) -> dict[str, Any]:
    """The fulfillment order of three lamps and a chair."""
    order = await shop.order(
        {"sku": "LAMP", "quantity": 3}, {"sku": "CHAIR", "quantity": 1}, fulfill=False
    )
    (fo,) = await of_order(shop, order)
    return fo


async def hold_of_staff(shop: Driver, fo: dict[str, Any], **body: Any) -> dict[str, Any]:
    return await shop.control(f"/shops/acme/fulfillment-orders/{number(fo['id'])}/hold", body)


async def test_a_whole_fulfillment_order_is_held_and_released(
    shop: Driver, receiver: Receiver
) -> None:
    fo = await open_order(shop)
    for topic in ("ADDED", "RELEASED"):
        await shop.subscribe(f"FULFILLMENT_HOLDS_{topic}")
    for topic in ("PLACED_ON_HOLD", "HOLD_RELEASED"):
        await shop.subscribe(f"FULFILLMENT_ORDERS_{topic}")
    made = await shop.mutate(HOLD, id=fo["id"], hold={**LATE, "reasonNotes": "No date yet"})
    assert made["userErrors"] == []
    assert made["fulfillmentOrder"] == {"id": fo["id"], "status": "ON_HOLD"}
    assert made["remainingFulfillmentOrder"] is None
    hold = made["fulfillmentHold"]
    assert hold["heldByRequestingApp"]
    found = await one(shop, fo["id"])
    assert {a["action"] for a in found["supportedActions"]} == {"RELEASE_HOLD", "HOLD"}
    assert found["fulfillmentHolds"] == [
        {
            "id": hold["id"],
            "handle": LATE["handle"],
            "reason": "UNKNOWN_DELIVERY_DATE",
            "reasonNotes": "No date yet",
            "displayReason": "Unknown delivery date",
            "heldByRequestingApp": True,
            "heldByApp": {"id": "gid://shopify/App/1234567", "title": "Gridcase"},
        }
    ]
    assert sorted(await told(shop, receiver)) == [
        "fulfillment_holds/added",
        "fulfillment_orders/placed_on_hold",
    ]
    shown = {
        "id": hold["id"],
        "reason": "unknown_delivery_date",
        "reason_notes": "No date yet",
        "held_by_requesting_app": True,
        "handle": LATE["handle"],
        "held_by_app": {"id": "gid://shopify/App/1234567"},
    }
    assert receiver.last("fulfillment_holds/added").payload == {
        "fulfillment_order": {"id": fo["id"]},
        "fulfillment_hold": shown,
    }
    placed = receiver.last("fulfillment_orders/placed_on_hold").payload
    assert placed["created_fulfillment_hold"] == shown
    assert placed["fulfillment_order"] == {
        "id": fo["id"],
        "status": "on_hold",
        "fulfillment_holds": [shown],
    }
    assert placed["remaining_fulfillment_order"] is None
    done = await shop.mutate(RELEASE, id=fo["id"], holdIds=[hold["id"]])
    assert done["fulfillmentOrder"] == {"id": fo["id"], "status": "OPEN", "fulfillmentHolds": []}
    await told(shop, receiver)
    assert receiver.last("fulfillment_holds/released").payload["fulfillment_hold"] == shown
    assert receiver.last("fulfillment_orders/hold_released").payload == {
        "fulfillment_order": {"id": fo["id"], "status": "open"}
    }


async def test_a_hold_on_some_lines_keeps_them_and_moves_the_rest_away(
    shop: Driver, receiver: Receiver
) -> None:
    fo = await open_order(shop)
    await shop.subscribe("FULFILLMENT_ORDERS_PLACED_ON_HOLD")
    held = [line(fo, "LAMP", 2)]
    made = await shop.mutate(HOLD, id=fo["id"], hold={**LATE, "fulfillmentOrderLineItems": held})
    assert made["userErrors"] == []
    rest = made["remainingFulfillmentOrder"]
    assert (rest["status"], rest["id"] != fo["id"]) == ("OPEN", True)
    assert pieces(await one(shop, fo["id"])) == {"LAMP": 2}
    assert pieces(await one(shop, rest["id"])) == {"LAMP": 1, "CHAIR": 1}
    assert (await one(shop, rest["id"]))["fulfillmentHolds"] == []
    await told(shop, receiver)
    payload = receiver.last("fulfillment_orders/placed_on_hold").payload
    assert payload["remaining_fulfillment_order"] == {"id": rest["id"], "status": "open"}
    assert payload["held_fulfillment_order_line_items"] == held


async def test_all_lines_named_are_a_hold_on_the_whole(shop: Driver) -> None:
    fo = await open_order(shop)
    everything = [line(fo, "LAMP", 3), line(fo, "CHAIR", 1)]
    hold = {**LATE, "fulfillmentOrderLineItems": everything}
    made = await shop.mutate(HOLD, id=fo["id"], hold=hold)
    assert made["remainingFulfillmentOrder"] is None
    assert pieces(await one(shop, fo["id"])) == {"LAMP": 3, "CHAIR": 1}


async def test_the_rest_of_a_shipped_fulfillment_order_can_be_held(shop: Driver) -> None:
    fo = await open_order(shop)
    path = f"/shops/acme/orders/{number(fo['orderId'])}/fulfill"
    await shop.control(path, {"lines": [{"sku": "LAMP", "quantity": 1}]})
    hold = {**LATE, "fulfillmentOrderLineItems": [line(fo, "LAMP", 1)]}
    made = await shop.mutate(HOLD, id=fo["id"], hold=hold)
    assert made["userErrors"] == []
    assert pieces(await one(shop, fo["id"])) == {"LAMP": 1}
    assert pieces(await one(shop, made["remainingFulfillmentOrder"]["id"])) == {
        "LAMP": 1,
        "CHAIR": 1,
    }
    done = await shop.mutate(RELEASE, id=fo["id"], holdIds=[made["fulfillmentHold"]["id"]])
    assert done["fulfillmentOrder"]["status"] == "IN_PROGRESS"


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        (0, "GREATER_THAN_ZERO"),
        (-1, "GREATER_THAN_ZERO"),
        (4, "INVALID_LINE_ITEM_QUANTITY"),
    ],
)
async def test_a_wrong_quantity_is_refused_by_its_code(
    shop: Driver, quantity: int, code: str
) -> None:
    fo = await open_order(shop)
    hold = {**LATE, "fulfillmentOrderLineItems": [line(fo, "LAMP", quantity)]}
    made = await shop.mutate(HOLD, id=fo["id"], hold=hold)
    assert [error["code"] for error in made["userErrors"]] == [code]
    assert made["userErrors"][0]["field"] == [
        "fulfillmentHold",
        "fulfillmentOrderLineItems",
        "0",
        "quantity",
    ]
    assert (await one(shop, fo["id"]))["status"] == "OPEN"


async def test_a_line_named_twice_is_refused(shop: Driver) -> None:
    fo = await open_order(shop)
    twice = [line(fo, "LAMP", 1), line(fo, "LAMP", 1)]
    made = await shop.mutate(HOLD, id=fo["id"], hold={**LATE, "fulfillmentOrderLineItems": twice})
    assert made["userErrors"][0]["code"] == "DUPLICATED_FULFILLMENT_ORDER_LINE_ITEMS"


async def test_a_line_of_another_fulfillment_order_is_refused(shop: Driver) -> None:
    fo, other = await open_order(shop), await open_order(shop)
    hold = {**LATE, "fulfillmentOrderLineItems": [line(other, "LAMP", 1)]}
    made = await shop.mutate(HOLD, id=fo["id"], hold=hold)
    assert made["userErrors"][0]["code"] == "INVALID_LINE_ITEM_QUANTITY"


async def test_a_handle_is_used_once_by_an_app_on_a_fulfillment_order(shop: Driver) -> None:
    fo, other = await open_order(shop), await open_order(shop)
    assert (await shop.mutate(HOLD, id=fo["id"], hold=LATE))["userErrors"] == []
    again = await shop.mutate(HOLD, id=fo["id"], hold=LATE)
    assert again["userErrors"][0]["code"] == "DUPLICATE_FULFILLMENT_HOLD_HANDLE"
    assert again["userErrors"][0]["field"] == ["fulfillmentHold", "handle"]
    await hold_of_staff(shop, fo, handle=LATE["handle"], by="Fraud Guard")
    assert (await shop.mutate(HOLD, id=other["id"], hold=LATE))["userErrors"] == []
    assert len((await one(shop, fo["id"]))["fulfillmentHolds"]) == 2


async def test_an_app_has_at_most_ten_holds_on_a_fulfillment_order(shop: Driver) -> None:
    fo = await open_order(shop)
    await hold_of_staff(shop, fo)
    for index in range(10):
        made = await shop.mutate(HOLD, id=fo["id"], hold={"reason": "OTHER", "handle": str(index)})
        assert made["userErrors"] == []
    made = await shop.mutate(HOLD, id=fo["id"], hold={"reason": "OTHER", "handle": "eleventh"})
    assert made["userErrors"][0]["code"] == "FULFILLMENT_ORDER_HOLD_LIMIT_REACHED"


async def test_a_handle_has_at_most_64_characters(shop: Driver) -> None:
    fo = await open_order(shop)
    made = await shop.mutate(HOLD, id=fo["id"], hold={"reason": "OTHER", "handle": "x" * 65})
    assert made["userErrors"][0]["message"] == "Handle is too long (maximum is 64 characters)"
    assert (await shop.mutate(HOLD, id=fo["id"], hold={"reason": "OTHER", "handle": "x" * 64}))[
        "userErrors"
    ] == []


async def test_part_of_what_cannot_be_split_is_not_held(shop: Driver) -> None:
    marked, held = await open_order(shop), await open_order(shop)
    await shop.control(f"/shops/acme/fulfillment-orders/{number(marked['id'])}/unsplittable", {})
    await hold_of_staff(shop, held)
    for fo in (marked, held):
        hold = {**LATE, "fulfillmentOrderLineItems": [line(fo, "LAMP", 1)]}
        made = await shop.mutate(HOLD, id=fo["id"], hold=hold)
        assert made["userErrors"][0]["code"] == "FULFILLMENT_ORDER_NOT_SPLITTABLE"
        assert (await shop.mutate(HOLD, id=fo["id"], hold=LATE))["userErrors"] == []


async def test_what_is_unknown_closed_or_asked_of_a_service_cannot_be_held(shop: Driver) -> None:
    unknown = await shop.mutate(HOLD, id="gid://shopify/FulfillmentOrder/99999", hold=LATE)
    assert unknown["userErrors"][0]["code"] == "FULFILLMENT_ORDER_NOT_FOUND"
    fo = await open_order(shop)
    await shop.control(f"/shops/acme/orders/{number(fo['orderId'])}/fulfill")
    closed = await shop.mutate(HOLD, id=fo["id"], hold=LATE)
    assert closed["userErrors"][0]["code"] is None
    assert "closed" in closed["userErrors"][0]["message"]


async def test_without_ids_everybodys_holds_are_released(shop: Driver) -> None:
    fo = await open_order(shop)
    await hold_of_staff(shop, fo, reason="INCORRECT_ADDRESS", notes="Which street?")
    await hold_of_staff(shop, fo, by="Fraud Guard", handle="f")
    await shop.mutate(HOLD, id=fo["id"], hold=LATE)
    held = await one(shop, fo["id"])
    assert [
        hold["heldByApp"] and hold["heldByApp"]["title"] for hold in held["fulfillmentHolds"]
    ] == [
        None,
        "Fraud Guard",
        "Gridcase",
    ]
    done = await shop.mutate(RELEASE, id=fo["id"])
    assert done["fulfillmentOrder"] == {"id": fo["id"], "status": "OPEN", "fulfillmentHolds": []}


async def test_an_empty_list_of_ids_releases_everybodys_holds_too(shop: Driver) -> None:
    fo = await open_order(shop)
    await hold_of_staff(shop, fo)
    done = await shop.mutate(RELEASE, id=fo["id"], holdIds=[])
    assert done["fulfillmentOrder"]["fulfillmentHolds"] == []
    again = await shop.mutate(RELEASE, id=fo["id"])
    assert again["userErrors"][0]["message"] == "The fulfillment order is not on hold."


async def test_holding_needs_a_scope_to_write(shop: Driver) -> None:
    fo = await open_order(shop)
    for lost in ("merchant_managed", "third_party"):
        held = await shop.body(HOLD, id=fo["id"], hold={"reason": "OTHER", "handle": lost})
        assert "errors" not in held
        token = shop.emulator.tokens[shop.token]
        fewer = token.scopes - {f"write_{lost}_fulfillment_orders"}
        shop.emulator.tokens[shop.token] = type(token)(token.shop, fewer, token.expires_at)
    body = await shop.body(HOLD, id=fo["id"], hold=LATE)
    assert body["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert len((await one(shop, fo["id"]))["fulfillmentHolds"]) == 2


async def test_one_hold_released_leaves_the_others(shop: Driver, receiver: Receiver) -> None:
    fo = await open_order(shop)
    await shop.subscribe("FULFILLMENT_ORDERS_HOLD_RELEASED")
    staff = await hold_of_staff(shop, fo)
    ours = (await shop.mutate(HOLD, id=fo["id"], hold=LATE))["fulfillmentHold"]["id"]
    done = await shop.mutate(RELEASE, id=fo["id"], holdIds=[ours])
    assert done["fulfillmentOrder"]["status"] == "ON_HOLD"
    assert [hold["id"] for hold in done["fulfillmentOrder"]["fulfillmentHolds"]] == [
        staff["hold_id"]
    ]
    assert await told(shop, receiver) == []
    again = await shop.mutate(RELEASE, id=fo["id"], holdIds=[ours])
    assert again["userErrors"][0]["code"] == "INVALID_ACCESS"
    path = f"/shops/acme/fulfillment-orders/{number(fo['id'])}/release"
    assert (await shop.control(path, {"hold_ids": [staff["hold_id"]]}))["status"] == "OPEN"
    assert await told(shop, receiver) == ["fulfillment_orders/hold_released"]


async def test_a_cancelled_order_is_held_no_more(shop: Driver) -> None:
    fo = await open_order(shop)
    await shop.mutate(HOLD, id=fo["id"], hold=LATE)
    await shop.control(f"/shops/acme/orders/{number(fo['orderId'])}/cancel")
    found = await one(shop, fo["id"])
    assert (found["status"], found["fulfillmentHolds"]) == ("CLOSED", [])


async def test_what_is_on_hold_is_not_shipped(shop: Driver) -> None:
    fo = await open_order(shop)
    await shop.mutate(HOLD, id=fo["id"], hold=LATE)
    wanted = {"lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": fo["id"]}]}
    made = await shop.mutate(FULFILL, f=wanted)
    assert made["fulfillment"] is None
    assert "unfulfillable status= on_hold" in made["userErrors"][0]["message"]
    await shop.control(f"/shops/acme/orders/{number(fo['orderId'])}/fulfill", status=409)
    found = (await shop.ask(OF_ORDER, id=fo["orderId"]))["order"]
    assert found["displayFulfillmentStatus"] == "ON_HOLD"


async def test_staff_hold_what_can_be_held_of_an_order(shop: Driver) -> None:
    order = await shop.order(
        {"sku": "LAMP", "quantity": 2}, {"sku": "CHAIR", "location": "East"}, fulfill=False
    )
    body = {"order_id": order["order_id"], "reason": "HIGH_RISK_OF_FRAUD"}
    made = await shop.control("/shops/acme/holds", body)
    assert [hold["status"] for hold in made["holds"]] == ["ON_HOLD", "ON_HOLD"]
    other = await shop.order(
        {"sku": "LAMP", "quantity": 2}, {"sku": "CHAIR", "location": "East"}, fulfill=False
    )
    body = {"order_id": other["order_id"], "lines": [{"sku": "LAMP", "quantity": 1}]}
    (made,) = (await shop.control("/shops/acme/holds", body))["holds"]
    assert made["remaining"]["line_items"][0]["remaining_quantity"] == 1
    assert [fo["status"] for fo in await of_order(shop, other)] == ["ON_HOLD", "OPEN", "OPEN"]
    await shop.control("/shops/acme/holds", {"reason": "OTHER"}, status=422)


async def test_included_fields_cut_a_hold_to_what_is_asked(
    shop: Driver, receiver: Receiver
) -> None:
    fo = await open_order(shop)
    fields = ["fulfillment_order.id", "fulfillment_hold.reason"]
    await shop.subscribe("FULFILLMENT_HOLDS_ADDED", includeFields=fields)
    await hold_of_staff(shop, fo, reason="INVENTORY_OUT_OF_STOCK", notes="private")
    await told(shop, receiver)
    assert receiver.last("fulfillment_holds/added").payload == {
        "fulfillment_order": {"id": fo["id"]},
        "fulfillment_hold": {"reason": "inventory_out_of_stock"},
    }
