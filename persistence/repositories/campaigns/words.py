"""What partners said of a campaign: taken once each, whatever order it came in and however often it is tried."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.campaign_readiness.messages import LaunchIssue
from domain.campaign_readiness.positions import Commitment, Flag, Word, take
from persistence.base import JsonObject
from persistence.pages import Page, check_limit, decode_cursor, encode_cursor
from persistence.repositories.campaigns.positions import hold, locked, position_of
from persistence.statements import insert_missing
from persistence.tables import CampaignFlag, CampaignIssue, CampaignProduct, CampaignReading

MOST_FLAGS = 1_000  # of one word that are kept one by one; Trading Grid has the word itself
FLAGS = "campaign_flags"


@dataclass
class Heard:
    """What came of one word: what was flagged, by SKU, and of which products fewer pieces can be counted on."""

    applied: int = 0
    flags: list[tuple[str, Flag]] = field(default_factory=list)
    withdrawn: list[str] = field(default_factory=list)
    at_risk: list[str] = field(default_factory=list)


async def take_word(
    session: AsyncSession,
    case_id: str,
    partner: str,
    words: Sequence[Word],
    *,
    sequence: int,
    campaign_version: int | None,
) -> Heard:
    """Take what a partner said of products; without a version, of the plan as it is now. Of a SKU that is named twice, the
    last word holds.

    Run it in the transaction that keeps the reading: that makes it once.
    """
    await locked(session, case_id)
    by_sku = {word.sku: word for word in words}
    rows = {
        row.sku: row
        for row in await session.exec(
            select(CampaignProduct).where(
                CampaignProduct.case_id == case_id,
                CampaignProduct.partner_id == partner,
                # What it was not told of yet is none of its products.
                CampaignProduct.touched > 0,
            )
        )
        if row.sku in by_sku
    }
    if campaign_version is None:
        campaign_version = max((row.touched for row in rows.values()), default=0)
    heard = Heard()
    for word in by_sku.values():
        row = rows.get(word.sku)
        before = position_of(row) if row is not None else None
        taken = take(before, word, sequence, campaign_version)
        heard.flags += [(word.sku, flag) for flag in taken.flags]
        if row is None or before is None or taken.position is None or not taken.applied:
            continue
        hold(row, taken.position, [flag.value for flag in taken.flags])
        heard.applied += 1
        if not row.listed:
            continue  # it is to leave the plan; should it stay, the word holds
        if taken.position.ready < before.ready:
            heard.withdrawn.append(word.sku)
        if taken.position.status is Commitment.AT_RISK or taken.position.late:
            heard.at_risk.append(word.sku)
    await session.flush()
    return heard


async def take_issues(
    session: AsyncSession,
    case_id: str,
    partner: str,
    issues: Sequence[LaunchIssue],
    *,
    sequence: int,
) -> None:
    """Keep issues; an earlier word does not replace a later one's."""
    known = {
        (row.code, row.sku): row
        for row in await session.exec(
            select(CampaignIssue).where(
                CampaignIssue.case_id == case_id, CampaignIssue.partner_id == partner
            )
        )
    }
    for issue in issues:
        row = known.get((issue.code, issue.sku))
        if row is None:
            row = CampaignIssue(
                case_id=case_id,
                partner_id=partner,
                code=issue.code,
                sku=issue.sku,
                sequence=sequence,
                severity="",
                text="",
            )
            session.add(row)
            known[issue.code, issue.sku] = row
        elif row.sequence > sequence:
            continue
        row.sequence, row.severity, row.text = sequence, issue.severity, issue.text
        row.serious = issue.serious
    await session.flush()


async def reading(
    session: AsyncSession, case_id: str, partner: str, sequence: int
) -> JsonObject | None:
    """What came of a word of the partner; None where it was not taken."""
    found = await session.get(CampaignReading, (case_id, partner, sequence))
    return found.report if found is not None else None


async def keep(
    session: AsyncSession,
    case_id: str,
    partner: str,
    *,
    sequence: int,
    remote_id: str,
    campaign_version: int | None,
    said_at: datetime | None,
    report: JsonObject,
    flags: Sequence[tuple[str, str, str]],
) -> None:
    """Keep what came of a word; `flags`: SKU, flag, text."""
    session.add(
        CampaignReading(
            case_id=case_id,
            partner_id=partner,
            sequence=sequence,
            remote_id=remote_id,
            campaign_version=campaign_version,
            said_at=said_at,
            report=report,
        )
    )
    await insert_missing(
        session,
        [
            CampaignFlag(
                case_id=case_id,
                partner_id=partner,
                sequence=sequence,
                place=place,
                sku=sku,
                flag=flag,
                text=text,
            )
            for place, (sku, flag, text) in enumerate(flags[:MOST_FLAGS])
        ],
    )
    await session.flush()


async def issues_of(
    session: AsyncSession, case_id: str, *, serious: bool | None = None, most: int = 200
) -> list[CampaignIssue]:
    """The issues of a campaign, the serious ones first, of each the newest first."""
    statement = (
        select(CampaignIssue)
        .where(CampaignIssue.case_id == case_id)
        .order_by(
            col(CampaignIssue.serious).desc(),
            col(CampaignIssue.sequence).desc(),
            col(CampaignIssue.partner_id),
            col(CampaignIssue.code),
            col(CampaignIssue.sku),
        )
        .limit(most)
    )
    if serious is not None:
        statement = statement.where(CampaignIssue.serious == serious)
    return list(await session.exec(statement))


async def count(session: AsyncSession, case_id: str) -> tuple[int, int]:
    """How many issues there are, and how many flags."""
    issues = select(func.count()).select_from(CampaignIssue).where(CampaignIssue.case_id == case_id)
    flags = select(func.count()).select_from(CampaignFlag).where(CampaignFlag.case_id == case_id)
    return (await session.exec(issues)).one(), (await session.exec(flags)).one()


async def flags_page(
    session: AsyncSession, case_id: str, *, limit: int = 50, cursor: str | None = None
) -> Page[CampaignFlag]:
    """List what was flagged in partners' words, by partner and sequence. Raises `BadCursorError`, `BadValueError`."""
    key = (
        col(CampaignFlag.partner_id),
        col(CampaignFlag.sequence),
        col(CampaignFlag.place),
    )
    statement = (
        select(CampaignFlag)
        .where(CampaignFlag.case_id == case_id)
        .order_by(*key)
        .limit(check_limit(limit) + 1)
    )
    if cursor is not None:
        partner, sequence, place = decode_cursor(cursor, FLAGS, (str, int, int))
        statement = statement.where(
            (key[0] > partner)
            | ((key[0] == partner) & (key[1] > sequence))
            | ((key[0] == partner) & (key[1] == sequence) & (key[2] > place))
        )
    rows = list(await session.exec(statement))
    if len(rows) <= limit:
        return Page(rows, None)
    last = rows[limit - 1]
    return Page(rows[:limit], encode_cursor(FLAGS, (last.partner_id, last.sequence, last.place)))
