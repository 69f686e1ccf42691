"""Reading what Trading Grid answers: bodies, HAL links, errors."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx
from pydantic import ValidationError

from clients.trading_grid.errors import (
    Conflict,
    ContractMismatch,
    Forbidden,
    ForeignLink,
    Gone,
    MalformedAnswer,
    NotFound,
    PreconditionFailed,
    StillRunning,
    TooLarge,
    TradingGridError,
    TradingGridRefused,
    TradingGridThrottled,
    TradingGridUnavailable,
    Unauthorized,
    Unprocessable,
)
from clients.trading_grid.port.common import Received

Body = dict[str, Any]
M = TypeVar("M", bound=Received)

_BY_STATUS: Mapping[int, type[TradingGridError]] = {
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    408: TradingGridUnavailable,
    410: Gone,
    412: PreconditionFailed,
    413: TooLarge,
    422: Unprocessable,
    425: TradingGridUnavailable,
    428: PreconditionFailed,
    429: TradingGridThrottled,
}
_REQUEST_ID_HEADERS = ("x-request-id", "x-correlation-id")
_LONGEST_WAIT = timedelta(days=1)
_LONGEST_TEXT = 500


def request_id(response: httpx.Response) -> str | None:
    for name in _REQUEST_ID_HEADERS:
        if value := response.headers.get(name):
            return str(value)
    return None


def json_object(response: httpx.Response) -> Body:
    """The body as a JSON object.

    Raises MalformedAnswer where it is not JSON, ContractMismatch where it is no object.
    """
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        raise MalformedAnswer(
            f"{_where(response)}: the body is not JSON",
            status=response.status_code,
            request_id=request_id(response),
        ) from None
    if not isinstance(body, dict):
        raise ContractMismatch(
            f"{_where(response)}: the body is not a JSON object",
            status=response.status_code,
            request_id=request_id(response),
        )
    return body


def parsed(kind: type[M], body: object, response: httpx.Response) -> M:
    """The body as a model. The error names the fields, never their values."""
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        raise ContractMismatch(
            f"{_where(response)}: not a {kind.__name__}: {places(error)}",
            status=response.status_code,
            request_id=request_id(response),
        ) from None


def places(error: ValidationError, *within: str | int) -> str:
    """The fields that are wrong and why, in words, without their values."""
    return "; ".join(
        f"{'.'.join(map(str, (*within, *problem['loc']))) or 'body'}: {problem['msg']}"
        for problem in error.errors(include_input=False, include_url=False)[:10]
    )


def collection(body: Body, response: httpx.Response) -> list[Body]:
    """The items of one HAL page."""
    embedded = body.get("_embedded")
    items = embedded.get("collection") if isinstance(embedded, dict) else None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ContractMismatch(
            f"{_where(response)}: no _embedded.collection of objects",
            status=response.status_code,
            request_id=request_id(response),
        )
    return items


def link(body: Mapping[str, Any], relation: str) -> str | None:
    """The address under a HAL relation, which may hold one link or several."""
    links = body.get("_links")
    found = links.get(relation) if isinstance(links, dict) else None
    if isinstance(found, list):
        found = found[0] if found else None
    href = found.get("href") if isinstance(found, dict) else None
    return href if isinstance(href, str) and href else None


def own_link(href: str, base: httpx.URL) -> httpx.URL:
    """A link resolved against the base address; our token never goes to another origin."""
    try:
        url = base.join(href)
    except httpx.InvalidURL:
        raise ForeignLink("a link is not an address") from None
    if _origin(url) != _origin(base) or url.userinfo:
        raise ForeignLink(f"a link leads to {url.scheme}://{url.host}, not to {base.host}")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def retry_after(response: httpx.Response, *, now: datetime | None = None) -> timedelta | None:
    """Retry-After, in seconds or as a date; at most a day, None where it says nothing usable."""
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        # Nine digits are past any wait, and a longer number would overflow a timedelta.
        return min(timedelta(seconds=int(value[:9])), _LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max(at - (now or datetime.now(UTC)), timedelta()), _LONGEST_WAIT)


def error_of(response: httpx.Response, base: httpx.URL) -> TradingGridError:
    """The typed error for an answer that is not 2xx; its body has been read."""
    body = _error_body(response)
    status = response.status_code
    wait = retry_after(response)
    details = body.get("details")
    code = body.get("errorCode")
    facts: dict[str, Any] = {
        "status": status,
        "error_code": str(code) if code is not None else None,
        "request_id": request_id(response),
        "retry_after": wait,
        "details": details
        if isinstance(details, dict)
        else {"details": details}
        if details
        else {},
    }
    reason = str(body.get("message") or body.get("error") or response.reason_phrase)
    message = f"{_where(response)}: {reason[:_LONGEST_TEXT]}"
    if status == 409:
        existing = link(body, "existing")
        if existing is not None:
            return Conflict(message, existing=str(own_link(existing, base)), **facts)
        return StillRunning(message, **facts) if wait is not None else Conflict(message, **facts)
    if 300 <= status < 400:
        return TradingGridRefused(f"{message} (redirects are not followed)", **facts)
    kind = _BY_STATUS.get(status)
    if kind is None:
        kind = TradingGridUnavailable if status in {500, 502, 503, 504} else TradingGridRefused
    return kind(message, **facts)


def _error_body(response: httpx.Response) -> Body:
    """Gateways answer errors in HTML; the status then says enough."""
    try:
        body = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _where(response: httpx.Response) -> str:
    return f"{response.request.method} {response.request.url.path}"
