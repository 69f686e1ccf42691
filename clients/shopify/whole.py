"""Returns and orders with all of their pages, or a clear refusal: half of one would be decided wrongly."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyIncomplete
from clients.shopify.generated.fragments import (
    ClaimedOrderLine,
    ClaimedReturnLine,
    ReturnedGoods,
    ReturnedGoodsLine,
    ShippedFrom,
    UnverifiedReturnLine,
)
from clients.shopify.generated.order_for_claim import OrderForClaimOrder
from clients.shopify.generated.return_for_claim import (
    ReturnForClaimReturn,
    ReturnForClaimReturnReturnLineItems,
)
from clients.shopify.generated.return_lines_after import ReturnLinesAfterReturnReturnLineItems

_LinePage = ReturnForClaimReturnReturnLineItems | ReturnLinesAfterReturnReturnLineItems
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class WholeReturn:
    """`details` holds first pages only: use `lines`, `goods` and `shipped_from`."""

    details: ReturnForClaimReturn
    lines: tuple[ClaimedReturnLine, ...]
    unverified_lines: tuple[UnverifiedReturnLine, ...]
    goods: tuple[ReturnedGoodsLine, ...]
    """What is to come back, with its dispositions, of all reverse fulfillment orders."""
    shipped_from: Mapping[str, ShippedFrom]
    """Fulfillment line item id -> its fulfillment: location and service; has all of `lines`."""


@dataclass(frozen=True)
class ClaimableOrder:
    """`details` holds first pages only: use `lines`, `returnable` and `shipped_from`."""

    details: OrderForClaimOrder
    lines: tuple[ClaimedOrderLine, ...]
    fulfilled: Mapping[str, str]
    """Fulfillment line item id -> id of the order's line."""
    returnable: Mapping[str, int]
    """Fulfillment line item id -> quantity that may still be returned."""
    shipped_from: Mapping[str, ShippedFrom]
    """Fulfillment line item id -> its fulfillment: location and service."""


async def read_whole_return(admin: AdminApi, return_id: str) -> WholeReturn | None:
    """Reads a return and follows its pages; None if the shop has no such return.

    Raises ShopifyError; ShopifyIncomplete where a part has no further pages to follow: more than 5
    reverse fulfillment orders, 50 exchanges or 50 refunds, or a line whose fulfillment is beyond the
    50 fulfillments of 100 lines that are read.
    """
    details = (await admin.return_for_claim(id=return_id)).return_
    if details is None:
        return None
    reading = _Reading(admin, "ReturnForClaim", return_id)
    reading.refuse_if(
        {
            "reverse fulfillment orders": details.reverse_fulfillment_orders.page_info.has_next_page,
            "exchanges": details.exchange_line_items.page_info.has_next_page,
            "refunds": details.refunds.page_info.has_next_page,
        }
    )
    lines: list[ClaimedReturnLine] = []
    unverified: list[UnverifiedReturnLine] = []
    page: _LinePage = details.return_line_items
    while True:
        for node in page.nodes:
            if isinstance(node, ClaimedReturnLine):
                lines.append(node)
            elif isinstance(node, UnverifiedReturnLine):
                unverified.append(node)
        if not page.page_info.has_next_page:
            break
        answer = await admin.return_lines_after(id=return_id, after=reading.cursor(page.page_info))
        page = reading.still_there(answer.return_).return_line_items
    goods: list[ReturnedGoodsLine] = []
    for order in details.reverse_fulfillment_orders.nodes:
        goods.extend(await _all_goods(reading, order))
    shipped_from: dict[str, ShippedFrom] = {
        item.id: fulfillment
        for fulfillment in details.order.fulfillments
        for item in fulfillment.fulfillment_line_items.nodes
    }
    reading.refuse_if(
        {"fulfillments": any(line.fulfillment_line_item.id not in shipped_from for line in lines)}
    )
    return WholeReturn(details, tuple(lines), tuple(unverified), tuple(goods), shipped_from)


async def read_claimable_order(admin: AdminApi, order_id: str) -> ClaimableOrder | None:
    """Reads a fulfilled order for a claim and follows its lines; None if there is no such order.

    Raises ShopifyError; ShopifyIncomplete with more than 50 fulfillments, or 50 lines in one of them.
    """
    answer = await admin.order_for_claim(id=order_id)
    details = answer.order
    if details is None:
        return None
    reading = _Reading(admin, "OrderForClaim", order_id)
    count = details.fulfillments_count.count if details.fulfillments_count else 0
    returnable = answer.returnable_fulfillments
    reading.refuse_if(
        {
            "fulfillments": count > len(details.fulfillments) or returnable.page_info.has_next_page,
            "lines in a fulfillment": any(
                fulfillment.fulfillment_line_items.page_info.has_next_page
                for fulfillment in details.fulfillments
            )
            or any(
                node.returnable_fulfillment_line_items.page_info.has_next_page
                for node in returnable.nodes
            ),
        }
    )
    items = [
        (item, fulfillment)
        for fulfillment in details.fulfillments
        for item in fulfillment.fulfillment_line_items.nodes
    ]
    return ClaimableOrder(
        details=details,
        lines=tuple(await _all_lines(reading, details)),
        fulfilled={item.id: item.line_item.id for item, _ in items},
        returnable=_quantities(
            (line.fulfillment_line_item.id, line.quantity)
            for node in returnable.nodes
            for line in node.returnable_fulfillment_line_items.nodes
        ),
        shipped_from={item.id: fulfillment for item, fulfillment in items},
    )


class _PageInfo(Protocol):
    @property
    def end_cursor(self) -> str | None: ...


@dataclass(frozen=True)
class _Reading:
    """What is being read, for its refusals."""

    admin: AdminApi
    operation: str
    owner: str

    def refuse_if(self, truncated: Mapping[str, bool]) -> None:
        if too_many := [part for part, more in truncated.items() if more]:
            raise self.incomplete(f"has too many {' and '.join(too_many)}")

    def cursor(self, page: _PageInfo) -> str:
        if page.end_cursor is None:
            raise self.incomplete("has a further page without a cursor")
        return page.end_cursor

    def still_there(self, found: _Found | None) -> _Found:
        if found is None:
            raise self.incomplete("was removed while its pages were read")
        return found

    def incomplete(self, problem: str) -> ShopifyIncomplete:
        return ShopifyIncomplete(
            f"{self.owner} {problem}", shop=self.admin.shop, operation=self.operation
        )


async def _all_goods(reading: _Reading, order: ReturnedGoods) -> list[ReturnedGoodsLine]:
    lines: list[ReturnedGoodsLine] = list(order.line_items.nodes)
    more = order.line_items.page_info.has_next_page
    cursor = reading.cursor(order.line_items.page_info) if more else ""
    while more:
        answer = await reading.admin.returned_goods_after(
            reverse_fulfillment_order_id=order.id, after=cursor
        )
        page = reading.still_there(answer.reverse_fulfillment_order).line_items
        lines.extend(page.nodes)
        more = page.page_info.has_next_page
        cursor = reading.cursor(page.page_info) if more else ""
    return lines


async def _all_lines(reading: _Reading, order: OrderForClaimOrder) -> list[ClaimedOrderLine]:
    lines: list[ClaimedOrderLine] = list(order.line_items.nodes)
    more = order.line_items.page_info.has_next_page
    cursor = reading.cursor(order.line_items.page_info) if more else ""
    while more:
        answer = await reading.admin.order_lines_after(id=order.id, after=cursor)
        page = reading.still_there(answer.order).line_items
        lines.extend(page.nodes)
        more = page.page_info.has_next_page
        cursor = reading.cursor(page.page_info) if more else ""
    return lines


def _quantities(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for key, quantity in pairs:
        total[key] = total.get(key, 0) + quantity
    return total
