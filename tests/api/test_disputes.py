"""Disputes over the API: the merchant's own papers, its commands, and the page that shows what was proved."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from api.commands import COMMANDS
from api.services import Services
from domain.case import CaseKind, CaseSnapshot, CaseState
from domain.clock import Clock
from domain.dispute import standing
from domain.dispute.decision import Submit
from domain.dispute.messages import DisputedLine, DisputeFacts, ShippedParcel
from domain.dispute.names import DisputeInput, DisputeStatus, DisputeType
from domain.dispute.papers import EvidenceField, HeldPaper, Placement
from domain.dispute.phases import AskedPartner, Phase
from domain.dispute.state import DisputeState
from domain.dispute.wording import Statement
from domain.message import Money
from domain.partner_case import AnswerKind, PartnerAnswer, PartnerCase
from domain.policy import DisputePolicy
from persistence.repositories import cases
from tests.api.test_console import HOSTILE, words_of
from tests.api.test_console_orders import OPENED, offered, shown
from tests.api.test_documents import PNG

DAY = timedelta(days=1)


def dispute(said: str = "Fine.") -> DisputeState:
    """A dispute with everything in it; `said` is whatever others wrote."""
    state = DisputeState(
        case=CaseState(title="Chargeback on order #1001", order_name="#1001", opened_at=OPENED),
        dispute_id="9",
        policy=DisputePolicy(),
        lines=[DisputedLine(line_id="11", sku="JERSEY", name=said, quantity=2, partner="p-1")],
    )
    facts = DisputeFacts(
        dispute_id="9",
        evidence_id="10",
        status=DisputeStatus.NEEDS_RESPONSE,
        raw_status="NEEDS_RESPONSE",
        type=DisputeType.CHARGEBACK,
        reason="PRODUCT_NOT_RECEIVED",
        network_reason_code=said,
        amount=Money(amount=Decimal("60"), currency="EUR"),
        initiated_at=OPENED,
        due=OPENED + 7 * DAY,
        order_id="1",
        order_name="#1001",
        parcels=(ShippedParcel(carrier=said, number="77", on=OPENED.date()),),
    )
    state.take_facts(facts, OPENED)
    state.begin_stage(OPENED)
    state.phase = Phase.EVIDENCE
    state.partners["p-1"] = AskedPartner(
        case=PartnerCase(
            partner="p-1",
            tenant="north",
            name="Alpine Textiles",
            line_ids=("11",),
            remote_id="tg-77",
            remote_status="pending_company",
            clock=Clock(start=OPENED, due=OPENED + 6 * DAY),
            answer=PartnerAnswer(message_id="m", time=OPENED, kind=AnswerKind.ACCEPT, note=said),
        ),
        policy=DisputePolicy(),
        wanted=["proof_of_delivery", "packing_list"],
    )
    state.statements = [
        Statement(key="p-1:m", by="partner:p-1", name="Alpine Textiles", text=said),
        Statement(key="merchant:1", by="merchant", text=said),
    ]
    for name, kind, source in (
        ("pod", "proof_of_delivery", "partner:p-1"),
        ("photo", "photo", "return-claim:acme:7"),
        ("terms", "refund_policy", "merchant"),
        ("late", "packing_list", "partner:p-1"),
    ):
        state.hold_paper(
            HeldPaper(
                document_id=name,
                document_type=kind,
                file_name=f"{name} {said}",
                partner="p-1" if source == "partner:p-1" else "",
                source=source,
            )
        )
    state.placements = {
        "pod": Placement(field=EvidenceField.SHIPPING_DOCUMENTATION),
        "photo": Placement(why=said),
    }
    state.refused = {"photo": said}
    state.late, state.left_out = ["late"], ("parcel:0",)
    return state


def snapshot(state: DisputeState) -> CaseSnapshot:
    opened = DisputeInput(
        case_id="dispute:acme:9", number=1, shop="acme", dispute_id="9", opened_by="test"
    )
    return standing.snapshot(opened, state)


async def test_a_dispute_says_what_is_proved_until_when_and_what_stands_in_the_draft(
    api: Any, network: Services
) -> None:
    html = await shown(api, network, "dispute:acme:9", snapshot(dispute("Blue")))
    said = words_of(html)
    for words in (
        "Dispute no. 1",
        "Chargeback of 60.00 EUR, needs response in Shopify",
        "product not received: the goods did not arrive network code Blue",
        "Evidence due 9 Nov 2026, 09:30 UTC",
        "Submitted by itself 8 Nov 2026, 09:30 UTC",
        "Statement Alpine Textiles Blue",
        "Proof of delivery pod Blue · partner Alpine Textiles",
        "attached as shipping documentation",
        "Photo photo Blue · another case of the order",
        "only described: Blue",
        "too late",
        "1 part of the text found no room",
        "Asked for proof of delivery, packing list",
        "2 Nov 2026: Blue, 77",
        "2 × Blue Alpine Textiles",
    ):
        assert words in said, words
    assert 'href="/cases/return-claim:acme:7"' in html
    assert offered(html)[0] == "submit"
    assert {"add_evidence", "decide"} <= set(offered(html))


async def test_nothing_that_others_wrote_runs_on_the_page(api: Any, network: Services) -> None:
    html = await shown(api, network, "dispute:acme:9", snapshot(dispute(HOSTILE)))
    assert "<img src=x" not in html
    assert "<script>harmed" not in html
    assert "49" not in words_of(html).replace("{{ 7*7 }}", "")


async def test_a_dispute_with_nothing_yet_asks_for_evidence(api: Any, network: Services) -> None:
    state = dispute()
    state.partners, state.statements, state.papers = {}, [], {}
    state.refused, state.left_out = {}, ()
    html = await shown(api, network, "dispute:acme:9", snapshot(state))
    assert offered(html)[0] == "add_evidence"


async def test_an_answered_dispute_waits_for_the_bank_and_offers_no_submission(
    api: Any, network: Services
) -> None:
    state = dispute()
    state.word = Submit(actor="operator:maria")
    state.answer("operator:maria", OPENED + DAY)
    state.begin_wait(OPENED + DAY)
    html = await shown(api, network, "dispute:acme:9", snapshot(state))
    said = words_of(html)
    assert "Waiting for: the bank" in said
    assert "Chargeback answered 3 Nov 2026, 09:30 UTC" in said
    assert "by maria" in said
    assert "submit" not in offered(html)


# Papers of the merchant's own.


@pytest.mark.parametrize(("kind", "status"), [("dispute", 201), ("return_claim", 422)])
async def test_only_a_disputes_papers_are_for_nobody(
    api: Any, network: Services, kind: str, status: int
) -> None:
    async with network.database.begin() as session:
        row, _ = await cases.open_case(
            session,
            key=f"{kind}:acme:9",
            kind=kind,
            shop_id="acme",
            title="A case",
            status="awaiting_merchant",
            now=datetime.now(UTC),
        )
    answer = await api.by(
        "operate",
        "POST",
        f"/cases/{row.id}/documents",
        files={"file": ("terms.png", PNG, "image/png")},
        data={"document_type": "refund_policy"},
    )
    assert answer.status_code == status, answer.text
    if status == 201:
        said = answer.json()
        assert (said["partner_id"], said["document_type"]) == ("", "refund_policy")


def test_every_command_of_a_dispute_is_read_from_its_example() -> None:
    of_dispute = [spec for spec in COMMANDS if CaseKind.DISPUTE in spec.by_kind]
    assert {"submit", "add_evidence", "decide"} <= {spec.name for spec in of_dispute}
    for spec in of_dispute:
        for name, example in spec.examples.items():
            if ":" not in name or name.startswith("dispute:"):
                spec.command("dispute", example["value"], "operator:maria")
