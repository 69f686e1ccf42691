"""How order exceptions end: one test per ending, as a sentence."""

from tests.workflows.claims import BOTH
from tests.workflows.exceptions import (
    SHIRT,
    TEXTILES,
    asked,
    outcome,
    ships,
    shown,
    until_held,
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
