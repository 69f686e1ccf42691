"""A campaign's plan as a table from a spreadsheet."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.campaign_readiness import plan_file
from domain.campaign_readiness.plan import MOST_PRODUCTS, PlannedProduct
from domain.campaign_readiness.plan_file import (
    Default,
    decoded,
    merged,
    plan_problems,
    read_plan_file,
)

LAMP = PlannedProduct(sku="LAMP", expected_quantity=200, ready_by=date(2026, 11, 28))
CHAIR = PlannedProduct(sku="CHAIR", expected_quantity=40)
TABLE = "sku,expected_quantity,ready_by\nLAMP,200,2026-11-28\nCHAIR,40,\n"


@pytest.mark.parametrize(
    "content",
    [
        TABLE,
        TABLE.encode(),
        TABLE.encode("utf-8-sig"),
        TABLE.encode("utf-16"),
        TABLE.replace(",", ";").encode("utf-16"),
        TABLE.replace(",", ";").replace("\n", "\r\n"),
        TABLE.replace(",", "\t"),
        "Ready By;SKU;Expected Quantity\n2026-11-28;LAMP;200\n\n;CHAIR; 40 \n",
    ],
)
def test_a_table_is_read_as_spreadsheets_write_it(content: bytes | str) -> None:
    found = read_plan_file(content)
    assert (found.products, found.errors) == ([LAMP, CHAIR], [])


def test_a_default_fills_what_is_left_open() -> None:
    default = Default(expected_quantity=5, ready_by=date(2026, 11, 30))
    found = read_plan_file("sku,expected_quantity\nLAMP,\nCHAIR,7\n", default)
    assert found.products == [
        PlannedProduct(sku="LAMP", expected_quantity=5, ready_by=date(2026, 11, 30)),
        PlannedProduct(sku="CHAIR", expected_quantity=7, ready_by=date(2026, 11, 30)),
    ]
    assert read_plan_file("sku\nLAMP\n", default).errors == []
    assert "expected_quantity" in read_plan_file("sku\nLAMP\n").errors[0].reason


def test_every_fault_is_told_by_its_line_and_the_good_rows_are_kept_apart() -> None:
    rows = {
        2: "LAMP,1.000,2026-11-28",
        3: ",5,",
        4: "CHAIR,40,",
        5: "CHAIR,41,",
        6: "STOOL,0,",
        7: "BENCH,5,28.11.2026",
        8: "DESK,-1,",
        9: "SHELF,5,2026-02-30",
        10: f"{'X' * 121},5,",
        11: f"HUGE,{'9' * 60},",
        12: "WIDE,5,,more",
        13: "HALF,²,",
    }
    found = read_plan_file("sku,expected_quantity,ready_by\n" + "\n".join(rows.values()))
    assert found.products == [CHAIR]
    reasons = {error.line: error.reason for error in found.errors}
    assert list(reasons) == [2, 3, *range(5, 14)]
    for line, words in {
        2: "whole number",
        3: "sku",
        5: "line 4",
        6: "from 1",
        7: "YYYY-MM-DD",
        8: "whole number",
        9: "not a day",
        10: "longer than 120",
        11: "from 1",
        12: "4 cells",
        13: "whole number",
    }.items():
        assert words in reasons[line]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "no text"),
        (b"PK\x03\x04\x14\x00\x08\x08\x08\x00", "no text"),
        (b"\xff\xfes\x00k", "no text"),
        (b"x" * (plan_file.MOST_BYTES + 1), "MB"),
        ("sku,expected_quantity\n", "no rows"),
        ('sku,expected_quantity\n"LAMP,5\n', "not CSV"),
        ("name,amount\nLAMP,5\n", "missing: sku, expected_quantity"),
        ("sku,expected_quantity,redy_by\nLAMP,5,2026-11-28\n", "redy_by"),
        (b"%PDF-1.7 binary", "missing"),
    ],
)
def test_a_file_that_is_no_table_says_so(content: bytes | str, words: str) -> None:
    found = read_plan_file(content)
    assert found.products == []
    assert words in " ".join(error.reason for error in found.errors)


def test_a_table_of_too_many_rows_is_refused_whole() -> None:
    text = "sku,expected_quantity\n" + "".join(f"S{n},1\n" for n in range(MOST_PRODUCTS + 1))
    found = read_plan_file(text)
    assert (found.products, len(found.errors)) == ([], 1)
    assert str(MOST_PRODUCTS) in found.errors[0].reason
    assert len(read_plan_file(text[: text.rindex("S")]).products) == MOST_PRODUCTS


def test_umlauts_of_an_old_spreadsheet_are_read() -> None:
    content = "sku;expected_quantity\nSTÜHLE;4\n".encode("cp1252")
    assert [one.sku for one in read_plan_file(content).products] == ["STÜHLE"]
    assert decoded(b"\x81\x8d") is None


def test_quantities_of_a_file_go_before_those_of_collections() -> None:
    rest = PlannedProduct(sku="CHAIR", expected_quantity=5)
    assert merged([LAMP], [rest, LAMP.model_copy(update={"expected_quantity": 1})]) == [rest, LAMP]


def test_a_plan_without_products_or_with_too_many_is_a_problem() -> None:
    assert plan_problems([]) == ["The plan names no products."]
    assert plan_problems([LAMP, CHAIR]) == []
    assert plan_problems([LAMP, CHAIR, LAMP]) == ["The SKU LAMP stands twice."]
    assert str(MOST_PRODUCTS) in plan_problems([LAMP] * (MOST_PRODUCTS + 1))[0]


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300)))
def test_nothing_that_is_uploaded_makes_it_fail(content: bytes | str) -> None:
    found = read_plan_file(content)
    assert found.products or found.errors


@given(
    st.lists(
        st.builds(
            PlannedProduct,
            sku=st.text(
                st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")),
                min_size=1,
                max_size=20,
            ).filter(lambda text: text.strip() == text and not text.startswith("\ufeff")),
            expected_quantity=st.integers(1, 1_000_000_000),
            ready_by=st.none() | st.dates(),
        ),
        min_size=1,
        max_size=30,
        unique_by=lambda product: product.sku,
    )
)
def test_what_is_written_as_a_table_is_read_back(products: list[PlannedProduct]) -> None:
    def cell(value: object) -> str:
        return '"' + str("" if value is None else value).replace('"', '""') + '"'

    lines = [
        ",".join(map(cell, (one.sku, one.expected_quantity, one.ready_by))) for one in products
    ]
    text = "\n".join(["sku,expected_quantity,ready_by", *lines])
    for content in (text, text.encode(), text.encode("utf-16")):
        assert read_plan_file(content).products == products
