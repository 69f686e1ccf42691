"""What shipping documents wait for, and when they are complete."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import CaseStatus
from domain.clock import Clock
from domain.partner_case import AnswerKind, PartnerAnswer, PartnerCase
from domain.policy import ShippingDocumentsPolicy, Within
from domain.purchase_order.names import Position, PositionLine
from domain.shipping_documents.decision import Choice
from domain.shipping_documents.names import Outcome
from domain.shipping_documents.papers import (
    Invoice,
    InvoiceLine,
    Notice,
    NoticeItem,
    NoticePackage,
    Paper,
    Written,
)
from domain.shipping_documents.standing import facts_for_order, standing
from domain.shipping_documents.state import Phase, ShippingDocumentsState

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def notice(quantity: int = 2, *, version: int = 1, number: str = "S1", **more: object) -> Notice:
    return Notice.model_validate(
        {
            "id": f"N-{number}",
            "version": version,
            "shipment_number": number,
            "packages": (
                NoticePackage(
                    tracking_number="T1", items=(NoticeItem(line_id="11", quantity=quantity),)
                ),
            ),
        }
        | more
    )


def invoice(quantity: int = 2, price: str = "10", **more: object) -> Invoice:
    line = InvoiceLine(line_id="11", quantity=quantity, unit_price=Decimal(price))
    return Invoice.model_validate(
        {"id": "I", "invoice_number": "INV-1", "currency": "EUR", "lines": (line,)}
        | {"total": line.unit_price * quantity}
        | more
    )


def paper(kind: str = "packing_list", **more: object) -> Paper:
    return Paper.model_validate(
        {"id": f"D-{kind}", "document_type": kind, "document_id": f"our-{kind}"} | more
    )


def state(ordered: int = 2, *, owned: bool = True, **terms: object) -> ShippingDocumentsState:
    line = PositionLine(line_id="11", sku="SHIRT", unit_price=Decimal(10), ordered=ordered)
    made = ShippingDocumentsState(
        phase=Phase.COLLECTING,
        partner="acme",
        order_id="7",
        owned=owned,
        position=Position(found=True, currency="EUR", lines=(line,)),
        policy=ShippingDocumentsPolicy.model_validate(terms),
        chase_at=NOW + timedelta(hours=24),
    )
    made.case.opened_at = NOW
    return made


def shipped(made: ShippingDocumentsState, quantity: int = 2, number: str = "S1") -> None:
    made.shipments[number].written = [
        Written(number="T1", quantities={"11": quantity}, fulfillments=("900",))
    ]


def complete() -> ShippingDocumentsState:
    made = state()
    made.take_notice(notice())
    shipped(made)
    made.take_invoice(invoice())
    made.papers["D-packing_list"] = paper(shipment_number="S1")
    return made


def chased(made: ShippingDocumentsState, *, asking: bool = True, **more: object) -> PartnerCase:
    made.asking = asking
    made.chasing = PartnerCase.model_validate(
        {"partner": "acme", "tenant": "demo", "line_ids": ()}
        | {"clock": Clock.begin(NOW, Within(hours=72), reminders=(0.5,))}
        | more
    )
    return made.chasing


def test_everything_shipped_and_every_paper_in_is_complete() -> None:
    made = complete()
    assert made.complete()
    assert made.final_outcome() is Outcome.COMPLETE


@given(st.sets(st.sampled_from(["shipped", "invoice", "packing list"])))
def test_it_is_complete_only_with_all_of_it(parts: set[str]) -> None:
    made = state()
    made.take_notice(notice())
    if "shipped" in parts:
        shipped(made)
    if "invoice" in parts:
        made.take_invoice(invoice())
    if "packing list" in parts:
        made.papers["D"] = paper()
    assert made.complete() is (len(parts) == 3)


def test_papers_that_are_still_being_read_are_waited_for() -> None:
    made = complete()
    made.reading = 1
    assert not made.complete()


def test_an_unknown_position_is_never_complete() -> None:
    made = complete()
    made.position = Position(found=False)
    assert not made.complete()


@given(st.permutations([1, 2, 3, 1, 2]))
def test_whatever_order_versions_come_in_the_newest_stands(order: list[int]) -> None:
    made = state(ordered=3)
    for version in order:
        made.take_notice(notice(version, version=version))
        made.take_invoice(invoice(version, version=version))
    assert made.shipments["S1"].notice.version == 3
    assert made.invoices["INV-1"].version == 3


def test_a_known_version_is_not_taken_twice() -> None:
    made = state()
    assert made.take_notice(notice())
    assert not made.take_notice(notice())
    assert made.take_invoice(invoice())
    assert not made.take_invoice(invoice())


def test_a_shipment_sent_anew_as_another_resource_replaces_the_earlier_one() -> None:
    first = notice(1, id="N-a", created=NOW)
    later = notice(2, id="N-b", created=NOW + timedelta(hours=1))
    for order in permutations((first, later)):
        made = state()
        for said in order:
            made.take_notice(said)
        assert list(made.shipments) == ["S1"]
        assert made.shipments["S1"].notice.id == "N-b"


def test_a_shipment_that_may_not_be_fulfilled_by_itself_waits_for_the_merchant() -> None:
    made = state(auto_fulfil=False)
    made.take_notice(notice())
    assert made.to_write() == ""
    assert made.waiting_shipments() == ("S1",)
    assert made.wants_merchant
    made.shipments["S1"].word, made.shipments["S1"].word_for = Choice.FULFIL, 1
    assert made.to_write() == "S1"
    assert not made.wants_merchant


def test_a_word_to_an_earlier_version_does_not_hold_for_more_pieces() -> None:
    made = state(auto_fulfil=False)
    made.take_notice(notice(1))
    made.shipments["S1"].word, made.shipments["S1"].word_for = Choice.FULFIL, 1
    shipped(made, 1)
    made.take_notice(notice(2, version=2))
    assert made.waiting_shipments() == ("S1",)


def test_a_replenishments_shipment_needs_no_word_for_shopify() -> None:
    made = state(auto_fulfil=False)
    made.order_id = ""
    made.take_notice(notice())
    assert made.to_write() == "S1"


def test_a_blocked_shipment_waits_for_the_merchant() -> None:
    made = state()
    made.take_notice(notice())
    made.shipments["S1"].blocked = {"11": "held by another app"}
    assert (made.to_write(), made.waiting_shipments()) == ("", ("S1",))
    stands = standing(made)
    assert stands.status is CaseStatus.AWAITING_MERCHANT


def test_a_correction_lifts_what_blocked_the_earlier_version() -> None:
    made = state()
    made.take_notice(notice())
    made.shipments["S1"].blocked = {"11": "held by another app"}
    made.take_notice(notice(version=2))
    assert made.to_write() == "S1"


def test_what_the_purchase_order_knows_to_have_shipped_is_not_waited_for() -> None:
    made = state()
    [line] = made.position.lines
    made.position = made.position.model_copy(
        update={"lines": (line.model_copy(update={"shipped": 2}),)}
    )
    assert made.open_lines() == {}


def test_a_document_of_the_type_does_not_stand_for_a_notice_or_an_invoice() -> None:
    made = state()
    made.papers = {"a": paper("asn", id="a"), "b": paper("invoice", id="b")}
    assert made.missing() == ("asn", "packing_list", "invoice")


def test_a_refused_document_is_missing_and_asked_for_again_at_once() -> None:
    made = complete()
    made.papers = {"D": paper(document_id="", refused="it is larger than 25 MB", file_name="a.pdf")}
    assert made.missing() == ("packing_list",)
    assert made.chase(NOW)
    assert made.wanted_of_partner() == ("the packing list", "a.pdf again: it is larger than 25 MB")
    made.papers["E"] = paper(id="E")
    assert made.missing() == ()
    assert made.refused_papers() == ()


def test_nothing_is_asked_before_its_time() -> None:
    made = state()
    made.take_notice(notice())
    assert not made.chase(NOW)
    assert made.chase(NOW + timedelta(hours=24))


def test_a_cancelled_purchase_order_calls_for_no_papers() -> None:
    made = state()
    [line] = made.position.lines
    made.position = made.position.model_copy(
        update={"lines": (line.model_copy(update={"cancelled": 2}),)}
    )
    assert made.missing() == ()
    assert made.complete()


@pytest.mark.parametrize("owned", [True, False])
def test_the_rest_is_asked_of_the_partner_only_where_no_purchase_order_watches(owned: bool) -> None:
    made = complete()
    made.owned = owned
    made.take_notice(notice(1, version=2))
    made.shipments["S1"].written = [Written(number="T1", quantities={"11": 1})]
    assert made.open_lines() == {"11": 1}
    assert made.wanted_of_partner() == (() if owned else ("1 × SHIRT, still to ship",))
    status = CaseStatus.AWAITING_OTHER if owned else CaseStatus.AWAITING_PARTNER
    assert standing(made).status is status


def test_silence_about_papers_is_the_merchants() -> None:
    made = state()
    made.take_notice(notice())
    shipped(made)
    case = chased(made)
    assert standing(made).status is CaseStatus.AWAITING_PARTNER
    case.silent_since = NOW
    assert made.wants_merchant
    assert made.lacking() == ("packing list, invoice",)
    made.waived = ["packing_list", "invoice"]
    assert made.complete()
    assert made.blemishes() == ("without packing list, invoice",)
    assert made.final_outcome() is Outcome.COMPLETE_WITH_DISCREPANCIES


def test_a_partner_that_says_no_more_comes_is_not_waited_for() -> None:
    made = state()
    made.take_notice(notice())
    shipped(made)
    chased(made).take_answer(PartnerAnswer(message_id="m", time=NOW, kind=AnswerKind.DECLINE))
    assert made.wants_merchant


def test_a_question_of_the_partner_is_the_merchants() -> None:
    made = state()
    made.take_notice(notice())
    chased(made).take_question("Which one?", NOW)
    stands = standing(made)
    assert stands.status is CaseStatus.AWAITING_MERCHANT


def test_a_discrepancy_is_asked_about_once_all_else_is_there_and_a_correction_settles_it() -> None:
    made = complete()
    made.take_invoice(invoice(price="12", version=2))
    assert not made.complete()
    assert made.wants_merchant
    made.take_invoice(invoice(version=3))
    assert made.complete()
    assert made.final_outcome() is Outcome.COMPLETE


@pytest.mark.parametrize("owned", [True, False])
def test_a_purchase_order_that_is_being_changed_is_waited_for_while_its_case_is_open(
    owned: bool,
) -> None:
    made = complete()
    made.position = made.position.model_copy(update={"changing": True})
    made.owned = owned
    assert made.complete() is not owned


def test_an_accepted_discrepancy_ends_with_discrepancies_and_another_one_is_asked_about() -> None:
    made = complete()
    made.take_invoice(invoice(price="12", version=2))
    made.accepted = list(made.open_discrepancies())
    assert made.complete()
    assert made.final_outcome() is Outcome.COMPLETE_WITH_DISCREPANCIES
    made.take_invoice(invoice(price="13", version=3))
    assert not made.complete()


def test_while_the_partner_corrects_the_merchant_is_not_waited_for() -> None:
    made = complete()
    made.take_invoice(invoice(price="12", version=2))
    made.asked = list(made.open_discrepancies())
    assert made.chase(NOW)
    chased(made)
    assert not made.wants_merchant
    assert standing(made).status is CaseStatus.AWAITING_PARTNER


def test_a_mere_conversation_with_the_partner_keeps_nobody_waiting() -> None:
    made = complete()
    made.take_invoice(invoice(price="12", version=2))
    chased(made, asking=False, clock=None)
    assert made.wants_merchant
    assert standing(made).status is CaseStatus.AWAITING_MERCHANT


def test_pieces_that_will_not_come_are_settled_and_said() -> None:
    made = complete()
    made.shipments["S1"].notice = notice(1)
    made.shipments["S1"].written = [Written(number="T1", quantities={"11": 1})]
    made.take_invoice(invoice(1, version=2))
    made.short = {"11": 1}
    assert made.complete()
    assert made.final_outcome() is Outcome.COMPLETE_WITH_DISCREPANCIES
    assert made.blemishes() == ("1 × SHIRT short",)


def test_the_order_shows_papers_by_fulfillment() -> None:
    made = complete()
    made.papers["X"] = paper("certificate", id="X")
    made.document_link = "https://cases.example/documents/{id}"
    facts = facts_for_order(made)
    assert facts == {
        "fulfillment:900": "shipment S1, parcel T1; "
        "packing list https://cases.example/documents/our-packing_list",
        "documents": "certificate https://cases.example/documents/our-certificate",
        "invoices": "INV-1",
    }


def test_a_notice_without_anything_of_this_order_is_no_notice() -> None:
    made = state()
    made.take_notice(notice(packages=()))
    assert "asn" in made.missing()
