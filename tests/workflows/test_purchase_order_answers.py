"""What partners answer, early, late, in parts, wrongly; and what the merchant makes of it."""

from typing import Any

import pytest

from domain.failures import INVALID_COMMAND
from tests.workflows.claims import refused_as
from tests.workflows.purchase_orders import SCARF, SHIRT, TEXTILES, Purchase, day, purchased
from tests.world import World


async def one(world: World, **terms: object) -> tuple[Purchase, str]:
    """Five shirts and two scarves with one partner, and the number of their purchase order."""
    made = await purchased(world, SHIRT, SCARF, **terms)
    return made, (await made.sent(TEXTILES))["po_number"]


async def test_a_line_left_out_of_the_first_answer_is_still_open(world: World) -> None:
    made, number = await one(world)
    await made.respond(number, made.said("SHIRT-1", "IA"))
    await made.until_line("SHIRT-1", confirmed=5)
    seen = await world.until_status(made.case_id, "awaiting_partner")
    assert seen.waiting_for is not None
    assert seen.waiting_for.what == "an answer for 1 line"
    await made.respond(number, made.said("SCARF-1", "IA"))
    await world.until_status(made.case_id, "awaiting_other")


async def test_a_partial_answer_ships_in_parts_and_completes(world: World) -> None:
    made, number = await one(world)
    await made.respond(
        number,
        made.said("SHIRT-1", "BP", 3, scheduled_ship_date=day(5)),
        made.said("SCARF-1", "IA"),
    )
    line = await made.until_line("SHIRT-1", confirmed=3, backordered=2)
    assert [(part["quantity"], part["ship_date"]) for part in line["schedule"]] == [
        (3, ""),
        (2, day(5)),
    ]
    await made.shipped(number, "S-1", SHIRT_1=3, SCARF_1=2)
    await made.until_line("SHIRT-1", shipped=3)
    await world.until_status(made.case_id, "awaiting_other")
    await made.shipped(number, "S-2", SHIRT_1=2)
    assert await made.outcome() == "completed"


async def test_responses_that_arrive_in_the_wrong_order_end_where_the_latest_says(
    world: World,
) -> None:
    made, number = await one(world)
    await made.respond(number, made.said("SHIRT-1", "IQ", 2), sequence=2)
    await made.until_line("SHIRT-1", confirmed=2, rejected=3)
    await made.respond(number, made.said("SHIRT-1", "IA"), made.said("SCARF-1", "IA"), sequence=1)
    await made.until_line("SCARF-1", confirmed=2)
    assert (await made.line("SHIRT-1"))["confirmed"] == 2


async def test_what_names_another_line_or_more_than_ordered_is_flagged_shown_and_never_applied(
    world: World,
) -> None:
    made, number = await one(world)
    await made.respond(
        number,
        made.said("999", "IA", 1),
        made.said("SHIRT-1", "IA", 6),
        made.said("SCARF-1", "IA", 2),
    )
    told = await world.until_told(made.case_id, "Not applied")
    assert "line 999 is not in the order; 6 of 5 ordered" in told
    await made.until_line("SCARF-1", confirmed=2)
    assert (await made.line("SHIRT-1"))["open"] == 5
    detail: Any = (await world.current(made.case_id)).detail
    [order] = detail["purchase_orders"]
    [response] = order["responses"]
    assert response["flags"] == ["line 999 is not in the order", "6 of 5 ordered"]
    await world.until_notified("said what does not fit")


async def test_a_response_after_the_end_is_a_flagged_line_in_the_timeline(world: World) -> None:
    made, number = await one(world)
    await made.shipped(number, SHIRT_1=5, SCARF_1=2)
    assert await made.outcome() == "completed"
    await made.respond(number, made.said("SHIRT-1", "IR"))
    await world.delivered()
    entries = await world.entries(made.case_id)
    assert [entry.flagged for entry in entries if "purchase_order.response_received" in entry.text]
    assert (await world.row(made.case_id)).outcome == "completed"


async def test_a_price_within_the_tolerance_passes(world: World) -> None:
    made, number = await one(world, price_tolerance="0.05")
    await made.respond(
        number, made.said("SHIRT-1", "IP", unit_price="31.00"), made.said("SCARF-1", "IA")
    )
    await world.until_status(made.case_id, "awaiting_other")
    assert [line.unit_price for line in (await made.position(number)).lines] == [31, 12]


async def test_a_price_past_the_tolerance_holds_only_once_the_merchant_accepts_it(
    world: World,
) -> None:
    made, number = await one(world)
    await made.respond(
        number, made.said("SHIRT-1", "IP", unit_price="45.00"), made.said("SCARF-1", "IA")
    )
    asked = await made.until_asked("price")
    assert "SHIRT-1 for 45.00 instead of 30.0" in asked["text"]
    assert (await made.position(number)).lines[0].unit_price == 30
    await world.until_status(made.case_id, "awaiting_merchant")
    await made.decide("", ("SHIRT-1", "accept"))
    await world.until_status(made.case_id, "awaiting_other")
    assert (await made.position(number)).lines[0].unit_price == 45


async def test_a_price_the_merchant_rejects_goes_back_as_a_change_with_ours(world: World) -> None:
    made, number = await one(world)
    await made.respond(
        number, made.said("SHIRT-1", "IP", unit_price="45.00"), made.said("SCARF-1", "IA")
    )
    await made.until_asked("price")
    await made.decide("reject")
    change = await made.until_change(TEXTILES)
    assert change["purpose"] == "change"
    [line] = change["lines"]
    assert (line["quantity"], float(line["unit_price"])) == (5, 30.0)
    await made.acknowledge(number)
    await world.until_status(made.case_id, "awaiting_other")
    assert (await made.position(number)).lines[0].unit_price == 30


async def test_a_change_the_partner_refuses_is_the_merchants_again(world: World) -> None:
    made, number = await one(world)
    await made.respond(
        number, made.said("SHIRT-1", "IP", unit_price="45.00"), made.said("SCARF-1", "IA")
    )
    await made.until_asked("price")
    await made.decide("reject")
    await made.until_change(TEXTILES)
    await made.acknowledge(number, refuse="Not at that price.")
    asked = await made.until_asked("change_refused")
    assert "Not at that price." in asked["text"]
    await made.decide("reject")
    again = await made.until_change(TEXTILES, 2)
    assert str(again["change_number"]) == "2"
    await made.acknowledge(number, 2)
    await world.until_status(made.case_id, "awaiting_other")


async def test_a_substitute_is_confirmed_on_the_merchants_word(world: World) -> None:
    made, number = await one(world)
    await made.respond(
        number, made.said("SHIRT-1", "IS", substitute_sku="SHIRT-2"), made.said("SCARF-1", "IA")
    )
    asked = await made.until_asked("substitute")
    assert "would send SHIRT-2 instead of 5 × SHIRT-1" in asked["text"]
    await made.decide("accept")
    await made.until_line("SHIRT-1", confirmed=5, substitute_sku="SHIRT-2")
    await world.until_status(made.case_id, "awaiting_other")


async def test_a_substitute_passes_where_the_policy_says_so(world: World) -> None:
    made, number = await one(world, accept_substitutes=True)
    await made.respond(
        number, made.said("SHIRT-1", "IS", substitute_sku="SHIRT-2"), made.said("SCARF-1", "IA")
    )
    await made.until_line("SHIRT-1", confirmed=5)
    await world.until_status(made.case_id, "awaiting_other")


async def test_a_substitute_the_merchant_does_not_want_is_taken_back(world: World) -> None:
    made, number = await one(world)
    await made.respond(
        number, made.said("SHIRT-1", "IS", substitute_sku="SHIRT-2"), made.said("SCARF-1", "IA")
    )
    await made.until_asked("substitute")
    await made.decide("reject")
    change = await made.until_change(TEXTILES)
    assert (change["purpose"], change["lines"][0]["quantity"]) == ("cancel", 5)
    await made.acknowledge(number)
    await made.until_line("SHIRT-1", cancelled=5)
    await made.shipped(number, SCARF_1=2)
    assert await made.outcome() == "completed"


async def test_an_unknown_code_is_kept_as_it_is_and_asks_the_merchant(world: World) -> None:
    made, number = await one(world)
    await made.respond(
        number, made.said("SHIRT-1", "Q7", note="see letter"), made.said("SCARF-1", "IA")
    )
    asked = await made.until_asked("code")
    assert "code Q7 (see letter)" in asked["text"]
    assert (await made.line("SHIRT-1"))["codes"] == ["Q7: code Q7"]
    await made.decide("wait")
    await world.until_status(made.case_id, "awaiting_partner")
    await made.respond(number, made.said("SHIRT-1", "IA"))
    await world.until_status(made.case_id, "awaiting_other")


async def test_a_date_past_the_limit_is_asked_about_and_a_word_settles_it(world: World) -> None:
    made, number = await one(world)
    await made.respond(
        number,
        made.said("SHIRT-1", "DR", scheduled_ship_date=day(40)),
        made.said("SCARF-1", "DR", scheduled_ship_date=day(2)),
    )
    asked = await made.until_asked("date")
    assert f"5 × SHIRT-1 only on {day(40)}" in asked["text"]
    await made.until_held({"INVENTORY_OUT_OF_STOCK": {"SHIRT-1": 5}})
    await made.decide("accept")
    await world.until_status(made.case_id, "awaiting_other")
    await made.until_held({})


async def test_the_merchant_takes_a_rejected_part_and_the_rest_completes(world: World) -> None:
    made, number = await one(world)
    await made.respond(number, made.said("SHIRT-1", "IQ", 3), made.said("SCARF-1", "IA"))
    asked = await made.until_asked("rejected")
    assert "2 × SHIRT-1 are rejected" in asked["text"]
    await made.decide("", ("SHIRT-1", "accept"))
    await world.until_status(made.case_id, "awaiting_other")
    await made.shipped(number, SHIRT_1=3, SCARF_1=2)
    assert await made.outcome() == "completed"


async def test_a_line_is_given_up_although_nobody_asked(world: World) -> None:
    made, number = await one(world)
    await made.decide("", ("SCARF-1", "give_up"))
    change = await made.until_change(TEXTILES)
    assert change["lines"] == [
        {
            "line_id": made.lines["SCARF-1"],
            "quantity": 2,
            "sku": None,
            "unit_price": None,
            "currency": None,
        }
    ]
    await made.acknowledge(number)
    await made.until_line("SCARF-1", cancelled=2)


async def test_more_shipped_than_ordered_is_flagged(world: World) -> None:
    made, number = await one(world)
    await made.shipped(number, SHIRT_1=7, SCARF_1=2)
    assert await made.outcome() == "completed"
    entries = await world.entries(made.case_id)
    assert [entry.flagged for entry in entries if entry.kind == "shipped"] == [True]


@pytest.mark.parametrize(
    ("choice", "line", "words"),
    [
        ("accept", "", "Nothing is asked now."),
        ("", "SHIRT-1", "Nothing is asked about"),
        ("", "777", "There is no line 777"),
    ],
)
async def test_a_decision_on_what_nobody_asked_is_refused_in_words(
    world: World, choice: str, line: str, words: str
) -> None:
    made, _ = await one(world)
    lines = [(line, "accept")] if line else []
    assert words in await refused_as(INVALID_COMMAND, made.decide(choice, *lines))
