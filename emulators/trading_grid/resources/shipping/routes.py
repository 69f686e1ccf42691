"""``/shipment-notices`` and ``/invoices``: read only, since both are the partner's."""

from emulators.trading_grid.resources.shipping.model import (
    INVOICE_FIELDS,
    NOTICE_FIELDS,
    Invoice,
    ShipmentNotice,
    render_invoice,
    render_notice,
)
from emulators.trading_grid.wire import Answer, Call, Endpoint


async def list_notices(call: Call) -> Answer:
    return call.list(call.table(ShipmentNotice), NOTICE_FIELDS, render_notice)


async def get_notice(call: Call) -> Answer:
    return call.one(call.table(ShipmentNotice).get(call.param("notice_id")), render_notice)


async def list_invoices(call: Call) -> Answer:
    return call.list(call.table(Invoice), INVOICE_FIELDS, render_invoice)


async def get_invoice(call: Call) -> Answer:
    return call.one(call.table(Invoice).get(call.param("invoice_id")), render_invoice)


ENDPOINTS = [
    Endpoint("/shipment-notices", {"GET": list_notices}),
    Endpoint("/shipment-notices/{notice_id}", {"GET": get_notice}),
    Endpoint("/invoices", {"GET": list_invoices}),
    Endpoint("/invoices/{invoice_id}", {"GET": get_invoice}),
]
