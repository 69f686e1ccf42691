"""Shopify's search syntax: ``status:open updated_at:>='2026-11-01' OR tag:x``, ``-field:value``, brackets.

Terms side by side must all hold. A field that does not exist is ignored in queries, with a warning in
``extensions.search``; a webhook filter that names one matches nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

TOKEN = re.compile(
    r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<or>OR\b)|(?P<and>AND\b)|(?P<not>NOT\b|-(?=[\w(]))|"""
    r"""(?P<field>[\w.]+):(?P<op>>=|<=|>|<|=)?\s*(?P<value>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s()]+)|"""
    r"""(?P<word>'[^']*'|"[^"]*"|[^\s()]+))"""
)

Values = Callable[[Any], Any]


@dataclass
class Search:
    """A parsed query. ``unknown`` are the fields that it names and the object does not have."""

    matches: Callable[[Any], bool]
    unknown: list[str] = field(default_factory=list)


def parse(query: str | None, fields: Mapping[str, Values], default: Values | None = None) -> Search:
    """Parses a query over objects whose searchable values ``fields`` reads.

    ``default`` reads what a word without a field is compared with. An empty query matches everything.
    """
    if query is None or not query.strip():
        return Search(lambda _: True)
    parser = _Parser(query, fields, default)
    return Search(parser.parse(), parser.unknown)


class _Parser:
    def __init__(self, query: str, fields: Mapping[str, Values], default: Values | None) -> None:
        self.tokens = [match.groupdict() for match in TOKEN.finditer(query)]
        self.at = 0
        self.fields = fields
        self.default = default
        self.unknown: list[str] = []

    def parse(self) -> Callable[[Any], bool]:
        groups = [self._either()]
        while self._peek() is not None:  # a closing bracket too many
            self.at += 1
            groups.append(self._either())
        return lambda item: all(group(item) for group in groups)

    def _peek(self) -> dict[str, Any] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def _either(self) -> Callable[[Any], bool]:
        options = [self._all()]
        while (token := self._peek()) is not None and token["or"]:
            self.at += 1
            options.append(self._all())
        return lambda item: any(option(item) for option in options)

    def _all(self) -> Callable[[Any], bool]:
        terms: list[Callable[[Any], bool]] = []
        while (token := self._peek()) is not None and not token["or"] and not token["close"]:
            if token["and"]:
                self.at += 1
                continue
            terms.append(self._term())
        return lambda item: all(term(item) for term in terms)

    def _term(self) -> Callable[[Any], bool]:
        token = self._peek()
        if token is None:
            return lambda _: True
        self.at += 1
        if token["not"]:
            inner = self._term()
            return lambda item: not inner(item)
        if token["open"]:
            group = self._either()
            closing = self._peek()
            if closing is not None and closing["close"]:
                self.at += 1
            return group
        if token["field"]:
            return self._comparison(token["field"], token["op"] or "=", _unquoted(token["value"]))
        word = _unquoted(token["word"] or "").casefold()
        read = self.default
        if read is None:
            return lambda _: True
        return lambda item: word in str(read(item)).casefold()

    def _comparison(self, name: str, op: str, wanted: str) -> Callable[[Any], bool]:
        read = self.fields.get(name)
        if read is None:
            self.unknown.append(name)
            return lambda _: True
        return lambda item: any(_compare(value, op, wanted) for value in _each(read(item)))


def _each(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set) else [value]


def _compare(value: Any, op: str, wanted: str) -> bool:
    left: Any
    right: Any
    if value is None:
        return False
    if isinstance(value, datetime):
        # Shopify shows and compares whole seconds.
        left, right = value.replace(microsecond=0), _moment(wanted)
    elif isinstance(value, bool):
        left, right = str(value).lower(), wanted.lower()
    elif isinstance(value, int | Decimal):
        left, right = Decimal(value), _number(wanted)
    else:
        left, right = str(value).casefold(), wanted.casefold()
        if op == "=" and right.endswith("*"):
            return bool(left.startswith(right[:-1]))
    if right is None:
        return False
    comparisons: dict[str, bool] = {
        "=": left == right,
        ">": left > right,
        ">=": left >= right,
        "<": left < right,
        "<=": left <= right,
    }
    return comparisons[op]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    return re.sub(r"\\(.)", r"\1", text)
