"""The Temporal schedules that reconcile each shop and each tenant."""

import dataclasses
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from domain.housekeeping import REFRESH_ITEMS, RefreshShopItems
from domain.message import Message
from domain.reconciliation import RECONCILIATION, ReconcileInput, Source

_NIGHT = 3  # o'clock, in the shop


async def put_schedule(
    client: Client,
    name: str,
    workflow: str,
    argument: Message,
    when: timedelta | ScheduleSpec,
    task_queue: str,
) -> None:
    """Make a schedule, or bring it up to date. Runs never overlap; who paused it had a reason, so that stays.

    `when`: every so often, or by the calendar.

    Raises:
        RPCError: Temporal does not answer.
    """
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(workflow, argument, id=name, task_queue=task_queue),
        spec=when
        if isinstance(when, ScheduleSpec)
        else ScheduleSpec(intervals=[ScheduleIntervalSpec(every=when)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )
    try:
        await client.create_schedule(name, schedule)
    except ScheduleAlreadyRunningError:

        def update(found: ScheduleUpdateInput) -> ScheduleUpdate:
            return ScheduleUpdate(
                dataclasses.replace(schedule, state=found.description.schedule.state)
            )

        await client.get_schedule_handle(name).update(update)


@dataclass(frozen=True)
class Schedules:
    """Puts the schedules of shops and tenants; connecting a shop does."""

    temporal: Client
    task_queue: str
    every: timedelta

    async def put(self, source: Source, scope: str) -> str:
        """Have a shop, or a tenant's feed, reconciled; in words."""
        await put_schedule(
            self.temporal,
            schedule_id(source, scope),
            RECONCILIATION,
            ReconcileInput(source=source, scope=scope),
            self.every,
            self.task_queue,
        )
        return f"Every {self.every}."

    async def put_nightly(self, shop: str, time_zone: str | None) -> str:
        """Have a shop's inventory items read again each night; in words. A shop without a feed costs nothing."""
        # A minute of each shop's own: shops of one time zone do not all begin at once.
        minute = int(sha256(shop.encode()).hexdigest(), 16) % 60
        night = ScheduleCalendarSpec(
            hour=[ScheduleRange(_NIGHT)], minute=[ScheduleRange(minute)], second=[ScheduleRange(0)]
        )
        await put_schedule(
            self.temporal,
            nightly_id(shop),
            REFRESH_ITEMS,
            RefreshShopItems(shop=shop),
            ScheduleSpec(calendars=[night], time_zone_name=time_zone or "UTC"),
            self.task_queue,
        )
        return f"Each night at {_NIGHT:02d}:{minute:02d}, {time_zone or 'UTC'}."


def nightly_id(shop: str) -> str:
    """Begins like a feed's own id: its calls are held by the pause switches of the shop's feeds. No partner is called so."""
    return f"inventory-feed:{shop}:~nightly"


def schedule_id(source: Source, scope: str) -> str:
    return f"gridcase-reconcile-{source.value.replace('_', '-')}-{scope}"
