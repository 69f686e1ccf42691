"""What a call to Trading Grid can end in.

    TradingGridError
    ├── TradingGridUnavailable      a repeat may work: no connection, time-out, 408, 425, 5xx
    │   ├── TradingGridThrottled    429
    │   ├── StillRunning            409 with Retry-After: the first call under this key goes on
    │   └── MalformedAnswer         a body that was cut, is not JSON, or fails its own checksum
    └── TradingGridRefused          a repeat changes nothing: 400, 405, 415 and the rest of 4xx, 3xx
        ├── Unauthorized            credentials refused, or 401 again with a fresh token
        ├── Forbidden               403
        ├── NotFound                404
        ├── Gone                    410: also an event position older than the feed keeps
        ├── Conflict                409; `existing` is the address of what is there already
        ├── PreconditionFailed      412, 428: read the object again, then decide
        ├── TooLarge                413, or more bytes than we agreed to take
        ├── Unprocessable           422: also an idempotency key that came with another body before
        ├── ForeignLink             a link that leads away from the connection's own origin
        └── ContractMismatch        well-formed JSON that is not what the contract says

`MalformedAnswer` is retryable and `ContractMismatch` is not: a gateway's HTML page or a cut body is
gone at the next attempt, and reads and keyed writes may be repeated; a field of another type stays
what it is, and must reach a person at once instead of being retried for hours.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar


class TradingGridError(Exception):
    """A call to Trading Grid that did not do what it was asked.

    `request_id` is Trading Grid's own, for its support; `error_code` is the body's `errorCode`.
    """

    retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        error_code: str | None = None,
        request_id: str | None = None,
        retry_after: timedelta | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.error_code = error_code
        self.request_id = request_id
        self.retry_after = retry_after
        self.details = dict(details or {})

    def __str__(self) -> str:
        facts = (
            ("status", self.status),
            ("code", self.error_code),
            ("request", self.request_id),
        )
        known = ", ".join(f"{name} {value}" for name, value in facts if value is not None)
        return f"{self.message} ({known})" if known else self.message


class TradingGridUnavailable(TradingGridError):
    """A repeat of the same call may work."""

    retryable = True


class TradingGridThrottled(TradingGridUnavailable):
    """Too many calls; `retry_after` says when, where Trading Grid told us."""


class StillRunning(TradingGridUnavailable):
    """The first call under this idempotency key has not finished."""


class MalformedAnswer(TradingGridUnavailable):
    """The answer was cut, is not JSON, or its bytes do not match their own size or hash."""


class TradingGridRefused(TradingGridError):
    """A repeat of the same call changes nothing."""


class Unauthorized(TradingGridRefused):
    """The credentials are refused, or a fresh token is."""


class Forbidden(TradingGridRefused):
    """The credentials do not allow this."""


class NotFound(TradingGridRefused):
    """No such object."""


class Gone(TradingGridRefused):
    """The object was there and is not any more."""


class Conflict(TradingGridRefused):
    """The object's state, or a unique key, stands against it.

    `existing` is the address of the object that already holds the external reference, on
    Trading Grid's own origin, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        existing: str | None = None,
        status: int | None = None,
        error_code: str | None = None,
        request_id: str | None = None,
        retry_after: timedelta | None = None,
        details: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(
            message,
            status=status,
            error_code=error_code,
            request_id=request_id,
            retry_after=retry_after,
            details=details,
        )
        self.existing = existing


class PreconditionFailed(TradingGridRefused):
    """The object has changed since it was read, or no ETag was sent where one is required."""


class TooLarge(TradingGridRefused):
    """More bytes than the receiver takes."""


class Unprocessable(TradingGridRefused):
    """Understood, and not acceptable."""


class ForeignLink(TradingGridRefused):
    """A link that leads away from the connection's own origin; it is not followed."""


class ContractMismatch(TradingGridRefused):
    """Well-formed JSON that is not what the contract says."""
