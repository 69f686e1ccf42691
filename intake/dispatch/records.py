"""Events that concern no case: the app in a shop, the shop itself, a partner's own data."""

from dataclasses import replace
from datetime import UTC, datetime

from clients.shopify.errors import ShopifyUnauthorized
from domain.inventory_feed.names import Changed
from intake.connect.report import StepFailed
from intake.connect.shop import check_scopes, facts_of
from intake.dispatch import inventory_advices
from intake.dispatch.signalling import Signalling
from intake.events import Event
from intake.routes import TopicRoute
from intake.settled import Settled
from persistence.repositories import inbound_events, partners, shops, switches


async def note_uninstalled(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """No call works any more: stop trying, and pause the shop's cases until it is installed again.

    The signature covers the body alone, so Shopify is asked: a token that still works was not revoked.
    """
    async with cases.database.read() as session:
        if (await shops.get(session, event.scope)).status == "uninstalled":
            return Settled("dispatched", "That is known.")
    admin = await cases.connections.shopify(event.scope)
    try:
        await admin.app_access()
    except ShopifyUnauthorized:
        now = datetime.now(UTC)
        async with cases.database.begin() as session:
            await shops.note_uninstalled(session, event.scope, now)
            paused = await switches.in_force(session, "pause", shop_id=event.scope, lifecycle="*")
            # A person's pause of this shop stays the person's; one of all shops is lifted without a thought of this one.
            if paused is None or paused.shop_id != event.scope:
                await switches.put(
                    session,
                    "pause",
                    shop_id=event.scope,
                    set_by="shopify",
                    reason="The app was uninstalled.",
                    now=now,
                )
        return Settled("dispatched", "The shop's cases are paused.")
    return Settled("ignored", "The app is still installed.")


async def check_granted_scopes(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """Read what is granted now, keep it, and say what is missing."""
    admin = await cases.connections.shopify(event.scope)
    granted = facts_of(await admin.app_access()).scopes
    async with cases.database.begin() as session:
        shop = await shops.get(session, event.scope)
        shop.scopes, shop.updated_at = list(granted), datetime.now(UTC)
    try:
        _, found = await check_scopes(granted)
    except StepFailed as missing:
        return Settled("failed", str(missing))
    return Settled("dispatched", found)


async def nothing_of_customers(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    return Settled("dispatched", "Nothing about customers is kept here.")


async def keep(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    """We subscribe to it for nobody yet."""
    return Settled("ignored", "Kept for the record.")


async def redact_shop(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    now = datetime.now(UTC)
    async with cases.database.begin() as session:
        shop = await shops.get(session, event.scope)
        if shop.status != "uninstalled":
            return Settled("failed", "The shop is still connected; nothing was deleted.")
        purged = await inbound_events.purge_bodies(session, now, now, scope=event.scope)
        await shops.note_redacted(session, event.scope, now)
    return Settled("dispatched", f"{purged} stored payloads were deleted.")


async def read_partner_again(cases: Signalling, event: Event, line: TopicRoute) -> Settled:
    partner_id = event.text("data", "id")
    async with cases.database.read() as session:
        known = await partners.find(session, event.scope, partner_id)
    if known is None:
        return Settled("ignored", f"The partner {partner_id} is not known here.")
    trading_grid = await cases.connections.trading_grid(event.scope)
    now = await trading_grid.read_partner(partner_id)
    status = "suspended" if now.status == "suspended" else "active"
    name = now.name or known.name
    if known.status == "suspended" and known.suspended_by == "here":
        status = "suspended"  # by a person, whose word it stays
    if known.status == "retired" or (known.status, known.name) == (status, name):
        return Settled("dispatched", "Nothing of it changes anything here.")
    async with cases.database.begin() as session:
        await partners.update(
            session,
            event.scope,
            partner_id,
            version=known.version,
            changes={"name": name} | ({} if status == known.status else {"status": status}),
            by="trading_grid",
        )
    told = await inventory_advices.tell_feeds(cases, event, Changed.PARTNER, partner=partner_id)
    return replace(told, reason=f"The partner is {status}.")
