"""``/purchase-orders``: ordering and reading, by the company."""

from emulators.trading_grid.resources.partners import active_partner
from emulators.trading_grid.resources.purchase_orders.desk import OrderDesk
from emulators.trading_grid.resources.purchase_orders.model import (
    ORDER_FIELDS,
    OrderBody,
    OrderLine,
    PurchaseOrder,
    check_lines,
    render_order,
)
from emulators.trading_grid.wire import Answer, Call, Endpoint


def desk(call: Call) -> OrderDesk:
    """The purchase order of the path. Raises ApiError 404."""
    order = call.table(PurchaseOrder).get(call.param("order_id"))
    return OrderDesk(call.emulator, call.tenant, order)


async def list_orders(call: Call) -> Answer:
    return call.list(call.table(PurchaseOrder), ORDER_FIELDS, render_order)


async def send_order(call: Call) -> Answer:
    body = call.parse(OrderBody)
    active_partner(call.tenant, body.partner_id)
    check_lines(body.lines)
    fields = {**dict(body), "lines": [OrderLine(**dict(line)) for line in body.lines]}
    order = call.add(PurchaseOrder(**fields, create_time=call.now, update_time=call.now))
    call.emulator.changed(call.tenant, order)
    return call.created(order, render_order)


async def get_order(call: Call) -> Answer:
    return call.one(desk(call).order, render_order)


ENDPOINTS = [
    Endpoint("/purchase-orders", {"GET": list_orders, "POST": send_order}),
    Endpoint("/purchase-orders/{order_id}", {"GET": get_order}),
]
