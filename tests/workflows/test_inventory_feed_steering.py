"""The merchant's word, shadow mode, pauses and refusals: what holds a push up, and how it goes on."""

from tests.workflows.feeds import (
    HAMBURG,
    HOUR,
    advised,
    decide,
    fed,
    levels,
    line,
    located,
    partner,
    pushes,
    refresh,
    retry,
    sells,
    settled,
    terms,
    until_levels,
)
from tests.world import World

CASE = "inventory-feed:acme:acme-mill"


async def test_where_the_policy_pushes_nothing_the_merchant_is_asked(world: World) -> None:
    await partner(world)
    await located(world)
    await sells(world, A=0, B=0)
    await terms(world, auto_push=False)
    await advised(world, line("A", 5), line("B", 6))
    await world.until_status(CASE, "awaiting_merchant")
    seen = await settled(world)
    assert seen.waiting_for is not None
    assert "2 SKUs" in seen.waiting_for.what
    assert await levels(world) == {"A": 0, "B": 0}
    await decide(world, "push")
    await until_levels(world, A=5, B=6)
    assert (await settled(world, status="active")).status == "active"
    await advised(world, line("A", 4), kind="delta")
    await world.until_status(CASE, "awaiting_merchant")
    assert await levels(world) == {"A": 5, "B": 6}


async def test_in_shadow_mode_the_timeline_says_what_would_be_written(world: World) -> None:
    await world.switch("shadow", shop_id="acme", lifecycle="inventory_feed")
    await fed(world, line("A", 5), line("B", 6))
    await world.until_told(CASE, "Would: write 2 SKUs to Shopify")
    assert await levels(world) == {"A": 0, "B": 0}
    assert await pushes(world) == []
    await world.switch("shadow", on=False, shop_id="acme", lifecycle="inventory_feed")
    await refresh(world)
    await until_levels(world, A=5, B=6)


async def test_a_pause_holds_every_write_until_it_is_over(world: World) -> None:
    await fed(world, line("A", 5))
    await world.switch("pause", shop_id="acme", lifecycle="inventory_feed")
    await advised(world, line("A", 6))
    await world.until_told(CASE, "Paused: stock-taking")
    assert await levels(world) == {"A": 5}
    await world.switch("pause", on=False, shop_id="acme", lifecycle="inventory_feed")
    await world.sleep(HOUR)
    await until_levels(world, A=6)
    assert (await world.current(CASE)).paused == ""


async def test_what_shopify_refuses_for_good_waits_for_retry(world: World) -> None:
    await fed(world, line("A", 5))
    emulator = world.emulators["shopify"].state.emulator
    kept = emulator.options
    emulator.options = type(kept)(
        **{
            **{name: getattr(kept, name) for name in kept.__dataclass_fields__},
            "scopes": tuple(one for one in kept.scopes if one != "write_inventory"),
        }
    )
    emulator.tokens.clear()
    await advised(world, line("A", 6))
    seen = await world.until_status(CASE, "awaiting_merchant")
    assert seen.troubles
    emulator.options = kept
    emulator.tokens.clear()
    await retry(world)
    await until_levels(world, A=6)
    assert (await settled(world, status="active")).troubles == ()


async def test_shopify_down_for_hours_is_waited_out(world: World) -> None:
    await fed(world, line("A", 5))
    await world.faults("shopify", api={"down": True})
    await advised(world, line("A", 6))
    await world.sleep(3 * HOUR)
    await world.faults("shopify")
    await world.sleep(HOUR)
    await until_levels(world, A=6)
    assert await levels(world, HAMBURG) == {"A": 6}
