"""Lines of an exception given to another partner, with or without another location; and what is refused."""

from typing import Any

import pytest

from tests.workflows.claims import refused_as
from tests.workflows.exceptions import (
    LAMP,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    asked,
    decide,
    fulfillment_orders,
    held_by_staff,
    in_days,
    line,
    line_ids,
    on_fulfillment_order,
    outcome,
    reassign,
    says,
    service,
    ships,
    until_held,
    until_written,
)
from tests.world import World

SCARF = {"sku": "SCARF-1", "quantity": 1, "vendor": "acme-textiles", "price": "12.00"}


async def places(world: World, order: dict[str, Any]) -> dict[str, str]:
    """SKU -> the location that ships it."""
    return {
        ln["sku"]: one["location"]
        for one in await fulfillment_orders(world, order)
        for ln in one["line_items"]
        if ln["remaining_quantity"]
    }


async def test_a_line_goes_to_another_partner_and_the_first_is_done_with_it(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await world.partner(SHOES)
    await says(world, order, TEXTILES, {"sku": "SHIRT-1", "code": "IR"})
    await world.until_status(case_id, "awaiting_merchant")
    await reassign(world, case_id, SHOES, line_ids(order)["SHIRT-1"])
    await world.until_status(case_id, "awaiting_partner")
    first = (await world.partner_case(TEXTILES))["id"]
    await world.eventually(
        lambda: world.partner_cases(TEXTILES), lambda found: found[0]["status"] == "resolved"
    )
    [case] = await world.partner_cases(TEXTILES)
    assert (case["id"], case["resolution"]) == (first, "The lines are given to another partner.")
    second = await world.partner_case(SHOES)
    assert [entry["sku"] for entry in second["lines"]] == ["SHIRT-1"]
    await ships(world, order, SHOES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"
    assert await world.shopify_writes("fulfillmentOrderMove") == []


async def test_a_line_of_nobody_is_given_to_a_partner(world: World) -> None:
    case_id, order = await asked(world, LAMP)
    await world.partner(TEXTILES)
    await reassign(world, case_id, TEXTILES, line_ids(order)["LAMP-1"], note="They have lamps.")
    await world.until_status(case_id, "awaiting_partner")
    await ships(world, order, TEXTILES, "LAMP-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_a_partner_keeps_its_other_lines_and_hears_what_is_gone(world: World) -> None:
    case_id, order = await asked(world, SHIRT, SCARF)
    await world.partner(SHOES)
    await reassign(world, case_id, SHOES, line_ids(order)["SCARF-1"])
    await until_written(world, TEXTILES, "No longer asked of you: 1 × SCARF-1")
    day = in_days(4, await world.now()).isoformat()
    await says(world, order, TEXTILES, {"sku": "SCARF-1", "code": "DR", "ship_date": day})
    await world.until_told(case_id, "not applied")
    await ships(world, order, TEXTILES, "SHIRT-1")
    await ships(world, order, SHOES, "SCARF-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_a_partner_that_gets_more_lines_gets_a_case_with_all_that_is_open(
    world: World,
) -> None:
    case_id, order = await asked(world, SHIRT, SHOE)
    await says(world, order, TEXTILES, {"sku": "SHIRT-1", "code": "IR"})
    await world.until_status(case_id, "awaiting_merchant")
    await reassign(world, case_id, SHOES, line_ids(order)["SHIRT-1"])
    found = await world.eventually(
        lambda: world.partner_cases(SHOES), lambda found: found if len(found) == 2 else None
    )
    assert sorted(entry["sku"] for entry in found[1]["lines"]) == ["SHIRT-1", "SHOE-1"]
    await world.eventually(
        lambda: world.partner_cases(SHOES), lambda found: found[0]["status"] == "cancelled"
    )
    day = in_days(4, await world.now()).isoformat()
    ids = line_ids(order)
    entries = [{"line_id": ids[sku], "ship_date": day} for sku in ("SHIRT-1", "SHOE-1")]
    await world._post(
        world.trading_grid,
        f"/_emulator/cases/{found[1]['id']}/answer",
        {"kind": "accept", "lines": entries},
    )
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_a_line_ships_from_another_location_and_stays_held_meanwhile(world: World) -> None:
    case_id, order = await asked(world, SHIRT, SHOE)
    await until_held(world, order, SHIRT_1=5, SHOE_1=2)
    await world.partner("other-mill")
    hamburg = (await world.location("Hamburg")).rpartition("/")[2]
    await reassign(world, case_id, "other-mill", line_ids(order)["SHIRT-1"], location_id=hamburg)
    await world.until_told(case_id, "5 × SHIRT-1 given to Other Mill")
    moved = await places(world, order)
    assert (moved["SHIRT-1"], moved["SHOE-1"] == "Hamburg") == ("Hamburg", False)
    await until_held(world, order, SHIRT_1=5, SHOE_1=2)
    assert (await line(world, case_id, "SHIRT-1"))["gone"] == 0
    await ships(world, order, "other-mill", "SHIRT-1")
    await ships(world, order, SHOES, "SHOE-1")
    assert await outcome(world, case_id) == "resolved_by_partner"
    await until_held(world, order)


async def test_the_same_partner_ships_from_another_location(world: World) -> None:
    case_id, order = await asked(world, SHIRT, hold_late_lines=False)
    hamburg = (await world.location("Hamburg")).rpartition("/")[2]
    await reassign(world, case_id, TEXTILES, line_ids(order)["SHIRT-1"], location_id=hamburg)
    await world.until_told(case_id, "Moved in Shopify: 5 × SHIRT-1")
    assert await places(world, order) == {"SHIRT-1": "Hamburg"}
    await world.eventually(lambda: world.partner_cases(TEXTILES), lambda found: len(found) == 2)


async def test_a_line_that_is_there_already_is_not_moved(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await world.partner(SHOES)
    here = (await line(world, case_id, "SHIRT-1"))["location"]
    await reassign(world, case_id, SHOES, line_ids(order)["SHIRT-1"], location_id=here)
    await world.partner_case(SHOES)
    assert await world.shopify_writes("fulfillmentOrderMove") == []


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_line_requested_of_a_fulfillment_service_is_not_moved_and_not_reassigned(
    world: World, accepted: bool
) -> None:
    case_id, order = await asked(world, SHIRT | await service(world), hold_late_lines=False)
    await world.partner(SHOES)
    await on_fulfillment_order(world, order, "submit")
    if accepted:
        await on_fulfillment_order(world, order, "accept")
    hamburg = (await world.location("Hamburg")).rpartition("/")[2]
    await reassign(world, case_id, SHOES, line_ids(order)["SHIRT-1"], location_id=hamburg)
    told = await world.until_told(case_id, f"Not given to {SHOES}")
    assert ("has been accepted" if accepted else "has been requested") in told
    [entry] = [one for one in await world.entries(case_id) if one.text == told]
    assert entry.flagged
    await world.until_notified("a reassign was refused")
    assert (await line(world, case_id, "SHIRT-1"))["partner"] == TEXTILES
    assert await world.partner_cases(SHOES) == []
    assert await world.shopify_writes("fulfillmentOrderMove") == []
    # The first partner's word still counts.
    await ships(world, order, TEXTILES, "SHIRT-1")
    assert await outcome(world, case_id) == "resolved_by_partner"


async def test_what_somebody_else_holds_is_not_moved_and_their_hold_stays(world: World) -> None:
    case_id, order = await asked(world, SHIRT, hold_late_lines=False)
    await world.partner(SHOES)
    await held_by_staff(world, order, reason="INCORRECT_ADDRESS")
    hamburg = (await world.location("Hamburg")).rpartition("/")[2]
    await reassign(world, case_id, SHOES, line_ids(order)["SHIRT-1"], location_id=hamburg)
    told = await world.until_told(case_id, f"Not given to {SHOES}")
    assert "held by somebody else" in told
    [one] = await fulfillment_orders(world, order)
    assert [hold["reason"] for hold in one["holds"]] == ["INCORRECT_ADDRESS"]


async def test_nobody_gets_lines_who_is_not_known_or_not_active(world: World) -> None:
    case_id, order = await asked(world, SHIRT)
    await reassign(world, case_id, "who-is-that", line_ids(order)["SHIRT-1"])
    assert "is not known here" in await world.until_told(case_id, "Not given to who-is-that")
    assert (await line(world, case_id, "SHIRT-1"))["partner"] == TEXTILES


async def test_a_reassign_that_cannot_be_is_refused_at_once(world: World) -> None:
    case_id, order = await asked(world, SHIRT, SHOE)
    ids = line_ids(order)
    assert "already" in await refused_as(
        "InvalidCommand", reassign(world, case_id, TEXTILES, ids["SHIRT-1"])
    )
    assert "not part" in await refused_as(
        "InvalidCommand", reassign(world, case_id, SHOES, "12345")
    )
    await decide(world, case_id, "give_up", ids["SHIRT-1"])
    assert "not open any more" in await refused_as(
        "InvalidCommand", reassign(world, case_id, SHOES, ids["SHIRT-1"])
    )
