"""The form of an inventory advice: lines by hand, or as CSV, or both."""

import csv
from collections.abc import Mapping
from datetime import UTC, datetime
from io import StringIO
from typing import Any, cast

from emulators.trading_grid.portal import words
from emulators.trading_grid.portal.forms import MAX_QUANTITY_DIGITS, Form
from emulators.trading_grid.portal.site import Upload
from emulators.trading_grid.resources.inventory_advices.lines import AdviceLine, Constraint
from emulators.trading_grid.resources.inventory_advices.model import AdviceBody, AdviceKind

FIRST_ROWS = 3
MORE_ROWS = 5
MAX_ROWS = 100
MAX_PIECES = 10**MAX_QUANTITY_DIGITS - 1
LONGEST_NAME = 255
SHOWN_PROBLEMS = 5

QUANTITIES = ("available", "on_hand", "projected", "allocation")
COLUMNS = ("sku", "gtin", *QUANTITIES, "available_date", "constraint", "until", "text")
"""Of a CSV file; also the fields of a line."""
_REST = ", ".join(COLUMNS[1:])
TOO_MANY = "cells that are too many"


def rows_of(form: Form) -> int:
    """How many lines the form has by hand."""
    given = form.values.get("rows", "")[:4]
    return max(1, min(int(given), MAX_ROWS)) if given.isdecimal() else FIRST_ROWS


def read_advice(form: Form, partner_id: str, upload: Upload | None) -> AdviceBody | None:
    location = form.text("location_code", needed="Enter your code of the place.", longest=50)
    kind = form.choice("kind", words.ADVICE_KIND, needed="Choose what it is.")
    as_of = _moment(form)
    lines = [
        line
        for row in range(rows_of(form))
        if (line := _line(form, f"row-{row}-", row + 1)) is not None
    ]
    lines += _csv_lines(form, "csv", form.values.get("csv", ""))
    if upload is not None and "file" not in form.errors:
        try:
            lines += _csv_lines(form, "file", upload.data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            form.errors["file"] = "Save the file as UTF-8 first; it can't be read."
    if not form.errors and not lines and kind == "delta":
        form.errors["lines"] = "Tell of at least one article."
    if form.errors or location is None:
        return None
    return AdviceBody(
        partner_id=partner_id,
        location_code=location,
        kind=cast("AdviceKind", kind),
        as_of=as_of,
        lines=lines,
    )


def _moment(form: Form) -> datetime | None:
    value = form.values.get("as_of", "").strip()
    if not value:
        return None
    try:
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    except ValueError:
        form.errors["as_of"] = "Enter a time like 2027-01-31T14:05."
        return None


def _line(form: Form, prefix: str, number: int) -> AdviceLine | None:
    """One line of the page; None where nothing is in it."""
    if not any(form.values.get(prefix + name, "").strip() for name in COLUMNS):
        return None
    form.articles[prefix] = form.values.get(prefix + "sku", "").strip() or f"Line {number}"
    sku = form.text(prefix + "sku", needed="Enter the SKU.", longest=LONGEST_NAME)
    gtin = form.text(prefix + "gtin", longest=LONGEST_NAME)
    pieces = {name: form.quantity(prefix + name, MAX_PIECES) for name in QUANTITIES}
    day = form.day(prefix + "available_date")
    code = form.choice(prefix + "constraint", words.CONSTRAINT)
    until = form.day(prefix + "until")
    text = form.text(prefix + "text", longest=500)
    if code is None and (until or text):
        form.errors.setdefault(prefix + "constraint", "Choose the constraint this is about.")
    if code is None and all(
        form.values.get(prefix + name, "").strip() == "" for name in QUANTITIES
    ):
        form.errors[prefix + "available"] = "Enter how many are available; 0 if none are."
    if sku is None or any(key.startswith(prefix) for key in form.errors):
        return None
    constraint = None if code is None else Constraint(code=code, until=until, text=text)
    return AdviceLine(sku=sku, gtin=gtin, **pieces, available_date=day, constraint=constraint)


def _csv_lines(form: Form, key: str, text: str) -> list[AdviceLine]:
    """Errors name their rows, as a spreadsheet counts them."""
    text = text.strip()
    if not text:
        return []
    delimiter = ";" if ";" in text.splitlines()[0] else ","
    reader = csv.DictReader(StringIO(text, newline=""), delimiter=delimiter, restkey=TOO_MANY)
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    unknown = [name for name in names if name not in COLUMNS]
    if "sku" not in names or unknown or len(set(names)) < len(names):
        known = f"The first row names the columns, each once: sku, and any of {_REST}."
        form.errors[key] = known + (f" {unknown[0]!r} is none of them." if unknown else "")
        return []
    reader.fieldnames = names
    lines: list[AdviceLine] = []
    problems: list[str] = []
    try:
        for row in reader:
            _csv_line(row, lines, problems, reader.line_num)
    except csv.Error as error:
        problems.append(f"Row {reader.line_num}: {error}.")
    if problems:
        more = len(problems) - SHOWN_PROBLEMS
        shown = problems[:SHOWN_PROBLEMS] + ([f"And {more} more."] if more > 0 else [])
        form.errors[key] = " ".join(shown)
    return lines


def _csv_line(
    row: Mapping[str, Any], lines: list[AdviceLine], problems: list[str], number: int
) -> None:
    """Adds the row to one of the two; an empty row to none."""
    if TOO_MANY in row:
        problems.append(f"Row {number}: It has more cells than there are columns.")
        return
    form = Form("csv", {name: value or "" for name, value in row.items()})
    line = _line(form, "", number)
    if line is not None:
        lines.append(line)
    elif form.errors:
        name, error = next(iter(form.errors.items()))
        problems.append(f"Row {number}, {name}: {error}")
