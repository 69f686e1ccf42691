"""What our own events mean: an operator's request, or another case's."""

from dataclasses import replace

from domain.order_exception.names import TAKE_IN, Reason, TakeIn
from domain.purchase_order.names import ReplenishmentRequest
from domain.return_claim.state import ClaimRequest
from domain.shopify_ids import gid, numeric_id
from intake.coverage import drop_ship_lines, traits_of
from intake.dispatch import records
from intake.dispatch.signalling import OWN_SYSTEM, Signalling
from intake.events import Event, UnreadableEvent
from intake.openings import (
    opening_of_claim,
    opening_of_exception,
    opening_of_order_purchases,
    opening_of_replenishment,
    opening_of_return,
)
from intake.routes import TopicRoute
from intake.settled import Settled
from intake.shop_orders import read_shop_order
from persistence.repositories import cases as case_rows
from persistence.repositories import partners, shops


async def claim(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """A claim on a return that exists, or a damage or warranty claim on an order."""
    opened_by = event.text("opened_by") or OWN_SYSTEM
    if event.body.get("claim") is not None:
        asked = ClaimRequest.model_validate(event.body["claim"])
        return await cases.open(event, opening_of_claim(event.scope, asked, opened_by=opened_by))
    return_id = event.object_id(line.body_key)
    admin = await cases.connections.shopify(event.scope)
    now = (await admin.current_return_status(id=gid("Return", return_id))).return_
    if now is None:
        return Settled("failed", f"The shop has no return {return_id}.")
    opening = opening_of_return(
        event.scope, return_id, order_id=numeric_id(now.order.id), opened_by=opened_by
    )
    return await cases.open(event, opening, again=bool(event.body.get("again")))


async def exception(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """An exception of an order that the shop has. One that is open already takes in what it does not have yet.

    Raises:
        UnreadableEvent: the reason is none of ours.
    """
    order_id = event.object_id(line.body_key)
    try:
        reason = Reason(event.text("reason") or Reason.OTHER)
    except ValueError as error:
        raise UnreadableEvent(f"{event.text('reason')!r} is no reason for an exception.") from error
    line_ids = event.body.get("line_ids")
    admin = await cases.connections.shopify(event.scope)
    if (await admin.order_summary(id=gid("Order", order_id))).order is None:
        return Settled("failed", f"The shop has no order {order_id}.")
    opening = opening_of_exception(
        event.scope,
        order_id,
        reason=reason,
        note=event.text("note"),
        line_ids=[str(one) for one in line_ids] if isinstance(line_ids, list) else (),
        opened_by=event.text("opened_by") or OWN_SYSTEM,
    )
    settled = await cases.open(event, opening, again=bool(event.body.get("again")))
    if settled.status == "dispatched" and settled.opened and not settled.opened.created:
        async with cases.database.read() as session:
            case = await case_rows.get(session, settled.opened.case_id)
        if case.closed_at is None and case.opened_by_event_id != event.id:
            asked = opening.argument.model_dump(include={"reason", "note", "line_ids", "opened_by"})
            more = TakeIn.model_validate(asked | {"event_id": event.key})
            await cases.tell(event, [case], TAKE_IN, more)
    return settled


async def replenishment(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Goods ordered from a partner of the shop's tenant, for one of the shop's locations."""
    request = ReplenishmentRequest.model_validate(event.body.get("replenishment"))
    async with cases.database.read() as session:
        shop = await shops.get(session, event.scope)
        partner = await partners.find(session, request.tenant, request.partner)
    if shop.tenant_id != request.tenant:
        return Settled("failed", f"The shop {shop.id} belongs to the tenant {shop.tenant_id}.")
    if partner is None:
        return Settled("failed", f"The partner {request.partner} is not known here.")
    if partner.status != "active":
        return Settled("failed", f"The partner {partner.name} is {partner.status}.")
    opened_by = event.text("opened_by") or OWN_SYSTEM
    opening = opening_of_replenishment(event.scope, request, opened_by=opened_by)
    return await cases.open(event, opening, again=bool(event.body.get("again")))


async def purchases(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """The purchase orders of an order, on an operator's word: whether its policy calls for them yet is not asked."""
    order_id = event.object_id(line.body_key)
    order = await read_shop_order(await cases.connections.shopify(event.scope), order_id)
    if order is None:
        return Settled("failed", f"The shop has no order {order_id}.")
    if order.cancelled:
        return Settled("failed", f"The order {order.name} is cancelled.")
    async with cases.database.read() as session:
        drop_ship = await drop_ship_lines(session, event.scope, traits_of(order))
    if not any(one.line_id in drop_ship and one.unfulfilled > 0 for one in order.lines):
        return Settled("failed", f"No line that {order.name} has still to ship is drop-shipped.")
    opened_by = event.text("opened_by") or OWN_SYSTEM
    opening = opening_of_order_purchases(event.scope, order_id, opened_by=opened_by)
    return await cases.open(event, opening, again=bool(event.body.get("again")))


async def sync_partner(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Read a partner again, and tell every open case with it to look at Trading Grid."""
    settled = await records.read_partner_again(cases, event, line)
    partner = event.resource_id()
    async with cases.database.read() as session:
        mine = {shop.id for shop in await shops.list_all(session) if shop.tenant_id == event.scope}
        found = await case_rows.open_of_partner(session, partner, mine)
    if not found:
        return settled
    told = await cases.partner_changed(event, found, partner)
    return replace(told, reason=settled.reason)
