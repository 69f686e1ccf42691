"""Webhooks: verify, insert, answer; dispatch goes on behind the answer."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from api.errors import (
    BAD_SIGNATURE,
    BUSY,
    MALFORMED_WEBHOOK,
    NOT_FOUND,
    TOO_LARGE,
    Problem,
    documented,
)
from api.pages import Deps
from api.services import Services
from clients.shopify import verify as shopify
from clients.trading_grid import verify as trading_grid
from intake.inbox import Received, UnknownSource, receive_shopify, receive_trading_grid

router = APIRouter(prefix="/webhooks", tags=["webhooks"])

_RESPONSES = documented(MALFORMED_WEBHOOK, BAD_SIGNATURE, NOT_FOUND, TOO_LARGE, BUSY)


class Taken(BaseModel):
    """The event is in the inbox. `duplicate`: it was there before, and nothing more is done."""

    event_id: int = Field(examples=[42])
    duplicate: bool = Field(examples=[False])


def _body(example: object) -> dict[str, object]:
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}, "example": example}},
        }
    }


@router.post(
    "/shopify",
    summary="Take an event of Shopify",
    responses=_RESPONSES,
    openapi_extra=_body({"id": 7894, "admin_graphql_api_id": "gid://shopify/Return/7894"}),
)
async def shopify_webhook(request: Request, services: Deps) -> Taken:
    """For all topics and shops. Signed with the app's client secret over the raw body (`X-Shopify-Hmac-Sha256`)."""
    body = await request.body()
    try:
        received = await receive_shopify(
            services.database,
            services.box,
            body=body,
            headers=request.headers,
            now=services.now(),
        )
    except UnknownSource as error:
        raise Problem(NOT_FOUND, str(error)) from None
    except shopify.InvalidSignature as error:
        raise Problem(BAD_SIGNATURE, str(error)) from None
    except shopify.InvalidHeader as error:
        if error.name == "X-Shopify-Hmac-Sha256":
            raise Problem(BAD_SIGNATURE, str(error)) from None
        raise Problem(MALFORMED_WEBHOOK, str(error)) from None
    return _go_on(services, received)


@router.post(
    "/trading-grid/{tenant}",
    summary="Take an event of Trading Grid",
    responses=_RESPONSES,
    openapi_extra=_body(
        {
            "type": "case.answered",
            "timestamp": "2026-11-02T08:15:30Z",
            "data": {"id": "case-88", "partner_id": "acme-textiles", "version": 3},
        }
    ),
)
async def trading_grid_webhook(tenant: str, request: Request, services: Deps) -> Taken:
    """For one tenant. Signed by Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`)."""
    body = await request.body()
    try:
        received = await receive_trading_grid(
            services.database,
            services.box,
            tenant,
            body=body,
            headers=request.headers,
            now=services.now(),
        )
    except UnknownSource as error:
        raise Problem(NOT_FOUND, str(error)) from None
    except (
        trading_grid.WebhookUnsigned,
        trading_grid.WebhookOutOfTime,
        trading_grid.WebhookForged,
    ) as error:
        raise Problem(BAD_SIGNATURE, str(error)) from None
    except trading_grid.WebhookUnreadable as error:
        raise Problem(MALFORMED_WEBHOOK, str(error)) from None
    except trading_grid.WebhookSecretUnusable:
        # Ours to mend, and not the sender's to know: connect the tenant, and it is sent again.
        raise Problem(BAD_SIGNATURE, "No webhook of this tenant can be verified yet.") from None
    return _go_on(services, received)


def _go_on(services: Services, received: Received) -> Taken:
    if received.created:
        services.background.start(
            services.dispatcher.dispatch(received.event_id), f"dispatch event {received.event_id}"
        )
    return Taken(event_id=received.event_id, duplicate=not received.created)
