"""How order exceptions end, each played to its close. Times are short, since the dev server's clock is the real one."""

from typing import Any

from domain import operator
from domain.order_exception.names import Reason
from tests.replay.endings.return_claim import quiet
from tests.replay.recording import Play
from tests.workflows.exceptions import (
    LAMP,
    MARIA,
    SHIRT,
    SHOE,
    SHOES,
    TEXTILES,
    asked,
    decide,
    in_order,
    line_ids,
    opened_on,
    reassign,
    says,
    ships,
    until_held,
)
from tests.world import World

SOON = {"hours": 3 / 3600}
LONG = {"hours": 72}
CANNOT = {"sku": "SHIRT-1", "code": "IR", "note": "Sold out."}


async def late(
    world: World, *lines: dict[str, Any], reason: Reason = Reason.LATE, **terms: Any
) -> tuple[str, dict[str, Any]]:
    """A case with nothing under way."""
    case_id, order = await asked(world, *lines, reason=reason, **terms)
    await quiet(world, case_id)
    return case_id, order


async def dated_by_the_partner(world: World) -> str:
    case_id, order = await late(world, SHIRT)
    await ships(world, order, TEXTILES, "SHIRT-1")
    return case_id


async def part_at_once_and_the_rest_accepted(world: World) -> str:
    case_id, order = await late(world, SHIRT, accept_dates_within={"hours": 240})
    part = {"sku": "SHIRT-1", "code": "BP", "quantity": 2, "ship_date": "2099-01-04"}
    await says(world, order, TEXTILES, part)
    await until_held(world, order, SHIRT_1=3)
    await quiet(world, case_id)
    await decide(world, case_id, "accept")
    return case_id


async def given_up_and_kept_on_hold(world: World) -> str:
    case_id, order = await late(world, SHIRT)
    await says(world, order, TEXTILES, CANNOT)
    await world.until_status(case_id, "awaiting_merchant")
    await quiet(world, case_id)
    await decide(world, case_id, "give_up", keep_hold=True)
    return case_id


async def silence_and_nobody_decides(world: World) -> str:
    case_id, _ = await asked(
        world,
        SHIRT,
        answer_within=SOON,
        reminders=[],
        merchant_within=SOON,
        merchant_reminders=[0.5],
    )
    return case_id


async def waited_for_again(world: World) -> str:
    case_id, order = await late(world, SHIRT)
    await says(world, order, TEXTILES, CANNOT)
    await world.until_status(case_id, "awaiting_merchant")
    await quiet(world, case_id)
    await decide(world, case_id, "keep_waiting")
    await world.until_status(case_id, "awaiting_partner")
    await quiet(world, case_id)
    await ships(world, order, TEXTILES, "SHIRT-1")
    return case_id


async def reviewed_then_asked(world: World) -> str:
    case_id, order = await late(world, SHIRT, reason=Reason.MANUAL_REVIEW)
    await decide(world, case_id, "ask_partner")
    await world.partner_case(TEXTILES)
    await quiet(world, case_id)
    await ships(world, order, TEXTILES, "SHIRT-1")
    return case_id


async def given_to_another_partner_and_place(world: World) -> str:
    case_id, order = await late(world, SHIRT, answer_within=LONG)
    await world.partner(SHOES)
    place = (await world.location("Hamburg")).rpartition("/")[2]
    await reassign(world, case_id, SHOES, line_ids(order)["SHIRT-1"], location_id=place)
    await world.partner_case(SHOES)
    await until_held(world, order, SHIRT_1=5)
    await quiet(world, case_id)
    await ships(world, order, SHOES, "SHIRT-1")
    return case_id


async def more_of_it_late(world: World) -> str:
    case_id, order = await late(world, SHIRT | {"location": "Berlin"}, SHOE)
    await ships(world, order, SHOES, "SHOE-1")
    await quiet(world, case_id)
    await in_order(world, order, "edit", add=[LAMP])
    await opened_on(world, order, Reason.SHORT_SHIPPED)
    await world.until_status(case_id, "awaiting_merchant")
    await quiet(world, case_id)
    await decide(world, case_id, "resolve")
    return case_id


async def shipped_meanwhile(world: World) -> str:
    case_id, order = await late(world, SHIRT, hold_late_lines=False)
    await in_order(world, order, "fulfill")
    return case_id


async def exception_cancelled_by_the_merchant(world: World) -> str:
    case_id, _ = await late(world, SHIRT)
    await world.update(
        case_id, operator.CANCEL, operator.Cancel(actor=MARIA, reason="Settled by phone.")
    )
    return case_id


async def exception_cancelled_in_temporal(world: World) -> str:
    case_id, _ = await late(world, SHIRT)
    await world.handle(case_id).cancel()
    return case_id


ENDINGS: dict[str, Play] = {
    play.__name__: play
    for play in (
        dated_by_the_partner,
        part_at_once_and_the_rest_accepted,
        given_up_and_kept_on_hold,
        silence_and_nobody_decides,
        waited_for_again,
        reviewed_then_asked,
        given_to_another_partner_and_place,
        more_of_it_late,
        shipped_meanwhile,
        exception_cancelled_by_the_merchant,
        exception_cancelled_in_temporal,
    )
}
