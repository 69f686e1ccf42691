"""What was sold of a campaign's products, counted order by order; a count that was broken off goes on where it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.errors import ConflictError
from persistence.repositories.campaigns.positions import locked
from persistence.tables import Campaign, CampaignProduct


@dataclass(frozen=True)
class Count:
    """How far orders placed from `start` until `end` were counted: up to `until`, and of that second `orders_then`."""

    start: datetime
    end: datetime
    until: datetime
    orders_then: tuple[str, ...] = ()
    orders: int = 0
    done: bool = False


@dataclass(frozen=True)
class Totals:
    committed: int
    sold: int
    oversold: int


async def begin(session: AsyncSession, case_id: str, start: datetime, end: datetime) -> Count:
    """The count of this window as far as it is; one of another window is thrown away."""
    campaign = await locked(session, case_id)
    if (campaign.counted_from, campaign.counted_to) != (start, end):
        campaign.counted_from, campaign.counted_to = start, end
        campaign.counted_until, campaign.counted_orders = start, []
        campaign.orders, campaign.counted = 0, False
        await session.exec(
            update(CampaignProduct).where(col(CampaignProduct.case_id) == case_id).values(sold=0)
        )
        await session.flush()
    return _count(campaign)


async def advance(
    session: AsyncSession,
    case_id: str,
    before: Count,
    *,
    sold: Mapping[str, int],
    orders: int,
    until: datetime,
    orders_then: Sequence[str],
    done: bool,
) -> Count:
    """Add what was sold by SKU, and where the count stands now.

    Raises `ConflictError` where it does not stand at `before`: another attempt goes on with it.
    """
    campaign = await locked(session, case_id)
    if _count(campaign) != before:
        raise ConflictError(f"what {case_id} sold is being counted by somebody else")
    for sku, pieces in sold.items():
        await session.exec(
            update(CampaignProduct)
            .where(
                col(CampaignProduct.case_id) == case_id,
                col(CampaignProduct.sku) == sku,
                col(CampaignProduct.listed),
            )
            .values(sold=CampaignProduct.sold + pieces)
        )
    campaign.orders += orders
    campaign.counted_until, campaign.counted_orders = until, list(orders_then)
    campaign.counted = done
    await session.flush()
    return _count(campaign)


async def skus(session: AsyncSession, case_id: str) -> frozenset[str]:
    """The products of the campaign."""
    statement = select(CampaignProduct.sku).where(
        CampaignProduct.case_id == case_id, col(CampaignProduct.listed)
    )
    return frozenset(await session.exec(statement))


async def totals(session: AsyncSession, case_id: str) -> Totals:
    """Pieces committed, pieces sold, and the products of partners of which more was sold than committed."""
    listed = (CampaignProduct.case_id == case_id, col(CampaignProduct.listed))
    sums = select(
        func.coalesce(func.sum(CampaignProduct.ready), 0),
        func.coalesce(func.sum(CampaignProduct.sold), 0),
    ).where(*listed)
    committed, sold = (await session.exec(sums)).one()
    more = select(func.count()).where(*listed, *_OVERSOLD)
    return Totals(int(committed), int(sold), (await session.exec(more)).one())


async def oversold(session: AsyncSession, case_id: str, most: int) -> list[CampaignProduct]:
    """Products of partners of which more was sold than committed, the worst first."""
    statement = (
        select(CampaignProduct)
        .where(CampaignProduct.case_id == case_id, col(CampaignProduct.listed), *_OVERSOLD)
        .order_by(
            (col(CampaignProduct.sold) - col(CampaignProduct.ready)).desc(),
            col(CampaignProduct.sku),
        )
        .limit(most)
    )
    return list(await session.exec(statement))


# Nobody committed to the merchant's own products, so that there is nothing to oversell.
_OVERSOLD = (
    col(CampaignProduct.partner_id) != "",
    col(CampaignProduct.sold) > col(CampaignProduct.ready),
)


def _count(campaign: Campaign) -> Count:
    if campaign.counted_from is None or campaign.counted_to is None:
        raise ConflictError(f"nobody counts what {campaign.case_id} sold")
    return Count(
        start=campaign.counted_from,
        end=campaign.counted_to,
        until=campaign.counted_until or campaign.counted_from,
        orders_then=tuple(campaign.counted_orders),
        orders=campaign.orders,
        done=campaign.counted,
    )
