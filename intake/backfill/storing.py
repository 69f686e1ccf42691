"""What backfills share: how far back one may look, and how what is found goes into the inbox."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from persistence.repositories import inbound_events
from persistence.session import Database
from persistence.tables import InboundEvent

LIMIT = 500
"""Events put into the inbox by one run. The next run goes on, since those have their cases then."""

VISIBLE = timedelta(days=60)
"""The age from which on Shopify shows orders with the scope `OLD_ORDERS` only."""
OLD_ORDERS = "read_all_orders"


class EventDispatcher(Protocol):
    """What places an event of the inbox: `intake.dispatch.Dispatcher`."""

    async def dispatch(self, event_id: int) -> object: ...


@dataclass(frozen=True)
class Older:
    """Something found: the topic it goes by, its Shopify number, when it last changed, and the event's body."""

    topic: str
    object_id: str
    changed_at: datetime
    body: dict[str, str]


def check(since: datetime, now: datetime, limit: int) -> None:
    """Raise ValueError where `since` has no time zone or lies ahead, or `limit` is not positive."""
    if since.utcoffset() is None:
        raise ValueError("since needs a time zone")
    if since > now:
        raise ValueError(f"since lies ahead: {since.isoformat()}")
    if limit < 1:
        raise ValueError(f"limit must be positive: {limit}")


def notes_on_age(scopes: list[str], since: datetime, now: datetime, what: str) -> list[str]:
    """What is not looked at, in words; `what` is found on (or is) an order."""
    if OLD_ORDERS in scopes:
        return []
    if now - since > VISIBLE:
        return [
            f"{since:%Y-%m-%d} is more than 60 days ago: Shopify shows {what} older than 60 days only to"
            f" apps with the scope {OLD_ORDERS}, which this shop has not granted. They are not in this report."
        ]
    return [
        f"{what[:1].upper()}{what[1:]} older than 60 days are not in this report: the scope {OLD_ORDERS} is not granted."
    ]


async def store_and_dispatch(
    database: Database,
    dispatcher: EventDispatcher,
    shop_id: str,
    found: Iterable[Older],
    now: datetime,
) -> list[tuple[InboundEvent, str]]:
    """The events, with their objects' numbers. All of them are stored before the first is placed: what a crash leaves, the
    sweep takes up. A repeat inserts nothing twice; what an earlier run could not place is tried again."""
    stored: list[tuple[int, str]] = []
    async with database.begin() as session:
        for one in found:
            version = one.changed_at.astimezone(UTC).isoformat()
            body = json.dumps(one.body).encode()
            event, created = await inbound_events.insert(
                session,
                source="gridcase",
                scope=shop_id,
                topic=one.topic,
                delivery_id=f"sync:{one.object_id}:{version}",
                body=body,
                headers={},
                now=now,
            )
            if not created and event.body is None:
                # Its body is past the retention; the object as it is today is another delivery.
                event, created = await inbound_events.insert(
                    session,
                    source="gridcase",
                    scope=shop_id,
                    topic=one.topic,
                    delivery_id=f"sync:{one.object_id}:{version}:{now:%Y-%m-%d}",
                    body=body,
                    headers={},
                    now=now,
                )
            if not created and event.status != "received":
                # There is still no case: what an earlier run came to may be otherwise today, as under another policy.
                await inbound_events.replay(session, event.id, now)
            stored.append((event.id, one.object_id))
    for event_id, _ in stored:
        await dispatcher.dispatch(event_id)
    async with database.read() as session:
        return [
            (await inbound_events.get(session, event_id), object_id)
            for event_id, object_id in stored
        ]
