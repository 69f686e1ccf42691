"""Connecting a shop: one call, repeatable, that sets up what is missing and reports each step.

`needs` says what is wanted, `shop` and `network` bring it about at Shopify and Trading Grid, `report` is what people read.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from temporalio.service import RPCError

from clients.shopify.admin import AdminApi
from clients.shopify.generated.app_access import AppAccess
from clients.trading_grid.port import TradingGrid
from domain.reconciliation import Source
from intake.connect.campaigns import put_campaign_metaobject
from intake.connect.network import Events, check_token
from intake.connect.report import (
    ConnectReport,
    ConnectStep,
    Outcome,
    Steps,
    StepStatus,
)
from intake.connect.shop import (
    ShopFacts,
    check_access,
    check_scopes,
    compare_facts,
    facts_of,
    note_privacy_webhooks,
    put_order_fields,
    put_webhooks,
)
from intake.connections import Connections
from intake.schedules import Schedules
from persistence.encryption import SecretBox
from persistence.repositories import shops, switches
from persistence.session import Database
from persistence.tables import Shop

__all__ = ["ConnectReport", "ConnectStep", "StepStatus", "connect_shop"]

_BY_SHOPIFY = "shopify"  # who set the pause, when the app was uninstalled


async def connect_shop(
    database: Database,
    box: SecretBox,
    connections: Connections,
    shop_id: str,
    *,
    public_url: str,
    now: datetime,
    schedules: Schedules | None = None,
) -> ConnectReport:
    """Check and set up all that a shop needs. Repeat it at will, and daily: Shopify deletes subscriptions that failed.

    A step that fails stops no other, except that nothing is tried at Shopify without access to the right shop. The first
    run without a failure sets `connected_at`, where the watermarks start; older matters come by `backfill_returns`. With
    `schedules` the shop and its tenant's feed are reconciled from then on.

    Raises:
        NotFoundError: no such shop.
        ValueError: `public_url` is not an http(s) origin.
    """
    public_url = _checked(public_url)
    async with database.read() as session:
        shop = await shops.get(session, shop_id)
    steps = Steps(shop_id)
    facts = await _connect_shopify(steps, database, connections, shop, public_url, now)
    await _connect_trading_grid(steps, database, box, connections, shop, public_url)
    if schedules is not None:
        await _schedule(steps, schedules, shop)
    report = steps.report()
    async with database.begin() as session:
        await shops.note_connect(
            session,
            shop_id,
            now=now,
            report=report.model_dump(mode="json"),
            connected=report.connected,
            scopes=facts.scopes if facts else None,
            currency=facts.currency if facts else None,
            time_zone=facts.time_zone if facts else None,
        )
    return report


def _checked(public_url: str) -> str:
    parts = urlsplit(public_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"public_url must be an http(s) address: {public_url!r}")
    return public_url.rstrip("/")


async def _connect_shopify(
    steps: Steps,
    database: Database,
    connections: Connections,
    shop: Shop,
    public_url: str,
    now: datetime,
) -> ShopFacts | None:
    opened: list[tuple[AdminApi, AppAccess]] = []

    async def access() -> Outcome:
        admin = await connections.shopify(shop.id)
        found = await check_access(admin, shop)
        opened.append((admin, found))
        return StepStatus.OK, f"The token opens {found.shop.name} ({shop.domain})."

    was_uninstalled = shop.status == "uninstalled"
    if was_uninstalled:
        # Only Shopify knows whether the app is back; the connection is not given out for an uninstalled shop.
        await _set_status(database, shop.id, "new", now)
    await steps.run("shopify access", access)
    note_privacy_webhooks(steps, public_url)
    if not opened:
        if was_uninstalled:
            await _set_status(database, shop.id, "uninstalled", now)
        for name in ("scopes", "shop facts", "campaign metaobject", "webhooks", "order metafields"):
            steps.note(name, StepStatus.SKIPPED, "There is no access to the shop.")
        return None
    admin, found = opened[0]
    facts = facts_of(found)
    await steps.run("scopes", partial(check_scopes, facts.scopes))
    await steps.run("shop facts", partial(compare_facts, shop, facts))
    campaigns = await put_campaign_metaobject(steps, admin)
    await put_webhooks(steps, admin, public_url, facts.scopes, campaigns)
    await put_order_fields(steps, admin)
    if await _end_pause(database, shop.id):
        steps.note("pause", StepStatus.CHANGED, "The app is installed again: cases go on.")
    return facts


async def _set_status(database: Database, shop_id: str, status: str, now: datetime) -> None:
    async with database.begin() as session:
        shop = await shops.get(session, shop_id)
        shop.status = status
        shop.updated_at = now


async def _end_pause(database: Database, shop_id: str) -> bool:
    """Lift the pause that `app/uninstalled` set; a person's own pause stays."""
    async with database.begin() as session:
        for switch in await switches.list_all(session, kind="pause"):
            key = (switch.shop_id, switch.lifecycle, switch.partner_id)
            if key == (shop_id, "*", "*") and switch.set_by == _BY_SHOPIFY:
                return await switches.clear(session, "pause", shop_id=shop_id)
    return False


async def _connect_trading_grid(
    steps: Steps,
    database: Database,
    box: SecretBox,
    connections: Connections,
    shop: Shop,
    public_url: str,
) -> None:
    opened: list[TradingGrid] = []

    async def token() -> Outcome:
        grid = await connections.trading_grid(shop.tenant_id)
        outcome = await check_token(grid)
        opened.append(grid)
        return outcome

    await steps.run("trading grid token", token)
    if not opened:
        steps.note("trading grid events", StepStatus.SKIPPED, "There is no access to Trading Grid.")
        return
    events = Events(database, box, opened[0], shop.tenant_id, public_url)
    await steps.run("trading grid events", events.put)


async def _schedule(steps: Steps, schedules: Schedules, shop: Shop) -> None:
    puts: dict[str, Callable[[], Awaitable[str]]] = {
        "shop reconciliation": partial(schedules.put, Source.SHOPIFY, shop.id),
        "feed reconciliation": partial(schedules.put, Source.TRADING_GRID, shop.tenant_id),
        "inventory items": partial(schedules.put_nightly, shop.id, shop.time_zone),
    }
    for name, make in puts.items():

        async def put(make: Callable[[], Awaitable[str]] = make) -> Outcome:
            try:
                return StepStatus.OK, await make()
            except (RPCError, RuntimeError) as error:
                # RuntimeError: a lazy client that could not connect. Events come all the same.
                return (
                    StepStatus.SKIPPED,
                    f"Temporal makes no schedule now ({error}); connect again.",
                )

        await steps.run(name, put)
