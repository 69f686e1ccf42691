"""A campaign's plan as the table has it: who is to have how much of what ready, and what each was told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.campaign_readiness.plan import PlannedProduct
from persistence.errors import ConflictError
from persistence.repositories.campaigns.positions import hold, locked, position_of
from persistence.tables import CampaignProduct

OWN = ""
"""In place of a partner: the merchant's own."""


@dataclass(frozen=True)
class PlanLine:
    """One product of a plan and whose it is; `OWN` for the merchant's."""

    product: PlannedProduct
    partner: str = OWN


Share = Mapping[str, tuple[int, date | None]]
"""What a partner's campaign in Trading Grid has: SKU -> expected quantity, ready by."""


async def replace(
    session: AsyncSession, case_id: str, version: int, lines: Sequence[PlanLine]
) -> None:
    """Bring the table to a version of the plan. What partners said stays; whether it still holds, telling them decides.

    A repeat changes nothing. Raises `ConflictError` where the table has a later version.
    """
    campaign = await locked(session, case_id)
    if campaign.plan_version > version:
        raise ConflictError(
            f"the plan of {case_id} is at version {campaign.plan_version}, past {version}"
        )
    campaign.plan_version = version
    known = {
        (row.partner_id, row.sku): row
        for row in await session.exec(
            select(CampaignProduct).where(CampaignProduct.case_id == case_id)
        )
    }
    wanted = {(line.partner, line.product.sku): line.product for line in lines}
    for key, row in known.items():
        if key not in wanted:
            row.listed = False
    # Out before in: a SKU may go from one partner to another, and is listed once.
    await session.flush()
    new: list[CampaignProduct] = []
    for (partner, sku), product in wanted.items():
        row = known.get((partner, sku)) or CampaignProduct(
            case_id=case_id, partner_id=partner, sku=sku, plan_version=version, expected=0
        )
        if (row.expected, row.ready_by) != (product.expected_quantity, product.ready_by):
            row.plan_version = version
            row.expected, row.ready_by = product.expected_quantity, product.ready_by
            hold(row, position_of(row), row.flags)
        row.listed = True
        if (partner, sku) not in known:
            new.append(row)
    session.add_all(new)
    await session.flush()
    # What nobody was ever told of leaves nothing behind; nor does the merchant's own.
    await session.exec(
        delete(CampaignProduct)
        .where(
            col(CampaignProduct.case_id) == case_id,
            col(CampaignProduct.listed).is_(False),
            col(CampaignProduct.touched) == 0,
            col(CampaignProduct.unsure_since).is_(None),
        )
        .execution_options(synchronize_session=False)
    )
    await session.flush()


async def lines_of(session: AsyncSession, case_id: str) -> list[PlanLine]:
    """The plan, by SKU."""
    rows = await session.exec(
        select(CampaignProduct)
        .where(CampaignProduct.case_id == case_id, col(CampaignProduct.listed))
        .order_by(col(CampaignProduct.sku))
    )
    return [PlanLine(_product(row), row.partner_id) for row in rows]


async def share_of(session: AsyncSession, case_id: str, partner: str) -> list[PlannedProduct]:
    """What one partner is to have ready, by SKU."""
    rows = await _rows(session, case_id, partner)
    return [_product(row) for row in rows if row.listed]


async def telling(
    session: AsyncSession,
    case_id: str,
    partner: str,
    share: Sequence[PlannedProduct],
    *,
    before: Share,
    version: int,
) -> None:
    """Note, before the partner is told its share, what will be told otherwise than its campaign has it at `version`.

    Should nobody see the end of the telling, `settle` finds out what came of it.
    """
    wanted = {one.sku: (one.expected_quantity, one.ready_by) for one in share}
    await locked(session, case_id)
    for row in await _rows(session, case_id, partner):
        if wanted.get(row.sku) != before.get(row.sku):
            row.unsure_since = version
    await session.flush()


async def is_settled(session: AsyncSession, case_id: str, partner: str) -> bool:
    """Whether the end of every telling was seen."""
    statement = select(CampaignProduct.sku).where(
        CampaignProduct.case_id == case_id,
        CampaignProduct.partner_id == partner,
        col(CampaignProduct.unsure_since).is_not(None),
    )
    return (await session.exec(statement.limit(1))).first() is None


async def settle(
    session: AsyncSession, case_id: str, partner: str, has: Share, version: int
) -> int:
    """Note what the partner's campaign has, at `version`; how many words are void since.

    What was about to be told otherwise was, where the version has grown: a word on it that was said of an earlier version
    is void. Settled before each telling, no more than one change can be unknown at a time, which makes that exact.
    """
    void = 0
    await locked(session, case_id)
    for row in await _rows(session, case_id, partner):
        since, row.unsure_since = row.unsure_since, None
        if since is not None and version > since:
            row.touched = version
            row.told_expected, row.told_ready_by = has.get(row.sku, (None, None))
            if row.sequence and row.campaign_version < version:
                void += row.listed
                hold(row, position_of(row).shared(version))
        if not row.listed and row.sku not in has:
            await session.delete(row)
    await session.flush()
    return void


def _product(row: CampaignProduct) -> PlannedProduct:
    return PlannedProduct(sku=row.sku, expected_quantity=row.expected, ready_by=row.ready_by)


async def _rows(session: AsyncSession, case_id: str, partner: str) -> list[CampaignProduct]:
    statement = (
        select(CampaignProduct)
        .where(CampaignProduct.case_id == case_id, CampaignProduct.partner_id == partner)
        .order_by(col(CampaignProduct.sku))
    )
    return list(await session.exec(statement))
