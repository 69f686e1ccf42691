"""One run over one kind of object of a shop: from where, what is known of it here, and what goes into the inbox."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from clients.shopify.admin import AdminApi
from domain import references
from domain.case import CaseKind
from domain.reconciliation import Compared
from domain.shop_order import ShopOrder
from intake.dispatch import Dispatcher
from intake.order_rules import Rule, exception_due, purchases_due
from intake.shop_orders import read_shop_order
from persistence.repositories import case_references, inbound_events, routes, watermarks
from persistence.repositories.case_references import Reference
from persistence.session import Database
from persistence.tables import Case

T = TypeVar("T")

OVERLAP = timedelta(minutes=10)
"""How far behind its watermark a run looks: Shopify's search may show a change late."""
PAGE = 50
LEFT_TO_SHIP = " OR ".join(
    f"fulfillment_status:{status}"
    for status in ("unshipped", "unfulfilled", "partial", "on_hold", "request_declined")
)
"""Shopify's search for orders of which something has not shipped."""
_SECOND = timedelta(seconds=1)  # Shopify's times are whole seconds


@dataclass(frozen=True)
class Found:
    """An event of our own; its delivery id makes that a later run inserts nothing twice."""

    topic: str
    delivery_id: str
    body: dict[str, str]


@dataclass(frozen=True)
class Comparison:
    """A run over one kind of object of one shop. `connected_at` is where its watermarks start."""

    database: Database
    dispatcher: Dispatcher
    admin: AdminApi
    shop: str
    connected_at: datetime
    object: Compared
    now: datetime

    async def since(self) -> datetime:
        """From where this run looks."""
        async with self.database.read() as session:
            row = await watermarks.find(session, "shopify", self.shop, self.object)
        if row is None or row.seen_until is None:
            return self.connected_at
        return max(self.connected_at, row.seen_until - OVERLAP)

    async def put(self, found: Iterable[Found], seen_until: datetime) -> int:
        """Put what was found on a page into the inbox, then move the watermark; how many were new. Then they are placed."""
        created: list[int] = []
        async with self.database.begin() as session:
            for one in found:
                event, new = await inbound_events.insert(
                    session,
                    source="gridcase",
                    scope=self.shop,
                    topic=one.topic,
                    delivery_id=one.delivery_id,
                    body=json.dumps(one.body, sort_keys=True).encode(),
                    headers={},
                    now=datetime.now(UTC),
                )
                if new:
                    created.append(event.id)
            await watermarks.move(
                session, "shopify", self.shop, self.object, seen_until, found=len(created)
            )
        for event_id in created:
            # What can't be placed now is the sweep's.
            await self.dispatcher.dispatch(event_id)
        return len(created)

    async def done(self, count: int) -> int:
        """All changes until this run began have been seen."""
        await self.put((), self.now)
        return count

    async def cases_of(self, kind: str, value: str) -> list[Case]:
        """The cases of this name, ended ones too."""
        async with self.database.read() as session:
            return await case_references.find(
                session, Reference(kind=kind, value=value, scope=self.shop)
            )

    async def cases_of_order(self, order_id: str) -> list[Case]:
        return await self.cases_of(references.ORDER, order_id)

    async def must_look(self, cases: Sequence[Case], changed_at: datetime) -> bool:
        """Whether one of these is open and no event has made it look at Shopify since the change."""
        open_ones = [case.id for case in cases if case.closed_at is None]
        async with self.database.read() as session:
            for case_id in open_ones:
                heard = await inbound_events.heard(session, [case_id], ["shopify", "gridcase"])
                if heard is None or heard < changed_at + _SECOND:
                    return True
        return False

    async def drop_ships(self) -> bool:
        """Whether the shop has routes that make purchase orders."""
        async with self.database.read() as session:
            table = await routes.for_lifecycle(session, self.shop, CaseKind.PURCHASE_ORDER)
        return any(row.lifecycle == CaseKind.PURCHASE_ORDER for row in table)

    async def read(self, order_id: str) -> ShopOrder | None:
        return await read_shop_order(self.admin, order_id)

    async def exceptional(self, order: ShopOrder, rule: Rule) -> bool:
        """Whether an exception is due, now or after a grace. Raises PolicyInvalid."""
        async with self.database.read() as session:
            return await exception_due(session, self.shop, order, rule, self.now) is not None

    async def sells(self, order: ShopOrder) -> bool:
        """Whether purchase orders are due. Raises PolicyInvalid."""
        async with self.database.read() as session:
            return not await purchases_due(session, self.shop, order)


def of_kinds(cases: Iterable[Case], kinds: frozenset[CaseKind]) -> list[Case]:
    return [case for case in cases if case.kind in kinds]


def has(cases: Iterable[Case], kind: CaseKind) -> bool:
    """Whether there is, or ever was, a case of this kind: another one opens only on somebody's word."""
    return any(case.kind == kind for case in cases)


def moment(at: datetime) -> str:
    """As Shopify's search takes it; it compares whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def delivery(object_id: str, changed_at: datetime) -> str:
    return f"sync:{object_id}:{changed_at.astimezone(UTC).isoformat()}"


async def pages(items: AsyncIterator[T]) -> AsyncIterator[list[T]]:
    """A page at a time."""
    page: list[T] = []
    async for item in items:
        page.append(item)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page
