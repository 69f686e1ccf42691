"""What runs by itself, on Temporal schedules: the sweep of the inbox, and the daily look at each shop's connection."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.housekeeping import HousekeepingActivities
    from domain.housekeeping import (
        CONNECT_SHOPS,
        SWEEP,
        ConnectShopsResult,
        HousekeepingInput,
        SweepResult,
    )

# The schedule skips a round while one runs. Without heartbeats, a worker's death would hold all of them up for the time-out.
_ALIVE = timedelta(seconds=10)
_ONCE_MORE = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_attempts=3)


@workflow.defn(name=SWEEP)
class SweepWorkflow:
    """One round of the sweep. The next round is the schedule's; an overlapping one is skipped."""

    @workflow.run
    async def run(self, input: HousekeepingInput) -> SweepResult:
        return await workflow.execute_activity_method(
            HousekeepingActivities.sweep,
            input,
            start_to_close_timeout=timedelta(minutes=10),
            heartbeat_timeout=_ALIVE,
            retry_policy=_ONCE_MORE,
            summary="Take up what was left in the inbox",
        )


@workflow.defn(name=CONNECT_SHOPS)
class ConnectShopsWorkflow:
    """Looks after every shop's connection: subscriptions, definitions, scopes, tokens."""

    @workflow.run
    async def run(self, input: HousekeepingInput) -> ConnectShopsResult:
        return await workflow.execute_activity_method(
            HousekeepingActivities.connect_shops,
            input,
            start_to_close_timeout=timedelta(minutes=30),
            heartbeat_timeout=_ALIVE,
            retry_policy=_ONCE_MORE,
            summary="Look after the shops' connections",
        )
