"""``/events``: everything that happened in the tenant in the last 30 days, by position."""

from bisect import bisect_left, bisect_right
from typing import Annotated

from pydantic import Field

from emulators.trading_grid.errors import ApiError, invalid
from emulators.trading_grid.query import (
    DEFAULT_ITEMS_PER_PAGE,
    MAX_ITEMS_PER_PAGE,
    check_parameters,
    whole_number,
)
from emulators.trading_grid.store import UtcTime, Wire
from emulators.trading_grid.wire import Answer, Call, Endpoint


class PositionBody(Wire):
    """Where to go on from: after a position, or with the first event at or after a time."""

    position: Annotated[int, Field(ge=0)] | None = None
    timestamp: UtcTime | None = None


async def read_events(call: Call) -> Answer:
    given = call.request.query_params
    check_parameters(given, frozenset({"position", "items-per-page"}))
    feed = call.emulator.feeds[call.tenant.id]
    feed.purge(call.now)
    position = whole_number(given, "position", feed.stored_position, 0, 10**18 - 1)
    size = whole_number(given, "items-per-page", DEFAULT_ITEMS_PER_PAGE, 1, MAX_ITEMS_PER_PAGE)
    if 0 < position < feed.purged_through:
        raise ApiError(
            410,
            "position_expired",
            "Events after this position are no longer kept; start at 0 and reconcile.",
        )
    start = bisect_right(feed.events, position, key=lambda event: event.position)
    events = feed.events[start : start + size]
    return Answer(
        200,
        {
            "events": [event.in_feed() for event in events],
            "position": events[-1].position if events else position,
            "has_more": start + size < len(feed.events),
        },
    )


async def store_position(call: Call) -> Answer:
    body = call.parse(PositionBody)
    feed = call.emulator.feeds[call.tenant.id]
    if (body.position is None) == (body.timestamp is None):
        raise invalid("Send either position or timestamp.", "position")
    if body.position is not None:
        feed.stored_position = body.position
    elif body.timestamp is not None:
        later = bisect_left(feed.events, body.timestamp, key=lambda event: event.time)
        if later == len(feed.events):
            feed.stored_position = feed.last_position
        else:
            feed.stored_position = feed.events[later].position - 1
    return Answer(200, {"position": feed.stored_position})


ENDPOINTS = [
    Endpoint("/events", {"GET": read_events}),
    Endpoint("/events/position", {"POST": store_position}),
]
