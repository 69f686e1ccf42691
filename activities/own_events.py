"""Events of our own: into the inbox, and placed like any event."""

import json
from datetime import UTC, datetime

from temporalio import activity

from domain.own_events import EventPut, PutEvent
from intake.dispatch import Dispatcher
from intake.inbox import receive_own
from persistence.repositories import inbound_events
from persistence.session import Database


class OwnEventActivities:
    def __init__(self, database: Database, dispatcher: Dispatcher) -> None:
        self._database = database
        self._dispatcher = dispatcher

    @activity.defn(name="own_events.put")
    async def put(self, request: PutEvent) -> EventPut:
        """Put an event into the inbox and place it, once a delivery id.

        What cannot be placed at once is a value, not an error: the sweep takes it up.
        """
        received = await receive_own(
            self._database,
            scope=request.shop,
            topic=request.topic,
            delivery_id=request.delivery_id,
            body=json.dumps(request.body, sort_keys=True).encode(),
            now=datetime.now(UTC),
        )
        await self._dispatcher.dispatch(received.event_id)
        async with self._database.read() as session:
            row = await inbound_events.get(session, received.event_id)
        return EventPut(
            event_id=row.id,
            status=row.status,
            reason=row.reason or row.error or "",
            case_ids=tuple(row.case_ids),
        )
