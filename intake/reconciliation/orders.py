"""Orders that changed: purchase orders that are due, exceptions that an order shows, and cases that must look again."""

from clients.shopify.generated.orders_updated_since import OrdersUpdatedSinceOrdersNodes
from clients.shopify.pages import orders_updated_since
from domain.case import CaseKind
from domain.order_exception.opening import INVESTIGATE
from domain.shopify_ids import numeric_id
from intake import order_rules
from intake.reconciliation.comparing import (
    Comparison,
    Found,
    delivery,
    has,
    moment,
    of_kinds,
    pages,
)
from intake.routes import SHIPPING

_SHIPPED = frozenset({"FULFILLED", "RESTOCKED"})
# displayFulfillmentStatus of an order worth reading for an exception; the rest is read for its risk alone.
_SHOWS_TROUBLE = frozenset({"PARTIALLY_FULFILLED", "ON_HOLD", "REQUEST_DECLINED"})


async def compare(run: Comparison) -> int:
    """Put what the shop's orders tell into the inbox; how many events."""
    count = 0
    drop_ships = await run.drop_ships()
    query = f"updated_at:>='{moment(await run.since())}'"
    async for page in pages(orders_updated_since(run.admin, query)):
        found = [_event(order) for order in page if await _tells(run, order, drop_ships)]
        count += await run.put(found, page[-1].updated_at)
    return await run.done(count)


def _event(order: OrdersUpdatedSinceOrdersNodes) -> Found:
    order_id = numeric_id(order.id)
    return Found("sync/order", delivery(order_id, order.updated_at), {"order_id": order_id})


async def _tells(run: Comparison, order: OrdersUpdatedSinceOrdersNodes, drop_ships: bool) -> bool:
    """Whether a case should open, or must look again; an order that is older than the connection opens none."""
    order_id = numeric_id(order.id)
    cases = await run.cases_of_order(order_id)
    if await run.must_look(of_kinds(cases, SHIPPING), order.updated_at):
        return True
    status = str(order.display_fulfillment_status)
    if order.cancelled_at or status in _SHIPPED or order.created_at < run.connected_at:
        return False
    sale = drop_ships and not has(cases, CaseKind.PURCHASE_ORDER)
    untroubled = not has(cases, CaseKind.ORDER_EXCEPTION)
    if sale or (untroubled and status in _SHOWS_TROUBLE):
        now = await run.read(order_id)
        if now is None:
            return False
        if sale and await run.sells(now):
            return True
        return untroubled and await run.exceptional(now, order_rules.anything)
    if not untroubled:
        return False
    summary = (await run.admin.order_summary(id=order.id)).order
    if summary is None or str(summary.risk.recommendation) != INVESTIGATE:
        return False
    now = await run.read(order_id)
    return now is not None and await run.exceptional(now, order_rules.troubled)
