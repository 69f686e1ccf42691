"""The OpenAPI document: who may call what, and the problems every route may answer with."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from api.access import Needs, is_public
from api.errors import (
    BAD_REQUEST,
    BUSY,
    FORBIDDEN,
    INTERNAL,
    INVALID,
    TOO_LARGE,
    UNAUTHENTICATED,
    FieldError,
    ProblemDetails,
    ProblemType,
    documented,
)

DESCRIPTION = """Cases between Shopify merchants and their trading partners on OpenText Trading Grid.

**Keys.** Send yours as `Authorization: Bearer gck_...`; its scope is `read`, `operate` or `admin`, each including those
before it. People log in at `/login` and use a cookie; what they change must come from a page of this site.

**Errors** are RFC 9457 problem details. Branch on `type`, `urn:gridcase:problem:<slug>`: slugs never change their meaning.

**Repeats.** What opens a case or tells it something needs an `Idempotency-Key`; send it again under the same key as often
as you like. **Edits** need `If-Match` with the version you read. **Lists** come by pages: follow `next_cursor`.
"""
TAGS = [
    {"name": "cases", "description": "What is open, what became of it, and its history."},
    {"name": "operators", "description": "What an operator can tell a case."},
    {"name": "return claims", "description": "Opening a claim."},
    {"name": "order exceptions", "description": "Opening one for an order that is late or short."},
    {"name": "purchase orders", "description": "Sending what an order or a location needs."},
    {"name": "inventory feeds", "description": "Opening one, and what stands in it."},
    {"name": "campaigns", "description": "Planning a campaign, and how ready its products are."},
    {"name": "disputes", "description": "Taking one up that came by no event."},
    {"name": "documents", "description": "Papers of a case."},
    {"name": "inbox", "description": "Events that came in, and what became of them."},
    {
        "name": "administration",
        "description": "Tenants, shops, partners, routes, terms, switches, keys.",
    },
    {"name": "webhooks", "description": "For Shopify and Trading Grid; signed, without a key."},
    {"name": "codec", "description": "For the Temporal UI."},
    {"name": "health", "description": "For whoever runs this."},
]
_METHODS = {"get", "put", "post", "delete", "patch"}


def scopes_needed(dependant: Dependant) -> Iterator[Needs]:
    """Every scope a route asks for."""
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Needs):
            yield dependency.call
        yield from scopes_needed(dependency)


def api_routes(routers: Sequence[APIRouter]) -> list[APIRoute]:
    return [route for router in routers for route in router.routes if isinstance(route, APIRoute)]


def install(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Give the app its document, made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, routers)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI, routers: Sequence[APIRouter]) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        tags=TAGS,
    )
    schemas = document["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    details = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    details.pop("$defs", None)
    schemas["ProblemDetails"] = details
    schemas["FieldError"] = FieldError.model_json_schema()
    document["components"]["securitySchemes"] = {
        "apiKey": {"type": "http", "scheme": "bearer", "bearerFormat": "gck_..."},
        "session": {"type": "apiKey", "in": "cookie", "name": "gridcase_session"},
    }
    needed = {
        (route.path_format, method.lower()): [need.scope for need in scopes_needed(route.dependant)]
        for route in api_routes(routers)
        for method in route.methods or ()
    }
    for path, item in document["paths"].items():
        for method in _METHODS & item.keys():
            _complete(item[method], path, needed.get((path, method), []))
    return document


def _complete(operation: dict[str, Any], path: str, scopes: Sequence[str]) -> None:
    common: list[ProblemType] = [BAD_REQUEST, INTERNAL, BUSY]
    if is_public(path):
        operation["security"] = []
    else:
        operation["security"] = [{"apiKey": []}, {"session": []}]
        common += [UNAUTHENTICATED, FORBIDDEN]
        scope = next(iter(scopes), "read")
        words = operation.get("description", "")
        operation["description"] = f"{words}\n\nScope: `{scope}`.".strip()
        operation["x-scope"] = scope
    if "requestBody" in operation:
        common.append(TOO_LARGE)
    responses = operation["responses"]
    takes_input = "422" in responses
    responses.pop("422", None) if _is_fastapis(responses.get("422")) else None
    if takes_input:
        common.append(INVALID)
    for status, described in documented(*common).items():
        responses.setdefault(str(status), described)
    operation["responses"] = dict(sorted(responses.items()))


def _is_fastapis(response: Any) -> bool:
    content = (response or {}).get("content", {}).get("application/json", {})
    return bool(content.get("schema", {}).get("$ref", "").endswith("HTTPValidationError"))
