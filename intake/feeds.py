"""The inventory feeds that are open, and how they are told that something of ours changed."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from temporalio.client import Client
from temporalio.service import RPCError

from domain.case import CaseKind
from domain.inventory_feed.names import FEED_CHANGED, FeedChanged
from intake.failures import is_unknown_workflow
from persistence.tables import Case


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
