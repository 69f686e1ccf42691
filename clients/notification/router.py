"""Each recipient by the channel of its scheme."""

from collections.abc import Mapping, Sequence

import structlog

from clients.notification.errors import (
    DeliveryFailed,
    NotificationIncomplete,
    RecipientInvalid,
    shown,
)
from clients.notification.port import Channel, Notification

_log = structlog.get_logger(__name__)


class NotificationRouter:
    """`Notifier` over channels by scheme, e.g. `{"console": ..., "mailto": ..., "https": ...}`."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = {scheme.lower(): channel for scheme, channel in channels.items()}

    async def notify(self, notification: Notification, recipients: Sequence[str]) -> None:
        failures: list[DeliveryFailed] = []
        delivered: list[str] = []
        for recipient in dict.fromkeys(recipients):
            try:
                await self._channel(recipient).send(notification, recipient)
            except Exception as error:
                # What a channel did not foresee must not cost the next recipients their message.
                if isinstance(error, DeliveryFailed):
                    failure, trace = error, None
                else:
                    failure, trace = _unforeseen(recipient, error), error
                failures.append(failure)
                _log.warning(
                    "notification.failed",
                    id=notification.id,
                    recipient=shown(recipient),
                    reason=failure.reason,
                    retryable=failure.retryable,
                    exc_info=trace,
                )
            else:
                delivered.append(recipient)
        if failures:
            raise NotificationIncomplete(failures, delivered)

    def _channel(self, recipient: str) -> Channel:
        scheme, colon, _ = recipient.partition(":")
        channel = self._channels.get(scheme.lower()) if colon else None
        if channel is None:
            known = ", ".join(sorted(f"{name}:" for name in self._channels)) or "none"
            raise RecipientInvalid(recipient, f"no channel for it; there are {known}")
        return channel


def _unforeseen(recipient: str, error: Exception) -> DeliveryFailed:
    failure = DeliveryFailed(recipient, type(error).__name__, retryable=True)
    failure.__cause__ = error
    return failure
