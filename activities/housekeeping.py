"""The scheduled chores: the sweep, and the daily look at each shop's connection."""

from datetime import UTC, datetime

from temporalio import activity

from domain.housekeeping import ConnectShopsResult, HousekeepingInput, SweepResult
from intake.connect import connect_shop
from intake.connections import Connections
from intake.schedules import Schedules
from intake.sweep import Sweep
from persistence.encryption import SecretBox
from persistence.repositories import shops
from persistence.session import Database


class HousekeepingActivities:
    def __init__(
        self,
        database: Database,
        box: SecretBox,
        connections: Connections,
        sweep: Sweep,
        *,
        public_url: str,
        schedules: Schedules | None = None,
    ) -> None:
        self._database = database
        self._box = box
        self._connections = connections
        self._sweep = sweep
        self._public_url = public_url
        self._schedules = schedules

    @activity.defn(name="housekeeping.sweep")
    async def sweep(self, request: HousekeepingInput) -> SweepResult:
        """Dispatch what was left, purge old payloads, flag cases that Temporal does not run."""
        report = await self._sweep.run()
        return SweepResult(
            dispatched=report.dispatched, orphans=report.orphans, purged=report.purged
        )

    @activity.defn(name="housekeeping.connect_shops")
    async def connect_shops(self, request: HousekeepingInput) -> ConnectShopsResult:
        """Connect every connected shop again: what is there is left alone, what is gone is made again."""
        async with self._database.read() as session:
            known = [
                shop.id for shop in await shops.list_all(session) if shop.status == "connected"
            ]
        failures: dict[str, tuple[str, ...]] = {}
        for shop in known:
            report = await connect_shop(
                self._database,
                self._box,
                self._connections,
                shop,
                public_url=self._public_url,
                now=datetime.now(UTC),
                schedules=self._schedules,
            )
            failed = tuple(
                f"{step.name}: {step.detail}" for step in report.steps if step.status == "failed"
            )
            if failed:
                failures[shop] = failed
        return ConnectShopsResult(failures=failures)
