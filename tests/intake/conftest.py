"""A shop and a tenant, set up in a database, with both emulators behind their real clients."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from clients.shopify.factory import ShopifyClients
from clients.trading_grid.rest import TradingGridClients
from emulators.shopify.app import create_app as create_shopify
from emulators.shopify.emulator import Emulator
from emulators.shopify.options import Options
from emulators.trading_grid.app import App
from emulators.trading_grid.app import create_app as create_trading_grid
from intake.connections import Connections
from persistence.encryption import SecretBox
from persistence.repositories import partners, shops, tenants
from persistence.session import Database
from persistence.tables import Shop, Tenant

SHOPIFY = "http://shopify.localhost:8101"
GRID = "http://localhost:8102"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@dataclass
class World:
    """Shop `acme` of tenant `demo`, with partners `north` and `south`."""

    database: Database
    box: SecretBox
    connections: Connections
    shopify: Starlette
    grid: App
    shopify_http: httpx.AsyncClient
    grid_http: httpx.AsyncClient
    now: datetime
    webhooks: list[httpx.Request] = field(default_factory=list)

    @property
    def emulator(self) -> Emulator:
        found: Emulator = self.shopify.state.emulator
        return found

    def without_scopes(self, *scopes: str) -> None:
        """The app has lost these scopes, from its next token on."""
        options = self.emulator.options
        kept = tuple(one for one in options.scopes if one not in scopes)
        self.emulator.options = replace(options, scopes=kept)
        self.emulator.tokens.clear()

    async def control(self, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A control call of the Shopify emulator."""
        response = await self.shopify_http.post(f"{SHOPIFY}/_emulator{path}", json=body or {})
        assert response.is_success, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def shopify_faults(self, **api: object) -> None:
        response = await self.shopify_http.put(f"{SHOPIFY}/_emulator/faults", json={"api": api})
        assert response.is_success, response.text

    async def shop(self) -> Shop:
        async with self.database.read() as session:
            return await shops.get(session, "acme")

    async def tenant(self) -> Tenant:
        async with self.database.read() as session:
            return await tenants.get(session, "demo")


@pytest.fixture
def box() -> SecretBox:
    return SecretBox({"k1": b"1" * 32})


@pytest_asyncio.fixture
async def world(database: Database, box: SecretBox) -> AsyncIterator[World]:
    webhooks: list[httpx.Request] = []

    def receive(request: httpx.Request) -> httpx.Response:
        webhooks.append(request)
        return httpx.Response(200)

    async with httpx.AsyncClient(transport=httpx.MockTransport(receive)) as receiver:
        shopify = create_shopify(Options(), webhook_client=receiver)
        grid = create_trading_grid(webhook_client=receiver)
        async with (
            httpx.AsyncClient(transport=httpx.ASGITransport(shopify)) as shopify_http,
            httpx.AsyncClient(transport=httpx.ASGITransport(grid)) as grid_http,
        ):
            connections = Connections(
                database, box, ShopifyClients(shopify_http), TradingGridClients(grid_http)
            )
            made = World(
                database,
                box,
                connections,
                shopify,
                grid,
                shopify_http,
                grid_http,
                datetime.now(UTC),
                webhooks,
            )
            await made.control("/shops/acme", {"iana_timezone": "Europe/Berlin", "currency": "EUR"})
            await _network(database, box)
            yield made
            await made.emulator.aclose()
            await grid.aclose()


async def _network(database: Database, box: SecretBox) -> None:
    async with database.begin() as session:
        await tenants.create(
            session,
            box,
            id="demo",
            name="Demo Store",
            base_url=f"{GRID}/tradinggrid/v1",
            token_url=f"{GRID}/tenants/demo/oauth2/token",
            client_id="demo-client",
            client_secret="demo-secret",
        )
        for partner in ("north", "south"):
            await partners.create(session, tenant_id="demo", id=partner, name=partner.title())
        await shops.create(
            session,
            box,
            id="acme",
            domain="acme.myshopify.com",
            tenant_id="demo",
            name="Acme",
            admin_base=f"{SHOPIFY}/{{shop}}",
            api_version="2026-10",
            client_id="demo-client-id",
            client_secret="demo-client-secret",
        )
