"""Reading an inventory advice into the staging table."""

from datetime import UTC, datetime

from temporalio import activity

from clients.trading_grid.errors import ContractMismatch, Gone, NotFound
from clients.trading_grid.port import AdviceLine as LineRead
from clients.trading_grid.port import InventoryAdvice, InventoryAdviceWithLines, TradingGrid
from domain.inventory_feed.advices import FROM_THE_FUTURE, Advice, AdviceKind
from domain.inventory_feed.messages import AdviceRead, ReadAdvice
from domain.inventory_feed.problems import Problem
from domain.inventory_feed.quantities import KNOWN_CONSTRAINTS
from intake.connections import Connections
from persistence.repositories import stock_advices
from persistence.repositories.stock_advices import AdviceHead, Line
from persistence.repositories.stock_terms import FeedKey
from persistence.session import Database
from persistence.tables import StockAdvice

_GONE = "it is gone from Trading Grid"


class AdviceReader:
    def __init__(self, connections: Connections, database: Database) -> None:
        self._connections = connections
        self._database = database

    async def read(self, request: ReadAdvice) -> AdviceRead:
        """Page by page; each is stored before the next is asked for, so that a repeat goes on from there."""
        feed = FeedKey(request.shop, request.partner)
        trading_grid = await self._connections.trading_grid(request.tenant)
        async with self._database.read() as session:
            known = await stock_advices.find(session, feed, request.advice_id)
        page = known.next_page if known is not None and known.state == "reading" else 1
        tried_anew = False
        while True:
            found = await _page(trading_grid, request.advice_id, page)
            if isinstance(found, str):
                return AdviceRead(refused=found)
            head = found.advice
            if head.version <= request.known_version:
                return AdviceRead()
            if refused := _refusal(head, request):
                return AdviceRead(refused=refused)
            row = await self._stage(feed, found, page)
            if row is None:
                page = 1
                continue
            if activity.in_activity():
                activity.heartbeat(row.next_page)
            if row.state != "staged":
                page = row.next_page
                continue
            if head.line_count is None or head.line_count == row.lines:
                return await self._read(feed, head, row)
            # Half an advice would empty what it does not show.
            async with self._database.begin() as session:
                await stock_advices.discard(session, feed, head.id)
            if tried_anew:
                said = f"it says that it has {head.line_count} lines, and shows {row.lines}"
                return AdviceRead(refused=said)
            tried_anew, page = True, 1

    async def _stage(
        self, feed: FeedKey, found: InventoryAdviceWithLines, page: int
    ) -> StockAdvice | None:
        """The advice's row after this page; None where the reading begins anew, at another version."""
        head, now = found.advice, datetime.now(UTC)
        async with self._database.begin() as session:
            row = await stock_advices.begin(session, feed, _head(head), now)
            if row.state == "staged" or row.next_page != page:
                return row
            return await stock_advices.stage_page(
                session,
                feed,
                head.id,
                version=head.version,
                page=page,
                lines=_lines(found),
                last=not found.has_more,
                now=now,
            )

    async def _read(self, feed: FeedKey, head: InventoryAdvice, row: StockAdvice) -> AdviceRead:
        async with self._database.read() as session:
            unknown = await stock_advices.unknown_skus(session, feed, head.id)
        return AdviceRead(
            advice=Advice(
                id=head.id,
                version=head.version,
                location_code=head.location_code,
                as_of=head.as_of,
                sequence=head.sequence,
                kind=AdviceKind(head.kind),
            ),
            lines=row.lines,
            unreadable=row.unreadable,
            unknown=unknown,
        )


async def _page(
    trading_grid: TradingGrid, advice_id: str, page: int
) -> InventoryAdviceWithLines | str:
    """A page, or why there is none."""
    try:
        return await trading_grid.inventory_advice_lines(advice_id, page=page)
    except (NotFound, Gone):
        return _GONE
    except ContractMismatch as error:
        return f"it can't be read: {error}"


def _refusal(head: InventoryAdvice, request: ReadAdvice) -> str:
    if head.partner_id is not None and head.partner_id != request.partner:
        return "it is another partner's"
    if head.as_of > request.at + FROM_THE_FUTURE:
        return f"it is dated {head.as_of:%d %b %Y %H:%M} UTC, which is yet to come"
    return ""


def _head(head: InventoryAdvice) -> AdviceHead:
    return AdviceHead(
        advice_id=head.id,
        version=head.version,
        location_code=head.location_code,
        as_of=head.as_of,
        sequence=head.sequence,
        kind=head.kind,
    )


def _lines(found: InventoryAdviceWithLines) -> list[Line]:
    lines = [_line(number, line) for number, line in found.lines]
    lines += [
        Line(number=line.number, sku=line.sku, problem=Problem.UNREADABLE.value)
        for line in found.unreadable
    ]
    return lines


def _line(number: int, line: LineRead) -> Line:
    code = line.constraint.code if line.constraint else ""
    odd = code and code not in KNOWN_CONSTRAINTS
    return Line(
        number=number,
        sku=line.sku,
        available=line.available,
        allocation=line.allocation,
        available_date=line.available_date,
        constraint_code=code,
        constraint_until=line.constraint.until if line.constraint else None,
        problem=Problem.CONSTRAINT_UNKNOWN.value if odd else None,
    )
