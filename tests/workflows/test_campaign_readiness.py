"""How campaigns end: one test per ending, as a sentence."""

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError

from tests.workflows.campaigns import (
    DAY,
    HOUR,
    MARIA,
    SHIRTS,
    SHOES,
    change,
    commit,
    expected_of,
    go,
    opened,
    outcome,
    share,
    shares,
    sold,
    stop,
    totals,
    until_metaobject,
    until_readiness,
)
from tests.workflows.claims import BOTH, refused_as
from tests.workflows.exceptions import cancel
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
    starts = seen.waiting_for.until
    assert starts is not None
    await world.sleep(2 * DAY)
    await world.until_status(case_id, "active")
    await sold(world, starts, "SHIRT-1", 30)
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
        "hidden_before": None,
    }
    shown = await until_metaobject(world, "status", "resolved")
    assert "30 sold of 100 pieces committed" in shown["readiness_text"]
    assert shown["readiness"] == "1.0000"
    assert ended.partners == (SHIRTS,)


@BOTH
async def test_a_stopped_campaign_is_taken_back_from_every_partner_with_a_word(
    world: World,
) -> None:
    case_id = await opened(world, partners=(SHIRTS, SHOES), SHIRT_1=100, SHOE_1=20)
    await share(world, SHOES)
    await commit(world, SHIRT_1=100)
    await stop(world, case_id, "The material is banned.")
    assert await outcome(world, case_id) == "stopped"
    for partner in (SHIRTS, SHOES):
        [left] = await shares(world, partner)
        assert left["products"] == []
        [word] = await world.messages(partner)
        assert (
            "Campaign Spring is stopped: Stopped by operator:maria: The material is banned." in word
        )
        [case] = await world.partner_cases(partner)
        assert case["case_type"] == "campaign_readiness"
        assert case["status"] in {"cancelled", "resolved"}
    row = await world.row(case_id)
    assert (row.status, row.outcome) == ("cancelled", "stopped")
    await until_metaobject(world, "status", "cancelled")


async def test_a_campaign_that_runs_can_still_be_stopped(world: World) -> None:
    case_id = await opened(world)
    await commit(world, SHIRT_1=100)
    await go(world, case_id)
    await world.sleep(2 * DAY + HOUR)
    await world.until_status(case_id, "active")
    await stop(world, case_id)
    assert await outcome(world, case_id) == "stopped"
    [left] = await shares(world, SHIRTS)
    assert left["products"] == []


@BOTH
async def test_a_campaign_nobody_says_go_to_waits_until_its_end_and_expires(world: World) -> None:
    case_id = await opened(world)
    await commit(world, SHIRT_1=40)
    await until_readiness(world, case_id, 0.4)
    await world.sleep(2 * DAY + HOUR)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "go, change or stop: 40 % ready (40 of 100 pieces)" in seen.waiting_for.what
    assert "it was to start on" in seen.waiting_for.what
    assert seen.waiting_for.then.endswith("the campaign expires")
    assert await outcome(world, case_id) == "expired"
    assert (await world.row(case_id)).status == "expired"
    await world.until_notified("expired")
    [kept] = await shares(world, SHIRTS)
    assert expected_of(kept) == {"SHIRT-1": 100}, "what was made ready is not taken back"
    assert [word for word in world.recorder.subjects() if "your word is needed" in word]


async def test_go_may_be_said_after_the_start_and_the_campaign_runs_at_once(world: World) -> None:
    case_id = await opened(world, lasts=2 * DAY)
    await world.sleep(2 * DAY + HOUR)
    await world.until_status(case_id, "awaiting_merchant")
    await go(world, case_id, note="Better late than never.")
    await world.until_status(case_id, "active")
    assert await outcome(world, case_id) == "completed"


async def test_go_is_said_once(world: World) -> None:
    case_id = await opened(world)
    await go(world, case_id)
    assert "said go already" in await refused_as("AlreadyDecided", go(world, case_id))
    assert MARIA in str((await world.current(case_id)).detail["go"])


async def test_the_operators_cancel_is_a_stop(world: World) -> None:
    case_id = await opened(world)
    await share(world)
    await cancel(world, case_id)
    assert await outcome(world, case_id) == "stopped"
    [left] = await shares(world, SHIRTS)
    assert left["products"] == []


async def test_a_closed_campaign_takes_no_word(world: World) -> None:
    case_id = await opened(world)
    await stop(world, case_id)
    assert await outcome(world, case_id) == "stopped"
    with pytest.raises((WorkflowUpdateFailedError, RPCError)):
        await change(world, case_id, title="Another")
