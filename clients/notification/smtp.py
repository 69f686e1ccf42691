"""The e-mail channel: `mailto:ops@example.com`, over SMTP."""

import asyncio
import hashlib
import re
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal

from clients.notification.errors import DeliveryFailed, RecipientInvalid
from clients.notification.port import Notification

Security = Literal["starttls", "tls", "none"]

# One plain address: no list, no display name, no `?bcc=`, nothing that could end a header.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True, kw_only=True)
class SmtpServer:
    """Where mail is handed in.

    `security`: STARTTLS, TLS from the first byte, or none. Raises ValueError where a password
    would travel in clear. `timeout_s` bounds each step, in seconds.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout_s: float = 15.0

    def __post_init__(self) -> None:
        if not self.host:
            raise ValueError("the SMTP server has no host")
        if not _ADDRESS.fullmatch(self.sender):
            raise ValueError(f"the sender is not an e-mail address: {self.sender}")
        if (self.username is None) != (self.password is None):
            raise ValueError("SMTP needs both username and password, or neither")
        if self.username is not None and self.security == "none":
            raise ValueError("an SMTP password would travel in clear: use starttls or tls")
        if self.security not in ("starttls", "tls", "none"):
            raise ValueError(f"unknown SMTP security: {self.security}")


class EmailChannel:
    """Plain text mail. A repeat carries the same Message-ID, by which mailboxes drop it."""

    def __init__(self, server: SmtpServer, *, tls: ssl.SSLContext | None = None) -> None:
        self._server = server
        self._tls = tls or ssl.create_default_context()

    async def send(self, notification: Notification, recipient: str) -> None:
        address = _address(recipient)
        message = self._message(notification, address)
        try:
            await asyncio.to_thread(self._hand_in, message, address)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = error.recipients.get(address, (550, b""))
            raise DeliveryFailed(
                recipient, f"refused: {_said(code, text)}", retryable=400 <= code < 500
            ) from error
        except smtplib.SMTPResponseException as error:
            raise DeliveryFailed(
                recipient,
                f"{type(error).__name__}: {_said(error.smtp_code, error.smtp_error)}",
                retryable=400 <= error.smtp_code < 500,
            ) from error
        except (smtplib.SMTPNotSupportedError, ssl.SSLCertVerificationError) as error:
            raise DeliveryFailed(recipient, str(error), retryable=False) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryFailed(
                recipient, f"{type(error).__name__}: {error}", retryable=True
            ) from error

    def _hand_in(self, message: EmailMessage, address: str) -> None:
        server = self._server
        connection: smtplib.SMTP
        if server.security == "tls":
            connection = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout_s, context=self._tls
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
        with connection:
            if server.security == "starttls":
                connection.starttls(context=self._tls)
            if server.username is not None and server.password is not None:
                connection.login(server.username, server.password)
            connection.send_message(message, server.sender, [address])

    def _message(self, notification: Notification, address: str) -> EmailMessage:
        mark = {"info": "", "warning": "[warning] ", "urgent": "[URGENT] "}[notification.severity]
        message = EmailMessage()
        message["From"] = self._server.sender
        message["To"] = address
        message["Subject"] = mark + notification.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        message["Message-ID"] = self._message_id(notification, address)
        message["Auto-Submitted"] = "auto-generated"
        if notification.severity == "urgent":
            message["Importance"] = "high"
        facts = [
            ("Case", notification.case_id),
            ("Shop", notification.shop),
            ("For", notification.audience),
        ]
        footer = [f"{name}: {value}" for name, value in facts if value]
        parts = [notification.text, notification.link, "\n".join(footer)]
        message.set_content("\n\n".join(part for part in parts if part) + "\n")
        return message

    def _message_id(self, notification: Notification, address: str) -> str:
        digest = hashlib.sha256(f"{notification.id}\n{address}".encode()).hexdigest()[:32]
        return f"<{digest}@{self._server.sender.rpartition('@')[2]}>"


def _address(recipient: str) -> str:
    scheme, _, address = recipient.partition(":")
    if scheme.lower() != "mailto" or not _ADDRESS.fullmatch(address):
        raise RecipientInvalid(recipient, "not one e-mail address: mailto:name@example.com")
    return address


def _said(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {said[:200]}"
