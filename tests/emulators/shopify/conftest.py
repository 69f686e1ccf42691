"""A shop behind the emulator, an app that talks to it, and a receiver of its webhooks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulators.shopify.app import create_app
from emulators.shopify.emulator import Emulator
from emulators.shopify.options import Options

SECRET = "a-client-secret"
SCHEMA = Path(__file__).parent / "schema.graphql"
"""What these tests query of Shopify's official schema (see cut_schema.py)."""


@dataclass
class Clock:
    """Time that only a test moves."""

    at: datetime = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    elapsed: float = 1000.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.elapsed

    def pass_(self, **duration: float) -> None:
        step = timedelta(**duration)
        self.at += step
        self.elapsed += step.total_seconds()


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def topic(self) -> str:
        return self.headers["x-shopify-topic"]

    @property
    def payload(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed

    def signed_with(self, secret: str) -> bool:
        mac = hmac.new(secret.encode(), self.body, hashlib.sha256).digest()
        return self.headers["x-shopify-hmac-sha256"] == base64.b64encode(mac).decode()


@dataclass
class Receiver:
    """Answers with ``statuses`` in turn, then 200; keeps what came."""

    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    always: int = 200

    async def __call__(self, request: Request) -> Response:
        body = await request.body()
        self.received.append(Received(request.url.path, dict(request.headers), body))
        status = self.statuses.pop(0) if self.statuses else self.always
        headers = {"Location": "/elsewhere"} if 300 <= status < 400 else None
        return Response(status_code=status, headers=headers)

    @property
    def topics(self) -> list[str]:
        return [r.topic for r in self.received]

    def last(self, topic: str) -> Received:
        return [r for r in self.received if r.topic == topic][-1]


class Driver:
    """The app and the merchant of one shop, ``acme``."""

    def __init__(self, emulator: Emulator, http: httpx.AsyncClient, clock: Clock) -> None:
        self.emulator = emulator
        self.http = http
        self.clock = clock
        self.token = ""

    async def sign_in(self) -> None:
        response = await self.http.post(
            "/acme/admin/oauth/access_token",
            json={
                "client_id": "an-app",
                "client_secret": SECRET,
                "grant_type": "client_credentials",
            },
        )
        assert response.status_code == 200, response.text
        self.token = response.json()["access_token"]

    async def post(
        self, query: str, /, *, version: str = "2026-10", **variables: Any
    ) -> httpx.Response:
        return await self.http.post(
            f"/acme/admin/api/{version}/graphql.json",
            json={"query": query, "variables": variables},
            headers={"X-Shopify-Access-Token": self.token},
        )

    async def body(self, query: str, /, **variables: Any) -> dict[str, Any]:
        response = await self.post(query, **variables)
        assert response.status_code == 200, response.text
        parsed: dict[str, Any] = response.json()
        return parsed

    async def ask(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """The data of a request that must not have errors."""
        body = await self.body(query, **variables)
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    async def mutate(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """The payload of the one mutation in a request."""
        (payload,) = (await self.ask(query, **variables)).values()
        result: dict[str, Any] = payload
        return result

    async def control(
        self, path: str, body: Any = None, *, status: int | None = None, verb: str = "POST"
    ) -> dict[str, Any]:
        response = await self.http.request(verb, f"/_emulator{path}", json=body)
        expected = (status,) if status is not None else (200, 201)
        assert response.status_code in expected, response.text
        parsed: dict[str, Any] = response.json()
        return parsed

    async def order(
        self, *lines: dict[str, Any], fulfill: bool = True, **more: Any
    ) -> dict[str, Any]:
        given = list(lines) or [{"sku": "LAMP", "quantity": 3, "price": "10.00"}]
        body = {"lines": given, "fulfill": fulfill, **more}
        return await self.control("/shops/acme/orders", body)

    async def requested(self, order: dict[str, Any], sku: str = "LAMP", quantity: int = 2) -> str:
        line = {"sku": sku, "quantity": quantity, "reason": "DEFECTIVE"}
        body = {"order_id": order["order_id"], "lines": [line]}
        return str((await self.control("/shops/acme/returns", body))["return_id"])

    async def opened(self, order: dict[str, Any], sku: str = "LAMP", quantity: int = 2) -> str:
        return_id = await self.requested(order, sku, quantity)
        await self.control(f"/shops/acme/returns/{return_id.rpartition('/')[2]}/approve")
        return return_id

    async def subscribe(self, topic: str, **more: Any) -> str:
        payload = await self.mutate(
            """mutation S($topic: WebhookSubscriptionTopic!, $s: WebhookSubscriptionInput!) {
              webhookSubscriptionCreate(topic: $topic, webhookSubscription: $s) {
                webhookSubscription { id } userErrors { field message } } }""",
            topic=topic,
            s={"uri": "https://app.test/webhooks", **more},
        )
        assert payload["userErrors"] == [], payload
        return str(payload["webhookSubscription"]["id"])


@pytest.fixture(scope="session")
def schema_path() -> Path:
    return SCHEMA


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def shop(clock: Clock, receiver: Receiver, schema_path: Path) -> AsyncIterator[Driver]:
    hook = Starlette(routes=[Route("/{rest:path}", receiver.__call__, methods=["POST"])])
    transport = httpx.ASGITransport(app=hook)
    async with httpx.AsyncClient(transport=transport) as webhook_client:
        options = Options(
            client_id="an-app",
            client_secret=SECRET,
            first_id=1,
            retry_schedule_s=(0.0,) * 8,
            schema_path=schema_path,
        )
        app = create_app(
            options, webhook_client=webhook_client, now=clock.now, clock=clock.monotonic
        )
        emulator: Emulator = app.state.emulator
        emulator.open_shop("acme")
        http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://shopify.test"
        )
        async with http:
            driver = Driver(emulator, http, clock)
            await driver.sign_in()
            yield driver
        await emulator.aclose()
