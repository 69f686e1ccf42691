"""Addresses of the control calls, and how their bodies and refusals are answered."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from emulators.shopify.control import (
    campaigns,
    disputes,
    fulfillment_orders,
    general,
    inventory,
    orders,
    returns,
)
from emulators.shopify.control.problem import Problem
from emulators.shopify.rules.refusal import Refused

Handler = Callable[[Request], Awaitable[Response]]
B = TypeVar("B", bound=BaseModel)

FULFILLMENT_ORDER = "/shops/{shop}/fulfillment-orders/{id}"


def answering(handler: Handler) -> Handler:
    """Turns what a control call raises into an answer that says what is wrong."""

    @functools.wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except Problem as problem:
            return JSONResponse({"error": str(problem)}, problem.status)
        except ValidationError as error:
            details: Any = error.errors(
                include_url=False, include_context=False, include_input=False
            )
            return JSONResponse({"error": "The body is not valid", "details": details}, 422)
        except Refused as refused:
            errors = [
                {"field": list(e.field) if e.field else None, "message": e.message, "code": e.code}
                for e in refused.errors
            ]
            return JSONResponse({"error": str(refused), "user_errors": errors}, 409)

    return answer


def control_routes() -> list[BaseRoute]:
    """All control calls, relative to ``/_emulator``."""
    table: list[tuple[str, str, Handler]] = [
        ("POST", "/reset", general.reset),
        ("GET", "/state", general.state),
        ("GET", "/calls", general.calls),
        ("GET", "/costs", general.costs),
        ("GET", "/deliveries", general.deliveries),
        ("GET", "/faults", general.faults),
        ("PUT", "/faults", general.set_faults),
        ("PUT", "/webhooks", general.set_webhooks),
        ("PUT", "/limits", general.set_limits),
        ("POST", "/tokens/expire", general.expire_tokens),
        ("POST", "/shops/{shop}", general.create_shop),
        ("POST", "/shops/{shop}/uninstall", general.uninstall),
        ("POST", "/shops/{shop}/locations", general.create_location),
        ("POST", "/shops/{shop}/products", inventory.create_product),
        ("POST", "/shops/{shop}/products/bulk", inventory.create_products),
        ("GET", "/shops/{shop}/inventory-levels", inventory.list_levels),
        ("POST", "/shops/{shop}/inventory-levels", inventory.set_level),
        ("POST", "/shops/{shop}/orders", orders.create),
        ("POST", "/shops/{shop}/orders/{id}/fulfill", orders.fulfill),
        ("POST", "/shops/{shop}/orders/{id}/cancel", orders.cancel),
        ("POST", "/shops/{shop}/orders/{id}/edit", orders.edit),
        ("POST", "/shops/{shop}/orders/{id}/pay", orders.pay),
        ("POST", "/shops/{shop}/orders/{id}/risk", orders.risk),
        ("POST", "/shops/{shop}/collections", campaigns.create_collection),
        ("POST", "/shops/{shop}/collections/{id}/products", campaigns.change_collection),
        ("POST", "/shops/{shop}/metaobjects", campaigns.write_metaobject),
        ("POST", "/shops/{shop}/metaobjects/{id}/delete", campaigns.delete_metaobject),
        ("POST", "/shops/{shop}/files", campaigns.create_file),
        ("POST", "/shops/{shop}/disputes", disputes.create),
        ("POST", "/shops/{shop}/disputes/{id}/decide", disputes.decide),
        ("POST", "/shops/{shop}/disputes/{id}/escalate", disputes.escalate),
        ("POST", "/shops/{shop}/disputes/{id}/due", disputes.due),
        ("POST", "/shops/{shop}/disputes/{id}/evidence", disputes.type_evidence),
        ("POST", "/shops/{shop}/holds", fulfillment_orders.place_holds),
        ("POST", f"{FULFILLMENT_ORDER}/hold", fulfillment_orders.hold),
        ("POST", f"{FULFILLMENT_ORDER}/release", fulfillment_orders.release),
        ("POST", f"{FULFILLMENT_ORDER}/move", fulfillment_orders.move),
        ("POST", f"{FULFILLMENT_ORDER}/split", fulfillment_orders.split),
        ("POST", f"{FULFILLMENT_ORDER}/merge", fulfillment_orders.merge),
        ("POST", f"{FULFILLMENT_ORDER}/submit", fulfillment_orders.submit),
        ("POST", f"{FULFILLMENT_ORDER}/accept", fulfillment_orders.accept),
        ("POST", f"{FULFILLMENT_ORDER}/reject-request", fulfillment_orders.reject_request),
        ("POST", f"{FULFILLMENT_ORDER}/fail-to-complete", fulfillment_orders.fail_to_complete),
        (
            "POST",
            f"{FULFILLMENT_ORDER}/reject-cancellation",
            fulfillment_orders.reject_cancellation,
        ),
        ("POST", f"{FULFILLMENT_ORDER}/unsplittable", fulfillment_orders.unsplittable),
        ("POST", "/shops/{shop}/returns", returns.create),
        ("POST", "/shops/{shop}/returns/{id}/approve", returns.approve),
        ("POST", "/shops/{shop}/returns/{id}/decline", returns.decline),
        ("POST", "/shops/{shop}/returns/{id}/close", returns.close),
        ("POST", "/shops/{shop}/returns/{id}/reopen", returns.reopen),
        ("POST", "/shops/{shop}/returns/{id}/cancel", returns.cancel),
        ("POST", "/shops/{shop}/returns/{id}/remove-line", returns.remove_line),
        ("POST", "/shops/{shop}/returns/{id}/process", returns.process),
    ]
    return [Route(path, answering(handler), methods=[verb]) for verb, path, handler in table]
