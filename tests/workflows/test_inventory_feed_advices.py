"""What a partner says: which word counts, what a snapshot empties, what waits for the merchant."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.failures import NOT_NOW
from domain.operator import PartnerChanged
from tests.workflows.claims import BOTH, refused_as
from tests.workflows.feeds import (
    DEPOT,
    HOUR,
    LYON,
    MILL,
    advised,
    decide,
    fed,
    levels,
    line,
    located,
    product,
    pushes,
    settled,
    until_all,
    until_levels,
)
from tests.world import World

RANGE = [f"SKU-{number:02}" for number in range(20)]


def everything(available: int = 5, *, but: int = 0) -> list[dict[str, Any]]:
    """Every SKU of the range, the first `but` of them with none."""
    return [line(sku, 0 if place < but else available) for place, sku in enumerate(RANGE)]


async def held(world: World, **terms: Any) -> str:
    """A feed whose second snapshot would empty 15 of 20 SKUs, and waits for the merchant; the advice's id."""
    await fed(world, *everything(), **terms)
    name = await advised(world, *everything(but=15))
    await world.until_status("inventory-feed:acme:acme-mill", "awaiting_merchant")
    return name


@BOTH
async def test_a_delta_changes_only_what_it_names_and_a_snapshot_empties_what_it_does_not(
    world: World,
) -> None:
    await fed(world, line("A", 5), line("B", 6), line("C", 7))
    await advised(world, line("B", 2), kind="delta")
    await until_levels(world, A=5, B=2, C=7)
    await advised(world, line("A", 1), line("C", 8))
    await until_levels(world, A=1, B=0, C=8)


@BOTH
async def test_an_older_word_that_comes_late_changes_nothing(world: World) -> None:
    now = datetime.now(UTC)
    await fed(world, line("A", 5), line("B", 6))
    await advised(world, line("A", 9), as_of=now + HOUR, sequence=7)
    await until_levels(world, A=9, B=0)
    before = len(await pushes(world))
    await advised(world, line("A", 1), line("B", 1), as_of=now, sequence=90)
    await advised(world, line("A", 2), as_of=now + HOUR, sequence=6, kind="delta")
    seen = await settled(world)
    assert await levels(world) == {"A": 9, "B": 0}
    assert len(await pushes(world)) == before
    advices: Any = seen.detail["advices"]
    assert ["overtaken" in one["text"] for one in advices][:2] == [True, True]
    # Of the same moment the higher sequence is newer.
    await advised(world, line("A", 3), as_of=now + HOUR, sequence=8, kind="delta")
    await until_levels(world, A=3)


async def test_a_snapshot_speaks_of_its_own_location_alone(world: World) -> None:
    await fed(world, line("A", 5), line("B", 6))
    await located(world, DEPOT, LYON)
    await product(world, "A", {LYON: 0})
    await advised(world, line("A", 3), code=DEPOT)
    await until_levels(world, LYON, A=3)
    await until_levels(world, A=5, B=6)
    await advised(world, line("B", 4))
    await until_levels(world, A=0, B=4)
    await until_levels(world, LYON, A=3)


async def test_a_snapshot_that_empties_too_much_waits_and_is_applied_on_the_merchants_word(
    world: World,
) -> None:
    await held(world)
    case_id = "inventory-feed:acme:acme-mill"
    seen = await settled(world)
    assert seen.waiting_for is not None
    assert "15 of 20 SKUs for sale to zero" in seen.waiting_for.what
    assert set((await levels(world)).values()) == {5}
    await world.until_notified("your word is needed")
    await decide(world, "apply", note="End of season.")
    await until_all(world, dict.fromkeys(RANGE[:15], 0))
    assert (await settled(world)).status == "active"
    assert "End of season." in " ".join(await world.timeline(case_id))


async def test_a_held_snapshot_that_is_discarded_changes_nothing(world: World) -> None:
    await held(world)
    await decide(world, "discard")
    await world.until_told("inventory-feed:acme:acme-mill", "by the merchant's word")
    seen = await settled(world)
    assert (seen.status, seen.detail["held"]) == ("active", [])
    assert set((await levels(world)).values()) == {5}
    assert "No advice waits" in await refused_as(NOT_NOW, decide(world, "apply"))


async def test_a_delta_is_taken_in_while_a_snapshot_is_held_and_outlives_it(world: World) -> None:
    await held(world)
    await advised(world, line("SKU-00", 3), kind="delta")
    await until_levels(world, SKU_00=3, SKU_01=5)
    assert (await settled(world)).status == "awaiting_merchant"
    await decide(world, "apply")
    await until_levels(world, SKU_00=3, SKU_01=0, SKU_19=5)


async def test_a_newer_snapshot_that_passes_makes_the_held_one_pointless(world: World) -> None:
    await held(world)
    await advised(world, *everything(6))
    await until_levels(world, SKU_00=6, SKU_19=6)
    seen = await settled(world)
    assert (seen.status, seen.detail["held"]) == ("active", [])


async def test_of_several_held_snapshots_the_newest_alone_waits(world: World) -> None:
    first = await held(world)
    now = datetime.now(UTC)
    newest = await advised(world, *everything(but=16), as_of=now + HOUR)
    await advised(world, *everything(but=17), as_of=now - HOUR / 60)
    seen = await settled(world)
    waiting: Any = seen.detail["held"]
    assert [one["id"] for one in waiting] == [newest] != [first]
    await decide(world, "apply", advice_id=newest)
    await until_levels(world, SKU_15=0, SKU_16=5)


async def test_the_first_snapshot_and_a_small_range_pass_the_brake(world: World) -> None:
    await fed(world, *everything(0))
    assert (await settled(world)).status == "active"
    await advised(world, *everything(5))
    await until_levels(world, SKU_00=5)
    await advised(world, *everything(but=4))
    await until_levels(world, SKU_00=0, SKU_19=5)


async def test_where_nobody_decides_the_matter_is_escalated_and_the_feed_goes_on(
    world: World,
) -> None:
    await held(world, merchant_within={"hours": 10}, merchant_reminders=[0.5])
    await world.sleep(6 * HOUR)
    await world.until_notified("still waiting for merchant")
    await world.sleep(6 * HOUR)
    await world.until_notified("nobody decides")
    await advised(world, line("SKU-00", 3), kind="delta")
    await until_levels(world, SKU_00=3)
    seen = await settled(world)
    assert (seen.status, seen.escalated) == ("awaiting_merchant", 1)
    await decide(world, "discard")
    assert (await settled(world, status="active")).detail["held"] == []


async def test_an_empty_snapshot_of_a_broken_file_does_not_close_the_store(world: World) -> None:
    await fed(world, *everything())
    await advised(world)
    await world.until_status("inventory-feed:acme:acme-mill", "awaiting_merchant")
    assert set((await levels(world)).values()) == {5}


async def test_an_advice_that_is_gone_is_told_and_holds_up_no_other(world: World) -> None:
    case_id = await fed(world, line("A", 5))
    told = PartnerChanged(
        event_id="77", event_type="inventory_advice.received", partner=MILL, resource_id="no-such"
    )
    await world.handle(case_id).signal("partner_changed", told)
    await world.until_told(case_id, "no-such is not taken")
    await advised(world, line("A", 7))
    await until_levels(world, A=7)
    seen = await world.current(case_id)
    assert (seen.status, seen.troubles) == ("active", ())


@pytest.mark.parametrize("bad", [{"constraint": {"code": "stop_sell", "until": "next week"}}])
async def test_a_line_that_cannot_be_read_is_a_problem_of_its_sku_alone(
    world: World, bad: dict[str, Any]
) -> None:
    await fed(world, line("A", 5), line("B", 6))
    await advised(world, line("A", 1, **bad), line("B", 3))
    await until_levels(world, A=5, B=3)
    assert (await settled(world)).detail["problems"] == {"unreadable": 1}
    await advised(world, line("A", 2), line("B", 3))
    await until_levels(world, A=2, B=3)
    assert (await settled(world)).detail["problems"] == {}
