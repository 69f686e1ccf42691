"""The lines of an inventory advice. There may be 50,000, so they are small: slots, not models."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter
from pydantic.dataclasses import dataclass

from emulators.trading_grid.query import Value
from emulators.trading_grid.store import Name, Prose

Count = Annotated[int, Field(ge=-1_000_000_000, le=1_000_000_000)]
"""Pieces. Partners also send less than none, when they have sold what they don't have."""

_STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(config=_STRICT, frozen=True, slots=True)
class Constraint:
    """``code`` is by contract stop_sell, limited or discontinued; ``until`` the last day it holds, None
    for no end that is known."""

    code: Name
    until: Name | None = None
    text: Prose | None = None


@dataclass(config=_STRICT, frozen=True, slots=True)
class AdviceLine:
    """Quantities in pieces (X12 element 673: 33 available, 17 on hand, 29 projected); ``allocation`` is
    how many of them are for this company, None for no such limit. Values are taken as they come: SKUs
    nobody knows, or that stand twice. Days are the partner's own writing, by contract ISO-8601."""

    sku: Name
    gtin: Name | None = None
    available: Count | None = None
    on_hand: Count | None = None
    projected: Count | None = None
    allocation: Count | None = None
    available_date: Name | None = None
    constraint: Constraint | None = None


LINE_FIELDS: dict[str, type[Value]] = {
    "sku": str,
    "gtin": str,
    "available": int,
    "on_hand": int,
    "projected": int,
    "allocation": int,
    "available_date": str,
    "constraint.code": str,
    "constraint.until": str,
}

_LINES: TypeAdapter[Sequence[AdviceLine]] = TypeAdapter(Sequence[AdviceLine])


def render_lines(lines: Sequence[AdviceLine]) -> Any:
    return _LINES.dump_python(lines, mode="json")
