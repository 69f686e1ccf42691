"""Reads what Shopify answers: data, cost, or a typed error. No I/O."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from clients.shopify.errors import (
    ShopifyError,
    ShopifyRefused,
    ShopifyReplyUnreadable,
    ShopifyThrottled,
    ShopifyUnauthorized,
    ShopifyUnavailable,
    ShopifyUserErrors,
    ShopInactive,
    UserError,
)

# Seconds to wait when Shopify throttles without saying for how long.
DEFAULT_RETRY_AFTER = 2.0
# Shorter waits only spend requests: the bucket fills continuously.
SHORTEST_RETRY_AFTER = 0.1

_TRANSIENT_CODES = {
    "INTERNAL_SERVER_ERROR",
    "TIMEOUT",
    # The same idempotency key is being worked on: the same call succeeds a moment later.
    "IDEMPOTENCY_CONCURRENT_REQUEST",
}
# Payment required: the shop is frozen. Locked: the shop is locked.
_INACTIVE_STATUSES = {402, 423}


@dataclass(frozen=True)
class Call:
    """Which call an answer belongs to; what errors carry."""

    shop: str
    operation: str


@dataclass(frozen=True)
class QueryCost:
    """Points. `actual` is None when Shopify did not execute the query."""

    requested: int
    actual: int | None
    maximum_available: float
    currently_available: float
    restore_rate: float

    @property
    def seconds_until_affordable(self) -> float:
        missing = self.requested - self.currently_available
        if missing <= 0 or self.restore_rate <= 0:
            return SHORTEST_RETRY_AFTER if missing <= 0 else DEFAULT_RETRY_AFTER
        return max(missing / self.restore_rate, SHORTEST_RETRY_AFTER)


def request_id(response: httpx.Response) -> str | None:
    """Shopify's id of the request, from `X-Request-Id`."""
    value: str | None = response.headers.get("x-request-id")
    return value


def retry_after(response: httpx.Response) -> float | None:
    """Seconds from `Retry-After`, given as seconds or as a date; None if absent or unreadable."""
    value = response.headers.get("retry-after")
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return max(seconds, SHORTEST_RETRY_AFTER) if math.isfinite(seconds) else None


def check_status(call: Call, response: httpx.Response) -> None:
    """Raises the error that a status other than 2xx means."""
    status = response.status_code
    if 200 <= status < 300:
        return
    message = _refusal(response)
    context: dict[str, Any] = {
        "shop": call.shop,
        "operation": call.operation,
        "request_id": request_id(response),
        "status": status,
    }
    wait = retry_after(response)
    if status == 429:
        raise ShopifyThrottled(message, retry_after=wait or DEFAULT_RETRY_AFTER, **context)
    if status >= 500 or status == 408:
        raise ShopifyUnavailable(message, retry_after=wait, **context)
    if status == 401:
        raise ShopifyUnauthorized(message, **context)
    if status in _INACTIVE_STATUSES:
        raise ShopInactive(message, **context)
    raise ShopifyRefused(message, **context)


def read_body(call: Call, response: httpx.Response) -> dict[str, Any]:
    """The JSON object of a GraphQL answer; ShopifyUnavailable for a page that some proxy sent."""
    try:
        body = response.json()
    except ValueError as error:
        raise ShopifyUnavailable(
            f"answer is not JSON but {response.headers.get('content-type', 'of no type')}",
            shop=call.shop,
            operation=call.operation,
            request_id=request_id(response),
            status=response.status_code,
        ) from error
    if not isinstance(body, dict) or not ("data" in body or "errors" in body):
        raise unreadable(call, response, "the answer has neither data nor errors")
    return body


def read_cost(body: Mapping[str, Any]) -> QueryCost | None:
    """`extensions.cost`, or None where it is missing or incomplete."""
    extensions = body.get("extensions")
    cost = extensions.get("cost") if isinstance(extensions, dict) else None
    if not isinstance(cost, dict):
        return None
    status: Any = cost.get("throttleStatus")
    try:
        actual = cost.get("actualQueryCost")
        return QueryCost(
            requested=math.ceil(cost["requestedQueryCost"]),
            actual=None if actual is None else math.ceil(actual),
            maximum_available=float(status["maximumAvailable"]),
            currently_available=float(status["currentlyAvailable"]),
            restore_rate=float(status["restoreRate"]),
        )
    except (KeyError, TypeError, ValueError):
        return None


def check_errors(
    call: Call, response: httpx.Response, body: Mapping[str, Any], cost: QueryCost | None
) -> None:
    """Raises what GraphQL `errors` mean. Data that came beside errors is not used: it has holes."""
    errors = body.get("errors")
    if not errors:
        return
    found = _graphql_errors(errors)
    codes = [code for _, code in found if code]
    context: dict[str, Any] = {
        "shop": call.shop,
        "operation": call.operation,
        "request_id": request_id(response),
        "status": response.status_code,
    }
    message = "; ".join(text for text, _ in found)
    if "THROTTLED" in codes:
        wait = retry_after(response) or (
            cost.seconds_until_affordable if cost else DEFAULT_RETRY_AFTER
        )
        raise ShopifyThrottled(message, retry_after=wait, code="THROTTLED", **context)
    if "SHOP_INACTIVE" in codes:
        raise ShopInactive(message, code="SHOP_INACTIVE", **context)
    if found and all(code in _TRANSIENT_CODES for _, code in found):
        raise ShopifyUnavailable(message, code=codes[0], **context)
    permanent = [code for code in codes if code not in _TRANSIENT_CODES]
    raise ShopifyRefused(message, code=permanent[0] if permanent else None, **context)


def check_user_errors(call: Call, response: httpx.Response, data: Mapping[str, Any]) -> None:
    """Raises ShopifyUserErrors if a mutation's payload has any."""
    errors = [
        _user_error(error)
        for payload in data.values()
        if isinstance(payload, dict)
        for error in payload.get("userErrors") or ()
    ]
    if not errors:
        return
    context: dict[str, Any] = {
        "shop": call.shop,
        "operation": call.operation,
        "request_id": request_id(response),
        "status": response.status_code,
    }
    if all(error.code in _TRANSIENT_CODES for error in errors):
        raise ShopifyUnavailable(str(errors[0]), code=errors[0].code, **context)
    raise ShopifyUserErrors(errors, **context)


def unreadable(call: Call, response: httpx.Response, message: str) -> ShopifyError:
    return ShopifyReplyUnreadable(
        message,
        shop=call.shop,
        operation=call.operation,
        request_id=request_id(response),
        status=response.status_code,
    )


def _refusal(response: httpx.Response) -> str:
    """The status, and what Shopify says to it where it says so in JSON."""
    status = f"HTTP {response.status_code}"
    try:
        body = response.json()
    except ValueError:
        return status
    errors = body.get("errors") if isinstance(body, dict) else None
    if not errors:
        return status
    told = "; ".join(message for message, _ in _graphql_errors(errors))
    return f"{status}: {told[:300]}"


def _graphql_errors(errors: object) -> list[tuple[str, str | None]]:
    """Message and code of each; `errors` is a bare text in some of Shopify's refusals."""
    if not isinstance(errors, list):
        return [(str(errors), None)]
    found: list[tuple[str, str | None]] = []
    for error in errors:
        if isinstance(error, dict):
            extensions = error.get("extensions")
            code = extensions.get("code") if isinstance(extensions, dict) else None
            found.append((str(error.get("message", "")), None if code is None else str(code)))
        else:
            found.append((str(error), None))
    return found


def _user_error(error: Mapping[str, Any]) -> UserError:
    field: Sequence[str] = error.get("field") or ()
    code = error.get("code")
    return UserError(
        message=str(error.get("message", "")),
        field=tuple(str(part) for part in field),
        code=None if code is None else str(code),
        element_index=error.get("elementIndex"),
    )
