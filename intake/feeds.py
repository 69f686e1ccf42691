"""The inventory feeds that are open, and how they are told that something of ours changed."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client
from temporalio.service import RPCError

from domain.case import CaseKind
from domain.inventory_feed.names import (
    FEED_CHANGED,
    Changed,
    FeedChanged,
    inventory_feed_key,
)
from intake.failures import is_unknown_workflow
from persistence.base import ANY
from persistence.repositories import cases, inbound_events, shops
from persistence.tables import Case

FEEDS_CHANGED = "feeds/changed"
"""The topic of our own event that says so."""


async def feeds_of_shop(session: AsyncSession, shop: str) -> list[Case]:
    """The open feeds into a shop."""
    statement = (
        select(Case)
        .where(
            Case.shop_id == shop,
            Case.kind == CaseKind.INVENTORY_FEED.value,
            col(Case.closed_at).is_(None),
        )
        .order_by(col(Case.number))
    )
    return list((await session.exec(statement)).all())


async def feeds_of_tenant(session: AsyncSession, tenant: str, partner: str = "") -> list[Case]:
    """The open feeds into the shops of a tenant, of one partner or of all."""
    mine = {shop.id for shop in await shops.list_all(session, tenant_id=tenant)}
    if partner:
        found = [
            await cases.find_open(session, inventory_feed_key(shop, partner))
            for shop in sorted(mine)
        ]
        return [case for case in found if case is not None]
    return [case for shop in sorted(mine) for case in await feeds_of_shop(session, shop)]


async def put_change(
    session: AsyncSession,
    *,
    tenant: str,
    partner: str,
    what: Changed,
    edit: str,
    now: datetime,
) -> None:
    """Put it into the inbox that a partner (`*`: all), or a location mapping, was edited: in the same transaction, so that
    no feed misses it. `edit` names the edit, so that a repeat of it is no second event."""
    body = {"what": what.value, "partner": "" if partner == ANY else partner, "edit": edit}
    await inbound_events.insert(
        session,
        source="gridcase",
        scope=tenant,
        topic=FEEDS_CHANGED,
        delivery_id=edit,
        body=json.dumps(body, sort_keys=True).encode(),
        headers={},
        now=now,
    )


async def signal_feeds(temporal: Client, found: Sequence[Case], change: FeedChanged) -> list[str]:
    """Tell these feeds; the ids of those that heard it. One that has just ended needs no word.

    Raises:
        RPCError: Temporal does not answer.
    """
    told = []
    for case in found:
        try:
            await temporal.get_workflow_handle(case.id).signal(FEED_CHANGED, change)
        except RPCError as error:
            if not is_unknown_workflow(error):
                raise
        else:
            told.append(case.id)
    return told
