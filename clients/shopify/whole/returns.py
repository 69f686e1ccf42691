"""Returns, and orders that a claim is made on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from clients.shopify.admin import AdminApi
from clients.shopify.generated.fragments import (
    ClaimedOrderLine,
    ClaimedReturnLine,
    ReturnableLine,
    ReturnableLines,
    ReturnedGoods,
    ReturnedGoodsLine,
    ShippedFrom,
    UnverifiedReturnLine,
)
from clients.shopify.generated.order_for_claim import (
    OrderForClaim,
    OrderForClaimOrder,
    OrderForClaimReturnableFulfillments,
)
from clients.shopify.generated.order_shipments import OrderShipmentsOrderFulfillments
from clients.shopify.generated.return_for_claim import (
    ReturnForClaimReturn,
    ReturnForClaimReturnReturnLineItems,
    ReturnForClaimReturnReverseFulfillmentOrders,
)
from clients.shopify.generated.return_lines_after import ReturnLinesAfterReturnReturnLineItems
from clients.shopify.generated.returnable_fulfillments_after import (
    ReturnableFulfillmentsAfterReturnableFulfillments,
)
from clients.shopify.generated.reverse_fulfillment_orders_after import (
    ReverseFulfillmentOrdersAfterReturnReverseFulfillmentOrders,
)
from clients.shopify.whole.reading import Reading

_LinePage = ReturnForClaimReturnReturnLineItems | ReturnLinesAfterReturnReturnLineItems
_OrderPage = (
    ReturnForClaimReturnReverseFulfillmentOrders
    | ReverseFulfillmentOrdersAfterReturnReverseFulfillmentOrders
)
_ReturnablePage = (
    OrderForClaimReturnableFulfillments | ReturnableFulfillmentsAfterReturnableFulfillments
)


@dataclass(frozen=True)
class WholeReturn:
    """`details` holds first pages only: use `lines`, `goods` and `shipped_from`."""

    details: ReturnForClaimReturn
    lines: tuple[ClaimedReturnLine, ...]
    unverified_lines: tuple[UnverifiedReturnLine, ...]
    goods: tuple[ReturnedGoodsLine, ...]
    """What is to come back, with its dispositions, of all reverse fulfillment orders."""
    shipped_from: Mapping[str, ShippedFrom]
    """Fulfillment line item id -> its fulfillment: location and service. Has all of `lines`."""


@dataclass(frozen=True)
class ClaimableOrder:
    """`details` holds first pages only: use `lines`, `fulfilled`, `returnable`, `shipped_from`."""

    details: OrderForClaimOrder
    lines: tuple[ClaimedOrderLine, ...]
    fulfilled: Mapping[str, str]
    """Fulfillment line item id -> id of the order's line. Has all of `returnable`."""
    returnable: Mapping[str, int]
    """Fulfillment line item id -> quantity that may still be returned."""
    shipped_from: Mapping[str, ShippedFrom]
    """Fulfillment line item id -> its fulfillment: location and service."""


async def read_whole_return(admin: AdminApi, return_id: str) -> WholeReturn | None:
    """Reads a return and follows its pages; None if the shop has no such return.

    Raises ShopifyError; ShopifyIncomplete with more than 20 exchanges or refunds, or for a line beyond the
    order's first 100 fulfillments of 100 lines.
    """
    details = (await admin.return_for_claim(id=return_id)).return_
    if details is None:
        return None
    reading = Reading(admin, "ReturnForClaim", return_id)
    reading.refuse_if(
        {
            "exchanges": details.exchange_line_items.page_info.has_next_page,
            "refunds": details.refunds.page_info.has_next_page,
        }
    )
    lines, unverified = await _return_lines(reading, details)
    goods = await _goods(reading, details)
    shipped_from: dict[str, ShippedFrom] = {
        item.id: fulfillment
        for fulfillment in details.order.fulfillments
        for item in fulfillment.fulfillment_line_items.nodes
    }
    wanted = {line.fulfillment_line_item.id for line in lines}
    if not wanted <= shipped_from.keys():
        shipments = await _shipments(reading, details.order.id)
        shipped_from = {item: fulfillment for item, _, fulfillment in shipments}
        reading.refuse_if({"fulfillments": not wanted <= shipped_from.keys()})
    return WholeReturn(details, tuple(lines), tuple(unverified), tuple(goods), shipped_from)


async def read_claimable_order(admin: AdminApi, order_id: str) -> ClaimableOrder | None:
    """Reads a fulfilled order for a claim, follows its pages; None if the shop has no such order.

    Raises ShopifyError; ShopifyIncomplete for a returnable line beyond the order's first 100
    fulfillments of 100 lines.
    """
    answer = await admin.order_for_claim(id=order_id)
    details = answer.order
    if details is None:
        return None
    reading = Reading(admin, "OrderForClaim", order_id)
    lines = await _order_lines(reading, details)
    returnable = await _returnable(reading, answer)
    shipments: list[tuple[str, str, ShippedFrom]] = [
        (item.id, item.line_item.id, fulfillment)
        for fulfillment in details.fulfillments
        for item in fulfillment.fulfillment_line_items.nodes
    ]
    count = details.fulfillments_count.count if details.fulfillments_count else 0
    if count > len(details.fulfillments) or any(
        fulfillment.fulfillment_line_items.page_info.has_next_page
        for fulfillment in details.fulfillments
    ):
        shipments = await _shipments(reading, order_id)
    fulfilled = {item: line for item, line, _ in shipments}
    reading.refuse_if({"fulfillments": not returnable.keys() <= fulfilled.keys()})
    return ClaimableOrder(
        details=details,
        lines=tuple(lines),
        fulfilled=fulfilled,
        returnable=returnable,
        shipped_from={item: fulfillment for item, _, fulfillment in shipments},
    )


async def _return_lines(
    reading: Reading, details: ReturnForClaimReturn
) -> tuple[list[ClaimedReturnLine], list[UnverifiedReturnLine]]:
    page: _LinePage = details.return_line_items
    nodes: list[object] = [*page.nodes]
    while (after := reading.next_page(page.page_info)) is not None:
        answer = await reading.admin.return_lines_after(id=details.id, after=after)
        page = reading.still_there(answer.return_).return_line_items
        nodes.extend(page.nodes)
    claimed = [node for node in nodes if isinstance(node, ClaimedReturnLine)]
    unverified = [node for node in nodes if isinstance(node, UnverifiedReturnLine)]
    if len(claimed) + len(unverified) != len(nodes):
        raise reading.incomplete("has a line of a kind that we do not know")
    return claimed, unverified


async def _goods(reading: Reading, details: ReturnForClaimReturn) -> list[ReturnedGoodsLine]:
    page: _OrderPage = details.reverse_fulfillment_orders
    orders: list[ReturnedGoods] = list(page.nodes)
    while (after := reading.next_page(page.page_info)) is not None:
        answer = await reading.admin.reverse_fulfillment_orders_after(
            return_id=details.id, after=after
        )
        page = reading.still_there(answer.return_).reverse_fulfillment_orders
        orders.extend(page.nodes)
    return [line for order in orders for line in await _goods_lines(reading, order)]


async def _goods_lines(reading: Reading, order: ReturnedGoods) -> list[ReturnedGoodsLine]:
    lines: list[ReturnedGoodsLine] = list(order.line_items.nodes)
    after = reading.next_page(order.line_items.page_info)
    while after is not None:
        answer = await reading.admin.returned_goods_after(
            reverse_fulfillment_order_id=order.id, after=after
        )
        page = reading.still_there(answer.reverse_fulfillment_order).line_items
        lines.extend(page.nodes)
        after = reading.next_page(page.page_info)
    return lines


async def _order_lines(reading: Reading, order: OrderForClaimOrder) -> list[ClaimedOrderLine]:
    lines: list[ClaimedOrderLine] = list(order.line_items.nodes)
    after = reading.next_page(order.line_items.page_info)
    while after is not None:
        answer = await reading.admin.order_lines_after(id=order.id, after=after)
        page = reading.still_there(answer.order).line_items
        lines.extend(page.nodes)
        after = reading.next_page(page.page_info)
    return lines


async def _returnable(reading: Reading, answer: OrderForClaim) -> dict[str, int]:
    page: _ReturnablePage = answer.returnable_fulfillments
    fulfillments: list[ReturnableLines] = list(page.nodes)
    while (after := reading.next_page(page.page_info)) is not None:
        further = await reading.admin.returnable_fulfillments_after(
            order_id=reading.owner, after=after
        )
        page = further.returnable_fulfillments
        fulfillments.extend(page.nodes)
    return _quantities(
        [line for one in fulfillments for line in await _returnable_lines(reading, one)]
    )


async def _returnable_lines(reading: Reading, fulfillment: ReturnableLines) -> list[ReturnableLine]:
    lines: list[ReturnableLine] = list(fulfillment.returnable_fulfillment_line_items.nodes)
    after = reading.next_page(fulfillment.returnable_fulfillment_line_items.page_info)
    while after is not None:
        answer = await reading.admin.returnable_lines_after(
            returnable_fulfillment_id=fulfillment.id, after=after
        )
        page = reading.still_there(answer.returnable_fulfillment).returnable_fulfillment_line_items
        lines.extend(page.nodes)
        after = reading.next_page(page.page_info)
    return lines


async def _shipments(reading: Reading, order_id: str) -> list[tuple[str, str, ShippedFrom]]:
    """Fulfillment line item, order line and fulfillment, of the order's first 100 fulfillments."""
    answer = await reading.admin.order_shipments(id=order_id)
    fulfillments: list[OrderShipmentsOrderFulfillments] = reading.still_there(
        answer.order
    ).fulfillments
    return [
        (item.id, item.line_item.id, fulfillment)
        for fulfillment in fulfillments
        for item in fulfillment.fulfillment_line_items.nodes
    ]


def _quantities(lines: Iterable[ReturnableLine]) -> dict[str, int]:
    total: dict[str, int] = {}
    for line in lines:
        item = line.fulfillment_line_item.id
        total[item] = total.get(item, 0) + line.quantity
    return total
