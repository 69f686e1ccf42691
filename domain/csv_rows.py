"""Rows of a table that people keep in a spreadsheet, with what is wrong by line. Pure.

Comma, semicolon or tab between the columns, with or without a BOM, either kind of line end. The first line names the
columns, in any order and case. A cell is text whatever it begins with; a spreadsheet's formulas mean nothing here.
"""

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from domain.message import Message

MAX_CHARACTERS = 2_000_000
_MAX_CELL = 255
_DELIMITERS = (",", ";", "\t")


class CsvTooLarge(ValueError):
    """More characters or rows than are read at once."""


class RowError(Message):
    """What is wrong in a line, as the file counts them: the header is line 1."""

    line: int
    reason: str


class BadRow(Exception):
    """Why a row can't be taken."""


@dataclass(frozen=True)
class Row:
    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Columns:
    required: tuple[str, ...]
    optional: tuple[str, ...]

    def header(self, cells: Sequence[str]) -> list[str]:
        """The columns of a file, in its order. Raises BadRow: a misspelt column would be left out in silence."""
        names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
        known = (*self.required, *self.optional)
        if missing := [name for name in self.required if name not in names]:
            raise BadRow(f"The first line must name the columns; missing: {', '.join(missing)}.")
        if unknown := [name or "(empty)" for name in names if name not in known]:
            raise BadRow(f"Unknown columns: {', '.join(unknown)}; known: {', '.join(known)}.")
        if len(set(names)) != len(names):
            raise BadRow("A column is named twice.")
        return names


def rows(text: str, columns: Columns, errors: list[RowError], *, most: int) -> Iterator[Row]:
    """The rows that can be read; what is wrong with the others is added to `errors`.

    Raises:
        CsvTooLarge: more than `MAX_CHARACTERS`, or than `most` rows.
    """
    if len(text) > MAX_CHARACTERS:
        raise CsvTooLarge(f"The file has more than {MAX_CHARACTERS} characters; split it.")
    text = text.removeprefix("\ufeff")
    first_line = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] = []
    line, count = 1, 0
    try:
        for cells in reader:
            started, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if not names:
                names = columns.header(cells)
                continue
            count += 1
            if count > most:
                raise CsvTooLarge(f"The file has more than {most} rows; split it.")
            try:
                yield Row(started, _cells(names, columns, cells))
            except BadRow as error:
                errors.append(RowError(line=started, reason=str(error)))
    except csv.Error as error:
        # What follows a broken quotation can't be told apart, so reading ends here.
        errors.append(RowError(line=line, reason=f"This is not CSV: {error}."))
    except BadRow as error:
        errors.append(RowError(line=started, reason=str(error)))
    else:
        if not names:
            errors.append(RowError(line=1, reason="The file is empty."))
        elif count == 0 and not errors:
            errors.append(RowError(line=1, reason="There are no rows below the header."))


def _cells(names: Sequence[str], columns: Columns, cells: Sequence[str]) -> dict[str, str]:
    if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
        raise BadRow(f"There are {len(cells)} cells, and the header names {len(names)} columns.")
    found = dict.fromkeys((*columns.required, *columns.optional), "")
    found.update({name: cell.strip() for name, cell in zip(names, cells, strict=False)})
    if empty := [name for name in columns.required if not found[name]]:
        raise BadRow(f"{', '.join(empty)} must not be empty.")
    for name, cell in found.items():
        if len(cell) > _MAX_CELL:
            raise BadRow(f"{name} is longer than {_MAX_CELL} characters.")
        if any(unicodedata.category(character) == "Cc" for character in cell):
            raise BadRow(f"{name} has a line break or a control character.")
    return found
