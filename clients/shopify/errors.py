"""What can go wrong when calling Shopify.

    ShopifyError
    ├── ShopifyUnavailable         no usable answer, later it may work: connection, timeout, 5xx,
    │                              INTERNAL_SERVER_ERROR, TIMEOUT; `retry_after` if Shopify said so
    ├── ShopifyThrottled           too much for now; `retry_after` seconds says when
    └── ShopifyRefused             a repeat of the same call changes nothing: ACCESS_DENIED, an invalid
        │                          query, MAX_COST_EXCEEDED, other 4xx
        ├── ShopifyUserErrors      the mutation was understood and not done; `errors` says why
        ├── ShopifyUnauthorized    wrong or revoked credentials; the app is not installed
        ├── ShopInactive           the shop is frozen, locked or closed
        ├── ShopifyIncomplete      there is more of something than we read
        └── ShopifyReplyUnreadable an answer of a shape that we do not know; a mutation may be done

Each carries the shop, the operation, Shopify's request id (to quote to Shopify's support) and the code,
where there is one. Branch on class and code, never on the message.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class ShopifyError(Exception):
    """Any failure of a call to Shopify's Admin API."""

    def __init__(
        self,
        message: str,
        *,
        shop: str,
        operation: str,
        request_id: str | None = None,
        code: str | None = None,
        status: int | None = None,
    ) -> None:
        self.message = message
        self.shop = shop
        self.operation = operation
        self.request_id = request_id
        self.code = code
        self.status = status
        super().__init__(message)

    def __str__(self) -> str:
        known = {"code": self.code, "status": self.status, "request id": self.request_id}
        details = ", ".join(f"{name} {value}" for name, value in known.items() if value)
        where = f"{self.operation} at {self.shop}: {self.message}"
        return f"{where} ({details})" if details else where


class ShopifyUnavailable(ShopifyError):
    """No usable answer. A write that was sent may have been done: read before repeating it."""

    def __init__(self, message: str, *, retry_after: float | None = None, **context: Any) -> None:
        self.retry_after = retry_after
        super().__init__(message, **context)


class ShopifyThrottled(ShopifyError):
    """Nothing was done. `retry_after` is in seconds, always above zero."""

    def __init__(self, message: str, *, retry_after: float, **context: Any) -> None:
        self.retry_after = retry_after
        super().__init__(message, **context)


class ShopifyRefused(ShopifyError):
    """A repeat of the same call changes nothing."""


class ShopifyUnauthorized(ShopifyRefused):
    """Shopify does not accept these credentials, also after a renewal of the token."""


class ShopInactive(ShopifyRefused):
    """The shop can't be reached by any app: frozen, locked or closed."""


class ShopifyIncomplete(ShopifyRefused):
    """An object that can't be read whole: to go on with a part of it would be wrong."""


class ShopifyReplyUnreadable(ShopifyRefused):
    """The answer does not have the shape of the API version we speak. A mutation may have been done."""


@dataclass(frozen=True)
class UserError:
    """One reason why a mutation was not done.

    `code` is None where Shopify's type has none (tags, refunds, webhook subscriptions); `element_index`
    points into a list input, where Shopify says so.
    """

    message: str
    field: tuple[str, ...] = ()
    code: str | None = None
    element_index: int | None = None

    def __str__(self) -> str:
        where = ".".join(self.field)
        return f"{where}: {self.message}" if where else self.message


class ShopifyUserErrors(ShopifyRefused):
    """Shopify understood the mutation and did not do it. `code` is that of the first error."""

    def __init__(self, errors: Sequence[UserError], **context: Any) -> None:
        self.errors = tuple(errors)
        context.setdefault("code", next((e.code for e in self.errors if e.code), None))
        super().__init__("; ".join(str(error) for error in self.errors), **context)

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(error.code for error in self.errors if error.code)
