"""What keeps a line back: each its own visible problem, the rest still goes, and it goes away once it is mended."""

from typing import Any

from domain.housekeeping import REFRESH_ITEMS, RefreshShopItems
from domain.inventory_feed.names import Changed
from intake.feeds import put_change
from intake.schedules import nightly_id
from intake.sweep import Sweep
from tests.workflows.claims import BOTH
from tests.workflows.feeds import (
    DEPOT,
    HAMBURG,
    HOUR,
    LYON,
    MILL,
    advised,
    by_hand,
    fed,
    levels,
    line,
    located,
    partner,
    product,
    refresh,
    sells,
    settled,
    until_levels,
)
from tests.world import TENANT, World

CASE = "inventory-feed:acme:acme-mill"


@BOTH
async def test_each_problem_is_shown_by_its_sku_and_the_rest_is_written(world: World) -> None:
    await partner(world)
    await located(world)
    await sells(world, GOOD=0)
    for _ in range(2):
        await product(world, "TWIN", {HAMBURG: 1}, duplicate=True)
    await product(world, "LOOSE", {HAMBURG: 0}, tracked=False)
    await product(world, "ELSEWHERE", {LYON: 3})
    await product(world, "CLOSED", {HAMBURG: 3})
    await by_hand(world, "CLOSED", active=False)
    await advised(
        world,
        *(line(sku, 5) for sku in ("GOOD", "TWIN", "LOOSE", "ELSEWHERE", "CLOSED", "NEVER-HEARD")),
    )
    await until_levels(world, GOOD=5)
    seen = await settled(world)
    assert seen.status == "active"
    assert seen.detail["problems"] == {
        "sku_unknown": 1,
        "sku_not_unique": 1,
        "not_tracked": 1,
        "not_stocked": 2,
    }
    first: Any = seen.detail["first_problems"]
    assert {one["sku"]: one["problem"] for one in first} == {
        "NEVER-HEARD": "sku_unknown",
        "TWIN": "sku_not_unique",
        "LOOSE": "not_tracked",
        "ELSEWHERE": "not_stocked",
        "CLOSED": "not_stocked",
    }
    assert all(one["since"] for one in first)
    told = await world.timeline(CASE)
    assert any("no item of the shop has this SKU" in text for text in told)


async def test_problems_go_away_by_themselves_once_they_are_mended(world: World) -> None:
    await partner(world)
    await located(world)
    await sells(world, GOOD=0)
    await product(world, "ELSEWHERE", {LYON: 3})
    await advised(world, line("GOOD", 5), line("ELSEWHERE", 6), line("NEW", 7))
    await until_levels(world, GOOD=5)
    seen = await settled(world)
    assert seen.detail["problems"] == {"not_stocked": 1, "sku_unknown": 1}
    await product(world, "NEW", {HAMBURG: 0})
    await by_hand(world, "ELSEWHERE", 0, active=True)
    await refresh(world)
    await until_levels(world, GOOD=5, ELSEWHERE=6, NEW=7)
    assert (await settled(world)).detail["problems"] == {}
    await world.until_told(CASE, "No SKU any more: no item of the shop has this SKU.")


async def test_a_location_that_is_mapped_later_is_written_then(world: World) -> None:
    await fed(world, line("A", 5))
    lyon = await world.location(LYON)
    await product(world, "A", {LYON: 0})
    await advised(world, line("A", 3), code=DEPOT)
    seen = await settled(world)
    assert seen.detail["problems"] == {"location_unmapped": 1}
    await world.map_location(MILL, DEPOT, lyon)
    await mapped_here(world)
    await until_levels(world, LYON, A=3)
    assert (await settled(world)).detail["problems"] == {}
    assert await levels(world) == {"A": 5}


async def mapped_here(world: World) -> None:
    """A mapping was added, as the API tells of it."""
    async with world.database.begin() as session:
        await put_change(
            session,
            tenant=TENANT,
            partner=MILL,
            what=Changed.LOCATIONS,
            edit="location mapping 9 v1",
            now=await world.now(),
        )
    await Sweep(world.database, world.dispatcher, world.temporal).run()


async def test_unknown_skus_have_the_items_read_again_but_not_more_than_once_an_hour(
    world: World,
) -> None:
    await fed(world, line("A", 5))
    await product(world, "B", {HAMBURG: 0})
    reads = await bulk_reads(world)
    await advised(world, line("B", 3), kind="delta")
    await advised(world, line("B", 4), kind="delta")
    await settled(world)
    assert await bulk_reads(world) == reads
    await world.sleep(2 * HOUR)
    await until_levels(world, A=5, B=4)
    assert await bulk_reads(world) == reads + 1
    # One that stays unknown is not looked for again by itself.
    await advised(world, line("C", 1), kind="delta")
    await world.sleep(5 * HOUR)
    assert await bulk_reads(world) == reads + 2


async def bulk_reads(world: World) -> int:
    return len(await world.shopify_calls("bulkOperationRunQuery"))


async def test_two_feeds_of_a_shop_share_its_items_and_hear_of_each_others_look(
    world: World,
) -> None:
    await fed(world, line("A", 5))
    other = "north-weavers"
    await partner(world, other)
    await located(world, "N-1", LYON, other)
    await product(world, "N", {LYON: 0})
    await advised(world, line("N", 4), code="N-1", who=other)
    await settled(world, f"inventory-feed:acme:{other}")
    await refresh(world)
    await until_levels(world, LYON, N=4)
    assert await levels(world) == {"A": 5}


async def test_each_night_the_items_are_read_again_and_every_feed_of_the_shop_hears_of_it(
    world: World,
) -> None:
    await fed(world, line("A", 5))
    await product(world, "B", {HAMBURG: 0})
    await advised(world, line("A", 5), line("B", 3))
    await settled(world)
    await by_hand(world, "A", 50)
    told = await nightly(world)
    assert (told["feeds"], told["skus"]) == (1, 2)
    await until_levels(world, A=5, B=3)


async def test_a_shop_without_a_feed_is_left_alone_at_night(world: World) -> None:
    assert "no open feed" in (await nightly(world))["skipped"]
    assert await bulk_reads(world) == 0


async def test_a_paused_shop_is_left_alone_at_night(world: World) -> None:
    await fed(world, line("A", 5))
    await world.switch("pause", shop_id="acme", lifecycle="inventory_feed")
    reads = await bulk_reads(world)
    assert "stock-taking" in (await nightly(world))["skipped"]
    assert await bulk_reads(world) == reads


async def nightly(world: World) -> dict[str, Any]:
    """What the schedule does; Temporal gives each of its runs an id of its own."""
    handle = await world.temporal.start_workflow(
        REFRESH_ITEMS,
        RefreshShopItems(shop="acme"),
        id=f"{nightly_id('acme')}-2026-12-01T02:17:00Z",
        task_queue=world.settings.task_queue,
        result_type=dict,
    )
    found: dict[str, Any] = await handle.result()
    return found
