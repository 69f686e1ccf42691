"""``/purchase-orders/{id}/responses``: what the partner answered, by sequence."""

from emulators.trading_grid.errors import not_found
from emulators.trading_grid.resources.purchase_orders.model import (
    RESPONSE_FIELDS,
    OrderResponse,
    render_child,
)
from emulators.trading_grid.resources.purchase_orders.routes import desk
from emulators.trading_grid.wire import Answer, Call, Endpoint


async def list_responses(call: Call) -> Answer:
    return call.list(desk(call).responses(), RESPONSE_FIELDS, render_child)


async def get_response(call: Call) -> Answer:
    order = desk(call).order
    response = call.table(OrderResponse).get(call.param("response_id"))
    if response.purchase_order_id != order.id:
        raise not_found("purchase order response", response.id)
    return call.one(response, render_child)


ENDPOINTS = [
    Endpoint("/purchase-orders/{order_id}/responses", {"GET": list_responses}),
    Endpoint("/purchase-orders/{order_id}/responses/{response_id}", {"GET": get_response}),
]
