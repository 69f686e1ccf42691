"""What events of orders mean: the cases that concern the order look again, and what is due opens.

An event only says that it is time to look: whichever comes first, the order as it is then decides. It is read at most
once, and not at all where the cases that could open are open already.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from domain import references
from domain.case import CaseKind
from domain.order_exception.names import order_exception_key
from domain.purchase_order.names import order_key
from domain.shop_order import ShopOrder
from domain.shopify_ids import gid, numeric_id
from intake import order_rules
from intake.dispatch.signalling import Signalling
from intake.events import Event, UnreadableEvent
from intake.openings import opening_of_exception, opening_of_order_purchases
from intake.order_rules import Rule, exception_due, purchases_due
from intake.routes import FULFILLMENT_ORDER, TopicRoute
from intake.settled import Settled
from intake.shop_orders import read_shop_order
from persistence.repositories import case_references, routes
from persistence.repositories import cases as case_rows
from persistence.repositories.case_references import Reference
from persistence.tables import Case


async def changed(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Tell the order's open cases to look again."""
    return await _look(cases, event, line)


async def sold(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Open the purchase orders of a drop-ship order, once it is due by policy."""
    return await _look(cases, event, line, sale=True)


async def troubled(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Open an exception where the order, as it is now, cannot be fulfilled as promised."""
    return await _look(cases, event, line, rule=order_rules.troubled)


async def partly_shipped(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Open an exception for what is left once the policy's grace is over; until then the event is parked."""
    return await _look(cases, event, line, rule=order_rules.short_shipped)


async def overdue(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    return await _look(cases, event, line, rule=order_rules.overdue)


async def sync(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """What any event of this order would have done."""
    return await _look(cases, event, line, sale=True, rule=order_rules.anything)


async def transfer(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Tell the replenishment that an inventory transfer belongs to."""
    value = event.object_id(line.body_key)
    named = Reference(kind=references.INVENTORY_TRANSFER, value=value, scope=event.scope)
    async with cases.database.read() as session:
        found = await case_references.find(session, named)
    if not found:
        return Settled("ignored", "No replenishment of ours has this transfer.")
    return await cases.shopify_changed(event, found)


# One look at an order.


@dataclass
class _Look:
    """What has become of an event so far; it may tell some cases and open others."""

    settled: Settled

    def add(self, more: Settled) -> None:
        # What was reached stands before what was not, and a case that opened before one that was told.
        first, second = (
            (more, self.settled) if _weight(more) >= _weight(self.settled) else (self.settled, more)
        )
        self.settled = replace(
            first, case_ids=tuple(dict.fromkeys((*first.case_ids, *second.case_ids)))
        )


def _weight(settled: Settled) -> int:
    if settled.status == "parked":
        return 3
    if settled.opened is not None and settled.opened.created:
        return 2
    return 1 if settled.status == "dispatched" else 0


async def _look(
    cases: Signalling,
    event: Event,
    line: TopicRoute,
    *,
    sale: bool = False,
    rule: Rule | None = None,
) -> Settled:
    """Tell the order's open cases; then see whether purchase orders or an exception open that it does not have."""
    if not sale and rule is None and line.body_key == FULFILLMENT_ORDER:
        async with cases.database.read() as session:
            if not await case_rows.any_open(session, event.scope, line.kinds):
                return Settled("ignored", "No open case of this shop concerns an order.")
    order_id = await _order_id(cases, event, line)
    if order_id is None:
        return Settled("ignored", "The shop has no such fulfillment order.")
    concerned = await _concerned(cases, event.scope, order_id, line)
    look = _Look(Settled("ignored", "No open case concerns this order."))
    if concerned:
        look.add(await cases.shopify_changed(event, concerned))
    kinds = {case.kind for case in concerned}
    sale = sale and await _may_sell(cases, event.scope, order_id, kinds)
    rule = None if CaseKind.ORDER_EXCEPTION in kinds else rule
    if not sale and rule is None:
        return look.settled
    order = await read_shop_order(await cases.connections.shopify(event.scope), order_id)
    if order is None:
        look.add(Settled("ignored", f"The shop has no order {order_id}."))
        return look.settled
    if sale:
        look.add(await _purchases(cases, event, order))
    if rule is not None:
        look.add(await _exception(cases, event, order, rule))
    return look.settled


async def _concerned(cases: Signalling, shop: str, order_id: str, line: TopicRoute) -> list[Case]:
    reference = Reference(kind=references.ORDER, value=order_id, scope=shop)
    async with cases.database.read() as session:
        found = await case_references.find(session, reference)
    return [case for case in found if case.closed_at is None and case.kind in line.kinds]


async def _may_sell(cases: Signalling, shop: str, order_id: str, kinds: set[str]) -> bool:
    """Whether it is worth reading the order: none of its purchase orders was ever opened, and the shop drop-ships at all."""
    if CaseKind.PURCHASE_ORDER in kinds:
        return False
    async with cases.database.read() as session:
        table = await routes.for_lifecycle(session, shop, CaseKind.PURCHASE_ORDER)
        if not any(row.lifecycle == CaseKind.PURCHASE_ORDER for row in table):
            return False
        return not await case_rows.list_of_key(session, order_key(shop, order_id))


async def _purchases(cases: Signalling, event: Event, order: ShopOrder) -> Settled:
    async with cases.database.read() as session:
        why_not = await purchases_due(session, event.scope, order)
    if why_not:
        return Settled("ignored", why_not)
    opening = opening_of_order_purchases(event.scope, order.order_id, opened_by=event.source)
    return await cases.open(event, opening)


async def _exception(cases: Signalling, event: Event, order: ShopOrder, rule: Rule) -> Settled:
    now = datetime.now(UTC)
    async with cases.database.read() as session:
        found = await exception_due(session, event.scope, order, rule, now)
    if found is None:
        return Settled("ignored", "Nothing of the order is an exception.")
    if isinstance(found, datetime):
        return Settled(
            "parked",
            f"What is left may still ship until {found:%Y-%m-%d %H:%M} UTC.",
            again_in=found - now,
        )
    opening = opening_of_exception(
        event.scope,
        order.order_id,
        reason=found.reason,
        line_ids=found.line_ids,
        opened_by=event.source,
    )
    settled = await cases.open(event, opening)
    if settled.status == "ignored" and event.source == "shopify":
        # Its case has ended: people may want another one, which is theirs to say.
        async with cases.database.read() as session:
            known = await case_rows.list_of_key(
                session, order_exception_key(event.scope, order.order_id)
            )
        reason = found.reason.value.replace("_", " ")
        await cases.note(event, known[0], f"{event.topic} after the case had ended: {reason}.")
    return settled


# Which order an event is about.


async def _order_id(cases: Signalling, event: Event, line: TopicRoute) -> str | None:
    """The order's number; None where the fulfillment order that the event names is gone.

    Raises:
        UnreadableEvent: the body names neither.
    """
    if line.body_key != FULFILLMENT_ORDER:
        return event.object_id(line.body_key)
    admin = await cases.connections.shopify(event.scope)
    found = (
        await admin.fulfillment_order_order(id=gid("FulfillmentOrder", _fulfillment_order(event)))
    ).fulfillment_order
    return None if found is None else numeric_id(found.order_id)


_FULFILLMENT_ORDER = re.compile(r"gid://shopify/FulfillmentOrder/([0-9]{1,20})")


def _fulfillment_order(event: Event) -> str:
    """The first fulfillment order the body names, wherever: what moved, split or merged is all of one order."""
    if number := _named(event.body):
        return number
    raise UnreadableEvent("The body names no fulfillment order.")


def _named(value: Any) -> str:
    if isinstance(value, str):
        found = _FULFILLMENT_ORDER.fullmatch(value)
        return found[1] if found else ""
    inside = (
        value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    )
    return next(filter(None, map(_named, inside)), "")
