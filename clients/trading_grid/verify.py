"""Webhooks from Trading Grid, verified by Standard Webhooks 1.0.0 (standardwebhooks.com).

WebhookError
├── WebhookSecretUnusable   our own configuration: no secret, an empty one, not base64
├── WebhookUnsigned         a header is missing or not what it should be
├── WebhookOutOfTime        signed more than five minutes ago, or ahead
├── WebhookForged           no signature matches
└── WebhookUnreadable       signed by Trading Grid, and not an event we can read
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict, ValidationError
from standardwebhooks import Webhook, WebhookVerificationError
from standardwebhooks.webhooks import EmptyWebhookSecretError

from clients.trading_grid.port.common import Received, UtcTime
from clients.trading_grid.port.events import Event, EventData

TOLERANCE = timedelta(minutes=5)


class WebhookError(Exception):
    """A webhook that is not accepted."""


class WebhookSecretUnusable(WebhookError):
    """Ours to mend; an unusable secret is never skipped in favour of the next."""


class WebhookUnsigned(WebhookError):
    """A Standard Webhooks header is missing or malformed."""


class WebhookOutOfTime(WebhookError):
    """Sent more than five minutes ago, or ahead: a replay, or a clock that is wrong."""


class WebhookForged(WebhookError):
    """No signature matches any secret."""


class WebhookUnreadable(WebhookError):
    """The signature is right and the body is not an event."""


class VerifiedWebhook(BaseModel):
    """`event.id` is the delivery's `webhook-id`, the same over all attempts: de-duplicate on it."""

    model_config = ConfigDict(frozen=True)

    event: Event
    sent_at: datetime


class _Thin(Received):
    type: str
    timestamp: UtcTime
    data: EventData


def verify_webhook(
    body: bytes, headers: Mapping[str, str], secrets: Sequence[str]
) -> VerifiedWebhook:
    """The event, if any of `secrets` signed exactly these bytes within the last five minutes.

    Several secrets are held during a rotation. Header names are taken in any case. Raises a
    WebhookError.
    """
    verifiers = _verifiers(secrets)
    given = {name.lower(): value for name, value in headers.items()}
    event_id = given.get("webhook-id", "")
    if not event_id:
        raise WebhookUnsigned("webhook-id is missing")
    sent_at = _sent_at(given.get("webhook-timestamp", ""))
    signed = {
        "webhook-id": event_id,
        "webhook-timestamp": given["webhook-timestamp"],
        "webhook-signature": _usable(given.get("webhook-signature", "")),
    }
    if not any(_matches(verifier, body, signed) for verifier in verifiers):
        raise WebhookForged(f"no signature of webhook {event_id[:100]} matches")
    try:
        thin = _Thin.model_validate_json(body)
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, problem["loc"])) for problem in error.errors())
        raise WebhookUnreadable(f"webhook {event_id[:100]}: {fields or 'not JSON'}") from None
    event = Event(id=event_id, type=thin.type, timestamp=thin.timestamp, data=thin.data)
    return VerifiedWebhook(event=event, sent_at=sent_at)


def _verifiers(secrets: Sequence[str]) -> list[Webhook]:
    if not secrets:
        raise WebhookSecretUnusable("no webhook secret is configured")
    try:
        return [Webhook(secret) for secret in secrets]
    except (EmptyWebhookSecretError, ValueError):
        # The error's text may quote the secret.
        raise WebhookSecretUnusable("a webhook secret is empty or not base64") from None


def _sent_at(header: str) -> datetime:
    # The package would also take 1e9, nan and fractions, which it then signs differently.
    if not (header.isascii() and header.isdigit() and len(header) <= 11):
        raise WebhookUnsigned("webhook-timestamp is missing or not in unix seconds")
    sent_at = datetime.fromtimestamp(int(header), UTC)
    if abs(datetime.now(UTC) - sent_at) > TOLERANCE:
        raise WebhookOutOfTime(f"signed at {sent_at.isoformat()}, outside five minutes")
    return sent_at


def _usable(header: str) -> str:
    """The v1 signatures; the package fails on the whole header for one it can't split."""
    found = [part for part in header.split() if part.startswith("v1,") and part.count(",") == 1]
    if not found:
        raise WebhookUnsigned("webhook-signature is missing or holds no v1 signature")
    return " ".join(found)


def _matches(verifier: Webhook, body: bytes, headers: dict[str, str]) -> bool:
    try:
        verifier.verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):
        # ValueError: a signature that is not base64, or a body that is not UTF-8.
        return False
    return True
