"""What each of a partner's codes rules about a line, and why lines were refused."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.partner_case import AnswerKind, AnswerLine, PartnerAnswer
from domain.return_claim.lines import (
    ClaimLine,
    Judgement,
    Verdict,
    judge,
    refusal_note,
    unique_line_ids,
    value_of,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DECIDING = [AnswerKind.ACCEPT, AnswerKind.DECLINE, AnswerKind.PARTIAL]


def line(line_id: str, quantity: int) -> ClaimLine:
    return ClaimLine(
        line_id=line_id,
        line_item_id=line_id,
        fulfillment_line_item_id=line_id,
        sku=f"SKU-{line_id}",
        quantity=quantity,
        unit_value=Decimal("2.50"),
    )


def judged(kind: AnswerKind, *entries: AnswerLine, note: str = "", quantity: int = 3) -> Judgement:
    answer = PartnerAnswer(message_id="m", time=NOW, kind=kind, lines=entries, note=note)
    return judge([line("1", quantity)], answer, "partner:acme")


@pytest.mark.parametrize(
    ("code", "quantity", "accepted", "keep"),
    [
        ("RA", None, 3, False),
        ("RA", 2, 2, False),
        ("PA", 1, 1, False),
        ("PA", 0, 0, False),
        ("RT", None, 3, False),
        ("MW", None, 3, False),
        ("RF", 3, 3, False),
        ("KA", None, 3, True),
        ("KR", 2, 2, True),
        ("DI", None, 3, True),
        ("KA", 0, 0, False),  # nothing accepted, nothing kept
        ("RD", None, 0, False),
        ("RD", 0, 0, False),
        ("RD", 3, 0, False),
    ],
)
@pytest.mark.parametrize("kind", DECIDING)
def test_a_lines_own_code_rules_it_whatever_the_answers_kind(
    kind: AnswerKind, code: str, quantity: int | None, accepted: int, keep: bool
) -> None:
    found = judged(kind, AnswerLine(line_id="1", disposition_code=code, quantity=quantity))
    assert found.problems == ()
    [verdict] = found.verdicts
    assert (verdict.accepted, verdict.refused, verdict.keep) == (accepted, 3 - accepted, keep)
    assert verdict.disposition_code == code
    assert verdict.by == "partner:acme"


@pytest.mark.parametrize("kind", DECIDING)
@pytest.mark.parametrize(
    "entry",
    [
        AnswerLine(line_id="1", disposition_code="RD", quantity=2),
        AnswerLine(line_id="1", disposition_code="RP"),
        AnswerLine(line_id="1", disposition_code="ra"),
        AnswerLine(line_id="1", disposition_code="XX", quantity=1),
        AnswerLine(line_id="1", disposition_code="RA", quantity=4),
        AnswerLine(line_id="1", disposition_code="RA", quantity=-1),
        AnswerLine(line_id="1", disposition_code="RD", quantity=-1),
        AnswerLine(line_id="1", disposition_code="RD", quantity=4),
    ],
)
def test_a_code_that_rules_nothing_certain_is_told_with_its_line(
    kind: AnswerKind, entry: AnswerLine
) -> None:
    found = judged(kind, entry)
    assert found.verdicts == ()
    [problem] = found.problems
    assert problem.startswith("Line 1")


ENTRY = st.builds(
    AnswerLine,
    line_id=st.just(""),
    quantity=st.none() | st.integers(0, 3),
    disposition_code=st.sampled_from(["RA", "RD", "KA"]),
).filter(lambda entry: entry.disposition_code != "RD" or entry.quantity is None)


@given(
    st.lists(ENTRY, min_size=1, max_size=4),
    st.sampled_from(["left out", "twice", "unknown"]),
    st.integers(0, 3),
)
def test_one_wrong_line_among_good_ones_applies_none_of_them(
    entries: list[AnswerLine], flaw: str, place: int
) -> None:
    lines = [line(str(number), 3) for number in range(len(entries))]
    good = [
        entry.model_copy(update={"line_id": str(number)}) for number, entry in enumerate(entries)
    ]
    chosen = good[place % len(good)]
    wrong = {
        "left out": [entry for entry in good if entry is not chosen],
        "twice": [*good, chosen],
        "unknown": [*good, chosen.model_copy(update={"line_id": "99"})],
    }[flaw]

    def ask(said: list[AnswerLine]) -> Judgement:
        answer = PartnerAnswer(message_id="m", time=NOW, kind=AnswerKind.PARTIAL, lines=tuple(said))
        return judge(lines, answer, "partner:acme")

    assert len(ask(good).verdicts) == len(lines)
    assert ask(wrong).verdicts == ()
    named = "99" if flaw == "unknown" else chosen.line_id
    assert any(f"Line {named}" in problem for problem in ask(wrong).problems)


@pytest.mark.parametrize("kind", [AnswerKind.ACCEPT, AnswerKind.DECLINE])
def test_an_answer_that_names_some_lines_must_name_all(kind: AnswerKind) -> None:
    answer = PartnerAnswer(
        message_id="m", time=NOW, kind=kind, lines=(AnswerLine(line_id="1", quantity=0),)
    )
    found = judge([line("1", 3), line("2", 1)], answer, "partner:acme")
    assert found.verdicts == ()
    assert found.problems == ("Line 2 (SKU-2) is not answered.",)


@pytest.mark.parametrize("kind", [AnswerKind.REQUEST_INFO, AnswerKind.UNKNOWN])
def test_an_answer_that_decides_nothing_names_its_kind(kind: AnswerKind) -> None:
    answer = PartnerAnswer(message_id="m", time=NOW, kind=kind, raw_kind="shrug")
    found = judge([line("1", 3)], answer, "partner:acme")
    assert found.verdicts == ()
    assert "'shrug'" in found.problems[0]


def test_what_the_partner_said_of_a_line_goes_with_its_verdict() -> None:
    entry = AnswerLine(
        line_id="1",
        disposition_code="PA",
        quantity=1,
        response_reason_code="IN",
        credit_amount=Decimal("2.00"),
    )
    [verdict] = judged(AnswerKind.PARTIAL, entry, note="See photos.").verdicts
    assert (verdict.response_reason_code, verdict.credit_amount) == ("IN", Decimal("2.00"))
    assert verdict.note == "See photos."
    own = entry.model_copy(update={"note": "Worn."})
    [verdict] = judged(AnswerKind.PARTIAL, own, note="See photos.").verdicts
    assert verdict.note == "Worn."


PAIRS = st.lists(
    st.tuples(st.integers(1, 4).map(str), st.integers(1, 30).map(str)),
    max_size=10,
    unique_by=lambda pair: pair[1],
)


@given(PAIRS)
def test_a_line_keeps_its_items_id_unless_the_item_comes_twice(
    pairs: list[tuple[str, str]],
) -> None:
    items = [item for item, _ in pairs]
    ids = unique_line_ids(items, [other for _, other in pairs])
    assert len(set(ids)) == len(pairs)
    for found, (item, other) in zip(ids, pairs, strict=True):
        assert found == (item if items.count(item) == 1 else f"{item}-{other}")


def test_ids_that_do_not_pair_up_are_refused() -> None:
    with pytest.raises(ValueError):
        unique_line_ids(["1", "2"], ["3"])


def refused(**fields: object) -> Verdict:
    return Verdict.model_validate({"line_id": "1", "accepted": 0, "refused": 1, "by": "x"} | fields)


NOTES = st.lists(
    st.builds(
        lambda note, code, disposition: refused(
            note=note, response_reason_code=code, disposition_code=disposition
        ),
        st.text(max_size=700) | st.sampled_from(["", " ", "\n\t", " " * 900]),
        st.sampled_from(["", "IN", "??"]),
        st.sampled_from(["", "RD", "??"]),
    ),
    max_size=5,
)


@given(NOTES, st.integers(1, 500))
def test_a_note_of_refusal_always_says_something_within_its_limit(
    verdicts: list[Verdict], limit: int
) -> None:
    assert len(refusal_note(verdicts)) <= 500
    assert refusal_note(verdicts).strip()
    assert 0 < len(refusal_note(verdicts, limit)) <= limit


def test_a_note_of_refusal_says_each_reason_once_and_nothing_of_what_was_accepted() -> None:
    accepted = Verdict(line_id="0", accepted=1, refused=0, by="x", note="fine")
    worn = refused(note="Worn.", response_reason_code="IN")
    note = refusal_note([accepted, worn, worn, refused(disposition_code="RD")])
    assert note == "not defective: Worn.; denied"


def test_a_refusal_without_any_words_still_has_a_note() -> None:
    assert (
        refusal_note([refused()]) == refusal_note([refused(note=" ")]) == "Declined after review."
    )


@given(st.lists(st.integers(1, 9), max_size=5))
def test_lines_are_worth_their_pieces(quantities: list[int]) -> None:
    lines = [line(str(place), quantity) for place, quantity in enumerate(quantities)]
    assert value_of(lines) == Decimal("2.50") * sum(quantities)
