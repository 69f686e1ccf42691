"""Claims that end early: Shopify decided otherwise, or somebody gave them up."""

from datetime import UTC, timedelta

import pytest

from tests.workflows.claims import (
    BOTH,
    HOUR,
    SHIRT,
    SHOE,
    TEXTILES,
    asked,
    cancel,
    decide,
    opened,
    outcome,
    refused_as,
    return_of,
    write,
)
from tests.world import World


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("cancel", "The return was canceled in Shopify."),
        ("decline", "The return was declined in Shopify."),
        ("approve", "The return was approved in Shopify."),
    ],
)
async def test_what_is_decided_in_shopify_meanwhile_withdraws_the_claim(
    world: World, action: str, words: str
) -> None:
    case_id = await asked(world, SHIRT)
    await world.in_shopify(return_of(case_id), action)
    assert await outcome(world, case_id) == "withdrawn"
    row = await world.row(case_id)
    assert (row.status, row.outcome) == ("cancelled", "withdrawn")
    assert words in await world.timeline(case_id)
    [case] = await world.partner_cases(TEXTILES)
    assert case["status"] == "cancelled"
    assert words in case["resolution"]
    assert await world.shopify_writes("returnApproveRequest", "returnDeclineRequest") == []


@pytest.mark.parametrize("action", ["close", "process"])
async def test_what_is_settled_in_shopify_while_goods_are_waited_for_withdraws_the_claim(
    world: World, action: str
) -> None:
    case_id = await asked(world, SHIRT, refund="automatic")
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    body = {"lines": [{"sku": "SHIRT-1", "quantity": 2}], "refund": True}
    await world.in_shopify(return_of(case_id), action, **(body if action == "process" else {}))
    assert await outcome(world, case_id) == "withdrawn"
    assert await world.shopify_writes("returnProcess") == []


async def test_a_return_processed_while_the_refund_is_asked_about_withdraws_the_claim(
    world: World,
) -> None:
    case_id = await asked(world, SHIRT)
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.receive_all(TEXTILES)
    await world.until_status(case_id, "awaiting_merchant")
    await world.in_shopify(
        return_of(case_id), "process", lines=[{"sku": "SHIRT-1", "quantity": 2}], refund=True
    )
    assert await outcome(world, case_id) == "withdrawn"
    assert await world.shopify_writes("returnProcess") == []


async def test_a_return_that_was_decided_before_it_was_read_is_not_reviewed(world: World) -> None:
    await world.partner(TEXTILES)
    await world.faults("shopify", webhooks={"delay_s": 0.5})
    order = await world.order(SHIRT)
    return_id = await world.request_return(order, {"sku": "SHIRT-1", "quantity": 2})
    await world.faults("shopify")
    await world.switch("pause", lifecycle="return_claim")
    case_id = world.case_id(return_id)
    await world.eventually(lambda: world.row_or_none(case_id), lambda row: row is not None)
    await world.in_shopify(return_id, "cancel")
    await world.switch("pause", on=False, lifecycle="return_claim")
    assert await outcome(world, case_id) == "withdrawn"
    assert await world.partner_cases(TEXTILES) == []


async def test_when_the_customer_withdraws_every_line_the_claim_ends(world: World) -> None:
    await world.partner(TEXTILES)
    await world.policy(open_on_open_return=True)
    case_id = await opened(world, SHIRT, SHOE, open=True)
    await world.until_status(case_id, "awaiting_partner")
    # Shopify keeps the last piece of a return; with the return it goes.
    await world.in_shopify(return_of(case_id), "remove-line", sku="SHIRT-1", quantity=2)
    await world.until_told(case_id, "SHIRT-1 was taken out.")
    await world.in_shopify(return_of(case_id), "cancel")
    assert await outcome(world, case_id) == "withdrawn"


@BOTH
async def test_an_operators_cancel_closes_the_partners_case_and_undoes_nothing(
    world: World,
) -> None:
    case_id = await asked(world, SHIRT)
    await cancel(world, case_id)
    assert await outcome(world, case_id) == "withdrawn"
    [case] = await world.partner_cases(TEXTILES)
    assert case["status"] == "cancelled"
    assert (await world.return_in_shopify(return_of(case_id)))["status"] == "REQUESTED"
    told = await world.timeline(case_id)
    assert "Cancelled by operator:maria: opened by mistake" in told


@BOTH
async def test_temporals_own_cancel_is_the_operators(world: World) -> None:
    case_id = await asked(world, SHIRT)
    await world.handle(case_id).cancel()
    assert await outcome(world, case_id) == "withdrawn"
    [case] = await world.partner_cases(TEXTILES)
    assert case["status"] == "cancelled"
    row = await world.row(case_id)
    assert (row.status, row.outcome) == ("cancelled", "withdrawn")
    assert "Cancelled in Temporal." in await world.timeline(case_id)


async def test_temporals_cancel_while_goods_are_waited_for_ends_the_claim_whole(
    world: World,
) -> None:
    case_id = await asked(world, SHIRT)
    await world.answer(TEXTILES, "accept")
    await world.until_status(case_id, "awaiting_other")
    await world.handle(case_id).cancel()
    assert await outcome(world, case_id) == "withdrawn"
    assert (await world.row(case_id)).outcome == "withdrawn"
    assert [case["status"] for case in await world.partner_cases(TEXTILES)] == ["resolved"]


@pytest.mark.parametrize("by", ["operator", "temporal"])
async def test_a_cancel_gives_up_a_write_that_is_only_being_tried_again(
    world: World, by: str
) -> None:
    case_id = await asked(world, SHIRT, show_on_order=False)
    await world.faults("shopify", api={"down": True})
    await decide(world, case_id, "approve")
    await world.until_status(case_id, "applying")
    await world.sleep(HOUR)
    if by == "operator":
        await cancel(world, case_id)
    else:
        await world.handle(case_id).cancel()
    began = await world.now()
    assert await outcome(world, case_id) == "withdrawn"
    last = (await world.history(case_id)).events[-1].event_time.ToDatetime(UTC)
    assert last - began < timedelta(minutes=5)
    await world.faults("shopify")
    assert (await world.return_in_shopify(return_of(case_id)))["status"] == "REQUESTED"


async def test_a_cancel_while_the_claim_is_read_asks_no_partner(world: World) -> None:
    await world.partner(TEXTILES)
    await world.switch("pause", lifecycle="return_claim")
    case_id = await opened(world, SHIRT)
    await world.until_status(case_id, "opening")
    await world.eventually(
        lambda: world.current(case_id), lambda seen: seen if seen.paused else None
    )
    await world.handle(case_id).cancel()
    assert await outcome(world, case_id) == "withdrawn"
    assert await world.grid_writes() == []


async def test_an_opening_whose_answer_was_lost_is_found_and_closed_on_cancel(world: World) -> None:
    await world.partner(TEXTILES)
    await world.policy(show_on_order=False)
    await world.faults("trading_grid", api={"lost_answer_rate": 1.0})
    case_id = await opened(world, SHIRT)
    await world.eventually(lambda: world.partner_cases(TEXTILES), lambda found: len(found) == 1)
    await world.faults("trading_grid", api={"down": True})
    await cancel(world, case_id)
    await world.sleep(timedelta(minutes=5))
    await world.faults("trading_grid")
    assert await outcome(world, case_id) == "withdrawn"
    assert [case["status"] for case in await world.partner_cases(TEXTILES)] == ["cancelled"]


async def test_nothing_can_be_asked_of_a_claim_that_is_being_ended(world: World) -> None:
    case_id = await asked(world, SHIRT, show_on_order=False)
    await world.faults("trading_grid", api={"down": True})
    await cancel(world, case_id)
    await refused_as("CaseClosed", cancel(world, case_id))
    await refused_as("CaseClosed", decide(world, case_id, "approve"))
    await refused_as("CaseClosed", write(world, case_id, TEXTILES, "Hello?"))
    await world.faults("trading_grid")
    assert await outcome(world, case_id) == "withdrawn"
