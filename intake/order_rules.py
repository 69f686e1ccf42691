"""What an order, as the shop has it now, makes due: purchase orders, an exception. Asked by dispatch and reconciliation."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.order_exception import opening as exceptions
from domain.order_exception.opening import Exceptional
from domain.policy import OrderExceptionPolicy, PurchaseOrderPolicy
from domain.purchase_order import opening as purchases
from domain.shop_order import ShopOrder
from intake.coverage import covered_lines, drop_ship_lines, traits_of
from intake.policies import policy_for_order

Rule = Callable[
    [ShopOrder, OrderExceptionPolicy, Collection[str], datetime], Exceptional | datetime | None
]
"""What of an order is an exception, or when it will be one."""


def troubled(
    order: ShopOrder, policy: OrderExceptionPolicy, covered: Collection[str], now: datetime
) -> Exceptional | datetime | None:
    return exceptions.opens_case(order, policy, covered)


def short_shipped(
    order: ShopOrder, policy: OrderExceptionPolicy, covered: Collection[str], now: datetime
) -> Exceptional | datetime | None:
    found = exceptions.short_shipped(order, policy, covered)
    if found is None:
        return None
    exceptional, due = found
    return exceptional if now >= due else due


def overdue(
    order: ShopOrder, policy: OrderExceptionPolicy, covered: Collection[str], now: datetime
) -> Exceptional | datetime | None:
    return exceptions.overdue(order, policy, now, covered)


def anything(
    order: ShopOrder, policy: OrderExceptionPolicy, covered: Collection[str], now: datetime
) -> Exceptional | datetime | None:
    return troubled(order, policy, covered, now) or short_shipped(order, policy, covered, now)


async def exception_due(
    session: AsyncSession, shop: str, order: ShopOrder, rule: Rule, now: datetime
) -> Exceptional | datetime | None:
    """By the shop's policy, and without the lines that purchase orders cover. Raises PolicyInvalid."""
    policy = await policy_for_order(session, OrderExceptionPolicy, shop, order)
    covered = await covered_lines(session, shop, order.order_id, traits_of(order))
    return rule(order, policy, covered, now)


async def purchases_due(session: AsyncSession, shop: str, order: ShopOrder) -> str:
    """Empty where purchase orders are due by the shop's policy and routes, else why not. Raises PolicyInvalid."""
    policy = await policy_for_order(session, PurchaseOrderPolicy, shop, order)
    drop_ship = await drop_ship_lines(session, shop, traits_of(order))
    if not drop_ship:
        return "No line is drop-shipped."
    if not purchases.opens_case(order, policy, drop_ship):
        return "The order is not due for purchase orders."
    return ""
