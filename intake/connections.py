"""The clients of shops and tenants, from what the tables say of them."""

from clients.shopify.admin import AdminApi
from clients.shopify.credentials import ShopCredentials
from clients.shopify.factory import ShopifyClients
from clients.trading_grid.port import TradingGrid
from clients.trading_grid.rest import TradingGridClients
from clients.trading_grid.rest.connection import TradingGridConnection
from persistence.encryption import SecretBox
from persistence.errors import SecretError
from persistence.repositories import shops, tenants
from persistence.session import Database
from persistence.tables import Shop, Tenant

SHOPIFY_ADDRESS = "https://{shop}.myshopify.com"


class NotConfigured(Exception):
    """A shop or tenant that is unknown here, or whose settings cannot work; the message says which and why."""


class Connections:
    """Makes the client of a shop or tenant anew from its row, so that an edited credential holds at once.

    Clients keep tokens and connection pools; rows are read each time, which is one short query.
    """

    def __init__(
        self,
        database: Database,
        box: SecretBox,
        shopify: ShopifyClients,
        trading_grid: TradingGridClients,
        *,
        allow_plain_http: bool = False,
    ) -> None:
        self._database = database
        self._box = box
        self._shopify = shopify
        self._trading_grid = trading_grid
        self._allow_plain_http = allow_plain_http

    async def shopify(self, shop_id: str) -> AdminApi:
        """The shop's Admin API.

        Raises:
            NotConfigured: no such shop, the app was uninstalled, or its settings cannot work.
        """
        async with self._database.read() as session:
            shop = await shops.find(session, shop_id)
        if shop is None:
            raise NotConfigured(f"There is no shop {shop_id} here.")
        if shop.status == "uninstalled":
            raise NotConfigured(f"The app was uninstalled from {shop_id}; install it and connect.")
        return self._shopify.for_shop(self._credentials(shop))

    async def trading_grid(self, tenant_id: str) -> TradingGrid:
        """The tenant's Trading Grid.

        Raises:
            NotConfigured: no such tenant, it is suspended, or its settings cannot work.
        """
        async with self._database.read() as session:
            tenant = await tenants.find(session, tenant_id)
        if tenant is None:
            raise NotConfigured(f"There is no Trading Grid tenant {tenant_id} here.")
        if tenant.status != "active":
            raise NotConfigured(f"The Trading Grid tenant {tenant_id} is {tenant.status}.")
        return self._trading_grid.for_tenant(self._connection(tenant))

    def _credentials(self, shop: Shop) -> ShopCredentials:
        try:
            token = shops.access_token(self._box, shop)
            return ShopCredentials(
                shop=shop.id,
                base_url=(shop.admin_base or SHOPIFY_ADDRESS).replace("{shop}", shop.id),
                client_id=shop.client_id,
                client_secret=shops.client_secret(self._box, shop).get_secret_value(),
                access_token=token.get_secret_value() if token else None,
                api_version=shop.api_version,
            )
        except (ValueError, SecretError) as error:
            raise NotConfigured(f"The settings of shop {shop.id} cannot work: {error}") from error

    def _connection(self, tenant: Tenant) -> TradingGridConnection:
        try:
            return TradingGridConnection(
                tenant=tenant.id,
                base_url=tenant.base_url,
                token_url=tenant.token_url,
                client_id=tenant.client_id,
                client_secret=tenants.client_secret(self._box, tenant).get_secret_value(),
                paths={name: str(path) for name, path in tenant.paths.items()},
                allow_plain_http=self._allow_plain_http,
            )
        except (ValueError, SecretError) as error:
            raise NotConfigured(
                f"The settings of tenant {tenant.id} cannot work: {error}"
            ) from error
