"""A partner's share of a campaign in Trading Grid: told, changed, and what the partner says of it; one mutation a method."""

from collections.abc import Iterable, Sequence
from datetime import date

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.failures import translated
from activities.pauses import Pauses
from clients.trading_grid.errors import PreconditionFailed
from clients.trading_grid.port import (
    Campaign,
    CampaignPlan,
    CampaignReadiness,
    Commitment,
    ExternalReference,
    NewCampaign,
    NewCampaignProduct,
    TradingGrid,
)
from domain.campaign_readiness.messages import (
    READINGS,
    TOLD_FLAGS,
    TOLD_ISSUES,
    TOLD_SKUS,
    LaunchIssue,
    ReadinessTaken,
    Reading,
    ReadReadiness,
    ShareCampaign,
    SharedCampaign,
)
from domain.campaign_readiness.plan import PlannedProduct, Window, share_digest
from domain.campaign_readiness.positions import Figures, Word
from domain.failures import UNAVAILABLE
from intake.connections import Connections
from intake.dispatch import OWN_SYSTEM
from persistence.repositories.campaigns import plans, positions, words
from persistence.session import Database

_TEXT = 500  # of a note or an issue; Trading Grid has the rest
_NAME = 120
_UNREADABLE = "unreadable"


class CampaignSharingActivities:
    def __init__(self, connections: Connections, database: Database, pauses: Pauses) -> None:
        self._connections = connections
        self._database = database
        self._pauses = pauses

    @activity.defn(name="campaign_readiness.share")
    async def share(self, request: ShareCampaign) -> SharedCampaign:
        """Bring the partner's campaign to its share of the plan: made, changed, or left as it is where it is that already.

        The reference makes a repeat find what was made. A change made under our hands (412) is read again by the retry.
        """
        await self._pauses.check(partner=request.partner)
        share: Sequence[PlannedProduct] = ()
        if not request.empty:
            async with self._database.read() as session:
                share = await plans.share_of(session, request.case_id, request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            before = await self._known(trading_grid, request)
            if before is None and not share:
                return SharedCampaign()
            has, wanted = _has(before), _wanted(share)
            void = await self._settle(request, before)
            now = before
            if before is None or not _is_told(before, request.window, share):
                await self._telling(request, share, before)
                now = await self._told(trading_grid, request, share, before)
                void += await self._settle(request, now)
        assert now is not None
        async with self._database.read() as session:
            figures = await positions.figures(session, request.case_id)
        return SharedCampaign(
            remote_id=now.id,
            version=now.version,
            digest=share_digest(request.window, share) if share else "",
            figures=figures.get(request.partner, Figures()),
            added=len(wanted.keys() - has.keys()),
            changed=sum(has[sku] != wanted[sku] for sku in wanted.keys() & has.keys()),
            removed=len(has.keys() - wanted.keys()),
            reopened=void,
        )

    async def _telling(
        self,
        request: ShareCampaign,
        share: Sequence[PlannedProduct],
        before: Campaign | None,
    ) -> None:
        async with self._database.begin() as session:
            await plans.telling(
                session,
                request.case_id,
                request.partner,
                share,
                before=_has(before),
                version=before.version if before is not None else 0,
            )

    async def _settle(
        self, request: ShareCampaign | ReadReadiness, campaign: Campaign | None
    ) -> int:
        """Note what the partner's campaign is known to have; how many of its words are void."""
        if campaign is None:
            return 0
        async with self._database.begin() as session:
            return await plans.settle(
                session, request.case_id, request.partner, _has(campaign), campaign.version
            )

    async def _known(self, trading_grid: TradingGrid, request: ShareCampaign) -> Campaign | None:
        """The partner's campaign with its ETag, None where it has none."""
        remote_id = request.remote_id
        if not remote_id:
            found = await trading_grid.find_campaign(_reference(request))
            if found is None:
                return None
            remote_id = found.id
        return await trading_grid.read_campaign(remote_id)

    async def _told(
        self,
        trading_grid: TradingGrid,
        request: ShareCampaign,
        share: Sequence[PlannedProduct],
        before: Campaign | None,
    ) -> Campaign:
        window, products = request.window, _products(share)
        if before is None:
            before = await trading_grid.create_campaign(
                NewCampaign(
                    name=window.title,
                    starts=window.starts_at,
                    ends=window.ends_at,
                    products=products,
                    partner_id=request.partner,
                    external_reference=_reference(request),
                ),
                idempotency_key=request.idempotency_key,
            )
            if _is_told(before, window, share):
                return before
        if before.etag is None:
            # The answer to a creation need not carry one.
            before = await trading_grid.read_campaign(before.id)
        plan = CampaignPlan(
            name=window.title, starts=window.starts_at, ends=window.ends_at, products=products
        )
        try:
            return await trading_grid.change_campaign(before.id, plan, etag=before.etag or "*")
        except PreconditionFailed as error:
            raise ApplicationError(str(error), type=UNAVAILABLE) from error

    @activity.defn(name="campaign_readiness.read_readiness")
    async def read_readiness(self, request: ReadReadiness) -> ReadinessTaken:
        """Take what the partner said that is not known yet, each word once; what an attempt without an answer took is told
        as it was."""
        await self._pauses.check(partner=request.partner)
        heard = set(request.heard)
        case_id, partner = request.case_id, request.partner
        async with self._database.read() as session:
            settled = await plans.is_settled(session, case_id, partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            if not settled:
                # Which words hold depends on what the partner was told last.
                await self._settle(request, await trading_grid.read_campaign(request.remote_id))
            said = [
                one
                async for one in trading_grid.campaign_readiness(
                    request.remote_id, above=request.heard_until
                )
                if one.sequence not in heard
            ]
        said.sort(key=lambda one: one.sequence)
        readings = [await self._take(request, word) for word in said[:READINGS]]
        heard |= {one.sequence for one in readings}
        until = request.heard_until
        while until + 1 in heard:
            until += 1
        async with self._database.read() as session:
            figures = await positions.figures(session, case_id)
        return ReadinessTaken(
            heard_until=until,
            heard=tuple(sorted(sequence for sequence in heard if sequence > until)),
            readings=tuple(readings),
            figures=figures.get(partner, Figures()),
            more=len(said) > READINGS,
        )

    async def _take(self, request: ReadReadiness, said: CampaignReadiness) -> Reading:
        """One word, in one transaction with the note that it was taken."""
        issues = [
            LaunchIssue(
                code=one.code[:_NAME],
                sku=one.sku[:_NAME],
                text=one.text[:_TEXT],
                severity=one.severity[:_NAME],
                partner=request.partner,
            )
            for one in said.issues
        ]
        case_id, partner = request.case_id, request.partner
        async with self._database.begin() as session:
            known = await words.reading(session, case_id, partner, said.sequence)
            if known is not None:
                return Reading.model_validate(known)
            heard = await words.take_word(
                session,
                case_id,
                partner,
                [_word(one) for one in said.commitments],
                sequence=said.sequence,
                campaign_version=said.campaign_version,
            )
            await words.take_issues(session, case_id, partner, issues, sequence=said.sequence)
            flags = [(sku, flag.value, f"{sku} {flag.words}.") for sku, flag in heard.flags]
            flags += [("", _UNREADABLE, text[:_TEXT]) for text in said.unreadable]
            issues.sort(key=lambda issue: not issue.serious)
            reading = Reading(
                sequence=said.sequence,
                applied=heard.applied,
                flags=tuple(text for _, _, text in flags[:TOLD_FLAGS]),
                flag_count=len(flags),
                issues=tuple(issues[:TOLD_ISSUES]),
                issue_count=len(issues),
                withdrawn=tuple(heard.withdrawn[:TOLD_SKUS]),
                withdrawn_count=len(heard.withdrawn),
                at_risk=tuple(heard.at_risk[:TOLD_SKUS]),
                at_risk_count=len(heard.at_risk),
            )
            await words.keep(
                session,
                case_id,
                partner,
                sequence=said.sequence,
                remote_id=said.id,
                campaign_version=said.campaign_version,
                said_at=said.create_time,
                report=reading.model_dump(mode="json"),
                flags=flags,
            )
        return reading


def _reference(request: ShareCampaign) -> ExternalReference:
    return ExternalReference(system=OWN_SYSTEM, id=request.reference)


def _word(said: Commitment) -> Word:
    return Word(
        sku=said.sku,
        status=said.status,
        quantity=said.quantity,
        ready_by=said.ready_by[:_NAME],
        note=said.note[:_TEXT],
    )


def _products(share: Iterable[PlannedProduct]) -> tuple[NewCampaignProduct, ...]:
    return tuple(
        NewCampaignProduct(
            sku=one.sku, expected_quantity=one.expected_quantity, ready_by=one.ready_by
        )
        for one in share
    )


def _has(campaign: Campaign | None) -> dict[str, tuple[int, date | None]]:
    products = campaign.products if campaign is not None else ()
    return {one.sku: (one.expected_quantity, one.ready_by) for one in products}


def _wanted(share: Sequence[PlannedProduct]) -> dict[str, tuple[int, date | None]]:
    return {one.sku: (one.expected_quantity, one.ready_by) for one in share}


def _is_told(campaign: Campaign, window: Window, share: Sequence[PlannedProduct]) -> bool:
    """Whether the partner's campaign is as it is to be; then nothing is written."""
    return (campaign.name, campaign.starts, campaign.ends) == (
        window.title,
        window.starts_at,
        window.ends_at,
    ) and _has(campaign) == _wanted(share)
