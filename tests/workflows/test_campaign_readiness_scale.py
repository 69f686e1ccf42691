"""A campaign of many products: what it costs in history, in payloads and at Shopify stays small.

Twelve partners and 300 products here, for the time it takes; `benchmarks/campaign_readiness.py` measures 150 and 2,000.
"""

import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from persistence.session import Database
from tests.workflows import campaigns
from tests.workflows.campaigns import DAY
from tests.world import SHOP, World, open_world

PARTNERS, PRODUCTS = 12, 300
NAMES = [f"partner-{number:03}" for number in range(PARTNERS)]
SKUS = {name: [f"SKU-{name[-3:]}-{n:04}" for n in range(PRODUCTS // PARTNERS)] for name in NAMES}
FIRST = SKUS[NAMES[0]][0]


def table(first: int) -> str:
    """A plan of 100 pieces each, and another quantity of the first product."""
    lines = [f"{sku},{first if sku == FIRST else 100}," for skus in SKUS.values() for sku in skus]
    return "\n".join(["sku,expected_quantity,ready_by", *lines])


async def furnish(world: World) -> None:
    for name, skus in SKUS.items():
        await world.partner(name)
        path = f"/_emulator/shops/{SHOP}/products/bulk"
        await world._post(world.shopify, path, {"skus": skus, "vendor": name})


async def runs(world: World, case_id: str) -> AsyncIterator[WorkflowHistory]:
    """The histories of all runs of the case, the last first."""
    run_id = ""
    while True:
        history = await world.temporal.get_workflow_handle(
            case_id, run_id=run_id or None
        ).fetch_history()
        yield history
        run_id = history.events[
            0
        ].workflow_execution_started_event_attributes.continued_execution_run_id
        if not run_id:
            return


async def test_a_campaign_of_many_products_stays_small(world: World) -> None:
    await furnish(world)
    start = (await world.now() + 8 * DAY).replace(microsecond=0)
    before = (await world.shopify.get("/_emulator/costs")).json()
    number = await campaigns.planned_in_shopify(
        world,
        title="Spring",
        starts_at=start.isoformat(),
        ends_at=(start + 2 * DAY).isoformat(),
        plan=await campaigns.plan_file(world, table(100)),
    )
    case_id = f"campaign-readiness:{SHOP}:{number}"

    async def shared() -> list[dict[str, Any]]:
        return list((await campaigns.grid(world)).get("campaigns", []))

    shares = await world.eventually(
        shared, lambda found: found if len(found) == PARTNERS else None, within=40
    )
    for share in shares:
        await campaigns.say(world, share["partner_id"], *_all_of(share))
    await campaigns.until_readiness(world, case_id, 1.0)
    # One product more is expected: one partner hears of it, and one word is open again.
    writes = len(await world.grid_writes())
    await campaigns.planned_in_shopify(world, plan=await campaigns.plan_file(world, table(150)))
    expected = PRODUCTS * 100 + 50
    await campaigns.until_readiness(world, case_id, (expected - 150) / expected)
    assert len(await world.grid_writes()) == writes + 1
    # A gate, at which everything is looked at again; then the rest is promised.
    await world.sleep(2 * DAY)
    await campaigns.commit(world, NAMES[0], **{FIRST.replace("-", "_"): 150})
    seen = await campaigns.until_readiness(world, case_id, 1.0)
    assert len(json.dumps(seen.detail, default=str)) < 12_000
    await campaigns.go(world, case_id)
    await world.sleep(6 * DAY)
    await _ordered(world, start + timedelta(hours=1), FIRST, 160)
    await _ordered(world, start + timedelta(hours=2), SKUS[NAMES[1]][0], 40)
    assert await campaigns.outcome(world, case_id) == "completed"

    sold = (await world.current(case_id)).detail["sold"]
    assert (sold["orders"], sold["sold"], sold["oversold_count"]) == (2, 200, 1)  # type: ignore[index]
    events = [event async for history in runs(world, case_id) for event in history.events]
    assert len(events) < 250 + 130 * PARTNERS
    assert max(event.ByteSize() for event in events) < 32_000
    after = (await world.shopify.get("/_emulator/costs")).json()
    assert after["actual"] - before["actual"] < 1_500
    assert len(await world.shopify_writes("metaobjectUpdate", "metaobjectUpsert")) <= 12


def _all_of(share: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"sku": one["sku"], "quantity": one["expected_quantity"], "status": "committed"}
        for one in share["products"]
    ]


async def _ordered(world: World, at: datetime, sku: str, quantity: int) -> None:
    line = {"sku": sku, "quantity": quantity, "vendor": "x", "price": "30.00"}
    await world.order(line, created_at=at.isoformat(), fulfill=False)


async def test_the_names_of_many_partners_do_not_fail_the_workflow_on_the_real_server(
    dev_server: WorkflowEnvironment, database: Database, tmp_path: Path
) -> None:
    names = [f"a-partner-with-quite-a-long-name-{number:03}" for number in range(60)]
    async with open_world(dev_server.client, database, tmp_path) as world:
        for name in names:
            await world.partner(name)
            path = f"/_emulator/shops/{SHOP}/products/bulk"
            await world._post(world.shopify, path, {"skus": [f"SKU-{name}"], "vendor": name})
        window = await campaigns.window(world, starts=20 * DAY)
        products = {f"SKU-{name}": 10 for name in names}
        case_id = await campaigns.given(world, campaigns.plan(window, **products))
        await world.eventually(
            lambda: campaigns.grid(world),
            lambda grid: len(grid.get("campaigns", [])) == len(names),
            within=40,
        )
        # Later attributes would be refused as the first ones were.
        await campaigns.go(world, case_id)
        seen = await world.until_status(case_id, "awaiting_partner", "awaiting_other")
        assert len(seen.partners) == len(names)
        described = await world.handle(case_id).describe()
        found = {pair.key.name: pair.value for pair in described.typed_search_attributes}
        partners = found["Partner"]
        assert isinstance(partners, list)
        assert partners == list(seen.partners)[: len(partners)]
        assert 40 < len(partners) < len(names)
