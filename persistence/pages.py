"""Keyset pages: a cursor names the last row of a page by the values it was sorted by.

Unlike an offset it stays right while rows come in, and costs the same on every page. To callers it
is opaque: base64 of JSON, not signed, since it gives nothing away and reaches nothing by itself.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from persistence.errors import BadCursorError, BadValueError

MAX_PAGE = 200

Item = TypeVar("Item")
Key = tuple[datetime | int | str, ...]


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Rows, and the cursor of the next page; None where this is the last."""

    items: list[Item]
    next_cursor: str | None


def encode_cursor(listing: str, key: Key) -> str:
    """Write the cursor of the row with this key. `listing` names what is listed, in which order."""
    values = [value.isoformat() if isinstance(value, datetime) else value for value in key]
    return base64.urlsafe_b64encode(json.dumps([listing, *values]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, listing: str, kinds: Sequence[type]) -> Key:
    """Read a cursor of this listing. Raises `BadCursorError` for anything else."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        content = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeError, binascii.Error, ValueError, RecursionError):
        raise BadCursorError("the cursor is malformed") from None
    if not isinstance(content, list) or len(content) != 1 + len(kinds):
        raise BadCursorError("the cursor is malformed")
    if content[0] != listing:
        raise BadCursorError("the cursor belongs to another listing, or to another order of it")
    return tuple(_value(value, kind) for value, kind in zip(content[1:], kinds, strict=True))


def check_limit(limit: int) -> int:
    """Pass a page's size; raises `BadValueError` outside 1 to `MAX_PAGE`."""
    if not 1 <= limit <= MAX_PAGE:
        raise BadValueError(f"a page has 1 to {MAX_PAGE} rows, not {limit}")
    return limit


def _value(value: object, kind: type) -> datetime | int | str:
    if kind is datetime and isinstance(value, str):
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            raise BadCursorError("the cursor is malformed") from None
        if at.utcoffset() is not None:
            return at
    # The bound is what both databases take; a bool is an int to Python.
    if kind is int and type(value) is int and abs(value) < 2**63:
        return value
    if kind is str and isinstance(value, str):
        return value
    raise BadCursorError("the cursor is malformed")
