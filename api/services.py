"""What the routes need, made once a process by the composition root (`main`) or by a test."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from temporalio.client import Client
from temporalio.converter import PayloadCodec
from temporalio.service import RPCError

from api.errors import temporal_unavailable
from clients.documents import DocumentStore
from intake.connections import Connections
from intake.dispatch import Dispatcher
from intake.schedules import Schedules
from intake.sweep import Sweep
from persistence.encryption import SecretBox
from persistence.session import Database
from settings import Settings

_log = structlog.get_logger(__name__)


class Background:
    """Work that goes on after an answer; kept, so that it is not collected, and drained at shutdown."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, Any], what: str) -> None:
        """Begin it now; its failure is logged and reaches nobody."""
        task = asyncio.create_task(self._run(work, what), name=what)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    @property
    def running(self) -> int:
        return len(self._tasks)

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way; what takes longer is cancelled (the inbox and Temporal remember it)."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            _log.warning("api.background_cancelled", tasks=sorted(t.get_name() for t in late))
            await asyncio.wait(late)

    @staticmethod
    async def _run(work: Coroutine[Any, Any, Any], what: str) -> None:
        try:
            await work
        except Exception as error:
            _log.error("api.background_failed", what=what, exc_info=error)


@dataclass(frozen=True)
class Services:
    """`temporal` may be made lazily: webhooks are taken while it is down. `peppers`: the first hashes new API keys, any
    verifies. `session_keys`: the first signs session cookies, any verifies."""

    settings: Settings
    database: Database
    box: SecretBox
    temporal: Client
    connections: Connections
    dispatcher: Dispatcher
    documents: DocumentStore
    peppers: tuple[bytes, ...] = field(repr=False)
    session_keys: tuple[bytes, ...] = field(repr=False)
    sweep: Sweep
    codec: PayloadCodec | None = None
    update_within: float = 5.0
    """Seconds an operator's command is waited for before it is answered with 202."""
    query_within: timedelta = timedelta(seconds=5)
    background: Background = field(default_factory=Background)

    @property
    def schedules(self) -> Schedules:
        every = timedelta(seconds=self.settings.reconcile_seconds)
        return Schedules(self.temporal, self.settings.task_queue, every)

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def temporal_answers(self, seconds: float = 2.0) -> bool:
        """Whether Temporal can be reached now."""
        try:
            async with asyncio.timeout(seconds):
                return await self.temporal.service_client.check_health()
        except (RPCError, RuntimeError, TimeoutError):
            # RuntimeError: a lazy client that could not connect; it tries again at the next call.
            return False

    async def need_temporal(self) -> None:
        """Raises a 503 where Temporal can't be reached, before anything is begun."""
        if not await self.temporal_answers():
            raise temporal_unavailable("Nothing was done. Try again later.")
