"""What sending a notification can end in.

NotificationError
├── DeliveryFailed              one recipient was not reached; `retryable` says if a repeat helps
│   └── RecipientInvalid        the address is of no channel, malformed, or not allowed
└── NotificationIncomplete      some recipients were not reached; the others were
"""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit


class NotificationError(Exception):
    """A notification that did not reach everybody."""


class DeliveryFailed(NotificationError):
    """`recipient` is the address as given; the text names it without secrets in its path."""

    def __init__(
        self,
        recipient: str,
        reason: str,
        *,
        retryable: bool,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(f"{shown(recipient)}: {reason}")
        self.recipient = recipient
        self.reason = reason
        self.retryable = retryable
        self.retry_after = retry_after


class RecipientInvalid(DeliveryFailed):
    """No repeat helps: the address must be mended."""

    def __init__(self, recipient: str, reason: str) -> None:
        super().__init__(recipient, reason, retryable=False)


class NotificationIncomplete(NotificationError):
    """`failures` name who was not reached, `delivered` who was: repeat only with `retryable`."""

    def __init__(self, failures: Sequence[DeliveryFailed], delivered: Sequence[str]) -> None:
        super().__init__("; ".join(str(failure) for failure in failures))
        self.failures = tuple(failures)
        self.delivered = tuple(delivered)

    @property
    def retryable(self) -> tuple[str, ...]:
        """The recipients a repeat may reach."""
        return tuple(failure.recipient for failure in self.failures if failure.retryable)


def shown(recipient: str) -> str:
    """The address for people and logs: chat services put the secret into the webhook's path."""
    if not recipient.lower().startswith(("http:", "https:")):
        return recipient[:200]
    try:
        parts = urlsplit(recipient)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname or ''}{port}/…"
    except ValueError:
        return "http address"
