"""Orders and transfers with more than a first page, from a script: what can't be followed is refused."""

from typing import Any

import pytest

from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyIncomplete
from clients.shopify.whole import read_order_to_ship, read_whole_transfer
from tests.clients.shopify.test_whole import page

ORDER = "gid://shopify/Order/1"
TRANSFER = "gid://shopify/InventoryTransfer/1"
EUR = {"shopMoney": {"amount": "10.00", "currencyCode": "EUR"}}


def ordered(number: int) -> dict[str, Any]:
    return {
        "id": f"line-{number}",
        "sku": "MUG",
        "vendor": "Kilnworks",
        "name": "Mug",
        "currentQuantity": 1,
        "unfulfilledQuantity": 1,
        "requiresShipping": True,
        "discountedUnitPriceSet": EUR,
    }


def to_ship(number: int) -> dict[str, Any]:
    return {
        "id": f"to-ship-{number}",
        "totalQuantity": 1,
        "remainingQuantity": 1,
        "lineItem": {"id": f"line-{number}"},
    }


def fulfillment_order(number: int, lines: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"order-{number}",
        "status": "OPEN",
        "requestStatus": "UNSUBMITTED",
        "fulfillBy": None,
        "supportedActions": [{"action": "HOLD"}],
        "assignedLocation": {"name": "Berlin", "location": None},
        "fulfillmentHolds": [],
        "lineItems": lines,
    }


def fulfillment(number: int, lines: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"fulfillment-{number}",
        "status": "SUCCESS",
        "createdAt": "2026-11-23T10:00:00Z",
        "trackingInfo": [],
        "fulfillmentLineItems": lines,
    }


def shipped(number: int) -> dict[str, Any]:
    return {"id": f"shipped-{number}", "quantity": 1, "lineItem": {"id": f"line-{number}"}}


def an_order(**changes: Any) -> dict[str, Any]:
    details = {
        "id": ORDER,
        "name": "#1001",
        "currencyCode": "EUR",
        "createdAt": "2026-11-23T10:00:00Z",
        "updatedAt": "2026-11-23T10:00:00Z",
        "cancelledAt": None,
        "closed": False,
        "displayFinancialStatus": "PAID",
        "tags": [],
        "customer": None,
        "risk": {"recommendation": "NONE"},
        "lineItems": page(ordered(1)),
        "fulfillmentOrders": page(fulfillment_order(1, page(to_ship(1)))),
        "fulfillmentsCount": {"count": 0},
        "fulfillments": [],
        **changes,
    }
    return {"data": {"order": details}}


async def test_further_pages_of_an_order_are_followed(admin: AdminApi, shop: Any) -> None:
    shop.then(
        an_order(
            lineItems=page(ordered(1), after="lines"),
            fulfillmentOrders=page(
                fulfillment_order(1, page(to_ship(1), after="to-ship")), after="orders"
            ),
            fulfillmentsCount={"count": 2},
            fulfillments=[fulfillment(1, page(shipped(1)))],
        )
    )
    more = page(fulfillment_order(2, page(to_ship(3))))
    shop.then({"data": {"order": {"id": ORDER, "fulfillmentOrders": more}}})
    shop.then({"data": {"order": {"id": ORDER, "lineItems": page(ordered(2))}}})
    shop.then({"data": {"fulfillmentOrder": {"id": "order-1", "lineItems": page(to_ship(2))}}})
    both = [fulfillment(1, page(shipped(1))), fulfillment(2, page(shipped(2), after="shipped"))]
    shop.then({"data": {"order": {"id": ORDER, "fulfillments": both}}})
    rest = {"id": "fulfillment-2", "fulfillmentLineItems": page(shipped(3))}
    shop.then({"data": {"fulfillment": rest}})

    whole = await read_order_to_ship(admin, ORDER)

    assert whole is not None
    assert [one.id for one in whole.lines] == ["line-1", "line-2"]
    assert [[line.id for line in one.lines] for one in whole.fulfillment_orders] == [
        ["to-ship-1", "to-ship-2"],
        ["to-ship-3"],
    ]
    assert [[line.id for line in one.lines] for one in whole.fulfillments] == [
        ["shipped-1"],
        ["shipped-2", "shipped-3"],
    ]
    assert [shop.body(number)["variables"].get("after") for number in range(6)] == [
        None,
        "orders",
        "lines",
        "to-ship",
        None,
        "shipped",
    ]


async def test_more_fulfillments_than_are_read_are_refused(admin: AdminApi, shop: Any) -> None:
    shop.then(an_order(fulfillmentsCount={"count": 101}))

    with pytest.raises(ShopifyIncomplete, match="too many fulfillments"):
        await read_order_to_ship(admin, ORDER)


async def test_an_order_removed_while_it_is_read_is_refused(admin: AdminApi, shop: Any) -> None:
    shop.then(an_order(lineItems=page(ordered(1), after="lines")))
    shop.then({"data": {"order": None}})

    with pytest.raises(ShopifyIncomplete, match="was removed"):
        await read_order_to_ship(admin, ORDER)


async def test_an_order_that_does_not_exist_is_none(admin: AdminApi, shop: Any) -> None:
    shop.then({"data": {"order": None}})

    assert await read_order_to_ship(admin, ORDER) is None


async def test_further_pages_of_a_transfer_are_followed(admin: AdminApi, shop: Any) -> None:
    def line(number: int) -> dict[str, Any]:
        return {
            "id": f"line-{number}",
            "totalQuantity": 1,
            "shippedQuantity": 0,
            "shippableQuantity": 1,
            "inventoryItem": {"id": f"item-{number}", "sku": "MUG"},
        }

    def piece(number: int) -> dict[str, Any]:
        return {"id": f"piece-{number}", "quantity": 1, "inventoryItem": {"id": f"item-{number}"}}

    def shipment(number: int, lines: dict[str, Any] | None) -> dict[str, Any]:
        return {
            "id": f"shipment-{number}",
            "status": "IN_TRANSIT",
            "lineItemTotalQuantity": 1,
            "tracking": None,
            "lineItems": lines,
        }

    head = {"id": TRANSFER, "name": "#T1", "status": "READY_TO_SHIP", "referenceName": "PO-1"}
    first = {
        **head,
        "lineItems": page(line(1), after="lines"),
        "shipments": page(shipment(1, page(piece(1), after="pieces")), after="shipments"),
    }
    shop.then({"data": {"inventoryTransfer": first}})
    more = {"id": TRANSFER, "shipments": page(shipment(2, None))}
    shop.then({"data": {"inventoryTransfer": more}})
    shop.then({"data": {"inventoryTransfer": {"id": TRANSFER, "lineItems": page(line(2))}}})
    shop.then({"data": {"inventoryShipment": {"id": "shipment-1", "lineItems": page(piece(2))}}})

    whole = await read_whole_transfer(admin, TRANSFER)

    assert whole is not None
    assert [one.id for one in whole.lines] == ["line-1", "line-2"]
    assert [[piece.id for piece in one.lines] for one in whole.shipments] == [
        ["piece-1", "piece-2"],
        [],
    ]
