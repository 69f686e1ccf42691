"""The inbox: what came in, what became of it, and trying it again."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import Field

from api.access import Admin, Operator, Reader
from api.errors import BODY_PURGED, INVALID, NOT_FOUND, Problem, documented
from api.pages import Cursor, Deps, Input, Limit, Output, link_next
from api.routing import RowId
from persistence.repositories import inbound_events
from persistence.repositories.inbound_events import EventFilter, EventStatus, Source

router = APIRouter(prefix="/inbound-events", tags=["inbox"])


class EventOut(Output):
    """An event, without its body. `reason` and `error` say what became of it."""

    id: int
    source: str
    scope: str = Field(description="The shop, or the tenant.")
    topic: str
    delivery_id: str
    status: str
    reason: str | None
    error: str | None
    attempts: int
    case_ids: list[str]
    received_at: datetime
    dispatched_at: datetime | None
    next_attempt_at: datetime | None


class EventDetail(EventOut):
    """With the headers that are kept; signatures are not among them."""

    headers: dict[str, Any]
    body_sha256: str
    has_body: bool = Field(description="False once its 30 days are over.")


class EventPage(Output):
    items: list[EventOut]
    next_cursor: str | None


class WhichParked(Input):
    """Which parked events; what is left out is any."""

    source: Source | None = None
    scope: str | None = Field(default=None, max_length=64)
    topic: str | None = Field(default=None, max_length=100)


class Unparked(Output):
    unparked: int = Field(examples=[3])


@router.get("", summary="List events", responses=documented(INVALID))
async def list_events(
    request: Request,
    response: Response,
    services: Deps,
    _: Reader,
    source: Annotated[Source | None, Query()] = None,
    scope: Annotated[str | None, Query(max_length=64)] = None,
    topic: Annotated[str | None, Query(max_length=100)] = None,
    status: Annotated[EventStatus | None, Query()] = None,
    case_id: Annotated[str | None, Query(max_length=300)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> EventPage:
    """Newest first, by keyset pages."""
    where = EventFilter(source=source, scope=scope, topic=topic, status=status, case_id=case_id)
    async with services.database.read() as session:
        page = await inbound_events.page(session, where, limit=limit, cursor=cursor)
    link_next(request, response, page.next_cursor)
    return EventPage.model_validate(page)


@router.get("/{event}", summary="Read an event", responses=documented(NOT_FOUND))
async def read_event(event: RowId, services: Deps, _: Reader) -> EventDetail:
    async with services.database.read() as session:
        row = await inbound_events.get(session, event)
    return EventDetail(
        **EventOut.model_validate(row).model_dump(),
        headers=row.headers,
        body_sha256=row.body_sha256,
        has_body=row.body is not None,
    )


@router.get(
    "/{event}/body",
    summary="Download an event's body",
    response_class=Response,
    responses={
        200: {"content": {"application/octet-stream": {}}, "description": "As it was sent."},
        **documented(NOT_FOUND, BODY_PURGED),
    },
)
async def read_event_body(event: RowId, services: Deps, _: Admin) -> Response:
    """It may name customers, hence the scope admin."""
    async with services.database.read() as session:
        row = await inbound_events.get(session, event)
    if row.body is None:
        raise Problem(BODY_PURGED, "The body is past its 30 days.")
    return Response(
        row.body,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="event-{row.id}.json"'},
    )


@router.post(
    "/replay-parked",
    summary="Try parked events again",
    status_code=202,
    responses=documented(INVALID),
)
async def replay_parked(
    body: Annotated[WhichParked, Body(examples=[{"scope": "acme"}])], services: Deps, _: Operator
) -> Unparked:
    async with services.database.begin() as session:
        count = await inbound_events.unpark(
            session, services.now(), source=body.source, scope=body.scope, topic=body.topic
        )
    if count:
        services.background.start(services.sweep.run(), "take up parked events")
    return Unparked(unparked=count)


@router.post(
    "/{event}/replay",
    summary="Dispatch an event again",
    status_code=202,
    responses=documented(NOT_FOUND, BODY_PURGED),
)
async def replay_event(event: RowId, services: Deps, _: Operator) -> EventOut:
    """As if it had just come in, whatever became of it. Cases remember events, so nothing is done twice."""
    async with services.database.begin() as session:
        row = await inbound_events.replay(session, event, services.now())
    services.background.start(services.dispatcher.dispatch(event), f"dispatch event {event}")
    return EventOut.model_validate(row)
