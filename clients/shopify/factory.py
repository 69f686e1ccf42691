"""One connection pool, one client per shop."""

from typing import Self

import httpx

from clients.shopify.admin import AdminApi, CostLedger, OnCost
from clients.shopify.credentials import ShopCredentials
from clients.shopify.tokens import AccessTokens

# Seconds. Shopify answers most queries within one; a slow mutation must not look like a failed one.
TIMEOUT = httpx.Timeout(connect=5.0, read=30.0, write=10.0, pool=10.0)
LIMITS = httpx.Limits(max_connections=50, max_keepalive_connections=20, keepalive_expiry=30.0)


class ShopifyClients:
    """Makes and keeps the clients of all shops; tokens and costs are kept per shop.

    Owns its connection pool unless one is given. Close it with `aclose` or `async with`.
    """

    def __init__(self, http: httpx.AsyncClient | None = None, *, on_cost: OnCost | None = None):
        self._owns_http = http is None
        self._http = http or httpx.AsyncClient(
            timeout=TIMEOUT, limits=LIMITS, follow_redirects=False
        )
        self._on_cost = on_cost
        self._shops: dict[str, tuple[ShopCredentials, AdminApi]] = {}
        self._ledgers: dict[str, CostLedger] = {}

    def for_shop(self, credentials: ShopCredentials) -> AdminApi:
        """The shop's client: the same one as long as the credentials are the same."""
        known = self._shops.get(credentials.shop)
        if known is not None and known[0] == credentials:
            return known[1]
        admin = AdminApi(
            credentials,
            self._http,
            tokens=AccessTokens(credentials, self._http),
            ledger=self._ledgers.setdefault(credentials.shop, CostLedger()),
            on_cost=self._on_cost,
        )
        self._shops[credentials.shop] = (credentials, admin)
        return admin

    def cost_spent(self, shop: str) -> int:
        """Points that the shop's calls have cost since the process started."""
        return self._ledgers.get(shop, CostLedger()).spent

    async def aclose(self) -> None:
        if self._owns_http:
            await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.aclose()
