"""A feed's activities, each a step that may run a hundred times. Lines, positions and batches stay in tables."""

from collections.abc import Sequence
from datetime import UTC, datetime

from temporalio import activity

from activities.failures import translated
from activities.inventory_feed.advices import AdviceReader
from activities.inventory_feed.items import ItemReader
from activities.inventory_feed.planning import Planner
from activities.inventory_feed.writing import Writer
from activities.pauses import Pauses
from clients.trading_grid.port import InventoryAdvice
from domain.case import CaseKind
from domain.inventory_feed.advices import Judgement
from domain.inventory_feed.messages import (
    AdviceApplied,
    AdviceDiscarded,
    AdviceJudged,
    AdviceRead,
    AdvicesFound,
    ApplyAdvice,
    BatchWritten,
    DiscardAdvice,
    FeedStanding,
    FeedTerms,
    FindAdvices,
    FinishPush,
    FoundAdvice,
    ItemsRefreshed,
    JudgeAdvice,
    PlanPush,
    PushFinished,
    PushPlanned,
    ReadAdvice,
    ReadFeedTerms,
    ReadStanding,
    RefreshItems,
    SeenProblem,
    WriteBatch,
)
from domain.inventory_feed.quantities import day_in, ends_at
from domain.policy import InventoryFeedPolicy
from intake.connections import Connections
from intake.policies import policy_for
from persistence.repositories import (
    inventory_positions,
    partners,
    shops,
    sku_mappings,
    stock_advices,
    switches,
)
from persistence.repositories.stock_terms import FeedKey, Rule
from persistence.session import Database

_LIFECYCLE = CaseKind.INVENTORY_FEED.value
_FIRST_PROBLEMS = 50
_NEWEST_ADVICES = 50


class InventoryFeedActivities:
    def __init__(self, connections: Connections, database: Database, pauses: Pauses) -> None:
        self._connections = connections
        self._database = database
        self._pauses = pauses
        self._advices = AdviceReader(connections, database)
        self._planner = Planner(connections, database)
        self._writer = Writer(connections, database)
        self._items = ItemReader(connections, database)

    @activity.defn(name="inventory_feed.read_terms")
    async def read_terms(self, request: ReadFeedTerms) -> FeedTerms:
        """The partner's name and status, the policy with it, and how much of the shop is known."""
        async with self._database.read() as session:
            partner = await partners.find(session, request.tenant, request.partner)
            shop = await shops.find(session, request.shop)
            with translated():
                policy = await policy_for(
                    session, InventoryFeedPolicy, request.shop, request.partner
                )
            shadow = await switches.in_force(
                session, "shadow", shop_id=request.shop, lifecycle=_LIFECYCLE
            )
            items = await sku_mappings.count(session, request.shop)
        return FeedTerms(
            name=partner.name if partner else request.partner,
            partner_status=partner.status if partner else "",
            policy=policy,
            shadow=shadow is not None,
            time_zone=(shop.time_zone if shop else None) or "UTC",
            items=items,
        )

    # Advices.

    @activity.defn(name="inventory_feed.find_advices")
    async def find_advices(self, request: FindAdvices) -> AdvicesFound:
        """The partner's newest advices, the oldest of them first."""
        await self._pauses.check(partner=request.partner)
        with translated():
            trading_grid = await self._connections.trading_grid(request.tenant)
            found = await trading_grid.newest_inventory_advices(
                request.partner, limit=_NEWEST_ADVICES
            )
        return AdvicesFound(
            advices=tuple(
                FoundAdvice(id=one.id, version=one.version)
                for one in reversed(found)
                if (one.as_of, one.sequence) >= _newest_snapshot(found, one.location_code)
            )
        )

    @activity.defn(name="inventory_feed.read_advice")
    async def read_advice(self, request: ReadAdvice) -> AdviceRead:
        """Stage an advice with all its lines; what the partner got wrong is a value with the reason."""
        await self._pauses.check(partner=request.partner)
        with translated():
            return await self._advices.read(request)

    @activity.defn(name="inventory_feed.judge_advice")
    async def judge_advice(self, request: JudgeAdvice) -> AdviceJudged:
        """What the staged advice would empty."""
        feed = FeedKey(request.shop, request.partner)
        async with self._database.read() as session:
            advice = await stock_advices.find(session, feed, request.advice_id)
            if advice is None or advice.state != "staged":
                return AdviceJudged(judgement=Judgement())
            shop = await shops.find(session, request.shop)
            zone = (shop.time_zone if shop else None) or "UTC"
            rule = Rule(request.terms, day_in(zone, request.at))
            for_sale, to_zero = await stock_advices.judge(session, feed, advice, rule)
        return AdviceJudged(judgement=Judgement(for_sale=for_sale, to_zero=to_zero))

    @activity.defn(name="inventory_feed.apply_advice")
    async def apply_advice(self, request: ApplyAdvice) -> AdviceApplied:
        """Take the staged lines into the positions, once."""
        async with self._database.begin() as session:
            done = await stock_advices.apply(
                session,
                FeedKey(request.shop, request.partner),
                request.advice_id,
                version=request.version,
                now=request.at,
            )
        if done is None:
            return AdviceApplied(applied=False)
        return AdviceApplied(
            applied=True, changed=done.changed, older=done.older, missing=done.missing
        )

    @activity.defn(name="inventory_feed.discard_advice")
    async def discard_advice(self, request: DiscardAdvice) -> AdviceDiscarded:
        """Forget the staged lines."""
        async with self._database.begin() as session:
            lines = await stock_advices.discard(
                session, FeedKey(request.shop, request.partner), request.advice_id
            )
        return AdviceDiscarded(lines=lines)

    # Pushing.

    @activity.defn(name="inventory_feed.plan_push")
    async def plan_push(self, request: PlanPush) -> PushPlanned:
        """Find what differs in Shopify and store it in batches."""
        await self._pauses.check(partner=request.partner)
        with translated():
            return await self._planner.plan(request)

    @activity.defn(name="inventory_feed.write_batch")
    async def write_batch(self, request: WriteBatch) -> BatchWritten:
        """Write one stored batch to Shopify."""
        await self._pauses.check(partner=request.partner)
        with translated():
            return await self._writer.write(request)

    @activity.defn(name="inventory_feed.finish_push")
    async def finish_push(self, request: FinishPush) -> PushFinished:
        """Close a push and forget its batches."""
        return await self._writer.finish(request)

    @activity.defn(name="inventory_feed.read_standing")
    async def read_standing(self, request: ReadStanding) -> FeedStanding:
        """How the positions stand, from our own tables."""
        feed = FeedKey(request.shop, request.partner)
        rule = Rule(request.terms, day_in(request.time_zone, request.at))
        async with self._database.read() as session:
            found = await inventory_positions.standing(session, feed, rule, request.at)
            newest = await inventory_positions.newest_problems(session, feed, _FIRST_PROBLEMS)
        until = found.next_constraint
        return FeedStanding(
            skus=found.positions,
            for_sale=found.for_sale,
            to_push=found.to_push,
            problems=found.problems,
            first_problems=tuple(
                SeenProblem(
                    problem=one.problem,
                    sku=one.sku,
                    location_code=one.location_code,
                    since=one.since,
                )
                for one in newest
            ),
            next_constraint=ends_at(request.time_zone, until) if until else None,
        )

    # The shop's inventory items.

    @activity.defn(name="inventory_feed.refresh_items")
    async def refresh_items(self, request: RefreshItems) -> ItemsRefreshed:
        """Read all inventory items of the shop by a bulk operation."""
        await self._pauses.check_shop(request.shop, _LIFECYCLE)
        with translated():
            return await self._items.refresh(request)


def _newest_snapshot(found: Sequence[InventoryAdvice], location_code: str) -> tuple[datetime, int]:
    """When the newest snapshot of a location speaks of: nothing older says anything more."""
    moments = [
        (one.as_of, one.sequence)
        for one in found
        if one.kind == "snapshot" and one.location_code == location_code
    ]
    return max(moments, default=(datetime.min.replace(tzinfo=UTC), 0))
