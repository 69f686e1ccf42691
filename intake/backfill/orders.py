"""Older orders: those that would have become purchase orders, or an exception."""

from datetime import datetime

from clients.shopify.admin import AdminApi
from clients.shopify.generated.overdue_orders import OverdueOrdersOrdersNodes
from clients.shopify.pages import overdue_orders
from domain import references
from domain.case import CaseKind
from domain.message import Message
from domain.shop_order import ShopOrder
from domain.shopify_ids import numeric_id
from intake import order_rules
from intake.backfill.storing import (
    LIMIT,
    EventDispatcher,
    Older,
    check,
    notes_on_age,
    store_and_dispatch,
)
from intake.connections import Connections
from intake.order_rules import exception_due, purchases_due
from intake.reconciliation.comparing import LEFT_TO_SHIP, moment
from intake.shop_orders import read_shop_order
from persistence.repositories import case_references, shops
from persistence.repositories.case_references import Reference
from persistence.session import Database
from persistence.tables import InboundEvent


class FoundOrder(Message):
    """An order that would open cases it has none of. `opens` are their lifecycles; ids are Shopify's numbers."""

    order_id: str
    order_name: str
    created_at: datetime
    opens: tuple[CaseKind, ...]


class OrderEvent(Message):
    """What became of an order's event. `status` is the inbox's; `received` is taken up again by the sweep."""

    event_id: int
    order_id: str
    status: str
    reason: str = ""
    case_ids: tuple[str, ...] = ()


class OrdersReport(Message):
    """What a run found and did; after a dry run `events` is empty. `notes` say what was not looked at."""

    shop: str
    since: datetime
    dry_run: bool
    found: tuple[FoundOrder, ...] = ()
    events: tuple[OrderEvent, ...] = ()
    notes: tuple[str, ...] = ()


async def backfill_orders(
    database: Database,
    connections: Connections,
    dispatcher: EventDispatcher,
    shop_id: str,
    *,
    since: datetime,
    dry_run: bool,
    now: datetime,
    limit: int = LIMIT,
) -> OrdersReport:
    """Open cases for orders made at or after `since` that have something left to ship.

    Which order opens what is what dispatch asks, too. What has, or had, a case of a lifecycle opens no other of it.

    Raises:
        NotFoundError: no such shop.
        ValueError: `since` has no time zone or lies ahead, or `limit` is not positive.
        NotConfigured, ShopifyError, PolicyInvalid: nothing was inserted.
    """
    check(since, now, limit)
    async with database.read() as session:
        shop = await shops.get(session, shop_id)
    admin = await connections.shopify(shop_id)
    notes = notes_on_age(shop.scopes, since, now, "orders")
    found: list[tuple[FoundOrder, Older]] = []
    query = f"status:open ({LEFT_TO_SHIP}) created_at:>='{moment(since)}'"
    async for order in overdue_orders(admin, query):
        made = await _opens(database, admin, shop_id, order, now)
        if made is None:
            continue
        if len(found) == limit:
            notes.append(f"Stopped after {limit} orders without a case; run it again to go on.")
            break
        found.append(made)
    stored = (
        []
        if dry_run
        else await store_and_dispatch(
            database, dispatcher, shop_id, [older for _, older in found], now
        )
    )
    return OrdersReport(
        shop=shop_id,
        since=since,
        dry_run=dry_run,
        found=tuple(shown for shown, _ in found),
        events=tuple(_shown(event, order_id) for event, order_id in stored),
        notes=tuple(notes),
    )


async def _opens(
    database: Database,
    admin: AdminApi,
    shop_id: str,
    seen: OverdueOrdersOrdersNodes,
    now: datetime,
) -> tuple[FoundOrder, Older] | None:
    order_id = numeric_id(seen.id)
    async with database.read() as session:
        named = Reference(kind=references.ORDER, value=order_id, scope=shop_id)
        kinds = {case.kind for case in await case_references.find(session, named)}
    if {CaseKind.PURCHASE_ORDER, CaseKind.ORDER_EXCEPTION} <= kinds:
        return None
    order = await read_shop_order(admin, order_id)
    if order is None:
        return None
    opens, topic = await _due(database, shop_id, order, kinds, now)
    if not opens:
        return None
    shown = FoundOrder(
        order_id=order_id, order_name=seen.name, created_at=seen.created_at, opens=opens
    )
    return shown, Older(topic, order_id, seen.updated_at, {"order_id": order_id})


async def _due(
    database: Database, shop_id: str, order: ShopOrder, kinds: set[str], now: datetime
) -> tuple[tuple[CaseKind, ...], str]:
    """The lifecycles that open, and the topic that opens them."""
    opens: list[CaseKind] = []
    async with database.read() as session:
        if CaseKind.PURCHASE_ORDER not in kinds and not await purchases_due(
            session, shop_id, order
        ):
            opens.append(CaseKind.PURCHASE_ORDER)
        if CaseKind.ORDER_EXCEPTION in kinds:
            return tuple(opens), "sync/order"
        if await exception_due(session, shop_id, order, order_rules.anything, now) is not None:
            opens.append(CaseKind.ORDER_EXCEPTION)
        elif not opens and await exception_due(session, shop_id, order, order_rules.overdue, now):
            return (CaseKind.ORDER_EXCEPTION,), "overdue/order"
    return tuple(opens), "sync/order"


def _shown(event: InboundEvent, order_id: str) -> OrderEvent:
    return OrderEvent(
        event_id=event.id,
        order_id=order_id,
        status=event.status,
        reason=event.reason or event.error or "",
        case_ids=tuple(event.case_ids),
    )
