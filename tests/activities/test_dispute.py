"""Reading disputes, finding papers, writing the text, submitting: once, in time, and nobody else's words lost."""

from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from domain.dispute.evidence_text import TEXT_LIMIT, lines_of, marks_of, placed
from domain.dispute.messages import (
    DisputedLine,
    FindPapers,
    FoundPapers,
    PlanEvidence,
    ReadDispute,
    SubmitResult,
)
from domain.dispute.names import DisputeStatus, DisputeType
from domain.failures import PAUSED, SHOPIFY_REFUSED, UNAVAILABLE
from persistence.repositories import switches
from tests.activities.conftest import Hands
from tests.activities.disputing import CASE, PARTNER, SHIPPING, Disputed, disputed, pdf
from tests.world import SHOP

# Reading.


async def test_a_dispute_is_read_with_its_parcels(hands: Hands) -> None:
    made = await disputed(hands, reason="product_not_received", network_reason_code="13.1")
    read = await made.call(
        made.activities.read_dispute, ReadDispute(shop=SHOP, dispute_id=made.dispute_id)
    )
    found = read.dispute
    assert (found.status, found.type) == (DisputeStatus.NEEDS_RESPONSE, DisputeType.CHARGEBACK)
    assert (found.reason, found.network_reason_code) == ("PRODUCT_NOT_RECEIVED", "13.1")
    assert (str(found.amount), found.order_id) == ("60.00 EUR", made.order_id)
    assert (found.submitted, found.sent_on, found.finalized_on) == (False, None, None)
    assert found.due > datetime.now(UTC)
    [parcel] = found.parcels
    assert isinstance(parcel.on, date)


async def test_a_dispute_that_is_not_there_is_none(hands: Hands) -> None:
    made = await disputed(hands)
    request = ReadDispute(shop=SHOP, dispute_id="1")
    assert (await made.call(made.activities.read_dispute, request)).dispute is None


async def test_partners_are_found_by_routes_with_their_terms(hands: Hands) -> None:
    made = await disputed(hands)
    await hands.world.partner(PARTNER)
    await hands.world.policy(PARTNER, lifecycle="dispute", submit_unreviewed=False)
    lines = (
        DisputedLine(line_id="1", vendor=PARTNER, quantity=2),
        DisputedLine(line_id="2", vendor="nobody"),
    )
    plan = await made.call(
        made.activities.plan_evidence, PlanEvidence(shop=SHOP, lines=lines, tags=("vip",))
    )
    assert [line.partner for line in plan.lines] == [PARTNER, ""]
    assert [(one.partner, one.name) for one in plan.partners] == [(PARTNER, "Acme Textiles")]
    assert not plan.policy.submit_unreviewed
    assert not plan.shadow
    async with hands.world.database.begin() as session:
        await switches.put(
            session,
            "shadow",
            reason="trying out",
            set_by="operator:maria",
            now=datetime.now(UTC),
            shop_id=SHOP,
            lifecycle="dispute",
        )
    plan = await made.call(made.activities.plan_evidence, PlanEvidence(shop=SHOP, lines=()))
    assert plan.shadow


async def find(made: Disputed, **how: Any) -> FoundPapers:
    request = FindPapers(shop=SHOP, case_id=CASE, **how)
    return FoundPapers.model_validate(await made.call(made.activities.find_papers, request))


async def test_papers_of_the_orders_other_cases_are_found_once(hands: Hands) -> None:
    made = await disputed(hands)
    papers, claim = "shipping-documents:acme:PO-1", "return-claim:acme:7"
    proof = await made.paper(pdf("proof"), case_id=papers, name="proof.pdf")
    again = await made.paper(pdf("proof"), case_id=claim)
    listed = await made.paper(pdf("list"), case_id=papers, kind="packing_list")
    await made.paper(pdf("price"), case_id=papers, kind="invoice")
    await made.paper(pdf("ours"), case_id=claim, direction="to_partner")
    await made.paper(pdf("own"))
    await made.paper(pdf("other"), case_id="shipping-documents:acme:PO-2", order_id="999")
    found = await find(made, order_id=made.order_id, types=("proof_of_delivery", "packing_list"))
    assert [one.document_id for one in found.papers] == [proof, listed]
    first = found.papers[0]
    assert (first.source, first.partner, first.file_name) == (papers, PARTNER, "proof.pdf")
    assert first.mime_type == "application/pdf"
    assert again not in {one.document_id for one in found.papers}
    assert (await find(made, order_id=made.order_id)).papers == ()


async def test_what_the_merchant_names_is_of_this_case_or_its_order(hands: Hands) -> None:
    made = await disputed(hands)
    own = await made.paper(pdf("own"), direction="to_partner")
    near = await made.paper(pdf("near"), case_id="return-claim:acme:7")
    far = await made.paper(pdf("far"), case_id="return-claim:acme:8", order_id="999")
    found = await find(made, document_ids=(own, near, far, "nothing"))
    assert [(one.document_id, one.source) for one in found.papers] == [
        (own, "merchant"),
        (near, "return-claim:acme:7"),
    ]
    assert found.unknown == (far, "nothing")


async def test_a_case_without_an_order_has_its_own_papers_alone(hands: Hands) -> None:
    made = await disputed(hands)
    own = await made.paper(pdf("own"), order_id="")
    far = await made.paper(pdf("far"), case_id="inventory-feed:acme:x", order_id="")
    found = await find(made, document_ids=(own, far))
    assert [one.document_id for one in found.papers] == [own]
    assert found.unknown == (far,)


# The text.


async def test_the_text_is_written_once(hands: Hands) -> None:
    made = await disputed(hands)
    assert (await made.write("We sent it.")).changed
    assert not (await made.write("We sent it.")).changed
    assert (await made.text()) == placed("", ("We sent it.",))
    assert len(await hands.world.shopify_calls("disputeEvidenceUpdate")) == 1
    assert (await made.write("We sent it.", "It arrived.")).changed
    assert (await made.text()) == placed("", ("We sent it.", "", "It arrived."))
    assert (await made.write()).changed
    assert (await made.text()) == ""


async def test_what_staff_type_stays(hands: Hands) -> None:
    made = await disputed(hands)
    await made.act("evidence", uncategorized_text="Dear bank,")
    await made.write("We sent it.")
    await made.act("evidence", append="Yours, Acme")
    drafted = await made.write("We sent it.", "It arrived.")
    assert (drafted.changed, drafted.repaired) == (True, False)
    ours = placed("", ("We sent it.", "", "It arrived."))
    assert await made.text() == f"Dear bank,\n\n{ours}\nYours, Acme"


async def test_a_damaged_part_is_repaired_and_told(hands: Hands) -> None:
    made = await disputed(hands)
    await made.write("We sent it.", "On Monday.")
    broken = (await made.text()).replace("On Monday.", "On Monday? Or Tuesday?\nOn Monday.")
    await made.act("evidence", uncategorized_text=broken.rpartition("\n")[0])
    known = tuple(marks_of(lines_of(["We sent it.", "On Monday."])))
    drafted = await made.write("We sent it on Sunday.", known=known)
    assert drafted.repaired
    text = await made.text()
    assert text.startswith(placed("", ("We sent it on Sunday.",)))
    assert "Or Tuesday?" in text
    assert text.count("We sent it") == 1


async def test_what_finds_no_room_is_left_out_and_named(hands: Hands) -> None:
    made = await disputed(hands)
    theirs = "y" * (TEXT_LIMIT - 1_000)
    await made.act("evidence", uncategorized_text=theirs)
    drafted = await made.write("first", "x" * 2_000, "third")
    assert drafted.left_out == ("1",)
    text = await made.text()
    assert text.startswith(theirs)
    assert "first" in text
    assert "third" in text
    assert len(text) <= TEXT_LIMIT
    assert (await made.write("first", "x" * 2_000, "third")) == drafted.model_copy(
        update={"changed": False}
    )


async def test_a_shopify_that_counts_otherwise_gets_half_and_the_rest_is_named(
    hands: Hands,
) -> None:
    made = await disputed(hands)

    async def counts_bytes(request: httpx.Request) -> None:
        if b"uncategorizedText" in request.content and len(request.content) > 15_000:
            grown = request.content.replace(b"x" * 100, b"x" * 300)
            request.stream = httpx.ByteStream(grown)
            request.headers["content-length"] = str(len(grown))

    hands.world.shopify.event_hooks["request"].append(counts_bytes)
    drafted = await made.write("x" * 9_000, "x" * 8_000)
    assert (drafted.changed, drafted.left_out) == (True, ("1",))
    assert "x" * 9_000 in await made.text()


async def test_an_answer_that_was_lost_is_no_second_write(hands: Hands) -> None:
    made = await disputed(hands)
    hands.world.lose_answer_to = "disputeEvidenceUpdate"
    with pytest.raises(Exception, match="no answer") as lost:
        await made.write("We sent it.")
    assert getattr(lost.value, "type", "") == UNAVAILABLE
    assert not (await made.write("We sent it.")).changed


@pytest.mark.parametrize(
    ("action", "body", "why"),
    [
        ("evidence", {"append": "theirs", "submit": True}, "the evidence was submitted"),
        ("decide", {"status": "won"}, "the dispute is won"),
    ],
)
async def test_a_draft_that_is_closed_says_why(
    hands: Hands, action: str, body: dict[str, Any], why: str
) -> None:
    made = await disputed(hands)
    paper = await made.paper(pdf())
    await made.act(action, **body)
    assert (await made.write("We sent it.")).closed == why
    assert (await made.align((paper, SHIPPING))).closed == why


async def test_a_draft_that_closes_in_this_moment_says_why(hands: Hands) -> None:
    made = await disputed(hands)

    async def staff_submit() -> None:
        await made.act("evidence", append="theirs", submit=True)

    hands.world.before_call["disputeEvidenceUpdate"] = staff_submit
    assert (await made.write("We sent it.")).closed == "the evidence was submitted"


async def test_a_draft_past_its_due_date_says_so(hands: Hands) -> None:
    made = await disputed(hands, evidence_due_in_s=-5)
    assert (await made.write("We sent it.")).closed == "the due date has passed"
    made.dispute_id = "1"
    assert (await made.write("We sent it.")).closed == "it is gone from Shopify"


# The submission.


async def test_the_draft_is_submitted_once(hands: Hands) -> None:
    made = await disputed(hands)
    await made.write("We sent it.")
    done = await made.submit()
    assert done.result is SubmitResult.SUBMITTED
    assert done.dispute is not None
    assert (done.dispute.status, done.dispute.submitted) == (DisputeStatus.UNDER_REVIEW, True)
    again = await made.submit()
    assert again.result is SubmitResult.ALREADY
    assert (await made.there())["submissions"] == {"CHARGEBACK": 1}


async def test_a_submission_whose_answer_was_lost_is_found_done(hands: Hands) -> None:
    made = await disputed(hands)
    await made.write("We sent it.")
    hands.world.lose_answer_to = "disputeEvidenceUpdate"
    with pytest.raises(Exception, match="no answer"):
        await made.submit()
    assert (await made.submit()).result is SubmitResult.ALREADY
    assert (await made.there())["submissions"] == {"CHARGEBACK": 1}


async def test_a_submission_is_done_though_nothing_can_be_read_after_it(hands: Hands) -> None:
    made = await disputed(hands)
    await made.write("We sent it.")
    submitted: list[bool] = []

    async def down(request: httpx.Request) -> None:
        if submitted and b"DisputeForCase" in request.content:
            raise httpx.ConnectError("gone")
        if b'"submitEvidence":true' in request.content.replace(b" ", b""):
            submitted.append(True)

    hands.world.shopify.event_hooks["request"].append(down)
    done = await made.submit()
    assert done.result is SubmitResult.SUBMITTED
    assert done.dispute is not None
    assert done.dispute.submitted


async def test_staff_who_submit_in_this_moment_have_done_it(hands: Hands) -> None:
    made = await disputed(hands)
    await made.write("We sent it.")

    async def staff_submit() -> None:
        await made.act("evidence", append="theirs", submit=True)

    hands.world.before_call["disputeEvidenceUpdate"] = staff_submit
    assert (await made.submit()).result is SubmitResult.ALREADY


async def test_nothing_is_not_submitted(hands: Hands) -> None:
    made = await disputed(hands)
    assert (await made.submit()).result is SubmitResult.EMPTY
    assert not (await made.there())["submitted"]
    await made.align((await made.paper(pdf()), SHIPPING))
    assert (await made.submit()).result is SubmitResult.SUBMITTED


async def test_staffs_words_alone_are_evidence(hands: Hands) -> None:
    made = await disputed(hands)
    await made.act("evidence", append="It was handed over in the shop.")
    assert (await made.submit()).result is SubmitResult.SUBMITTED


async def test_too_late_is_too_late(hands: Hands) -> None:
    made = await disputed(hands)
    await made.write("We sent it.")
    await made.act("due", evidence_due_in_s=-5)
    done = await made.submit()
    assert done.result is SubmitResult.PAST_DUE
    assert done.dispute is not None
    assert not done.dispute.submitted


async def test_another_type_than_was_meant_is_not_submitted(hands: Hands) -> None:
    made = await disputed(hands, type="inquiry")
    await made.write("We sent it.")
    await made.act("escalate")
    done = await made.submit(DisputeType.INQUIRY)
    assert done.result is SubmitResult.OVERTAKEN
    assert done.dispute is not None
    assert done.dispute.type is DisputeType.CHARGEBACK
    assert (await made.there())["submissions"] == {}


async def test_a_dispute_that_is_decided_or_gone_is_not_submitted(hands: Hands) -> None:
    made = await disputed(hands)
    await made.write("We sent it.")
    await made.act("decide", status="accepted")
    assert (await made.submit()).result is SubmitResult.OVERTAKEN
    made.dispute_id = "1"
    assert (await made.submit()).result is SubmitResult.OVERTAKEN


async def test_another_refusal_is_a_trouble(hands: Hands) -> None:
    made = await disputed(hands)
    await made.write("We sent it.")

    async def settle() -> None:
        await made.act("decide", status="prevented")

    hands.world.before_call["disputeEvidenceUpdate"] = settle
    with pytest.raises(Exception, match="needs no response") as refused:
        await made.submit()
    assert getattr(refused.value, "type", "") == SHOPIFY_REFUSED


async def test_nothing_is_called_while_the_shop_is_paused(hands: Hands) -> None:
    made = await disputed(hands)
    paper = await made.paper(pdf())
    async with hands.world.database.begin() as session:
        await switches.put(
            session,
            "pause",
            reason="audit",
            set_by="operator:maria",
            now=datetime.now(UTC),
            shop_id=SHOP,
            lifecycle="dispute",
        )
    for call in (
        made.write("We sent it."),
        made.submit(),
        made.align((paper, SHIPPING)),
        made.call(made.activities.read_dispute, ReadDispute(shop=SHOP, dispute_id=made.dispute_id)),
    ):
        with pytest.raises(Exception, match="audit") as refused:
            await call
        assert getattr(refused.value, "type", "") == PAUSED
