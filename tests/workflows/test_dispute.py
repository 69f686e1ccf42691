"""How disputes end: one test per ending, as a sentence."""

import pytest

from tests.workflows.claims import BOTH
from tests.workflows.disputes import (
    DAY,
    HOUR,
    LAMP,
    PAPERS,
    SHIRT,
    SHOE,
    SHOES,
    STATED,
    TEXTILES,
    add_evidence,
    asked,
    cancel,
    decided,
    dispute,
    dispute_of,
    disputed,
    draft,
    in_shopify,
    newest_cases,
    open_by_hand,
    outcome,
    proves,
    sends,
    shown,
    submissions,
    submit,
    terms,
    until_attached,
    until_drafted,
    until_submitted,
    until_written,
)
from tests.workflows.exceptions import letters, partners_of
from tests.world import World


@BOTH
async def test_what_the_partner_proves_is_drafted_submitted_on_the_merchants_word_and_won(
    world: World,
) -> None:
    case_id, order = await asked(world)
    [case] = await newest_cases(world, TEXTILES)
    assert case["case_type"] == "dispute"
    assert [one["sku"] for one in case["lines"]] == ["SHIRT-1"]
    wanted = [
        one["value"] for one in case["business_references"] if one["type"] == "requested_document"
    ]
    assert wanted == list(PAPERS)
    await sends(world, TEXTILES)
    await until_drafted(world, case_id, "proof of delivery (proof_of_delivery.pdf)")
    await until_attached(world, case_id, "shippingDocumentationFile")
    await proves(world)
    said = f"Acme Textiles states: {STATED}"
    await until_drafted(world, case_id, said, "bill of lading", "packing list")
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "word to submit" in seen.waiting_for.what
    assert await submissions(world, case_id) == {}
    await submit(world, case_id)
    await until_submitted(world, case_id)
    seen = await world.until_status(case_id, "awaiting_other")
    assert seen.waiting_for is not None
    assert seen.waiting_for.who == "the bank"
    await until_written(world, TEXTILES, "was submitted to the customer's bank")
    await decided(world, case_id, "won")
    assert await outcome(world, case_id) == "won"
    assert await submissions(world, case_id) == {"CHARGEBACK": 1}
    entry = await shown(world, order, case_id)
    assert (entry["status"], entry["outcome"]) == ("resolved", "won")
    assert "won (60.00 EUR)" in entry["text"]
    assert (await world.order_in_shopify(order))["tags"] == []
    [case] = await newest_cases(world, TEXTILES)
    assert case["status"] == "resolved"
    assert "The dispute is won" in case["resolution"]
    row = await world.row(case_id)
    assert (row.status, row.outcome) == ("resolved", "won")
    assert not [one for one in await world.entries(case_id) if one.flagged]


async def test_at_the_margin_what_there_is_is_submitted_and_a_lost_dispute_is_told_loudly(
    world: World,
) -> None:
    case_id, order = await asked(world, dispute={"due": 7 * DAY})
    await sends(world, TEXTILES)
    await until_drafted(world, case_id, "proof of delivery")
    assert (await shown(world, order, case_id))["status"] == "awaiting_partner"
    await world.sleep(6 * DAY - HOUR)
    assert await submissions(world, case_id) == {}
    await world.sleep(2 * HOUR)
    await until_submitted(world, case_id)
    await decided(world, case_id, "lost")
    assert await outcome(world, case_id) == "lost"
    await world.until_notified("lost")
    assert await submissions(world, case_id) == {"CHARGEBACK": 1}
    # The partner was silent, and is not thanked.
    [case] = await newest_cases(world, TEXTILES)
    assert case["status"] == "cancelled"


@pytest.mark.parametrize("status", ["accepted", "prevented"])
async def test_what_staff_or_the_bank_settle_in_shopify_ends_it(world: World, status: str) -> None:
    case_id, order = await asked(world)
    await decided(world, case_id, status)
    assert await outcome(world, case_id) == status
    assert (await shown(world, order, case_id))["outcome"] == status
    assert await submissions(world, case_id) == {}
    [case] = await newest_cases(world, TEXTILES)
    assert case["status"] == "cancelled"


async def test_a_refunded_charge_withdraws_the_dispute_and_says_why(world: World) -> None:
    case_id, order = await asked(world)
    await decided(world, case_id, "charge_refunded")
    assert await outcome(world, case_id) == "withdrawn"
    assert "the charge was refunded" in (await shown(world, order, case_id))["text"]
    assert (await world.row(case_id)).status == "cancelled"


async def test_the_merchant_gives_the_case_up(world: World) -> None:
    case_id, _ = await asked(world)
    await cancel(world, case_id)
    assert await outcome(world, case_id) == "withdrawn"
    [case] = await newest_cases(world, TEXTILES)
    assert case["status"] == "cancelled"
    assert "opened by mistake" in case["resolution"]
    assert await submissions(world, case_id) == {}


async def test_temporals_cancel_is_the_operators(world: World) -> None:
    case_id, _ = await asked(world)
    await world.handle(case_id).cancel()
    assert await outcome(world, case_id) == "withdrawn"


async def test_never_unreviewed_is_never_sent_without_a_word_and_the_merchant_is_called_loudly(
    world: World,
) -> None:
    case_id, order = await asked(
        world, dispute={"due": 4 * DAY}, submit_unreviewed=False, merchant_reminders=[0.5]
    )
    await proves(world)
    await until_drafted(world, case_id, STATED)
    await world.sleep(2 * DAY)
    await world.until_notified("your word to submit is needed")
    assert await outcome(world, case_id) == "not_answered"
    assert await submissions(world, case_id) == {}
    calls = [one for one in world.recorder.subjects() if "your word to submit" in one]
    assert len(calls) >= 3  # at the half, at the margin, and close to the due date
    await world.until_notified("not answered")
    row = await world.row(case_id)
    assert (row.status, row.outcome) == ("expired", "not_answered")
    assert row.escalated >= 2
    assert (await shown(world, order, case_id))["outcome"] == "not_answered"
    # What was drafted lies in Shopify all the same: nothing of it is taken back.
    assert STATED in await draft(world, case_id)


async def test_complete_evidence_is_submitted_at_once_where_the_policy_says_so(
    world: World,
) -> None:
    case_id, _ = await asked(world, submit_when_complete=True)
    await proves(world)
    await until_submitted(world, case_id)
    assert STATED in await draft(world, case_id)
    await until_attached(world, case_id, "shippingDocumentationFile")
    await decided(world, case_id, "won")
    assert await outcome(world, case_id) == "won"


@pytest.mark.parametrize("status", ["won", "lost", "accepted"])
async def test_a_dispute_that_is_decided_already_is_recorded_and_ends(
    world: World, status: str
) -> None:
    await partners_of(world, SHIRT)
    world.deliver = False
    case_id, order = await disputed(world, SHIRT)
    await decided(world, case_id, status)
    world.deliver = True
    await in_shopify_again(world, case_id)
    assert await outcome(world, case_id) == status
    assert await world.partner_cases(TEXTILES) == []
    assert (await shown(world, order, case_id))["outcome"] == status


async def test_a_dispute_that_is_answered_already_waits_for_the_bank(world: World) -> None:
    await partners_of(world, SHIRT)
    world.deliver = False
    case_id, _ = await disputed(world, SHIRT)
    await in_shopify(world, case_id, "evidence", append="Staff were quick.", submit=True)
    world.deliver = True
    await in_shopify_again(world, case_id)
    await world.until_status(case_id, "awaiting_other")
    assert await world.partner_cases(TEXTILES) == []
    await decided(world, case_id, "won")
    assert await outcome(world, case_id) == "won"
    assert await draft(world, case_id) == "Staff were quick."


async def test_each_partner_proves_its_own_lines(world: World) -> None:
    case_id, _ = await asked(world, SHIRT, SHOE, LAMP)
    assert await letters(world, TEXTILES) == []
    await proves(world, TEXTILES)
    seen = await world.until_status(case_id, "awaiting_partner")
    assert seen.waiting_for is not None
    assert "North Shoes" in seen.waiting_for.who
    await proves(world, SHOES, "One pair of shoes was handed over on 4 March.")
    await until_drafted(world, case_id, STATED, "North Shoes states: One pair of shoes")
    await until_attached(world, case_id, "shippingDocumentationFile")
    await submit(world, case_id)
    await until_submitted(world, case_id)
    await decided(world, case_id, "won")
    assert await outcome(world, case_id) == "won"


async def test_without_a_partner_the_merchant_brings_the_evidence(world: World) -> None:
    await terms(world)
    case_id, _ = await disputed(world, LAMP)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "no partner can be asked" in seen.waiting_for.what
    await add_evidence(world, case_id, "The customer wrote that the lamp shines.")
    await until_drafted(world, case_id, "The merchant states: The customer wrote")
    await submit(world, case_id)
    await until_submitted(world, case_id)
    await decided(world, case_id, "won")
    assert await outcome(world, case_id) == "won"


async def in_shopify_again(world: World, case_id: str) -> None:
    """Somebody asks after the dispute: no webhook told of it."""
    await open_by_hand(world, dispute_of(case_id))


async def test_evidence_that_staff_typed_stays_theirs(world: World) -> None:
    case_id, _ = await asked(world)
    await in_shopify(world, case_id, "evidence", append="Typed by staff.")
    await proves(world)
    text = await until_drafted(world, case_id, STATED)
    assert text.endswith("Typed by staff.")
    await in_shopify(world, case_id, "evidence", append="And a second line.")
    await add_evidence(world, case_id, "We say so too.")
    text = await until_drafted(world, case_id, "The merchant states: We say so too.")
    assert text.count(STATED) == 1
    assert text.endswith("Typed by staff.\nAnd a second line.")
    assert (await dispute(world, case_id))["submitted"] is False
