"""Trading Grid's feed of events: what no webhook has brought goes into the inbox as the webhook would have."""

import json
from datetime import UTC, datetime

import structlog

from clients.trading_grid.errors import Gone
from clients.trading_grid.port import Event, TradingGrid
from domain.reconciliation import Compared, Source
from intake.dispatch import Dispatcher
from intake.routes import route
from persistence.repositories import inbound_events, shops, tenants, watermarks
from persistence.session import Database

log = structlog.get_logger()


async def compare(
    database: Database, dispatcher: Dispatcher, grid: TradingGrid, tenant_id: str
) -> int:
    """Read the feed on from its position; how many events were new. What is older than the connection is passed over.

    A position that Trading Grid no longer has (it keeps 30 days) starts again at what it has.
    """
    async with database.read() as session:
        position = (await tenants.get(session, tenant_id)).feed_position
        connected = [
            shop.connected_at.replace(microsecond=0)
            for shop in await shops.list_all(session)
            if shop.tenant_id == tenant_id and shop.connected_at is not None
        ]
    if not connected:
        return 0
    count, more = 0, True
    while more:
        try:
            page = await grid.read_events(position)
        except Gone:
            if position is None:
                raise
            log.warning("events feed begins anew", tenant=tenant_id, position=position)
            position = None
            continue
        wanted = [
            event
            for event in page.events
            if event.timestamp >= min(connected) and route(Source.TRADING_GRID, event.type)
        ]
        count += await _put(database, dispatcher, tenant_id, wanted, page.events, page.position)
        more = page.has_more and page.position not in {None, position}
        position = page.position or position
    if position is not None:
        await grid.set_position(position)
    return count


async def _put(
    database: Database,
    dispatcher: Dispatcher,
    tenant_id: str,
    wanted: list[Event],
    seen: tuple[Event, ...],
    position: str | None,
) -> int:
    """All of a page, then its position; then what was new is placed."""
    now = datetime.now(UTC)
    created: list[int] = []
    async with database.begin() as session:
        for event in wanted:
            # The same id as the webhook's, so that what came by either is there once.
            row, new = await inbound_events.insert(
                session,
                source="trading_grid",
                scope=tenant_id,
                topic=event.type,
                delivery_id=event.id,
                body=_body(event),
                headers={},
                now=now,
            )
            if new:
                created.append(row.id)
        if position is not None:
            await tenants.note_feed_position(session, tenant_id, position, now)
        await watermarks.move(
            session,
            "trading_grid",
            tenant_id,
            Compared.EVENTS,
            max((event.timestamp for event in seen), default=None),
            found=len(created),
        )
    for event_id in created:
        await dispatcher.dispatch(event_id)
    return len(created)


def _body(event: Event) -> bytes:
    content = event.model_dump(mode="json", exclude={"position"}, exclude_none=True)
    return json.dumps(content, sort_keys=True).encode()
