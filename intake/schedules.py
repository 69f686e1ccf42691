"""The Temporal schedules that reconcile each shop and each tenant."""

import dataclasses
from dataclasses import dataclass
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)

from domain.message import Message
from domain.reconciliation import RECONCILIATION, ReconcileInput, Source


async def put_schedule(
    client: Client, name: str, workflow: str, argument: Message, every: timedelta, task_queue: str
) -> None:
    """Make a schedule, or bring it up to date. Runs never overlap; who paused it had a reason, so that stays.

    Raises:
        RPCError: Temporal does not answer.
    """
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(workflow, argument, id=name, task_queue=task_queue),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
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


def schedule_id(source: Source, scope: str) -> str:
    return f"gridcase-reconcile-{source.value.replace('_', '-')}-{scope}"
