"""The process: settings -> services -> application -> uvicorn. No rules here."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI

from api.app import create_app
from api.keys import session_keys
from api.services import Services
from clients.documents import DocumentRules, open_document_store
from clients.shopify.factory import ShopifyClients
from clients.trading_grid.rest import TradingGridClients
from intake import temporal
from intake.connections import Connections
from intake.dispatch import Dispatcher
from intake.sweep import Sweep
from logs import configure_logging
from persistence.encryption import SecretBox
from persistence.migrate import migrate
from persistence.session import Database
from settings import Settings

DRAIN_SECONDS = 10.0


@asynccontextmanager
async def services_from(settings: Settings) -> AsyncIterator[Services]:
    """All that the routes need; closed at the end. Temporal is connected at the first call."""
    async with AsyncExitStack() as stack:
        database = Database(settings.database_url)
        stack.push_async_callback(database.dispose)
        shopify = await stack.enter_async_context(ShopifyClients())
        trading_grid = await stack.enter_async_context(TradingGridClients())
        box = SecretBox.parse(settings.secret_key_ring)
        connections = Connections(
            database, box, shopify, trading_grid, allow_plain_http=settings.allow_plain_http
        )
        client = await temporal.connect(settings, lazy=True)
        dispatcher = Dispatcher(database, connections, client, settings.task_queue)
        services = Services(
            settings=settings,
            database=database,
            box=box,
            temporal=client,
            connections=connections,
            dispatcher=dispatcher,
            sweep=Sweep(database, dispatcher, client),
            documents=open_document_store(
                settings.document_store_url, DocumentRules(max_bytes=settings.max_document_bytes)
            ),
            peppers=settings.peppers,
            session_keys=session_keys(settings),
            codec=temporal.payload_codec(settings),
        )
        try:
            yield services
        finally:
            await services.background.drain(DRAIN_SECONDS)


async def serve(settings: Settings) -> None:
    """Migrate, then serve until told to stop. What was left in the inbox is taken up at the start."""
    await migrate(settings.database_url)
    async with temporal.drained(), services_from(settings) as services:

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            services.background.start(services.sweep.run(), "sweep at start-up")
            yield

        app = create_app(services, lifespan=lifespan)
        app.openapi()  # takes a second: made before webhooks wait for it
        server = Server(
            uvicorn.Config(
                app,
                host=settings.api_host,
                port=settings.api_port,
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=int(DRAIN_SECONDS),
            )
        )
        await server.serve()


class Server(uvicorn.Server):
    """uvicorn raises the signal that stopped it once more at the end; to stop when told to is no failure."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        self._captured_signals.clear()


def main() -> None:
    """Exit code 0 after SIGTERM or SIGINT."""
    settings = Settings()
    configure_logging(settings)
    # Says at each question for readiness which dialect it found.
    logging.getLogger("alembic.runtime.migration").setLevel(logging.WARNING)
    asyncio.run(serve(settings))
