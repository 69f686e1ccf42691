"""Lists: paging, ``sortby`` and the documented subset of ``filter``; anything else is a 400."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, eq, ge, gt, le, lt, ne
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import QueryParams

from emulators.trading_grid.errors import ApiError
from emulators.trading_grid.store import UtcTime

MAX_ITEMS_PER_PAGE = 200
DEFAULT_ITEMS_PER_PAGE = 50
LIST_PARAMETERS = frozenset({"page", "items-per-page", "include-total", "sortby", "filter"})

R = TypeVar("R")
Value = str | int | datetime
FieldTypes = Mapping[str, type[Value]]

COMMON_FIELDS: dict[str, type[Value]] = {
    "id": str,
    "partner_id": str,
    "external_reference.system": str,
    "external_reference.id": str,
    "version": int,
    "create_time": datetime,
    "update_time": datetime,
}

_TIME: TypeAdapter[datetime] = TypeAdapter(UtcTime)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": eq,
    "ne": ne,
    "gt": gt,
    "ge": ge,
    "lt": lt,
    "le": le,
}
_LITERAL = r"(?:'(?:[^']|'')*'|-?\d+)"
_CLAUSE = re.compile(
    rf"\s*(?P<field>[a-z_][a-z_.]*)\s+"
    rf"(?:(?P<op>eq|ne|gt|ge|lt|le)\s+(?P<one>{_LITERAL})"
    rf"|in\s*\(\s*(?P<many>{_LITERAL}(?:\s*,\s*{_LITERAL})*)\s*\))\s*"
)
_AND = re.compile(r"and\s", re.IGNORECASE)


@dataclass(frozen=True)
class Page(Generic[R]):
    rows: Sequence[R]
    total: int | None
    links: dict[str, str]


def check_parameters(given: QueryParams, known: frozenset[str]) -> None:
    """Raises ApiError 400 for a parameter that would otherwise be ignored in silence."""
    for name in given:
        if name not in known:
            raise ApiError(
                400,
                "unknown_parameter",
                f"Unknown parameter {name!r}; known here: {', '.join(sorted(known)) or 'none'}.",
            )


def whole_number(given: QueryParams, name: str, default: int, low: int, high: int) -> int:
    """A bounded integer parameter. Raises ApiError 400."""
    text = given.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"\d{1,18}", text) or not low <= int(text) <= high:
        raise ApiError(
            400, "invalid_parameter", f"{name} must be a whole number from {low} to {high}."
        )
    return int(text)


def flag(given: QueryParams, name: str) -> bool:
    text = given.get(name, "false")
    if text not in ("true", "false"):
        raise ApiError(400, "invalid_parameter", f"{name} must be true or false.")
    return text == "true"


def list_page(
    rows: Iterable[R],
    given: QueryParams,
    fields: FieldTypes,
    href: str,
    most: int = MAX_ITEMS_PER_PAGE,
) -> Page[R]:
    """Filters, sorts and cuts. ``href`` is the list's own address without parameters, ``most`` how many
    items a page may be asked for."""
    check_parameters(given, LIST_PARAMETERS)
    page = whole_number(given, "page", 1, 1, 10**9)
    size = whole_number(given, "items-per-page", DEFAULT_ITEMS_PER_PAGE, 1, most)
    found = _chosen(rows, given, fields)
    with_total = flag(given, "include-total")

    def address(number: int) -> str:
        return f"{href}?{urlencode({**given, 'page': number, 'items-per-page': size})}"

    links = {"self": address(page), "first": address(1)}
    if page > 1:
        links["prev"] = address(page - 1)
    if page * size < len(found):
        links["next"] = address(page + 1)
    return Page(
        rows=found[(page - 1) * size : page * size],
        total=len(found) if with_total else None,
        links=links,
    )


def _chosen(rows: Iterable[R], given: QueryParams, fields: FieldTypes) -> Sequence[R]:
    """What the filter keeps, in the order asked for. A long list that is asked for as it is isn't copied."""
    wanted, order = given.get("filter", ""), given.get("sortby", "")
    if isinstance(rows, list) and not wanted.strip() and not order.strip():
        return rows
    keep = parse_filter(wanted, fields)
    found = [row for row in rows if keep(row)]
    for name, descending in reversed(parse_sort(order, fields)):
        found.sort(key=_sort_key(name), reverse=descending)
    return found


def parse_filter(text: str, fields: FieldTypes) -> Callable[[Any], bool]:
    """``field op literal`` joined by ``and``; op: eq, ne, gt, ge, lt, le, ``in (...)``. Raises 400."""
    if not text.strip():
        return lambda row: True
    clauses: list[Callable[[Any], bool]] = []
    position = 0
    while True:
        match = _CLAUSE.match(text, position)
        if match is None:
            raise ApiError(
                400,
                "invalid_filter",
                f"Can't read the filter at {text[position:]!r}. Supported: field eq 'value' "
                "(also ne, gt, ge, lt, le and in ('a', 'b')), joined by 'and'.",
            )
        clauses.append(_clause(match, fields))
        position = match.end()
        if position == len(text):
            return lambda row: all(clause(row) for clause in clauses)
        joiner = _AND.match(text, position)
        if joiner is None:
            raise ApiError(
                400, "invalid_filter", f"Only 'and' joins conditions, not {text[position:]!r}."
            )
        position = joiner.end()


def _clause(match: re.Match[str], fields: FieldTypes) -> Callable[[Any], bool]:
    name = match["field"]
    kind = _kind(name, fields, "filter")
    if match["many"] is not None:
        wanted = [_literal(one, name, kind) for one in re.findall(_LITERAL, match["many"])]

        def among(row: Any) -> bool:
            actual = read(row, name)
            return any(one in wanted for one in (actual if isinstance(actual, list) else [actual]))

        return among
    operator, value = match["op"], _literal(match["one"], name, kind)
    compare = _COMPARE[operator]

    def holds(row: Any) -> bool:
        actual = read(row, name)
        if isinstance(actual, list):
            if operator == "ne":
                return value not in actual
            return any(compare(one, value) for one in actual)
        if actual is None:
            return operator == "ne"
        return compare(actual, value)

    return holds


def _kind(name: str, fields: FieldTypes, where: str) -> type[Value]:
    if name not in fields:
        raise ApiError(
            400,
            f"invalid_{where}",
            f"{name!r} can't be used in {where}; fields: {', '.join(sorted(fields))}.",
        )
    return fields[name]


def _literal(text: str, name: str, kind: type[Value]) -> Value:
    quoted = text.startswith("'")
    bare = text[1:-1].replace("''", "'") if quoted else text
    if kind is int and not quoted:
        return int(bare)
    if kind is str and quoted:
        return bare
    if kind is datetime and quoted:
        try:
            return _TIME.validate_python(bare)
        except ValidationError:
            pass
    expected = {int: "a number", str: "a quoted text", datetime: "a quoted ISO-8601 time with zone"}
    raise ApiError(400, "invalid_filter", f"{name} is compared with {expected[kind]}, not {text}.")


def parse_sort(text: str, fields: FieldTypes) -> list[tuple[str, bool]]:
    """``field [asc|desc]``, several by comma -> (field, descending). Raises ApiError 400."""
    order: list[tuple[str, bool]] = []
    for part in text.split(",") if text.strip() else []:
        words = part.split()
        if len(words) not in (1, 2) or (len(words) == 2 and words[1] not in ("asc", "desc")):
            raise ApiError(400, "invalid_sortby", f"Can't read {part!r}; write: field asc|desc.")
        _kind(words[0], fields, "sortby")
        order.append((words[0], words[-1] == "desc" and len(words) == 2))
    return order


def read(row: Any, name: str) -> Any:
    """The value at a dotted name; None where a part of the way is None, a list where one is a list.

    A list meets a condition where one of its entries does, and ``ne`` where none is equal."""
    head, _, rest = name.partition(".")
    value = attrgetter(head)(row)
    if not rest or value is None:
        return value
    return [read(one, rest) for one in value] if isinstance(value, list) else read(value, rest)


def _sort_key(name: str) -> Callable[[Any], tuple[bool, Any]]:
    def key(row: Any) -> tuple[bool, Any]:
        value = read(row, name)
        return (value is not None, 0 if value is None else value)

    return key
