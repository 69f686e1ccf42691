"""The console channel: `console:`. A line in the structured log."""

import structlog

from clients.notification.errors import RecipientInvalid
from clients.notification.port import Notification

_log = structlog.get_logger(__name__)


class ConsoleChannel:
    """`info` is logged as info, `warning` and `urgent` as warning."""

    async def send(self, notification: Notification, recipient: str) -> None:
        if recipient != "console:":
            raise RecipientInvalid(recipient, "the console has no address but console:")
        write = _log.info if notification.severity == "info" else _log.warning
        write("notification", **notification.model_dump(exclude_none=True))
