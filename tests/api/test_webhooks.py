"""Webhooks: verified, kept, answered at once, dispatched behind the answer."""

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from standardwebhooks import Webhook
from structlog.testing import capture_logs

from api.services import Services
from persistence.repositories import inbound_events
from persistence.repositories.inbound_events import EventFilter
from persistence.tables import InboundEvent

pytestmark = pytest.mark.usefixtures("network")
SECRET = "the app's client secret"
WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = json.dumps({"id": 7894, "admin_graphql_api_id": "gid://shopify/Return/7894"}).encode()


def shopify_headers(body: bytes, secret: str = SECRET, **changed: str) -> dict[str, str]:
    signature = hmac.digest(secret.encode(), body, hashlib.sha256)
    return {
        "X-Shopify-Hmac-Sha256": base64.b64encode(signature).decode(),
        "X-Shopify-Topic": "returns/request",
        "X-Shopify-Shop-Domain": "acme.myshopify.com",
        "X-Shopify-Webhook-Id": str(uuid.uuid4()),
        "X-Shopify-Triggered-At": "2026-11-02T08:15:30.123456789Z",
        "X-Shopify-API-Version": "2026-10",
    } | changed


def trading_grid_headers(
    body: bytes, event_id: str = "evt-1", at: datetime | None = None
) -> dict[str, str]:
    at = at or datetime.now(UTC)
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(WHSEC).sign(event_id, at, body.decode()),
    }


async def events(services: Services) -> list[InboundEvent]:
    async with services.database.read() as session:
        return (await inbound_events.page(session, EventFilter())).items


async def test_a_signed_webhook_is_kept_before_it_is_answered(api: Any, services: Services) -> None:
    answer = await api.post("/webhooks/shopify", content=BODY, headers=shopify_headers(BODY))
    assert answer.status_code == 200
    (event,) = await events(services)
    assert answer.json() == {"event_id": event.id, "duplicate": False}
    assert (event.body, event.topic, event.scope) == (BODY, "returns/request", "acme")


async def test_it_is_answered_at_once_while_temporal_and_shopify_are_down(
    api: Any, services: Services
) -> None:
    started = time.perf_counter()
    answer = await api.post("/webhooks/shopify", content=BODY, headers=shopify_headers(BODY))
    assert time.perf_counter() - started < 0.5
    assert answer.status_code == 200
    await services.background.drain(10)
    (event,) = await events(services)
    assert event.status == "received"
    assert event.next_attempt_at is not None


async def test_a_dispatch_that_breaks_is_logged_and_the_row_stays(
    api: Any, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(event_id: int) -> None:
        raise RuntimeError("dispatch broke")

    monkeypatch.setattr(services.dispatcher, "dispatch", broken)
    with capture_logs() as logs:
        answer = await api.post("/webhooks/shopify", content=BODY, headers=shopify_headers(BODY))
        await services.background.drain(5)
    assert answer.status_code == 200
    assert [log["event"] for log in logs if log["log_level"] == "error"] == [
        "api.background_failed"
    ]
    assert (await events(services))[0].status == "received"


async def test_a_duplicate_is_answered_with_200_and_nothing_more(
    api: Any, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    dispatched: list[int] = []

    async def note(event_id: int) -> None:
        dispatched.append(event_id)

    monkeypatch.setattr(services.dispatcher, "dispatch", note)
    headers = shopify_headers(BODY)
    first = await api.post("/webhooks/shopify", content=BODY, headers=headers)
    second = await api.post("/webhooks/shopify", content=BODY, headers=headers)
    await services.background.drain(5)
    assert second.status_code == 200
    assert second.json() == {"event_id": first.json()["event_id"], "duplicate": True}
    assert dispatched == [first.json()["event_id"]]
    assert len(await events(services)) == 1


@pytest.mark.parametrize(
    ("changed", "status", "slug"),
    [
        ({"X-Shopify-Hmac-Sha256": base64.b64encode(b"x" * 32).decode()}, 401, "bad-signature"),
        ({"X-Shopify-Hmac-Sha256": "not base64"}, 401, "bad-signature"),
        ({"X-Shopify-Hmac-Sha256": ""}, 401, "bad-signature"),
        ({"X-Shopify-Shop-Domain": "unknown.myshopify.com"}, 404, "not-found"),
        ({"X-Shopify-Shop-Domain": ""}, 400, "malformed-webhook"),
        ({"X-Shopify-Topic": "Not A Topic"}, 400, "malformed-webhook"),
        ({"X-Shopify-Webhook-Id": ""}, 400, "malformed-webhook"),
        ({"X-Shopify-Triggered-At": "yesterday"}, 400, "malformed-webhook"),
    ],
)
async def test_what_shopify_did_not_send_is_refused_and_not_kept(
    api: Any, services: Services, changed: dict[str, str], status: int, slug: str
) -> None:
    headers = shopify_headers(BODY, **changed)
    answer = await api.post("/webhooks/shopify", content=BODY, headers=headers)
    assert answer.status_code == status
    assert answer.json()["type"] == f"urn:gridcase:problem:{slug}"
    assert answer.headers["content-type"] == "application/problem+json"
    assert await events(services) == []


async def test_another_body_under_the_signature_is_refused(api: Any, services: Services) -> None:
    answer = await api.post("/webhooks/shopify", content=BODY + b" ", headers=shopify_headers(BODY))
    assert answer.status_code == 401
    assert await events(services) == []


async def test_a_body_that_declares_too_much_is_refused_unread(api: Any) -> None:
    body = b"x" * 10_001
    answer = await api.post("/webhooks/shopify", content=body, headers=shopify_headers(body))
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:gridcase:problem:too-large"


async def test_a_body_without_a_length_is_cut_off_while_it_streams(api: Any) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 1000
            yield b"x" * 1000

    answer = await api.post("/webhooks/shopify", content=endless(), headers=shopify_headers(b""))
    assert answer.status_code == 413
    assert read <= 12_000


async def test_a_trading_grid_webhook_is_kept_for_its_tenant(api: Any, services: Services) -> None:
    body = json.dumps(
        {"type": "case.answered", "timestamp": "2026-11-02T08:15:30Z", "data": {"id": "case-1"}}
    ).encode()
    path = "/webhooks/trading-grid/north"
    answer = await api.post(path, content=body, headers=trading_grid_headers(body))
    assert answer.status_code == 200, answer.text
    (event,) = await events(services)
    assert (event.scope, event.topic, event.delivery_id) == ("north", "case.answered", "evt-1")
    again = await api.post(path, content=body, headers=trading_grid_headers(body))
    assert again.json()["duplicate"] is True


async def test_what_trading_grid_did_not_send_is_refused(api: Any, services: Services) -> None:
    body = b'{"type": "case.answered", "timestamp": "2026-11-02T08:15:30Z", "data": {"id": "c"}}'
    good = trading_grid_headers(body)
    late = trading_grid_headers(body, at=datetime(2026, 1, 1, tzinfo=UTC))
    path = "/webhooks/trading-grid/north"
    tries: list[tuple[str, bytes, dict[str, str], int]] = [
        (path, body, {}, 401),
        (path, body + b" ", good, 401),
        (path, body, late, 401),
        (path, body, good | {"webhook-signature": "v2,abc"}, 401),
        ("/webhooks/trading-grid/nobody", body, good, 404),
        (path, b"not json", trading_grid_headers(b"not json"), 400),
    ]
    for where, content, headers, status in tries:
        answer = await api.post(where, content=content, headers=headers)
        assert answer.status_code == status, answer.text
    assert await events(services) == []


async def test_a_tenant_without_a_webhook_secret_takes_no_webhook(
    api: Any, services: Services
) -> None:
    body = {
        "id": "south",
        "name": "South",
        "base_url": "https://t.example",
        "token_url": "https://t.example/token",
        "client_id": "c",
        "client_secret": "s",
    }
    assert (await api.by("admin", "POST", "/tenants", json=body)).status_code == 201
    answer = await api.post(
        "/webhooks/trading-grid/south", content=BODY, headers=trading_grid_headers(BODY)
    )
    assert answer.status_code == 401
    assert "secret" not in answer.text


async def test_no_log_line_of_a_request_has_a_body_or_a_secret(api: Any) -> None:
    body = b'{"customer": "Maria Musterfrau"}'
    key = await api.key("read")
    with capture_logs() as logs:
        await api.post("/webhooks/shopify", content=body, headers=shopify_headers(body))
        await api.get("/cases?text=geheim", headers={"Authorization": f"Bearer {key}"})
    (webhook, listed) = [log for log in logs if log["event"] == "request"]
    assert (webhook["path"], webhook["status"], webhook["caller"]) == (
        "/webhooks/shopify",
        200,
        None,
    )
    assert (listed["method"], listed["status"], listed["caller"]) == ("GET", 200, "read-key")
    text = repr(logs)
    for secret in ("Musterfrau", key, SECRET, "geheim"):
        assert secret not in text
