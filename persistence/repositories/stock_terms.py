"""What the repositories of a partner's stock share: whose it is, and the rule of `sellable` in SQL."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    and_,
    case,
    false,
    func,
    literal,
    or_,
)
from sqlmodel import col
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.inventory_feed.quantities import CLOSING_CONSTRAINTS, PushTerms


@dataclass(frozen=True)
class FeedKey:
    """One partner's stock in one shop."""

    shop_id: str
    partner_id: str

    def rows(self, table: Any) -> ColumnElement[bool]:
        return and_(col(table.shop_id) == self.shop_id, col(table.partner_id) == self.partner_id)


@dataclass(frozen=True)
class Rule:
    """The terms of a push on one day of the shop's; what `domain.inventory_feed.quantities.sellable` says without orders."""

    terms: PushTerms
    day: date

    def base(
        self,
        row: Any,
        *,
        available: ColumnElement[Any] | None = None,
    ) -> ColumnElement[int]:
        """What may be sold of a row's word before orders are taken off; null where it says no quantity."""
        if self.terms.zero:
            return literal(0)
        there = available if available is not None else col(row.available)
        allowed = case(
            (
                or_(col(row.allocation).is_(None), col(row.allocation) >= there),
                there,
            ),
            else_=col(row.allocation),
        )
        left = allowed - self.terms.hold_back
        return case((self.closed(row), 0), (left < 0, 0), else_=left)

    def closed(self, row: Any) -> ColumnElement[bool]:
        if not self.terms.stop_sells:
            return false()
        return and_(
            col(row.constraint_code).in_(sorted(CLOSING_CONSTRAINTS)),
            or_(col(row.constraint_until).is_(None), col(row.constraint_until) >= self.day),
        )


def count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


async def run(session: AsyncSession, statement: Executable) -> Any:
    """A statement about many rows, past the session's objects; what those hold is written first. Rows of any shape."""
    await session.flush()
    return await (await session.connection()).execute(statement)
