"""How inventory feeds end, each played to its close. Times are short, since the dev server's clock is the real one."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from domain.inventory_feed.state import InventoryFeedState, Phase
from domain.operator import Cancel
from intake.opening import open_case
from intake.openings import opening_of_feed
from tests.replay.recording import Play
from tests.workflows.feeds import (
    HAMBURG,
    MARIA,
    advised,
    by_hand,
    decide,
    fed,
    line,
    located,
    ordered,
    partner,
    product,
    refresh,
    sells,
    settled,
    status_here,
    status_in_grid,
    until_all,
    until_levels,
)
from tests.world import SHOP, TENANT, World

RANGE = [f"SKU-{number:02}" for number in range(20)]


def everything(*, but: int = 0) -> list[dict[str, Any]]:
    return [line(sku, 0 if place < but else 5) for place, sku in enumerate(RANGE)]


async def stop(world: World, case_id: str) -> str:
    await settled(world, case_id)
    await world.update(case_id, "cancel", Cancel(actor=MARIA, reason="We stop selling it."))
    return case_id


# Endings are played beside each other on one server: each has a partner of its own, so that no two cases have one id.


async def stocked_then_suspended(world: World) -> str:
    mill = "mill-suspended"
    case_id = await fed(world, line("A", 5), line("B", 6), who=mill)
    await advised(world, line("A", 4), kind="delta", who=mill)
    await until_levels(world, A=4, B=6)
    await settled(world, case_id)
    await status_in_grid(world, "suspended", mill)
    return case_id


async def retired_and_taken_to_zero(world: World) -> str:
    mill = "mill-retired"
    case_id = await fed(world, line("A", 5), line("B", 6), who=mill, zero_when_ended=True)
    await status_here(world, "retired", mill)
    return case_id


async def feed_cancelled_in_temporal(world: World) -> str:
    case_id = await fed(world, line("A", 5), who="mill-cancelled")
    await world.handle(case_id).cancel()
    return case_id


async def held_and_applied(world: World) -> str:
    mill = "mill-applied"
    case_id = await fed(world, *everything(), who=mill)
    await advised(world, *everything(but=15), who=mill)
    await world.until_status(case_id, "awaiting_merchant")
    await settled(world, case_id)
    await decide(world, "apply", case_id)
    await until_all(world, dict.fromkeys(RANGE[:15], 0))
    return await stop(world, case_id)


async def held_superseded_and_discarded(world: World) -> str:
    mill = "mill-discarded"
    case_id = await fed(world, *everything(), who=mill)
    await advised(world, *everything(but=15), who=mill)
    await world.until_status(case_id, "awaiting_merchant")
    await settled(world, case_id)
    await advised(world, *everything(but=16), who=mill)
    await world.until_told(case_id, "a newer one waits")
    await settled(world, case_id)
    await decide(world, "discard", case_id)
    await world.until_status(case_id, "active")
    return await stop(world, case_id)


async def pushed_on_the_merchants_word(world: World) -> str:
    case_id = await fed(world, line("A", 5), who="mill-word", auto_push=False)
    await world.until_status(case_id, "awaiting_merchant")
    await settled(world, case_id)
    await decide(world, "push", case_id)
    await until_levels(world, A=5)
    return await stop(world, case_id)


async def changed_under_the_push(world: World) -> str:
    mill = "mill-changed"
    case_id = await fed(world, line("A", 10), line("B", 10), who=mill)

    async def somebody_buys() -> None:
        await ordered(world, "B", 4)

    world.before_call["inventorySetQuantities"] = somebody_buys
    now = datetime.now(UTC)
    await advised(world, line("A", 5), line("B", 6), who=mill, as_of=now)
    await until_levels(world, A=5, B=2)
    return await stop(world, case_id)


async def edited_by_hand_and_overwritten(world: World) -> str:
    case_id = await fed(world, line("A", 10), who="mill-edited", manual_edits="report")
    await by_hand(world, "A", 25)
    await refresh(world, case_id)
    await world.until_told(case_id, "changed by hand in Shopify")
    await settled(world, case_id)
    await decide(world, "overwrite", case_id)
    await until_levels(world, A=10)
    return await stop(world, case_id)


async def problems_and_mended(world: World) -> str:
    mill = "mill-mended"
    case_id = await fed(world, line("A", 10), who=mill)
    await advised(world, line("NEW", 3), kind="delta", who=mill)
    await world.until_told(case_id, "no item of the shop has this SKU")
    await settled(world, case_id)
    await product(world, "NEW", {HAMBURG: 0})
    await refresh(world, case_id)
    await until_levels(world, NEW=3)
    return await stop(world, case_id)


async def stale_then_stopped(world: World) -> str:
    soon = {"hours": 6 / 3600}
    case_id = await fed(world, line("A", 10), who="mill-stale", stale_after=soon, when_stale="zero")
    await world.until_notified("stock is out of date")
    await until_levels(world, A=0)
    return await stop(world, case_id)


async def in_the_shadow(world: World) -> str:
    await world.switch("shadow", shop_id=SHOP, lifecycle="inventory_feed")
    case_id = await fed(world, line("A", 10), who="mill-shadow")
    await world.until_told(case_id, "Would: write 1 SKU")
    return await stop(world, case_id)


async def gone_on_from_another_run(world: World) -> str:
    """A run that begins with what the one before carried over, such as an advice that is still to be read."""
    mill = "mill-gone-on"
    await partner(world, mill)
    await located(world, who=mill)
    await sells(world, A=0)
    world.deliver = False
    advice = await advised(world, line("A", 5), who=mill)
    state = InventoryFeedState(
        phase=Phase.RUNNING, partner_name=mill, refresh_wanted=True, pushes=7
    )
    state.case.opened_at = datetime.now(UTC)
    state.case.title = "Stock of the mill"
    state.case.call_sequence, state.case.timeline_sequence, state.case.revision = 90, 60, 50
    state.hear_of(advice, 1)
    opening = opening_of_feed(SHOP, tenant=TENANT, partner=mill, opened_by=MARIA)
    opened = await open_case(
        world.database,
        world.temporal,
        world.settings.task_queue,
        replace(opening, argument=opening.argument.model_copy(update={"carried": state.carry()})),
        event_id=None,
        now=datetime.now(UTC),
    )
    await until_levels(world, A=5)
    return await stop(world, opened.case_id)


ENDINGS: dict[str, Play] = {
    play.__name__: play
    for play in (
        stocked_then_suspended,
        retired_and_taken_to_zero,
        feed_cancelled_in_temporal,
        held_and_applied,
        held_superseded_and_discarded,
        pushed_on_the_merchants_word,
        changed_under_the_push,
        edited_by_hand_and_overwritten,
        problems_and_mended,
        stale_then_stopped,
        in_the_shadow,
        gone_on_from_another_run,
    )
}
