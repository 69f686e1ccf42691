"""Webhook deliveries, signed by Standard Webhooks 1.0.0.

The signature is made here from the specification, not by the package receivers check it with, so
that a shared mistake can't hide.
"""

import asyncio
import base64
import binascii
import contextlib
import hashlib
import hmac
import secrets
from collections import deque
from collections.abc import Coroutine
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import httpx

from emulators.trading_grid.faults import Faults
from emulators.trading_grid.store import Clock

SECRET_PREFIX = "whsec_"
REORDER_WINDOW_S = 0.05
DELIVERIES_KEPT = 100_000


def new_secret() -> str:
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def secret_bytes(secret: str) -> bytes:
    """The key in ``whsec_<base64>``. Raises ValueError unless it has 24 to 64 bytes, as specified."""
    if not secret.startswith(SECRET_PREFIX):
        raise ValueError("a signing secret starts with whsec_")
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a signing secret is base64 after whsec_") from error
    if not 24 <= len(key) <= 64:
        raise ValueError("a signing secret has 24 to 64 bytes")
    return key


def signature_headers(
    secrets_in_use: list[str], event_id: str, sent_at: datetime, body: bytes
) -> dict[str, str]:
    """The three headers; one signature a secret, since several are valid during a rotation."""
    timestamp = str(int(sent_at.timestamp()))
    signed = f"{event_id}.{timestamp}.".encode() + body
    signatures = [
        "v1,"
        + base64.b64encode(hmac.new(secret_bytes(one), signed, hashlib.sha256).digest()).decode()
        for one in secrets_in_use
    ]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


@dataclass
class Attempt:
    time: str
    status_code: int | None
    error: str | None


@dataclass
class Delivery:
    """One event to one subscription. ``status``: pending, delivered, failed, dropped, cancelled."""

    id: str
    type: str
    tenant: str
    subscription_id: str
    url: str
    status: str = "pending"
    attempts: list[Attempt] = field(default_factory=list)

    def dump(self) -> dict[str, Any]:
        return asdict(self)


class Target:
    """Where to, and the secrets that sign now; read at each attempt, so a rotation takes effect."""

    def __init__(self, tenant_id: str, subscription_id: str) -> None:
        self.tenant_id = tenant_id
        self.subscription_id = subscription_id
        self.url = ""
        self.secrets: list[tuple[str, datetime | None]] = []

    def secrets_at(self, now: datetime) -> list[str]:
        return [secret for secret, until in self.secrets if until is None or now < until]


@dataclass
class _Waiting:
    target: Target
    delivery: Delivery
    body: bytes
    due: float


class Deliverer:
    """First attempts in order, one at a time a subscription; each failure goes on by itself.

    Any 2xx is success. Each attempt is signed anew with its own timestamp and the same id.
    """

    def __init__(
        self,
        clock: Clock,
        faults: Faults,
        client: httpx.AsyncClient | None,
        retry_schedule_s: tuple[float, ...],
        timeout_s: float,
    ) -> None:
        self.deliveries: deque[Delivery] = deque(maxlen=DELIVERIES_KEPT)
        self.timeout_s = timeout_s
        self._schedule = retry_schedule_s
        self._clock = clock
        self._faults = faults
        self._given_client = client
        self._own_client: httpx.AsyncClient | None = None
        self._queues: dict[str, deque[_Waiting]] = {}
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._schedule_changed = asyncio.Event()

    @property
    def retry_schedule_s(self) -> tuple[float, ...]:
        return self._schedule

    def set_retry_schedule(self, schedule_s: tuple[float, ...]) -> None:
        """Also for deliveries that are waiting for their next attempt now."""
        self._schedule = schedule_s
        changed, self._schedule_changed = self._schedule_changed, asyncio.Event()
        changed.set()

    def enqueue(self, target: Target, event_id: str, event_type: str, body: bytes) -> None:
        delivery = Delivery(
            event_id, event_type, target.tenant_id, target.subscription_id, target.url
        )
        self.deliveries.append(delivery)
        if self._faults.withholds():
            delivery.status = "dropped"
            return
        due = asyncio.get_running_loop().time() + self._faults.plan.webhooks.delay_s
        queue = self._queues.get(target.subscription_id)
        if queue is None:
            queue = self._queues[target.subscription_id] = deque()
            self._spawn(self._work(target.subscription_id, queue), target.subscription_id)
        queue.append(_Waiting(target, delivery, body, due))

    async def send_now(
        self, target: Target, event_id: str, event_type: str, body: bytes
    ) -> Delivery:
        """One attempt, waited for; for the action ``test``."""
        delivery = Delivery(
            event_id, event_type, target.tenant_id, target.subscription_id, target.url
        )
        self.deliveries.append(delivery)
        delivered = await self._attempt(_Waiting(target, delivery, body, 0.0))
        delivery.status = "delivered" if delivered else "failed"
        return delivery

    def forget(self, subscription_id: str) -> None:
        """Stops everything under way to a subscription that is gone."""
        self._queues.pop(subscription_id, None)
        for task, owner in list(self._tasks.items()):
            if owner == subscription_id:
                task.cancel()
        for delivery in self.deliveries:
            if delivery.subscription_id == subscription_id and delivery.status == "pending":
                delivery.status = "cancelled"

    async def reset(self, retry_schedule_s: tuple[float, ...], timeout_s: float) -> None:
        await self._stop_tasks()
        self.deliveries.clear()
        self._schedule, self.timeout_s = retry_schedule_s, timeout_s

    async def aclose(self) -> None:
        await self._stop_tasks()
        if self._own_client is not None:
            await self._own_client.aclose()
            self._own_client = None

    async def _stop_tasks(self) -> None:
        self._queues.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _spawn(self, work: Coroutine[Any, Any, None], owner: str) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks[task] = owner
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    async def _work(self, subscription_id: str, queue: deque[_Waiting]) -> None:
        while queue:
            if self._faults.plan.webhooks.reorder:
                await asyncio.sleep(REORDER_WINDOW_S)
                batch = [queue[place] for place in self._faults.shuffled(len(queue))]
                queue.clear()
            else:
                batch = [queue.popleft()]
            for waiting in batch:
                await self._sleep_until(waiting.due)
                await self._first_attempt(waiting)
        if self._queues.get(subscription_id) is queue:
            del self._queues[subscription_id]

    async def _first_attempt(self, waiting: _Waiting) -> None:
        twice = self._faults.hit(self._faults.plan.webhooks.duplicate)
        if await self._attempt(waiting):
            waiting.delivery.status = "delivered"
            if twice:
                await self._attempt(waiting)
        else:
            self._spawn(self._retry(waiting), waiting.target.subscription_id)

    async def _retry(self, waiting: _Waiting) -> None:
        loop = asyncio.get_running_loop()
        retry = 0
        while retry < len(self._schedule):
            failed_at = loop.time()
            while retry < len(self._schedule):
                left = failed_at + self._schedule[retry] - loop.time()
                if left <= 0:
                    break
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._schedule_changed.wait(), left)
            if await self._attempt(waiting):
                waiting.delivery.status = "delivered"
                return
            retry += 1
        waiting.delivery.status = "failed"

    async def _sleep_until(self, due: float) -> None:
        left = due - asyncio.get_running_loop().time()
        if left > 0:
            await asyncio.sleep(left)

    async def _attempt(self, waiting: _Waiting) -> bool:
        now = self._clock()
        headers = {
            "content-type": "application/json",
            "user-agent": "trading-grid-emulator",
            **signature_headers(
                waiting.target.secrets_at(now), waiting.delivery.id, now, waiting.body
            ),
        }
        attempt = Attempt(now.isoformat(), None, None)
        waiting.delivery.url = waiting.target.url
        try:
            answer = await self._client().post(
                waiting.target.url, content=waiting.body, headers=headers, timeout=self.timeout_s
            )
        except Exception as error:
            # Whatever a receiver does, also one in process: the attempt failed and says how.
            attempt.error = f"{type(error).__name__}: {error}"
        else:
            attempt.status_code = answer.status_code
        waiting.delivery.attempts.append(attempt)
        return attempt.status_code is not None and 200 <= attempt.status_code < 300

    def _client(self) -> httpx.AsyncClient:
        if self._given_client is not None:
            return self._given_client
        if self._own_client is None:
            self._own_client = httpx.AsyncClient(trust_env=False, follow_redirects=False)
        return self._own_client
