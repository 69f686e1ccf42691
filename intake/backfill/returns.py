"""Older returns: find those that would have opened a case, and put them into the inbox like any event."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

from clients.shopify.admin import AdminApi
from clients.shopify.pages import OrderSeen, ReturnSeen, orders_with_returns
from domain import references
from domain.message import Message
from domain.policy import ReturnClaimPolicy
from domain.return_claim import names
from domain.return_claim.names import ReturnStatus, opens_case
from domain.shopify_ids import numeric_id
from intake.backfill.storing import (
    LIMIT,
    EventDispatcher,
    Older,
    check,
    notes_on_age,
    store_and_dispatch,
)
from intake.connections import Connections
from intake.policies import policy_for
from persistence.repositories import case_references, cases, shops
from persistence.repositories.case_references import Reference
from persistence.session import Database
from persistence.tables import Case, InboundEvent

TOPIC = "sync/return"
# Every value of OrderReturnStatus but NO_RETURN: which of them an order with several returns has is not documented.
RETURN_STATUSES = (
    "return_requested",
    "in_progress",
    "inspection_complete",
    "returned",
    "return_failed",
)


class FoundReturn(Message):
    """A return that would open a case and has none. Ids are Shopify's numbers."""

    return_id: str
    order_id: str
    order_name: str
    status: str
    created_at: datetime


class BackfilledEvent(Message):
    """What became of a return's event. `status` is the inbox's; `received` is taken up again by the sweep."""

    event_id: int
    return_id: str
    status: str
    reason: str = ""
    case_ids: tuple[str, ...] = ()


class BackfillReport(Message):
    """What a run found and did; after a dry run `events` is empty.

    `already_open` and `already_closed` count returns that have a case. `notes` say what was not looked at.
    """

    shop: str
    since: datetime
    dry_run: bool
    found: tuple[FoundReturn, ...] = ()
    already_open: int = 0
    already_closed: int = 0
    events: tuple[BackfilledEvent, ...] = ()
    notes: tuple[str, ...] = ()


async def backfill_returns(
    database: Database,
    connections: Connections,
    dispatcher: EventDispatcher,
    shop_id: str,
    *,
    since: datetime,
    dry_run: bool,
    now: datetime,
    limit: int = LIMIT,
) -> BackfillReport:
    """Open cases for returns made at or after `since` that are still to be decided.

    Which return opens a case is what dispatch asks, too: `opens_case` with the shop's policy. A repeat inserts nothing
    twice; what an earlier run could not place is tried again.

    Raises:
        NotFoundError: no such shop.
        ValueError: `since` has no time zone or lies ahead, or `limit` is not positive.
        NotConfigured, ShopifyError, PolicyInvalid: nothing was inserted.
    """
    check(since, now, limit)
    async with database.read() as session:
        shop = await shops.get(session, shop_id)
        policy = await policy_for(session, ReturnClaimPolicy, shop_id)
    admin = await connections.shopify(shop_id)
    notes = notes_on_age(shop.scopes, since, now, "returns on orders")
    found: list[tuple[OrderSeen, ReturnSeen]] = []
    open_cases = closed_cases = 0
    async for order, made in _returns_since(admin, since):
        if not opens_case(
            ReturnStatus(str(made.status)), open_on_open_return=policy.open_on_open_return
        ):
            continue
        having = await _cases_of(database, shop_id, numeric_id(made.id))
        if any(case.closed_at is None for case in having):
            open_cases += 1
        elif having:
            closed_cases += 1
        elif len(found) == limit:
            notes.append(f"Stopped after {limit} returns without a case; run it again to go on.")
            break
        else:
            found.append((order, made))
    stored = (
        []
        if dry_run
        else await store_and_dispatch(
            database, dispatcher, shop_id, [_older(order, made) for order, made in found], now
        )
    )
    return BackfillReport(
        shop=shop_id,
        since=since,
        dry_run=dry_run,
        found=tuple(_shown(order, made) for order, made in found),
        already_open=open_cases,
        already_closed=closed_cases,
        events=tuple(_event_shown(event, return_id) for event, return_id in stored),
        notes=tuple(notes),
    )


async def _returns_since(
    admin: AdminApi, since: datetime
) -> AsyncIterator[tuple[OrderSeen, ReturnSeen]]:
    """Each return made since then, once. An order that changes while the pages are read comes again at their end."""
    statuses = " OR ".join(f"return_status:{status}" for status in RETURN_STATUSES)
    # Making a return changes its order, so no order with a new return has an older time of change.
    moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    seen: set[str] = set()
    async for order in orders_with_returns(admin, f"({statuses}) updated_at:>='{moment}'"):
        for made in order.returns:
            if made.created_at >= since and made.id not in seen:
                seen.add(made.id)
                yield order, made


async def _cases_of(database: Database, shop_id: str, return_id: str) -> list[Case]:
    """By key, and by reference: a return that a damage claim made belongs to that claim's case."""
    async with database.read() as session:
        by_key = await cases.list_of_key(session, names.return_key(shop_id, return_id))
        by_reference = await case_references.find(
            session, Reference(kind=references.RETURN, value=return_id, scope=shop_id)
        )
    return [*by_key, *by_reference]


def _older(order: OrderSeen, made: ReturnSeen) -> Older:
    return_id = numeric_id(made.id)
    body = {"return_id": return_id, "order_id": numeric_id(order.id)}
    return Older(TOPIC, return_id, order.updated_at, body)


def _shown(order: OrderSeen, made: ReturnSeen) -> FoundReturn:
    return FoundReturn(
        return_id=numeric_id(made.id),
        order_id=numeric_id(order.id),
        order_name=order.name,
        status=str(made.status),
        created_at=made.created_at,
    )


def _event_shown(event: InboundEvent, return_id: str) -> BackfilledEvent:
    return BackfilledEvent(
        event_id=event.id,
        return_id=return_id,
        status=event.status,
        reason=event.reason or event.error or "",
        case_ids=tuple(event.case_ids),
    )
