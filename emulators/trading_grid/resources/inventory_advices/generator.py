"""Large advices out of a seed: the same body gives the same lines."""

import random
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

from emulators.trading_grid.resources.inventory_advices.lines import AdviceLine, Constraint
from emulators.trading_grid.store import Wire

CODES = ("stop_sell", "limited", "discontinued")
MOST_LINES = 200_000
REACH_DAYS = 60

Share = Annotated[float, Field(ge=0, le=1)]


class Generate(Wire):
    """``lines`` articles named ``sku_prefix`` and a number of at least ``digits`` digits, from ``first``
    on, with 1 to ``most`` pieces available. Shares of the lines: ``empty`` has none and a day on which
    there are some again, ``constrained`` has a constraint, ``allocated`` less for this company than is
    available."""

    lines: Annotated[int, Field(ge=1, le=MOST_LINES)] = 50_000
    seed: int = 0
    sku_prefix: Annotated[str, Field(max_length=200)] = "SKU-"
    digits: Annotated[int, Field(ge=1, le=12)] = 6
    first: Annotated[int, Field(ge=0, le=10**12)] = 1
    most: Annotated[int, Field(ge=1, le=1_000_000)] = 500
    empty: Share = 0.02
    constrained: Share = 0.01
    allocated: Share = 0.1


def generated(wanted: Generate, today: date) -> list[AdviceLine]:
    """Days are counted from ``today``, the day the advice is of."""
    chance = random.Random(wanted.seed)
    numbers = range(wanted.first, wanted.first + wanted.lines)
    return [
        _line(wanted, f"{wanted.sku_prefix}{n:0{wanted.digits}d}", today, chance) for n in numbers
    ]


def _line(wanted: Generate, sku: str, today: date, chance: random.Random) -> AdviceLine:
    available = 0 if chance.random() < wanted.empty else chance.randint(1, wanted.most)
    constraint = None
    if chance.random() < wanted.constrained:
        constraint = Constraint(code=chance.choice(CODES), until=_day(today, chance))
    return AdviceLine(
        sku=sku,
        available=available,
        on_hand=available + chance.randint(0, 20),
        projected=available + chance.randint(0, wanted.most),
        allocation=available // 2 if chance.random() < wanted.allocated else None,
        available_date=None if available else _day(today, chance),
        constraint=constraint,
    )


def _day(today: date, chance: random.Random) -> str:
    return (today + timedelta(days=chance.randint(1, REACH_DAYS))).isoformat()
