"""Fulfillment orders that changed: holds of others, requests that were turned down, and cases that must look again."""

from clients.shopify.generated.fulfillment_orders_updated_since import (
    FulfillmentOrdersUpdatedSinceFulfillmentOrdersNodes,
)
from clients.shopify.pages import fulfillment_orders_updated_since
from domain.case import CaseKind
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

_TURNED_DOWN = frozenset({"REJECTED", "CANCELLATION_REJECTED"})


async def compare(run: Comparison) -> int:
    """Put what the shop's fulfillment orders tell into the inbox; how many events."""
    count = 0
    query = f"updated_at:>='{moment(await run.since())}'"
    async for page in pages(fulfillment_orders_updated_since(run.admin, query)):
        found: dict[str, Found] = {}
        for one in page:
            order_id = numeric_id(one.order_id)
            if order_id not in found and await _tells(run, one, order_id):
                found[order_id] = _event(one, order_id)
        count += await run.put(found.values(), page[-1].updated_at)
    return await run.done(count)


def _event(one: FulfillmentOrdersUpdatedSinceFulfillmentOrdersNodes, order_id: str) -> Found:
    number = numeric_id(one.id)
    return Found(
        "sync/fulfillment_order",
        delivery(number, one.updated_at),
        {"order_id": order_id, "fulfillment_order_id": number},
    )


async def _tells(
    run: Comparison, one: FulfillmentOrdersUpdatedSinceFulfillmentOrdersNodes, order_id: str
) -> bool:
    cases = await run.cases_of_order(order_id)
    if await run.must_look(of_kinds(cases, SHIPPING), one.updated_at):
        return True
    held = any(not hold.held_by_requesting_app for hold in one.fulfillment_holds)
    turned_down = str(one.request_status) in _TURNED_DOWN or str(one.status) == "INCOMPLETE"
    if has(cases, CaseKind.ORDER_EXCEPTION) or not (held or turned_down):
        return False
    order = await run.read(order_id)
    return order is not None and await run.exceptional(order, order_rules.troubled)
