"""Shopify's search syntax, as far as we write it."""

import re
from collections.abc import Iterable

_ENDS_A_VALUE = re.compile(r"['\\]")


def term(field: str, value: str) -> str:
    """`field:'value'`, with what would end the value escaped."""
    escaped = _ENDS_A_VALUE.sub(lambda found: "\\" + found[0], value)
    return f"{field}:'{escaped}'"


def any_of(field: str, values: Iterable[str]) -> str:
    """Matches where the field has one of the values."""
    return " OR ".join(term(field, value) for value in values)
