from typing import Any

import pytest

from clients.shopify import pages
from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyIncomplete
from clients.shopify.generated.enums import MetafieldOwnerType

ORDER = "gid://shopify/Order/1"


def page(*nodes: object, after: str | None = None) -> dict[str, Any]:
    return {"pageInfo": {"hasNextPage": after is not None, "endCursor": after}, "nodes": [*nodes]}


def a_return(number: int) -> dict[str, Any]:
    line = {
        "__typename": "ReturnLineItem",
        "id": f"line-{number}",
        "quantity": 1,
        "returnReasonNote": f"claim-{number}",
        "fulfillmentLineItem": {"id": f"shipped-{number}"},
    }
    return {**seen(number), "name": f"#1001-R{number}", "returnLineItems": page(line)}


def seen(number: int) -> dict[str, Any]:
    return {"id": f"return-{number}", "status": "OPEN", "createdAt": "2026-11-23T10:00:00Z"}


def order_returns(*numbers: int, after: str | None = None) -> dict[str, Any]:
    returns = page(*(a_return(n) for n in numbers), after=after)
    return {"data": {"order": {"id": ORDER, "returns": returns}}}


async def test_every_return_of_an_order_is_read(admin: AdminApi, shop: Any) -> None:
    shop.then(order_returns(1, 2, after="two"))
    shop.then(order_returns(3))

    found = await pages.all_order_returns(admin, ORDER)

    assert found is not None
    assert [one.return_line_items.nodes[0].return_reason_note for one in found] == [
        "claim-1",
        "claim-2",
        "claim-3",
    ]
    assert "after" not in shop.body(0)["variables"]
    assert shop.body(1)["variables"]["after"] == "two"


async def test_the_returns_of_no_order_are_none(admin: AdminApi, shop: Any) -> None:
    shop.then({"data": {"order": None}})

    assert await pages.all_order_returns(admin, ORDER) is None


async def test_an_order_that_vanishes_between_pages_is_refused(admin: AdminApi, shop: Any) -> None:
    shop.then(order_returns(1, after="one"))
    shop.then({"data": {"order": None}})

    with pytest.raises(ShopifyIncomplete, match="removed"):
        await pages.all_order_returns(admin, ORDER)


async def test_a_cursor_that_stands_still_is_refused_instead_of_read_for_ever(
    admin: AdminApi, shop: Any
) -> None:
    shop.then(order_returns(1, after="one"))
    shop.then(order_returns(1, after="one"))

    with pytest.raises(ShopifyIncomplete, match="no way to it"):
        await pages.all_order_returns(admin, ORDER)


async def test_orders_bring_all_of_their_returns(admin: AdminApi, shop: Any) -> None:
    def order(number: int, returns: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": f"order-{number}",
            "name": f"#{number}",
            "updatedAt": "2026-11-23T10:00:00Z",
            "returns": returns,
        }

    shop.then({"data": {"orders": page(order(1, page(seen(1), after="more")), after="next")}})
    shop.then(order_returns(1, 2))
    shop.then({"data": {"orders": page(order(2, page(seen(3))))}})

    found = [order async for order in pages.orders_with_returns(admin, "updated_at:>2026-11-01")]

    assert [[one.id for one in order.returns] for order in found] == [
        ["return-1", "return-2"],
        ["return-3"],
    ]
    assert shop.body(0)["variables"]["query"] == "updated_at:>2026-11-01"


async def test_lists_of_the_set_up_are_followed_to_their_end(admin: AdminApi, shop: Any) -> None:
    def location(number: int) -> dict[str, Any]:
        return {
            "id": f"location-{number}",
            "name": "Berlin",
            "isActive": True,
            "isFulfillmentService": False,
            "fulfillmentService": None,
        }

    def subscription(number: int) -> dict[str, Any]:
        return {
            "id": f"subscription-{number}",
            "topic": "RETURNS_REQUEST",
            "uri": "https://gridcase.test/webhooks/shopify",
            "format": "JSON",
            "filter": None,
            "includeFields": ["id"],
            "name": None,
            "apiVersion": {"handle": "2026-10"},
        }

    def reason(number: int) -> dict[str, Any]:
        return {"id": f"reason-{number}", "handle": "defect", "name": "Defect", "deleted": False}

    def definition(number: int) -> dict[str, Any]:
        return {
            "id": f"definition-{number}",
            "namespace": "gridcase",
            "key": "case",
            "name": "Case",
            "ownerType": "ORDER",
            "pinnedPosition": 1,
            "type": {"name": "json"},
            "access": {"admin": "MERCHANT_READ"},
        }

    for name, one in [
        ("locations", location),
        ("webhookSubscriptions", subscription),
        ("returnReasonDefinitions", reason),
        ("metafieldDefinitions", definition),
    ]:
        shop.then({"data": {name: page(one(1), after="one")}})
        shop.then({"data": {name: page(one(2))}})

    assert [one.id for one in await pages.all_locations(admin)] == ["location-1", "location-2"]
    assert len(await pages.all_webhook_subscriptions(admin)) == 2
    assert len(await pages.all_return_reasons(admin)) == 2
    definitions = await pages.all_metafield_definitions(admin, MetafieldOwnerType.ORDER, "gridcase")
    assert [one.type_.name for one in definitions] == ["json", "json"]


def order_for_routing(**changes: Any) -> dict[str, Any]:
    fulfillment_order = {
        "id": "fulfillment-order-1",
        "status": "OPEN",
        "assignedLocation": {"name": "Berlin", "location": None},
        "lineItems": page(),
    }
    order = {
        "id": ORDER,
        "name": "#1001",
        "cancelledAt": None,
        "displayFulfillmentStatus": "UNFULFILLED",
        "lineItems": page(),
        "fulfillmentOrders": page(fulfillment_order),
        **changes,
    }
    return {"data": {"order": order}}


async def test_an_order_for_routing_is_read_whole_or_refused(admin: AdminApi, shop: Any) -> None:
    shop.then(order_for_routing())
    shop.then(order_for_routing(lineItems=page(after="more")))
    shop.then({"data": {"order": None}})

    order = await pages.read_order_for_routing(admin, ORDER)
    assert order is not None
    assert order.fulfillment_orders.nodes[0].assigned_location.name == "Berlin"
    with pytest.raises(ShopifyIncomplete, match="too many lines"):
        await pages.read_order_for_routing(admin, ORDER)
    assert await pages.read_order_for_routing(admin, ORDER) is None
