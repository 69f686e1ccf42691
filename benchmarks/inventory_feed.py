"""How fast a partner's stock reaches the shop, and what that costs.

`python -m benchmarks.inventory_feed` starts the demo's stack on free ports in a temporary folder, with a shop of 50,000 SKUs
whose partner publishes, one after the other,

* a snapshot of all of them, to a shop that has none to sell: every quantity is written,
* a snapshot that differs in 2,000 of them: exactly those are looked at and written, 250 a call,
* the same snapshot again: nothing is looked at.

For each it prints the time from the advice in Trading Grid to the last quantity in Shopify, what was read and written there
and for how many points, and the events and bytes of the feed's history. All times are wall-clock times of this machine.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from temporalio.service import RPCError

from benchmarks.measuring import shopify_costs
from benchmarks.purchase_orders import until
from demo.furnish import SHOP, TENANT, DemoPartner, Merchant, make_key
from demo.ports import Ports
from demo.stack import Stack

PARTNER = DemoPartner("alpine-textiles", "Alpine Textiles", "Alpine", "manual")
CODE, PLACE = "WH-1", "Main warehouse"
WITHIN = 3600.0  # seconds
SKUS_A_CALL = 10_000


async def furnish(merchant: Merchant, skus: list[str]) -> None:
    """The partner, what its location code means, its terms, and the shop's products."""
    await merchant.furnish((PARTNER,))
    for start in range(0, len(skus), SKUS_A_CALL):
        body = {"skus": skus[start : start + SKUS_A_CALL], "available": {PLACE: 0}, "tell": False}
        await merchant.post(merchant.shopify, f"/_emulator/shops/{SHOP}/products/bulk", body)
    state = (await merchant.shopify.get("/_emulator/state")).json()
    gid = next(one["id"] for one in state["shops"][SHOP]["locations"] if one["name"] == PLACE)
    await merchant.post(
        merchant.api,
        "/location-mappings",
        {
            "tenant_id": TENANT,
            "partner_id": PARTNER.id,
            "code": CODE,
            "shop_id": SHOP,
            "location_id": gid,
        },
    )


async def advise(merchant: Merchant, says: dict[str, int]) -> None:
    lines = [{"sku": sku, "available": available} for sku, available in says.items()]
    body = {"partner_id": PARTNER.id, "location_code": CODE, "lines": lines}
    await merchant.post(merchant.trading_grid, "/_emulator/inventory-advices", body)


async def snapshot(stack: Stack, case_id: str) -> dict[str, Any] | None:
    client = await stack.temporal_client()
    try:
        found: dict[str, Any] = await client.get_workflow_handle(case_id).query("current")
    except RPCError:
        return None
    return found


async def measured(
    stack: Stack, merchant: Merchant, what: str, says: dict[str, int], writes: int
) -> None:
    """Publish a snapshot, wait until the feed has pushed it, and print what that took.

    `writes`: how many quantities differ; the feed may look once before it knows the shop's items, and write none.
    """
    case_id = f"inventory-feed:{SHOP}:{PARTNER.id}"
    known = await snapshot(stack, case_id)
    pushes = ((known or {}).get("detail") or {}).get("last_push") or {}
    before, began = await shopify_costs(merchant), time.monotonic()
    await advise(merchant, says)
    advised = time.monotonic()

    async def pushed() -> dict[str, Any] | None:
        found = await snapshot(stack, case_id)
        last = ((found or {}).get("detail") or {}).get("last_push") or {}
        done = last.get("number", 0) > pushes.get("number", 0) and last["written"] >= writes
        return last if done else None

    last = await until(pushed, WITHIN)
    seconds, after = time.monotonic() - advised, await shopify_costs(merchant)
    history = await (await stack.temporal_client()).get_workflow_handle(case_id).fetch_history()
    sizes = [event.ByteSize() for event in history.events]
    print(
        f"{what:<28} {seconds:7.1f} s  looked at {last['considered']:>6}  wrote {last['written']:>6}  "
        f"{after['requests'] - before['requests']:>5} calls  {after['actual'] - before['actual']:>7} points  "
        f"history {len(sizes)} events, {sum(sizes)} bytes, the largest {max(sizes)}"
        f"  (published in {advised - began:.1f} s)",
        flush=True,
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--skus", type=int, default=50_000)
    parser.add_argument("--changes", type=int, default=2_000)
    parser.add_argument(
        "--plus",
        action="store_true",
        help="Shopify's limits of the Plus plan (1,000 points a second) instead of the standard ones (100)",
    )
    given = parser.parse_args()
    skus = [f"SKU-{number:06d}" for number in range(1, given.skus + 1)]
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Ports.free(), Path(folder))
        key = await make_key(stack)
        try:
            await stack.start()
            async with Merchant(stack, key) as merchant:
                for client in (merchant.shopify, merchant.trading_grid):
                    client.timeout = 600
                if given.plus:
                    limits = {"bucket_size": 20_000, "restore_rate": 1_000}
                    await merchant.shopify.put("/_emulator/limits", json=limits)
                await furnish(merchant, skus)
                says = {sku: number % 400 + 1 for number, sku in enumerate(skus)}
                await measured(stack, merchant, f"all {len(skus)} SKUs", says, len(skus))
                says |= {sku: says[sku] + 1 for sku in skus[: given.changes]}
                await measured(
                    stack, merchant, f"{given.changes} changes of them", says, given.changes
                )
                await measured(stack, merchant, "the same again", says, 0)
        finally:
            await stack.stop()
    await asyncio.sleep(0.3)


if __name__ == "__main__":
    asyncio.run(main())
