"""What partners say of the lines of an exception, and how their pieces stand; the quantities always add up."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.order_exception.decision import Choice, Decide, apply, concerned, decision_problem
from domain.order_exception.lines import (
    OFFERS,
    ExceptionLine,
    How,
    Offer,
    Position,
    Said,
    judge,
)
from domain.partner_case import AnswerKind, AnswerLine, PartnerAnswer

TODAY = date(2026, 11, 23)
SOON, LATE = TODAY + timedelta(days=5), TODAY + timedelta(days=60)
ACME = "partner:acme"


def position(line_id: str = "1", quantity: int = 5, **more: object) -> Position:
    line = ExceptionLine(line_id=line_id, sku=f"SKU-{line_id}", quantity=quantity, partner="acme")
    return Position.model_validate({"line": line} | more)


def answer(kind: str, *lines: AnswerLine, note: str = "") -> PartnerAnswer:
    return PartnerAnswer(
        message_id="m1",
        time=datetime(2026, 11, 23, tzinfo=UTC),
        kind=AnswerKind(kind),
        raw_kind=kind,
        lines=lines,
        note=note,
    )


def line(line_id: str = "1", code: str = "", **more: object) -> AnswerLine:
    return AnswerLine.model_validate({"line_id": line_id, "code": code} | more)


def said(position: Position, *lines: AnswerLine, kind: str = "partial") -> Said:
    [found] = judge([position], answer(kind, *lines), ACME, today=TODAY).said
    return found


def problems(*lines: AnswerLine, kind: str = "partial", of: Position | None = None) -> str:
    judged = judge([of or position()], answer(kind, *lines), ACME, today=TODAY)
    assert judged.said == ()
    return " ".join(judged.problems)


def soon_enough(ship_date: date) -> bool:
    return ship_date <= TODAY + timedelta(days=14)


# What an answer says.


@pytest.mark.parametrize(
    ("entry", "offer"),
    [
        (line(code="DR", ship_date=SOON), Offer.SHIPS),
        (line(code="dr", ship_date=SOON), Offer.SHIPS),
        (line(ship_date=SOON), Offer.SHIPS),
        (line(code="BP", quantity=2, ship_date=SOON), Offer.PART),
        (line(code="IS", substitute_sku="OTHER"), Offer.SUBSTITUTE),
        (line(code="IR"), Offer.CANNOT),
        (line(code="R4"), Offer.CANNOT),
        (line(code="IB"), Offer.UNCLEAR),
        (line(code="QX"), Offer.UNCLEAR),
    ],
)
def test_a_code_says_what_becomes_of_a_line(entry: AnswerLine, offer: Offer) -> None:
    assert said(position(), entry).offer is offer


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (line(), "neither a code nor a date"),
        (line(code="DR"), "on which date"),
        (line(code="DR", ship_date=TODAY - timedelta(days=2)), "has passed"),
        (line(code="DR", quantity=3, ship_date=SOON), "answer BP"),
        (line(code="DR", quantity=6, ship_date=SOON), "6 of 5 is not possible"),
        (line(code="DR", quantity=-1, ship_date=SOON), "-1 of 5 is not possible"),
        (line(code="BP", ship_date=SOON), "how many ship at once"),
        (line(code="BP", quantity=2), "when the rest does"),
        (line(code="BP", quantity=5, ship_date=SOON), "is none"),
        (line(code="BP", quantity=0, ship_date=SOON), "is none"),
        (line(code="IS"), "which SKU"),
        (line(code="IR", quantity=2), "answer BP"),
        (line("9", "IR"), "Line 9 is not part of this case"),
    ],
)
def test_an_answer_that_lacks_what_its_code_needs_is_refused_in_words(
    entry: AnswerLine, words: str
) -> None:
    assert words in problems(entry)


def test_a_line_named_twice_is_refused() -> None:
    assert "named 2 times" in problems(line(code="IR"), line(code="DR", ship_date=SOON))


def test_accepting_without_a_date_is_refused_and_with_one_ships_all() -> None:
    assert "on which date" in problems(kind="accept")
    ships = said(position(), line(ship_date=SOON), kind="accept")
    assert (ships.offer, ships.ship_date) == (Offer.SHIPS, SOON)


def test_accepting_wants_a_date_for_every_open_line() -> None:
    both = [position("1"), position("2")]
    judged = judge(both, answer("accept", line("1", ship_date=SOON)), ACME, today=TODAY)
    assert "Line 2" in " ".join(judged.problems)
    both[1].settle(How.RESOLVED, "operator:maria")
    judged = judge(both, answer("accept", line("1", ship_date=SOON)), ACME, today=TODAY)
    assert [entry.line_id for entry in judged.said] == ["1"]


def test_declining_is_of_all_lines_or_of_those_it_names() -> None:
    both = [position("1"), position("2")]
    assert len(judge(both, answer("decline", note="Sold out."), ACME, today=TODAY).said) == 2
    [one] = judge(both, answer("decline", line("2")), ACME, today=TODAY).said
    assert (one.line_id, one.offer) == ("2", Offer.CANNOT)


def test_a_partial_answer_leaves_the_lines_it_does_not_name_open() -> None:
    both = [position("1"), position("2")]
    [one] = judge(both, answer("partial", line("1", "IR")), ACME, today=TODAY).said
    assert one.line_id == "1"
    assert "names the lines" in " ".join(judge(both, answer("partial"), ACME, today=TODAY).problems)


def test_an_answer_that_decides_nothing_is_refused() -> None:
    assert "decides nothing" in problems(kind="shrug")


# What becomes of the pieces.


def test_a_date_within_the_terms_settles_and_a_later_one_waits_for_the_merchant() -> None:
    early, late = position(), position()
    assert early.take(said(early, line(code="DR", ship_date=SOON)), soon_enough)
    assert late.take(said(late, line(code="DR", ship_date=LATE)), soon_enough)
    assert (early.open, early.settled) == (0, 5)
    assert (late.open, late.settled) == (5, 0)


def test_a_part_settles_and_its_rest_follows_its_date() -> None:
    one = position()
    one.take(said(one, line(code="BP", quantity=2, ship_date=LATE)), soon_enough)
    assert (one.open, one.settled) == (3, 2)
    one.take(said(one, line(code="DR", ship_date=SOON)), soon_enough)
    assert (one.open, one.settled) == (0, 5)
    assert [entry.ship_date for entry in one.settlements] == [None, SOON]


def test_a_larger_part_said_later_settles_only_what_it_adds() -> None:
    one = position()
    one.take(said(one, line(code="BP", quantity=2, ship_date=LATE)), soon_enough)
    one.take(said(one, line(code="BP", quantity=3, ship_date=LATE)), soon_enough)
    one.take(said(one, line(code="BP", quantity=1, ship_date=LATE)), soon_enough)
    assert [entry.quantity for entry in one.settlements] == [2, 1]


def test_a_part_said_to_a_new_question_comes_on_top_of_what_was_settled_before_it() -> None:
    one = position()
    one.take(said(one, line(code="BP", quantity=2, ship_date=LATE)), soon_enough)
    one.ask()
    one.take(said(one, line(code="BP", quantity=1, ship_date=LATE)), soon_enough)
    assert [entry.quantity for entry in one.settlements] == [2, 1]
    assert one.open == 2


def test_a_later_word_replaces_an_earlier_one_until_the_line_is_settled() -> None:
    one = position()
    assert one.take(said(one, line(code="IR")), soon_enough)
    assert one.take(said(one, line(code="DR", ship_date=SOON)), soon_enough)
    before = one.model_copy(deep=True)
    assert not one.take(said(one, line(code="IR")), soon_enough)
    assert one == before


def test_what_ships_is_what_was_to_ship_at_once() -> None:
    one = position()
    one.take(said(one, line(code="BP", quantity=2, ship_date=LATE)), soon_enough)
    one.look(3)
    assert (one.open, one.settled, one.gone) == (3, 0, 2)
    one.look(5)  # the fulfillment was cancelled
    assert (one.open, one.settled, one.gone) == (3, 2, 0)


def test_pieces_that_were_never_settled_come_back_open() -> None:
    one = position()
    one.look(1)
    assert (one.open, one.settled, one.gone) == (1, 0, 4)
    one.settle(How.RESOLVED, "operator:maria")
    one.look(5)
    assert (one.open, one.settled, one.gone) == (4, 1, 0)


def test_more_than_was_wanted_is_none_of_the_case() -> None:
    one = position()
    one.look(9)
    assert (one.open, one.settled, one.gone) == (5, 0, 0)


def test_a_line_a_purchase_order_covers_is_gone_whatever_is_left_to_ship() -> None:
    one = position()
    one.covered = True
    one.look(5)
    assert (one.open, one.gone) == (0, 5)


# Whatever happens, the quantities add up.

DATES = st.sampled_from([None, TODAY - timedelta(days=9), SOON, LATE])
ENTRIES = st.builds(
    line,
    st.sampled_from(["1", "2", "9"]),
    st.sampled_from([*OFFERS, "", "IB", "QX"]),
    quantity=st.none() | st.integers(-1, 7),
    ship_date=DATES,
    substitute_sku=st.sampled_from(["", "OTHER"]),
)
ANSWERS = st.builds(
    lambda kind, lines: answer(kind, *lines),
    st.sampled_from(["accept", "decline", "partial", "request_info", "shrug"]),
    st.lists(ENTRIES, max_size=3),
)
DECISIONS = st.builds(
    lambda choice, lines, kept: Decide(
        actor="operator:maria",
        choice=choice,
        line_ids=lines,
        ship_date=SOON if choice is Choice.ACCEPT and kept else None,
        keep_hold=kept and choice is Choice.GIVE_UP,
    ),
    st.sampled_from(Choice),
    st.sampled_from([(), ("1",), ("2",), ("1", "2")]),
    st.booleans(),
)
SHIPMENTS = st.tuples(st.sampled_from(["1", "2"]), st.integers(0, 7))
COVERED = st.sampled_from(["1", "2"])


@given(st.lists(st.one_of(ANSWERS, DECISIONS, SHIPMENTS, COVERED), max_size=12))
def test_settled_open_and_gone_are_what_was_wanted(happens: list[object]) -> None:
    lines = {"1": position("1", 5), "2": position("2", 1)}
    left = {"1": 5, "2": 1}
    for event in happens:
        settled_before = {key: list(one.settlements) for key, one in lines.items()}
        match event:
            case PartnerAnswer():
                judged = judge(list(lines.values()), event, ACME, today=TODAY)
                assert not (judged.said and judged.problems)
                for word in judged.said:
                    lines[word.line_id].take(word, soon_enough)
            case Decide():
                if not decision_problem(lines, event):
                    for one in concerned(lines, event):
                        apply(one, event)
            case (str() as key, int() as remaining):
                left[key] = remaining
                lines[key].look(remaining)
            case str() as key:
                lines[key].covered = True
                lines[key].look(left[key])
        for key, one in lines.items():
            assert one.settled + one.open + one.gone == one.line.quantity
            assert min(one.settled, one.open, one.gone) >= 0
            assert one.gone == (
                one.line.quantity
                if one.covered
                else one.line.quantity - min(left[key], one.line.quantity)
            )
            assert 0 <= one.kept_on_hold <= one.settled
            # What was settled stays settled as it was.
            assert one.settlements[: len(settled_before[key])] == settled_before[key]


@given(st.lists(ANSWERS, min_size=1, max_size=6))
def test_a_settled_line_is_settled_by_one_who_may(answers: list[PartnerAnswer]) -> None:
    """A partner alone settles only by shipping within the terms, or a part at once."""
    one = position()
    for entry in answers:
        for word in judge([one], entry, ACME, today=TODAY).said:
            one.take(word, soon_enough)
    for settlement in one.settlements:
        assert settlement.how is How.SHIPS
        assert settlement.by == ACME
        assert settlement.ship_date is None or soon_enough(settlement.ship_date)
