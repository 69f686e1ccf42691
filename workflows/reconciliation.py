"""Finds what a lost webhook would have told us; on a schedule for each shop and each tenant."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.reconciliation import ReconciliationActivities
    from domain.reconciliation import (
        COMPARED,
        RECONCILIATION,
        Compare,
        Compared,
        ReconcileInput,
        ReconcileResult,
    )

_TRIES = RetryPolicy(
    initial_interval=timedelta(seconds=5),
    maximum_interval=timedelta(minutes=2),
    maximum_attempts=5,
)


@workflow.defn(name=RECONCILIATION)
class ReconciliationWorkflow:
    """One run over a shop, or over a tenant's feed. The next is the schedule's; an overlapping one is skipped."""

    @workflow.run
    async def run(self, input: ReconcileInput) -> ReconcileResult:
        found: dict[str, int] = {}
        errors: dict[str, str] = {}
        for one in COMPARED[input.source]:
            try:
                found[one] = await self._compare(input, one)
            except ActivityError as error:
                # What can't be compared now is compared next time: its watermark has not moved.
                errors[one] = str(error.cause or error)
        return ReconcileResult(found=found, errors=errors)

    async def _compare(self, input: ReconcileInput, one: Compared) -> int:
        result = await workflow.execute_activity_method(
            ReconciliationActivities.compare,
            Compare(source=input.source, scope=input.scope, object=one),
            start_to_close_timeout=timedelta(minutes=30),
            schedule_to_close_timeout=timedelta(hours=1),
            heartbeat_timeout=timedelta(seconds=30),
            retry_policy=_TRIES,
            summary=f"Compare {input.scope}'s {one.value.replace('_', ' ')}",
        )
        return result.found
