"""A word to people: what happened, how serious it is, where to look. No personal data."""

from enum import StrEnum

from domain.message import Message


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    URGENT = "urgent"


class Notify(Message):
    """`key` tells a repeat of the same word apart from a new one. `recipient`: `console:`, `https://...`, `mailto:...`."""

    key: str
    recipient: str
    severity: Severity
    subject: str
    text: str
    case_id: str
    shop: str


class Notified(Message):
    """Whom it reached, without secrets in the address; `failure` says why it did not."""

    recipient: str
    failure: str = ""
