"""Which metafield types there are, and which texts are values of them (Shopify's list of types)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from emulators.shopify.model.resource import gid_type

SCALARS = {
    "boolean": "TRUE_FALSE",
    "date": "DATE_TIME",
    "date_time": "DATE_TIME",
    "json": "JSON",
    "multi_line_text_field": "TEXT",
    "number_decimal": "NUMBER",
    "number_integer": "NUMBER",
    "single_line_text_field": "TEXT",
    "url": "URL",
}
"""Type name and category."""

LISTABLE = (
    "date",
    "date_time",
    "number_decimal",
    "number_integer",
    "single_line_text_field",
    "url",
)

REFERENCES = {
    "collection_reference": "Collection",
    "file_reference": "GenericFile",
    "metaobject_reference": "Metaobject",
    "product_reference": "Product",
    "variant_reference": "ProductVariant",
}
"""Type name, and the type of the object whose GID is a value."""

TYPES = (
    SCALARS
    | {f"list.{name}": SCALARS[name] for name in LISTABLE}
    | dict.fromkeys((*REFERENCES, *(f"list.{name}" for name in REFERENCES)), "REFERENCE")
)

LIST_LIMIT = 128
VALUE_LIMIT = 65_535
JSON_LIMIT = 128 * 1024
URL_SCHEMES = ("http", "https", "mailto", "sms", "tel")


def reads_as_json(kind: str) -> bool:
    """Whether a value of this type is a JSON text, rather than a text."""
    return kind in ("json", "boolean", "number_integer") or kind.startswith("list.")


def problem(kind: str, value: str, exists: Callable[[str], bool]) -> str | None:
    """What is wrong with a value of a type; None where it is right. ``exists`` knows the shop's GIDs."""
    limit = JSON_LIMIT if kind == "json" else VALUE_LIMIT
    if len(value.encode()) > limit:
        return f"is too long (maximum is {limit} bytes)"
    if not kind.startswith("list."):
        return _scalar_problem(kind, value, exists)
    try:
        items = json.loads(value)
    except ValueError:
        return "is invalid JSON."
    if not isinstance(items, list):
        return "must be a JSON array."
    if len(items) > LIST_LIMIT:
        return f"has more than {LIST_LIMIT} items."
    for item in items:
        wrong = _scalar_problem(kind.removeprefix("list."), str(item), exists)
        if wrong is not None:
            return wrong
    return None


def _scalar_problem(kind: str, value: str, exists: Callable[[str], bool]) -> str | None:
    target = REFERENCES.get(kind)
    if target is not None:
        there = gid_type(value) == target and exists(value)
        return None if there else f"require that you select a {target}."
    match kind:
        case "json":
            return None if _parses(json.loads, value) else "is invalid JSON."
        case "single_line_text_field":
            return "can't contain line breaks." if re.search(r"[\r\n]", value) else None
        case "boolean":
            return None if value in ("true", "false") else "must be true or false."
        case "number_integer":
            return None if re.fullmatch(r"-?\d{1,19}", value) else "must be an integer."
        case "number_decimal":
            return None if _parses(Decimal, value) else "must be a decimal."
        case "date":
            return None if _parses(date.fromisoformat, value) else "must be a date (YYYY-MM-DD)."
        case "date_time":
            return None if _parses(datetime.fromisoformat, value) else "must be an ISO 8601 time."
        case "url":
            scheme = urlsplit(value).scheme
            return None if scheme in URL_SCHEMES else "must be a URL."
        case _:
            return None


def _parses(read: object, value: str) -> bool:
    assert callable(read)
    try:
        read(value)
    except (ValueError, InvalidOperation):
        return False
    return True
