"""Cases as the tables show them, and as their workflows answer."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import AwareDatetime, BeforeValidator, Field
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import WorkflowQueryFailedError, WorkflowQueryRejectedError
from temporalio.service import RPCError, RPCStatusCode

from api.access import Reader
from api.errors import (
    CASE_NOT_RUNNING,
    INVALID,
    NOT_FOUND,
    TEMPORAL_UNAVAILABLE,
    Problem,
    documented,
    temporal_unavailable,
)
from api.pages import Cursor, Deps, Limit, Output, link_next
from api.services import Services
from domain import operator
from domain.case import CaseKind, CaseSnapshot, CaseStatus
from persistence.errors import NotFoundError
from persistence.repositories import case_references, case_timeline, cases
from persistence.repositories.cases import CaseFilter
from persistence.tables import Case

router = APIRouter(prefix="/cases", tags=["cases"])

CaseId = Annotated[
    str,
    Path(
        max_length=300,
        description="The case's id, `return-claim:acme:7894` or `...~2`, or its number.",
        examples=["return-claim:acme:7894"],
    ),
]
_NUMBER = re.compile(r"#?([0-9]{1,18})")


class CaseRow(Output):
    """A case in lists."""

    number: int
    id: str
    kind: str
    shop_id: str
    title: str
    status: str
    outcome: str | None
    order_id: str | None
    order_name: str | None
    partners: list[str]
    opened_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    waiting_for: str | None = Field(description="Who is waited for.")
    waiting_since: datetime | None
    due_at: datetime | None
    then_text: str | None = Field(description="What happens when `due_at` passes.")
    escalated: int = Field(description="Level; 0 is none.")
    assignee: str | None
    shadow: bool = Field(description="Decides, and writes nothing outside.")
    orphaned: str | None = Field(description="Why Temporal no longer runs it.")


class CasePage(Output):
    items: list[CaseRow]
    next_cursor: str | None


class ReferenceOut(Output):
    kind: str
    value: str
    scope: str


class CaseDetail(CaseRow):
    """A case with its latest snapshot. `live`: the snapshot is the workflow's answer of this moment."""

    key: str
    references: list[ReferenceOut]
    snapshot: CaseSnapshot | None
    live: bool
    temporal_ui: str = Field(description="Where the Temporal UI shows its history.")


def _inbound(event_id: object) -> int | None:
    """The number of an inbound event; a word from another case of ours is remembered by another kind of id."""
    text = str(event_id or "")
    return int(text) if text.isdecimal() else None


class TimelineRowOut(Output):
    id: int
    at: datetime
    actor: str
    kind: str
    text: str
    data: dict[str, Any] | None
    flagged: bool
    event_id: Annotated[int | None, BeforeValidator(_inbound)] = Field(
        description="The inbound event it came from, where it came from one."
    )


class TimelinePage(Output):
    items: list[TimelineRowOut]
    next_cursor: str | None


Text = Annotated[str | None, Query(max_length=200)]


@router.get("", summary="List cases", responses=documented(INVALID))
async def list_cases(
    request: Request,
    response: Response,
    services: Deps,
    _: Reader,
    kind: Annotated[CaseKind | None, Query()] = None,
    status: Annotated[CaseStatus | None, Query()] = None,
    outcome: Text = None,
    shop: Text = None,
    partner: Text = None,
    order_name: Text = None,
    assignee: Text = None,
    waiting_for: Text = None,
    due_before: Annotated[AwareDatetime | None, Query()] = None,
    escalated: Annotated[bool | None, Query()] = None,
    orphaned: Annotated[bool | None, Query()] = None,
    open: Annotated[bool | None, Query(description="Not closed yet.")] = None,
    text: Annotated[
        str | None,
        Query(max_length=200, description="Part of title, order or id; or the case's number."),
    ] = None,
    order: Annotated[Literal["updated_at", "opened_at"], Query()] = "updated_at",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> CasePage:
    """The latest first, by keyset pages: `next_cursor`, also as a `Link` header."""
    where = CaseFilter(
        kind=kind,
        status=status,
        outcome=outcome,
        shop_id=shop,
        partner_id=partner,
        order_name=order_name,
        assignee=assignee,
        waiting_for=waiting_for,
        due_before=due_before,
        escalated=escalated,
        orphaned=orphaned,
        open=open,
        text=text,
    )
    async with services.database.read() as session:
        page = await cases.page(session, where, order=order, limit=limit, cursor=cursor)
    link_next(request, response, page.next_cursor)
    return CasePage.model_validate(page)


@router.get(
    "/{case_id}",
    summary="Read a case",
    responses=documented(NOT_FOUND, CASE_NOT_RUNNING, TEMPORAL_UNAVAILABLE),
)
async def read_case(
    case_id: CaseId,
    response: Response,
    services: Deps,
    _: Reader,
    live: Annotated[bool, Query(description="Ask the workflow itself.")] = False,
) -> CaseDetail:
    """The row and the latest snapshot its workflow wrote; with `live`, the workflow's own answer.

    A browser gets a page instead (`api.console`).
    """
    response.headers["Vary"] = "Accept"
    async with services.database.read() as session:
        case = await find_case(session, case_id)
        references = await case_references.list_of_case(session, case.id)
    if live:
        snapshot: CaseSnapshot | None = await current(services, case)
    else:
        snapshot = CaseSnapshot.model_validate(case.snapshot) if case.snapshot else None
    return CaseDetail(
        **CaseRow.model_validate(case).model_dump(),
        key=case.key,
        references=[ReferenceOut.model_validate(reference) for reference in references],
        snapshot=snapshot,
        live=live,
        temporal_ui=temporal_link(services, case.id, case.run_id),
    )


@router.get(
    "/{case_id}/timeline", summary="Read a case's timeline", responses=documented(NOT_FOUND)
)
async def read_timeline(
    case_id: CaseId,
    request: Request,
    response: Response,
    services: Deps,
    _: Reader,
    limit: Limit = 200,
    cursor: Cursor = None,
) -> TimelinePage:
    """What happened, oldest first."""
    async with services.database.read() as session:
        case = await find_case(session, case_id)
        page = await case_timeline.page(session, case.id, limit=limit, cursor=cursor)
    link_next(request, response, page.next_cursor)
    return TimelinePage.model_validate(page)


async def find_case(session: AsyncSession, case_id: str) -> Case:
    """By id, or by number as people say it. Raises NotFoundError."""
    if number := _NUMBER.fullmatch(case_id):
        found = await cases.find_by_number(session, int(number[1]))
        if found is None:
            raise NotFoundError("case", case_id)
        return found
    return await cases.get(session, case_id)


async def current(services: Services, case: Case) -> CaseSnapshot:
    """The workflow's answer to the `current` query; a 409 where Temporal does not know it, a 503 where nobody answers."""
    await services.need_temporal()
    handle = services.temporal.get_workflow_handle(case.id)
    try:
        snapshot: CaseSnapshot = await handle.query(
            operator.CURRENT, result_type=CaseSnapshot, rpc_timeout=services.query_within
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise Problem(CASE_NOT_RUNNING, "Temporal does not know this case.") from None
        raise temporal_unavailable("No worker answered in time; read it without `live`.") from error
    except (WorkflowQueryFailedError, WorkflowQueryRejectedError) as error:
        raise Problem(CASE_NOT_RUNNING, f"The workflow can't be asked: {error}") from error
    return snapshot


def temporal_link(services: Services, case_id: str, run_id: str | None) -> str:
    """The Temporal UI's page of a workflow: of a known run, the one that tells in words where it stands.

    Source: Temporal UI 2.54.1; its address without a run leads to the latest run's history.
    """
    settings = services.settings
    namespace = quote(services.temporal.namespace, safe="")
    workflow = f"{settings.temporal_ui.rstrip('/')}/namespaces/{namespace}/workflows/{quote(case_id, safe='')}"
    return f"{workflow}/{quote(run_id, safe='')}/user-metadata" if run_id else workflow
