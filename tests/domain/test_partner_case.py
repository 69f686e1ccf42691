"""A partner's part of a case: answer, question, and the time they give and take."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import Clock, Tick
from domain.partner_case import AnswerKind, PartnerAnswer, PartnerCase
from domain.policy import Within

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOURS = st.floats(0, 60).map(lambda hours: timedelta(hours=hours))


def asked_case(hours: float = 40) -> PartnerCase:
    clock = Clock.begin(START, Within(hours=hours), reminders=(0.5,))
    return PartnerCase(partner="acme", tenant="demo", line_ids=("1",), clock=clock)


def fall_silent(case: PartnerCase) -> None:
    case.silent_since = START


def clock_of(case: PartnerCase) -> Clock:
    assert case.clock is not None
    return case.clock


def answer(message_id: str = "m1") -> PartnerAnswer:
    return PartnerAnswer(message_id=message_id, time=START, kind=AnswerKind.ACCEPT)


def test_an_answer_ends_the_question_the_silence_and_the_clock() -> None:
    case = asked_case()
    case.take_question("Which colour?", START)
    fall_silent(case)
    case.take_answer(answer())
    assert (case.answered, case.asked) == (True, False)
    assert case.question_since is None
    assert case.silent_since is None
    assert clock_of(case).next() is None
    assert clock_of(case).take(START + timedelta(days=90)) is None


def test_a_later_answer_replaces_the_earlier() -> None:
    case = asked_case()
    case.take_answer(answer("m1"))
    case.take_answer(answer("m2"))
    assert case.answer == answer("m2")


def test_a_question_takes_back_the_answer_and_the_silence_and_stops_the_clock() -> None:
    case = asked_case()
    case.take_answer(answer())
    fall_silent(case)
    case.take_question("Which colour?", START + timedelta(hours=1))
    assert not case.answered
    assert case.silent_since is None
    assert case.question == "Which colour?"
    assert case.question_since == START + timedelta(hours=1)
    assert clock_of(case).take(START + timedelta(days=90)) is None


def test_a_question_without_words_is_still_a_question() -> None:
    case = asked_case()
    case.take_question("", START)
    assert case.asked
    assert case.question.strip()


@given(HOURS, HOURS)
def test_a_question_costs_the_partner_no_time(asked_after: timedelta, pondered: timedelta) -> None:
    case = asked_case()
    asked_at = START + asked_after
    left = clock_of(case).due - asked_at
    case.take_question("Which colour?", asked_at)
    back = asked_at + pondered
    case.hand_back(back)
    clock = clock_of(case)
    assert not case.asked
    assert clock.running
    given_time = clock.due - back
    assert given_time >= left
    # A quarter of its time is the least, also where the question came with the time all but over.
    assert given_time >= timedelta(hours=10)
    if left >= timedelta(hours=10):
        assert given_time == left
    assert clock.model_copy().take(clock.due - timedelta(microseconds=1)) is not Tick.DEADLINE
    assert clock.take(clock.due) is Tick.DEADLINE


@given(st.lists(HOURS, min_size=1, max_size=4))
def test_a_partner_that_asks_again_before_it_is_answered_gains_nothing_but_the_wait(
    asked_after: list[timedelta],
) -> None:
    case = asked_case(hours=4 * 24)
    now = START
    for later in asked_after:
        case.take_question("And?", now)
        now += later
    case.hand_back(now)
    assert clock_of(case).due == START + timedelta(days=4) + (now - START)


def test_a_case_that_has_no_clock_yet_takes_all_of_it() -> None:
    case = PartnerCase(partner="acme", tenant="demo", line_ids=("1",))
    case.take_question("Which colour?", START)
    case.hand_back(START)
    assert case.question == ""
    case.take_answer(answer())
    assert case.answered
    assert case.clock is None


@pytest.mark.parametrize("kind", ["approve", "", "ACCEPT"])
def test_a_kind_of_answer_that_we_do_not_know_is_taken_as_unknown(kind: str) -> None:
    said = PartnerAnswer.model_validate({"message_id": "m", "time": START, "kind": kind})
    assert said.kind is AnswerKind.UNKNOWN


def test_an_answer_alone_ends_the_clock_and_a_question_after_it_brings_it_back() -> None:
    case = asked_case()
    case.take_answer(answer())
    assert clock_of(case).next() is None
    case.take_question("Which colour?", START + timedelta(hours=1))
    case.hand_back(START + timedelta(hours=2))
    assert clock_of(case).running
    assert clock_of(case).due == START + timedelta(hours=41)
