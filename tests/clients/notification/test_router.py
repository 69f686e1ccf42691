"""Each recipient is tried, whatever happens to the others."""

from collections.abc import Callable
from typing import Any

import pytest
import structlog
from pydantic import ValidationError

from clients.notification import (
    ConsoleChannel,
    DeliveryFailed,
    Notification,
    NotificationIncomplete,
    NotificationRouter,
    Notifier,
    RecipientInvalid,
)

Make = Callable[..., Notification]


class Recording:
    """Keeps recipients; raises what it is told to."""

    def __init__(self, failures: dict[str, Exception] | None = None) -> None:
        self.failures = failures or {}
        self.sent: list[str] = []

    async def send(self, notification: Notification, recipient: str) -> None:
        if recipient in self.failures:
            raise self.failures[recipient]
        self.sent.append(recipient)


async def test_each_scheme_has_its_channel(a_notification: Make) -> None:
    mail, web = Recording(), Recording()
    router: Notifier = NotificationRouter({"mailto": mail, "https": web})
    await router.notify(
        a_notification(), ["mailto:a@example.com", "HTTPS://x", "mailto:a@example.com"]
    )
    assert mail.sent == ["mailto:a@example.com"]
    assert web.sent == ["HTTPS://x"]


async def test_one_failure_names_its_recipient_and_stops_no_other(a_notification: Make) -> None:
    lost = DeliveryFailed("https://hooks.example.com/very-secret", "answered 503", retryable=True)
    web = Recording(
        {lost.recipient: lost, "https://odd": RuntimeError("database password: very-secret")}
    )
    mail = Recording()
    router = NotificationRouter({"https": web, "mailto": mail})
    with pytest.raises(NotificationIncomplete) as caught:
        await router.notify(
            a_notification(),
            [lost.recipient, "https://odd", "pager:1", "nothing", "mailto:a@example.com"],
        )
    error = caught.value
    assert mail.sent == ["mailto:a@example.com"]
    assert error.delivered == ("mailto:a@example.com",)
    assert [failure.recipient for failure in error.failures] == [
        lost.recipient,
        "https://odd",
        "pager:1",
        "nothing",
    ]
    assert error.retryable == (lost.recipient, "https://odd")
    assert "hooks.example.com" in str(error)
    assert "no channel" in str(error)
    assert "very-secret" not in str(error)


async def test_nobody_to_tell_is_no_failure(a_notification: Make) -> None:
    await NotificationRouter({}).notify(a_notification(), [])


@pytest.mark.parametrize(
    ("severity", "level"), [("info", "info"), ("warning", "warning"), ("urgent", "warning")]
)
async def test_the_console_shows_the_notification(
    a_notification: Make, severity: str, level: str
) -> None:
    with structlog.testing.capture_logs() as lines:
        await ConsoleChannel().send(a_notification(severity=severity), "console:")
    (line,) = lines
    assert line["event"] == "notification"
    assert line["log_level"] == level
    assert line["case_id"] == "return-claim:acme:1"


async def test_the_console_has_no_other_address(a_notification: Make) -> None:
    with pytest.raises(RecipientInvalid):
        await ConsoleChannel().send(a_notification(), "console:somewhere")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": ""},
        {"id": "a\r\nb"},
        {"id": "é"},
        {"subject": "  "},
        {"severity": "loud"},
        {"link": "javascript:alert(1)"},
    ],
)
def test_a_notification_that_cannot_be_sent_is_refused(
    a_notification: Make, changes: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        a_notification(**changes)
