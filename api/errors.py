"""Errors as RFC 9457 problem details; the one place where an error of a lower layer becomes an answer.

`type` is `urn:gridcase:problem:<slug>`. The slugs are `PROBLEMS`: they are part of the API and never change their meaning.
A detail says what is wrong with the request; nothing internal is in a 500.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from starlette.exceptions import HTTPException as StarletteHTTPException
from temporalio.client import RPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from clients.documents import DocumentStoreUnavailable, DocumentTooLarge, TypeNotAllowed
from clients.shopify.errors import ShopifyError, ShopifyThrottled, ShopifyUnavailable
from clients.trading_grid.errors import TradingGridError
from domain.csv_rows import CsvTooLarge
from intake.connections import NotConfigured
from intake.policies import PolicyInvalid
from intake.preview import AmbiguousOrder, OrderNotFound
from persistence import errors as persistence

_log = structlog.get_logger(__name__)

URN = "urn:gridcase:problem:"
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class ProblemType:
    """A kind of problem: its stable slug, its status, its title."""

    slug: str
    status: int
    title: str

    @property
    def urn(self) -> str:
        return URN + self.slug


BAD_REQUEST = ProblemType("bad-request", 400, "The request can't be read")
MALFORMED_WEBHOOK = ProblemType(
    "malformed-webhook", 400, "A webhook header is missing or malformed"
)
UNAUTHENTICATED = ProblemType("unauthenticated", 401, "An API key or a session is needed")
BAD_SIGNATURE = ProblemType("bad-signature", 401, "The webhook's signature does not hold")
FORBIDDEN = ProblemType("forbidden", 403, "The key's scope does not allow this")
CROSS_SITE = ProblemType(
    "cross-site", 403, "A request from another site is not accepted with a cookie"
)
NOT_FOUND = ProblemType("not-found", 404, "There is no such thing")
METHOD_NOT_ALLOWED = ProblemType("method-not-allowed", 405, "This method is not allowed here")
ALREADY_EXISTS = ProblemType("already-exists", 409, "It exists already")
CONFLICT = ProblemType("conflict", 409, "The present state does not allow this")
ALREADY_DECIDED = ProblemType("already-decided", 409, "The case is already decided")
CASE_CLOSED = ProblemType("case-closed", 409, "The case is closed")
CASE_NOT_RUNNING = ProblemType(
    "case-not-running", 409, "Temporal does not run this case at present"
)
NOT_NOW = ProblemType("not-now", 409, "The case is not at a point where this can be done")
REQUEST_RUNNING = ProblemType(
    "request-running", 409, "The first request under this key is still at work"
)
NOT_CONFIGURED = ProblemType("not-configured", 409, "A shop or tenant is not set up for this")
REFUSED_OUTSIDE = ProblemType("refused-outside", 409, "Shopify or Trading Grid refuses this")
BODY_PURGED = ProblemType("body-purged", 410, "The body is past its retention")
DOCUMENT_GONE = ProblemType(
    "document-gone", 410, "The document's bytes are not in the store any more"
)
STALE_VERSION = ProblemType("stale-version", 412, "Someone else has changed it since you read it")
TOO_LARGE = ProblemType("too-large", 413, "The body is too large")
UNSUPPORTED_TYPE = ProblemType("unsupported-type", 415, "This kind of content is not accepted")
INVALID = ProblemType("invalid", 422, "The request is not valid")
KEY_REUSED = ProblemType("idempotency-key-reused", 422, "The key was used with another request")
UNKNOWN_PARTNER = ProblemType("unknown-partner", 422, "The partner is not asked in this case")
INVALID_COMMAND = ProblemType("invalid-command", 422, "The case refuses this command")
PRECONDITION_REQUIRED = ProblemType("precondition-required", 428, "If-Match is needed")
INTERNAL = ProblemType("internal", 500, "Something went wrong here")
UNAVAILABLE_OUTSIDE = ProblemType(
    "unavailable-outside", 503, "Shopify or Trading Grid does not answer"
)
TEMPORAL_UNAVAILABLE = ProblemType("temporal-unavailable", 503, "Temporal does not answer")
BUSY = ProblemType("busy", 503, "The database is busy")
STORE_UNAVAILABLE = ProblemType("store-unavailable", 503, "The document store does not answer")

PROBLEMS: Mapping[str, ProblemType] = {
    value.slug: value for value in list(globals().values()) if isinstance(value, ProblemType)
}
"""Every slug an answer may carry."""

_BY_STATUS = {400: BAD_REQUEST, 401: UNAUTHENTICATED, 403: FORBIDDEN, 404: NOT_FOUND}
_BY_STATUS |= {405: METHOD_NOT_ALLOWED, 413: TOO_LARGE, 415: UNSUPPORTED_TYPE, 422: INVALID}


class FieldError(BaseModel):
    """What is wrong with one field; `field` is its path, as `body.lines.0.quantity`."""

    field: str
    message: str


class ProblemDetails(BaseModel):
    """RFC 9457. `request_id` is also in the `X-Request-Id` header and in our log."""

    type: str = Field(examples=[NOT_FOUND.urn])
    title: str = Field(examples=[NOT_FOUND.title])
    status: int = Field(examples=[404])
    detail: str = Field(default="", examples=["no case 'return-claim:acme:1'"])
    instance: str = Field(default="", examples=["/cases/return-claim:acme:1"])
    request_id: str = Field(default="", examples=["0b1f6f2c8f6e4f4d"])
    errors: list[FieldError] = Field(default_factory=list)


class Problem(HTTPException):
    """An answer that is a problem. An HTTPException, so that it passes through FastAPI's reading of bodies."""

    def __init__(
        self,
        type_: ProblemType,
        detail: str = "",
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(type_.status, detail, dict(headers or {}))
        self.type = type_
        self.errors = tuple(errors)

    def details(self, *, instance: str = "", request_id: str = "") -> ProblemDetails:
        return ProblemDetails(
            type=self.type.urn,
            title=self.type.title,
            status=self.type.status,
            detail=str(self.detail),
            instance=instance,
            request_id=request_id,
            errors=list(self.errors),
        )


def problem_response(problem: Problem, *, instance: str = "", request_id: str = "") -> Response:
    """The answer."""
    content = problem.details(instance=instance, request_id=request_id)
    exclude = None if content.errors else {"errors"}
    return JSONResponse(
        content.model_dump(mode="json", exclude=exclude),
        status_code=problem.status_code,
        headers=problem.headers,
        media_type=MEDIA_TYPE,
    )


def field_errors(errors: Sequence[Any], prefix: str = "") -> list[FieldError]:
    """Pydantic's errors, one a field, without the values that were given."""
    found = []
    for error in errors:
        path = ".".join(part for part in (prefix, *map(str, error["loc"])) if part)
        found.append(FieldError(field=path, message=_plain(error["msg"])))
    return found


def invalid(detail: str, *fields: FieldError) -> Problem:
    """422 for what a request says."""
    return Problem(INVALID, detail, errors=fields)


def from_exception(error: Exception) -> Problem:
    """The answer to an error of any layer; what is not known here is a 500 that tells nothing."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            fields = field_errors(error.errors())
            return Problem(INVALID, _summary(fields), errors=fields)
        case StarletteHTTPException():
            type_ = _BY_STATUS.get(
                error.status_code, INTERNAL if error.status_code >= 500 else BAD_REQUEST
            )
            phrase = HTTPStatus(error.status_code).phrase
            detail = "" if error.detail == phrase else str(error.detail)
            return Problem(type_, detail, headers=error.headers)
        case persistence.PersistenceError():
            return _persistence(error)
        case DocumentTooLarge():
            return Problem(TOO_LARGE, str(error))
        case TypeNotAllowed():
            return Problem(UNSUPPORTED_TYPE, str(error))
        case DocumentStoreUnavailable():
            return Problem(STORE_UNAVAILABLE, headers={"Retry-After": "5"})
        case CsvTooLarge():
            return Problem(TOO_LARGE, str(error))
        case OrderNotFound():
            return Problem(NOT_FOUND, str(error))
        case AmbiguousOrder():
            return Problem(CONFLICT, str(error))
        case NotConfigured() | PolicyInvalid():
            return Problem(NOT_CONFIGURED, str(error))
        case ShopifyError() | TradingGridError():
            return _outside(error)
        case RPCError():
            return _temporal(error)
        case RPCTimeoutOrCancelledError():
            return temporal_unavailable()
        case IntegrityError():
            # The database's text names columns and values; which reference is missing stays in the log.
            _log.info("api.integrity_refused", error=str(error.orig))
            return Problem(
                CONFLICT, "It names something that is not here, or that something else needs."
            )
        case DataError():
            _log.info("api.value_refused", error=str(error.orig))
            return Problem(INVALID, "A value is out of the range that can be stored.")
        case OperationalError():
            _log.error("api.database_failed", exc_info=error)
            return Problem(BUSY, headers={"Retry-After": "2"})
        case _:
            return Problem(INTERNAL, "It is logged under the request id.")


def _persistence(error: persistence.PersistenceError) -> Problem:
    match error:
        case persistence.NotFoundError():
            return Problem(NOT_FOUND, str(error))
        case persistence.AlreadyExistsError():
            return Problem(ALREADY_EXISTS, str(error))
        case persistence.StaleVersionError():
            return Problem(STALE_VERSION, str(error))
        case persistence.IdempotencyMismatchError():
            return Problem(KEY_REUSED, str(error))
        case persistence.BodyPurgedError():
            return Problem(BODY_PURGED, str(error))
        case persistence.ConflictError():
            return Problem(CONFLICT, str(error))
        case persistence.BadValueError() | persistence.BadCursorError():
            return Problem(INVALID, str(error))
        case persistence.DatabaseBusyError():
            return Problem(BUSY, headers={"Retry-After": "2"})
        case _:
            # Keys and the schema are ours to mend.
            _log.error("api.persistence_failed", exc_info=error)
            return Problem(INTERNAL, "It is logged under the request id.")


def _outside(error: ShopifyError | TradingGridError) -> Problem:
    waits = isinstance(error, ShopifyUnavailable | ShopifyThrottled) or (
        isinstance(error, TradingGridError) and error.retryable
    )
    _log.warning("api.outside_failed", error=str(error), waits=waits)
    if waits:
        return Problem(UNAVAILABLE_OUTSIDE, str(error), headers={"Retry-After": "10"})
    return Problem(REFUSED_OUTSIDE, str(error))


def _temporal(error: RPCError) -> Problem:
    if error.status is RPCStatusCode.NOT_FOUND:
        return Problem(CASE_NOT_RUNNING, "Temporal does not know this case.")
    _log.warning("api.temporal_failed", status=error.status.name, error=error.message)
    return temporal_unavailable()


def temporal_unavailable(detail: str = "") -> Problem:
    return Problem(TEMPORAL_UNAVAILABLE, detail or "Try again later.", headers={"Retry-After": "5"})


def install(app: FastAPI) -> None:
    """Answer every error with a problem; what is not foreseen is caught by the request middleware."""
    handled: tuple[type[Exception], ...] = (
        StarletteHTTPException,
        RequestValidationError,
        persistence.PersistenceError,
        DocumentTooLarge,
        TypeNotAllowed,
        DocumentStoreUnavailable,
        CsvTooLarge,
        OrderNotFound,
        AmbiguousOrder,
        NotConfigured,
        PolicyInvalid,
        DataError,
        ShopifyError,
        TradingGridError,
        RPCError,
        RPCTimeoutOrCancelledError,
        IntegrityError,
        OperationalError,
    )
    for kind in handled:
        app.add_exception_handler(kind, _handler())


def _handler() -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handle(request: Request, error: Exception) -> Response:
        return problem_response(
            from_exception(error),
            instance=request.url.path,
            request_id=getattr(request.state, "request_id", ""),
        )

    return handle


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def _summary(fields: Sequence[FieldError]) -> str:
    if not fields:
        return ""
    more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
    return f"{fields[0].field}: {fields[0].message}{more}"


def documented(*types: ProblemType) -> dict[int | str, dict[str, Any]]:
    """OpenAPI responses of these problems, by status, with their slugs."""
    by_status: dict[int, list[ProblemType]] = {}
    for type_ in types:
        by_status.setdefault(type_.status, []).append(type_)
    return {
        status: {
            "description": "; ".join(f"{type_.title} (`{type_.slug}`)" for type_ in kinds),
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/ProblemDetails"},
                    "examples": {
                        type_.slug: {
                            "value": {
                                "type": type_.urn,
                                "title": type_.title,
                                "status": type_.status,
                                "detail": "",
                                "instance": "/...",
                                "request_id": "0b1f6f2c8f6e4f4d",
                            }
                        }
                        for type_ in kinds
                    },
                }
            },
        }
        for status, kinds in sorted(by_status.items())
    }
