"""During a campaign and after it: what partners' stock says against it, and what was sold."""

from collections import Counter
from collections.abc import Sequence
from contextlib import aclosing
from datetime import UTC, date, datetime, time, timedelta

from temporalio import activity

from activities.failures import translated
from activities.pauses import Pauses
from clients.shopify.admin import AdminApi
from clients.shopify.whole import PlacedOrder, placed_orders
from domain.campaign_readiness.messages import (
    TOLD_SKUS,
    Constraint,
    Constraints,
    CountSold,
    ReadConstraints,
    Sold,
    SoldLine,
)
from intake.backfill.storing import OLD_ORDERS, VISIBLE
from intake.connections import Connections
from persistence.repositories import shops
from persistence.repositories.campaigns import constraints, sales
from persistence.repositories.campaigns.sales import Count
from persistence.session import Database

ORDERS_A_STEP = 250
QUERY_ORDERS = 10_000  # then the list is asked for anew: Shopify shows 25,000 objects of one


class CampaignSalesActivities:
    def __init__(self, connections: Connections, database: Database, pauses: Pauses) -> None:
        self._connections = connections
        self._database = database
        self._pauses = pauses

    @activity.defn(name="campaign_readiness.read_constraints")
    async def read_constraints(self, request: ReadConstraints) -> Constraints:
        """What partners' newest stock advices say against the campaign's products."""
        async with self._database.read() as session:
            found = await constraints.against(
                session, request.case_id, request.shop, today=datetime.now(UTC).date()
            )
        return Constraints(
            found=tuple(
                Constraint(
                    sku=one.sku,
                    partner=one.partner,
                    code=one.code,
                    until=_end_of(one.until) if one.until is not None else None,
                )
                for one in found[:TOLD_SKUS]
            ),
            count=len(found),
        )

    @activity.defn(name="campaign_readiness.count_sold")
    async def count_sold(self, request: CountSold) -> Sold:
        """Count what was ordered of the products while the campaign ran, in steps; a repeat goes on after the last one."""
        await self._pauses.check()
        # Shopify tells when an order was placed in whole seconds.
        start = request.window.starts_at.replace(microsecond=0)
        end = request.window.ends_at.replace(microsecond=0)
        async with self._database.begin() as session:
            count = await sales.begin(session, request.case_id, start, end)
            skus = await sales.skus(session, request.case_id)
            scopes = (await shops.get(session, request.shop)).scopes
        if not count.done:
            with translated():
                admin = (await self._connections.shopify(request.shop)).unhurried()
                while not count.done:
                    count = await self._count_some(admin, request.case_id, skus, count)
        async with self._database.read() as session:
            totals = await sales.totals(session, request.case_id)
            worst = await sales.oversold(session, request.case_id, TOLD_SKUS)
        return Sold(
            orders=count.orders,
            committed=totals.committed,
            sold=totals.sold,
            oversold=tuple(
                SoldLine(sku=row.sku, partner=row.partner_id, committed=row.ready, sold=row.sold)
                for row in worst
            ),
            oversold_count=totals.oversold,
            hidden_before=_hidden_before(start, scopes),
        )

    async def _count_some(
        self, admin: AdminApi, case_id: str, skus: frozenset[str], count: Count
    ) -> Count:
        """Go on with the count, up to the end of the window or of what one query shows."""
        step: list[PlacedOrder] = []
        seen = 0
        async with aclosing(placed_orders(admin, _query(count))) as found:
            async for order in found:
                if order.id in count.orders_then or not count.start <= order.created_at < count.end:
                    continue
                step.append(order)
                seen += 1
                if len(step) >= ORDERS_A_STEP:
                    count = await self._add(case_id, skus, count, step, done=False)
                    step = []
                if seen >= QUERY_ORDERS and not step:
                    return count
        return await self._add(case_id, skus, count, step, done=True)

    async def _add(
        self,
        case_id: str,
        skus: frozenset[str],
        count: Count,
        orders: Sequence[PlacedOrder],
        *,
        done: bool,
    ) -> Count:
        sold: Counter[str] = Counter()
        counted = 0
        for order in orders:
            lines = [line for line in order.lines if (line.sku or "").strip() in skus]
            pieces = sum(line.current_quantity for line in lines)
            if order.cancelled or not pieces:
                continue
            counted += 1
            for line in lines:
                sold[(line.sku or "").strip()] += line.current_quantity
        last = orders[-1].created_at if orders else count.until
        then = [one.id for one in orders if one.created_at == last]
        if last == count.until:
            then = [*count.orders_then, *then]
        async with self._database.begin() as session:
            return await sales.advance(
                session,
                case_id,
                count,
                sold=sold,
                orders=counted,
                until=last,
                orders_then=then,
                done=done,
            )


def _hidden_before(start: datetime, scopes: Sequence[str]) -> datetime | None:
    """From when on Shopify shows us orders, where that is after the start."""
    shown = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - VISIBLE
    return shown if start < shown and OLD_ORDERS not in scopes else None


def _end_of(day: date) -> datetime:
    """Its last day is a day the constraint holds."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=UTC)


def _query(count: Count) -> str:
    """Orders from where the count stands on; the end itself is left out by us, since Shopify compares whole seconds."""
    return f"created_at:>='{count.until.isoformat()}' created_at:<='{count.end.isoformat()}'"
