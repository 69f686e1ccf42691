from typing import Any

import pytest

from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyIncomplete
from clients.shopify.whole import read_claimable_order, read_whole_return

RETURN = "gid://shopify/Return/1"
ORDER = "gid://shopify/Order/1"
EUR = {"shopMoney": {"amount": "10.00", "currencyCode": "EUR"}}


def page(*nodes: object, after: str | None = None) -> dict[str, Any]:
    return {"pageInfo": {"hasNextPage": after is not None, "endCursor": after}, "nodes": [*nodes]}


def return_line(number: int) -> dict[str, Any]:
    return {
        "__typename": "ReturnLineItem",
        **counted(number),
        "withCodeDiscountedTotalPriceSet": EUR,
        "fulfillmentLineItem": {
            "id": f"shipped-{number}",
            "quantity": 1,
            "lineItem": {
                "id": f"order-line-{number}",
                "sku": "MUG",
                "vendor": "Kilnworks",
                "name": "Mug",
                "discountedUnitPriceSet": EUR,
            },
        },
    }


def unverified_line(number: int) -> dict[str, Any]:
    return {"__typename": "UnverifiedReturnLineItem", **counted(number)}


def counted(number: int) -> dict[str, Any]:
    return {
        "id": f"line-{number}",
        "quantity": 1,
        "processableQuantity": 1,
        "processedQuantity": 0,
        "unprocessedQuantity": 1,
        "refundableQuantity": 1,
        "refundedQuantity": 0,
        "returnReasonNote": "",
        "returnReasonDefinition": None,
    }


def goods_line(number: int) -> dict[str, Any]:
    return {
        "id": f"goods-{number}",
        "totalQuantity": 1,
        "fulfillmentLineItem": {"id": f"shipped-{number}"},
        "dispositions": [],
    }


def goods(number: int, lines: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"rfo-{number}", "status": "OPEN", "lineItems": lines}


def shipment(location: str, *numbers: int, more: bool = False) -> dict[str, Any]:
    items = [
        {"id": f"shipped-{n}", "quantity": 1, "lineItem": {"id": f"order-line-{n}"}}
        for n in numbers
    ]
    return {
        "id": f"fulfillment-{location}",
        "status": "SUCCESS",
        "location": {"id": location, "name": location},
        "service": None,
        "fulfillmentLineItems": page(*items, after="x" if more else None),
    }


def a_return(**changes: Any) -> dict[str, Any]:
    details = {
        "id": RETURN,
        "name": "#1001-R1",
        "status": "OPEN",
        "createdAt": "2026-11-23T10:00:00Z",
        "closedAt": None,
        "requestApprovedAt": None,
        "totalQuantity": 1,
        "decline": None,
        "order": {
            "id": ORDER,
            "name": "#1001",
            "fulfillmentsCount": {"count": 1},
            "fulfillments": [shipment("Berlin", 1, 2)],
        },
        "returnLineItems": page(return_line(1)),
        "exchangeLineItems": page(),
        "reverseFulfillmentOrders": page(goods(1, page(goods_line(1)))),
        "refunds": page(),
        **changes,
    }
    return {"data": {"return": details}}


def an_order(returnable: dict[str, Any], **changes: Any) -> dict[str, Any]:
    details = {
        "id": ORDER,
        "name": "#1001",
        "cancelledAt": None,
        "displayFulfillmentStatus": "FULFILLED",
        "fulfillmentsCount": {"count": 1},
        "fulfillments": [shipment("Berlin", 1)],
        "lineItems": page(order_line(1)),
        **changes,
    }
    return {"data": {"order": details, "returnableFulfillments": returnable}}


def order_line(number: int) -> dict[str, Any]:
    return {
        "id": f"order-line-{number}",
        "sku": "MUG",
        "vendor": "Kilnworks",
        "name": "Mug",
        "quantity": 1,
        "currentQuantity": 1,
        "refundableQuantity": 1,
        "discountedUnitPriceSet": EUR,
    }


def returnable(number: int, lines: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"returnable-{number}", "returnableFulfillmentLineItems": lines}


def returnable_line(number: int) -> dict[str, Any]:
    return {"quantity": 1, "fulfillmentLineItem": {"id": f"shipped-{number}"}}


async def test_a_return_on_one_page_is_one_call(admin: AdminApi, shop: Any) -> None:
    shop.then(a_return())

    whole = await read_whole_return(admin, RETURN)

    assert whole is not None
    assert [line.fulfillment_line_item.line_item.vendor for line in whole.lines] == ["Kilnworks"]
    assert [line.id for line in whole.goods] == ["goods-1"]
    location = whole.shipped_from["shipped-1"].location
    assert location is not None
    assert location.name == "Berlin"
    assert len(shop.calls) == 1


async def test_a_return_that_does_not_exist_is_none(admin: AdminApi, shop: Any) -> None:
    shop.then({"data": {"return": None}})

    assert await read_whole_return(admin, RETURN) is None


async def test_further_pages_of_lines_and_goods_are_followed(admin: AdminApi, shop: Any) -> None:
    shop.then(
        a_return(
            returnLineItems=page(return_line(1), after="lines-2"),
            reverseFulfillmentOrders=page(
                goods(1, page(goods_line(1), after="goods-2")), after="orders-2"
            ),
        )
    )
    rest = page(return_line(2), unverified_line(3))
    shop.then({"data": {"return": {"id": RETURN, "returnLineItems": rest}}})
    orders = page(goods(2, page(goods_line(3))))
    shop.then({"data": {"return": {"id": RETURN, "reverseFulfillmentOrders": orders}}})
    found = {"id": "rfo-1", "lineItems": page(goods_line(2))}
    shop.then({"data": {"reverseFulfillmentOrder": found}})

    whole = await read_whole_return(admin, RETURN)

    assert whole is not None
    assert [line.id for line in whole.lines] == ["line-1", "line-2"]
    assert [line.id for line in whole.unverified_lines] == ["line-3"]
    assert [line.id for line in whole.goods] == ["goods-1", "goods-2", "goods-3"]
    asked = [shop.body(n)["variables"].get("after") for n in range(4)]
    assert asked == [None, "lines-2", "orders-2", "goods-2"]


async def test_a_line_beyond_the_first_fulfillments_is_looked_up(
    admin: AdminApi, shop: Any
) -> None:
    shop.then(a_return(returnLineItems=page(return_line(9))))
    shipments = [shipment("Berlin", 1), shipment("Lyon", 9)]
    shop.then({"data": {"order": {"id": ORDER, "fulfillments": shipments}}})

    whole = await read_whole_return(admin, RETURN)

    assert whole is not None
    assert whole.shipped_from["shipped-9"].id == "fulfillment-Lyon"


async def test_a_line_whose_fulfillment_is_out_of_reach_is_refused(
    admin: AdminApi, shop: Any
) -> None:
    shop.then(a_return(returnLineItems=page(return_line(9))))
    shop.then({"data": {"order": {"id": ORDER, "fulfillments": [shipment("Berlin", 1)]}}})

    with pytest.raises(ShopifyIncomplete, match="too many fulfillments"):
        await read_whole_return(admin, RETURN)


@pytest.mark.parametrize(
    ("part", "named"), [("refunds", "refunds"), ("exchangeLineItems", "exchanges")]
)
async def test_more_refunds_or_exchanges_than_we_read_are_refused(
    admin: AdminApi, shop: Any, part: str, named: str
) -> None:
    shop.then(a_return(**{part: page(after="more")}))

    with pytest.raises(ShopifyIncomplete, match=f"too many {named}") as caught:
        await read_whole_return(admin, RETURN)

    assert (caught.value.shop, caught.value.operation) == ("acme", "ReturnForClaim")


async def test_a_return_that_vanishes_between_pages_is_refused(admin: AdminApi, shop: Any) -> None:
    shop.then(a_return(returnLineItems=page(return_line(1), after="lines-2")))
    shop.then({"data": {"return": None}})

    with pytest.raises(ShopifyIncomplete, match="removed"):
        await read_whole_return(admin, RETURN)


async def test_a_page_without_a_cursor_is_refused(admin: AdminApi, shop: Any) -> None:
    broken = {"pageInfo": {"hasNextPage": True, "endCursor": None}, "nodes": []}
    shop.then(a_return(returnLineItems=broken))

    with pytest.raises(ShopifyIncomplete, match="without a cursor"):
        await read_whole_return(admin, RETURN)


async def test_an_order_on_one_page_is_one_call(admin: AdminApi, shop: Any) -> None:
    shop.then(an_order(page(returnable(1, page(returnable_line(1))))))

    order = await read_claimable_order(admin, ORDER)

    assert order is not None
    assert [line.id for line in order.lines] == ["order-line-1"]
    assert order.returnable == {"shipped-1": 1}
    assert order.fulfilled == {"shipped-1": "order-line-1"}
    assert order.shipped_from["shipped-1"].id == "fulfillment-Berlin"
    assert len(shop.calls) == 1


async def test_an_order_that_does_not_exist_is_none(admin: AdminApi, shop: Any) -> None:
    shop.then({"data": {"order": None, "returnableFulfillments": page()}})

    assert await read_claimable_order(admin, ORDER) is None


async def test_further_pages_of_an_order_are_followed(admin: AdminApi, shop: Any) -> None:
    shop.then(
        an_order(
            page(returnable(1, page(returnable_line(1), after="r-lines")), after="r-orders"),
            fulfillments=[shipment("Berlin", 1, more=True)],
            lineItems=page(order_line(1), after="lines"),
        )
    )
    shop.then({"data": {"order": {"id": ORDER, "lineItems": page(order_line(2))}}})
    further = page(returnable(2, page(returnable_line(3))))
    shop.then({"data": {"returnableFulfillments": further}})
    found = {"id": "returnable-1", "returnableFulfillmentLineItems": page(returnable_line(2))}
    shop.then({"data": {"returnableFulfillment": found}})
    shipments = [shipment("Berlin", 1, 2, 3)]
    shop.then({"data": {"order": {"id": ORDER, "fulfillments": shipments}}})

    order = await read_claimable_order(admin, ORDER)

    assert order is not None
    assert [line.id for line in order.lines] == ["order-line-1", "order-line-2"]
    assert order.returnable == {"shipped-1": 1, "shipped-2": 1, "shipped-3": 1}
    assert set(order.fulfilled) == {"shipped-1", "shipped-2", "shipped-3"}


async def test_a_returnable_line_out_of_reach_is_refused(admin: AdminApi, shop: Any) -> None:
    shop.then(
        an_order(
            page(returnable(1, page(returnable_line(7)))),
            fulfillmentsCount={"count": 101},
        )
    )
    shop.then({"data": {"order": {"id": ORDER, "fulfillments": [shipment("Berlin", 1)]}}})

    with pytest.raises(ShopifyIncomplete, match="too many fulfillments"):
        await read_claimable_order(admin, ORDER)
