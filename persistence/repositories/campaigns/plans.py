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


@dataclass(frozen=True)
class Told:
    """What telling a partner its share changed: products by what happened to them, and words that are void since."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    reopened: int = 0


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
    # What nobody was told of leaves nothing behind; nor does the merchant's own.
    await session.exec(
        delete(CampaignProduct)
        .where(
            col(CampaignProduct.case_id) == case_id,
            col(CampaignProduct.listed).is_(False),
            col(CampaignProduct.told_expected).is_(None),
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


async def told(
    session: AsyncSession,
    case_id: str,
    partner: str,
    share: Sequence[PlannedProduct],
    *,
    before: Mapping[str, tuple[int, date | None]],
    version_before: int,
    version: int,
) -> Told:
    """Note that the partner's campaign in Trading Grid has this share now, as `version`.

    `before` is what it had at `version_before`, by SKU. A product that is as it was then and not as the table last noted was
    changed by an attempt whose end nobody saw: words said of `version_before` hold for it. A word on a product that was
    changed, said of an earlier version, is void.
    """
    wanted = {one.sku: (one.expected_quantity, one.ready_by) for one in share}
    added = changed = removed = reopened = 0
    await locked(session, case_id)
    for row in await _rows(session, case_id, partner):
        if row.sku not in wanted:
            removed += row.told_expected is not None
            row.told_expected = row.told_ready_by = None
            if not row.listed:
                await session.delete(row)
            continue
        telling = wanted[row.sku]
        noted = (row.told_expected, row.told_ready_by)
        if noted == telling and before.get(row.sku) == telling:
            continue
        added += row.told_expected is None
        changed += row.told_expected is not None
        row.touched = version_before if before.get(row.sku) == telling else version
        row.told_expected, row.told_ready_by = telling
        if row.sequence and row.campaign_version < row.touched:
            reopened += 1
            hold(row, position_of(row).shared(row.touched))
    await session.flush()
    return Told(added=added, changed=changed, removed=removed, reopened=reopened)


def _product(row: CampaignProduct) -> PlannedProduct:
    return PlannedProduct(sku=row.sku, expected_quantity=row.expected, ready_by=row.ready_by)


async def _rows(session: AsyncSession, case_id: str, partner: str) -> list[CampaignProduct]:
    statement = (
        select(CampaignProduct)
        .where(CampaignProduct.case_id == case_id, CampaignProduct.partner_id == partner)
        .order_by(col(CampaignProduct.sku))
    )
    return list(await session.exec(statement))
