"""What partners' stock feeds say against the products of a campaign."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from persistence.tables import CampaignProduct, InventoryPosition

CODES = ("stop_sell", "limited", "discontinued")


@dataclass(frozen=True)
class StockConstraint:
    """`code` is one of `CODES`; `until` is the last day it holds, None: nobody knows."""

    sku: str
    partner: str
    code: str
    until: date | None


async def against(
    session: AsyncSession, case_id: str, shop_id: str, *, today: date
) -> list[StockConstraint]:
    """The constraints that hold today for products that partners are asked for, by SKU; of a SKU that a partner has at
    several locations, one of each code, that which holds longest."""
    position = InventoryPosition
    statement = select(position).where(
        CampaignProduct.case_id == case_id,
        col(CampaignProduct.listed),
        CampaignProduct.partner_id == position.partner_id,
        CampaignProduct.sku == position.sku,
        position.shop_id == shop_id,
        col(position.constraint_code).in_(CODES),
        or_(col(position.constraint_until).is_(None), col(position.constraint_until) >= today),
    )
    found: dict[tuple[str, str, str], date | None] = {}
    for one in await session.exec(statement):
        key, until = (one.sku, one.partner_id, one.constraint_code), one.constraint_until
        known = found.get(key, until)
        found[key] = None if known is None or until is None else max(known, until)
    return [
        StockConstraint(sku=sku, partner=partner, code=code, until=found[sku, partner, code])
        for sku, partner, code in sorted(found)
    ]
