"""What partners say of the lines of an exception, what becomes of a silent one, and of words that come late."""

from typing import Any

import pytest

from tests.workflows.claims import extend, nudge
from tests.workflows.exceptions import (
    DAY,
    HOUR,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    asked,
    decide,
    in_days,
    line,
    line_ids,
    outcome,
    says,
    ships,
    shown,
    until_held,
    until_written,
)
from tests.world import World

SHORT: dict[str, Any] = {"answer_within": {"hours": 10}, "reminders": (0.5,), "escalate_at": 0.8}
# The same vendor twice: one partner with two lines.
SCARF = {"sku": "SCARF-1", "quantity": 1, "vendor": "acme-textiles", "price": "12.00"}


async def test_a_part_that_ships_at_once_is_released_and_the_rest_follows_its_date(
    world: World,
) -> None:
    case_id, order = await asked(world, SHIRT, accept_dates_within={"hours": 240})
    await until_held(world, order, SHIRT_1=5)
    late = in_days(40, await world.now()).isoformat()
    part = {"sku": "SHIRT-1", "code": "BP", "quantity": 2, "ship_date": late}
    await says(world, order, TEXTILES, part)
    await until_held(world, order, SHIRT_1=3)
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "accept")
    assert await outcome(world, case_id) == "resolved_by_merchant"
    assert (await shown(world, order))["detail"] == {"ship:SHIRT-1": f"at once × 2, {late} × 3"}


async def test_accepting_wants_dates_and_the_partner_is_told(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await world.answer(TEXTILES, "accept")
    await world.until_told(case_id, "not applied")
    await until_written(world, TEXTILES, "say on which date it ships")
    day = in_days(3, await world.now()).isoformat()
    entry = {"line_id": line_ids(order)["SHIRT-1"], "ship_date": day}
    await world.answer(TEXTILES, "accept", lines=[entry])
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_declining_leaves_every_line_to_the_merchant(world: World) -> None:
    case_id, _ = await asked(world, SHIRT, SCARF)
    await world.answer(TEXTILES, "decline", note="The mill burnt down.")
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert seen.waiting_for.what.count("The mill burnt down.") == 2


async def test_an_unknown_code_is_kept_and_shown_to_the_merchant(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await says(world, order, TEXTILES, {"sku": "SHIRT-1", "code": "ZZ", "note": "see mail"})
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "answered with code ZZ (see mail)" in seen.waiting_for.what
    said = (await line(world, case_id, "SHIRT-1"))["said"]
    assert (said["code"], said["offer"]) == ("ZZ", "unclear")


@pytest.mark.parametrize(
    "wrong",
    [
        {"sku": "SHIRT-1", "code": "DR"},
        {"sku": "SHIRT-1", "code": "BP", "quantity": 9, "ship_date": "2099-01-01"},
        {"sku": "SHIRT-1", "code": "DR", "ship_date": "2020-01-01"},
    ],
)
async def test_an_answer_that_cannot_be_is_not_applied_and_asked_for_again(
    world: World, wrong: dict[str, object]
) -> None:
    case_id, order = await asked(world, SHIRT)
    await says(world, order, TEXTILES, wrong)
    await world.until_told(case_id, "not applied")
    assert (await line(world, case_id, "SHIRT-1"))["said"] is None
    await until_written(world, TEXTILES, "could not be taken")
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_lines_left_out_of_an_answer_stay_open_and_are_asked_for(world: World) -> None:
    case_id, order = await asked(world, SHIRT, SCARF)
    await ships(world, order, TEXTILES, "SHIRT-1")
    await until_held(world, order, SCARF_1=1)
    await until_written(world, TEXTILES, "Still open: 1 × SCARF-1")
    seen = await world.until_status(case_id, "awaiting_partner")
    assert seen.waiting_for is not None
    assert seen.waiting_for.what == "an answer for 1 line"
    await ships(world, order, TEXTILES, "SCARF-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_a_partner_that_answers_in_part_still_has_its_deadline(world: World) -> None:
    case_id, order = await asked(world, SHIRT, SCARF, **SHORT)
    await ships(world, order, TEXTILES, "SHIRT-1")
    await world.until_told(case_id, "SHIRT-1: ships on")
    await world.sleep(11 * HOUR)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "1 × SCARF-1 no answer in time" in seen.waiting_for.what


async def test_a_later_answer_replaces_the_earlier_one_until_the_line_is_settled(
    world: World,
) -> None:
    case_id, order = await asked(world, SHIRT, SHOE)
    await says(world, order, TEXTILES, {"sku": "SHIRT-1", "code": "IR"})
    await world.until_status(case_id, "awaiting_merchant")
    await ships(world, order, TEXTILES, "SHIRT-1")
    await world.until_status(case_id, "awaiting_partner")
    assert (await line(world, case_id, "SHIRT-1"))["settled"] == 5
    # All it was asked is settled, its case is closed: what comes now changes nothing and is seen.
    await world.eventually(
        lambda: world.partner_cases(TEXTILES), lambda found: found[0]["status"] == "resolved"
    )
    await world.write_as_partner(TEXTILES, "Sorry, we cannot.")
    await world.until_told(case_id, "whose case is being closed")
    await ships(world, order, SHOES, "SHOE-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_a_word_on_a_settled_line_is_flagged_and_not_applied(world: World) -> None:
    case_id, order = await asked(world, SHIRT, SCARF)
    day = await ships(world, order, TEXTILES, "SHIRT-1")
    await world.until_told(case_id, "SHIRT-1: ships on")
    await says(
        world,
        order,
        TEXTILES,
        {"sku": "SHIRT-1", "code": "IR"},
        {"sku": "SCARF-1", "code": "DR", "ship_date": day},
    )
    assert await outcome(world, case_id) == "resolved_by_partner"
    told = await world.until_told(case_id, "it is settled already")
    [entry] = [one for one in await world.entries(case_id) if one.text == told]
    assert entry.flagged


# Silence.


@pytest.mark.parametrize("at_deadline", ["ask_merchant", "decline", "approve_under"])
async def test_a_silent_partner_is_reminded_then_escalated_then_the_merchant_is_asked(
    world: World, at_deadline: str
) -> None:
    case_id, order = await asked(world, SHIRT, **SHORT, at_deadline=at_deadline)
    await world.sleep(6 * HOUR)
    await world.until_told(case_id, "was reminded")
    await world.sleep(5 * HOUR)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "no answer in time" in seen.waiting_for.what
    assert ("cannot be shipped" in seen.waiting_for.what) == (at_deadline == "decline")
    assert seen.escalated == 2
    # A late answer still counts.
    await ships(world, order, TEXTILES, "SHIRT-1", days=10)
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_a_policy_that_keeps_waiting_asks_no_merchant(world: World) -> None:
    case_id, order = await asked(world, SHIRT, **SHORT, at_deadline="keep")
    await world.sleep(20 * DAY)
    seen = await world.until_status(case_id, "awaiting_partner")
    assert seen.waiting_for is not None
    assert "the wait goes on" in seen.waiting_for.then
    await ships(world, order, TEXTILES, "SHIRT-1", days=40)
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_the_merchant_keeps_waiting_for_a_silent_partner(world: World) -> None:
    case_id, order = await asked(world, SHIRT, **SHORT)
    await world.sleep(11 * HOUR)
    await world.until_status(case_id, "awaiting_merchant")
    until = await world.now() + 5 * DAY
    await decide(world, case_id, "keep_waiting", until=until)
    seen = await world.until_status(case_id, "awaiting_partner")
    assert seen.waiting_for is not None
    assert seen.waiting_for.until == until
    await until_written(world, TEXTILES, "Please look again at 5 × SHIRT-1")
    await ships(world, order, TEXTILES, "SHIRT-1", days=10)
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_the_merchant_asks_again_after_a_refusal(world: World) -> None:
    case_id, order = await asked(world, SHIRT, **SHORT)
    await says(world, order, TEXTILES, {"sku": "SHIRT-1", "code": "IR"})
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "keep_waiting")
    seen = await world.until_status(case_id, "awaiting_partner")
    assert seen.waiting_for is not None
    # Its time counts anew, with its reminders and its end.
    await world.sleep(11 * HOUR)
    await world.until_status(case_id, "awaiting_merchant")
    await ships(world, order, TEXTILES, "SHIRT-1", days=10)
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_a_partner_that_closed_its_case_is_asked_in_another_one(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    case = await world.partner_case(TEXTILES)
    await world.trading_grid.post(f"/_emulator/cases/{case['id']}/close", json={})
    await world.until_status(case_id, "awaiting_merchant")
    await decide(world, case_id, "keep_waiting")
    await world.until_status(case_id, "awaiting_partner")
    found = await world.eventually(
        lambda: world.partner_cases(TEXTILES), lambda found: found if len(found) == 2 else None
    )
    day = in_days(3, await world.now()).isoformat()
    entry = {"line_id": line_ids(order)["SHIRT-1"], "code": "DR", "ship_date": day}
    await world._post(
        world.trading_grid,
        f"/_emulator/cases/{found[1]['id']}/answer",
        {"kind": "partial", "lines": [entry]},
    )
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_a_partner_gets_more_time_and_a_word(world: World) -> None:
    case_id, _ = await asked(world, SHIRT, **SHORT)
    await nudge(world, case_id, TEXTILES)
    until = await world.now() + 3 * DAY
    await extend(world, case_id, TEXTILES, until)
    seen = await world.eventually(
        lambda: world.current(case_id),
        lambda seen: seen if seen.waiting_for and seen.waiting_for.until == until else None,
    )
    assert seen.status == "awaiting_partner"
    await until_written(world, TEXTILES, "A reminder")
