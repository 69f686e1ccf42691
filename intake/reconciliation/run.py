"""Compares one kind of object with the inbox, and keeps what came of it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import structlog

from domain.reconciliation import Compared, Source
from intake.connections import Connections
from intake.dispatch import Dispatcher
from intake.failures import out_of_reach, refusal
from intake.reconciliation import (
    campaigns,
    disputes,
    feed,
    fulfillment_orders,
    orders,
    overdue,
    returns,
)
from intake.reconciliation.comparing import Comparison
from persistence.repositories import shops, watermarks
from persistence.repositories.inbound_events import Source as InboxSource
from persistence.session import Database

log = structlog.get_logger()

_OF_SHOP: Mapping[Compared, Callable[[Comparison], Awaitable[int]]] = {
    Compared.ORDERS: orders.compare,
    Compared.FULFILLMENT_ORDERS: fulfillment_orders.compare,
    Compared.RETURNS: returns.compare,
    Compared.DISPUTES: disputes.compare,
    Compared.CAMPAIGNS: campaigns.compare,
    Compared.OVERDUE: overdue.compare,
}


class Reconciler:
    """Safe beside others, and safe to repeat: the inbox decides what is new, and watermarks never go back."""

    def __init__(
        self, database: Database, connections: Connections, dispatcher: Dispatcher
    ) -> None:
        self._database = database
        self._connections = connections
        self._dispatcher = dispatcher

    async def compare(self, source: Source, scope: str, object_: Compared) -> int:
        """Compare one kind of object of a shop, or a tenant's feed; how many events were put into the inbox.

        A shop that is not connected has nothing to compare. An error leaves the watermark where the last whole page has
        moved it, and is kept with it.

        Raises:
            NotFoundError, NotConfigured, ShopifyError, TradingGridError, PolicyInvalid.
        """
        by: InboxSource = "shopify" if source is Source.SHOPIFY else "trading_grid"
        now = datetime.now(UTC)
        async with self._database.begin() as session:
            await watermarks.note_run(session, by, scope, object_, now)
        try:
            found = await self._compare(source, scope, object_, now)
        except Exception as error:
            words = out_of_reach(error) or refusal(error) or f"{type(error).__name__}: {error}"
            async with self._database.begin() as session:
                await watermarks.note_error(session, by, scope, object_, words)
            raise
        log.info("reconciled", source=source, scope=scope, object=object_, found=found)
        return found

    async def _compare(self, source: Source, scope: str, object_: Compared, now: datetime) -> int:
        if source is Source.TRADING_GRID:
            grid = await self._connections.trading_grid(scope)
            return await feed.compare(self._database, self._dispatcher, grid, scope)
        async with self._database.read() as session:
            shop = await shops.get(session, scope)
        if shop.status != "connected" or shop.connected_at is None:
            return 0
        run = Comparison(
            database=self._database,
            dispatcher=self._dispatcher,
            admin=await self._connections.shopify(scope),
            shop=scope,
            # Shopify's times are whole seconds.
            connected_at=shop.connected_at.replace(microsecond=0),
            object=object_,
            now=now,
        )
        return await _OF_SHOP[object_](run)
