"""Sending: signed, timed, retried; and how faults spoil it.

A delivery keeps its X-Shopify-Webhook-Id, body and address over all attempts. Anything but a 2xx
within the time limit is a failure. When the first attempt and all the retries of a delivery have
failed, and nothing else got through meanwhile, the subscription is deleted.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx

from emulators.shopify.model.shop import Shop
from emulators.shopify.rules.action import Action
from emulators.shopify.webhooks.payloads import payload_of
from emulators.shopify.webhooks.subscriptions import Subscription

if TYPE_CHECKING:
    from emulators.shopify.emulator import Emulator

KEPT_DELIVERIES = 5000
REORDER_WINDOW_S = 0.5


def sign(body: bytes, secret: str) -> str:
    """Shopify's signature of a webhook: base64 of HMAC-SHA256 over the raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


@dataclass
class Attempt:
    at: datetime
    status: int | None
    error: str | None = None

    @property
    def succeeded(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@dataclass
class Delivery:
    """One webhook to one subscription. ``state``: pending, delivered, failed, dropped, cancelled."""

    webhook_id: str
    event_id: str
    shop: Shop
    subscription: Subscription
    address: str
    payload: dict[str, Any]
    body: bytes
    triggered_at: datetime
    attempts: list[Attempt] = field(default_factory=list)
    state: str = "pending"

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.webhook_id,
            "event_id": self.event_id,
            "shop": self.shop.handle,
            "topic": self.subscription.topic.text,
            "subscription_id": self.subscription.gid,
            "address": self.address,
            "triggered_at": self.triggered_at.isoformat(),
            "state": self.state,
            "payload": self.payload,
            "attempts": [
                {"at": a.at.isoformat(), "status": a.status, "error": a.error}
                for a in self.attempts
            ],
            "status_codes": [a.status for a in self.attempts],
        }


class Courier:
    """Sends what actions tell. One task a delivery; ``close`` ends them."""

    def __init__(self, emulator: Emulator, client: httpx.AsyncClient | None) -> None:
        self.emulator = emulator
        self.client = client
        self.owns_client = client is None
        self.deliveries: list[Delivery] = []
        self.tasks: set[asyncio.Task[None]] = set()
        self.retry_schedule_s = emulator.options.retry_schedule_s
        self.timeout_s = emulator.options.webhook_timeout_s

    def publish(self, action: Action) -> None:
        """Starts a delivery for each subscription to each event of an action."""
        event_id = str(uuid.uuid4())
        subscriptions = list(action.shop.subscriptions.values())
        for event in action.events:
            concerned = [s for s in subscriptions if s.topic.text == event.topic]
            if not concerned:
                continue
            payload = payload_of(event)
            for subscription in concerned:
                if subscription.wants(payload):
                    self._start(action, subscription, subscription.cut(payload), event_id)

    async def settle(self) -> None:
        """Waits until nothing is on its way, retries included."""
        while self.tasks:
            await asyncio.gather(*self.tasks, return_exceptions=True)

    def forget(self) -> None:
        """Stops all deliveries and forgets them."""
        for task in self.tasks:
            task.cancel()
        self.deliveries.clear()

    async def close(self) -> None:
        tasks = list(self.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.owns_client and self.client is not None:
            await self.client.aclose()
            self.client = None

    def _start(
        self, action: Action, subscription: Subscription, payload: dict[str, Any], event_id: str
    ) -> None:
        delivery = Delivery(
            webhook_id=str(uuid.uuid4()),
            event_id=event_id,
            shop=action.shop,
            subscription=subscription,
            address=subscription.uri,
            payload=payload,
            body=json.dumps(payload, separators=(",", ":")).encode(),
            triggered_at=action.now,
        )
        self.deliveries.append(delivery)
        del self.deliveries[:-KEPT_DELIVERIES]
        faults = self.emulator.faults
        if faults.webhook_dropped():
            delivery.state = "dropped"
            return
        for delay in faults.webhook_delays():
            task = asyncio.get_running_loop().create_task(self._deliver(delivery, delay))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def _deliver(self, delivery: Delivery, delay: float) -> None:
        if delay:
            await asyncio.sleep(delay)
        started = time.monotonic()
        for pause in (*self.retry_schedule_s, None):
            if delivery.subscription.id not in delivery.shop.subscriptions:
                delivery.state = "cancelled"
                return
            attempt = await self._attempt(delivery)
            delivery.attempts.append(attempt)
            if attempt.succeeded:
                delivery.state = "delivered"
                delivery.subscription.last_success = time.monotonic()
                return
            if pause is not None:
                await asyncio.sleep(pause)
        delivery.state = "failed"
        if delivery.subscription.last_success < started:
            delivery.shop.subscriptions.pop(delivery.subscription.id, None)

    async def _attempt(self, delivery: Delivery) -> Attempt:
        at = self.emulator.now()
        try:
            async with asyncio.timeout(self.timeout_s):
                response = await self._http().post(
                    delivery.address,
                    content=delivery.body,
                    headers=self._headers(delivery),
                    follow_redirects=False,
                )
        except TimeoutError:
            return Attempt(at, None, f"no answer within {self.timeout_s:g} s")
        except Exception as error:
            # A receiver in the same process may raise anything; to Shopify that is no answer.
            return Attempt(at, None, str(error) or type(error).__name__)
        return Attempt(at, response.status_code)

    def _http(self) -> httpx.AsyncClient:
        if self.client is None:
            self.client = httpx.AsyncClient(timeout=None, trust_env=False)
        return self.client

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        subscription = delivery.subscription
        triggered = delivery.triggered_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Shopify-Captain-Hook",
            "X-Shopify-Topic": subscription.topic.text,
            "X-Shopify-Hmac-Sha256": sign(delivery.body, self.emulator.options.client_secret),
            "X-Shopify-Shop-Domain": delivery.shop.domain,
            "X-Shopify-API-Version": subscription.api_version,
            "X-Shopify-Webhook-Id": delivery.webhook_id,
            "X-Shopify-Triggered-At": triggered,
            "X-Shopify-Event-Id": delivery.event_id,
        }
        if subscription.name is not None:
            headers["X-Shopify-Name"] = subscription.name
        return headers
