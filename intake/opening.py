"""Opening a case: the row that takes the number, then the workflow. Repeating either changes nothing."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from temporalio.client import Client, WorkflowHandle
from temporalio.common import (
    Priority,
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain import attributes, references
from domain.case import CaseKind, CaseStatus
from domain.return_claim import names
from domain.return_claim.state import ClaimRequest, ReturnClaimInput
from persistence.repositories import cases
from persistence.repositories.case_references import Reference
from persistence.session import Database
from persistence.tables import Case

_NORMAL_PRIORITY = 3  # of 1 (first) to 5


@dataclass(frozen=True)
class Opening:
    """What a return claim is opened with. `key` is the business key, without `~n`."""

    key: str
    shop: str
    opened_by: str
    return_id: str = ""
    order_id: str = ""
    claim: ClaimRequest | None = None

    @property
    def summary(self) -> str:
        """For the Temporal UI; fixed at the start, when only ids are known."""
        if self.claim is not None:
            return f"{self.claim.kind.value.capitalize()} claim {self.claim.external_reference} · {self.shop}"
        return f"Return {self.return_id} · {self.shop}"

    @property
    def references(self) -> tuple[Reference, ...]:
        found = []
        if self.return_id:
            found.append(Reference(kind=references.RETURN, value=self.return_id, scope=self.shop))
        if self.order_id:
            found.append(Reference(kind=references.ORDER, value=self.order_id, scope=self.shop))
        if self.claim is not None:
            found.append(
                Reference(
                    kind=references.EXTERNAL_CLAIM,
                    value=self.claim.external_reference,
                    scope=self.shop,
                )
            )
        return tuple(found)


@dataclass(frozen=True)
class OpenedClaim:
    case_id: str
    number: int
    created: bool


class HasEnded(Exception):
    """The object's case has ended, and nobody asked for another one."""

    def __init__(self, case: Case) -> None:
        super().__init__(f"The case {case.id} ended as {case.outcome}.")
        self.case = case


def opening_of_return(shop: str, return_id: str, *, order_id: str = "", opened_by: str) -> Opening:
    return Opening(
        key=names.return_key(shop, return_id),
        shop=shop,
        opened_by=opened_by,
        return_id=return_id,
        order_id=order_id,
    )


def opening_of_claim(shop: str, claim: ClaimRequest, *, opened_by: str) -> Opening:
    return Opening(
        key=names.claim_key(shop, claim.external_reference),
        shop=shop,
        opened_by=opened_by,
        order_id=claim.order_id,
        claim=claim,
    )


async def open_case(
    database: Database,
    temporal: Client,
    task_queue: str,
    opening: Opening,
    *,
    event_id: int | None,
    now: datetime,
    again: bool = False,
) -> OpenedClaim:
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
            kind=CaseKind.RETURN_CLAIM.value,
            shop_id=opening.shop,
            title=opening.summary,
            status=CaseStatus.OPENING.value,
            now=now,
            references=opening.references,
            opened_by_event_id=event_id,
            order_id=opening.order_id or None,
        )
        if created and case.id != opening.key and not again:
            # Only the row that was refused its key knows for certain; raising takes it back.
            earlier = await cases.list_of_key(session, opening.key)
            newest = next(one for one in earlier if one.id != case.id)
            session.expunge(newest)  # a row that is taken back would make it unreadable
            raise HasEnded(newest)
    try:
        await temporal.start_workflow(
            names.WORKFLOW,
            ReturnClaimInput(
                case_id=case.id,
                number=case.number,
                shop=opening.shop,
                return_id=opening.return_id,
                claim=opening.claim,
                opened_by=opening.opened_by,
                event_id=str(event_id or ""),
            ),
            id=case.id,
            task_queue=task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            static_summary=opening.summary,
            search_attributes=TypedSearchAttributes(
                [
                    SearchAttributePair(
                        SearchAttributeKey.for_keyword(attributes.CASE_KIND),
                        CaseKind.RETURN_CLAIM.value,
                    ),
                    SearchAttributePair(
                        SearchAttributeKey.for_keyword(attributes.SHOP), opening.shop
                    ),
                    SearchAttributePair(
                        SearchAttributeKey.for_keyword(attributes.CASE_STATUS),
                        CaseStatus.OPENING.value,
                    ),
                ]
            ),
            priority=Priority(priority_key=_NORMAL_PRIORITY, fairness_key=opening.shop),
        )
    except WorkflowAlreadyStartedError:
        # It ran and has ended: its last snapshot has not reached the row yet. Never a second run.
        created = False
    return OpenedClaim(case.id, case.number, created)


def handle(temporal: Client, case_id: str) -> WorkflowHandle[object, object]:
    return temporal.get_workflow_handle(case_id)


def claim_body(
    *, return_id: str, claim: ClaimRequest | None, opened_by: str, again: bool
) -> tuple[bytes, str]:
    """The inbox body of an operator's request for a claim, and the delivery id that makes a repeat of it a duplicate."""
    body = json.dumps(
        {
            "return_id": return_id,
            "claim": claim.model_dump(mode="json") if claim else None,
            "opened_by": opened_by,
            "again": again,
        },
        sort_keys=True,
    ).encode()
    return body, sha256(body).hexdigest()
