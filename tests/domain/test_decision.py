"""What a claim comes to, against a plain reading of the rules; lines ruled in parts, too."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.message import Money
from domain.policy import AtDeadline, ReturnClaimPolicy
from domain.return_claim.decision import (
    Ask,
    Choice,
    Decide,
    Finding,
    LineDecision,
    Review,
    decision_problem,
    settle,
    silence_verdicts,
)
from domain.return_claim.lines import ClaimLine, Verdict, value_of

MARIA = "operator:maria"


def line(line_id: str, quantity: int = 3, *, partner: str = "acme", value: str = "10") -> ClaimLine:
    return ClaimLine(
        line_id=line_id,
        line_item_id=line_id,
        fulfillment_line_item_id=line_id,
        quantity=quantity,
        unit_value=Decimal(value),
        partner=partner,
    )


def verdict(line_id: str, accepted: int, *, of: int = 3, keep: bool = False) -> Verdict:
    return Verdict(
        line_id=line_id,
        accepted=accepted,
        refused=of - accepted,
        keep=keep and accepted > 0,
        by="partner:acme",
        note="worn",
    )


@st.composite
def claims(draw: st.DrawFn) -> tuple[list[ClaimLine], dict[str, Verdict]]:
    """Lines of partners and the merchant's own, some of them ruled, whole or in part."""
    lines, verdicts = [], {}
    for place in range(draw(st.integers(1, 4))):
        quantity = draw(st.integers(1, 4))
        one = line(str(place), quantity, partner=draw(st.sampled_from(["acme", "acme", ""])))
        lines.append(one)
        if one.partner and draw(st.booleans()):
            accepted = draw(st.sampled_from([0, quantity, draw(st.integers(0, quantity))]))
            verdicts[one.line_id] = verdict(
                one.line_id, accepted, of=quantity, keep=draw(st.booleans())
            )
    return lines, verdicts


def review(
    lines: list[ClaimLine],
    verdicts: dict[str, Verdict],
    *,
    decision: Decide | None = None,
    waiting: bool = False,
    silent: bool = False,
    policy: ReturnClaimPolicy | None = None,
) -> Review:
    return settle(
        lines,
        verdicts=verdicts,
        waiting=waiting,
        silent=silent,
        policy=policy or ReturnClaimPolicy(),
        decision=decision,
    )


@given(claims(), st.booleans(), st.booleans(), st.booleans(), st.booleans())
def test_without_the_merchant_shopify_is_told_only_what_everybody_ruled_alike(
    claim: tuple[list[ClaimLine], dict[str, Verdict]],
    waiting: bool,
    silent: bool,
    auto_approve: bool,
    auto_decline: bool,
) -> None:
    lines, verdicts = claim
    found = review(
        lines,
        verdicts,
        waiting=waiting,
        silent=silent,
        policy=ReturnClaimPolicy(auto_approve=auto_approve, auto_decline=auto_decline),
    )
    ruled = list(verdicts.values())
    accepted, refused = any(v.accepted for v in ruled), any(v.refused for v in ruled)
    complete = len(ruled) == len(lines) and not silent
    if waiting:
        wanted = Finding.OPEN
    elif complete and not refused and auto_approve:
        wanted = Finding.APPROVE
    elif complete and not accepted and auto_decline:
        wanted = Finding.DECLINE
    else:
        wanted = Finding.MERCHANT
    assert found.finding is wanted
    assert set(found.verdicts) == set(ruled)
    if wanted is Finding.MERCHANT:
        assert (Ask.MIXED in found.ask) == (accepted and refused)
        assert (Ask.SILENCE in found.ask) == silent
        assert (Ask.OWN_LINES in found.ask) == any(not one.partner for one in lines)
    else:
        assert found.ask == ()


@given(claims(), st.booleans(), st.booleans(), st.sampled_from([Choice.APPROVE, Choice.DECLINE]))
def test_the_merchants_yes_and_no_hold_for_every_piece_at_any_time(
    claim: tuple[list[ClaimLine], dict[str, Verdict]], waiting: bool, silent: bool, choice: Choice
) -> None:
    lines, verdicts = claim
    found = review(
        lines, verdicts, waiting=waiting, silent=silent, decision=Decide(actor=MARIA, choice=choice)
    )
    yes = choice is Choice.APPROVE
    assert found.finding is (Finding.APPROVE if yes else Finding.DECLINE)
    assert [(v.line_id, v.accepted, v.refused) for v in found.verdicts] == [
        (one.line_id, one.quantity if yes else 0, 0 if yes else one.quantity) for one in lines
    ]
    # A partner that ruled the same keeps its words; what the merchant overruled is the merchant's.
    for ruled in found.verdicts:
        theirs = verdicts.get(ruled.line_id)
        same = theirs is not None and theirs.accepted == ruled.accepted
        assert ruled.by == ("partner:acme" if same else MARIA)


@given(claims(), st.data())
def test_the_accepted_pieces_are_the_merchants_numbers_then_the_partners_then_all(
    claim: tuple[list[ClaimLine], dict[str, Verdict]], data: st.DataObject
) -> None:
    lines, verdicts = claim
    said = {
        one.line_id: data.draw(st.integers(0, one.quantity))
        for one in lines
        if data.draw(st.booleans())
    }
    decision = Decide(
        actor=MARIA,
        choice=Choice.APPROVE_ACCEPTED,
        lines=tuple(LineDecision(line_id=key, accepted=number) for key, number in said.items()),
        note="as agreed",
    )
    assert decision_problem(lines, decision, "EUR") == ""
    found = review(lines, verdicts, decision=decision, waiting=data.draw(st.booleans()))
    for one, ruled in zip(lines, found.verdicts, strict=True):
        theirs = verdicts.get(one.line_id)
        wanted = said.get(one.line_id, theirs.accepted if theirs else one.quantity)
        assert (ruled.line_id, ruled.accepted) == (one.line_id, wanted)
        assert ruled.accepted + ruled.refused == one.quantity
        assert ruled.by == ("partner:acme" if theirs and one.line_id not in said else MARIA)
        assert ruled.keep == (theirs is not None and theirs.keep and wanted > 0)
    assert found.finding is (Finding.APPROVE if found.accepted else Finding.DECLINE)


@given(st.integers(0, 20), st.integers(1, 5))
def test_more_than_was_claimed_is_never_accepted(accepted: int, claimed: int) -> None:
    decision = Decide(
        actor=MARIA,
        choice=Choice.APPROVE_ACCEPTED,
        lines=(LineDecision(line_id="1", accepted=accepted),),
    )
    lines = [line("1", claimed)]
    assert bool(decision_problem(lines, decision, "EUR")) == (accepted > claimed)
    [ruled] = review(lines, {}, decision=decision).verdicts
    assert ruled.accepted <= claimed


def test_less_than_nothing_is_never_accepted() -> None:
    with pytest.raises(ValueError):
        LineDecision(line_id="1", accepted=-1)


def test_a_merchants_own_words_replace_a_partners_reasons_for_the_customer() -> None:
    lines, verdicts = [line("1")], {"1": verdict("1", 0)}
    silent_no = Decide(actor=MARIA, choice=Choice.DECLINE)
    assert review(lines, verdicts, decision=silent_no).verdicts[0].note == "worn"
    spoken_no = Decide(actor=MARIA, choice=Choice.DECLINE, note="Too late.")
    assert review(lines, verdicts, decision=spoken_no).verdicts[0].note == "Too late."


def test_one_line_ruled_in_part_is_mixed() -> None:
    found = review([line("1")], {"1": verdict("1", 2)})
    assert (found.finding, found.ask) == (Finding.MERCHANT, (Ask.MIXED,))


@pytest.mark.parametrize(
    ("currency", "told"), [("EUR", ""), ("USD", "The claim is in USD, the amount in EUR.")]
)
def test_an_amount_is_in_the_claims_currency(currency: str, told: str) -> None:
    decision = Decide(
        actor=MARIA, choice=Choice.REFUND, amount=Money(amount=Decimal(5), currency="EUR")
    )
    assert decision_problem([line("1")], decision, currency) == told


@pytest.mark.parametrize("amount", ["0", "-0.01"])
def test_a_refund_of_nothing_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="use no_refund"):
        Decide.model_validate(
            {"actor": MARIA, "choice": "refund", "amount": {"amount": amount, "currency": "EUR"}}
        )


def test_only_the_two_words_about_money_are_about_the_refund() -> None:
    assert {choice for choice in Choice if choice.about_refund} == {
        Choice.REFUND,
        Choice.NO_REFUND,
    }


CENTS = st.integers(0, 10_000).map(lambda cents: Decimal(cents) / 100)


@given(
    st.lists(st.tuples(st.integers(1, 4), CENTS), min_size=1, max_size=3),
    st.sampled_from(AtDeadline),
    st.none() | CENTS,
    st.none() | st.integers(-1, 1),
    st.sampled_from(["EUR", "USD"]),
)
def test_silence_rules_only_what_the_policy_says_it_does(
    parts: list[tuple[int, Decimal]],
    at_deadline: AtDeadline,
    limit: Decimal | None,
    near: int | None,
    currency: str,
) -> None:
    lines = [
        line(str(place), quantity, value=str(value))
        for place, (quantity, value) in enumerate(parts)
    ]
    worth = value_of(lines)
    if near is not None:  # the cent that decides
        limit = worth + Decimal(near) / 100
    policy = ReturnClaimPolicy(
        at_deadline=at_deadline,
        approve_under=None if limit is None else Money(amount=limit, currency=currency),
    )
    found = silence_verdicts(lines, policy, "EUR")
    under = limit is not None and currency == "EUR" and worth < limit
    accepted = {
        AtDeadline.DECLINE: False,
        AtDeadline.APPROVE_UNDER: True if under else None,
        AtDeadline.ASK_MERCHANT: None,
        AtDeadline.KEEP: None,
    }[at_deadline]
    if accepted is None:
        assert found is None
        return
    assert found is not None
    assert [(v.line_id, v.accepted, v.refused, v.by) for v in found] == [
        (one.line_id, one.quantity, 0, "policy")
        if accepted
        else (one.line_id, 0, one.quantity, "policy")
        for one in lines
    ]
