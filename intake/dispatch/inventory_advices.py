"""What events of inventory advices mean: the feed of its partner into a shop is opened, or told to read it.

The shop is where the advice's location code is mapped. While it is mapped nowhere, the feed takes it if only one shop can be
meant, and shows its lines as unmapped; else the event waits for a mapping.
"""

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from clients.trading_grid.errors import NotFound
from domain import references
from domain.case import CaseKind
from domain.inventory_feed.names import (
    FEED_CHANGED,
    Changed,
    FeedChanged,
    Outcome,
    inventory_feed_key,
)
from intake.dispatch.signalling import OWN_SYSTEM, Signalling, partner_change
from intake.events import Event, UnreadableEvent
from intake.feeds import feeds_of_tenant
from intake.openings import opening_of_feed
from intake.routes import TopicRoute
from intake.settled import Settled
from persistence.repositories import case_references, location_mappings, partners, shops
from persistence.repositories import cases as case_rows
from persistence.repositories.case_references import Reference
from persistence.tables import Partner

_PARKED = timedelta(hours=6)
"""A mapping or a partner that appears has what waits for it looked at again at once; this finds what was missed."""


async def received(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Have the partner's feed read the advice."""
    trading_grid = await cases.connections.trading_grid(event.scope)
    advice_id = event.resource_id()
    try:
        head = await trading_grid.inventory_advice(advice_id)
    except NotFound:
        return Settled("ignored", f"Trading Grid has no inventory advice {advice_id}.")
    said = event.text("data", "partner_id")
    if head.partner_id and said and head.partner_id != said:
        return Settled("failed", f"The event says {said}, the advice is of {head.partner_id}.")
    partner_id = head.partner_id or said
    if not partner_id:
        return Settled("failed", "Neither the event nor the advice names a partner.")
    async with cases.database.read() as session:
        partner = await partners.find(session, event.scope, partner_id)
        if partner is None:
            return Settled(
                "parked", f"The partner {partner_id} is not known here.", again_in=_PARKED
            )
        shop = await _shop(session, partner, head.location_code)
    if partner.status != "active":
        return Settled("ignored", f"The partner {partner.name} is {partner.status}.")
    if not shop:
        return Settled(
            "parked",
            f"The location {head.location_code} of {partner.name} is mapped to no shop, and several could be meant.",
            again_in=_PARKED,
        )
    return await _feed(cases, event, partner, shop)


async def _shop(session: AsyncSession, partner: Partner, code: str) -> str:
    """Where the code is mapped; else the one shop that can be meant: of the tenant's, or of the partner's open feeds."""
    mapped = await location_mappings.resolve(session, partner.tenant_id, partner.id, code)
    if mapped is not None:
        return mapped.shop_id
    of_tenant = [shop.id for shop in await shops.list_all(session, tenant_id=partner.tenant_id)]
    if len(of_tenant) == 1:
        return of_tenant[0]
    named = Reference(kind=references.INVENTORY_FEED, value=partner.id, scope=partner.tenant_id)
    fed = {
        case.shop_id
        for case in await case_references.find(session, named)
        if case.kind == CaseKind.INVENTORY_FEED and case.closed_at is None
    }
    return fed.pop() if len(fed) == 1 else ""


async def _feed(cases: Signalling, event: Event, partner: Partner, shop: str) -> Settled:
    """Open the feed or tell it. One that ended with its partner opens again by itself; one that was stopped does not."""
    async with cases.database.read() as session:
        known = await case_rows.list_of_key(session, inventory_feed_key(shop, partner.id))
    if any(case.closed_at is None for case in known):
        return await cases.partner_changed(event, known, partner.id)
    opening = opening_of_feed(
        shop,
        tenant=partner.tenant_id,
        partner=partner.id,
        first=partner_change(event, partner.id),
        opened_by=event.source,
    )
    stopped = bool(known) and known[0].outcome == Outcome.STOPPED
    return await cases.open(event, opening, again=not stopped, partner=partner.id)


async def asked_for(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """An operator opens a feed: of an active partner of the shop's tenant, also where one was stopped before."""
    partner_id = event.text("partner")
    async with cases.database.read() as session:
        shop = await shops.get(session, event.scope)
        partner = await partners.find(session, shop.tenant_id, partner_id)
    if partner is None:
        return Settled("failed", f"The partner {partner_id} is not known here.")
    if partner.status != "active":
        return Settled("failed", f"The partner {partner.name} is {partner.status}.")
    opening = opening_of_feed(
        shop.id,
        tenant=partner.tenant_id,
        partner=partner.id,
        opened_by=event.text("opened_by") or OWN_SYSTEM,
    )
    return await cases.open(event, opening, again=True)


async def changed(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """A partner, or a location mapping, was edited here: the feeds that hang on it look again.

    Raises:
        UnreadableEvent: it says nothing we know.
    """
    try:
        what = Changed(event.text("what"))
    except ValueError as error:
        raise UnreadableEvent(f"{event.text('what')!r} is nothing that feeds look at.") from error
    return await tell_feeds(cases, event, what, partner=event.text("partner"))


async def tell_feeds(
    cases: Signalling, event: Event, what: Changed, *, partner: str = ""
) -> Settled:
    """Tell the tenant's open feeds, or those of one partner, that something of ours changed."""
    async with cases.database.read() as session:
        found = await feeds_of_tenant(session, event.scope, partner)
    if not found:
        return Settled("dispatched", "No open feed hangs on it.")
    change = FeedChanged(event_id=event.key, what=what)
    return await cases.tell(event, found, FEED_CHANGED, change)
