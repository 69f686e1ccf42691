"""The adapter and the emulator in one process: the tenant's client, control calls, webhooks that arrived."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from clients.trading_grid.port import TradingGrid
from clients.trading_grid.rest import TradingGridClients, TradingGridConnection
from emulators.trading_grid.app import create_app

ORIGIN = "http://localhost:8102"


@dataclass
class World:
    """The tenant's client, the control calls, and the webhooks that arrived."""

    grid: TradingGrid
    control: httpx.AsyncClient
    connection: TradingGridConnection
    clients: TradingGridClients
    webhooks: list[httpx.Request] = field(default_factory=list)

    async def partner_does(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        response = await self.control.post(f"/_emulator{path}", json=body)
        assert response.is_success, response.text
        answer: dict[str, Any] = response.json()
        return answer


@asynccontextmanager
async def emulated() -> AsyncIterator[World]:
    """The emulator with one partner, `p1`, that does only what the test says."""
    webhooks: list[httpx.Request] = []

    def receive(request: httpx.Request) -> httpx.Response:
        webhooks.append(request)
        return httpx.Response(200)

    connection = TradingGridConnection(
        tenant="demo",
        base_url=f"{ORIGIN}/tradinggrid/v1",
        token_url=f"{ORIGIN}/tenants/demo/oauth2/token",
        client_id="demo-client",
        client_secret="demo-secret",
        page_size=2,
    )
    async with httpx.AsyncClient(transport=httpx.MockTransport(receive)) as receiver:
        app = create_app(webhook_client=receiver)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with (
            httpx.AsyncClient(transport=transport) as http,
            httpx.AsyncClient(transport=transport, base_url=ORIGIN) as control,
        ):
            clients = TradingGridClients(http)
            made = World(clients.for_tenant(connection), control, connection, clients, webhooks)
            await made.partner_does("/partners", {"id": "p1", "behaviour": "manual"})
            yield made
            await app.aclose()
