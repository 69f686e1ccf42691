"""The sweep: nothing that reached the inbox is forgotten, and no case is lost to Temporal without a word."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from intake.dispatch import Dispatcher
from persistence.repositories import cases, inbound_events
from persistence.session import Database


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
        while True:
            async with self._database.read() as session:
                due = await inbound_events.due(session, datetime.now(UTC), 100)
            if not due:
                break
            done = await asyncio.gather(*(self._one(event_id) for event_id in due))
            dispatched += sum(done)
            if not any(done):
                break
        now = datetime.now(UTC)
        async with self._database.begin() as session:
            purged = await inbound_events.purge_bodies(session, now - self._retention, now)
        return SweepReport(dispatched, tuple(await self._orphans()), purged)

    async def _one(self, event_id: int) -> bool:
        settled = await self._dispatcher.dispatch(event_id)
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
            if error.status is RPCStatusCode.NOT_FOUND:
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
