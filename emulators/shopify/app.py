"""The emulator as an ASGI application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

import emulators.shopify.admin  # noqa: F401  (registers the resolvers)
from emulators.shopify.control.routes import control_routes
from emulators.shopify.emulator import Emulator, utc_now
from emulators.shopify.face.page import page
from emulators.shopify.http import dispute_files
from emulators.shopify.http.graphql import graphql
from emulators.shopify.http.storage import download, upload
from emulators.shopify.http.tokens import access_token
from emulators.shopify.options import Options

DISPUTE_FILES = (
    "/{shop}/admin/api/{version}/shopify_payments/disputes/{id:int}/dispute_file_uploads"
)


def create_app(
    options: Options | None = None,
    *,
    webhook_client: httpx.AsyncClient | None = None,
    now: Callable[[], datetime] | None = None,
    clock: Callable[[], float] | None = None,
) -> Starlette:
    """The application; ``app.state.emulator`` is the emulator behind it.

    ``webhook_client`` sends the webhooks instead of a client of the emulator's own (give one with an
    ``httpx.ASGITransport`` to receive them in-process); the caller closes it. ``now`` and ``clock``
    (seconds, monotonic) replace the clocks. Without a lifespan, call ``await app.state.emulator.aclose()``.
    """
    emulator = Emulator(
        options or Options(),
        webhook_client=webhook_client,
        now=now or utc_now,
        clock=clock or monotonic,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await emulator.aclose()

    app = Starlette(
        routes=[
            Route("/", page),
            Route("/healthz", healthz),
            Mount("/_emulator", routes=control_routes()),
            Route("/_storage/{key}/{name}", download),
            Route("/_storage/{key}/{name}", upload, methods=["PUT", "POST"]),
            Route("/{shop}/admin/oauth/access_token", access_token, methods=["POST"]),
            Route("/{shop}/admin/api/{version}/graphql.json", graphql, methods=["POST"]),
            Route(f"{DISPUTE_FILES}.json", dispute_files.create, methods=["POST"]),
            Route(f"{DISPUTE_FILES}.json", dispute_files.listed, methods=["GET"]),
            Route(
                f"{DISPUTE_FILES}/{{file_id:int}}.json", dispute_files.delete, methods=["DELETE"]
            ),
        ],
        lifespan=lifespan,
    )
    app.state.emulator = emulator
    return app


async def healthz(_: Request) -> Response:
    return JSONResponse({"status": "ok"})
