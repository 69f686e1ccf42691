"""The gates before a campaign's start: who is reminded, what is escalated, when the merchant is asked, and when not."""

from datetime import datetime
from typing import Any

from domain.operator import Retry
from tests.workflows.campaigns import (
    DAY,
    HOUR,
    MARIA,
    SHIRTS,
    SHOES,
    change,
    commit,
    furnished,
    given,
    go,
    metaobjects,
    opened,
    outcome,
    plan,
    planned_in_shopify,
    say,
    share,
    shares,
    stop,
    until_metaobject,
    until_readiness,
    window,
)
from tests.workflows.claims import BOTH
from tests.world import World

GATES: dict[str, Any] = {
    "gates": [{"hours": 30}, {"hours": 10}],
    "answer_within": {"hours": 400},
}
"""Two gates in the two days before the start, and partners that are not reminded but at them."""


SHOWN = ("metaobjectUpsert", "metaobjectUpdate")


async def passed(world: World, case_id: str, gates: int) -> None:
    """That so many gates were held."""
    await world.eventually(
        lambda: world.timeline(case_id),
        lambda lines: sum(line.startswith("A gate:") for line in lines) == gates,
    )


@BOTH
async def test_a_gate_reminds_who_owes_a_word_escalates_what_is_in_doubt_and_asks_the_merchant(
    world: World,
) -> None:
    case_id = await opened(world, partners=(SHIRTS, SHOES), policy=GATES, SHIRT_1=100, SHOE_1=20)
    await share(world, SHOES)
    await say(world, SHOES, {"sku": "SHOE-1", "status": "at_risk", "quantity": 20})
    await world.until_told(case_id, "1 product at risk (SHOE-1)")
    await world.sleep(19 * HOUR)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert seen.waiting_for.what.startswith("go, change or stop: 0 % ready (0 of 120 pieces)")
    starts = datetime.fromisoformat(seen.detail["window"]["starts_at"])  # type: ignore[index]
    assert seen.waiting_for.until == starts
    assert seen.waiting_for.then.endswith("the campaign waits for a word until its end")
    await world.eventually(lambda: world.messages(SHIRTS), lambda found: len(found) == 1)
    assert await world.messages(SHOES) == [], "who has spoken is not reminded"
    await world.until_notified("1 product in doubt")
    await world.until_notified("your word is needed")
    await stop(world, case_id)


async def test_a_gate_needs_no_word_where_the_readiness_suffices_but_the_last_one_asks_for_go(
    world: World,
) -> None:
    case_id = await opened(world, policy=GATES | {"ready_from": 0.8})
    await commit(world, SHIRT_1=80)
    await until_readiness(world, case_id, 0.8)
    await world.sleep(19 * HOUR)
    await passed(world, case_id, 1)
    assert (await world.current(case_id)).status == "awaiting_other"
    await world.sleep(20 * HOUR)
    await passed(world, case_id, 2)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "80 % ready" in seen.waiting_for.what
    await go(world, case_id)
    await world.until_status(case_id, "awaiting_other")


async def test_it_goes_by_itself_at_the_last_gate_where_the_policy_says_so_and_it_is_ready(
    world: World,
) -> None:
    case_id = await opened(world, policy=GATES | {"auto_go": True})
    await commit(world, SHIRT_1=100)
    await until_readiness(world, case_id, 1.0)
    await world.sleep(20 * HOUR)
    await passed(world, case_id, 1)
    assert (await world.current(case_id)).detail["go"] is None, "not before the last gate"
    await world.sleep(20 * HOUR)
    await world.until_told(case_id, "It goes ahead by itself: 100 % ready")
    assert await outcome(world, case_id) == "completed"


async def test_what_gets_ready_between_the_last_gate_and_the_start_goes_by_itself_too(
    world: World,
) -> None:
    case_id = await opened(world, policy=GATES | {"auto_go": True})
    await world.sleep(39 * HOUR)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert seen.waiting_for.then.endswith("it goes ahead by itself if the readiness suffices")
    await commit(world, SHIRT_1=100)
    await world.until_told(case_id, "It goes ahead by itself")
    await world.until_status(case_id, "awaiting_other")


async def test_without_readiness_it_does_not_go_by_itself_and_expires(world: World) -> None:
    case_id = await opened(world, policy=GATES | {"auto_go": True})
    await commit(world, SHIRT_1=99)
    await until_readiness(world, case_id, 0.99)
    assert await outcome(world, case_id) == "expired"


async def test_a_gate_makes_up_for_lost_webhooks_before_it_reminds_or_asks(world: World) -> None:
    case_id = await opened(world, policy=GATES)
    await until_metaobject(world, "readiness_text", "0 % ready")
    await world.delivered()
    world.deliver = False
    await commit(world, SHIRT_1=100)
    handle = (await metaobjects(world))[0]["handle"]
    await planned_in_shopify(world, handle, title="Summer")
    await world.sleep(19 * HOUR)
    await passed(world, case_id, 1)
    seen = await until_readiness(world, case_id, 1.0)
    assert seen.title == "Campaign Summer"
    assert seen.status == "awaiting_other"
    assert await world.messages(SHIRTS) == []


async def test_a_change_answers_the_question_and_the_next_gate_asks_again(world: World) -> None:
    case_id = await opened(world, policy=GATES)
    await world.sleep(19 * HOUR)
    await world.until_status(case_id, "awaiting_merchant")
    await change(world, case_id, title="Spring sale")
    await world.until_status(case_id, "awaiting_partner")
    await world.sleep(20 * HOUR)
    await passed(world, case_id, 2)
    await world.until_status(case_id, "awaiting_merchant")


async def test_go_may_be_said_early_and_the_gates_still_look(world: World) -> None:
    case_id = await opened(world, policy=GATES)
    await go(world, case_id)
    assert (await world.current(case_id)).status == "awaiting_partner"
    await world.sleep(19 * HOUR)
    await passed(world, case_id, 1)
    assert (await world.current(case_id)).status == "awaiting_partner"
    await world.eventually(lambda: world.messages(SHIRTS), lambda found: len(found) == 1)


async def test_gates_that_are_past_at_the_opening_are_passed_by_and_the_question_comes_at_once(
    world: World,
) -> None:
    case_id = await opened(world, starts=5 * HOUR, policy=GATES)
    assert (await world.current(case_id)).status == "awaiting_partner"
    await commit(world, SHIRT_1=50)
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.waiting_for is not None
    assert "50 % ready" in seen.waiting_for.what
    assert not any(line.startswith("A gate:") for line in await world.timeline(case_id))


async def test_the_merchant_is_reminded_and_asked_anew_at_the_start(world: World) -> None:
    case_id = await opened(world, lasts=2 * DAY, policy=GATES)
    await world.sleep(2 * DAY + HOUR)
    await world.until_status(case_id, "awaiting_merchant")

    async def subjects() -> list[str]:
        return world.recorder.subjects()

    await world.eventually(
        subjects,
        lambda found: (
            sum("your word is needed" in one for one in found) == 2
            and any("still waiting for merchant" in one for one in found)
        ),
    )


# Switches and troubles.


async def test_in_shadow_mode_nothing_is_written_outside_and_the_campaign_runs_its_course(
    world: World,
) -> None:
    await world.switch("shadow", shop_id="acme", lifecycle="campaign_readiness")
    case_id = await opened(world, policy={"gates": []})
    await world.until_told(case_id, "Would: Share the campaign with Acme Textiles")
    await go(world, case_id)
    assert await outcome(world, case_id) == "completed"
    assert await shares(world, SHIRTS) == []
    assert await metaobjects(world) == []
    assert (await world.current(case_id)).shadow


async def test_a_metaobject_is_left_alone_where_the_policy_says_so(world: World) -> None:
    case_id = await opened(world, policy={"auto_update_metaobject": False})
    await commit(world, SHIRT_1=100)
    await until_readiness(world, case_id, 1.0)
    await go(world, case_id)
    assert await outcome(world, case_id) == "completed"
    assert await metaobjects(world) == []


@BOTH
async def test_a_share_that_is_refused_is_tried_again_on_the_operators_word(world: World) -> None:
    await furnished(world, "SHIRT-1")
    await in_trading_grid(world, "suspended")
    case_id = await given(world, plan(await window(world, starts=2 * DAY), SHIRT_1=10))
    seen = await world.until_status(case_id, "awaiting_merchant")
    assert seen.troubles[0].step == "Share the campaign with Acme Textiles"
    await world.until_notified("something was refused")
    await in_trading_grid(world, "active")
    await world.update(case_id, "retry", Retry(actor=MARIA))
    await share(world)
    await world.until_status(case_id, "awaiting_partner")


async def in_trading_grid(world: World, status: str) -> None:
    """Trading Grid sets the partner to this, and nobody here is told."""
    partner = {"id": SHIRTS, "name": "Acme Textiles", "behaviour": "manual", "status": status}
    world.deliver = False
    await world._post(world.trading_grid, "/_emulator/partners", partner)
    await world.delivered()
    world.deliver = True


async def test_a_burst_of_words_makes_few_writes_to_the_metaobject(world: World) -> None:
    expected: dict[str, Any] = {f"SHIRT_{number}": 10 for number in range(1, 9)}
    case_id = await opened(world, **expected)
    await until_metaobject(world, "readiness_text", "0 % ready")
    before = len(await world.shopify_writes(*SHOWN))
    for ready, sku in enumerate(expected, start=1):
        pieces: dict[str, Any] = {sku: 10}
        await commit(world, **pieces)
        await until_readiness(world, case_id, ready / len(expected))
    await world.sleep(HOUR)
    await until_metaobject(world, "readiness", "1.0000")
    assert len(await world.shopify_writes(*SHOWN)) - before <= 3
    # Nothing that is shown moves: nothing is written.
    writes = len(await world.shopify_writes(*SHOWN))
    await world.sleep(4 * HOUR)
    assert len(await world.shopify_writes(*SHOWN)) == writes
