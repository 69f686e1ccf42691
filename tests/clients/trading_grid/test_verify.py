"""Webhooks are taken only with a signature, in time, and readable."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from clients.trading_grid.verify import (
    VerifiedWebhook,
    WebhookError,
    WebhookForged,
    WebhookOutOfTime,
    WebhookSecretUnusable,
    WebhookUnreadable,
    WebhookUnsigned,
    verify_webhook,
)

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()
OLD = "whsec_" + base64.b64encode(b"old-secret-old-secret-24").decode()
EVENT: dict[str, Any] = {
    "type": "case.answered",
    "timestamp": "2026-11-01T10:00:00Z",
    "data": {
        "id": "C1",
        "resource": "case",
        "href": "/cases/C1",
        "version": 3,
        "external_reference": {"system": "gridcase", "id": "return-claim:acme:1"},
        "partner_id": "p1",
        "case_id": "C1",
        "later": "field",
    },
}
BODY = json.dumps(EVENT).encode()


def signed(
    body: bytes = BODY,
    *,
    secret: str = SECRET,
    age: timedelta = timedelta(),
    changes: dict[str, str] | None = None,
) -> dict[str, str]:
    at = datetime.now(UTC) - age
    return {
        "Webhook-Id": "evt-1",
        "Webhook-Timestamp": str(int(at.timestamp())),
        "Webhook-Signature": Webhook(secret).sign("evt-1", at, body.decode()),
        **(changes or {}),
    }


def verified(
    headers: dict[str, str], body: bytes = BODY, secrets: tuple[str, ...] = (SECRET,)
) -> VerifiedWebhook:
    return verify_webhook(body, headers, secrets)


def test_a_signed_event_is_read() -> None:
    webhook = verified(signed())
    assert webhook.event.id == "evt-1"
    assert webhook.event.type == "case.answered"
    assert webhook.event.data.case_id == "C1"
    assert webhook.event.data.version == 3
    assert webhook.event.data.external_reference is not None
    assert datetime.now(UTC) - webhook.sent_at < timedelta(seconds=10)


def test_several_secrets_and_several_signatures_are_taken_during_a_rotation() -> None:
    assert verified(signed(secret=OLD), secrets=(SECRET, OLD)).event.id == "evt-1"
    both = signed()
    both["Webhook-Signature"] = (
        f"{signed(secret=OLD)['Webhook-Signature']} " + (both["Webhook-Signature"])
    )
    assert verified(both, secrets=(SECRET,)).event.id == "evt-1"


@pytest.mark.parametrize("noise", ["v1", "v1a,xyz", "v1,x,y", "v1,###", "garbage"])
def test_a_signature_that_cannot_be_read_does_not_hide_a_good_one(noise: str) -> None:
    headers = signed()
    headers["Webhook-Signature"] = f"{headers['Webhook-Signature']}  {noise}"
    assert verified(headers).event.id == "evt-1"


def test_another_secret_another_body_another_id_are_forged() -> None:
    with pytest.raises(WebhookForged):
        verified(signed(secret=OLD))
    with pytest.raises(WebhookForged):
        verified(signed(), BODY + b" ")
    with pytest.raises(WebhookForged):
        verified(signed(changes={"Webhook-Id": "evt-2"}))
    with pytest.raises(WebhookForged):
        verified(signed(), b"\xff\xfe")
    with pytest.raises(WebhookForged):
        verified(signed(changes={"Webhook-Signature": "v1,not base64"}))


@pytest.mark.parametrize("secrets", [(), ("",), ("whsec_",), (SECRET, ""), ("whsec_a",)])
def test_an_unusable_secret_is_our_own_error_even_beside_a_good_one(
    secrets: tuple[str, ...],
) -> None:
    with pytest.raises(WebhookSecretUnusable) as caught:
        verified(signed(), secrets=secrets)
    assert "whsec_" not in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"Webhook-Id": ""},
        {"Webhook-Timestamp": ""},
        {"Webhook-Timestamp": "nan"},
        {"Webhook-Timestamp": "1e9"},
        {"Webhook-Timestamp": "-5"},
        {"Webhook-Timestamp": "²"},
        {"Webhook-Timestamp": "9" * 30},
        {"Webhook-Signature": ""},
        {"Webhook-Signature": "v2,abc"},
    ],
)
def test_missing_or_odd_headers_are_unsigned(changes: dict[str, str]) -> None:
    with pytest.raises(WebhookUnsigned):
        verified(signed(changes=changes))


def test_no_headers_at_all_are_unsigned() -> None:
    with pytest.raises(WebhookUnsigned):
        verified({})


@pytest.mark.parametrize("seconds", [-310, 310, 86_400])
def test_more_than_five_minutes_off_is_out_of_time(seconds: int) -> None:
    with pytest.raises(WebhookOutOfTime):
        verified(signed(age=timedelta(seconds=seconds)))


@pytest.mark.parametrize("seconds", [-290, 290])
def test_less_than_five_minutes_off_is_taken(seconds: int) -> None:
    assert verified(signed(age=timedelta(seconds=seconds))).event.id == "evt-1"


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[]", b"{}", json.dumps({**EVENT, "data": {}}).encode()]
)
def test_what_is_signed_but_no_event_is_unreadable(body: bytes) -> None:
    with pytest.raises(WebhookUnreadable) as caught:
        verified(signed(body), body)
    assert isinstance(caught.value, WebhookError)
