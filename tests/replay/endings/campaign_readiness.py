"""How campaigns end, each played to its close. Times are short, since the dev server's clock is the real one."""

from datetime import timedelta
from typing import Any

from tests.replay.endings.return_claim import quiet
from tests.replay.recording import Play
from tests.workflows.campaigns import (
    DAY,
    SHIRTS,
    SHOES,
    commit,
    furnished,
    given,
    go,
    opened,
    plan,
    plan_file,
    planned_in_shopify,
    say,
    share,
    stop,
    terms,
    until_expected,
    until_metaobject,
    until_readiness,
    window,
)
from tests.world import SHOP, World

SECOND = timedelta(seconds=1)
SHORT: dict[str, Any] = {"gates": [], "wrap_up_after": {"hours": 1 / 3600}}


async def ready_and_sold(world: World) -> str:
    case_id = await opened(world, starts=24 * SECOND, lasts=3 * SECOND, policy=SHORT)
    await share(world)
    await quiet(world, case_id)
    await commit(world, SHIRT_1=100)
    await until_readiness(world, case_id, 1.0)
    await quiet(world, case_id)
    await go(world, case_id)
    return case_id


async def went_by_itself_after_a_gate(world: World) -> str:
    policy = SHORT | {"gates": [{"hours": 4 / 3600}], "auto_go": True}
    case_id = await opened(world, starts=24 * SECOND, lasts=3 * SECOND, policy=policy)
    await share(world)
    await commit(world, SHIRT_1=100)
    return case_id


async def nobody_said_go(world: World) -> str:
    # Time enough to be shared on a busy machine.
    case_id = await opened(world, starts=20 * SECOND, lasts=4 * SECOND, policy=SHORT)
    await share(world)
    return case_id


async def stopped_with_two_partners(world: World) -> str:
    case_id = await opened(world, starts=DAY, partners=(SHIRTS, SHOES), SHIRT_1=100, SHOE_1=20)
    await share(world, SHOES)
    await quiet(world, case_id)
    issue = {"code": "dye", "text": "The red is off.", "severity": "urgent"}
    await say(world, SHIRTS, {"sku": "SHIRT-1", "status": "at_risk"}, issues=(issue,))
    await world.until_notified("brings something up")
    await quiet(world, case_id)
    await stop(world, case_id)
    return case_id


async def changed_and_told_again(world: World) -> str:
    when = await window(world, starts=DAY)
    await furnished(world, "SHIRT-1", "SHIRT-2")
    case_id = await given(world, plan(when, SHIRT_1=100, SHIRT_2=50))
    await share(world)
    await commit(world, SHIRT_1=100, SHIRT_2=50)
    await until_readiness(world, case_id, 1.0)
    await quiet(world, case_id)
    await given(world, plan(when, SHIRT_1=100, SHIRT_2=70))
    await until_expected(world, SHIRTS, SHIRT_1=100, SHIRT_2=70)
    await quiet(world, case_id)
    await stop(world, case_id)
    return case_id


async def planned_in_shopify_and_mended(world: World) -> str:
    await furnished(world, "SHIRT-1")
    await terms(world, **SHORT)
    metaobject_id = await planned_in_shopify(world, title="Spring")
    case_id = f"campaign-readiness:{SHOP}:{metaobject_id}"
    await world.until_status(case_id, "awaiting_merchant")
    await quiet(world, case_id)
    when = await window(world, starts=DAY)
    file_id = await plan_file(world, "sku,expected_quantity\nSHIRT-1,10\n")
    await planned_in_shopify(
        world,
        starts_at=when.starts_at.isoformat(),
        ends_at=when.ends_at.isoformat(),
        plan=file_id,
    )
    await until_expected(world, SHIRTS, SHIRT_1=10)
    await until_metaobject(world, "readiness_text", "0 % ready")
    await quiet(world, case_id)
    await stop(world, case_id)
    return case_id


ENDINGS: dict[str, Play] = {
    play.__name__: play
    for play in (
        ready_and_sold,
        went_by_itself_after_a_gate,
        nobody_said_go,
        stopped_with_two_partners,
        changed_and_told_again,
        planned_in_shopify_and_mended,
    )
}
