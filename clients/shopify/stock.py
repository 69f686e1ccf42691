"""Stock: levels as they are, and what was ordered since a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyIncomplete
from clients.shopify.generated.base_model import UNSET
from clients.shopify.generated.enums import FulfillmentOrderStatus
from clients.shopify.generated.fragments import PromisedLine, PromisedPieces
from clients.shopify.generated.inventory_levels_at import InventoryLevelsAtNodesInventoryItem
from clients.shopify.generated.ordered_since import OrderedSinceOrdersNodes
from clients.shopify.whole.reading import Page, Reading

ITEMS_A_CALL = 250
_AVAILABLE = "available"


@dataclass(frozen=True)
class LevelSeen:
    """An inventory item at one location. `available` is None where the location has no level of it.

    `active`: the location stocks it; else what is written there is not sold.
    """

    item_gid: str
    sku: str
    tracked: bool
    active: bool
    available: int | None


@dataclass(frozen=True)
class OrderedPieces:
    """Pieces of an inventory item that one order takes from one location, shipped or not."""

    order_gid: str
    created_at: datetime
    location_gid: str
    item_gid: str
    quantity: int


async def levels_at(
    admin: AdminApi, location_gid: str, item_gids: Sequence[str]
) -> Mapping[str, LevelSeen]:
    """The levels of at most `ITEMS_A_CALL` items, by the item's GID; one that is gone is missing. 750 points for 250."""
    answer = await admin.inventory_levels_at(ids=list(item_gids), location_id=location_gid)
    found = {}
    for node in answer.nodes:
        if not isinstance(node, InventoryLevelsAtNodesInventoryItem):
            continue
        level = node.inventory_level
        quantities = level.quantities if level is not None else []
        found[node.id] = LevelSeen(
            item_gid=node.id,
            sku=node.sku or "",
            tracked=node.tracked,
            active=level is not None and level.is_active,
            available=next((one.quantity for one in quantities if one.name == _AVAILABLE), None),
        )
    return found


@dataclass(frozen=True)
class OrderedPage:
    """`after` leads to the next page; None where this is the last."""

    pieces: tuple[OrderedPieces, ...]
    after: str | None


async def ordered_since(admin: AdminApi, since: datetime, after: str | None = None) -> OrderedPage:
    """What orders made at or after `since` take, by the time they were made: a page of twenty orders.

    Cancelled orders and pieces taken off an order do not count; shipped ones do. Orders are told to the second, so `since`
    is taken down to its second. The search lags behind by seconds: the newest orders may be missing.
    """
    moment = since.astimezone(UTC).replace(microsecond=0)
    answer = await admin.ordered_since(
        query=f"created_at:>='{moment:%Y-%m-%dT%H:%M:%SZ}'", after=after or UNSET
    )
    pieces: list[OrderedPieces] = []
    for order in answer.orders.nodes:
        # Shopify ignores a search term it does not know; then this would be all the orders there ever were.
        if order.cancelled_at is None and order.created_at >= moment:
            pieces += await _pieces(admin, order)
    page = answer.orders.page_info
    if not page.has_next_page:
        return OrderedPage(tuple(pieces), None)
    if page.end_cursor is None or page.end_cursor == after:
        raise ShopifyIncomplete(
            "there is a further page, but no way to it",
            shop=admin.shop,
            operation="OrderedSince",
        )
    return OrderedPage(tuple(pieces), page.end_cursor)


async def _pieces(admin: AdminApi, order: OrderedSinceOrdersNodes) -> list[OrderedPieces]:
    reading = Reading(admin, "OrderedSince", order.id)

    async def more_fulfillment_orders(after: str) -> Page[PromisedPieces]:
        answer = await admin.promised_pieces_after(order_id=order.id, after=after)
        return reading.still_there(answer.order).fulfillment_orders

    first: Page[PromisedPieces] = order.fulfillment_orders
    found = []
    for promised in await reading.all_of(first, more_fulfillment_orders):
        location = promised.assigned_location.location
        if location is None or promised.status is FulfillmentOrderStatus.CANCELLED:
            continue
        found += [
            OrderedPieces(
                order_gid=order.id,
                created_at=order.created_at,
                location_gid=location.id,
                item_gid=line.inventory_item_id,
                quantity=line.total_quantity,
            )
            for line in await _lines(reading, promised)
            if line.inventory_item_id is not None and line.total_quantity > 0
        ]
    return found


async def _lines(reading: Reading, promised: PromisedPieces) -> list[PromisedLine]:
    async def more(after: str) -> Page[PromisedLine]:
        answer = await reading.admin.promised_lines_after(
            fulfillment_order_id=promised.id, after=after
        )
        return reading.still_there(answer.fulfillment_order).line_items

    first: Page[PromisedLine] = promised.line_items
    return await reading.all_of(first, more)
