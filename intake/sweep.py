"""The sweep: nothing that reached the inbox is forgotten, and no case is lost to Temporal without a word."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from intake.dispatch import Dispatcher
from intake.failures import is_unknown_workflow
from persistence.repositories import cases, inbound_events
from persistence.session import Database

log = structlog.get_logger()

_AT_ONCE = 100


@dataclass(frozen=True)
class SweepReport:
    """What a sweep did."""

    dispatched: int
    orphans: tuple[str, ...]
    purged: int


class Sweep:
    """Takes up what was left: events that were received and not placed, parked ones that are due, orphaned cases."""

    def __init__(
        self,
        database: Database,
        dispatcher: Dispatcher,
        temporal: Client,
        *,
        retention: timedelta = timedelta(days=30),
    ) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._temporal = temporal
        self._retention = retention

    async def run(self) -> SweepReport:
        """One round; safe beside others."""
        dispatched = 0
        tried: set[int] = set()
        while True:
            async with self._database.read() as session:
                due = await inbound_events.due(session, datetime.now(UTC), _AT_ONCE)
            # What was tried and is left waits for its next attempt, and makes room for what stands behind it.
            news = [event_id for event_id in due if event_id not in tried]
            if not news:
                break
            tried.update(news)
            dispatched += sum(await asyncio.gather(*map(self._one, news)))
        now = datetime.now(UTC)
        async with self._database.begin() as session:
            purged = await inbound_events.purge_bodies(session, now - self._retention, now)
        return SweepReport(dispatched, tuple(await self._orphans()), purged)

    async def _one(self, event_id: int) -> bool:
        try:
            settled = await self._dispatcher.dispatch(event_id)
        except Exception:
            # Its lease runs out, and the next round tries it again; the others must not wait for that.
            log.exception("event not settled", event_id=event_id)
            return False
        return settled is not None and settled.status not in {"received", "parked"}

    async def _orphans(self) -> list[str]:
        """Compare open rows with Temporal; flag those it does not run. Rows of the last minute are left alone."""
        flagged: list[str] = []
        after = 0
        grace = datetime.now(UTC) - timedelta(minutes=1)
        while True:
            async with self._database.read() as session:
                rows = await cases.open_cases(session, after_number=after, limit=200)
            if not rows:
                return flagged
            after = rows[-1].number
            for row in rows:
                if row.opened_at > grace:
                    continue
                reason = await self._why_orphaned(row.id)
                if reason == row.orphaned:
                    continue
                async with self._database.begin() as session:
                    await cases.set_orphaned(session, row.id, reason, datetime.now(UTC))
                if reason:
                    flagged.append(row.id)

    async def _why_orphaned(self, case_id: str) -> str | None:
        try:
            description = await self._temporal.get_workflow_handle(case_id).describe()
        except RPCError as error:
            if is_unknown_workflow(error):
                return "Temporal does not know this case's workflow."
            raise
        status = description.status
        if status is None or status.name in {"RUNNING", "CONTINUED_AS_NEW"}:
            return None
        if status.name == "COMPLETED":
            return (
                None
                if description.close_time is None
                or datetime.now(UTC) - description.close_time < timedelta(minutes=5)
                else "The workflow has ended, its last word is missing here."
            )
        return f"The workflow was {status.name.lower().replace('_', ' ')} in Temporal."
