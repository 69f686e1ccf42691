"""A campaign's products from a table: `sku,expected_quantity,ready_by`. What is wrong with it is told by line.

=================  ========  ==============================================================================
sku                required  as Shopify and the partner have it
expected_quantity  required  a whole number above 0, without separators; optional where there is a default
ready_by           optional  a day as YYYY-MM-DD
=================  ========  ==============================================================================
"""

import codecs
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.campaign_readiness.plan import MOST_PIECES, MOST_PRODUCTS, SKU_LENGTH, PlannedProduct
from domain.csv_rows import BadRow, Columns, CsvTooLarge, Row, RowError, rows

MOST_BYTES = 4_000_000  # two a character

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Default:
    """What holds for a product that says nothing else; 0 is no quantity."""

    expected_quantity: int = 0
    ready_by: date | None = None


@dataclass
class ReadFile:
    """With `errors`, `products` are those of the good rows only, and no plan."""

    products: list[PlannedProduct] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def read_plan_file(content: bytes | str, default: Default | None = None) -> ReadFile:
    """Read the table. What is no table is an error of line 1; nothing is raised."""
    default = default or Default()
    found = ReadFile()
    if isinstance(content, bytes):
        if len(content) > MOST_BYTES:
            return _no_table(f"The file has more than {MOST_BYTES // 1_000_000} MB.")
        text = decoded(content)
        if text is None:
            return _no_table("The file is no text: save the table as CSV, in UTF-8.")
    else:
        text = content
    columns = Columns(("sku", "expected_quantity"), ("ready_by",))
    if default.expected_quantity:
        columns = Columns(("sku",), ("expected_quantity", "ready_by"))
    lines: dict[str, int] = {}
    try:
        for row in rows(text, columns, found.errors, most=MOST_PRODUCTS):
            try:
                product = _product(row, default)
                if product.sku in lines:
                    raise BadRow(f"The SKU {product.sku} stands in line {lines[product.sku]} too.")
            except BadRow as error:
                found.errors.append(RowError(line=row.line, reason=str(error)))
            else:
                lines[product.sku] = row.line
                found.products.append(product)
    except CsvTooLarge as error:
        return _no_table(str(error))
    found.errors.sort(key=lambda error: error.line)
    return found


def decoded(content: bytes) -> str | None:
    """A text as spreadsheets write it: UTF-8, UTF-16 with its mark, or else Windows-1252. None for what is no text."""
    marked = [encoding for mark, encoding in _MARKS if content.startswith(mark)]
    encoding = marked[0] if marked else "utf-8"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        if marked:
            return None
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError:
            return None
    return None if "\0" in text else text


def merged(*plans: Iterable[PlannedProduct]) -> list[PlannedProduct]:
    """The products of several plans, by SKU; an earlier plan goes before a later one."""
    by_sku: dict[str, PlannedProduct] = {}
    for plan in plans:
        for product in plan:
            by_sku.setdefault(product.sku, product)
    return [by_sku[sku] for sku in sorted(by_sku)]


def plan_problems(products: Sequence[PlannedProduct]) -> list[str]:
    """Why no campaign can be made of these products, in plain words."""
    if not products:
        return ["The plan names no products."]
    if len(products) > MOST_PRODUCTS:
        return [f"The plan has {len(products)} products; Trading Grid takes {MOST_PRODUCTS}."]
    times = Counter(product.sku for product in products)
    return [f"The SKU {sku} stands twice." for sku, count in times.items() if count > 1]


def _no_table(reason: str) -> ReadFile:
    return ReadFile(errors=[RowError(line=1, reason=reason)])


def _product(row: Row, default: Default) -> PlannedProduct:
    sku = row.cells["sku"]
    if len(sku) > SKU_LENGTH:
        raise BadRow(f"The SKU is longer than {SKU_LENGTH} characters.")
    return PlannedProduct(
        sku=sku,
        expected_quantity=_quantity(row.cells["expected_quantity"]) or default.expected_quantity,
        ready_by=_day(row.cells["ready_by"]) or default.ready_by,
    )


def _quantity(text: str) -> int:
    """0 where there is none. A point may part thousands or decimals, by country: nobody guesses here."""
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()):
        raise BadRow(f"expected_quantity {text!r} is not a whole number without separators.")
    quantity = int(text[:20])
    if not 1 <= quantity <= MOST_PIECES:
        raise BadRow(f"expected_quantity must be from 1 to {MOST_PIECES}.")
    return quantity


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadRow(f"ready_by {text!r} is not a day, YYYY-MM-DD.")
