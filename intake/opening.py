"""Opening a case: the row that takes the number, then the workflow. Repeating either changes nothing.

The row keeps the workflow's name and argument until the workflow has written its first snapshot. So a row whose workflow
never started is started from the row alone, whatever its lifecycle. `openings` has what each lifecycle is opened with.
"""

from dataclasses import dataclass
from datetime import datetime

from temporalio.client import Client
from temporalio.common import (
    Priority,
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain import attributes
from domain.case import CaseKind, CaseStatus
from domain.message import Message
from persistence.repositories import cases
from persistence.repositories.case_references import Reference
from persistence.session import Database
from persistence.tables import Case

_NORMAL_PRIORITY = 3  # of 1 (first) to 5


@dataclass(frozen=True)
class Opening:
    """What a case is opened with, whatever its lifecycle.

    `key` is the business key, without `~n`. `summary` is for the Temporal UI: fixed at the start, when only ids are known.
    `argument` is the workflow's input; its `case_id`, `number` and `event_id` are filled in from the row.
    """

    kind: CaseKind
    workflow: str
    key: str
    shop: str
    summary: str
    argument: Message
    order_id: str = ""
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class OpenedCase:
    case_id: str
    number: int
    created: bool


class HasEnded(Exception):
    """The object's case has ended, and nobody asked for another one."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"The case {case.id} ended as {case.outcome}.")
        self.case = case


async def open_case(
    database: Database,
    temporal: Client,
    task_queue: str,
    opening: Opening,
    *,
    event_id: int | None,
    now: datetime,
    again: bool = False,
) -> OpenedCase:
    """Take the case number, then start the workflow; a repeat finds both.

    The row comes first: when the process dies between the two, the next attempt starts what is missing. Where the object's
    case has ended, another one opens only with `again`.

    Raises:
        HasEnded: the object's case has ended, perhaps this very moment.
        RPCError: Temporal does not answer; the row stays, and the next attempt starts the workflow.
    """
    async with database.begin() as session:
        case, created = await cases.open_case(
            session,
            key=opening.key,
            kind=opening.kind.value,
            shop_id=opening.shop,
            title=opening.summary,
            status=CaseStatus.OPENING.value,
            now=now,
            references=opening.references,
            opened_by_event_id=event_id,
            order_id=opening.order_id or None,
            workflow=opening.workflow,
            argument=opening.argument.model_dump(mode="json"),
        )
        if created and case.id != opening.key and not again:
            # Only the row that was refused its key knows for certain; raising takes it back.
            earlier = await cases.list_of_key(session, opening.key)
            newest = next(one for one in earlier if one.id != case.id)
            session.expunge(newest)  # a row that is taken back would make it unreadable
            raise HasEnded(newest)
    # It ran and has ended where it does not start: its last snapshot has not reached the row yet. Never a second run.
    started = case.run_id is not None or await start(temporal, task_queue, case)
    return OpenedCase(case.id, case.number, created and started)


async def start(temporal: Client, task_queue: str, case: Case) -> bool:
    """Start the workflow of a row that has none yet; whether it runs now.

    False where it has run and ended, and for a row that does not keep what its workflow starts with.

    Raises:
        RPCError: Temporal does not answer.
    """
    if case.workflow is None or case.argument is None:
        return False
    argument = case.argument | {
        "case_id": case.id,
        "number": case.number,
        "event_id": str(case.opened_by_event_id or ""),
    }
    keyword = SearchAttributeKey.for_keyword
    try:
        await temporal.start_workflow(
            case.workflow,
            argument,
            id=case.id,
            task_queue=task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            static_summary=case.title,
            search_attributes=TypedSearchAttributes(
                [
                    SearchAttributePair(keyword(attributes.CASE_KIND), case.kind),
                    SearchAttributePair(keyword(attributes.SHOP), case.shop_id),
                    SearchAttributePair(keyword(attributes.CASE_STATUS), CaseStatus.OPENING.value),
                ]
            ),
            priority=Priority(priority_key=_NORMAL_PRIORITY, fairness_key=case.shop_id),
        )
    except WorkflowAlreadyStartedError:
        return False
    return True
