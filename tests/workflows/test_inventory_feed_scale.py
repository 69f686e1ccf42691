"""A large range: what is sent, and what a history holds, follows from what changed and not from how much there is."""

import os
import time

import pytest
from temporalio.client import WorkflowHistory

from tests.workflows.feeds import (
    HAMBURG,
    MILL,
    feed_id,
    levels,
    partner,
    pushes,
    settled,
    terms,
)
from tests.world import SHOP, World

SKUS = int(os.environ.get("FEED_SKUS", "5000"))
"""`benchmarks/inventory_feed.py` has 50,000."""
CHANGES = 2_000
ENTRIES_A_CALL = 250
LARGEST_PAYLOAD = 256_000
MOST_EVENTS_A_PUSH = 250
SETTLED_WITHIN = 300


async def advised(world: World, changed: int = 0) -> dict[str, int]:
    """A snapshot of the whole range, the first `changed` with one more than before; what it says."""
    says = {
        f"SKU-{number:06d}": number % 400 + (2 if number <= changed else 1)
        for number in range(1, SKUS + 1)
    }
    lines = [{"sku": sku, "available": available} for sku, available in says.items()]
    body = {"partner_id": MILL, "location_code": "WH-1", "lines": lines}
    await world._post(world.trading_grid, "/_emulator/inventory-advices", body)
    return says


def largest(history: WorkflowHistory) -> int:
    """The largest event of a history, in bytes: it holds every payload that travelled."""
    return max(event.ByteSize() for event in history.events)


async def pushed(world: World, calls: int, entries: int) -> None:
    """Wait until so many calls wrote so many entries altogether."""

    async def look() -> tuple[int, int]:
        done = await pushes(world)
        return len(done), sum(len(call["variables"]["input"]["quantities"]) for call in done)

    await world.eventually(look, lambda found: found == (calls, entries), within=SETTLED_WITHIN)


# Which database it is makes no difference to what is sent.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.timeout(600)
async def test_a_large_range_is_written_once_and_then_only_what_changes(world: World) -> None:
    began = time.monotonic()
    await world._post(
        world.shopify,
        f"/_emulator/shops/{SHOP}/products/bulk",
        {
            "skus": [f"SKU-{number:06d}" for number in range(1, SKUS + 1)],
            "available": {HAMBURG: 0},
            "tell": False,
        },
    )
    await partner(world)
    gid = next(
        one["id"]
        for one in (await world.shopify_state())["shops"][SHOP]["locations"]
        if one["name"] == HAMBURG
    )
    await world.map_location(MILL, "WH-1", gid)
    await terms(world, brake_share=1.0)
    emulator = world.emulators["shopify"].state.emulator
    emulator.set_limits(size=20_000, rate=1_000)
    furnished, before = time.monotonic(), emulator.spent.actual
    await advised(world)
    first = -(-SKUS // ENTRIES_A_CALL)
    await pushed(world, first, SKUS)
    await settled(world)
    full, after = time.monotonic(), emulator.spent.actual
    events = len((await world.history(feed_id())).events)
    writes = len(await world.shopify_writes())

    said = await advised(world, CHANGES)
    await pushed(world, first + CHANGES // ENTRIES_A_CALL, SKUS + CHANGES)
    seen = await settled(world)
    changed, end = time.monotonic(), emulator.spent.actual
    history = await world.history(feed_id())
    print(
        f"\n{SKUS} SKUs: furnished in {furnished - began:.1f} s; all written in {full - furnished:.1f} s "
        f"for {after - before} points, {events} events; {CHANGES} changes in {changed - full:.1f} s for "
        f"{end - after} points; {len(history.events)} events, "
        f"{sum(event.ByteSize() for event in history.events)} bytes, the largest {largest(history)}"
    )
    last_push = seen.detail["last_push"]
    assert isinstance(last_push, dict)
    assert last_push["considered"] == CHANGES
    assert len(await world.shopify_writes()) == writes + CHANGES // ENTRIES_A_CALL
    assert len(history.events) - events <= MOST_EVENTS_A_PUSH
    assert largest(history) < LARGEST_PAYLOAD
    assert await levels(world) == said
