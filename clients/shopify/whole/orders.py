"""Orders with what they still have to ship, who holds it, and what has left."""

from collections.abc import Sequence
from dataclasses import dataclass

from clients.shopify.admin import AdminApi
from clients.shopify.generated.fragments import (
    FulfillmentMade,
    FulfillmentOrderToShip,
    LineShipped,
    LineToShip,
    OrderedLine,
)
from clients.shopify.generated.order_for_fulfillment import OrderForFulfillmentOrder
from clients.shopify.whole.reading import Page, Reading

MOST_FULFILLMENTS = 100


@dataclass(frozen=True)
class WholeFulfillmentOrder:
    """`details` holds a first page of lines only: use `lines`."""

    details: FulfillmentOrderToShip
    lines: tuple[LineToShip, ...]


@dataclass(frozen=True)
class WholeFulfillment:
    """`details` holds a first page of lines only: use `lines`."""

    details: FulfillmentMade
    lines: tuple[LineShipped, ...]


@dataclass(frozen=True)
class OrderToShip:
    """`details` holds first pages only: use `lines`, `fulfillment_orders` and `fulfillments`."""

    details: OrderForFulfillmentOrder
    lines: tuple[OrderedLine, ...]
    fulfillment_orders: tuple[WholeFulfillmentOrder, ...]
    fulfillments: tuple[WholeFulfillment, ...]


async def read_order_to_ship(admin: AdminApi, order_id: str) -> OrderToShip | None:
    """Reads an order (by GID) and follows its pages; None if the shop has no such order.

    Shopify reserves 120 to 240 points (how it counts lists without pages is not published) and takes some 35
    for a plain order; a query more for each list that is longer than its first page: 20 lines, 3 fulfillment
    orders and 3 fulfillments of 10.

    Raises ShopifyError; ShopifyIncomplete with more than 100 fulfillments.
    """
    details = (await admin.order_for_fulfillment(id=order_id)).order
    if details is None:
        return None
    reading = Reading(admin, "OrderForFulfillment", order_id)

    async def more_lines(after: str) -> Page[OrderedLine]:
        answer = await admin.ordered_lines_after(id=order_id, after=after)
        return reading.still_there(answer.order).line_items

    async def more_fulfillment_orders(after: str) -> Page[FulfillmentOrderToShip]:
        answer = await admin.fulfillment_orders_after(order_id=order_id, after=after)
        return reading.still_there(answer.order).fulfillment_orders

    orders = await reading.all_of(details.fulfillment_orders, more_fulfillment_orders)
    return OrderToShip(
        details=details,
        lines=tuple(await reading.all_of(details.line_items, more_lines)),
        fulfillment_orders=tuple([await _fulfillment_order(reading, one) for one in orders]),
        fulfillments=tuple(
            [await _fulfillment(reading, one) for one in await _fulfillments(reading, details)]
        ),
    )


async def _fulfillment_order(
    reading: Reading, order: FulfillmentOrderToShip
) -> WholeFulfillmentOrder:
    async def more(after: str) -> Page[LineToShip]:
        answer = await reading.admin.lines_to_ship_after(fulfillment_order_id=order.id, after=after)
        return reading.still_there(answer.fulfillment_order).line_items

    return WholeFulfillmentOrder(order, tuple(await reading.all_of(order.line_items, more)))


async def _fulfillments(
    reading: Reading, details: OrderForFulfillmentOrder
) -> Sequence[FulfillmentMade]:
    count = details.fulfillments_count.count if details.fulfillments_count else 0
    if count <= len(details.fulfillments):
        return details.fulfillments
    reading.refuse_if({"fulfillments": count > MOST_FULFILLMENTS})
    answer = await reading.admin.order_fulfillments(id=details.id)
    return reading.still_there(answer.order).fulfillments


async def _fulfillment(reading: Reading, fulfillment: FulfillmentMade) -> WholeFulfillment:
    async def more(after: str) -> Page[LineShipped]:
        answer = await reading.admin.lines_shipped_after(fulfillment_id=fulfillment.id, after=after)
        return reading.still_there(answer.fulfillment).fulfillment_line_items

    first: Page[LineShipped] = fulfillment.fulfillment_line_items
    return WholeFulfillment(fulfillment, tuple(await reading.all_of(first, more)))
