"""Partners over REST."""

from clients.trading_grid.port.partners import Partner
from clients.trading_grid.rest.answers import json_object, parsed
from clients.trading_grid.rest.remote import Remote


class RestPartners:
    _remote: Remote

    async def read_partner(self, partner_id: str) -> Partner:
        response = await self._remote.get(self._remote.url("partner", partner_id=partner_id))
        return parsed(Partner, json_object(response), response)

    async def list_partners(self) -> tuple[Partner, ...]:
        items = self._remote.items(self._remote.url("partners"))
        return tuple([parsed(Partner, item, response) async for item, response in items])
