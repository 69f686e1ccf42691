"""One test an ending, as a sentence; on the time-skipping server."""

from tests.workflows.claims import (
    BOTH,
    DAY,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    asked,
    decide,
    euros,
    goods,
    line_ids,
    opened,
    outcome,
    return_of,
)
from tests.world import World


@BOTH
async def test_an_accepted_return_is_approved_processed_refunded_and_closed(world: World) -> None:
    case_id = await asked(world, SHIRT, refund="automatic")
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.receive_all(TEXTILES)
    result = await world.result(case_id)
    assert result == {
        "outcome": "closed_refunded",
        "refunded": {"amount": "60.0", "currency": "EUR"},
    }
    row = await world.row(case_id)
    assert (row.status, row.outcome) == ("resolved", "closed_refunded")
    assert (await world.return_in_shopify(return_of(case_id)))["status"] == "CLOSED"
    [case] = await world.partner_cases(TEXTILES)
    assert case["status"] == "resolved"


@BOTH
async def test_a_refund_that_wants_the_merchants_word_waits_for_it(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.receive_all(TEXTILES)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "60.00 EUR" in seen.waiting_for.what
    assert await world.shopify_writes("returnProcess") == []
    await decide(world, case_id, "refund")
    assert (await world.result(case_id))["refunded"] == {"amount": "60.0", "currency": "EUR"}


async def test_another_amount_is_refunded_on_the_merchants_word(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.receive_all(TEXTILES)
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "refund", amount=euros("45.50"))
    assert (await world.result(case_id))["refunded"] == {"amount": "45.5", "currency": "EUR"}


async def test_an_amount_named_early_that_cannot_be_given_back_is_asked_for_again(
    world: World,
) -> None:
    case_id = await asked(world, SHIRT, refund="automatic")
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await decide(world, case_id, "refund", amount=euros("600"))
    await world.receive_all(TEXTILES)
    await world.until_status(case_id, "awaiting_merchant")
    assert await world.shopify_writes("returnProcess") == []
    await decide(world, case_id, "refund", amount=euros("60"))
    assert await outcome(world, case_id) == "closed_refunded"
    assert "The refund cannot be made" in await world.until_told(case_id, "cannot be made")


async def test_a_policy_that_never_refunds_closes_without_money(world: World) -> None:
    case_id = await asked(world, SHIRT, refund="never")
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.receive_all(TEXTILES)
    assert await world.result(case_id) == {"outcome": "closed_without_refund", "refunded": None}
    assert (await world.return_in_shopify(return_of(case_id)))["lines"][0]["processed"] == 2


async def test_the_merchant_refunds_although_the_policy_never_does(world: World) -> None:
    case_id = await asked(world, SHIRT, refund="never", auto_process=False)
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.receive_all(TEXTILES)
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "refund")
    assert (await world.result(case_id))["refunded"] == {"amount": "60.0", "currency": "EUR"}


async def test_the_merchant_says_no_refund(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await decide(world, case_id, "no_refund")
    await world.receive_all(TEXTILES)
    assert await outcome(world, case_id) == "closed_without_refund"


async def test_goods_that_never_came_are_not_refunded(world: World) -> None:
    case_id = await asked(world, SHIRT, refund="automatic")
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    ids = await line_ids(world, case_id)
    await goods(world, case_id, (ids["SHIRT-1"], 2, "MISSING", ""))
    assert await world.result(case_id) == {"outcome": "closed_without_refund", "refunded": None}
    dispositions = (await world.return_in_shopify(return_of(case_id)))["dispositions"]
    assert [(entry["type"], entry["quantity"]) for entry in dispositions] == [("MISSING", 2)]


@BOTH
async def test_a_declined_return_is_declined_in_shopify_with_the_partners_reason(
    world: World,
) -> None:
    case_id = await asked(world, SHIRT)
    await world.answer(TEXTILES, "decline", note="Worn, not defective.")
    assert await outcome(world, case_id) == "declined"
    found = await world.return_in_shopify(return_of(case_id))
    assert found["status"] == "DECLINED"
    assert found["decline"] == {"reason": "OTHER", "note": "Worn, not defective."}
    assert await world.shopify_writes("returnDeclineRequest") == ["returnDeclineRequest"]


async def test_when_all_partners_decline_the_return_is_declined(world: World) -> None:
    case_id = await asked(world, SHIRT, SHOE)
    await world.answer(TEXTILES, "decline", note="Worn.")
    await world.answer(SHOES, "decline", note="Too late.")
    assert await outcome(world, case_id) == "declined"
    assert (await world.return_in_shopify(return_of(case_id)))["decline"]["note"] == (
        "Worn.; Too late."
    )


async def test_the_merchant_declines_before_the_partner_has_answered(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await decide(world, case_id, "decline", note="Final sale.")
    assert await outcome(world, case_id) == "declined"
    [case] = await world.partner_cases(TEXTILES)
    assert case["status"] == "cancelled"


async def test_an_open_return_is_cancelled_while_untouched(world: World) -> None:
    await world.partner(TEXTILES)
    await world.policy(open_on_open_return=True)
    case_id = await opened(world, SHIRT, open=True)
    await world.until_status(case_id, "awaiting_partner")
    await world.answer(TEXTILES, "decline", note="Worn.")
    assert await outcome(world, case_id) == "declined"
    assert (await world.return_in_shopify(return_of(case_id)))["status"] == "CANCELED"
    assert await world.shopify_writes("returnCancel") == ["returnCancel"]


async def test_an_open_return_that_is_accepted_is_not_approved_again(world: World) -> None:
    await world.partner(TEXTILES)
    await world.policy(open_on_open_return=True, refund="automatic")
    case_id = await opened(world, SHIRT, open=True)
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.receive_all(TEXTILES)
    assert await outcome(world, case_id) == "closed_refunded"
    assert await world.shopify_writes("returnApproveRequest") == []


async def test_a_claim_the_merchant_leaves_undecided_expires(world: World) -> None:
    case_id = await asked(world, SHIRT, SHOE)
    await world.answer(TEXTILES, "accept")
    await world.answer(SHOES, "decline", note="Worn.")
    await world.until_status(case_id, "awaiting_merchant")
    assert await outcome(world, case_id) == "expired"
    assert (await world.return_in_shopify(return_of(case_id)))["status"] == "REQUESTED"
    await world.until_notified("expired")


async def test_a_partners_question_nobody_answers_lets_the_claim_expire(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await world.answer(TEXTILES, "request_info", note="A photo, please.")
    await world.until_status(case_id, "awaiting_merchant")
    assert await outcome(world, case_id) == "expired"


async def test_goods_that_stay_away_let_the_claim_expire(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await world.answer(TEXTILES, "accept")
    seen = await world.until_status(case_id, "awaiting_other")
    assert seen.waiting_for is not None
    assert seen.waiting_for.until is not None
    assert seen.waiting_for.until - seen.waiting_for.since == 30 * DAY
    assert await outcome(world, case_id) == "expired"
    assert (await world.return_in_shopify(return_of(case_id)))["status"] == "OPEN"


async def test_a_word_on_the_refund_that_is_never_given_lets_the_claim_expire(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.receive_all(TEXTILES)
    await world.until_status(case_id, "awaiting_merchant")
    assert await outcome(world, case_id) == "expired"
    assert await world.shopify_writes("returnProcess") == []


async def test_lines_without_a_partner_are_the_merchants(world: World) -> None:
    case_id = await opened(world, SHIRT)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "belong to no partner" in seen.waiting_for.what
    await decide(world, case_id, "approve")
    await world.until_status(case_id, "awaiting_other")
    ids = await line_ids(world, case_id)
    await goods(world, case_id, (ids["SHIRT-1"], 2, "NOT_RESTOCKED", ""))
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "refund")
    assert await outcome(world, case_id) == "closed_refunded"
    assert await world.grid_writes() == []
