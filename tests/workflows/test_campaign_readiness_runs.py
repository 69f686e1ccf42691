"""A campaign whose history grows long goes on in a new run: nothing is lost, nothing is done twice."""

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.campaign_readiness import names, state
from domain.campaign_readiness.decision import Go
from domain.operator import ADD_NOTE, AddNote, MessagePartner
from tests.workflows.campaigns import (
    HOUR,
    MARIA,
    SHIRTS,
    SHOES,
    commit,
    given,
    go,
    opened,
    outcome,
    plan,
    say,
    share,
    shares,
    totals,
    until_expected,
    until_metaobject,
    until_readiness,
    window,
)
from tests.workflows.claims import BOTH
from tests.world import World


async def run_of(world: World, case_id: str) -> str:
    run_id = (await world.handle(case_id).describe()).run_id
    assert run_id is not None
    return run_id


async def into_the_next_run(world: World, case_id: str) -> None:
    first = await run_of(world, case_id)
    for pieces in (10, 20, 30, 40, 50):
        await commit(world, SHIRT_1=pieces)
        await until_readiness(world, case_id, pieces / 100)
        await world.sleep(HOUR)
    await world.eventually(lambda: run_of(world, case_id), lambda run: run != first)


async def test_a_word_heard_before_is_known_in_the_next_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state, "LONG_HISTORY", 60)
    case_id = await opened(world, partners=(SHIRTS,), SHIRT_1=100)
    note = AddNote(actor=MARIA, text="They count on Fridays.")
    go_ahead = Go(actor=MARIA)

    async def said() -> None:
        for name, command in ((ADD_NOTE, note), (names.GO, go_ahead)):
            receipt = await world.update(case_id, name, command, key=f"{name}-1")
            assert receipt["command"] == name

    await said()
    await into_the_next_run(world, case_id)
    await said()
    assert (await world.current(case_id)).detail["notes"] == ["They count on Fridays."]
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await world.update(case_id, names.GO, go_ahead, key="go-2")
    assert "said go already" in str(refused.value.cause)
    assert sum(line == "Go" for line in await world.timeline(case_id)) == 1


@BOTH
async def test_a_long_campaign_goes_on_in_new_runs_and_completes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Each run of the workflow loads its module anew, and what it imports with this.
    monkeypatch.setattr(state, "LONG_HISTORY", 60)
    case_id = await opened(world, partners=(SHIRTS, SHOES), SHIRT_1=100, SHOE_1=20)
    await share(world, SHOES)
    await until_metaobject(world, "readiness_text", "0 % ready")
    first = await run_of(world, case_id)
    command = MessagePartner(actor=MARIA, partner=SHIRTS, text="Red or blue?")
    await world.update(case_id, "message_partner", command)
    await world.eventually(lambda: world.messages(SHIRTS), lambda found: found == ["Red or blue?"])
    runs = {first}
    for pieces in (10, 20, 30, 40, 50):
        await commit(world, SHIRT_1=pieces)
        await until_readiness(world, case_id, pieces / 120)
        await world.sleep(HOUR)
        runs.add(await run_of(world, case_id))
    assert len(runs) > 2, "it went on in new runs"
    # What was heard in an earlier run is known: a lower sequence replaces nothing.
    line = {"sku": "SHIRT-1", "status": "committed"}
    await say(world, SHIRTS, line | {"quantity": 60}, sequence=20)
    await until_readiness(world, case_id, 60 / 120)
    await say(world, SHIRTS, line | {"quantity": 5}, sequence=10)
    await world.until_told(case_id, "(word 10)")
    assert totals(await world.current(case_id))["ready"] == 60
    # What a new run does goes to the same campaigns and conversations.
    when = await window(world, starts=20 * HOUR, lasts=10 * HOUR)
    await given(world, plan(when, SHIRT_1=50, SHOE_1=20))
    await until_expected(world, SHIRTS, SHIRT_1=50)
    command = MessagePartner(actor=MARIA, partner=SHIRTS, text="Blue, then.")
    await world.update(case_id, "message_partner", command)
    await world.eventually(
        lambda: world.messages(SHIRTS), lambda found: found[-1:] == ["Blue, then."]
    )
    assert len(await world.partner_cases(SHIRTS)) == 1
    assert len(await shares(world, SHIRTS)) == 1
    await commit(world, SHIRT_1=50)
    await commit(world, SHOES, SHOE_1=20)
    await until_readiness(world, case_id, 1.0)
    await go(world, case_id)
    assert await outcome(world, case_id) == "completed"
    lines = await world.timeline(case_id)
    assert sum(line.startswith("Shared with") for line in lines) == 2
    assert sum(line.startswith("Plan:") for line in lines) == 1
    assert (await world.row(case_id)).status == "resolved"
    [case] = await world.partner_cases(SHIRTS)
    assert case["status"] in {"resolved", "cancelled"}
