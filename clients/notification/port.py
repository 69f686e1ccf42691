"""The port of notifications."""

from collections.abc import Sequence
from typing import Literal, Protocol

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, field_validator

Severity = Literal["info", "warning", "urgent"]


class Notification(BaseModel):
    """What to tell, without personal data.

    `id` is the same over all attempts, so that a receiver can drop a repeat. `link` leads to the
    case in the console; `audience` says whom it is meant for, e.g. `operations`.
    """

    model_config = ConfigDict(frozen=True)

    id: str = Field(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_.:~-]+$")
    subject: str = Field(min_length=1, max_length=200)
    text: str = Field(max_length=20_000)
    severity: Severity = "info"
    case_id: str | None = None
    link: str | None = None
    shop: str | None = None
    audience: str | None = None

    @field_validator("subject")
    @classmethod
    def _one_line(cls, subject: str) -> str:
        line = " ".join(subject.split())
        if not line:
            raise ValueError("the subject is blank")
        return line

    @field_validator("link")
    @classmethod
    def _http(cls, link: str | None) -> str | None:
        if link is not None:
            AnyHttpUrl(link)
        return link


class Channel(Protocol):
    """One way to reach people, for the addresses of its schemes."""

    async def send(self, notification: Notification, recipient: str) -> None:
        """One attempt. Raises DeliveryFailed."""
        ...


class Notifier(Protocol):
    async def notify(self, notification: Notification, recipients: Sequence[str]) -> None:
        """Send to each recipient once, whatever happens to the others.

        Raises NotificationIncomplete where one or more were not reached.
        """
        ...
