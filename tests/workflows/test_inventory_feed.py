"""How inventory feeds begin and end: one test per ending, as a sentence."""

from datetime import UTC, datetime

from tests.workflows.claims import BOTH
from tests.workflows.feeds import (
    DAY,
    MILL,
    WH,
    advised,
    cancel,
    fed,
    feed_id,
    levels,
    line,
    located,
    opened_by_hand,
    outcome,
    partner,
    pushes,
    refresh,
    sells,
    settled,
    status_here,
    status_in_grid,
    terms,
    until_levels,
)
from tests.world import World


@BOTH
async def test_the_first_advice_opens_a_feed_and_its_quantities_are_in_the_store(
    world: World,
) -> None:
    await partner(world)
    await located(world)
    await sells(world, SHIRT_M=1, SHIRT_L=0, SOCKS=9)
    await advised(world, line("SHIRT-M", 12), line("SHIRT-L", 30, allocation=5))
    await until_levels(world, SHIRT_M=12, SHIRT_L=5, SOCKS=9)
    seen = await settled(world)
    assert seen.status == "active"
    assert (seen.detail["skus"], seen.detail["for_sale"], seen.detail["problems"]) == (2, 2, {})
    row = await world.row(feed_id())
    assert (row.kind, row.status, row.partners, row.closed_at) == (
        "inventory_feed",
        "active",
        [MILL],
        None,
    )
    [call] = await pushes(world)
    given = call["variables"]["input"]
    assert given["name"] == "available"
    assert all(one["changeFromQuantity"] is not None for one in given["quantities"])
    assert "InventoryAdvice" in given["referenceDocumentUri"]


async def test_a_partner_that_trading_grid_suspends_ends_its_feed(world: World) -> None:
    await fed(world, line("SHIRT-M", 12))
    await status_in_grid(world, "suspended")
    assert await outcome(world) == "suspended"
    row = await world.row(feed_id())
    assert (row.status, row.outcome) == ("cancelled", "suspended")
    assert await levels(world) == {"SHIRT-M": 12}


async def test_a_partner_that_is_retired_here_ends_its_feed_and_sells_nothing_more_where_the_policy_says_so(
    world: World,
) -> None:
    await fed(world, line("SHIRT-M", 12), line("SHIRT-L", 3))
    # The switch for this is its own, whoever else is asked before anything is written.
    await terms(world, zero_when_ended=True, auto_push=False)
    await refresh(world)
    await settled(world)
    await status_here(world, "retired")
    assert await outcome(world) == "retired"
    assert await levels(world) == {"SHIRT-M": 0, "SHIRT-L": 0}


async def test_a_stopped_feed_leaves_what_is_in_the_store_and_opens_on_an_operators_word_alone(
    world: World,
) -> None:
    case_id = await fed(world, line("SHIRT-M", 12), zero_when_ended=True)
    await cancel(world)
    assert await outcome(world) == "stopped"
    assert await levels(world) == {"SHIRT-M": 12}
    await advised(world, line("SHIRT-M", 4))
    await world.delivered()
    assert await world.all_cases() == [case_id]
    again = await opened_by_hand(world)
    assert again == feed_id(number=2)
    # It finds the advice that came meanwhile.
    await until_levels(world, SHIRT_M=4)


async def test_temporals_cancel_is_the_operators(world: World) -> None:
    case_id = await fed(world, line("SHIRT-M", 12))
    await world.handle(case_id).cancel()
    assert await outcome(world) == "stopped"
    assert "Cancelled in Temporal" in " ".join(await world.timeline(case_id))


async def test_an_advice_of_a_partner_that_is_active_again_opens_the_next_feed(
    world: World,
) -> None:
    await fed(world, line("SHIRT-M", 12))
    await status_in_grid(world, "suspended")
    assert await outcome(world) == "suspended"
    await advised(world, line("SHIRT-M", 9))
    await world.delivered()
    assert len(await world.all_cases()) == 1, "its partner is suspended"
    await status_in_grid(world, "active")
    await world.delivered()
    await advised(world, line("SHIRT-M", 7))
    await until_levels(world, SHIRT_M=7)
    assert await world.all_cases() == [feed_id(), feed_id(number=2)]


async def test_an_operator_opens_a_feed_that_finds_the_newest_advices(world: World) -> None:
    await partner(world)
    await located(world)
    await sells(world, SHIRT_M=0)
    world.deliver = False
    await advised(world, line("SHIRT-M", 12))
    await advised(world, line("SHIRT-M", 8), kind="delta")
    await world.delivered()
    world.deliver = True
    assert await opened_by_hand(world) == feed_id()
    await until_levels(world, SHIRT_M=8)


async def test_a_partner_that_is_not_active_opens_no_feed(world: World) -> None:
    await fed(world, line("SHIRT-M", 12))
    await cancel(world)
    await outcome(world)
    await status_here(world, "suspended")
    await advised(world, line("SHIRT-M", 3))
    await world.delivered()
    assert len(await world.all_cases()) == 1


async def test_a_feed_hears_of_the_same_advice_twice_and_reads_it_once(world: World) -> None:
    await terms(world)
    await world.faults("trading_grid", webhooks={"duplicate": 1.0})
    await fed(world, line("SHIRT-M", 12))
    seen = await settled(world)
    assert len(seen.detail["advices"]) == 1  # type: ignore[arg-type]
    assert len(await pushes(world)) == 1


async def test_an_advice_that_speaks_of_a_day_to_come_is_refused(world: World) -> None:
    case_id = await fed(world, line("SHIRT-M", 12))
    await advised(world, line("SHIRT-M", 500), as_of=datetime.now(UTC) + 300 * DAY)
    await world.until_told(case_id, "is not taken")
    await advised(world, line("SHIRT-M", 11))
    await until_levels(world, SHIRT_M=11)
    assert WH in str((await settled(world)).detail["advices"])
