"""Damage and warranty claims, made through the API on a fulfilled order."""

from domain.return_claim.names import ClaimKind
from domain.return_claim.state import ClaimRequest, ClaimRequestLine
from tests.workflows.claims import (
    BOTH,
    SHIRT,
    SHOE,
    TEXTILES,
    cancel,
    damaged,
    decide,
    line_ids,
    outcome,
)
from tests.world import SHOP, World


@BOTH
async def test_a_claim_whose_goods_come_back_gets_one_return_whose_events_find_its_case(
    world: World,
) -> None:
    await world.partner(TEXTILES)
    # Under this policy every open return would open a case of its own.
    await world.policy(open_on_open_return=True, refund="automatic")
    case_id, order = await damaged(world, SHIRT)
    await world.until_status(case_id, "awaiting_partner")
    [asked_for] = await world.partner_cases(TEXTILES)
    assert asked_for["case_type"] == "damage_claim"
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.receive_all(TEXTILES)
    assert (await world.result(case_id))["refunded"] == {"amount": "60.0", "currency": "EUR"}
    assert await world.shopify_writes("returnCreate", "returnProcess", "returnClose") == [
        "returnCreate",
        "returnProcess",
        "returnClose",
    ]
    [made] = (await world.shopify_state())["shops"][SHOP]["returns"]
    assert made["status"] == "CLOSED"
    assert await world.all_cases() == [case_id]
    # The order shows one entry, whose end takes its tags away.
    assert (await world.order_in_shopify(order))["tags"] == []


async def test_a_claim_whose_goods_stay_is_refunded_without_a_return(world: World) -> None:
    await world.partner(TEXTILES)
    await world.policy(claim_goods_back=False, refund="automatic")
    case_id, order = await damaged(world, SHIRT)
    await world.until_status(case_id, "awaiting_partner")
    await world.answer(TEXTILES, "accept")
    assert (await world.result(case_id))["refunded"] == {"amount": "60.0", "currency": "EUR"}
    assert await world.shopify_writes("returnCreate", "refundCreate") == ["refundCreate"]
    [call] = await world.shopify_calls("refundCreate")
    assert call["idempotency_key"]
    [refund] = (await world.order_in_shopify(order))["refunds"]
    assert refund["note"].startswith("Gridcase 1: Damage claim D-17 on order")


async def test_an_answer_of_shopifys_that_was_lost_refunds_no_second_time(world: World) -> None:
    await world.partner(TEXTILES)
    await world.policy(claim_goods_back=False)
    case_id, order = await damaged(world, SHIRT)
    await world.until_status(case_id, "awaiting_partner")
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_merchant")
    world.lose_answer_to = "refundCreate"
    await decide(world, case_id, "refund")
    assert (await world.result(case_id))["refunded"] == {"amount": "60.0", "currency": "EUR"}
    assert len((await world.order_in_shopify(order))["refunds"]) == 1
    assert len(await world.shopify_calls("refundCreate")) == 1
    assert world.lose_answer_to == ""


async def test_a_lost_answer_to_a_new_return_makes_no_second_one(world: World) -> None:
    await world.partner(TEXTILES)
    await world.policy(refund="automatic")
    case_id, _ = await damaged(world, SHIRT)
    await world.until_status(case_id, "awaiting_partner")
    world.lose_answer_to = "returnCreate"
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    assert len((await world.shopify_state())["shops"][SHOP]["returns"]) == 1
    assert len(await world.shopify_calls("returnCreate")) == 1


async def test_a_part_of_a_claim_is_refunded(world: World) -> None:
    await world.partner(TEXTILES)
    await world.policy(claim_goods_back=False, refund="automatic")
    case_id, _ = await damaged(world, SHIRT)
    await world.until_status(case_id, "awaiting_partner")
    ids = await line_ids(world, case_id)
    await world.answer(TEXTILES, "partial", lines=[{"line_id": ids["SHIRT-1"], "quantity": 1}])
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "approve_accepted")
    assert (await world.result(case_id))["refunded"] == {"amount": "30.0", "currency": "EUR"}


async def test_a_declined_claim_writes_nothing_to_shopify_but_its_end(world: World) -> None:
    await world.partner(TEXTILES)
    case_id, _ = await damaged(world, SHIRT)
    await world.until_status(case_id, "awaiting_partner")
    await world.answer(TEXTILES, "decline", note="Not our parcel.")
    assert await outcome(world, case_id) == "declined"
    assert set(await world.shopify_writes()) <= {"metafieldsSet", "tagsAdd", "tagsRemove"}
    assert "The claim is declined: Not our parcel." in await world.timeline(case_id)


async def test_a_claim_that_does_not_fit_its_order_says_why(world: World) -> None:
    case_id, _ = await damaged(world, SHIRT, quantity=3)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "3 claimed, 2 were shipped and may still be returned" in seen.waiting_for.what
    assert seen.title == "Damage claim D-17"
    await cancel(world, case_id)
    assert await outcome(world, case_id) == "withdrawn"


async def test_a_warranty_claim_says_for_itself_whether_goods_come_back(world: World) -> None:
    await world.partner(TEXTILES)
    await world.policy(claim_goods_back=True, refund="automatic")
    order = await world.order(SHIRT, SHOE)
    line = (await world.order_in_shopify(order))["lines"][0]
    case_id = await world.claim(
        ClaimRequest(
            kind=ClaimKind.WARRANTY,
            external_reference="W-1",
            order_id=order["order_id"].rpartition("/")[2],
            lines=(ClaimRequestLine(line_item_id=line["id"].rpartition("/")[2], quantity=2),),
            goods_back=False,
        )
    )
    await world.until_status(case_id, "awaiting_partner")
    [asked_for] = await world.partner_cases(TEXTILES)
    assert asked_for["case_type"] == "warranty_claim"
    await world.answer(TEXTILES, "accept")
    assert await outcome(world, case_id) == "closed_refunded"
    assert await world.shopify_writes("returnCreate") == []
