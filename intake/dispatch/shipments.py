"""What events of shipment notices, invoices and published documents mean: the papers of the purchase orders they name.

The resource is read once. Each purchase order of ours that it names has one case of papers: it is opened, or looks again.
A number that nobody has reserved yet parks the event until it is; the event is tried again now and then, too.
"""

from datetime import timedelta

from clients.trading_grid.errors import NotFound
from domain.shipping_documents.names import shipping_documents_key
from intake.dispatch.purchase_orders import number_reference, owner
from intake.dispatch.signalling import Signalling, partner_change
from intake.events import Event
from intake.openings import opening_of_papers
from intake.routes import TopicRoute
from intake.settled import Settled
from persistence.repositories import cases as case_rows
from persistence.tables import Case

_SOON = timedelta(minutes=1)
_AT_LEAST = timedelta(hours=6)
# How business references of a document name a purchase order; the contract leaves the word open.
_PURCHASE_ORDER = frozenset({"purchase_order", "po_number", "purchase_order_number", "po"})


async def notice(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    trading_grid = await cases.connections.trading_grid(event.scope)
    try:
        found = await trading_grid.shipment_notice(event.resource_id())
    except NotFound:
        return _gone("shipment notice", event)
    return await _papers(cases, event, found.named_orders, found.partner_id)


async def invoice(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    trading_grid = await cases.connections.trading_grid(event.scope)
    try:
        found = await trading_grid.invoice(event.resource_id())
    except NotFound:
        return _gone("invoice", event)
    return await _papers(cases, event, (found.po_number,), found.partner_id)


async def document(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """A document that belongs to no case of Trading Grid's, and names purchase orders by its business references."""
    trading_grid = await cases.connections.trading_grid(event.scope)
    try:
        found = await trading_grid.read_document(event.resource_id())
    except NotFound:
        return _gone("document", event)
    named = dict.fromkeys(
        one.value
        for one in found.business_references
        if one.type.strip().casefold() in _PURCHASE_ORDER and one.value
    )
    return await _papers(cases, event, tuple(named), None)


def _gone(what: str, event: Event) -> Settled:
    return Settled("ignored", f"Trading Grid has no {what} {event.resource_id()}.")


async def _papers(
    cases: Signalling, event: Event, po_numbers: tuple[str, ...], sender: str | None
) -> Settled:
    """One case a purchase order; the event is settled when each has heard of it."""
    if not po_numbers:
        return Settled("ignored", "It names no purchase order.")
    said = event.text("data", "partner_id")
    if sender and said and sender != said:
        return Settled("failed", f"The event says {said}, the resource is of {sender}.")
    partner = sender or said
    if not partner:
        return Settled("failed", "Neither the event nor the resource names a partner.")
    placed: list[Settled] = []
    unknown: list[str] = []
    for number in po_numbers:
        case = await owner(cases, event.scope, number)
        if case is None:
            unknown.append(number)
        else:
            placed.append(await _of_order(cases, event, case, number, partner))
    case_ids = tuple(dict.fromkeys(one for settled in placed for one in settled.case_ids))
    if unknown:
        wait = min(_SOON * 2 ** min(event.attempts - 1, 12), _AT_LEAST)
        return Settled(
            "parked",
            f"Waits for the purchase order {', '.join(unknown)}, which is not known here.",
            case_ids,
            again_in=wait,
            waits_for=tuple(number_reference(event.scope, number) for number in unknown),
        )
    if failed := [one for one in placed if one.status == "failed"]:
        return Settled("failed", " ".join(one.reason for one in failed), case_ids)
    reasons = dict.fromkeys(one.reason for one in placed if one.reason)
    return Settled(
        "dispatched",
        " ".join(reasons),
        case_ids,
        opened=next((one.opened for one in placed if one.opened is not None), None),
    )


async def _of_order(
    cases: Signalling, event: Event, order_case: Case, po_number: str, partner: str
) -> Settled:
    """Open the papers of one purchase order, or tell them to look again."""
    key = shipping_documents_key(order_case.shop_id, po_number)
    async with cases.database.read() as session:
        known = await case_rows.list_of_key(session, key)
    if (ordered_from := await _ordered_from(cases, event, known, po_number)) not in {"", partner}:
        return Settled(
            "failed", f"{partner} sent it, but {po_number} was ordered from {ordered_from}."
        )
    if known:
        return await cases.partner_changed(event, known, partner)
    opening = opening_of_papers(
        order_case.shop_id,
        tenant=event.scope,
        partner=partner,
        po_number=po_number,
        purchase_order_case=order_case.id,
        order_id=order_case.order_id or "",
        first=partner_change(event, partner),
        opened_by=event.source,
    )
    return await cases.open(event, opening, partner=partner)


async def _ordered_from(cases: Signalling, event: Event, known: list[Case], po_number: str) -> str:
    """The partner of a purchase order: as its papers have it, else as Trading Grid has it; empty where neither knows."""
    for case in known:
        if case.partners:
            return case.partners[0]
        if case.argument is not None:
            return str(case.argument.get("partner", ""))
    trading_grid = await cases.connections.trading_grid(event.scope)
    order = await trading_grid.find_purchase_order(po_number=po_number)
    return order.partner_id if order is not None else ""
