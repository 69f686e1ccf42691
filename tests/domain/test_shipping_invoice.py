"""What is wrong with an invoice, in words; and nothing where nothing is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.purchase_order.names import PositionLine
from domain.shipping_documents.invoice import (
    CURRENCY,
    PRICE,
    QUANTITY,
    TOTAL,
    UNKNOWN_LINE,
    check_invoices,
)
from domain.shipping_documents.papers import Discrepancy, Invoice, InvoiceLine

LINES = (
    PositionLine(line_id="11", sku="SHIRT", unit_price=Decimal("10.00"), ordered=3),
    PositionLine(line_id="12", sku="SHOE", unit_price=Decimal("80.00"), ordered=1),
)


def invoice(
    *lines: tuple[str, int, str], total: str = "", charges: str = "0", **more: object
) -> Invoice:
    """Lines as `(line id or SKU, quantity, unit price)`; the total adds up unless it is given."""
    entries = tuple(
        InvoiceLine(
            line_id=what if what.isdigit() else "",
            sku="" if what.isdigit() else what,
            quantity=quantity,
            unit_price=Decimal(price),
        )
        for what, quantity, price in lines
    )
    added = sum((entry.unit_price * entry.quantity for entry in entries), Decimal(charges))
    return Invoice.model_validate(
        {"id": "I1", "invoice_number": "INV-1", "currency": "EUR"}
        | {"lines": entries, "charges": charges, "total": total or added}
        | more
    )


def check(
    *invoices: Invoice, shipped: dict[str, int] | None = None, tolerance: str = "0.01"
) -> tuple[Discrepancy, ...]:
    return check_invoices(
        invoices, LINES, currency="EUR", tolerance=Decimal(tolerance), shipped=shipped
    )


RIGHT = invoice(("11", 3, "10.00"), ("shoe", 1, "80.00"), charges="4.90")
ALL = {"11": 3, "12": 1}


def test_a_right_invoice_has_nothing_wrong() -> None:
    assert check(RIGHT) == ()
    assert check(RIGHT, shipped=ALL) == ()


@pytest.mark.parametrize(
    ("price", "wrong"), [("10.10", False), ("9.90", False), ("10.11", True), ("9.89", True)]
)
def test_a_price_may_differ_by_the_tolerance(price: str, wrong: bool) -> None:
    found = check(invoice(("11", 3, price)))
    assert [entry.kind for entry in found] == ([PRICE] if wrong else [])


def test_a_wrong_price_is_said_in_words() -> None:
    [found] = check(invoice(("11", 3, "12.50")))
    assert (found.about, found.text) == ("INV-1", "SHIRT invoiced at 12.50, ordered at 10.00")


def test_a_free_line_that_is_charged_for_is_wrong() -> None:
    free = (PositionLine(line_id="1", sku="GIFT", unit_price=Decimal(0), ordered=1),)
    found = check_invoices(
        [invoice(("GIFT", 1, "0.01"))],
        free,
        currency="EUR",
        tolerance=Decimal("0.5"),
        shipped=None,
    )
    assert [entry.kind for entry in found] == [PRICE]


def test_more_than_was_ordered_is_wrong_at_once() -> None:
    [found] = check(invoice(("11", 4, "10.00")))
    assert (found.kind, found.text) == (QUANTITY, "4 × SHIRT invoiced, 3 ordered")


def test_what_is_not_shipped_yet_is_wrong_only_once_all_is_shipped() -> None:
    assert check(RIGHT, shipped=None) == ()
    [found] = check(RIGHT, shipped={"11": 2, "12": 1})
    assert found.text == "3 × SHIRT invoiced, 2 shipped"


def test_two_invoices_of_one_purchase_order_add_up() -> None:
    halves = (
        invoice(("11", 2, "10.00")),
        invoice(("11", 1, "10.00"), ("12", 1, "80.00"), id="I2", invoice_number="INV-2"),
    )
    assert check(*halves, shipped=ALL) == ()
    [found] = check(*halves, invoice(("12", 1, "80"), id="I3", invoice_number="INV-3"))
    assert found.text == "2 × SHOE invoiced, 1 ordered"


def test_an_unknown_line_is_wrong() -> None:
    found = check(invoice(("HAT", 1, "5.00")))
    assert [(entry.kind, entry.text) for entry in found] == [
        (UNKNOWN_LINE, "1 × HAT invoiced, which was not ordered")
    ]


def test_another_currency_is_wrong() -> None:
    found = check(invoice(("11", 3, "10.00"), currency="USD"))
    assert [entry.kind for entry in found] == [CURRENCY]


def test_a_total_that_does_not_add_up_is_wrong() -> None:
    [found] = check(invoice(("11", 3, "10.00"), charges="5.00", total="45.00"))
    assert (found.kind, found.text) == (
        TOTAL,
        "the total is 45.00, lines and charges add up to 35.00",
    )


PRICES = st.decimals("0.01", "999", places=2)


@given(st.integers(1, 50), PRICES, st.decimals("0", "50", places=2))
def test_an_invoice_as_ordered_is_right_whatever_was_ordered(
    quantity: int, price: Decimal, charges: Decimal
) -> None:
    lines = [PositionLine(line_id="1", sku="CUP", unit_price=price, ordered=quantity)]
    said = invoice(("1", quantity, str(price)), charges=str(charges))
    found = check_invoices(
        [said], lines, currency="EUR", tolerance=Decimal(0), shipped={"1": quantity}
    )
    assert found == ()


@given(st.lists(st.tuples(st.sampled_from(["CUP", "1", "2"]), st.integers(0, 4)), max_size=6))
def test_no_piece_that_is_invoiced_too_often_goes_unsaid(asked: list[tuple[str, int]]) -> None:
    """Lines of one SKU are filled before any of them is exceeded."""
    lines = [
        PositionLine(line_id=line_id, sku="CUP", unit_price=Decimal(1), ordered=2)
        for line_id in "12"
    ]
    said = [
        invoice((what, count, "1"), id=f"I{place}", invoice_number=f"I{place}")
        for place, (what, count) in enumerate(asked)
    ]
    found = check_invoices(said, lines, currency="EUR", tolerance=Decimal(0), shipped=None)
    if sum(count for _, count in asked) > 4:
        assert QUANTITY in {entry.kind for entry in found}
