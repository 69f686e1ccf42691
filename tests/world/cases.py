"""The cases, as the API, the tables and Temporal have them."""

from typing import Any

from sqlmodel import col, select
from temporalio.api.testservice.v1 import LockTimeSkippingRequest, UnlockTimeSkippingRequest
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from domain.case import CaseSnapshot
from domain.order_exception.names import order_exception_key
from domain.purchase_order.names import order_key
from domain.shipping_documents.names import shipping_documents_key
from persistence.repositories import (
    case_timeline,
    cases,
)
from persistence.tables import Case, CaseTimelineEntry
from tests.world.names import SHOP
from tests.world.parts import Parts


class CasesSide(Parts):
    """Where cases stand."""

    def case_id(self, return_id: str) -> str:
        return f"return-claim:{SHOP}:{return_id}"

    def exception_id(self, order: dict[str, Any]) -> str:
        return order_exception_key(SHOP, order["order_id"])

    def purchases_id(self, order: dict[str, Any]) -> str:
        return order_key(SHOP, order["order_id"])

    def papers_id(self, po_number: str) -> str:
        return shipping_documents_key(SHOP, po_number)

    def handle(self, case_id: str) -> WorkflowHandle[Any, Any]:
        return self.temporal.get_workflow_handle(case_id)

    async def current(self, case_id: str) -> CaseSnapshot:
        handle = self.temporal.get_workflow_handle(case_id)
        seen: CaseSnapshot = await handle.query("current", result_type=CaseSnapshot)
        return seen

    async def until_status(self, case_id: str, *statuses: str) -> CaseSnapshot:
        """Wait, in real time, until the case stands like this."""

        async def look() -> CaseSnapshot | None:
            try:
                return await self.current(case_id)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                return None

        seen: CaseSnapshot = await self.eventually(
            look, lambda seen: seen if seen is not None and seen.status.value in statuses else None
        )
        return seen

    async def result(self, case_id: str) -> dict[str, Any]:
        """The outcome; on the time-skipping server, time is skipped while this waits."""
        handle = self.temporal.get_workflow_handle(case_id, result_type=dict)
        found: dict[str, Any]
        await self.delivered()
        if self.environment is None:
            found = await handle.result()
            return found
        # The SDK skips for handles of `start_workflow` alone; these cases were started by dispatch.
        service = self.temporal.test_service
        await service.unlock_time_skipping(UnlockTimeSkippingRequest())
        try:
            found = await handle.result()
        finally:
            await service.lock_time_skipping(LockTimeSkippingRequest())
        return found

    async def timeline(self, case_id: str) -> list[str]:
        return [entry.text for entry in await self.entries(case_id)]

    async def entries(self, case_id: str) -> list[CaseTimelineEntry]:
        """The timeline as the tables have it, oldest first."""
        async with self.database.read() as session:
            return (await case_timeline.page(session, case_id, limit=200)).items

    async def until_told(self, case_id: str, part: str) -> str:
        """The first line of the timeline with these words, once it is there."""
        found: str = await self.eventually(
            lambda: self.timeline(case_id),
            lambda lines: next((line for line in lines if part in line), None),
        )
        return found

    async def until_notified(self, part: str) -> None:
        """Wait until people were told something with these words: notifications go out beside the story."""

        async def subjects() -> list[str]:
            return self.recorder.subjects()

        await self.eventually(subjects, lambda found: any(part in subject for subject in found))

    async def history(self, case_id: str) -> WorkflowHistory:
        return await self.handle(case_id).fetch_history()

    async def row(self, case_id: str) -> Any:
        async with self.database.read() as session:
            return await cases.get(session, case_id)

    async def row_or_none(self, case_id: str) -> Any:
        async with self.database.read() as session:
            return await cases.find(session, case_id)

    async def all_cases(self) -> list[str]:
        """The ids of all cases there ever were, by number."""
        async with self.database.read() as session:
            rows = (await session.exec(select(Case).order_by(col(Case.number)))).all()
        return [row.id for row in rows]
