"""What a partner's codes do to a purchase order: the one table that the ledger and its tests go by.

X12 element 668 says it of a line, element 587 of an order whose response names no line; meanings are ours, in our own words.
Both are open sets: an unknown code is kept as it is, shown, changes nothing, and asks the merchant.
"""

from enum import StrEnum

from domain.message import Message


class Bucket(StrEnum):
    """What becomes of pieces. `OPEN`: nothing yet; the partner, or the merchant's word on what it said, is waited for."""

    CONFIRMED = "confirmed"
    BACKORDERED = "backordered"
    REJECTED = "rejected"
    OPEN = "open"


class Dates(StrEnum):
    """What the dates of a response line are about."""

    NAMED = "named"  # the pieces it names
    REST = "rest"  # the pieces it does not name
    PENDING = "pending"  # none can be given yet: the partner owes one
    NONE = "none"


class Price(StrEnum):
    """What the price of a response line is worth."""

    STATED = "stated"  # where there is one, it must be within the tolerance
    PENDING = "pending"  # not known yet


class Ask(StrEnum):
    """Why the merchant is asked about a line, whatever price and dates say."""

    SUBSTITUTE = "substitute"
    CHANGED = "changed"  # accepted with changes that the code does not name
    HELD = "held"  # the partner waits for something only the merchant can give
    PRICE = "price"
    REJECTED = "rejected"
    UNKNOWN_CODE = "unknown_code"


class Effect(Message):
    """`named` is what becomes of the pieces a response line names (all of the line's, where it names no quantity), `rest` of
    those it does not name. `wants_quantity`: without one the line says nothing. `ask`: None asks nobody."""

    words: str
    named: Bucket
    rest: Bucket = Bucket.OPEN
    dates: Dates = Dates.NAMED
    price: Price = Price.STATED
    wants_quantity: bool = False
    ask: Ask | None = None


def _confirmed(
    words: str, *, dates: Dates = Dates.NAMED, price: Price = Price.STATED, ask: Ask | None = None
) -> Effect:
    return Effect(words=words, named=Bucket.CONFIRMED, dates=dates, price=price, ask=ask)


def _rejected(words: str) -> Effect:
    return Effect(words=words, named=Bucket.REJECTED, dates=Dates.NONE, ask=Ask.REJECTED)


def _held(words: str, *, ask: Ask | None = None) -> Effect:
    return Effect(words=words, named=Bucket.OPEN, dates=Dates.NONE, ask=ask)


LINE_CODES: dict[str, Effect] = {  # element 668
    "IA": _confirmed("accepted"),
    "AA": _confirmed("accepted, ships from another location"),
    "AC": _confirmed("accepted and shipped"),  # what shipped is known by the shipment notice alone
    "AR": _confirmed("accepted and released to ship"),
    "DR": _confirmed("accepted, another date"),
    "IP": _confirmed("accepted, another price"),
    "IE": _confirmed("accepted, price pending", price=Price.PENDING, ask=Ask.PRICE),
    "IC": _confirmed("accepted with changes", ask=Ask.CHANGED),
    "SP": _confirmed("accepted, date pending", dates=Dates.PENDING),
    "IB": Effect(words="backordered", named=Bucket.BACKORDERED),
    "BP": Effect(
        words="part accepted, the rest backordered",
        named=Bucket.CONFIRMED,
        rest=Bucket.BACKORDERED,
        dates=Dates.REST,
        wants_quantity=True,
    ),
    "IQ": Effect(
        words="accepted, another quantity",
        named=Bucket.CONFIRMED,
        rest=Bucket.REJECTED,
        wants_quantity=True,
        ask=Ask.REJECTED,
    ),
    "IS": Effect(words="a substitute", named=Bucket.OPEN, ask=Ask.SUBSTITUTE),
    "IH": _held("on hold"),
    "IF": _held("on hold, the description is incomplete", ask=Ask.HELD),
    "IW": _held("on hold, a waiver is required", ask=Ask.HELD),
    "IR": _rejected("rejected"),
    "ID": _rejected("deleted"),
    "R1": _rejected("not orderable: not a contract item"),
    "R2": _rejected("not orderable: no such product"),
    "R3": _rejected("not orderable: no such unit"),
    "R4": _rejected("not orderable: contract item not available"),
    "R5": _rejected("to be ordered again as just-in-time"),
    "R6": _rejected("to be ordered again as extended delivery"),
    "R7": _rejected("to be ordered again as drop shipment"),
    "R8": _rejected("to be ordered again as surge"),
}

HEADER_CODES: dict[
    str, str
] = {  # element 587, of a response without lines -> the line code it stands for
    "AT": "IA",
    "AD": "IA",
    "AK": "IA",
    "AP": "IA",
    "AE": "IA",  # exceptions only, and there is none
    "AH": "IH",
    "RJ": "IR",
    "RD": "IR",
}

UNKNOWN = Effect(words="an unknown code", named=Bucket.OPEN, dates=Dates.NONE, ask=Ask.UNKNOWN_CODE)


def effect_of(code: str) -> Effect:
    """What a line's code does; an unknown one asks the merchant and changes nothing."""
    return LINE_CODES.get(code.strip().upper(), UNKNOWN)


def line_code_of(header: str) -> str | None:
    """The line code a response without lines stands for, for each of the order's lines; None for one that says nothing
    by itself (AC, RF and RO announce lines that are not there) or that is unknown."""
    return HEADER_CODES.get(header.strip().upper())


def code_words(code: str) -> str:
    """A line's code for people."""
    known = LINE_CODES.get(code.strip().upper())
    return known.words if known else f"code {code or '(none)'}"
