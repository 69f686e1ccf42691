"""What a dispute comes to at a moment: pure rules over Shopify's word, the partners', the merchant's, and time."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import SHOPIFY
from domain.dispute.decision import AddEvidence, Choice, Decide, Submit
from domain.dispute.messages import DisputeFacts, ShippedParcel
from domain.dispute.names import DisputeStatus, DisputeType, Outcome, dispute_key
from domain.dispute.opening import Known, opens_again
from domain.dispute.papers import KINDS, EvidenceField, HeldPaper, Placement, kind_of
from domain.dispute.phases import AskedPartner, Verdict
from domain.dispute.reasons import EVERYTHING, REASONS, calls_for
from domain.dispute.state import LATER, MOST_PARTS, DisputeState
from domain.dispute.wording import Statement
from domain.message import Money
from domain.partner_case import AnswerKind, PartnerAnswer, PartnerCase
from domain.policy import DisputePolicy, Within

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DUE = NOW + 7 * DAY


def facts(**more: Any) -> DisputeFacts:
    return DisputeFacts(
        **{
            "dispute_id": "1",
            "evidence_id": "2",
            "status": DisputeStatus.NEEDS_RESPONSE,
            "raw_status": "NEEDS_RESPONSE",
            "type": DisputeType.CHARGEBACK,
            "reason": "PRODUCT_NOT_RECEIVED",
            "amount": Money(amount=Decimal("60.00"), currency="EUR"),
            "initiated_at": NOW,
            "due": DUE,
            "order_id": "3",
            "order_name": "#1001",
        }
        | more
    )


def gathering(policy: DisputePolicy | None = None, **more: Any) -> DisputeState:
    state = DisputeState(dispute_id="1", policy=policy or DisputePolicy())
    state.take_facts(facts(**more), NOW)
    state.begin_stage(NOW)
    return state


def asked(state: DisputeState, partner: str = "acme") -> AskedPartner:
    case = PartnerCase(partner=partner, tenant="demo", line_ids=("11",))
    state.partners[partner] = AskedPartner(
        case=case, policy=state.policy, wanted=state.wanted_of(partner)
    )
    return state.partners[partner]


def paper(name: str, kind: str, partner: str = "acme", sha: str = "") -> HeldPaper:
    return HeldPaper(
        document_id=name,
        document_type=kind,
        file_name=f"{name}.pdf",
        partner=partner,
        source=f"partner:{partner}",
        sha256=sha,
    )


def answer(kind: AnswerKind, note: str = "") -> PartnerAnswer:
    return PartnerAnswer(message_id="m1", time=NOW, kind=kind, note=note)


WORD = Submit(actor="operator:maria")


# When it is submitted.


def test_it_waits_until_the_margin_and_is_submitted_then() -> None:
    state = gathering()
    assert state.verdict(NOW) is Verdict.WAIT
    assert state.next_moment(NOW) == DUE - DAY + LATER
    assert state.verdict(DUE - DAY - HOUR) is Verdict.WAIT
    assert state.verdict(DUE - DAY) is Verdict.SUBMIT
    assert state.verdict(DUE - timedelta(seconds=1)) is Verdict.SUBMIT
    assert state.verdict(DUE) is Verdict.MISSED


def test_the_merchants_word_submits_at_once_but_never_late() -> None:
    state = gathering()
    state.word = WORD
    assert state.verdict(NOW) is Verdict.SUBMIT
    assert state.verdict(DUE) is Verdict.MISSED


def test_never_unreviewed_means_never_without_the_merchants_word() -> None:
    state = gathering(DisputePolicy(submit_unreviewed=False, submit_when_complete=True))
    one = asked(state)
    for kind in one.wanted:
        state.hold_paper(paper(kind, kind))
    one.case.take_answer(answer(AnswerKind.ACCEPT, "Delivered."))
    assert state.complete
    assert state.verdict(DUE - HOUR) is Verdict.WAIT
    assert state.next_moment(DUE - HOUR) == DUE + LATER
    state.word = WORD
    assert state.verdict(DUE - HOUR) is Verdict.SUBMIT


def test_complete_evidence_is_submitted_early_where_the_policy_says_so() -> None:
    state = gathering(DisputePolicy(submit_when_complete=True))
    one = asked(state)
    one.case.take_answer(answer(AnswerKind.ACCEPT, "Delivered."))
    assert state.verdict(NOW) is Verdict.WAIT  # papers that were asked for are missing
    for kind in one.wanted:
        state.hold_paper(paper(kind, kind))
    assert state.verdict(NOW) is Verdict.SUBMIT


def test_what_is_answered_conceded_or_decided_is_not_submitted() -> None:
    state = gathering()
    state.answer("gridcase", NOW)
    assert state.verdict(DUE - HOUR) is Verdict.OVER
    state = gathering()
    state.decide(Decide(actor="operator:maria", choice=Choice.CONCEDE), NOW)
    assert state.verdict(DUE + DAY) is Verdict.OVER
    state.decide(Decide(actor="operator:maria", choice=Choice.CONTEST), NOW)
    assert state.verdict(DUE - HOUR) is Verdict.SUBMIT
    assert gathering(status=DisputeStatus.WON).verdict(DUE - HOUR) is Verdict.OVER


def test_shopifys_word_that_it_is_too_late_ends_it_whatever_the_clock_says() -> None:
    state = gathering()
    state.past_due = True
    assert state.verdict(NOW) is Verdict.MISSED


def test_an_empty_draft_is_tried_again_after_half_the_time_that_is_left() -> None:
    state, margin = gathering(), DUE - DAY + LATER
    state.empty_at, state.empty_parts = margin, 0
    again = margin + (DUE - margin) / 2
    assert state.verdict(margin) is Verdict.WAIT
    assert state.next_moment(margin) == again + LATER
    assert state.verdict(again) is Verdict.SUBMIT
    state.statements.append(Statement(key="m", by="merchant", text="It was delivered."))
    assert state.verdict(margin) is Verdict.SUBMIT


@given(
    left=st.timedeltas(timedelta(seconds=30), 30 * DAY),
    passed=st.timedeltas(timedelta(0), 31 * DAY),
    margin=st.floats(0.01, 800),
    unreviewed=st.booleans(),
    word=st.booleans(),
)
def test_nothing_is_submitted_after_the_due_date_and_something_always_before(
    left: timedelta, passed: timedelta, margin: float, unreviewed: bool, word: bool
) -> None:
    policy = DisputePolicy(margin=Within(hours=margin), submit_unreviewed=unreviewed)
    state = gathering(policy, due=NOW + left)
    state.word = WORD if word else None
    verdict = state.verdict(NOW + passed)
    assert (verdict is Verdict.MISSED) == (passed >= left)
    times = state.timing
    assert times is not None
    if passed < left and NOW + passed >= times.submit_at and (unreviewed or word):
        assert verdict is Verdict.SUBMIT


@given(
    left=st.timedeltas(timedelta(minutes=1), 30 * DAY),
    passed=st.timedeltas(timedelta(0), 29 * DAY),
    margin=st.floats(0.01, 800),
    within=st.floats(0.01, 800),
)
def test_a_partner_never_has_time_beyond_the_due_date(
    left: timedelta, passed: timedelta, margin: float, within: float
) -> None:
    state = gathering(DisputePolicy(margin=Within(hours=margin)), due=NOW + left)
    now = NOW + min(passed, left - timedelta(seconds=30))
    due = state.partner_due(DisputePolicy(answer_within=Within(hours=within)), now)
    times = state.timing
    assert times is not None
    assert now < due <= NOW + left
    if now < times.submit_at:
        assert due <= max(times.submit_at, now + timedelta(seconds=1))


# What Shopify says.


def test_what_staff_submitted_is_the_answer_of_its_type() -> None:
    state = gathering()
    state.take_facts(
        facts(status=DisputeStatus.UNDER_REVIEW, submitted=True, sent_on=NOW + DAY), NOW + DAY
    )
    assert state.answers[DisputeType.CHARGEBACK].by == SHOPIFY
    assert not state.wants_evidence
    assert state.submissions == 0


def test_our_own_answer_read_in_shopify_before_the_call_returned_is_still_ours() -> None:
    state = gathering()
    state.take_facts(facts(status=DisputeStatus.UNDER_REVIEW, sent_on=NOW), NOW)
    state.answer("operator:maria", NOW)
    assert state.answers[DisputeType.CHARGEBACK].by == "operator:maria"
    assert state.submissions == 1


def test_an_inquiry_that_becomes_a_chargeback_wants_an_answer_of_its_own() -> None:
    state = gathering(type=DisputeType.INQUIRY)
    state.answer("gridcase", NOW)
    sent = facts(
        type=DisputeType.INQUIRY, status=DisputeStatus.UNDER_REVIEW, submitted=True, sent_on=NOW
    )
    state.take_facts(sent, NOW)
    assert (state.wants_evidence, state.answered) == (False, True)
    # Shopify may still show when the inquiry was answered.
    state.take_facts(facts(sent_on=NOW, due=DUE + 20 * DAY), NOW + 3 * DAY)
    assert state.wants_evidence
    state.begin_stage(NOW + 3 * DAY)
    assert (state.stage, state.verdict(NOW + 3 * DAY)) == (2, Verdict.WAIT)
    assert state.next_moment(NOW + 3 * DAY) == DUE + 19 * DAY + LATER


def test_a_reading_older_than_our_answer_does_not_open_the_stage_again() -> None:
    state = gathering()
    state.answer("gridcase", NOW)
    state.take_facts(facts(), NOW)
    assert not state.wants_evidence


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("WON", Outcome.WON),
        ("LOST", Outcome.LOST),
        ("ACCEPTED", Outcome.ACCEPTED),
        ("PREVENTED", Outcome.PREVENTED),
        ("CHARGE_REFUNDED", Outcome.WITHDRAWN),
        ("NEEDS_RESPONSE", None),
        ("UNDER_REVIEW", None),
        ("SOMETHING_NEW", None),
    ],
)
def test_the_outcome_is_shopifys(status: str, outcome: Outcome | None) -> None:
    assert gathering(status=DisputeStatus(status), raw_status=status).ended() is outcome


def test_a_new_due_date_moves_the_moments() -> None:
    state = gathering()
    state.take_facts(facts(due=DUE - 3 * DAY), NOW + HOUR)
    assert state.next_moment(NOW + HOUR) == DUE - 4 * DAY + LATER
    state.take_facts(facts(due=NOW + 2 * HOUR), NOW + HOUR)
    times = state.timing
    assert times is not None
    assert times.short
    assert NOW + HOUR < times.submit_at < NOW + 2 * HOUR


# What partners say.


def test_a_refusal_is_no_evidence_and_a_later_statement_takes_the_place_of_the_earlier() -> None:
    state = gathering()
    asked(state)
    state.state_evidence("acme", "Acme", "acme:1", "Delivered on Monday.")
    state.state_evidence("acme", "Acme", "acme:2", "Delivered on Tuesday.")
    state.state_evidence("acme", "Acme", "acme:3", "  ")
    assert [one.text for one in state.statements] == ["Delivered on Tuesday."]
    state.withdraw_statement("acme")
    assert state.statements == []


def test_what_was_stated_in_an_earlier_stage_stays() -> None:
    state = gathering(type=DisputeType.INQUIRY)
    state.state_evidence("acme", "Acme", "acme:1", "Delivered on Monday.")
    state.take_facts(facts(), NOW + DAY)
    state.begin_stage(NOW + DAY)
    state.state_evidence("acme", "Acme", "acme:2", "The bank has seen our proof.")
    state.withdraw_statement("acme")
    assert [one.text for one in state.statements] == ["Delivered on Monday."]


def test_what_is_held_is_not_asked_for_again_but_another_partners_proof_is_not_mine() -> None:
    state = gathering()
    state.hold_paper(paper("pod", "proof_of_delivery", "acme"))
    assert state.wanted_of("acme") == ["bill_of_lading", "packing_list"]
    assert "proof_of_delivery" in state.wanted_of("north")


def test_the_same_bytes_are_one_paper() -> None:
    state = gathering()
    state.hold_paper(paper("one", "proof_of_delivery", sha="abc"))
    state.hold_paper(paper("two", "evidence", sha="abc"))
    state.hold_paper(paper("one", "proof_of_delivery", sha="abc"))
    assert list(state.papers) == ["one"]


# What the draft says.


def test_the_text_names_what_is_attached_and_describes_what_is_not() -> None:
    state = gathering(parcels=(ShippedParcel(carrier="DHL", number="77", on=NOW.date()),))
    state.state_evidence("acme", "Acme Textiles", "acme:1", "Handed over.")
    state.hold_paper(paper("list", "packing_list"))
    state.hold_paper(paper("pod", "proof_of_delivery"))
    state.placements = {
        "pod": Placement(field=EvidenceField.SHIPPING_DOCUMENTATION),
        "list": Placement(why="it is encrypted"),
    }
    texts = [part.text for part in state.text_parts()]
    assert texts == [
        "Acme Textiles states: Handed over.",
        "Attached under shipping documentation: proof of delivery (pod.pdf). It shows that the goods were delivered.",
        "Held by the merchant and available on request: packing list (list.pdf). It shows what the parcels contained.",
        "Shipped on 2026-11-30 by DHL under tracking number 77.",
    ]
    # Why a paper is not attached is the merchant's to know, not the bank's.
    assert not any("encrypted" in text for text in texts)


def test_the_most_telling_papers_come_first() -> None:
    state = gathering()
    for kind in ("photo", "packing_list", "proof_of_delivery"):
        state.hold_paper(paper(kind, kind))
    wanted = [one.document_id for one in state.wanted_papers()]
    assert wanted == ["proof_of_delivery", "packing_list", "photo"]


def test_an_order_of_thousands_of_parcels_still_fits_a_call() -> None:
    parcels = tuple(ShippedParcel(number=str(one)) for one in range(100))
    state = gathering(parcels=parcels, more_parcels=2900)
    assert state.text_parts()[-1].text == "2900 more parcels were shipped for this order."
    for place in range(700):
        state.hold_paper(paper(f"p{place}", "photo"))
    assert len(state.wanted_papers()) == 200
    assert len(state.text_parts()) <= MOST_PARTS
    assert len(state.text_parts()) + len(state.oversized()) == 700 + 101


def test_a_statement_longer_than_the_whole_text_is_left_out_whole_and_named() -> None:
    state = gathering()
    state.state_evidence("acme", "Acme", "acme:1", "x" * 20_001)
    state.statements.append(Statement(key="m", by="merchant", text="Short."))
    assert [one.key for one in state.text_parts()] == ["statement:m"]
    assert state.oversized() == ("statement:acme:1",)
    for place in range(40):
        state.statements.append(Statement(key=f"m{place}", by="merchant", text="y" * 9_000))
    # However much is said, a call stays small.
    assert sum(len(one.text) for one in state.text_parts()) < 130_000


def test_an_inquiry_that_becomes_a_chargeback_unanswered_begins_another_stage() -> None:
    state = gathering(type=DisputeType.INQUIRY)
    state.word = WORD
    state.take_facts(facts(due=DUE + 20 * DAY), NOW + DAY)
    # The merchant's word was about the inquiry.
    assert state.verdict(NOW + DAY) is Verdict.OVER
    assert state.wants_evidence
    state.begin_stage(NOW + DAY)
    assert state.verdict(NOW + DAY) is Verdict.WAIT


# Tables.


def test_every_reason_asks_for_papers_that_have_a_name_and_a_place() -> None:
    for calls in (*REASONS.values(), EVERYTHING):
        assert calls.papers
        for kind in (*calls.papers, *calls.useful):
            assert kind in KINDS
        # What a partner invoiced the merchant is nobody else's business.
        assert "invoice" not in (*calls.papers, *calls.useful)


def test_a_reason_that_is_not_known_asks_for_everything_useful() -> None:
    assert calls_for("SOMETHING_NEW") is EVERYTHING
    assert calls_for("INSUFFICIENT_FUNDS").papers[0] == "proof_of_delivery"
    assert set(calls_for("PRODUCT_UNACCEPTABLE").papers) >= {"photo", "inspection_report"}


def test_a_type_of_paper_that_is_not_known_goes_with_other_evidence() -> None:
    assert kind_of("hologram").field is EvidenceField.UNCATEGORIZED


def test_evidence_of_the_merchant_is_a_text_or_papers() -> None:
    with pytest.raises(ValueError, match="text, documents, or both"):
        AddEvidence(actor="operator:maria", text="  ")
    assert AddEvidence(actor="operator:maria", document_ids=("d",)).document_ids == ("d",)


def test_only_a_wait_for_the_bank_has_an_end() -> None:
    with pytest.raises(ValueError, match="keep_waiting"):
        Decide(actor="operator:maria", choice=Choice.CONCEDE, until=NOW)


def test_the_key_is_the_number_of_the_dispute() -> None:
    assert dispute_key("acme", "gid://shopify/ShopifyPaymentsDispute/7") == "dispute:acme:7"


# A second case.


@pytest.mark.parametrize(
    ("status", "type_", "due", "opens"),
    [
        (DisputeStatus.NEEDS_RESPONSE, DisputeType.CHARGEBACK, DUE + DAY, True),
        (DisputeStatus.NEEDS_RESPONSE, DisputeType.CHARGEBACK, DUE, True),
        (DisputeStatus.NEEDS_RESPONSE, DisputeType.INQUIRY, DUE + DAY, True),
        (DisputeStatus.NEEDS_RESPONSE, DisputeType.INQUIRY, DUE, False),
        (DisputeStatus.NEEDS_RESPONSE, DisputeType.INQUIRY, None, False),
        (DisputeStatus.UNDER_REVIEW, DisputeType.CHARGEBACK, DUE + DAY, False),
        (DisputeStatus.LOST, DisputeType.CHARGEBACK, DUE + DAY, False),
    ],
)
def test_only_a_new_question_opens_a_second_case(
    status: DisputeStatus, type_: DisputeType, due: datetime | None, opens: bool
) -> None:
    known = Known(type=DisputeType.INQUIRY, due=DUE)
    assert opens_again(known, status, type_, due) is opens
