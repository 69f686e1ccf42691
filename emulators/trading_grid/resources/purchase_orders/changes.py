"""``/purchase-orders/{id}/changes``: changes and cancellations, which wait for the partner."""

from emulators.trading_grid.errors import ApiError, not_found
from emulators.trading_grid.resources.purchase_orders.model import (
    CHANGE_FIELDS,
    ChangeBody,
    check_lines,
    render_child,
)
from emulators.trading_grid.resources.purchase_orders.routes import desk
from emulators.trading_grid.wire import Answer, Call, Endpoint


async def list_changes(call: Call) -> Answer:
    return call.list(desk(call).changes(), CHANGE_FIELDS, render_child)


async def ask_change(call: Call) -> Answer:
    """A repetition under the same ``change_number`` finds the first; another change under it is 409."""
    opened = desk(call)
    body = call.parse(ChangeBody)
    check_lines(body.lines)
    existing = opened.change(str(body.change_number))
    if existing is not None:
        if (existing.purpose, existing.lines) == (body.purpose, body.lines):
            return call.one(existing, render_child)
        raise ApiError(
            409,
            "duplicate_change_number",
            "This change_number came with another change.",
            links={"existing": call.links(existing.path())},
        )
    change = call.add(opened.ask_change(body))
    call.emulator.changed(call.tenant, opened.order)
    return call.created(change, render_child)


async def get_change(call: Call) -> Answer:
    number = call.param("change_number")
    change = desk(call).change(number)
    if change is None:
        raise not_found("change", number)
    return call.one(change, render_child)


ENDPOINTS = [
    Endpoint("/purchase-orders/{order_id}/changes", {"GET": list_changes, "POST": ask_change}),
    Endpoint("/purchase-orders/{order_id}/changes/{change_number}", {"GET": get_change}),
]
