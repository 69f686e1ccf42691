"""Invoices over REST."""

from clients.trading_grid.port.invoices import Invoice
from clients.trading_grid.rest.answers import json_object, parsed
from clients.trading_grid.rest.remote import Remote


class RestInvoices:
    _remote: Remote

    async def invoice(self, invoice_id: str) -> Invoice:
        response = await self._remote.get(self._remote.url("invoice", invoice_id=invoice_id))
        return parsed(Invoice, json_object(response), response)
