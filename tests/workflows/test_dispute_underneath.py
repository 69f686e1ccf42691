"""A dispute changing in Shopify, answers that are lost on the way, and what Shopify refuses."""

from dataclasses import replace

from tests.workflows.claims import BOTH, refused_as
from tests.workflows.disputes import (
    DAY,
    HOUR,
    SHIRT,
    STATED,
    TEXTILES,
    add_evidence,
    answers,
    asked,
    cancel,
    decide,
    decided,
    dispute,
    dispute_of,
    disputed,
    draft,
    escalated,
    in_shopify,
    open_by_hand,
    outcome,
    pdf,
    proves,
    retry,
    sends,
    shown,
    submissions,
    submit,
    until_attached,
    until_drafted,
    until_submitted,
    until_written,
)
from tests.workflows.exceptions import letters
from tests.world import SHOP, World

WORDS = ("proof of delivery", "bill of lading", "packing list")
INQUIRY = {"kind": "INQUIRY"}


@BOTH
async def test_an_inquiry_that_becomes_a_chargeback_is_answered_again_with_all_there_is(
    world: World,
) -> None:
    case_id, order = await asked(world, dispute=INQUIRY)
    await sends(world, TEXTILES)
    await answers(world, TEXTILES, "accept", STATED)
    await until_drafted(world, case_id, STATED)
    await submit(world, case_id)
    await until_submitted(world, case_id, "INQUIRY")
    await world.until_status(case_id, "awaiting_other")
    await sends(world, TEXTILES, "packing_list")  # too late for the inquiry
    await world.until_told(case_id, "after the evidence was submitted; it is kept")
    await escalated(world, case_id, 20 * DAY)
    await world.until_status(case_id, "awaiting_partner")
    # The same case in Trading Grid, a new time, and only what is still missing.
    await world.eventually(
        lambda: world.partner_cases(TEXTILES),
        lambda found: [one["status"] for one in found] == ["pending_partner"],
    )
    await until_written(world, TEXTILES, "It goes on; what you sent before is kept")
    asks = [text for text in await letters(world, TEXTILES) if "It goes on" in text]
    assert "bill of lading" in asks[0]
    assert "proof of delivery" not in asks[0]
    await until_drafted(world, case_id, STATED, "packing list")
    await answers(world, TEXTILES, "accept", "The bank has all we have.")
    await until_drafted(world, case_id, STATED, "The bank has all we have.")
    await submit(world, case_id)
    await until_submitted(world, case_id, "CHARGEBACK")
    await decided(world, case_id, "won")
    assert await outcome(world, case_id) == "won"
    assert await submissions(world, case_id) == {"INQUIRY": 1, "CHARGEBACK": 1}
    assert (await shown(world, order, case_id))["text"].startswith("Chargeback on order")


async def test_an_inquiry_nobody_answered_opens_a_second_case_as_a_chargeback(
    world: World,
) -> None:
    case_id, _ = await asked(world, dispute=INQUIRY | {"due": 2 * DAY}, submit_unreviewed=False)
    assert await outcome(world, case_id) == "not_answered"
    await in_shopify(world, case_id, "decide", status="under_review")
    await escalated(world, case_id, 20 * DAY)
    await world.until_status(f"{case_id}~2", "awaiting_partner")
    await decided(world, case_id, "won")
    assert await outcome(world, f"{case_id}~2") == "won"


async def test_what_was_given_up_stays_given_up_until_somebody_asks(world: World) -> None:
    case_id, _ = await asked(world)
    await cancel(world, case_id)
    assert await outcome(world, case_id) == "withdrawn"
    await in_shopify(world, case_id, "due", evidence_due_in_s=60)  # nearer: no new question
    await world.delivered()
    assert await world.row_or_none(f"{case_id}~2") is None
    again = await open_by_hand(world, dispute_of(case_id), again=True)
    assert again == f"{case_id}~2"
    await world.until_status(again, "awaiting_partner", "awaiting_merchant")


async def test_what_staff_submit_ends_the_stage_and_the_partners_are_told(world: World) -> None:
    case_id, _ = await asked(world)
    await in_shopify(world, case_id, "evidence", append="Staff were quick.", submit=True)
    await world.until_status(case_id, "awaiting_other")
    await world.until_told(case_id, "The evidence was submitted in Shopify.")
    await until_written(world, TEXTILES, "was submitted to the customer's bank")
    await refused_as("AlreadyDecided", submit(world, case_id))
    await refused_as("AlreadyDecided", add_evidence(world, case_id, "More."))
    await decided(world, case_id, "won")
    assert await outcome(world, case_id) == "won"
    assert (await world.result(case_id))["submissions"] == 0


async def test_a_submission_whose_answer_is_lost_is_made_once(world: World) -> None:
    case_id, _ = await asked(world)
    await proves(world)
    await until_drafted(
        world, case_id, *(f"Attached under shipping documentation: {one}" for one in WORDS)
    )
    await world.until_status(case_id, "awaiting_merchant")
    world.lose_answer_to = "disputeEvidenceUpdate"
    await submit(world, case_id)
    await until_submitted(world, case_id)
    await world.until_told(case_id, "was submitted already")
    await decided(world, case_id, "lost")
    assert await outcome(world, case_id) == "lost"
    assert await submissions(world, case_id) == {"CHARGEBACK": 1}


async def test_what_comes_while_shopify_is_down_is_submitted_with_the_rest(world: World) -> None:
    case_id, _ = await asked(world)
    await sends(world, TEXTILES)
    await until_drafted(world, case_id, "Attached under shipping documentation: proof of delivery")
    await world.faults("shopify", api={"down": True})
    await submit(world, case_id)
    await world.until_status(case_id, "applying")
    await world.sleep(HOUR / 6)
    await sends(world, TEXTILES, "packing_list")
    await world.until_told(case_id, "packing_list.pdf (packing_list)")
    await world.sleep(HOUR / 6)
    await world.faults("shopify")
    await world.sleep(HOUR)
    await until_submitted(world, case_id)
    assert "Attached under shipping documentation: packing list" in await draft(world, case_id)
    await decided(world, case_id, "won")
    assert await outcome(world, case_id) == "won"
    assert await submissions(world, case_id) == {"CHARGEBACK": 1}


async def test_a_lost_webhook_is_made_up_for_by_a_look_a_day(world: World) -> None:
    case_id, _ = await asked(world)
    await proves(world)
    await submit(world, case_id)
    await world.until_status(case_id, "awaiting_other")
    world.deliver = False
    await decided(world, case_id, "won")
    assert await outcome(world, case_id) == "won"


async def test_staff_who_submit_unheard_are_seen_before_the_due_date_is_given_up(
    world: World,
) -> None:
    case_id, _ = await asked(world, dispute={"due": 2 * DAY}, submit_unreviewed=False)
    world.deliver = False
    await in_shopify(world, case_id, "evidence", append="Staff were quick.", submit=True)
    await world.sleep(2 * DAY + HOUR)
    await world.until_status(case_id, "awaiting_other")
    await decided(world, case_id, "won")
    assert await outcome(world, case_id) == "won"


async def test_a_bank_that_does_not_decide_is_brought_before_the_merchant(world: World) -> None:
    case_id, _ = await asked(world, bank_within={"hours": 24 * 10}, merchant_within={"hours": 48})
    await proves(world)
    await submit(world, case_id)
    await world.until_status(case_id, "awaiting_other")
    await world.sleep(10 * DAY + HOUR)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "the bank has not decided" in seen.waiting_for.what
    await decide(world, case_id, "keep_waiting")
    await world.until_status(case_id, "awaiting_other")
    await world.sleep(10 * DAY + HOUR)
    await world.until_status(case_id, "awaiting_merchant")
    # Nobody says a word: the bank is waited for all the same.
    await world.sleep(2 * DAY + HOUR)
    await world.until_status(case_id, "awaiting_other")
    await world.until_notified("the bank has not decided")
    await decided(world, case_id, "won")
    assert await outcome(world, case_id) == "won"


async def test_in_shadow_nothing_is_written_and_the_end_is_shopifys(world: World) -> None:
    await world.switch("shadow", shop_id=SHOP, lifecycle="dispute")
    case_id, order = await asked(world, dispute={"due": 2 * DAY})
    await world.sleep(DAY + HOUR)
    await world.until_status(case_id, "awaiting_other")
    told = await world.timeline(case_id)
    assert any("Would: Submit the evidence" in line for line in told)
    assert await draft(world, case_id) == ""
    assert await world.partner_cases(TEXTILES) == []
    await decided(world, case_id, "lost")
    assert await outcome(world, case_id) == "lost"
    assert await submissions(world, case_id) == {}
    assert await shown(world, order, case_id) == {}


async def test_a_draft_that_is_refused_does_not_hold_the_submission_up(world: World) -> None:
    case_id, _ = await asked(world, dispute={"due": 3 * DAY})
    await sends(world, TEXTILES)
    await until_drafted(world, case_id, "proof of delivery")
    # From now on no other text fits: staff filled it to the brim.
    await in_shopify(world, case_id, "evidence", uncategorized_text="x" * 19_990)
    await answers(world, TEXTILES, "accept", STATED)
    await world.until_notified("the text is too long")
    await world.until_told(case_id, "found no room")
    await world.sleep(2 * DAY + HOUR)
    await until_submitted(world, case_id)
    assert set((await dispute(world, case_id))["files"]) == {"shippingDocumentationFile"}


async def test_room_that_staff_make_is_used_on_retry(world: World) -> None:
    case_id, _ = await asked(world)
    await in_shopify(world, case_id, "evidence", uncategorized_text="x" * 19_990)
    await answers(world, TEXTILES, "accept", STATED)
    await world.until_notified("the text is too long")
    await in_shopify(world, case_id, "evidence", uncategorized_text="Shortened.")
    await retry(world, case_id)
    await until_drafted(world, case_id, "Shortened.", STATED)


async def test_without_a_way_for_files_the_text_says_what_they_prove(world: World) -> None:
    case_id, _ = await asked(world)
    await without_file_scope(world)
    await sends(world, TEXTILES)
    await until_drafted(world, case_id, "Held by the merchant and available on request: proof of")
    await world.until_notified("a paper is not attached")
    seen = await world.current(case_id)
    assert "proof_of_delivery.pdf" in seen.detail["refused_papers"]  # type: ignore[operator]
    await submit(world, case_id)
    await until_submitted(world, case_id)


async def test_papers_of_the_orders_other_cases_are_offered_and_not_asked_for_again(
    world: World,
) -> None:
    order = await world.order(SHIRT)
    await world.partner(TEXTILES)
    await world.policy(lifecycle="dispute")
    claim = await world.request_return(order, {"sku": "SHIRT-1", "quantity": 1, "reason": "OTHER"})
    other = world.case_id(claim)
    await world.until_status(other, "awaiting_partner")
    await world.document_of_partner(TEXTILES, "photo.pdf", pdf("A photo"))
    await world.until_told(other, "photo.pdf")
    case_id, _ = await disputed(world, order=order, reason="PRODUCT_UNACCEPTABLE")
    await until_drafted(world, case_id, "photo (photo.pdf)")
    await until_attached(world, case_id, "serviceDocumentationFile")
    cases = await world.partner_cases(TEXTILES)
    [mine] = [one for one in cases if one["case_type"] == "dispute"]
    wanted = [
        one["value"] for one in mine["business_references"] if one["type"] == "requested_document"
    ]
    assert wanted == ["inspection_report", "certificate"]


async def test_where_the_policy_drafts_nothing_by_itself_it_is_drafted_on_a_word_or_submitted(
    world: World,
) -> None:
    case_id, _ = await asked(world, dispute={"due": 3 * DAY}, auto_draft=False)
    await sends(world, TEXTILES)
    await world.until_told(case_id, "proof_of_delivery.pdf (proof_of_delivery)")
    await world.sleep(HOUR)
    assert await draft(world, case_id) == ""
    await decide(world, case_id, "draft")
    await until_drafted(world, case_id, "proof of delivery")
    await world.sleep(2 * DAY)
    await until_submitted(world, case_id)


async def test_what_is_not_drafted_yet_is_written_before_it_is_submitted(world: World) -> None:
    case_id, _ = await asked(world, auto_draft=False)
    await proves(world)
    await world.until_status(case_id, "awaiting_merchant")
    await submit(world, case_id)
    await until_submitted(world, case_id)
    assert STATED in await draft(world, case_id)
    assert set((await dispute(world, case_id))["files"]) == {"shippingDocumentationFile"}


async def without_file_scope(world: World) -> None:
    """The shop takes the scope for files of disputes back."""
    tokens = world.emulators["shopify"].state.emulator.tokens
    for text, token in list(tokens.items()):
        left = frozenset(one for one in token.scopes if "dispute_file_uploads" not in one)
        tokens[text] = replace(token, scopes=left)
