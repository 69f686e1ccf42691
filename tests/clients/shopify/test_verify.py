import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest

from clients.shopify.verify import (
    InvalidHeader,
    InvalidSignature,
    read_headers,
    verify_signature,
)

BODY = b'{"id": 1, "name": "#1001-R1\xff"}'
HEADERS = {
    "X-Shopify-Topic": "returns/request",
    "X-Shopify-Shop-Domain": "acme.myshopify.com",
    "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    "X-Shopify-Event-Id": "98880550-7158-44d4-b7cd-2c97c8a091b5",
    "X-Shopify-Triggered-At": "2026-11-23T18:00:27.877041743Z",
    "X-Shopify-API-Version": "2026-10",
}


def signed(secret: str, body: bytes = BODY) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


@pytest.mark.parametrize(
    "name", ["X-Shopify-Hmac-Sha256", "x-shopify-hmac-sha256", "Shopify-Hmac-Sha256"]
)
def test_a_body_signed_with_our_secret_is_accepted_in_every_spelling(name: str) -> None:
    verify_signature(BODY, {name: signed("secret")}, ["secret"])


def test_the_signature_is_the_one_that_openssl_computes() -> None:
    # printf hello | openssl dgst -sha256 -hmac key -binary | base64
    known = "kwezuRXvtRcf8U2MtV+8x5jGwO8UVtZt7RpqpyOli3s="

    verify_signature(b"hello", {"X-Shopify-Hmac-Sha256": known}, ["key"])


@pytest.mark.parametrize("secret", ["new", "old"])
def test_both_secrets_are_accepted_during_a_rotation(secret: str) -> None:
    verify_signature(BODY, {"X-Shopify-Hmac-Sha256": signed(secret)}, ["new", "old"])


@pytest.mark.parametrize(
    ("body", "secret"), [(BODY + b" ", "secret"), (b"", "secret"), (BODY, "another")]
)
def test_another_body_or_secret_is_refused(body: bytes, secret: str) -> None:
    with pytest.raises(InvalidSignature):
        verify_signature(body, {"X-Shopify-Hmac-Sha256": signed("secret")}, [secret])


def test_a_shortened_signature_is_refused() -> None:
    short = base64.b64encode(base64.b64decode(signed("secret"))[:16]).decode()

    with pytest.raises(InvalidSignature):
        verify_signature(BODY, {"X-Shopify-Hmac-Sha256": short}, ["secret"])


@pytest.mark.parametrize("secrets", [[], [""], ["secret", ""]])
def test_an_empty_secret_is_refused_before_anything_is_compared(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="empty secret"):
        verify_signature(BODY, {"X-Shopify-Hmac-Sha256": signed("")}, secrets)


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({}, "missing"),
        ({"X-Shopify-Hmac-Sha256": " "}, "missing"),
        ({"X-Shopify-Hmac-Sha256": "not base64!"}, "malformed"),
        ({"X-Shopify-Hmac-Sha256": "é"}, "malformed"),
    ],
)
def test_a_missing_or_malformed_signature_is_named(headers: dict[str, str], problem: str) -> None:
    with pytest.raises(InvalidHeader, match=f"X-Shopify-Hmac-Sha256 is {problem}"):
        verify_signature(BODY, headers, ["secret"])


@pytest.mark.parametrize("spelling", [str, str.lower, lambda name: name.removeprefix("X-")])
def test_headers_are_read_in_every_spelling(spelling: type[str]) -> None:
    read = read_headers({spelling(name): value for name, value in HEADERS.items()})

    assert read.topic == "returns/request"
    assert (read.shop_domain, read.shop) == ("acme.myshopify.com", "acme")
    assert read.webhook_id == "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"
    assert read.event_id == "98880550-7158-44d4-b7cd-2c97c8a091b5"
    assert read.triggered_at == datetime(2026, 11, 23, 18, 0, 27, 877041, tzinfo=UTC)
    assert read.api_version == "2026-10"


def test_an_event_id_may_be_missing() -> None:
    headers = {name: value for name, value in HEADERS.items() if "Event" not in name}

    assert read_headers(headers).event_id is None


@pytest.mark.parametrize("name", [name for name in HEADERS if "Event" not in name])
def test_a_missing_header_is_named(name: str) -> None:
    headers = {key: value for key, value in HEADERS.items() if key != name}

    with pytest.raises(InvalidHeader, match="is missing") as caught:
        read_headers(headers)

    assert caught.value.name.lower() == name.lower()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Shopify-Shop-Domain", "acme.example.com"),
        ("X-Shopify-Shop-Domain", "acme.myshopify.com.evil.com"),
        ("X-Shopify-Shop-Domain", "evil.com/acme.myshopify.com"),
        ("X-Shopify-Shop-Domain", "acme.myshopify.com\nx"),
        ("X-Shopify-Shop-Domain", "-acme.myshopify.com"),
        ("X-Shopify-Shop-Domain", ".myshopify.com"),
        ("X-Shopify-Topic", "returns"),
        ("X-Shopify-Topic", "returns/request; drop"),
        ("X-Shopify-Webhook-Id", "a b"),
        ("X-Shopify-Webhook-Id", "x" * 256),
        ("X-Shopify-Event-Id", "a b"),
        ("X-Shopify-Triggered-At", "yesterday"),
        ("X-Shopify-Triggered-At", "2026-11-23T18:00:27"),
        ("X-Shopify-API-Version", "next"),
    ],
)
def test_a_malformed_header_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidHeader) as caught:
        read_headers({**HEADERS, name: value})

    assert caught.value.name.lower() == name.lower()
