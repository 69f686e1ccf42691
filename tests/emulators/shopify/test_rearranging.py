"""Fulfillment orders moved, split, merged, cancelled, and asked of a service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.emulators.shopify.fulfillment import (
    HOLD,
    MERGE,
    MOVE,
    SPLIT,
    line,
    number,
    of_order,
    one,
    pieces,
    told,
)

if TYPE_CHECKING:
    from tests.emulators.shopify.conftest import Driver, Receiver

SUBMIT = """mutation S($id: ID!, $message: String, $lines: [FulfillmentOrderLineItemInput!]) {
  fulfillmentOrderSubmitFulfillmentRequest(id: $id, message: $message,
                                           fulfillmentOrderLineItems: $lines) {
    originalFulfillmentOrder { id } submittedFulfillmentOrder { id requestStatus }
    unsubmittedFulfillmentOrder { id requestStatus } userErrors { field message } } }"""
CANCEL = """mutation C($id: ID!) { fulfillmentOrderCancel(id: $id) {
  fulfillmentOrder { id status } replacementFulfillmentOrder { id status }
  userErrors { code field message } } }"""
PROGRESS = """mutation P($id: ID!, $report: FulfillmentOrderReportProgressInput) {
  fulfillmentOrderReportProgress(id: $id, progressReport: $report) {
    fulfillmentOrder { status } userErrors { code field message } } }"""


async def place(shop: Driver, name: str, **more: Any) -> str:
    made = await shop.control("/shops/acme/locations", {"name": name, **more})
    return str(made["location_id"])


async def open_order(shop: Driver, **first: Any) -> dict[str, Any]:
    lamp = {"sku": "LAMP", "quantity": 3, **first}
    chair = {"sku": "CHAIR", "quantity": 1, **first}
    (fo,) = await of_order(shop, await shop.order(lamp, chair, fulfill=False))
    return fo


def path(fo: dict[str, Any], act: str) -> str:
    return f"/shops/acme/fulfillment-orders/{number(fo['id'])}/{act}"


async def test_the_whole_moves_as_the_same_fulfillment_order(
    shop: Driver, receiver: Receiver
) -> None:
    east = await place(shop, "East")
    fo = await open_order(shop)
    await shop.subscribe("FULFILLMENT_ORDERS_MOVED")
    made = await shop.mutate(MOVE, id=fo["id"], to=east)
    assert made["userErrors"] == []
    moved = made["movedFulfillmentOrder"]
    assert moved == {"id": fo["id"], "status": "OPEN", "assignedLocation": {"name": "East"}}
    assert made["originalFulfillmentOrder"] == moved
    assert made["remainingFulfillmentOrder"] is None
    await told(shop, receiver)
    payload = receiver.last("fulfillment_orders/moved").payload
    assert payload["destination_location_id"] == east
    assert payload["source_location"]["id"] == fo["assignedLocation"]["location"]["id"]
    assert payload["moved_fulfillment_order"] == {
        "id": fo["id"],
        "status": "open",
        "assigned_location_id": east,
    }
    assert payload["fulfillment_order_line_items_requested"] == [
        line(fo, "LAMP", 3),
        line(fo, "CHAIR", 1),
    ]


async def test_part_moves_to_a_new_fulfillment_order_with_its_stock(shop: Driver) -> None:
    levels = {"Main warehouse": 9, "East": 9}
    await shop.control("/shops/acme/products", {"sku": "LAMP", "available": levels})
    fo = await open_order(shop)
    east = (await shop.control("/state", verb="GET"))["shops"]["acme"]["locations"][1]["id"]
    made = await shop.mutate(MOVE, id=fo["id"], to=east, lines=[line(fo, "LAMP", 2)])
    assert made["userErrors"] == []
    assert made["remainingFulfillmentOrder"]["id"] == fo["id"]
    assert pieces(await one(shop, made["movedFulfillmentOrder"]["id"])) == {"LAMP": 2}
    assert pieces(await one(shop, fo["id"])) == {"LAMP": 1, "CHAIR": 1}
    lamp = (await shop.control("/state", verb="GET"))["shops"]["acme"]["variants"][0]
    assert lamp["available"] == {"Main warehouse": 8, "East": 7}


async def test_what_was_shipped_stays_when_the_rest_moves(shop: Driver) -> None:
    east = await place(shop, "East")
    fo = await open_order(shop)
    shipped = {"lines": [{"sku": "LAMP", "quantity": 1}]}
    await shop.control(f"/shops/acme/orders/{number(fo['orderId'])}/fulfill", shipped)
    made = await shop.mutate(MOVE, id=fo["id"], to=east)
    assert made["originalFulfillmentOrder"]["status"] == "CLOSED"
    assert made["movedFulfillmentOrder"]["id"] != fo["id"]
    assert pieces(await one(shop, made["movedFulfillmentOrder"]["id"])) == {"LAMP": 2, "CHAIR": 1}


async def test_a_move_is_refused_in_words(shop: Driver) -> None:
    await shop.control("/shops/acme/products", {"sku": "LAMP", "available": {"Main warehouse": 9}})
    bare, shut = await place(shop, "Bare"), await place(shop, "Shut", active=False)
    fo = await open_order(shop)
    home = fo["assignedLocation"]["location"]["id"]
    for to, words in (
        (bare, "does not stock LAMP"),
        (shut, "not active"),
        (home, "assigned to this location already"),
        ("gid://shopify/Location/99999", "not found"),
    ):
        made = await shop.mutate(MOVE, id=fo["id"], to=to)
        assert words in made["userErrors"][0]["message"]
        assert made["userErrors"][0]["field"] == ["newLocationId"]
    chair = [line(fo, "CHAIR", 1)]
    await shop.mutate(HOLD, id=fo["id"], hold={"reason": "OTHER"})
    held = await shop.mutate(MOVE, id=fo["id"], to=bare, lines=chair)
    assert "on_hold" in held["userErrors"][0]["message"]
    assert (await one(shop, fo["id"]))["assignedLocation"]["location"]["id"] == home


async def test_what_is_asked_of_a_service_does_not_move(shop: Driver) -> None:
    east = await place(shop, "East")
    await place(shop, "Partner", fulfillment_service="Partner Ships")
    fo = await open_order(shop, location="Partner")
    await shop.control(path(fo, "submit"), {"message": "Please"})
    for act, status in (("", "submitted"), ("accept", "accepted")):
        if act:
            await shop.control(path(fo, act), {})
        made = await shop.mutate(MOVE, id=fo["id"], to=east)
        assert status in made["userErrors"][0]["message"]
        held = await shop.mutate(HOLD, id=fo["id"], hold={"reason": "OTHER"})
        assert status in held["userErrors"][0]["message"]
    await shop.control(path(fo, "fail-to-complete"), {"message": "Broken"})
    assert (await shop.mutate(MOVE, id=fo["id"], to=east))["userErrors"] == []
    found = await one(shop, fo["id"])
    assert (found["status"], found["requestStatus"]) == ("OPEN", "UNSUBMITTED")


async def test_reported_progress_keeps_a_fulfillment_order_where_it_is(
    shop: Driver, receiver: Receiver
) -> None:
    east = await place(shop, "East")
    fo = await open_order(shop)
    await shop.subscribe("FULFILLMENT_ORDERS_PROGRESS_REPORTED")
    made = await shop.mutate(PROGRESS, id=fo["id"], report={"reasonNotes": "Picking"})
    assert made["fulfillmentOrder"]["status"] == "IN_PROGRESS"
    await told(shop, receiver)
    assert receiver.last("fulfillment_orders/progress_reported").payload == {
        "fulfillment_order": {"id": fo["id"], "status": "in_progress"},
        "progress_report": {
            "reason_notes": "Picking",
            "progress_reported_by_app": {"id": "gid://shopify/App/1234567"},
            "progress_reported_by_user": None,
        },
        "initial_status": "open",
    }
    moved = await shop.mutate(MOVE, id=fo["id"], to=east)
    code = "CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS"
    assert moved["userErrors"][0]["code"] == code
    cancelled = await shop.mutate(CANCEL, id=fo["id"])
    code = "FULFILLMENT_ORDER_HAS_MANUALLY_REPORTED_PROGRESS"
    assert cancelled["userErrors"][0]["code"] == code
    again = await shop.mutate(PROGRESS, id=fo["id"], report=None)
    assert again["userErrors"][0]["code"] == "FULFILLMENT_ORDER_STATUS_INVALID"


async def test_a_split_puts_the_named_lines_into_a_new_fulfillment_order(
    shop: Driver, receiver: Receiver
) -> None:
    fo = await open_order(shop)
    await shop.subscribe("FULFILLMENT_ORDERS_SPLIT")
    lines = [line(fo, "LAMP", 2)]
    splits = [{"fulfillmentOrderId": fo["id"], "fulfillmentOrderLineItems": lines}]
    made = await shop.mutate(SPLIT, splits=splits)
    (result,) = made["fulfillmentOrderSplits"]
    assert result["fulfillmentOrder"]["id"] == fo["id"]
    assert pieces(await one(shop, fo["id"])) == {"LAMP": 1, "CHAIR": 1}
    new = result["remainingFulfillmentOrder"]["id"]
    assert pieces(await one(shop, new)) == {"LAMP": 2}
    await told(shop, receiver)
    assert receiver.last("fulfillment_orders/split").payload == {
        "split_line_items": lines,
        "fulfillment_order": {"id": fo["id"], "status": "open"},
        "remaining_fulfillment_order": {"id": new, "status": "open"},
        "replacement_fulfillment_order": None,
    }


@pytest.mark.parametrize(
    ("lamps", "code"),
    [
        (None, "NO_LINE_ITEMS_PROVIDED_TO_SPLIT"),
        (0, "GREATER_THAN"),
        (4, "INVALID_LINE_ITEM_QUANTITY"),
    ],
)
async def test_a_wrong_split_is_refused_by_its_code(
    shop: Driver, lamps: int | None, code: str
) -> None:
    fo = await open_order(shop)
    lines = [] if lamps is None else [line(fo, "LAMP", lamps)]
    splits = [{"fulfillmentOrderId": fo["id"], "fulfillmentOrderLineItems": lines}]
    made = await shop.mutate(SPLIT, splits=splits)
    assert made["userErrors"][0]["code"] == code
    assert made["fulfillmentOrderSplits"] is None
    assert pieces(await one(shop, fo["id"])) == {"LAMP": 3, "CHAIR": 1}


async def test_everything_cannot_be_split_off(shop: Driver) -> None:
    fo = await open_order(shop)
    lines = [line(fo, "LAMP", 3), line(fo, "CHAIR", 1)]
    splits = [{"fulfillmentOrderId": fo["id"], "fulfillmentOrderLineItems": lines}]
    made = await shop.mutate(SPLIT, splits=splits)
    assert made["userErrors"][0]["code"] == "INVALID_LINE_ITEM_QUANTITY"


async def test_a_merge_brings_together_what_was_split(shop: Driver, receiver: Receiver) -> None:
    fo = await open_order(shop)
    new = await shop.control(path(fo, "split"), {"lines": [{"sku": "LAMP", "quantity": 2}]})
    other = new["remaining"]["id"]
    await shop.subscribe("FULFILLMENT_ORDERS_MERGED")
    intents = [{"fulfillmentOrderId": fo["id"]}, {"fulfillmentOrderId": other}]
    made = await shop.mutate(MERGE, inputs=[{"mergeIntents": intents}])
    assert made["fulfillmentOrderMerges"] == [
        {"fulfillmentOrder": {"id": fo["id"], "status": "OPEN"}}
    ]
    assert pieces(await one(shop, fo["id"])) == {"LAMP": 3, "CHAIR": 1}
    assert (await one(shop, other))["status"] == "CLOSED"
    await told(shop, receiver)
    payload = receiver.last("fulfillment_orders/merged").payload
    assert [i["fulfillment_order_id"] for i in payload["merge_intents"]] == [
        int(number(fo["id"])),
        int(number(other)),
    ]
    assert payload["fulfillment_order_merges"]["fulfillment_order"]["id"] == fo["id"]


async def test_what_is_on_hold_or_elsewhere_is_not_merged(shop: Driver) -> None:
    fo = await open_order(shop)
    elsewhere = await open_order(shop)
    new = await shop.control(path(fo, "split"), {"lines": [{"sku": "LAMP", "quantity": 2}]})
    await shop.control(path(new["remaining"], "hold"), {})
    for other in (elsewhere["id"], new["remaining"]["id"]):
        intents = [{"fulfillmentOrderId": fo["id"]}, {"fulfillmentOrderId": other}]
        made = await shop.mutate(MERGE, inputs=[{"mergeIntents": intents}])
        assert made["userErrors"][0]["message"] == "The fulfillment orders can't be merged."
    unknown = [{"fulfillmentOrderId": "gid://shopify/FulfillmentOrder/99999"}]
    made = await shop.mutate(MERGE, inputs=[{"mergeIntents": unknown}])
    assert made["userErrors"][0]["code"] == "FULFILLMENT_ORDER_NOT_FOUND"
    await shop.control(path(fo, "merge"), {"fulfillment_order_ids": [elsewhere["id"]]}, status=409)


async def test_a_fulfillment_order_named_twice_is_neither_merged_nor_split(shop: Driver) -> None:
    fo = await open_order(shop)
    twice = [{"fulfillmentOrderId": fo["id"]}] * 2
    made = await shop.mutate(MERGE, inputs=[{"mergeIntents": twice}])
    assert made["userErrors"][0]["message"] == "The fulfillment order is given twice."
    lines = [line(fo, "LAMP", 2)]
    splits = [{"fulfillmentOrderId": fo["id"], "fulfillmentOrderLineItems": lines}] * 2
    made = await shop.mutate(SPLIT, splits=splits)
    assert made["userErrors"][0]["message"] == "The fulfillment order is given twice."
    assert pieces(await one(shop, fo["id"])) == {"LAMP": 3, "CHAIR": 1}


async def test_a_cancelled_fulfillment_order_is_replaced(shop: Driver, receiver: Receiver) -> None:
    fo = await open_order(shop)
    await shop.subscribe("FULFILLMENT_ORDERS_CANCELLED")
    made = await shop.mutate(CANCEL, id=fo["id"])
    assert made["fulfillmentOrder"] == {"id": fo["id"], "status": "CANCELLED"}
    new = made["replacementFulfillmentOrder"]
    assert pieces(await one(shop, new["id"])) == {"LAMP": 3, "CHAIR": 1}
    assert pieces(await one(shop, fo["id"])) == {}
    await told(shop, receiver)
    assert receiver.last("fulfillment_orders/cancelled").payload == {
        "fulfillment_order": {"id": fo["id"], "status": "cancelled"},
        "replacement_fulfillment_order": {"id": new["id"], "status": "open"},
    }
    assert (await shop.mutate(CANCEL, id=fo["id"]))["userErrors"] != []


async def test_a_service_is_asked_and_answers(shop: Driver, receiver: Receiver) -> None:
    await place(shop, "Partner", fulfillment_service="Partner Ships")
    fo = await open_order(shop, location="Partner")
    kinds = (
        "FULFILLMENT_REQUEST_SUBMITTED",
        "FULFILLMENT_REQUEST_REJECTED",
        "FULFILLMENT_REQUEST_ACCEPTED",
        "CANCELLATION_REQUEST_REJECTED",
    )
    for kind in kinds:
        await shop.subscribe(f"FULFILLMENT_ORDERS_{kind}")
    made = await shop.mutate(SUBMIT, id=fo["id"], message="Fragile", lines=[line(fo, "LAMP", 2)])
    assert made["submittedFulfillmentOrder"]["requestStatus"] == "SUBMITTED"
    assert made["unsubmittedFulfillmentOrder"]["requestStatus"] == "UNSUBMITTED"
    await told(shop, receiver)
    submitted = receiver.last("fulfillment_orders/fulfillment_request_submitted").payload
    assert submitted["submitted_fulfillment_order"]["request_status"] == "submitted"
    assert submitted["fulfillment_order_merchant_request"]["message"] == "Fragile"
    await shop.control(path(fo, "reject-request"), {"message": "No stock"})
    await told(shop, receiver)
    assert receiver.last("fulfillment_orders/fulfillment_request_rejected").payload == {
        "fulfillment_order": {"id": fo["id"], "status": "open", "request_status": "rejected"},
        "message": "No stock",
    }
    await shop.control(path(fo, "submit"), {})
    await shop.control(path(fo, "accept"), {"message": "Tomorrow"})
    await told(shop, receiver)
    accepted = receiver.last("fulfillment_orders/fulfillment_request_accepted").payload
    assert accepted["fulfillment_order"]["status"] == "in_progress"
    await shop.control(path(fo, "reject-cancellation"), {"message": "Already packed"})
    await told(shop, receiver)
    assert receiver.last("fulfillment_orders/cancellation_request_rejected").payload == {
        "fulfillment_order": {
            "id": fo["id"],
            "status": "in_progress",
            "request_status": "cancellation_rejected",
        },
        "message": "Already packed",
    }
    await shop.control(path(fo, "accept"), {}, status=409)


async def test_a_service_that_fails_leaves_the_rest_to_the_merchant(
    shop: Driver, receiver: Receiver
) -> None:
    await place(shop, "Partner", fulfillment_service="Partner Ships")
    fo = await open_order(shop, location="Partner")
    await shop.subscribe("FULFILLMENT_ORDERS_FULFILLMENT_SERVICE_FAILED_TO_COMPLETE")
    await shop.control(path(fo, "submit"), {})
    await shop.control(path(fo, "accept"), {})
    shown = await shop.control(path(fo, "fail-to-complete"), {"message": "We broke it"})
    assert (shown["status"], shown["request_status"]) == ("INCOMPLETE", "CLOSED")
    await told(shop, receiver)
    payload = receiver.last("fulfillment_orders/fulfillment_service_failed_to_complete").payload
    assert payload == {
        "fulfillment_order": {"id": fo["id"], "status": "incomplete", "request_status": "closed"},
        "message": "We broke it",
    }


async def test_the_merchants_own_location_is_asked_for_nothing(shop: Driver) -> None:
    fo = await open_order(shop)
    made = await shop.mutate(SUBMIT, id=fo["id"])
    assert made["userErrors"][0]["message"] == (
        "Fulfillment can't be requested of this fulfillment order."
    )
