"""What a partner's answer rules about its lines, and what a claim comes to."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.edi_codes import DISPOSITION_RULING, RETURN_DISPOSITION
from domain.message import Money
from domain.partner_case import AnswerKind, AnswerLine, PartnerAnswer
from domain.policy import AtDeadline, ReturnClaimPolicy
from domain.return_claim.decision import (
    Choice,
    Decide,
    Finding,
    LineDecision,
    decision_problem,
    settle,
    silence_verdicts,
)
from domain.return_claim.lines import (
    ClaimLine,
    Verdict,
    judge,
    refusal_note,
    rule_all,
    unique_line_ids,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def claim_lines(*quantities: int, partner: str = "acme") -> list[ClaimLine]:
    return [
        ClaimLine(
            line_id=str(place),
            line_item_id=str(place),
            fulfillment_line_item_id=str(place),
            quantity=quantity,
            unit_value=Decimal("10.00"),
            partner=partner,
        )
        for place, quantity in enumerate(quantities)
    ]


LINES = st.lists(st.integers(1, 9), min_size=1, max_size=5).map(lambda found: claim_lines(*found))
ANSWER_LINES = st.lists(
    st.builds(
        AnswerLine,
        line_id=st.integers(0, 6).map(str),
        quantity=st.none() | st.integers(-1, 10),
        disposition_code=st.sampled_from(["", "ZZ", *RETURN_DISPOSITION]),
    ),
    max_size=6,
).map(tuple)
ANSWERS = st.builds(
    PartnerAnswer,
    message_id=st.just("m"),
    time=st.just(NOW),
    kind=st.sampled_from(AnswerKind),
    lines=ANSWER_LINES,
)


@given(LINES, ANSWERS)
def test_an_answer_rules_all_lines_whole_or_none(
    lines: list[ClaimLine], answer: PartnerAnswer
) -> None:
    judged = judge(lines, answer, "partner:acme")
    assert bool(judged.verdicts) != bool(judged.problems)
    if judged.verdicts:
        assert [verdict.line_id for verdict in judged.verdicts] == [line.line_id for line in lines]
        for verdict, line in zip(judged.verdicts, lines, strict=True):
            assert verdict.accepted + verdict.refused == line.quantity
            assert verdict.accepted or not verdict.keep


@given(LINES, st.sampled_from([AnswerKind.ACCEPT, AnswerKind.DECLINE]))
def test_an_answer_without_lines_holds_for_all(lines: list[ClaimLine], kind: AnswerKind) -> None:
    judged = judge(lines, PartnerAnswer(message_id="m", time=NOW, kind=kind), "partner:acme")
    accepted = sum(verdict.accepted for verdict in judged.verdicts)
    whole = sum(line.quantity for line in lines)
    assert accepted == (whole if kind is AnswerKind.ACCEPT else 0)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (AnswerLine(line_id="0", disposition_code="RD", quantity=1), "answer PA"),
        (AnswerLine(line_id="0", disposition_code="PA"), "say how many"),
        (AnswerLine(line_id="0", disposition_code="RP"), "still pending"),
        (AnswerLine(line_id="0", disposition_code="ZZ"), "not known here"),
        (AnswerLine(line_id="0", quantity=4), "4 of 3 claimed is not possible"),
        (AnswerLine(line_id="0"), "neither a disposition code nor a quantity"),
        (AnswerLine(line_id="9", quantity=1), "not part of this case"),
    ],
)
def test_an_answer_that_cannot_be_taken_says_why(entry: AnswerLine, told: str) -> None:
    answer = PartnerAnswer(message_id="m", time=NOW, kind=AnswerKind.PARTIAL, lines=(entry,))
    assert told in " ".join(judge(claim_lines(3), answer, "partner:acme").problems)


def test_every_disposition_we_name_is_ruled() -> None:
    assert set(DISPOSITION_RULING) == set(RETURN_DISPOSITION)


VERDICTS = st.sampled_from([None, True, False])


@given(
    LINES,
    st.data(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, Choice.APPROVE, Choice.DECLINE, Choice.APPROVE_ACCEPTED]),
)
def test_a_review_never_approves_or_declines_without_everybodys_word(
    lines: list[ClaimLine],
    data: st.DataObject,
    waiting: bool,
    silent: bool,
    auto_approve: bool,
    auto_decline: bool,
    choice: Choice | None,
) -> None:
    verdicts: dict[str, Verdict] = {}
    for line in lines:
        accept = data.draw(VERDICTS)
        if accept is not None:
            [verdict] = rule_all([line], accept=accept, by="partner:acme", note="")
            verdicts[line.line_id] = verdict
    review = settle(
        lines,
        verdicts=verdicts,
        waiting=waiting,
        silent=silent,
        policy=ReturnClaimPolicy(auto_approve=auto_approve, auto_decline=auto_decline),
        decision=Decide(actor="operator:maria", choice=choice) if choice else None,
    )
    if review.finding in {Finding.APPROVE, Finding.DECLINE}:
        assert [verdict.line_id for verdict in review.verdicts] == [line.line_id for line in lines]
        for verdict, line in zip(review.verdicts, lines, strict=True):
            assert verdict.accepted + verdict.refused == line.quantity
    if review.finding is Finding.DECLINE:
        assert not review.accepted
    if review.finding is Finding.APPROVE:
        assert review.accepted
    if choice is None:
        every = len(verdicts) == len(lines)
        ruled = {verdict.accepted > 0 for verdict in verdicts.values()}
        alone = every and not waiting and not silent and len(ruled) == 1
        if review.finding is Finding.APPROVE:
            assert alone
            assert auto_approve
        if review.finding is Finding.DECLINE:
            assert alone
            assert auto_decline
        assert (review.finding is Finding.OPEN) == waiting
    else:
        assert review.finding in {Finding.APPROVE, Finding.DECLINE}


def test_the_merchants_numbers_come_before_the_partners() -> None:
    lines = claim_lines(3, 2)
    review = settle(
        lines,
        verdicts={v.line_id: v for v in rule_all(lines, accept=True, by="partner:acme", note="")},
        waiting=False,
        silent=False,
        policy=ReturnClaimPolicy(),
        decision=Decide(
            actor="operator:maria",
            choice=Choice.APPROVE_ACCEPTED,
            lines=(LineDecision(line_id="0", accepted=1),),
        ),
    )
    assert [(v.accepted, v.refused, v.by) for v in review.verdicts] == [
        (1, 2, "operator:maria"),
        (2, 0, "partner:acme"),
    ]


@pytest.mark.parametrize(
    ("limit", "currency", "accepted"),
    [("30.01", "EUR", True), ("30.00", "EUR", False), ("29.99", "EUR", False), ("99", "USD", None)],
)
def test_silence_approves_under_the_amount_only(
    limit: str, currency: str, accepted: bool | None
) -> None:
    policy = ReturnClaimPolicy(
        at_deadline=AtDeadline.APPROVE_UNDER,
        approve_under=Money(amount=Decimal(limit), currency=currency),
    )
    assert (silence_verdicts(claim_lines(3), policy, "EUR") is not None) == bool(accepted)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ({"lines": (LineDecision(line_id="9", accepted=1),)}, "not part of this claim"),
        ({"lines": (LineDecision(line_id="0", accepted=4),)}, "4 of 3 claimed"),
        ({"lines": (LineDecision(line_id="0", accepted=1),) * 2}, "named twice"),
    ],
)
def test_a_decision_that_does_not_fit_says_why(command: dict[str, object], told: str) -> None:
    decision = Decide.model_validate(
        {"actor": "operator:maria", "choice": "approve_accepted", **command}
    )
    assert told in decision_problem(claim_lines(3), decision, "EUR")


@pytest.mark.parametrize(
    "fields",
    [
        {"choice": "refund", "amount": {"amount": "0", "currency": "EUR"}},
        {"choice": "no_refund", "amount": {"amount": "1", "currency": "EUR"}},
        {"choice": "approve", "lines": [{"line_id": "0", "accepted": 1}]},
    ],
)
def test_a_decision_that_contradicts_itself_is_none(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Decide.model_validate({"actor": "operator:maria", **fields})


@given(st.lists(st.text(min_size=1, max_size=300), max_size=6))
def test_a_note_of_refusal_fits_into_shopifys_field(notes: list[str]) -> None:
    verdicts = [
        Verdict(line_id=str(place), accepted=0, refused=1, by="x", note=note)
        for place, note in enumerate(notes)
    ]
    assert 0 < len(refusal_note(verdicts)) <= 500


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 99)), unique=True, max_size=8))
def test_line_ids_are_unique_and_name_their_item(pairs: list[tuple[int, int]]) -> None:
    ids = unique_line_ids([str(item) for item, _ in pairs], [str(other) for _, other in pairs])
    assert len(set(ids)) == len(ids)
    assert all(name.split("-")[0] == str(item) for name, (item, _) in zip(ids, pairs, strict=True))
