"""The overdue sweep: paid orders that have waited longer than the shop's policy allows. Once an hour is often enough."""

from datetime import datetime, timedelta

from clients.shopify.generated.overdue_orders import OverdueOrdersOrdersNodes
from clients.shopify.pages import overdue_orders
from domain.case import CaseKind
from domain.policy import OrderExceptionPolicy, Within
from domain.priority import Priority
from domain.shop_order import PAID
from domain.shopify_ids import numeric_id
from intake import order_rules
from intake.policies import policy_for
from intake.reconciliation.comparing import (
    LEFT_TO_SHIP,
    Comparison,
    Found,
    has,
    moment,
    pages,
)
from persistence.repositories import watermarks

_EVERY = timedelta(hours=1)
_PAID = " OR ".join(f"financial_status:{status.lower()}" for status in sorted(PAID))


async def compare(run: Comparison) -> int:
    """Put what is overdue into the inbox; how many events. Orders older than the connection are not looked at."""
    async with run.database.read() as session:
        row = await watermarks.find(session, "shopify", run.shop, run.object)
        terms = [
            (await policy_for(session, OrderExceptionPolicy, run.shop, priority=one)).overdue_after
            for one in Priority
        ]
    if row is not None and row.seen_until is not None and run.now < row.seen_until + _EVERY:
        return 0
    latest = max(_latest(within, run.now) for within in terms)
    query = (
        f"status:open ({_PAID}) ({LEFT_TO_SHIP}) created_at:>='{moment(run.connected_at)}'"
        f" created_at:<='{moment(latest)}'"
    )
    count = 0
    async for page in pages(overdue_orders(run.admin, query)):
        found = [_event(run, order) for order in page if await _is_overdue(run, order)]
        # The watermark is the time of the last whole sweep: until it is through, it stays.
        count += await run.put(
            found, row.seen_until if row and row.seen_until else run.connected_at
        )
    return await run.done(count)


def _latest(within: Within, now: datetime) -> datetime:
    """No order made later can be overdue; business days are never shorter than days."""
    return now - (
        timedelta(hours=within.hours)
        if within.hours is not None
        else timedelta(days=within.business_days or 0)
    )


def _event(run: Comparison, order: OverdueOrdersOrdersNodes) -> Found:
    order_id = numeric_id(order.id)
    return Found("overdue/order", f"overdue:{order_id}:{run.now:%Y-%m-%d}", {"order_id": order_id})


async def _is_overdue(run: Comparison, order: OverdueOrdersOrdersNodes) -> bool:
    order_id = numeric_id(order.id)
    if has(await run.cases_of_order(order_id), CaseKind.ORDER_EXCEPTION):
        return False
    now = await run.read(order_id)
    return now is not None and await run.exceptional(now, order_rules.overdue)
