"""How ready the products of a campaign are: added up, the worst first, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, or_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.campaign_readiness.positions import Commitment, Figures, Position, total
from persistence.pages import Page, check_limit, decode_cursor, encode_cursor
from persistence.statements import insert_missing, lock, require
from persistence.tables import Campaign, CampaignProduct

BY_SKU = "campaign_products:sku"
WORST_FIRST = "campaign_products:missing"


@dataclass(frozen=True, kw_only=True)
class ProductFilter:
    """What to list; None is no condition. `partner` empty: the merchant's own.

    `in_doubt`: at risk, late, promised in part or declined.
    """

    partner: str | None = None
    status: Commitment | None = None
    in_doubt: bool | None = None


async def locked(session: AsyncSession, case_id: str) -> Campaign:
    """The campaign's row, kept from others: a plan, its sharing and a partner's word may meet, and read before they
    write."""
    await insert_missing(session, [Campaign(case_id=case_id)])
    return await lock(session, Campaign, case_id, "campaign")


def position_of(row: CampaignProduct) -> Position:
    return Position(
        sku=row.sku,
        expected=row.expected,
        ready_by=row.ready_by,
        touched=row.touched,
        status=Commitment(row.status),
        quantity=row.quantity,
        said_ready_by=row.said_ready_by,
        note=row.note,
        sequence=row.sequence,
        campaign_version=row.campaign_version,
    )


def hold(row: CampaignProduct, position: Position, flags: Sequence[str] = ()) -> None:
    """Write a position into its row, with what follows from it."""
    row.touched = position.touched
    row.status = position.status.value
    row.quantity = position.quantity
    row.said_ready_by = position.said_ready_by
    row.note = position.note
    row.sequence = position.sequence
    row.campaign_version = position.campaign_version
    row.flags = list(flags)
    row.ready = position.ready
    row.missing = position.missing
    row.late = position.late


async def figures(session: AsyncSession, case_id: str) -> dict[str, Figures]:
    """The listed products, counted by partner; under `""` the merchant's own."""
    partner, status = col(CampaignProduct.partner_id), col(CampaignProduct.status)
    listed = (CampaignProduct.case_id == case_id, col(CampaignProduct.listed))
    late = func.sum(case((col(CampaignProduct.late), 1), else_=0))
    expected, ready = func.sum(CampaignProduct.expected), func.sum(CampaignProduct.ready)
    counted = select(partner, status, func.count(), late).where(*listed).group_by(partner, status)
    added = select(partner, expected, ready).where(*listed).group_by(partner)
    found: dict[str, Figures] = {}
    for whose, said, products, behind in await session.exec(counted):
        part = Figures(**{"products": products, Commitment(said).value: products, "late": behind})
        found[whose] = total([found.get(whose, Figures()), part])
    for whose, wanted, promised in await session.exec(added):
        # A sum of 64 bits is a Decimal on PostgreSQL.
        pieces = Figures(expected=int(wanted), ready=int(promised))
        found[whose] = total([found.get(whose, Figures()), pieces])
    return found


async def worst(session: AsyncSession, case_id: str, most: int) -> list[CampaignProduct]:
    """Products of partners of which pieces are missing, the most first."""
    statement = (
        select(CampaignProduct)
        .where(
            CampaignProduct.case_id == case_id,
            col(CampaignProduct.listed),
            CampaignProduct.partner_id != "",
            CampaignProduct.missing > 0,
        )
        .order_by(col(CampaignProduct.missing).desc(), col(CampaignProduct.sku))
        .limit(most)
    )
    return list(await session.exec(statement))


async def list_page(
    session: AsyncSession,
    case_id: str,
    wanted: ProductFilter,
    *,
    worst_first: bool = False,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[CampaignProduct]:
    """List the products of a campaign by SKU, or those first of which most pieces are missing.

    Raises `BadCursorError`, `BadValueError`; `NotFoundError` where the case has no plan.
    """
    await require(session, Campaign, case_id, "campaign")
    statement = (
        select(CampaignProduct)
        .where(
            CampaignProduct.case_id == case_id, col(CampaignProduct.listed), *_conditions(wanted)
        )
        .limit(check_limit(limit) + 1)
    )
    missing, sku = col(CampaignProduct.missing), col(CampaignProduct.sku)
    if worst_first:
        statement = statement.order_by(missing.desc(), sku)
        if cursor is not None:
            at, after = decode_cursor(cursor, WORST_FIRST, (int, str))
            statement = statement.where(or_(missing < at, and_(missing == at, sku > after)))
    else:
        statement = statement.order_by(sku)
        if cursor is not None:
            (after,) = decode_cursor(cursor, BY_SKU, (str,))
            statement = statement.where(sku > after)
    rows = list(await session.exec(statement))
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    if worst_first:
        return Page(rows[:limit], encode_cursor(WORST_FIRST, (last.missing, last.sku)))
    return Page(rows[:limit], encode_cursor(BY_SKU, (last.sku,)))


def _conditions(wanted: ProductFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.partner is not None:
        found.append(col(CampaignProduct.partner_id) == wanted.partner)
    if wanted.status is not None:
        found.append(col(CampaignProduct.status) == wanted.status.value)
    if wanted.in_doubt is not None:
        doubtful = or_(
            col(CampaignProduct.late),
            col(CampaignProduct.status).in_(
                [Commitment.AT_RISK, Commitment.PARTIAL, Commitment.DECLINED]
            ),
        )
        found.append(doubtful if wanted.in_doubt else ~doubtful)
    return found
