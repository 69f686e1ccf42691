"""A word to people from a case; never holds it up."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.notification import NotificationActivities
    from domain.case import CaseState
    from domain.notification import Notify, Severity
    from workflows.case_file import CaseFile
    from workflows.options import NOTIFICATION
    from workflows.waiting import Background


class Notices:
    """Sends notifications of one case, beside its story, and writes into its timeline whom they reached."""

    def __init__(
        self, case: CaseState, file: CaseFile, background: Background, *, case_id: str, shop: str
    ) -> None:
        self._case = case
        self._file = file
        self._background = background
        self._case_id = case_id
        self._shop = shop
        self._under_way = 0

    @property
    def at_rest(self) -> bool:
        """Whether nothing is on its way to people."""
        return not self._under_way

    def send(self, recipients: Sequence[str], severity: Severity, subject: str, text: str) -> None:
        """Have these recipients told; a failure becomes a flagged line in the timeline."""
        for recipient in recipients:
            self._case.call_sequence += 1
            notice = Notify(
                key=f"{workflow.info().first_execution_run_id}:{self._case.call_sequence}",
                recipient=recipient,
                severity=severity,
                subject=f"{self._case.title}: {subject}",
                text=text,
                case_id=self._case_id,
                shop=self._shop,
            )
            self._under_way += 1
            self._background.start(self._tell(notice, subject))

    async def _tell(self, notice: Notify, subject: str) -> None:
        try:
            await self._send(notice, subject)
        finally:
            self._under_way -= 1

    async def _send(self, notice: Notify, subject: str) -> None:
        try:
            told = await workflow.execute_activity_method(
                NotificationActivities.notify,
                notice,
                **NOTIFICATION | {"summary": f"Tell people: {subject}"[:200]},
            )
        except ActivityError:
            self._file.note("notification", f"Nobody could be told: {subject}", flagged=True)
            return
        if told.failure:
            self._file.note("notification", f"Not told: {subject} ({told.failure})", flagged=True)
        else:
            self._file.note("notification", f"Told {told.recipient.rstrip(':')}: {subject}")
