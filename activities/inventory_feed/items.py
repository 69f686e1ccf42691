"""Knowing a shop's inventory items, by one bulk operation that all who wish it take part in."""

import asyncio
from datetime import UTC, datetime, timedelta

from temporalio import activity
from temporalio.exceptions import ApplicationError

from clients.shopify.admin import AdminApi
from clients.shopify.bulk import RUNNING, BulkBusy, ItemSeen, items_and_levels, start_reading_items
from clients.shopify.errors import ShopifyRefused, ShopifyReplyUnreadable
from clients.shopify.generated.enums import BulkOperationErrorCode, BulkOperationStatus
from clients.shopify.generated.fragments import BulkOperationState
from domain.failures import SHOPIFY_REFUSED, UNAVAILABLE
from domain.inventory_feed.messages import ItemsRefreshed, RefreshItems
from domain.inventory_feed.problems import Problem
from intake.connections import Connections
from persistence.repositories import inventory_positions, sku_mappings
from persistence.repositories.sku_mappings import Expected, Item
from persistence.session import Database

_FIRST_LOOK, _SLOWEST_LOOK = 0.1, 10.0  # seconds between two looks at the operation
_BUSY = timedelta(seconds=30)
_ITEMS_A_TRANSACTION = 5_000
_LINES_A_TURN = 1_000
_MAY_BE_MENDED = frozenset(
    {
        Problem.LOCATION_SHARED,
        Problem.ITEM_REFUSED,
        Problem.LOCATION_REFUSED,
        Problem.QUANTITY_REFUSED,
    }
)

Key = tuple[str, str, str]
"""Partner, location code, SKU."""


class ItemReader:
    def __init__(self, connections: Connections, database: Database) -> None:
        self._connections = connections
        self._database = database

    async def refresh(self, request: RefreshItems) -> ItemsRefreshed:
        """Start the operation or take part in the one that runs, wait for it, and take its file in."""
        admin = await self._connections.shopify(request.shop)
        wait = _FIRST_LOOK
        while True:
            async with self._database.begin() as session:
                row = await sku_mappings.refresh(
                    session, request.shop, request.request, datetime.now(UTC)
                )
            if row.finished_at is not None:
                return ItemsRefreshed.model_validate(row.result or {})
            operation = await self._operation(admin, request.shop, row.operation_gid)
            if operation is not None and operation.status not in RUNNING:
                return await self._ended(admin, request.shop, operation)
            if activity.in_activity():
                activity.heartbeat(operation.id if operation else "")
            await asyncio.sleep(wait)
            wait = min(wait * 1.5, _SLOWEST_LOOK)

    async def _operation(
        self, admin: AdminApi, shop: str, known: str | None
    ) -> BulkOperationState | None:
        """The operation as it is; a new one where there is none. None where Shopify forgot the one that was known."""
        if known is not None:
            found = (await admin.bulk_operation_by_id(id=known)).bulk_operation
            if found is None:
                await self._forget(shop, known)
            return found
        try:
            started = await start_reading_items(admin)
        except BulkBusy as error:
            raise ApplicationError(str(error), type=UNAVAILABLE, next_retry_delay=_BUSY) from error
        async with self._database.begin() as session:
            row = await sku_mappings.locked(session, shop)
            if row is not None and row.finished_at is None and row.operation_gid is None:
                row.operation_gid = started.id
        return started

    async def _ended(
        self, admin: AdminApi, shop: str, operation: BulkOperationState
    ) -> ItemsRefreshed:
        if operation.status is not BulkOperationStatus.COMPLETED:
            await self._forget(shop, operation.id)
            code = operation.error_code
            if code is BulkOperationErrorCode.ACCESS_DENIED:
                raise ApplicationError(
                    "Shopify does not let the app read inventory items.",
                    type=SHOPIFY_REFUSED,
                    non_retryable=True,
                )
            raise ApplicationError(
                f"The bulk operation ended {operation.status.value.lower()}"
                f"{f' ({code.value})' if code else ''}.",
                type=UNAVAILABLE,
            )
        if operation.url is None and operation.object_count:
            # Its file is kept for a week.
            await self._forget(shop, operation.id)
            raise ApplicationError("The bulk operation's file is gone.", type=UNAVAILABLE)
        try:
            return await self._take_in(admin, shop, operation)
        except ShopifyReplyUnreadable:
            raise
        except ShopifyRefused as error:
            # The address has expired.
            await self._forget(shop, operation.id)
            raise ApplicationError(str(error), type=UNAVAILABLE) from error

    async def _take_in(
        self, admin: AdminApi, shop: str, operation: BulkOperationState
    ) -> ItemsRefreshed:
        """Items by the thousand, so that nobody waits long for the database; in the end what was not seen is forgotten."""
        seen_at = operation.created_at
        async with self._database.read() as session:
            before = await sku_mappings.skus(session, shop)
            expected = await sku_mappings.expected(session, shop)
        drift = _Drift(expected)
        items: list[Item] = []
        skus: set[str] = set()
        if operation.url is not None:
            count = 0
            async for line in items_and_levels(admin, operation.url):
                if isinstance(line, ItemSeen):
                    items.append(Item(line.gid, line.sku, line.tracked))
                    skus.add(line.sku)
                else:
                    drift.see((line.location_gid, line.item_gid), line.available)
                if len(items) == _ITEMS_A_TRANSACTION:
                    await self._put(shop, items, seen_at)
                    items = []
                count += 1
                if count % _LINES_A_TURN == 0:
                    if activity.in_activity():
                        activity.heartbeat(operation.id, count)
                    await asyncio.sleep(0)
        await self._put(shop, items, seen_at)
        skus.discard("")
        drifted, mended = drift.found()
        result = ItemsRefreshed(skus=len(skus), new=len(skus - before), drifted=len(drifted))
        async with self._database.begin() as session:
            row = await sku_mappings.locked(session, shop)
            if row is None or row.operation_gid not in (None, operation.id):
                # A newer one has taken over, and knows better.
                return result
            if row.finished_at is not None:
                return ItemsRefreshed.model_validate(row.result or {})
            await sku_mappings.forget_unseen(session, shop, seen_at)
            await inventory_positions.look_again(session, shop, [*drifted, *mended])
            await sku_mappings.finish(
                session, row, result.model_dump(mode="json"), datetime.now(UTC)
            )
        return result

    async def _put(self, shop: str, items: list[Item], seen_at: datetime) -> None:
        if items:
            async with self._database.begin() as session:
                await sku_mappings.put(session, shop, items, seen_at)

    async def _forget(self, shop: str, operation_gid: str) -> None:
        """Have the next try start another operation."""
        async with self._database.begin() as session:
            row = await sku_mappings.locked(session, shop)
            if row is not None and row.finished_at is None and row.operation_gid == operation_gid:
                row.operation_gid = None


class _Drift:
    """Levels that are not what we left: by orders, or by hand. A push looks which."""

    def __init__(self, expected: dict[tuple[str, str], list[Expected]]) -> None:
        self._expected = expected
        self._seen: set[tuple[str, str]] = set()
        self._drifted: list[Key] = []
        self._mended: list[Key] = []

    def see(self, place: tuple[str, str], available: int) -> None:
        self._seen.add(place)
        for one in self._expected.get(place, ()):
            if one.problem is Problem.NOT_STOCKED:
                self._mended.append(_key(one))
            elif one.level is not None and one.level != available:
                self._drifted.append(_key(one))

    def found(self) -> tuple[list[Key], list[Key]]:
        """What drifted, with what has no active level any more; and what may be written now that could not be."""
        for place, those in self._expected.items():
            for one in those:
                if one.problem in _MAY_BE_MENDED:
                    self._mended.append(_key(one))
                elif one.level is not None and place not in self._seen:
                    self._drifted.append(_key(one))
        return self._drifted, self._mended


def _key(one: Expected) -> Key:
    return (one.partner_id, one.location_code, one.sku)
