"""Orders that were placed, the oldest first, each with all its lines."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime

from clients.shopify.admin import AdminApi
from clients.shopify.generated.base_model import UNSET
from clients.shopify.generated.fragments import PlacedLine
from clients.shopify.generated.orders_placed import OrdersPlacedOrdersNodes
from clients.shopify.whole.reading import Page, Reading


@dataclass(frozen=True)
class PlacedOrder:
    id: str
    created_at: datetime
    cancelled: bool
    lines: tuple[PlacedLine, ...]


async def placed_orders(admin: AdminApi, query: str) -> AsyncGenerator[PlacedOrder]:
    """Orders that match `query` (Shopify's search syntax), by the time they were placed; a query costs some 80 points.

    Shopify shows 25,000 objects of a list at the most, and orders older than 60 days only to apps that may read all.
    Raises ShopifyError.
    """
    reading = Reading(admin, "OrdersPlaced", "the list of orders")
    after: str | None = None
    while True:
        page = (await admin.orders_placed(query=query, after=after or UNSET)).orders
        for order in page.nodes:
            yield PlacedOrder(
                id=order.id,
                created_at=order.created_at,
                cancelled=order.cancelled_at is not None,
                lines=await _lines(admin, order),
            )
        after = reading.next_page(page.page_info)
        if after is None:
            return


async def _lines(admin: AdminApi, order: OrdersPlacedOrdersNodes) -> tuple[PlacedLine, ...]:
    reading = Reading(admin, "OrdersPlaced", order.id)

    async def more(after: str) -> Page[PlacedLine]:
        answer = await admin.placed_lines_after(id=order.id, after=after)
        return reading.still_there(answer.order).line_items

    first: Page[PlacedLine] = order.line_items
    return tuple(await reading.all_of(first, more))
