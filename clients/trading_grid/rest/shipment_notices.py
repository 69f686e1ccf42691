"""Shipment notices over REST."""

from clients.trading_grid.port.shipment_notices import ShipmentNotice
from clients.trading_grid.rest.answers import json_object, parsed
from clients.trading_grid.rest.remote import Remote


class RestShipmentNotices:
    _remote: Remote

    async def shipment_notice(self, notice_id: str) -> ShipmentNotice:
        response = await self._remote.get(self._remote.url("shipment_notice", notice_id=notice_id))
        return parsed(ShipmentNotice, json_object(response), response)
