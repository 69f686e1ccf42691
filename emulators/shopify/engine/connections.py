"""Pages: Relay connections over lists, as Shopify cuts them."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from emulators.shopify.engine.registry import Args, BulkArgs, bad_request
from emulators.shopify.model.resource import Resource

MAX_PAGE = 250


def connect(items: Sequence[Any], args: Args) -> dict[str, Any]:
    """A page of ``items``, which are in ascending order of the sort key; ``reverse`` turns them.

    The cursor names an item's id, or its place where it has none, and holds while the item is listed.
    """
    ordered = list(reversed(items)) if args.get("reverse") else list(items)
    if isinstance(args, BulkArgs):
        return _unpaged(ordered, args)
    first, last = args.get("first"), args.get("last")
    if first is None and last is None:
        raise bad_request("you must provide one of first or last")
    if first is not None and last is not None:
        raise bad_request("providing both first and last is not supported")
    size = first if first is not None else last
    if size is None or not 0 < size <= MAX_PAGE:
        raise bad_request(f"first and last must be between 1 and {MAX_PAGE}, got {size}")
    after, before = args.get("after"), args.get("before")
    start = 0 if after is None else _place(ordered, after, "after") + 1
    end = len(ordered) if before is None else _place(ordered, before, "before")
    if first is not None:
        stop = min(end, start + first)
        has_next, has_previous = stop < len(ordered), start > 0
    else:
        stop = end
        start = max(start, end - size)
        has_next, has_previous = stop < len(ordered), start > 0
    page = ordered[start:stop]
    marks = [_cursor(item, index) for index, item in enumerate(page, start)]
    return {
        "nodes": page,
        "edges": [{"node": n, "cursor": c} for n, c in zip(page, marks, strict=True)],
        "pageInfo": {
            "hasNextPage": has_next,
            "hasPreviousPage": has_previous,
            "startCursor": marks[0] if marks else None,
            "endCursor": marks[-1] if marks else None,
        },
    }


def _unpaged(ordered: list[Any], args: BulkArgs) -> dict[str, Any]:
    start, stop = args.span or (0, len(ordered))
    page = ordered[start:stop]
    return {"nodes": page, "edges": [{"node": node} for node in page]}


def top(items: Sequence[Any], args: Args) -> list[Any]:
    """A plain list that takes only ``first``."""
    first = args.get("first")
    return list(items) if first is None else list(items[:first])


def _cursor(item: Any, index: int) -> str:
    return base64.urlsafe_b64encode(json.dumps(_mark(item, index)).encode()).decode()


def _mark(item: Any, index: int) -> dict[str, int]:
    return {"last_id": item.id} if isinstance(item, Resource) and item.id else {"offset": index}


def _place(items: Sequence[Any], cursor: str, name: str) -> int:
    """Where the item of a cursor stands; raises the error of the request where it is not listed."""
    try:
        mark = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return next(i for i, item in enumerate(items) if _mark(item, i) == mark)
    except (ValueError, binascii.Error, StopIteration):
        raise bad_request(f"Invalid cursor for argument {name}.") from None
