"""Who is waited for: never nobody, and the most urgent first."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import CaseKind, CaseStatus, Trouble
from domain.clock import Clock
from domain.message import Money
from domain.partner_case import AnswerKind, PartnerAnswer, PartnerCase
from domain.policy import AtDeadline, Refund, ReturnClaimPolicy, Within
from domain.return_claim.decision import Choice, Decide, Finding
from domain.return_claim.goods import Authorization, AuthorizationLine
from domain.return_claim.lines import ClaimLine
from domain.return_claim.money import SuggestedRefund
from domain.return_claim.names import Outcome
from domain.return_claim.standing import order_entry, snapshot, standing
from domain.return_claim.state import PartnerReview, Phase, ReturnClaimInput, ReturnClaimState

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CLAIM = ReturnClaimInput(case_id="c", number=1, shop="demo", return_id="7", opened_by="shopify")


def clock(hours: float = 24) -> Clock:
    return Clock.begin(NOW, Within(hours=hours), reminders=(0.5,))


def line(line_id: str, partner: str) -> ClaimLine:
    return ClaimLine(
        line_id=line_id,
        line_item_id=line_id,
        fulfillment_line_item_id=line_id,
        quantity=2,
        unit_value=Decimal(10),
        partner=partner,
    )


def review(partner: str, *line_ids: str, said: str = "", hours: float = 24) -> PartnerReview:
    case = PartnerCase(
        partner=partner,
        tenant="demo",
        name=partner.title(),
        line_ids=line_ids,
        clock=None if said == "unopened" else clock(hours),
    )
    match said:
        case "accept" | "decline":
            case.take_answer(PartnerAnswer(message_id="m", time=NOW, kind=AnswerKind(said)))
        case "question":
            case.take_question("Which  colour?\nRed?", NOW)
        case "silence":
            case.silent_since = NOW
            if case.clock:
                case.clock.over = True
    return PartnerReview(case=case, policy=ReturnClaimPolicy())


def minded(state: ReturnClaimState) -> ReturnClaimState:
    """With the merchant's clock as the workflow keeps it: there exactly while the merchant is waited for."""
    state.case.merchant_clock = clock(120) if state.wants_merchant else None
    return state


def in_review(**said: str) -> ReturnClaimState:
    """One line for each partner, named by its letter; `own` is the merchant's."""
    lines = [line(name, "" if name == "own" else name) for name in said]
    reviews = {name: review(name, name, said=word) for name, word in said.items() if name != "own"}
    return minded(
        ReturnClaimState(
            phase=Phase.REVIEW, lines=lines, reviews=reviews, currency="EUR", order_id="5"
        )
    )


def in_goods(problem: bool = False) -> ReturnClaimState:
    state = in_review(a="accept")
    state.settled = state.review()
    state.phase = Phase.GOODS
    state.goods_clock = clock(24 * 30)
    if problem:
        entry = AuthorizationLine(line_id="a", received_quantity=9)
        state.reviews["a"].authorization = Authorization(id="r", lines=(entry,))
    return minded(state)


WORDS = st.sampled_from(["", "accept", "decline", "question", "silence", "unopened"])
REVIEWED = st.dictionaries(st.sampled_from(["a", "b", "c", "own"]), WORDS, min_size=1)
DECISIONS = st.sampled_from([None, Choice.APPROVE, Choice.DECLINE, Choice.APPROVE_ACCEPTED])


@st.composite
def states(draw: st.DrawFn) -> ReturnClaimState:
    state = in_review(**draw(REVIEWED))
    choice = draw(DECISIONS)
    if choice is not None:
        state.decision = Decide(actor="operator:maria", choice=choice)
    state.phase = draw(st.sampled_from([Phase.REVIEW, Phase.REVIEW, *Phase]))
    state.policy = ReturnClaimPolicy(
        auto_approve=draw(st.booleans()),
        auto_decline=draw(st.booleans()),
        refund=draw(st.sampled_from(Refund)),
    )
    if state.phase is Phase.GOODS:
        state.settled = state.review()
        state.goods_clock = clock(24 * 30)
        if not state.expected_goods():  # the workflow waits for no goods then
            state.phase = Phase.APPLYING
    if draw(st.booleans()):
        state.case.troubles["close"] = Trouble(
            step="close the return", message="refused", type="Refused", since=NOW
        )
    if state.phase is Phase.ENDED:
        state.outcome = draw(st.sampled_from(Outcome))
    return minded(state)


WAITED_FOR = {
    CaseStatus.AWAITING_MERCHANT: "merchant",
    CaseStatus.AWAITING_PARTNER: "partner ",
    CaseStatus.AWAITING_OTHER: "the goods",
}


@given(states())
def test_a_case_that_waits_says_for_whom_for_what_since_when_and_what_then(
    state: ReturnClaimState,
) -> None:
    stands = standing(state)
    waits = stands.status in WAITED_FOR
    assert (stands.waiting_for is not None) == waits
    if stands.waiting_for is None:
        return
    found = stands.waiting_for
    assert found.who.startswith(WAITED_FOR[stands.status])
    assert found.who.removeprefix("partner ").strip()
    assert found.what.strip()
    assert found.then.strip()
    assert found.since == NOW
    assert found.until is None or found.until > found.since


@given(states())
def test_the_merchant_is_waited_for_exactly_when_it_holds_the_case_up(
    state: ReturnClaimState,
) -> None:
    status = standing(state).status
    if state.outcome is not None:
        assert status is state.outcome.status
        assert status.final
        return
    assert not status.final
    held_up = bool(state.case.troubles) or state.wants_merchant
    assert (status is CaseStatus.AWAITING_MERCHANT) == held_up


@given(REVIEWED)
def test_in_a_review_the_merchant_comes_before_the_partners(said: dict[str, str]) -> None:
    state = in_review(**said)
    status = standing(state).status
    partners = {word for name, word in said.items() if name != "own"}
    if "question" in partners:
        assert status is CaseStatus.AWAITING_MERCHANT
    elif partners & {"", "unopened"}:
        opened = "" in partners  # one whose time is up is not waited for while another is
        assert status is (CaseStatus.AWAITING_PARTNER if opened else CaseStatus.OPENING)
    elif state.review().finding is Finding.MERCHANT:
        assert status is CaseStatus.AWAITING_MERCHANT
    else:
        assert status is CaseStatus.APPLYING


def test_an_outcome_comes_before_a_trouble_and_a_trouble_before_all_that_waits() -> None:
    state = in_review(a="", own="")
    older = Trouble(step="open the case", message="no", type="Refused", since=NOW)
    newer = older.model_copy(update={"step": "tag", "since": NOW + timedelta(hours=1)})
    state.case.troubles = {"new": newer, "old": older}
    stands = standing(state)
    assert stands.status is CaseStatus.AWAITING_MERCHANT
    assert stands.waiting_for is not None
    assert stands.waiting_for.what == "open the case: no"
    assert "retry" in stands.waiting_for.then
    state.outcome = Outcome.WITHDRAWN
    assert standing(state).status is CaseStatus.CANCELLED
    assert standing(state).waiting_for is None


def test_the_partners_that_are_waited_for_are_named_and_the_soonest_end_counts() -> None:
    state = in_review(a="", b="accept", c="")
    state.reviews["c"] = review("c", "c", hours=5)
    found = standing(state).waiting_for
    assert found is not None
    assert found.who == "partner A, C"
    assert found.what == "an answer for 2 lines"
    assert found.until == NOW + timedelta(hours=5)
    assert (
        found.then
        == "a reminder is sent on 23 Nov 2026 14:30 UTC; at the end the merchant is asked"
    )


@pytest.mark.parametrize(
    ("at_deadline", "words"),
    [
        (AtDeadline.APPROVE_UNDER, "lines under 20.00 EUR are approved"),
        (AtDeadline.DECLINE, "the lines are declined"),
        (AtDeadline.ASK_MERCHANT, "the merchant is asked"),
        (AtDeadline.KEEP, "the wait goes on"),
    ],
)
def test_what_silence_will_mean_is_said_beforehand(at_deadline: AtDeadline, words: str) -> None:
    state = in_review(a="")
    state.reviews["a"].policy = ReturnClaimPolicy(
        at_deadline=at_deadline, approve_under=Money(amount=Decimal(20), currency="EUR")
    )
    found = standing(state).waiting_for
    assert found is not None
    assert words in found.then


def test_a_wait_that_goes_on_past_its_end_has_none() -> None:
    state = in_review(a="")
    a_clock = state.reviews["a"].case.clock
    assert a_clock is not None
    a_clock.over = True
    found = standing(state).waiting_for
    assert found is not None
    assert (found.who, found.until) == ("partner A", None)


def test_a_partners_question_is_put_to_the_merchant_on_one_line() -> None:
    found = standing(in_review(a="question", b="")).waiting_for
    assert found is not None
    assert (found.who, found.what) == ("merchant", "an answer to A: Which colour? Red?")


def test_goods_are_waited_for_until_what_was_said_of_them_does_not_fit() -> None:
    stands = standing(in_goods())
    assert stands.status is CaseStatus.AWAITING_OTHER
    assert stands.waiting_for is not None
    assert stands.waiting_for.what == "2 pieces to come back"
    stands = standing(in_goods(problem=True))
    assert stands.status is CaseStatus.AWAITING_MERCHANT
    assert stands.waiting_for is not None
    assert "9 received, 2 were accepted" in stands.waiting_for.what


def test_the_word_on_the_refund_is_asked_with_shopifys_suggestion() -> None:
    state = in_review(a="accept")
    state.phase = Phase.REFUND
    state.suggested = SuggestedRefund(amount=Money(amount=Decimal("19.9"), currency="EUR"))
    stands = standing(minded(state))
    assert stands.status is CaseStatus.AWAITING_MERCHANT
    assert stands.waiting_for is not None
    assert stands.waiting_for.what == "the word on the refund (Shopify suggests 19.90 EUR)"
    state.refund_decision = Decide(actor="operator:maria", choice=Choice.NO_REFUND)
    assert standing(minded(state)).status is CaseStatus.APPLYING


@given(states())
def test_a_snapshot_and_the_order_show_what_the_case_stands_at(state: ReturnClaimState) -> None:
    stands, seen = standing(state), snapshot(CLAIM, state)
    assert (seen.kind, seen.case_id, seen.shop) == (CaseKind.RETURN_CLAIM, "c", "demo")
    assert (seen.status, seen.waiting_for) == (stands.status, stands.waiting_for)
    assert seen.outcome == (state.outcome.value if state.outcome else "")
    entry = order_entry(seen, state)
    assert (entry is not None) == (stands.waiting_for is not None or state.outcome is not None)
    if entry is not None:
        assert entry.status == stands.status.value
        assert entry.text.endswith(".")
        assert stands.waiting_for is None or stands.waiting_for.what in entry.text


def test_a_claim_without_an_order_shows_nothing_on_one() -> None:
    state = in_review(a="")
    state.order_id = ""
    assert order_entry(snapshot(CLAIM, state), state) is None


def test_a_partner_whose_time_is_over_is_not_waited_for_while_another_still_has_time() -> None:
    state = in_review(a="silence", b="")
    seen = standing(state)
    assert seen.status is CaseStatus.AWAITING_PARTNER
    assert seen.waiting_for is not None
    assert seen.waiting_for.who == "partner B"
    assert seen.waiting_for.until == state.reviews["b"].case.clock.due  # type: ignore[union-attr]
