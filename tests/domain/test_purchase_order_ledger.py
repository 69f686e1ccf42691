"""What became of a purchase order's lines, whatever order the words about them come in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.purchase_order.codes import HEADER_CODES, LINE_CODES, Bucket
from domain.purchase_order.lines import (
    Ledger,
    Line,
    accept_open,
    apply_cancellation,
    apply_change,
    apply_response,
    apply_shipment,
)
from domain.purchase_order.responses import Response, ResponseLine

PRICE = Decimal("12.50")
LINES = ("1", "2", "9")  # 9 is ordered by nobody


def ledger(**ordered: int) -> Ledger:
    return Ledger(
        lines={
            line_id.lstrip("_"): Line(
                line_id=line_id.lstrip("_"), sku=f"SKU{line_id}", unit_price=PRICE, ordered=quantity
            )
            for line_id, quantity in ordered.items()
        }
    )


def said(
    code: str, quantity: int | None = None, *, line_id: str = "1", **more: object
) -> ResponseLine:
    return ResponseLine.model_validate(
        {"line_id": line_id, "ack_code": code, "quantity": quantity} | more
    )


def response(sequence: int, *lines: ResponseLine, header: str = "AC") -> Response:
    return Response(id=f"r{sequence}", sequence=sequence, header_code=header, lines=lines)


def counts(line: Line) -> tuple[int, int, int, int, int]:
    return (line.confirmed, line.backordered, line.rejected, line.cancelled, line.open)


# The oracle: pieces of a line, one by one, and the table of codes.

Event = tuple[str, object]


@dataclass
class Pieces:
    """One line, a piece at a time. Knows nothing of the ledger but the table of codes."""

    fates: list[str]
    cancelled: int = 0
    rank: tuple[int, str] = (0, "")
    shipments: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def ordered(self) -> int:
        return len(self.fates) + self.cancelled

    def shipped_first(self) -> list[str]:
        """The fates of the pieces that have not left."""
        left = sorted(self.fates, key=["confirmed", "open", "backordered", "rejected"].index)
        return left[sum(quantity for quantity, _ in self.shipments.values()) :]

    def answer(self, rank: tuple[int, str], lines: Iterable[ResponseLine]) -> None:
        if rank <= self.rank:
            return
        self.rank = rank
        left, fates, rest = len(self.fates), [], "open"
        for line in lines:
            effect = LINE_CODES.get(line.ack_code)
            named = effect.named if effect else Bucket.OPEN
            everything = line.quantity is None or (line.quantity == 0 and named is Bucket.REJECTED)
            count = left if everything else min(left, line.quantity or 0)
            fates += [named.value] * count
            left -= count
            if effect and effect.rest is not Bucket.OPEN:
                rest = effect.rest.value
        self.fates = fates + [rest] * left

    def cancel(self, count: int | None) -> None:
        there = self.shipped_first()
        for fate in ("open", "backordered", "confirmed"):
            for _ in range(there.count(fate)):
                if count is None or count > 0:
                    self.fates.remove(fate)
                    self.cancelled += 1
                    count = None if count is None else count - 1

    def change(self, wanted: int) -> None:
        added = wanted - len(self.fates)
        if added < 0:
            self.cancel(-added)
            return
        whole = set(self.shipped_first()) <= {"confirmed"} and "confirmed" in self.fates
        self.fates += ["confirmed" if whole else "open"] * added

    def ship(self, shipment: str, quantity: int, version: int) -> None:
        self.shipments[shipment] = (quantity, version)

    def counts(self) -> tuple[int, int, int, int, int]:
        there = self.shipped_first()
        gone = len(self.fates) - len(there)
        return (
            gone + there.count("confirmed"),
            there.count("backordered"),
            there.count("rejected"),
            self.cancelled,
            there.count("open"),
        )


def acceptable(lines: list[ResponseLine], ordered: int) -> bool:
    quantities = [line.quantity for line in lines if line.quantity is not None]
    needs = [line for line in lines if line.ack_code in {"IQ", "BP"} and line.quantity is None]
    return not needs and all(q >= 0 for q in quantities) and sum(quantities) <= ordered


class Oracle:
    def __init__(self, **ordered: int) -> None:
        self.lines = {key.lstrip("_"): Pieces(["open"] * count) for key, count in ordered.items()}
        self.responses: set[str] = set()
        self.versions: dict[str, int] = {}

    def take(self, event: Event) -> None:
        match event:
            case ("response", Response() as word):
                if word.id in self.responses:
                    return
                self.responses.add(word.id)
                if not word.lines:
                    code = HEADER_CODES.get(word.header_code, "?")
                    for line_id, line in self.lines.items():
                        line.answer(word.rank, [said(code, line_id=line_id)])
                for line_id in dict.fromkeys(entry.line_id for entry in word.lines):
                    mine = [entry for entry in word.lines if entry.line_id == line_id]
                    if line_id in self.lines and acceptable(mine, self.lines[line_id].ordered):
                        self.lines[line_id].answer(word.rank, mine)
            case ("change", (str(line_id), int(wanted))):
                self.lines[line_id].change(wanted)
            case ("cancel", (str(line_id), count)):
                if line_id in self.lines:
                    assert count is None or isinstance(count, int)
                    self.lines[line_id].cancel(count)
            case ("ship", (str(shipment), dict(quantities), int(version))):
                if version < self.versions.get(shipment, -1):
                    return
                for line_id, line in self.lines.items():
                    if quantities.get(line_id) or shipment in line.shipments:
                        line.ship(shipment, quantities.get(line_id, 0), version)
                        self.versions[shipment] = version
            case _:
                raise AssertionError(event)


def take(book: Ledger, event: Event) -> Ledger:
    match event:
        case ("response", Response() as word):
            return apply_response(book, word)
        case ("change", (str(line_id), int(wanted))):
            return apply_change(book, line_id, wanted)
        case ("cancel", (str(line_id), count)):
            assert count is None or isinstance(count, int)
            return apply_cancellation(book, {line_id: count})
        case ("ship", (str(shipment), dict(quantities), int(version))):
            return apply_shipment(book, shipment, quantities, version=version)
    raise AssertionError(event)


SAID = st.builds(
    ResponseLine,
    line_id=st.sampled_from(LINES),
    ack_code=st.sampled_from([*LINE_CODES, "ZZ", ""]),
    quantity=st.none() | st.integers(-1, 12),
    ship_date=st.none() | st.dates(date(2027, 1, 1), date(2027, 12, 31)),
)
RESPONSES = st.builds(
    lambda sequence, twin, lines, header: Response(
        # The same id says the same: that is what an id is for; a twin is another response of the same sequence.
        id=f"{sequence}{twin}{abs(hash((lines, header)))}",
        sequence=sequence,
        header_code=header,
        lines=lines,
    ),
    st.integers(1, 6),
    st.sampled_from("ab"),
    st.lists(SAID, max_size=4).map(tuple),
    st.sampled_from([*HEADER_CODES, "RO", "ZZ", ""]),
)
EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.tuples(st.just("response"), RESPONSES),
    st.tuples(st.just("change"), st.tuples(st.sampled_from(["1", "2"]), st.integers(0, 14))),
    st.tuples(st.just("cancel"), st.tuples(st.sampled_from(LINES), st.none() | st.integers(0, 12))),
    st.tuples(
        st.just("ship"),
        st.tuples(
            st.sampled_from(["A", "B", "C"]),
            st.dictionaries(st.sampled_from(LINES), st.integers(0, 8), max_size=3),
            st.integers(0, 3),
        ),
    ),
)
HISTORIES = st.lists(EVENTS, max_size=14).flatmap(
    # Some words come twice.
    lambda events: (
        st.lists(st.sampled_from(events), max_size=3).map(lambda more: events + more)
        if events
        else st.just(events)
    )
)


@given(HISTORIES)
def test_every_piece_has_one_fate_and_it_is_the_tables(events: list[Event]) -> None:
    book, oracle = ledger(_1=10, _2=3), Oracle(_1=10, _2=3)
    for event in events:
        book = take(book, event)
        oracle.take(event)
        for line_id, line in book.lines.items():
            assert sum(counts(line)) == line.ordered
            assert min(*counts(line), line.gone, line.coming, line.untaken) >= 0
            assert line.gone <= line.confirmed
            assert sum(part.quantity for part in line.schedule()) == line.coming
            assert counts(line) == oracle.lines[line_id].counts(), (line_id, event)
            assert line.ordered == oracle.lines[line_id].ordered


@given(HISTORIES, st.randoms(use_true_random=False))
def test_the_order_in_which_responses_arrive_changes_nothing(
    events: list[Event], dice: Random
) -> None:
    """Between two changes of what is ordered: a response is judged against the order as it is when it comes."""
    shuffled: list[Event] = []
    run: list[Event] = []
    for event in [*events, ("end", None)]:
        if event[0] in {"response", "ship"}:
            run.append(event)
            continue
        words = [entry for entry in run if entry[0] == "response"]
        dice.shuffle(words)
        # Shipments keep their order among themselves: a correction is later than what it corrects.
        places = iter(words)
        shuffled += [next(places) if entry[0] == "response" else entry for entry in run]
        run = []
        if event[0] != "end":
            shuffled.append(event)
    straight, mixed = ledger(_1=10, _2=3), ledger(_1=10, _2=3)
    for event in events:
        straight = take(straight, event)
    for event in shuffled:
        mixed = take(mixed, event)
    assert straight.lines == mixed.lines
    assert sorted(map(str, straight.flags)) == sorted(map(str, mixed.flags))


@given(HISTORIES)
def test_what_shipped_goes_down_only_by_a_correction_of_the_same_shipment(
    events: list[Event],
) -> None:
    book = ledger(_1=10, _2=3)
    for event in events:
        before, book = book, take(book, event)
        for line_id, line in book.lines.items():
            if line.shipped < before.lines[line_id].shipped:
                assert event[0] == "ship"
                [changed] = [
                    number
                    for number, entry in line.shipments.items()
                    if entry != before.lines[line_id].shipments.get(number)
                ]
                assert event[1][0] == changed  # type: ignore[index]


def test_a_later_sequence_replaces_the_earlier_for_the_lines_it_names_alone() -> None:
    book = ledger(_1=10, _2=3)
    book = apply_response(book, response(1, said("IA"), said("IB", line_id="2")))
    book = apply_response(book, response(2, said("IQ", 4)))
    assert counts(book.lines["1"]) == (4, 0, 6, 0, 0)
    assert counts(book.lines["2"]) == (0, 3, 0, 0, 0)


def test_an_older_sequence_that_arrives_late_fills_only_what_no_newer_one_named() -> None:
    book = apply_response(ledger(_1=10, _2=3), response(2, said("IR")))
    book = apply_response(book, response(1, said("IA"), said("IA", line_id="2")))
    assert counts(book.lines["1"]) == (0, 0, 10, 0, 0)
    assert counts(book.lines["2"]) == (3, 0, 0, 0, 0)


def test_a_line_left_out_of_the_first_answer_is_still_open() -> None:
    book = apply_response(ledger(_1=10, _2=3), response(1, said("IA")))
    assert book.lines["2"].open == 3
    assert not book.settled


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (said("IA", 2, line_id="77"), "line 77 is not in the order"),
        (said("IA", 11), "11 of 10 ordered"),
        (said("IA", -1), "a quantity below zero"),
        (said("IQ"), "IQ without a quantity"),
        (said("BP"), "BP without a quantity"),
    ],
)
def test_what_does_not_fit_is_kept_and_flagged_and_never_applied(
    entry: ResponseLine, why: str
) -> None:
    before = apply_response(ledger(_1=10), response(1, said("IB", 4)))
    book = apply_response(before, response(2, entry))
    assert book.lines == before.lines
    assert [flag.text for flag in book.flags_of("r2")] == [why]
    assert set(book.responses) == {"r1", "r2"}
    more = apply_change(book, "1", 20)
    assert more.lines["1"].open == 16, "what was flagged is not applied later either"


def test_the_good_lines_of_a_bad_response_are_applied() -> None:
    book = apply_response(ledger(_1=10, _2=3), response(1, said("IA", 99), said("IA", line_id="2")))
    assert book.lines["1"].open == 10
    assert book.lines["2"].confirmed == 3


def test_several_parts_of_one_line_add_up() -> None:
    january, june = date(2027, 1, 5), date(2027, 6, 1)
    book = apply_response(
        ledger(_1=10),
        response(1, said("IB", 3, ship_date=june), said("IA", 5, ship_date=january), said("IR", 2)),
    )
    line = book.lines["1"]
    assert counts(line) == (5, 3, 2, 0, 0)
    assert [(part.quantity, part.ship_date) for part in line.schedule()] == [
        (5, january),
        (3, june),
    ]
    shipped = apply_shipment(book, "A", {"1": 4}).lines["1"]
    assert [part.quantity for part in shipped.schedule()] == [1, 3]


@pytest.mark.parametrize("version", [0, 1])
def test_a_repeated_shipment_counts_once_and_a_newer_word_corrects_it(version: int) -> None:
    book = apply_shipment(ledger(_1=10), "A", {"1": 6}, version=1)
    book = apply_shipment(book, "A", {"1": 6}, version=version)
    assert book.lines["1"].shipped == 6
    book = apply_shipment(book, "A", {"1": 4}, version=2)
    assert book.lines["1"].shipped == 4
    assert apply_shipment(book, "A", {"1": 9}, version=1).lines["1"].shipped == 4


def test_more_shipped_than_ordered_is_flagged_and_counts() -> None:
    book = apply_shipment(ledger(_1=10), "A", {"1": 12, "8": 1})
    assert (book.lines["1"].shipped, book.lines["1"].gone, book.lines["1"].excess) == (12, 10, 2)
    assert [flag.text for flag in book.flags] == [
        "2 more shipped than is ordered",
        "line 8 is not in the order",
    ]
    assert apply_shipment(book, "A", {"1": 10}, version=1).flags == ()


def test_what_is_shipped_after_all_takes_back_what_was_rejected() -> None:
    book = apply_response(ledger(_1=10), response(1, said("IR")))
    line = apply_shipment(book, "A", {"1": 7}).lines["1"]
    assert counts(line) == (7, 0, 3, 0, 0)


def test_a_cancellation_takes_the_least_certain_first_and_nothing_that_shipped() -> None:
    book = apply_response(ledger(_1=10), response(1, said("BP", 6)))
    book = apply_shipment(book, "A", {"1": 2})
    assert counts(apply_cancellation(book, {"1": 5}).lines["1"]) == (5, 0, 0, 5, 0)
    everything = apply_cancellation(book, {"1": None}).lines["1"]
    assert counts(everything) == (2, 0, 0, 8, 0)
    assert everything.settled


def test_an_acknowledged_change_of_a_line_confirmed_whole_is_confirmed_too() -> None:
    book = apply_response(ledger(_1=10), response(1, said("IA")))
    assert counts(apply_change(book, "1", 12).lines["1"]) == (12, 0, 0, 0, 0)
    assert counts(apply_change(book, "1", 7).lines["1"]) == (7, 0, 0, 3, 0)
    unanswered = apply_change(ledger(_1=10), "1", 12).lines["1"]
    assert counts(unanswered) == (0, 0, 0, 0, 12)


def test_a_change_brings_a_new_line_and_an_agreed_price() -> None:
    book = apply_response(ledger(_1=10), response(1, said("IP", unit_price="20")))
    assert book.lines["1"].price == Decimal(20)
    book = apply_change(book, "1", 10, unit_price=PRICE)
    assert book.lines["1"].price == PRICE
    book = apply_change(book, "3", 2, sku="NEW", unit_price=Decimal(5))
    assert counts(book.lines["3"]) == (0, 0, 0, 0, 2)
    with pytest.raises(ValueError, match="needs a SKU"):
        apply_change(book, "4", 2)


def test_a_substitute_is_confirmed_on_the_merchants_word() -> None:
    book = apply_response(ledger(_1=10), response(1, said("IS", 8, substitute_sku="OTHER")))
    line = book.lines["1"]
    assert (line.confirmed, line.open) == (0, 10)
    assert line.answer is not None
    assert line.answer.substitute_sku == "OTHER"
    assert counts(accept_open(line)) == (8, 0, 0, 0, 2)


@pytest.mark.parametrize("code", ["IB", "SP"])
def test_what_has_no_date_owes_one(code: str) -> None:
    line = apply_response(ledger(_1=10), response(1, said(code))).lines["1"]
    assert [part.owes_date for part in line.schedule()] == [True]
    dated = said("IB", ship_date=date(2027, 2, 1))
    line = apply_response(ledger(_1=10), response(2, dated)).lines["1"]
    assert [part.owes_date for part in line.schedule()] == [False]


Header = Literal["confirmed", "rejected", "open"]


@pytest.mark.parametrize(
    ("header", "fate"),
    [
        *[(code, "confirmed") for code in ("AT", "AD", "AK", "AP", "AE")],
        *[(code, "rejected") for code in ("RJ", "RD")],
        *[(code, "open") for code in ("AH", "AC", "RF", "RO", "ZZ", "")],
    ],
)
def test_a_response_without_lines_says_the_same_of_every_line(header: str, fate: Header) -> None:
    book = apply_response(ledger(_1=10, _2=3), response(1, header=header))
    assert [getattr(line, fate) for line in book.lines.values()] == [10, 3]
