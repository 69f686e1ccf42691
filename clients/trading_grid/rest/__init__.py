"""The collaboration REST adapter: Trading Grid in the style of OpenText's published cloud APIs.

No REST specification of OpenText Trading Grid is public. OAuth2 client credentials per tenant, HAL,
snake_case fields, kebab-case parameters, actions by POST, the two-step upload and the error body
are OpenText's published style; **the paths and the field names are assumed** until OpenText's own
specification is supplied. Then paths change in `TradingGridConnection.paths`, fields in `port`.

One attempt per call: retries belong to the caller. A 401 is answered once with a fresh token.
"""

import time
from collections.abc import Callable
from types import TracebackType

import httpx

from clients.trading_grid.port import TradingGrid
from clients.trading_grid.rest.answers import collection, json_object
from clients.trading_grid.rest.campaigns import RestCampaigns
from clients.trading_grid.rest.cases import RestCases
from clients.trading_grid.rest.connection import DEFAULT_PATHS, TradingGridConnection
from clients.trading_grid.rest.documents import RestDocuments
from clients.trading_grid.rest.events import RestEvents
from clients.trading_grid.rest.inventory_advices import RestInventoryAdvices
from clients.trading_grid.rest.invoices import RestInvoices
from clients.trading_grid.rest.partners import RestPartners
from clients.trading_grid.rest.purchase_orders import RestPurchaseOrders
from clients.trading_grid.rest.remote import Remote
from clients.trading_grid.rest.return_authorizations import RestReturnAuthorizations
from clients.trading_grid.rest.shipment_notices import RestShipmentNotices

__all__ = ["DEFAULT_PATHS", "RestTradingGrid", "TradingGridClients", "TradingGridConnection"]


class RestTradingGrid(
    RestPartners,
    RestCases,
    RestDocuments,
    RestReturnAuthorizations,
    RestPurchaseOrders,
    RestShipmentNotices,
    RestInvoices,
    RestInventoryAdvices,
    RestCampaigns,
    RestEvents,
):
    """`clients.trading_grid.port.TradingGrid` over REST, for one tenant."""

    def __init__(
        self,
        connection: TradingGridConnection,
        http: httpx.AsyncClient,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._remote = Remote(connection, http, clock=clock)

    async def check(self) -> None:
        response = await self._remote.get(
            self._remote.url("partners"), params={"page": "1", "items-per-page": "1"}
        )
        collection(json_object(response), response)


class TradingGridClients:
    """One connection pool for all tenants; each tenant keeps its token and its bound.

    An injected `http` stays the caller's to close.
    """

    def __init__(self, http: httpx.AsyncClient | None = None) -> None:
        self._owns = http is None
        self._http = http or httpx.AsyncClient()
        self._by_tenant: dict[str, tuple[TradingGridConnection, TradingGrid]] = {}

    def for_tenant(self, connection: TradingGridConnection) -> TradingGrid:
        """The tenant's client: the same one until its connection changes."""
        known = self._by_tenant.get(connection.tenant)
        if known is not None and known[0] == connection:
            return known[1]
        client = RestTradingGrid(connection, self._http)
        self._by_tenant[connection.tenant] = (connection, client)
        return client

    async def aclose(self) -> None:
        if self._owns:
            await self._http.aclose()

    async def __aenter__(self) -> "TradingGridClients":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()
