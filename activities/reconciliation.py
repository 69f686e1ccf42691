"""One kind of object, compared with the inbox; its watermark is where a repeat goes on."""

from temporalio import activity

from activities.failures import translated
from domain.reconciliation import Compare, ComparedResult
from intake.reconciliation import Reconciler


class ReconciliationActivities:
    def __init__(self, reconciler: Reconciler) -> None:
        self._reconciler = reconciler

    @activity.defn(name="reconciliation.compare")
    async def compare(self, request: Compare) -> ComparedResult:
        """Put what is missing into the inbox. Heartbeats, like every activity: a run may be long."""
        with translated():
            found = await self._reconciler.compare(request.source, request.scope, request.object)
        return ComparedResult(found=found)
