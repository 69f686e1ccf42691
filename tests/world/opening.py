"""Opens a world: everything connected to each other, with one shop and one tenant."""

import copy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from clients.documents.object_store import open_document_store
from clients.shopify.factory import ShopifyClients
from clients.trading_grid.rest import TradingGridClients
from emulators.shopify.app import create_app as shopify_app
from emulators.shopify.options import Options as ShopifyOptions
from emulators.trading_grid.app import create_app as trading_grid_app
from emulators.trading_grid.options import Options as TradingGridOptions
from intake.connect import connect_shop
from intake.connections import Connections
from intake.dispatch import Dispatcher
from intake.inbox import receive_shopify, receive_trading_grid
from persistence.encryption import SecretBox
from persistence.repositories import (
    shops,
    tenants,
)
from persistence.session import Database
from settings import Settings
from tests.world.grid import GridSide
from tests.world.merchant import MerchantSide
from tests.world.names import PUBLIC, SHOP, SHOPIFY, TENANT, TRADING_GRID
from tests.world.parts import Recorder
from tests.world.shopify import ShopifySide
from worker import Outside, make_worker


class World(ShopifySide, GridSide, MerchantSide):
    """What a test drives: the merchant's customers, the merchant, the partners, and time."""


def _receiver(world_of: Callable[[], World]) -> Starlette:
    """Where the emulators' webhooks arrive: the intake's own functions, as the API calls them."""

    async def shopify(request: Request) -> Response:
        world = world_of()
        if not world.deliver:
            return Response(status_code=200)
        received = await receive_shopify(
            world.database,
            world.box,
            body=await request.body(),
            headers=request.headers,
            now=datetime.now(UTC),
        )
        if received.created:
            await world.dispatcher.dispatch(received.event_id)
        return Response(status_code=200)

    async def trading_grid(request: Request) -> Response:
        world = world_of()
        if not world.deliver:
            return Response(status_code=200)
        received = await receive_trading_grid(
            world.database,
            world.box,
            request.path_params["tenant"],
            body=await request.body(),
            headers=request.headers,
            now=datetime.now(UTC),
        )
        if received.created:
            await world.dispatcher.dispatch(received.event_id)
        return Response(status_code=200)

    return Starlette(
        routes=[
            Route("/webhooks/shopify", shopify, methods=["POST"]),
            Route("/webhooks/trading-grid/{tenant}", trading_grid, methods=["POST"]),
        ]
    )


@asynccontextmanager
async def open_world(
    temporal: Client,
    database: Database,
    folder: Path,
    *,
    environment: WorkflowEnvironment | None = None,
    worker: bool = True,
) -> AsyncIterator[World]:
    """Everything, connected to each other, with one shop and one tenant."""
    settings = Settings(
        database_url=database.url.render_as_string(hide_password=False),
        data_dir=folder,
        task_queue=f"gridcase-{id(folder)}",
        public_url=PUBLIC,
        _env_file=None,
    )
    box = SecretBox.parse(settings.secret_key_ring)
    holder: list[World] = []
    receiver = httpx.AsyncClient(transport=httpx.ASGITransport(_receiver(lambda: holder[0])))
    shop_app = shopify_app(ShopifyOptions(), webhook_client=receiver)
    grid_app = trading_grid_app(
        TradingGridOptions(public_url=TRADING_GRID), webhook_client=receiver
    )
    shopify_http = httpx.AsyncClient(
        transport=httpx.ASGITransport(shop_app), base_url=SHOPIFY, timeout=10
    )
    grid_http = httpx.AsyncClient(
        transport=httpx.ASGITransport(grid_app), base_url=TRADING_GRID, timeout=10
    )

    async def lose(response: httpx.Response) -> None:
        wanted = holder[0].lose_answer_to if holder else ""
        if wanted and f"{wanted}(".encode() in response.request.content:
            holder[0].lose_answer_to = ""
            raise httpx.ReadError("The answer was lost.", request=response.request)

    async def somebody_else(request: httpx.Request) -> None:
        planned = holder[0].before_call if holder else {}
        for name in [one for one in planned if f"{one}(".encode() in request.content]:
            await planned.pop(name)()

    shopify_http.event_hooks["response"].append(lose)
    shopify_http.event_hooks["request"].append(somebody_else)
    connections = Connections(
        database, box, ShopifyClients(shopify_http), TradingGridClients(grid_http)
    )
    dispatcher = Dispatcher(database, connections, temporal, settings.task_queue)
    recorder = Recorder()
    world = World(
        temporal=temporal,
        database=database,
        box=box,
        connections=connections,
        dispatcher=dispatcher,
        shopify=shopify_http,
        trading_grid=grid_http,
        recorder=recorder,
        settings=settings,
        environment=environment,
        emulators={"shopify": shop_app, "trading_grid": grid_app},
    )
    holder.append(world)
    await _furnish(world)
    parts = Outside(
        settings,
        database,
        box,
        connections,
        open_document_store(settings.document_store_url),
        recorder,
    )
    try:
        if worker:
            async with make_worker(temporal, parts):
                yield world
        else:
            yield world
    finally:
        await shop_app.state.emulator.aclose()
        await grid_app.aclose()
        for client in (receiver, shopify_http, grid_http):
            await client.aclose()


_CONNECTED: dict[str, Any] = {}
"""What connecting made in the first world's shop. The others begin with it and connect once more: some thirty calls less."""


async def _furnish(world: World) -> None:
    now = datetime.now(UTC)
    async with world.database.begin() as session:
        await tenants.create(
            session,
            world.box,
            id=TENANT,
            name="Demo",
            base_url=f"{TRADING_GRID}/tradinggrid/v1",
            token_url=f"{TRADING_GRID}/tenants/{TENANT}/oauth2/token",
            client_id="demo-client",
            client_secret="demo-secret",
        )
        await shops.create(
            session,
            world.box,
            id=SHOP,
            domain=f"{SHOP}.myshopify.com",
            tenant_id=TENANT,
            name="Acme",
            api_version="2026-10",
            client_id="demo-client-id",
            client_secret="demo-client-secret",
            admin_base=SHOPIFY + "/{shop}",
        )
    made = await world.shopify.post(
        f"/_emulator/shops/{SHOP}", json={"name": "Acme", "currency": "EUR"}
    )
    assert made.is_success, made.text
    connected = world.emulators["shopify"].state.emulator.shops[SHOP]
    for name, kept in _CONNECTED.items():
        setattr(connected, name, copy.deepcopy(kept))
    report = await connect_shop(
        world.database, world.box, world.connections, SHOP, public_url=PUBLIC, now=now
    )
    failed = [step for step in report.steps if step.status == "failed"]
    assert not failed, failed
    for name in ("subscriptions", "definitions", "metaobject_definitions"):
        _CONNECTED.setdefault(name, copy.deepcopy(getattr(connected, name)))
    calls = (await world.shopify.get("/_emulator/calls")).json()["calls"]
    world.furnished = calls[-1]["number"] if calls else 0
    world.grid_furnished = (await world.trading_grid.get("/_emulator/calls")).json()["last"]


@pytest.fixture
async def world(
    skipping: WorkflowEnvironment, database: Database, tmp_path: Path
) -> AsyncIterator[World]:
    """The world on the time-skipping server, once with each database."""
    async with open_world(skipping.client, database, tmp_path, environment=skipping) as made:
        yield made
