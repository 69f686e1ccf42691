"""The effect of every code on ten ordered pieces of which a response names six, and on all of them."""

import pytest

from domain.purchase_order.codes import LINE_CODES, Ask, Dates, Price, effect_of
from domain.purchase_order.lines import Ledger, Line, LineAnswer, apply_response
from domain.purchase_order.responses import Response, ResponseLine

# code -> six named: confirmed, backordered, rejected, open; who is asked why; what becomes of all, without a quantity
EXPECTED: dict[str, tuple[tuple[int, int, int, int], Ask | None, str]] = {
    **dict.fromkeys(("IA", "AA", "AC", "AR", "DR", "IP", "SP"), ((6, 0, 0, 4), None, "confirmed")),
    "IE": ((6, 0, 0, 4), Ask.PRICE, "confirmed"),
    "IC": ((6, 0, 0, 4), Ask.CHANGED, "confirmed"),
    "IB": ((0, 6, 0, 4), None, "backordered"),
    "BP": ((6, 4, 0, 0), None, ""),
    "IQ": ((6, 0, 4, 0), Ask.REJECTED, ""),
    "IS": ((0, 0, 0, 10), Ask.SUBSTITUTE, "open"),
    "IH": ((0, 0, 0, 10), None, "open"),
    "IF": ((0, 0, 0, 10), Ask.HELD, "open"),
    "IW": ((0, 0, 0, 10), Ask.HELD, "open"),
    **dict.fromkeys(
        ("IR", "ID", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8"),
        ((0, 0, 6, 4), Ask.REJECTED, "rejected"),
    ),
    "XY": ((0, 0, 0, 10), Ask.UNKNOWN_CODE, "open"),
}


def answered(code: str, quantity: int | None) -> Line:
    order = Ledger(lines={"1": Line(line_id="1", sku="A", unit_price=1, ordered=10)})
    said = ResponseLine(line_id="1", ack_code=code, quantity=quantity)
    return apply_response(order, Response(id="r", sequence=1, lines=(said,))).lines["1"]


@pytest.mark.parametrize("code", EXPECTED)
def test_every_code_does_to_the_pieces_what_the_table_says(code: str) -> None:
    pieces, ask, whole = EXPECTED[code]
    line = answered(code, 6)
    assert (line.confirmed, line.backordered, line.rejected, line.open) == pieces
    assert effect_of(code).ask is ask
    everything = answered(code, None)
    if not whole:
        assert everything.answer is None, "without a quantity it says nothing"
    else:
        assert getattr(everything, whole) == 10


def test_the_table_has_all_26_codes_of_the_dictionary() -> None:
    assert set(LINE_CODES) == set(EXPECTED) - {"XY"}
    assert len(LINE_CODES) == 26


@pytest.mark.parametrize("code", ["IR", "ID", "R4"])
def test_nought_rejected_means_that_nothing_will_come(code: str) -> None:
    assert answered(code, 0).rejected == 10


def test_codes_are_read_without_case_and_space_and_kept_as_they_came() -> None:
    line = answered(" ia", None)
    assert line.confirmed == 10
    assert isinstance(line.answer, LineAnswer)
    assert line.answer.codes == (" ia",)


def test_only_a_pending_price_and_a_pending_date_are_pending() -> None:
    assert [code for code, effect in LINE_CODES.items() if effect.price is Price.PENDING] == ["IE"]
    assert [code for code, effect in LINE_CODES.items() if effect.dates is Dates.PENDING] == ["SP"]
    assert [code for code, effect in LINE_CODES.items() if effect.dates is Dates.REST] == ["BP"]
