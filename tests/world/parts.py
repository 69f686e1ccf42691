"""What every side of the world stands on: its parts, the time, and a look that waits."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from clients.notification.port import Notification
from intake.connections import Connections
from intake.dispatch import Dispatcher
from persistence.encryption import SecretBox
from persistence.session import Database
from settings import Settings

HOUR = timedelta(hours=1)
STEP = timedelta(hours=2)


class Recorder:
    """A notifier that remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, Notification]] = []

    async def notify(self, notification: Notification, recipients: Any) -> None:
        self.told += [(recipient, notification) for recipient in recipients]

    def subjects(self) -> list[str]:
        return [notification.subject for _, notification in self.told]


@dataclass
class Parts:
    """The parts of a world, and time."""

    """What a test drives: the merchant's customers, the merchant, the partners, and time."""

    temporal: Client
    database: Database
    box: SecretBox
    connections: Connections
    dispatcher: Dispatcher
    shopify: httpx.AsyncClient
    trading_grid: httpx.AsyncClient
    recorder: Recorder
    settings: Settings
    environment: WorkflowEnvironment | None = None
    deliver: bool = True
    """Whether webhooks reach the intake; off, they are lost."""
    lose_answer_to: str = ""
    """A mutation: Shopify does it, and its next answer is lost on the way."""
    before_call: dict[str, Callable[[], Awaitable[object]]] = field(default_factory=dict)
    """Mutation -> what somebody else does just before it arrives, once."""
    emulators: dict[str, Any] = field(default_factory=dict)
    furnished: int = 0
    grid_furnished: int = 0
    """The emulators' last calls before a test began."""
    updates: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def delivered(self) -> None:
        """Wait until no webhook is on its way; time that is skipped would overtake it."""

        async def pending() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []
            for client in (self.shopify, self.trading_grid):
                found += (await client.get("/_emulator/deliveries")).json()["deliveries"]
            return [one for one in found if "pending" in (one.get("state"), one.get("status"))]

        await self.eventually(pending, lambda found: not found)

    async def sleep(self, time: timedelta) -> None:
        """Let time pass, on the time-skipping server."""
        assert self.environment is not None
        await self.delivered()
        end = await self.environment.get_current_time() + time
        # In steps: what is retried meanwhile takes its real time, and one call has ten seconds.
        while (left := end - await self.environment.get_current_time()) > timedelta(0):
            await self.environment.sleep(min(left, STEP))

    async def now(self) -> datetime:
        """The time as workflows see it."""
        assert self.environment is not None
        return await self.environment.get_current_time()

    async def eventually(
        self,
        look: Callable[[], Awaitable[Any]],
        wanted: Callable[[Any], Any],
        within: float = 25,
    ) -> Any:
        """The first wanted value; polls every 20 ms, since nothing tells a test when another process is done."""
        end = asyncio.get_running_loop().time() + within
        while True:
            seen = await look()
            found = wanted(seen)
            if found is not None and found is not False:
                return found
            if asyncio.get_running_loop().time() > end:
                raise AssertionError(
                    f"It did not come about within {within} s; last seen: {seen!r}"
                )
            await asyncio.sleep(0.02)

    @staticmethod
    async def _post(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = await client.post(path, json=body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found
