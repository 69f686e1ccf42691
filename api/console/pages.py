"""`/console`, and `/cases/{id}` for browsers. Who may read a case as JSON may read its page; an error is a page too."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from sqlmodel.ext.asyncio.session import AsyncSession

from api import cases as case_routes
from api import documents as document_routes
from api.access import Caller, Reader
from api.cases import CaseId
from api.console import words, worklist
from api.console.hints import asked_partners, hints
from api.console.negotiation import PageRoute
from api.console.related import known_names, related
from api.errors import Problem, from_exception, invalid
from api.login import page
from api.pages import Deps
from api.services import Services
from domain.case import CaseStatus
from persistence.errors import PersistenceError
from persistence.pages import MAX_PAGE
from persistence.repositories import case_timeline
from persistence.tables import CaseTimelineEntry

router = APIRouter(tags=["people"], include_in_schema=False)

_ROWS = 50
_TIMELINE_PAGES = 5
_OPEN = [status for status in CaseStatus if not status.final]

Text = Annotated[str, Query(max_length=200)]


@router.get("/console")
async def console(
    request: Request,
    services: Deps,
    caller: Reader,
    status: Text = "",
    shop: Text = "",
    partner: Text = "",
    cursor: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    """Open cases, the merchant's own first, then by due time."""
    where = worklist.WorkFilter(status.strip(), shop.strip(), partner.strip())
    try:
        if where.status and where.status not in _OPEN:
            raise invalid(f"There are no open cases with the status {where.status}.")
        async with services.database.read() as session:
            found = await worklist.page(session, where, limit=_ROWS, cursor=cursor or None)
            total, own = await worklist.count(session)
            shops, partners = await worklist.shops(session), await worklist.partners(session)
    except (Problem, PersistenceError) as error:
        return _refused(request, services, caller, error)
    asked = {"status": where.status, "shop": where.shop, "partner": where.partner}
    chosen = {name: value for name, value in asked.items() if value}
    following = {**chosen, "cursor": found.next_cursor or ""}
    return _answer(
        "console/list.html",
        services,
        caller,
        rows=found.items,
        names=[
            _partner_names(row.partners, (row.snapshot or {}).get("detail", {}))
            for row in found.items
        ],
        total=total,
        own=own,
        shops=shops,
        partners=partners,
        statuses=[(one.value, words.STATUS[one]) for one in _OPEN],
        asked=asked,
        filtered=bool(chosen),
        first_page="/console" + (f"?{urlencode(chosen)}" if chosen else ""),
        later=bool(cursor),
        next_page=f"/console?{urlencode(following)}" if found.next_cursor else "",
    )


async def case_page(
    request: Request,
    case_id: CaseId,
    services: Deps,
    caller: Reader,
    live: Annotated[bool, Query()] = False,
) -> Response:
    """What `GET /cases/{id}` answers, its timeline and its documents, as one page."""
    try:
        case = await case_routes.read_case(case_id, Response(), services, caller, live)
        papers = await document_routes.list_documents(case.id, services, caller)
        detail: dict[str, Any] = case.snapshot.detail if case.snapshot else {}
        async with services.database.read() as session:
            timeline, rest = await _timeline(session, case.id)
            others = await related(session, case, detail)
            names = _partner_names(case.partners, detail)
            names |= await known_names(session, case.shop_id, names)
    except (Problem, PersistenceError) as error:
        return _refused(request, services, caller, error)
    return _answer(
        "console/case.html",
        services,
        caller,
        case=case,
        seen=case.snapshot,
        detail=detail,
        names=names,
        open=case.closed_at is None,
        timeline=timeline,
        timeline_rest=rest,
        papers=papers.items,
        related=others,
        hints=hints(request.app, case),
    )


router.add_api_route("/cases/{case_id}", case_page, route_class_override=PageRoute)


async def _timeline(session: AsyncSession, case_id: str) -> tuple[list[CaseTimelineEntry], str]:
    """The entries, oldest first, and where those beyond a thousand are; empty where these are all."""
    entries: list[CaseTimelineEntry] = []
    cursor: str | None = None
    for _ in range(_TIMELINE_PAGES):
        part = await case_timeline.page(session, case_id, limit=MAX_PAGE, cursor=cursor)
        entries += part.items
        cursor = part.next_cursor
        if cursor is None:
            return entries, ""
    return entries, urlencode({"cursor": cursor or ""})


def _partner_names(handles: Sequence[str], detail: Mapping[str, Any]) -> dict[str, str]:
    """Partners by handle, with the names the snapshot has for them."""
    names = {one.get("partner"): one.get("name") for one in asked_partners(detail)}
    return {handle: names.get(handle) or handle for handle in handles}


def _refused(request: Request, services: Services, caller: Caller, error: Exception) -> Response:
    """An error as the JSON routes would answer it, in words and with a way on."""
    problem = from_exception(error)
    answer = _answer(
        "console/problem.html",
        services,
        caller,
        status=problem.status_code,
        title=problem.type.title,
        text=str(problem.detail),
        request_id=getattr(request.state, "request_id", ""),
    )
    answer.headers.update(problem.headers or {})
    return answer


def _answer(
    template: str, services: Services, caller: Caller, *, status: int = 200, **values: object
) -> Response:
    """A page for this caller; its address may answer others otherwise, by `Accept`."""
    answer = page(template, status=status, words=words, caller=caller, now=services.now(), **values)
    answer.headers["Vary"] = "Accept"
    return answer
