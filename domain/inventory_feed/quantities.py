"""From what a partner says of a SKU to what the store may sell: the rule that every push follows. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.message import Message

CLOSING_CONSTRAINTS = frozenset({"stop_sell", "discontinued"})
KNOWN_CONSTRAINTS = CLOSING_CONSTRAINTS | {"limited"}
"""`limited` is what `allocation` says; it closes nothing by itself. Any other code is shown, not applied."""


class Said(Message):
    """What a partner last said of a SKU at one of its locations. `until` is the last day the constraint holds."""

    available: int
    allocation: int | None = None
    constraint: str = ""
    until: date | None = None

    def closed_on(self, day: date) -> bool:
        """Whether a constraint takes the SKU off sale on this day of the shop's; one without a date does for good."""
        if self.constraint not in CLOSING_CONSTRAINTS:
            return False
        return self.until is None or day <= self.until

    @property
    def offered(self) -> int:
        """What the partner lets us sell, before anything of ours is taken off; never below zero."""
        allowed = (
            self.available if self.allocation is None else min(self.available, self.allocation)
        )
        return max(0, allowed)


class PushTerms(Message):
    """What of the policy, and of how the feed stands, decides on quantities.

    `hold_back`: pieces of each SKU that are never offered (safety stock, and the buffer of a stale feed). `zero`: all of it
    goes to zero (a stale feed, or one that ends, where the policy says so). `stop_sells`: constraints are applied.
    `overwrite_edits`: a quantity changed by hand in Shopify is written over.
    """

    hold_back: int = 0
    zero: bool = False
    stop_sells: bool = True
    overwrite_edits: bool = True


def sellable(said: Said, terms: PushTerms, *, day: date, ordered: int) -> int:
    """The quantity the store may sell. `ordered`: pieces ordered since the partner looked, which it can't know of."""
    if terms.zero or (terms.stop_sells and said.closed_on(day)):
        return 0
    return max(0, said.offered - terms.hold_back - max(0, ordered))


def day_in(zone: str, at: datetime) -> date:
    """The day it is in the shop; a zone nobody knows is taken as UTC."""
    return at.astimezone(_zone(zone)).date()


def ends_at(zone: str, until: date) -> datetime:
    """The moment a constraint ends whose last day is `until`: the beginning of the next day in the shop (UTC)."""
    return datetime.combine(until + timedelta(days=1), time(), tzinfo=_zone(zone)).astimezone(UTC)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
