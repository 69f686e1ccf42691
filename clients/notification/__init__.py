"""Notifications: one port, channels by the scheme of the recipient's address."""

from clients.notification.console import ConsoleChannel
from clients.notification.errors import (
    DeliveryFailed,
    NotificationError,
    NotificationIncomplete,
    RecipientInvalid,
)
from clients.notification.port import Channel, Notification, Notifier, Severity
from clients.notification.router import NotificationRouter
from clients.notification.smtp import EmailChannel, SmtpServer
from clients.notification.webhook import SecretLookup, WebhookChannel

__all__ = [
    "Channel",
    "ConsoleChannel",
    "DeliveryFailed",
    "EmailChannel",
    "Notification",
    "NotificationError",
    "NotificationIncomplete",
    "NotificationRouter",
    "Notifier",
    "RecipientInvalid",
    "SecretLookup",
    "Severity",
    "SmtpServer",
    "WebhookChannel",
]
