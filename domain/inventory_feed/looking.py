"""What to do about one level in Shopify, once it and the orders have been read. Pure.

A level falls by itself with every order, so what we left there, less the orders since, is what should be there. Shopify's
search for orders lags behind its levels by seconds: a level that is lower than the orders explain is believed for
`BELIEVED_FOR`, as if the missing pieces were ordered; only then it counts as changed by hand. Believing costs a sale at the
most; not believing sells what is sold.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

BELIEVED_FOR = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What was last made true of a position: the word, and the level (with `believed` pieces more) it left.

    `ordered_then`: pieces ordered since `as_of`, when that was done.
    """

    base: int
    as_of: datetime
    anchor: int
    ordered_then: int = 0
    believed: int = 0
    believed_since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Look:
    """A position as it should be, and its level as it is.

    `base` is what may be sold before orders are taken off. `ordered` since `as_of`, `ordered_since_settled` since
    `settled.as_of`, both as the search shows them.
    """

    at: datetime
    base: int
    as_of: datetime
    level: int
    ordered: int
    settled: Settled | None = None
    ordered_since_settled: int = 0


class Todo(StrEnum):
    NOTHING = "nothing"
    WRITE = "write"
    REPORT = "report"  # changed by hand, and not to be written over


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`quantity` is what the level should be. `edited`: the write goes over a change by hand."""

    todo: Todo
    quantity: int
    believed: int = 0
    believed_since: datetime | None = None
    edited: bool = False


def judge(look: Look, *, overwrite: bool) -> Verdict:
    """What to do. `overwrite`: changes by hand are written over; a new word of the partner always is written."""
    gone, since = _unexplained(look)
    trusted = gone if since is not None and look.at - since < BELIEVED_FOR else 0
    quantity = max(0, look.base - look.ordered - trusted)
    believed = (trusted, since) if trusted else (0, None)
    # Nothing is sold of either, and a level below zero keeps count of what was sold too much.
    right = look.level == quantity or (quantity == 0 and look.level < 0)
    if right:
        return _verdict(Todo.NOTHING, quantity, believed)
    settled = look.settled
    news = settled is None or (settled.base, settled.as_of) != (look.base, look.as_of)
    if news or overwrite:
        return _verdict(Todo.WRITE, quantity, believed, edited=not news)
    # Whether anybody changed it is seen when the orders are.
    return _verdict(Todo.NOTHING if trusted else Todo.REPORT, quantity, believed)


def _unexplained(look: Look) -> tuple[int, datetime | None]:
    """Pieces that are gone without an order that is seen, and since when."""
    settled = look.settled
    if settled is None:
        return 0, None
    expected = settled.anchor - (look.ordered_since_settled - settled.ordered_then)
    gone = max(0, expected - look.level)
    if not gone:
        return 0, None
    known = settled.believed_since
    # More than before are gone: the newest of them went just now.
    return gone, look.at if known is None or gone > settled.believed else known


def _verdict(
    todo: Todo,
    quantity: int,
    believed: tuple[int, datetime | None],
    *,
    edited: bool = False,
) -> Verdict:
    pieces, since = believed
    return Verdict(
        todo=todo, quantity=quantity, believed=pieces, believed_since=since, edited=edited
    )
