"""One product of a campaign: what is expected, what its partner said last, how ready that makes it. Pure."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from domain.message import Message

WORST = 50
"""How many products people are shown first."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOST = 1_000_000_000


class Commitment(StrEnum):
    """What a partner says of a product; `open` is no word at all."""

    OPEN = "open"
    COMMITTED = "committed"
    PARTIAL = "partial"
    AT_RISK = "at_risk"
    DECLINED = "declined"


class Flag(StrEnum):
    """Why a partner's word is kept and shown, but not (or not wholly) applied."""

    UNKNOWN_SKU = "unknown_sku"
    OLD_PLAN = "old_plan"  # about a plan that was changed since
    UNKNOWN_STATUS = "unknown_status"
    UNREADABLE_QUANTITY = "unreadable_quantity"
    MORE_THAN_EXPECTED = "more_than_expected"  # applied, but capped
    UNREADABLE_DAY = "unreadable_day"  # applied, without the day
    LATER_THAN_ASKED = "later_than_asked"  # applied, and shown as late

    @property
    def words(self) -> str:
        return {
            Flag.UNKNOWN_SKU: "is not in its share of the campaign",
            Flag.OLD_PLAN: "was said of an older plan, which has changed since",
            Flag.UNKNOWN_STATUS: "has a status we do not know",
            Flag.UNREADABLE_QUANTITY: "has no readable quantity",
            Flag.MORE_THAN_EXPECTED: "is more than was expected",
            Flag.UNREADABLE_DAY: "has a day that cannot be read",
            Flag.LATER_THAN_ASKED: "is ready later than asked",
        }[self]


class Word(Message):
    """What a partner wrote of one SKU, as it came."""

    sku: str
    status: str
    quantity: int | None = None
    ready_by: str = ""
    note: str = ""


class Position(Message):
    """One product of the plan. `touched` is the version of the partner's campaign in Trading Grid that last added or changed
    it: 0 while it was not shared. `sequence` and `campaign_version` are those of the word that holds."""

    sku: str
    expected: int
    ready_by: date | None = None
    touched: int = 0
    status: Commitment = Commitment.OPEN
    quantity: int = 0
    said_ready_by: date | None = None
    note: str = ""
    sequence: int = 0
    campaign_version: int = 0

    @property
    def ready(self) -> int:
        """Pieces that can be counted on: never more than is expected."""
        if self.status in {Commitment.COMMITTED, Commitment.PARTIAL}:
            return min(self.quantity, self.expected)
        return 0

    @property
    def missing(self) -> int:
        return self.expected - self.ready

    @property
    def late(self) -> bool:
        """Whether it is promised for a day after the one asked for."""
        promised = self.status in {Commitment.COMMITTED, Commitment.PARTIAL}
        day, asked = self.said_ready_by, self.ready_by
        return promised and day is not None and asked is not None and day > asked

    def shared(self, version: int) -> "Position":
        """The product as a version of the partner's campaign first names or changed it: what was said before is void."""
        return Position(
            sku=self.sku, expected=self.expected, ready_by=self.ready_by, touched=version
        )


class Taken(Message):
    """`position` as it stands after a word; None where there is none. `applied`: the word holds now."""

    position: Position | None = None
    applied: bool = False
    flags: tuple[Flag, ...] = ()


def take(position: Position | None, word: Word, sequence: int, campaign_version: int) -> Taken:
    """Take one word on a product (`position` is None for a SKU that is not the partner's).

    Whatever order words come in, the one with the highest sequence holds, of those said of a plan in which the product is as
    it is now; a repeat changes nothing.
    """
    if position is None:
        return Taken(flags=(Flag.UNKNOWN_SKU,))
    if sequence <= position.sequence:
        return Taken(position=position)
    if campaign_version < position.touched:
        return Taken(position=position, flags=(Flag.OLD_PLAN,))
    if word.status not in _SAID:
        return Taken(position=position, flags=(Flag.UNKNOWN_STATUS,))
    status, flags = Commitment(word.status), []
    quantity = word.quantity
    if quantity is None and status is Commitment.COMMITTED:
        quantity = position.expected  # to all that was asked for
    if quantity is None and status is Commitment.DECLINED:
        quantity = 0
    if quantity is None or not 0 <= quantity <= _MOST:
        flags.append(Flag.UNREADABLE_QUANTITY)
        quantity = 0
    if quantity > position.expected:
        flags.append(Flag.MORE_THAN_EXPECTED)
    day = _day(word.ready_by)
    if word.ready_by.strip() and day is None:
        flags.append(Flag.UNREADABLE_DAY)
    told = Position(
        sku=position.sku,
        expected=position.expected,
        ready_by=position.ready_by,
        touched=position.touched,
        status=status,
        quantity=quantity,
        said_ready_by=day,
        note=word.note,
        sequence=sequence,
        campaign_version=campaign_version,
    )
    if told.late:
        flags.append(Flag.LATER_THAN_ASKED)
    return Taken(position=told, applied=True, flags=tuple(flags))


_SAID = frozenset(one.value for one in Commitment if one is not Commitment.OPEN)


def _day(text: str) -> date | None:
    """A day, also where the partner wrote a moment of it."""
    text = text.strip()
    if not _DAY.fullmatch(text[:10]) or text[10:11] not in {"", "T", " "}:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


class Figures(Message):
    """Products counted by what is said of them, and pieces. `late` products are counted as ready, and shown as at risk."""

    products: int = 0
    open: int = 0
    committed: int = 0
    partial: int = 0
    at_risk: int = 0
    declined: int = 0
    late: int = 0
    expected: int = 0
    ready: int = 0

    @property
    def share(self) -> float | None:
        """Ready against expected pieces; None where nothing is expected."""
        return self.ready / self.expected if self.expected else None

    @property
    def in_doubt(self) -> int:
        """Products that are at risk, late, promised in part or declined."""
        return self.at_risk + self.late + self.partial + self.declined

    def __add__(self, other: "Figures") -> "Figures":
        return total((self, other))


def total(parts: Iterable[Figures]) -> Figures:
    counts = dict.fromkeys(Figures.model_fields, 0)
    for part in parts:
        for name in counts:
            counts[name] += getattr(part, name)
    return Figures(**counts)


def figures_of(positions: Iterable[Position]) -> Figures:
    counts = dict.fromkeys(Figures.model_fields, 0)
    for one in positions:
        counts["products"] += 1
        counts[one.status.value] += 1
        counts["late"] += one.late
        counts["expected"] += one.expected
        counts["ready"] += one.ready
    return Figures(**counts)
