"""Inventory advices: what a partner says it has, at one of its locations and one time."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, Protocol

from pydantic import BeforeValidator, Field, StringConstraints

from clients.trading_grid.port.common import Day, Name, Received, UtcTime, day_or_none

LINES_A_PAGE = 1000

MostPieces = 1_000_000_000


def _whole(value: object) -> object:
    """A whole number, also where it comes as text or with `.0`; `true` is none."""
    if isinstance(value, bool):
        raise ValueError("must be a whole number")
    return value


def _lenient_day(value: object) -> object:
    return day_or_none(value) if isinstance(value, str) else None


Count = Annotated[int, BeforeValidator(_whole), Field(ge=-MostPieces, le=MostPieces)]
"""Pieces; less than none where a partner has sold what it does not have."""
Code = Annotated[str, StringConstraints(strip_whitespace=True, to_lower=True, max_length=64)]
LenientDay = Annotated[date | None, BeforeValidator(_lenient_day)]


class StockConstraint(Received):
    """`code` is by contract stop_sell, limited or discontinued, in any case of letters; `until` the last day it holds,
    None where no end is known. A day that can't be read makes the line unreadable: none would mean for ever."""

    code: Code
    until: Day | None = None


class AdviceLine(Received):
    """What a partner says of one SKU (X12 element 673: 33 available, 17 on hand, 29 projected).

    `allocation`: how many of them are for this company, None for no such limit. `available` may be missing where the line
    is only about a constraint. `available_date` is shown to people only, so one that can't be read is dropped.
    """

    sku: Name
    available: Count | None = None
    allocation: Count | None = None
    available_date: LenientDay = None
    constraint: StockConstraint | None = None


class UnreadableAdviceLine(Received):
    """`sku` is empty where that can't be read either; `problem` names fields, never values."""

    number: int
    sku: str = ""
    problem: str


class InventoryAdvice(Received):
    """The head of an advice (X12 846). Of two, the one with the later `as_of`, then the higher `sequence`, is newer,
    whatever order they come in; a correction of one has a higher `version`.

    A `snapshot` is all there is at the location, a `delta` only what changed.
    """

    id: Name
    partner_id: str | None = None
    location_code: Name
    as_of: UtcTime
    sequence: Annotated[int, Field(ge=-(2**53), le=2**53)] = 0
    kind: Literal["snapshot", "delta"]
    version: int = 1
    line_count: int | None = None
    create_time: UtcTime | None = None
    update_time: UtcTime | None = None


class InventoryAdviceWithLines(Received):
    """One page of an advice. Lines that can't be read are named beside those that can: one bad line loses no other."""

    advice: InventoryAdvice
    first_number: int
    lines: tuple[tuple[int, AdviceLine], ...] = ()
    """With each line's number in the whole advice, from 0."""
    unreadable: tuple[UnreadableAdviceLine, ...] = ()
    has_more: bool = False


class InventoryAdvices(Protocol):
    async def inventory_advice(self, advice_id: str) -> InventoryAdvice:
        """The head alone. Raises NotFound, and ContractMismatch, which names the field, for what can't be read."""
        ...

    async def inventory_advice_lines(
        self, advice_id: str, *, page: int = 1
    ) -> InventoryAdviceWithLines:
        """A page of at most `LINES_A_PAGE` lines; pages count from 1. Raises as `inventory_advice` does."""
        ...

    async def newest_inventory_advices(
        self, partner_id: str, *, limit: int = 50
    ) -> Sequence[InventoryAdvice]:
        """The heads of a partner's newest advices, the newest first; one that can't be read is left out."""
        ...
