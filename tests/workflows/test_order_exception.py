"""How order exceptions end: one test per ending, as a sentence."""

import pytest

from domain.order_exception.names import Reason
from tests.workflows.claims import BOTH, refused_as
from tests.workflows.exceptions import (
    DAY,
    HOUR,
    LAMP,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    asked,
    cancel,
    decide,
    in_order,
    line,
    line_ids,
    opened_on,
    ordered,
    outcome,
    partners_of,
    says,
    ships,
    shown,
    terms,
    until_held,
    until_written,
)
from tests.world import World


@BOTH
async def test_a_partner_that_dates_its_line_settles_the_exception(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await until_held(world, order, SHIRT_1=5)
    day = await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"
    await until_held(world, order)
    assert (await shown(world, order))["detail"] == {"ship:SHIRT-1": f"{day} × 5"}
    [case] = await world.partner_cases(TEXTILES)
    assert (case["status"], case["case_type"]) == ("resolved", "order_exception")
    row = await world.row(case_id)
    assert (row.status, row.outcome) == ("resolved", "resolved_by_partner")


async def test_each_partner_is_asked_about_its_own_lines_and_released_with_its_word(
    world: World,
) -> None:
    case_id, order = await asked(world, SHIRT, SHOE)
    await until_held(world, order, SHIRT_1=5, SHOE_1=2)
    [shirts] = await world.partner_cases(TEXTILES)
    assert [entry["sku"] for entry in shirts["lines"]] == ["SHIRT-1"]
    await ships(world, order, TEXTILES, "SHIRT-1")
    await until_held(world, order, SHOE_1=2)
    # Its case is closed while the exception goes on with the other.
    await world.until_told(case_id, "SHIRT-1: ships on")
    await world.eventually(
        lambda: world.partner_cases(TEXTILES), lambda found: found[0]["status"] == "resolved"
    )
    await ships(world, order, SHOES, "SHOE-1")
    assert await outcome(world, case_id) == "resolved_by_partner"
    await until_held(world, order)


@BOTH
async def test_what_cannot_be_shipped_is_given_up_by_the_merchant(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await says(world, order, TEXTILES, {"sku": "SHIRT-1", "code": "IR", "note": "Sold out."})
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "5 × SHIRT-1 cannot be shipped (Sold out.)" in seen.waiting_for.what
    await decide(world, case_id, "give_up")
    assert await outcome(world, case_id) == "resolved_by_merchant"
    await until_held(world, order)
    assert (await shown(world, order))["detail"] == {"given_up:SHIRT-1": "given up × 5"}
    [case] = await world.partner_cases(TEXTILES)
    assert "settled by the merchant" in case["resolution"]


async def test_a_substitute_is_the_merchants_to_accept(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    offer = {"sku": "SHIRT-1", "code": "IS", "substitute_sku": "SHIRT-2"}
    await says(world, order, TEXTILES, offer)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "offers SHIRT-2 instead" in seen.waiting_for.what
    await decide(world, case_id, "accept")
    assert await outcome(world, case_id) == "resolved_by_merchant"
    assert (await shown(world, order))["detail"] == {"substitute:SHIRT-1": "SHIRT-2 × 5"}


async def test_a_date_beyond_the_policys_is_the_merchants_to_accept(world: World) -> None:
    case_id, order = await asked(world, SHIRT, accept_dates_within={"hours": 240})
    day = await ships(world, order, TEXTILES, "SHIRT-1", days=30)
    await world.until_status(case_id, "awaiting_merchant")
    await until_held(world, order, SHIRT_1=5)
    await decide(world, case_id, "accept")
    assert await outcome(world, case_id) == "resolved_by_merchant"
    assert (await shown(world, order))["detail"] == {"ship:SHIRT-1": f"{day} × 5"}


async def test_lines_without_a_partner_are_the_merchants(world: World) -> None:
    case_id, order = await asked(world, LAMP)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "1 × LAMP-1 belongs to no partner" in seen.waiting_for.what
    await decide(world, case_id, "resolve", note="Found in the other warehouse.")
    assert await outcome(world, case_id) == "resolved_by_merchant"
    assert await world.grid_writes() == []
    await until_held(world, order)


async def test_the_merchants_word_on_one_line_names_the_outcome_of_all(world: World) -> None:
    case_id, order = await asked(world, SHIRT, LAMP)
    await decide(world, case_id, "give_up", line_ids(order)["LAMP-1"])
    await world.until_status(case_id, "awaiting_partner")
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_merchant"


@BOTH
async def test_an_order_fulfilled_meanwhile_overtakes_the_exception(world: World) -> None:
    case_id, order = await asked(world, SHIRT, hold_late_lines=False)
    await in_order(world, order, "fulfill")
    assert await outcome(world, case_id) == "overtaken"
    [case] = await world.partner_cases(TEXTILES)
    assert case["status"] == "cancelled"
    assert "overtaken" in case["resolution"]
    assert (await world.row(case_id)).status == "cancelled"


async def test_an_order_cancelled_meanwhile_overtakes_the_exception(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await until_held(world, order, SHIRT_1=5)
    await in_order(world, order, "cancel")
    assert await outcome(world, case_id) == "overtaken"
    [case] = await world.partner_cases(TEXTILES)
    assert case["status"] == "cancelled"


async def test_a_line_that_a_partner_settled_before_it_shipped_is_the_partners(
    world: World,
) -> None:
    case_id, order = await asked(world, SHIRT, SHOE, hold_late_lines=False)
    await ships(world, order, TEXTILES, "SHIRT-1")
    await world.until_told(case_id, "SHIRT-1: ships on")
    await in_order(world, order, "fulfill")
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_what_was_shipped_in_part_leaves_the_rest_open(world: World) -> None:
    case_id, order = await asked(world, SHIRT, hold_late_lines=False)
    await in_order(world, order, "fulfill", lines=[{"sku": "SHIRT-1", "quantity": 3}])
    await world.until_told(case_id, "3 × SHIRT-1 shipped or cancelled")
    seen = await line(world, case_id, "SHIRT-1")
    assert (seen["open"], seen["gone"], seen["settled"]) == (2, 3, 0)
    await until_written(world, TEXTILES, "still open: 2 × SHIRT-1")
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_an_order_of_which_nothing_is_left_opens_no_matter(world: World) -> None:
    await partners_of(world, SHIRT)
    order = await ordered(world, SHIRT, fulfill=True)
    case_id = await opened_on(world, order)
    assert await outcome(world, case_id) == "overtaken"
    assert await world.grid_writes() == []


@pytest.mark.parametrize("way", ["operator", "temporal"])
async def test_a_cancelled_case_lets_go_of_the_order_and_the_partner(
    world: World, way: str
) -> None:
    case_id, order = await asked(world, SHIRT)
    await until_held(world, order, SHIRT_1=5)
    if way == "operator":
        await cancel(world, case_id)
    else:
        await world.handle(case_id).cancel()
    assert await outcome(world, case_id) == "overtaken"
    await until_held(world, order)
    [case] = await world.partner_cases(TEXTILES)
    assert case["status"] == "cancelled"


@BOTH
async def test_a_case_the_merchant_leaves_undecided_expires_and_lets_go(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await says(world, order, TEXTILES, {"sku": "SHIRT-1", "code": "IR"})
    await world.until_status(case_id, "awaiting_merchant")
    assert await outcome(world, case_id) == "expired"
    await until_held(world, order)
    await world.until_notified("expired")
    assert (await world.row(case_id)).status == "expired"


async def test_what_shipped_though_no_webhook_said_so_did_not_expire(world: World) -> None:
    case_id, order = await asked(world, LAMP, hold_late_lines=False)
    await world.sleep(HOUR)  # until nothing of the order's beginnings is looked at any more
    world.deliver = False
    await in_order(world, order, "fulfill")
    assert await outcome(world, case_id) == "overtaken"


async def test_a_question_of_a_partner_is_the_merchants_to_answer(world: World) -> None:
    case_id, _ = await asked(world, SHIRT)
    await world.answer(TEXTILES, "request_info", note="Which size?")
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "Which size?" in seen.waiting_for.what
    await decide(world, case_id, "resolve")
    assert await outcome(world, case_id) == "resolved_by_merchant"


# Manual review.


async def test_a_manual_review_asks_the_merchant_first_and_no_partner(world: World) -> None:
    case_id, order = await asked(world, SHIRT, reason=Reason.MANUAL_REVIEW)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "to be reviewed" in seen.waiting_for.what
    await until_held(world, order, SHIRT_1=5)
    await decide(world, case_id, "resolve", note="The address is right.")
    assert await outcome(world, case_id) == "resolved_by_merchant"
    assert await world.grid_writes() == []
    await until_held(world, order)


async def test_a_manual_review_asks_a_partner_on_the_merchants_word(world: World) -> None:
    case_id, order = await asked(world, SHIRT, reason=Reason.MANUAL_REVIEW)
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "ask_partner")
    await world.until_status(case_id, "awaiting_partner")
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


# Priority.


@pytest.mark.parametrize(
    ("more", "priority"),
    [
        ({"tags": ["VIP"]}, "high"),
        ({"number_of_orders": 25}, "high"),
        ({"tags": ["gift"], "number_of_orders": 3}, "normal"),
    ],
)
async def test_the_orders_priority_chooses_the_terms_and_is_the_partners_too(
    world: World, more: dict[str, object], priority: str
) -> None:
    await partners_of(world, SHIRT)
    await terms(world, answer_within={"hours": 72})
    await terms(world, priority="high", answer_within={"hours": 8})
    case_id = await opened_on(world, await ordered(world, SHIRT, **more))
    seen = await world.until_status(case_id, "awaiting_partner")
    assert seen.detail["priority"] == priority
    assert seen.waiting_for is not None
    assert seen.waiting_for.until is not None
    hours = (seen.waiting_for.until - seen.waiting_for.since).total_seconds() / 3600
    assert hours == (8 if priority == "high" else 72)
    assert (await world.partner_case(TEXTILES))["priority"] == priority


# A second case, and the end.


async def test_a_second_case_on_an_order_shows_in_the_place_of_the_first(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await decide(world, case_id, "give_up")
    assert await outcome(world, case_id) == "resolved_by_merchant"
    again = await opened_on(world, order, note="Late once more.")
    assert again == f"{case_id}~2"
    await world.until_status(again, "awaiting_partner")
    await world.eventually(lambda: shown(world, order), lambda found: found["case"] == again)


async def test_a_partners_word_after_the_end_is_a_flagged_line(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await says(world, order, TEXTILES, {"sku": "SHIRT-1", "code": "IR"})
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "give_up")
    assert await outcome(world, case_id) == "resolved_by_merchant"
    await world.write_as_partner(TEXTILES, "We found some after all.")
    told = await world.until_told(case_id, "after the case had ended")
    [entry] = [one for one in await world.entries(case_id) if one.text == told]
    assert (entry.flagged, entry.actor) == (True, f"partner:{TEXTILES}")


async def test_a_case_that_is_ending_takes_no_word(world: World) -> None:
    case_id, _ = await asked(world, SHIRT)
    await world.faults("shopify", api={"down": True})
    await decide(world, case_id, "give_up")
    assert "closed" in await refused_as("CaseClosed", decide(world, case_id, "resolve"))
    await world.faults("shopify")
    assert await outcome(world, case_id) == "resolved_by_merchant"


async def test_words_that_cannot_hold_are_refused_at_once(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    assert "nothing to accept" in await refused_as(
        "InvalidCommand", decide(world, case_id, "accept", line_ids(order)["SHIRT-1"])
    )
    assert "not part of this exception" in await refused_as(
        "InvalidCommand", decide(world, case_id, "give_up", "12345")
    )
    assert "moment has passed" in await refused_as(
        "InvalidCommand", decide(world, case_id, "keep_waiting", until=await world.now() - DAY)
    )
