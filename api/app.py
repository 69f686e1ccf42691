"""The application: middleware, routers, errors, its document."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware

from api import (
    api_keys,
    campaign_readiness,
    case_updates,
    cases,
    codec,
    console,
    disputes,
    docs,
    documents,
    errors,
    health,
    inbound_events,
    inventory_feeds,
    login,
    openapi,
    order_exceptions,
    policies,
    purchase_orders,
    reconciliation,
    return_claims,
    routing,
    shipping_documents,
    shops,
    switches,
    tenants,
    webhooks,
)
from api.access import CODEC_PREFIX, AccessMiddleware, CodecCorsMiddleware
from api.middleware import BodyLimitMiddleware, RequestMiddleware
from api.services import Services
from settings import Settings

ROUTERS: tuple[APIRouter, ...] = (
    webhooks.router,
    return_claims.router,
    order_exceptions.router,
    purchase_orders.router,
    shipping_documents.router,
    inventory_feeds.router,
    disputes.router,
    campaign_readiness.router,
    documents.router,
    case_updates.router,
    console.router,  # before the cases: for browsers it answers /cases/{id}
    cases.router,
    inbound_events.router,
    reconciliation.router,
    tenants.router,
    shops.router,
    routing.router,
    policies.router,
    switches.router,
    api_keys.router,
    codec.router,
    health.router,
    login.router,
    docs.router,
)

_JSON_BYTES = 1_000_000
_TABLE_BYTES = 5_000_000
_CODEC_BYTES = 10_000_000
_MULTIPART_BYTES = 100_000
"""What the form around an uploaded file may take."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def body_limit(settings: Settings) -> Callable[[str], int]:
    """How many bytes a body may have, by path."""

    def limit(path: str) -> int:
        if path.startswith("/webhooks/"):
            return settings.max_webhook_bytes
        if path.startswith("/cases/") and path.endswith("/documents"):
            return settings.max_document_bytes + _MULTIPART_BYTES
        if path.endswith("/import") or path.startswith("/campaigns"):
            return _TABLE_BYTES
        if path.startswith(CODEC_PREFIX):
            return _CODEC_BYTES
        return _JSON_BYTES

    return limit


def create_app(services: Services, *, lifespan: Lifespan | None = None) -> FastAPI:
    """The API over these services. Who makes them closes them, after `services.background.drain`."""
    app = FastAPI(
        title="Gridcase",
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Outermost first.
        middleware=[
            Middleware(RequestMiddleware),
            Middleware(CodecCorsMiddleware, services=services),
            Middleware(AccessMiddleware, services=services),
            Middleware(BodyLimitMiddleware, limit_of=body_limit(services.settings)),
        ],
    )
    app.state.services = services
    errors.install(app)
    for router in ROUTERS:
        app.include_router(router)
    openapi.install(app, ROUTERS)
    return app
