"""What is known beside a case: others of the same matter (its order, papers of purchase orders), its partners' names."""

from collections.abc import Mapping
from typing import Any

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from api.cases import CaseDetail
from domain.case import CaseKind
from domain.shipping_documents.names import shipping_documents_key
from persistence.repositories import shops
from persistence.tables import Case, Partner

_MOST = 50


async def related(session: AsyncSession, case: CaseDetail, detail: dict[str, Any]) -> list[Case]:
    """The newest first, at most 50. A replenishment has no order: its papers are found by the number they name."""
    same = []
    if case.order_id:
        same.append(col(Case.order_id) == case.order_id)
    if case.kind == CaseKind.PURCHASE_ORDER:
        numbers = [one["number"] for one in detail.get("purchase_orders", ())]
        keys = [shipping_documents_key(case.shop_id, number) for number in numbers]
        same.append(col(Case.key).in_(keys))
    if not same:
        return []
    statement = (
        select(Case)
        .where(Case.shop_id == case.shop_id, Case.id != case.id, or_(*same))
        .order_by(col(Case.number).desc())
        .limit(_MOST)
    )
    return list((await session.exec(statement)).all())


async def known_names(session: AsyncSession, shop: str, names: Mapping[str, str]) -> dict[str, str]:
    """The names of partners, by handle, of which a snapshot says the handle alone."""
    unnamed = [handle for handle, name in names.items() if name == handle]
    if not unnamed:
        return {}
    tenant = (await shops.get(session, shop)).tenant_id
    statement = select(Partner).where(Partner.tenant_id == tenant, col(Partner.id).in_(unnamed))
    return {partner.id: partner.name for partner in await session.exec(statement)}
