"""A return with all of its pages."""

from dataclasses import dataclass

from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyIncomplete
from clients.shopify.generated.fragments import (
    ClaimedReturnLine,
    ReturnedGoods,
    ReturnedGoodsLine,
    UnverifiedReturnLine,
)
from clients.shopify.generated.return_for_claim import (
    ReturnForClaimReturn,
    ReturnForClaimReturnReturnLineItems,
)
from clients.shopify.generated.return_lines_after import ReturnLinesAfterReturnReturnLineItems

_LinePage = ReturnForClaimReturnReturnLineItems | ReturnLinesAfterReturnReturnLineItems


@dataclass(frozen=True)
class WholeReturn:
    """`details.return_line_items` holds the first page only: use `lines` and `goods`."""

    details: ReturnForClaimReturn
    lines: tuple[ClaimedReturnLine, ...]
    unverified_lines: tuple[UnverifiedReturnLine, ...]
    goods: tuple[ReturnedGoodsLine, ...]
    """What is to come back, with its dispositions, of all reverse fulfillment orders."""


async def read_whole_return(admin: AdminApi, return_id: str) -> WholeReturn | None:
    """Reads a return and follows its pages; None if the shop has no such return.

    Raises ShopifyError, and ShopifyIncomplete where a part has no further pages to follow: more than 20
    fulfillments of the order, 50 lines of one of them, 5 reverse fulfillment orders, 50 exchanges or
    20 refunds.
    """
    details = (await admin.return_for_claim(id=return_id)).return_
    if details is None:
        return None
    _refuse_truncated(admin, details)
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
        page = await _lines_after(admin, return_id, page.page_info.end_cursor)
    goods: list[ReturnedGoodsLine] = []
    for order in details.reverse_fulfillment_orders.nodes:
        goods.extend(await _all_goods(admin, order))
    return WholeReturn(details, tuple(lines), tuple(unverified), tuple(goods))


def _refuse_truncated(admin: AdminApi, details: ReturnForClaimReturn) -> None:
    order = details.order
    count = order.fulfillments_count.count if order.fulfillments_count else 0
    truncated = {
        "fulfillments": count > len(order.fulfillments),
        "lines of a fulfillment": any(
            f.fulfillment_line_items.page_info.has_next_page for f in order.fulfillments
        ),
        "reverse fulfillment orders": details.reverse_fulfillment_orders.page_info.has_next_page,
        "exchanges": details.exchange_line_items.page_info.has_next_page,
        "refunds": details.refunds.page_info.has_next_page,
    }
    if too_many := [part for part, more in truncated.items() if more]:
        raise _incomplete(admin, f"{details.id} has too many {' and '.join(too_many)}")


async def _lines_after(
    admin: AdminApi, return_id: str, cursor: str | None
) -> ReturnLinesAfterReturnReturnLineItems:
    answer = await admin.return_lines_after(id=return_id, after=_cursor(admin, cursor, return_id))
    if answer.return_ is None:
        raise _incomplete(admin, f"{return_id} was removed while its pages were read")
    return answer.return_.return_line_items


async def _all_goods(admin: AdminApi, order: ReturnedGoods) -> list[ReturnedGoodsLine]:
    lines: list[ReturnedGoodsLine] = list(order.line_items.nodes)
    page = order.line_items.page_info
    more, cursor = page.has_next_page, page.end_cursor
    while more:
        answer = await admin.returned_goods_after(
            reverse_fulfillment_order_id=order.id, after=_cursor(admin, cursor, order.id)
        )
        if answer.reverse_fulfillment_order is None:
            raise _incomplete(admin, f"{order.id} was removed while its pages were read")
        items = answer.reverse_fulfillment_order.line_items
        lines.extend(items.nodes)
        more, cursor = items.page_info.has_next_page, items.page_info.end_cursor
    return lines


def _cursor(admin: AdminApi, cursor: str | None, owner: str) -> str:
    if cursor is None:
        raise _incomplete(admin, f"{owner} has a further page without a cursor")
    return cursor


def _incomplete(admin: AdminApi, message: str) -> ShopifyIncomplete:
    return ShopifyIncomplete(message, shop=admin.shop, operation="ReturnForClaim")
