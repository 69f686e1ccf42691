"""What happens by itself: constraints end, a partner stays silent; and a feed that goes on in new runs."""

from datetime import timedelta
from typing import Any

import pytest

from domain import operator
from domain.inventory_feed import state as feed_state
from domain.operator import AddNote
from intake.sweep import Sweep
from tests.workflows.claims import BOTH
from tests.workflows.feeds import (
    DAY,
    HOUR,
    MARIA,
    advised,
    cancel,
    decide,
    fed,
    levels,
    line,
    outcome,
    pushes,
    settled,
    status_here,
    until_all,
    until_levels,
)
from tests.world import World

CASE = "inventory-feed:acme:acme-mill"


def closed(code: str = "stop_sell", until: str | None = None) -> dict[str, Any]:
    return {"constraint": {"code": code} | ({"until": until} if until else {})}


# Constraints.


async def test_a_stop_sell_is_zero_until_its_date_and_sells_again_after_it(world: World) -> None:
    today = (await world.now()).date()
    until = (today + timedelta(days=2)).isoformat()
    far = (today + timedelta(days=6)).isoformat()
    await fed(
        world,
        line("A", 5),
        line("B", 6, **closed(until=until)),
        line("C", 7, **closed(until=far)),
        line("D", 8, **closed("discontinued")),
        stale_after={"hours": 24 * 60},
    )
    await until_levels(world, A=5, B=0, C=0, D=0)
    seen = await settled(world)
    assert str(seen.detail["next_constraint"]).startswith(
        (today + 3 * timedelta(days=1)).isoformat()
    )
    await world.sleep(DAY)
    assert (await levels(world))["B"] == 0
    # The shop's own day ends hours after or before UTC's.
    await world.sleep(2 * DAY + 14 * HOUR)
    await until_levels(world, A=5, B=6, C=0, D=0)
    await world.sleep(4 * DAY)
    await until_levels(world, C=7, D=0)


async def test_a_stop_sell_is_only_shown_where_the_policy_says_so(world: World) -> None:
    await fed(world, line("A", 5, **closed()), stop_sells=False)
    await until_levels(world, A=5)


async def test_a_constraint_nobody_knows_is_shown_and_not_applied(world: World) -> None:
    await fed(world, line("A", 5, **closed("seasonal")), line("B", 6, **closed("limited")))
    await until_levels(world, A=5, B=6)
    assert (await settled(world)).detail["problems"] == {"constraint_unknown": 1}


# Silence.


@pytest.mark.parametrize(
    ("policy", "then"),
    [
        ({"when_stale": "keep"}, {"A": 10, "B": 2}),
        ({"when_stale": "buffer", "stale_buffer": 4}, {"A": 6, "B": 0}),
        ({"when_stale": "zero"}, {"A": 0, "B": 0}),
    ],
)
async def test_after_too_long_a_silence_people_are_told_and_the_quantities_are_what_the_policy_says(
    world: World, policy: dict[str, Any], then: dict[str, int]
) -> None:
    await fed(world, line("A", 10), line("B", 2), stale_after={"hours": 24}, **policy)
    await world.sleep(23 * HOUR)
    assert await levels(world) == {"A": 10, "B": 2}
    await world.sleep(2 * HOUR)
    await world.until_notified("stock is out of date")
    await until_all(world, then)
    seen = await settled(world)
    assert (seen.status, seen.escalated, bool(seen.detail["stale_since"])) == ("active", 1, True)
    await advised(world, line("A", 9), line("B", 2), as_of=await world.now())
    await world.until_told(CASE, "tells of its stock again")
    await until_levels(world, A=9, B=2)
    assert not (await settled(world)).detail["stale_since"]
    # The silence begins anew.
    await world.sleep(25 * HOUR)
    assert (await settled(world)).escalated == 2


async def test_a_late_word_of_long_ago_does_not_end_the_silence(world: World) -> None:
    await fed(world, line("A", 10), stale_after={"hours": 24}, when_stale="zero")
    await world.sleep(30 * HOUR)
    await until_levels(world, A=0)
    await advised(world, line("A", 9), as_of=await world.now() - 28 * HOUR)
    await settled(world)
    assert await levels(world) == {"A": 0}


# New runs.


@pytest.fixture
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_state, "LONGEST_RUN", 120)


async def runs(world: World) -> int:
    return int(str((await world.current(CASE)).detail["runs"]))


async def newest_row(world: World) -> Any:
    """The case's row, once it tells of the run that is under way: the one before ends a moment earlier."""

    async def look() -> Any:
        row = await world.row(CASE)
        return row if row.snapshot["detail"]["runs"] == await runs(world) else None

    return await world.eventually(look, lambda row: row)


@BOTH
@pytest.mark.usefixtures("short_runs")
async def test_a_long_feed_goes_on_in_new_runs_and_loses_nothing(world: World) -> None:
    await fed(world, line("A", 1), line("B", 1))
    first = await world.row(CASE)
    for quantity in range(2, 9):
        await advised(world, line("A", quantity), kind="delta")
        await until_levels(world, A=quantity)
    seen = await settled(world)
    assert await runs(world) > 1
    assert seen.detail["last_push"]["number"] == 8  # type: ignore[index]
    row = await newest_row(world)
    assert row.run_id != first.run_id
    assert first.run_id in row.earlier_run_ids
    assert row.revision > first.revision
    assert (row.opened_at, row.orphaned) == (first.opened_at, None)
    entries = await world.entries(CASE)
    assert [one.text for one in entries if one.kind == "opened"] == [
        "Stock of Acme Mill, into acme."
    ]
    assert sum(one.kind == "pushed" for one in entries) == 8
    assert len(await pushes(world)) == 8
    assert (await Sweep(world.database, world.dispatcher, world.temporal).run()).orphans == ()
    # It ends like any other.
    await status_here(world, "retired")
    assert await outcome(world) == "retired"
    assert (await world.row(CASE)).outcome == "retired"


@pytest.mark.usefixtures("short_runs")
async def test_what_waits_for_the_merchant_waits_in_the_next_run_too(world: World) -> None:
    everything = [line(f"S{number}", 5) for number in range(12)]
    await fed(world, *everything)
    await advised(world)
    await world.until_status(CASE, "awaiting_merchant")
    before = await world.current(CASE)
    for quantity in range(2, 9):
        await advised(world, line("S0", quantity), kind="delta")
        await until_levels(world, S0=quantity)
    seen = await settled(world)
    assert await runs(world) > 1
    assert seen.waiting_for == before.waiting_for
    assert len([one for one in world.recorder.subjects() if "your word is needed" in one]) == 1
    await decide(world, "apply")
    await until_levels(world, S0=8, S1=0, S11=0)


@pytest.mark.usefixtures("short_runs")
async def test_an_event_and_a_word_heard_before_are_known_in_the_next_run(world: World) -> None:
    await fed(world, line("A", 1))
    note = AddNote(actor=MARIA, text="They count on Fridays.")
    await world.update(CASE, operator.ADD_NOTE, note, key="note-1")
    for quantity in range(2, 9):
        await advised(world, line("A", quantity), kind="delta")
        await until_levels(world, A=quantity)
    await settled(world)
    assert await runs(world) > 1
    receipt = await world.update(CASE, operator.ADD_NOTE, note, key="note-1")
    assert receipt["command"] == operator.ADD_NOTE
    assert (await world.current(CASE)).detail["notes"] == ["They count on Fridays."]
    await cancel(world)
    assert await outcome(world) == "stopped"


@pytest.mark.usefixtures("short_runs")
async def test_a_silence_is_counted_over_runs(world: World) -> None:
    await fed(world, line("A", 1), stale_after={"hours": 24}, when_stale="zero")
    for quantity in range(2, 9):
        await advised(world, line("A", quantity), kind="delta")
        await until_levels(world, A=quantity)
    await settled(world)
    assert await runs(world) > 1
    await world.sleep(25 * HOUR)
    await until_levels(world, A=0)
