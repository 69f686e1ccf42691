"""How campaigns end: one test per ending, as a sentence."""

from tests.workflows.campaigns import (
    DAY,
    SHIRTS,
    commit,
    expected_of,
    go,
    opened,
    outcome,
    share,
    sold,
    totals,
    until_metaobject,
    until_readiness,
)
from tests.workflows.claims import BOTH
from tests.world import World


@BOTH
async def test_a_campaign_that_its_partner_is_ready_for_and_the_merchant_says_go_to_completes(
    world: World,
) -> None:
    case_id = await opened(world)
    told = await share(world)
    assert expected_of(told) == {"SHIRT-1": 100}
    assert (await world.current(case_id)).status == "awaiting_partner"
    await commit(world, SHIRT_1=100)
    seen = await until_readiness(world, case_id, 1.0)
    assert totals(seen) == {"products": 1, "committed": 1, "expected": 100, "ready": 100}
    await go(world, case_id)
    seen = await world.until_status(case_id, "awaiting_other")
    assert seen.waiting_for is not None
    assert seen.waiting_for.who == "the start"
    await world.sleep(2 * DAY)
    await world.until_status(case_id, "active")
    await sold(world, seen.waiting_for.until or await world.now(), "SHIRT-1", 30)
    assert await outcome(world, case_id) == "completed"
    row = await world.row(case_id)
    assert (row.status, row.outcome) == ("resolved", "completed")
    ended = await world.current(case_id)
    assert ended.detail["sold"] == {
        "orders": 1,
        "committed": 100,
        "sold": 30,
        "oversold": [],
        "oversold_count": 0,
    }
    shown = await until_metaobject(world, "status", "resolved")
    assert "30 sold of 100 pieces committed" in shown["readiness_text"]
    assert shown["readiness"] == "1.0000"
    assert SHIRTS in ended.partners
