"""Webhooks from Shopify: is it theirs, and what do its headers say?

The signature is base64(HMAC-SHA256(client secret, raw body)). It covers the body alone: topic, shop and ids
are claims of the headers. After a rotation of the secret, Shopify signs with the old one for up to an
hour, so several secrets are accepted. Source: shopify.dev, "Deliver webhooks through HTTPS".
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

# Today's spelling, and the one of Shopify's next generation of events.
_PREFIXES = ("x-shopify-", "shopify-")
_SHOP_DOMAIN = re.compile(r"([a-z0-9][a-z0-9-]{0,59})\.myshopify\.com")
_TOPIC = re.compile(r"[a-z0-9_]+(?:/[a-z0-9_]+)+")
_ID = re.compile(r"[A-Za-z0-9._:-]{1,255}")
_VERSION = re.compile(r"\d{4}-\d{2}|unstable")


class WebhookError(Exception):
    """A webhook that can't be taken."""


class InvalidSignature(WebhookError):
    """Not signed by Shopify with one of our secrets."""


class InvalidHeader(WebhookError):
    """A header is missing or malformed; `name` says which."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        super().__init__(f"{name} is {problem}")


@dataclass(frozen=True)
class WebhookHeaders:
    """What the headers claim.

    `webhook_id` is unique per delivery and the same for its repeats: the key for recognising a duplicate.
    `event_id` is shared by all deliveries of one action of the merchant: for correlation only.
    """

    topic: str
    shop_domain: str
    shop: str
    """The handle: the shop domain without `.myshopify.com`."""
    webhook_id: str
    event_id: str | None
    triggered_at: datetime
    api_version: str


def verify_signature(body: bytes, headers: Mapping[str, str], secrets: Sequence[str]) -> None:
    """Returns if `body` was signed with one of `secrets`. Raises InvalidSignature, or InvalidHeader.

    `body` is the raw body, before any decoding. Raises ValueError for no secret or an empty one:
    anyone could sign with that.
    """
    if not secrets or not all(secrets):
        raise ValueError("an empty secret would accept anyone's webhook")
    given = _header(headers, "hmac-sha256")
    try:
        signature = base64.b64decode(given, validate=True)
    except (binascii.Error, ValueError):
        raise InvalidHeader("X-Shopify-Hmac-Sha256", "malformed") from None
    matches = [
        hmac.compare_digest(hmac.digest(secret.encode(), body, hashlib.sha256), signature)
        for secret in secrets
    ]
    if not any(matches):
        raise InvalidSignature("the signature does not fit the body")


def read_headers(headers: Mapping[str, str]) -> WebhookHeaders:
    """Reads Shopify's headers in either spelling and any case. Raises InvalidHeader."""
    domain = _matching(headers, "shop-domain", _SHOP_DOMAIN)
    event_id = _optional(headers, "event-id")
    if event_id is not None and not _ID.fullmatch(event_id):
        raise InvalidHeader("X-Shopify-Event-Id", "malformed")
    return WebhookHeaders(
        topic=_matching(headers, "topic", _TOPIC),
        shop_domain=domain,
        shop=domain.removesuffix(".myshopify.com"),
        webhook_id=_matching(headers, "webhook-id", _ID),
        event_id=event_id,
        triggered_at=_time(_header(headers, "triggered-at")),
        api_version=_matching(headers, "api-version", _VERSION),
    )


def _matching(headers: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> str:
    value = _header(headers, name)
    if not pattern.fullmatch(value):
        raise InvalidHeader(_spelled(name), "malformed")
    return value


def _time(value: str) -> datetime:
    # Shopify sends nanoseconds, which `fromisoformat` cuts to microseconds.
    try:
        triggered_at = datetime.fromisoformat(value)
    except ValueError:
        raise InvalidHeader("X-Shopify-Triggered-At", "malformed") from None
    if triggered_at.tzinfo is None:
        raise InvalidHeader("X-Shopify-Triggered-At", "without a time zone")
    return triggered_at


def _header(headers: Mapping[str, str], name: str) -> str:
    value = _optional(headers, name)
    if value is None:
        raise InvalidHeader(_spelled(name), "missing")
    return value


def _optional(headers: Mapping[str, str], name: str) -> str | None:
    wanted = [prefix + name for prefix in _PREFIXES]
    for key, value in headers.items():
        if key.lower() in wanted and value.strip():
            return value.strip()
    return None


def _spelled(name: str) -> str:
    return "X-Shopify-" + "-".join(part.capitalize() for part in name.split("-"))
