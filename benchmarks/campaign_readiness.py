"""What a campaign of 150 partners and 2,000 products costs: time, history, Shopify.

`python -m benchmarks.campaign_readiness` starts the demo's stack on free ports in a temporary folder and plays one campaign
in minutes: the plan is shared with every partner, each commits to all of its products, one product is changed, three gates
are held, the merchant says go, it runs, and what was sold is counted. Wall-clock times of this machine; sizes as Temporal
has them.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client

from benchmarks.measuring import shopify_costs, tenant
from benchmarks.purchase_orders import until
from demo.furnish import SHOP, DemoPartner, Merchant, make_key
from demo.ports import Ports
from demo.stack import Stack

REFERENCE = "SPRING-27"
CASE = f"campaign-readiness:{SHOP}:campaign-{REFERENCE}"
GATES_S = (120.0, 70.0, 25.0)
RUNS_S = 60.0


class Clock:
    """Prints how long each step took."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def took(self, what: str) -> None:
        now = time.perf_counter()
        print(f"{what:<48} {now - self._last:7.1f} s", flush=True)
        self._last = now


def plan(skus: dict[str, list[str]], first: int) -> str:
    """A CSV of 100 pieces each, and `first` of the first product."""
    lines = [f"{sku},100" for mine in skus.values() for sku in mine]
    lines[0] = f"{lines[0].split(',')[0]},{first}"
    return "\n".join(["sku,expected_quantity", *lines])


async def furnish(merchant: Merchant, skus: dict[str, list[str]]) -> None:
    partners = tuple(DemoPartner(name, name.title(), name, "manual") for name in skus)
    await merchant.furnish(partners)
    for name, mine in skus.items():
        path = f"/_emulator/shops/{SHOP}/products/bulk"
        await merchant.post(merchant.shopify, path, {"skus": mine, "vendor": name})
    terms = {
        "gates": [{"hours": seconds / 3600} for seconds in GATES_S],
        "watch_every": {"hours": 30 / 3600},
        "wrap_up_after": {"hours": 5 / 3600},
    }
    body = {"lifecycle": "campaign_readiness", "shop_id": SHOP, "terms": terms}
    await merchant.post(merchant.api, "/policies", body)


async def commit_all(merchant: Merchant) -> None:
    """Every partner commits to everything it is asked for."""
    for share in (await tenant(merchant))["campaigns"]:
        said = [
            {"sku": one["sku"], "quantity": one["expected_quantity"], "status": "committed"}
            for one in share["products"]
        ]
        path = f"/_emulator/campaigns/{share['id']}/readiness"
        await merchant.post(merchant.trading_grid, path, {"commitments": said})


async def detail(merchant: Merchant, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The case's detail, once something holds of it."""

    async def look() -> dict[str, Any] | None:
        case = await merchant.get(f"/cases/{CASE}")
        found: dict[str, Any] = (case.get("snapshot") or case).get("detail") or {}
        return found if found and holds(found) else None

    return await until(look, within=900)


async def measure(client: Client) -> None:
    """Events, bytes and the largest event of each run, the last first."""
    run_id, runs, events, size, largest = "", 0, 0, 0, 0
    while True:
        handle = client.get_workflow_handle(CASE, run_id=run_id or None)
        history = await handle.fetch_history()
        sizes = [event.ByteSize() for event in history.events]
        runs, events, size = runs + 1, events + len(sizes), size + sum(sizes)
        largest = max(largest, *sizes)
        started = history.events[0].workflow_execution_started_event_attributes
        run_id = started.continued_execution_run_id
        if not run_id:
            break
    print(
        f"{runs} runs, {events} history events, {size / 1e6:.1f} MB, the largest event {largest / 1e3:.0f} kB"
    )


async def play(stack: Stack, merchant: Merchant, partners: int, products: int) -> None:
    names = [f"partner-{number:03}" for number in range(partners)]
    skus: dict[str, list[str]] = {name: [] for name in names}
    for number in range(products):
        skus[names[number % partners]].append(f"SKU-{number:05}")
    clock = Clock()
    await furnish(merchant, skus)
    clock.took("furnished")
    before = await shopify_costs(merchant)
    starts = datetime.now(UTC) + timedelta(seconds=GATES_S[0] + 30 + 1.6 * partners)
    body = {
        "shop": SHOP,
        "external_reference": REFERENCE,
        "title": "Spring",
        "starts_at": starts.isoformat(),
        "ends_at": (starts + timedelta(seconds=RUNS_S)).isoformat(),
        "csv": plan(skus, 100),
    }
    await merchant.post(merchant.api, "/campaigns", body, **{"Idempotency-Key": "bench-1"})

    async def shared() -> bool | None:
        return len((await tenant(merchant)).get("campaigns", [])) == partners or None

    await until(shared, within=900)
    clock.took(f"shared with {partners} partners")
    await commit_all(merchant)
    await detail(merchant, lambda seen: seen["readiness"] == 1)
    clock.took("all of their words taken and shown")
    body = {"csv": plan(skus, 150)}
    path = f"/campaigns/{CASE}/plan"
    await merchant.post(merchant.api, path, body, **{"Idempotency-Key": "bench-2"})
    await detail(merchant, lambda seen: seen["readiness"] < 1)
    clock.took("one product changed, shared, its word void")
    word = {"sku": skus[names[0]][0], "quantity": 150, "status": "committed"}
    [share] = [
        one for one in (await tenant(merchant))["campaigns"] if one["partner_id"] == names[0]
    ]
    path = f"/_emulator/campaigns/{share['id']}/readiness"
    await merchant.post(merchant.trading_grid, path, {"commitments": [word]})
    await detail(merchant, lambda seen: seen["readiness"] == 1)
    clock.took("promised again")
    await asyncio.sleep(max(0.0, (starts - datetime.now(UTC)).total_seconds() - 5))
    clock.took("waited for the gates")
    go: dict[str, Any] = {}
    await merchant.post(merchant.api, f"/cases/{CASE}/go", go, **{"Idempotency-Key": "bench-3"})
    await asyncio.sleep(max(0.0, (starts - datetime.now(UTC)).total_seconds() + 5))
    for number in range(50):
        line = {
            "sku": skus[names[number % partners]][0],
            "quantity": 1,
            "vendor": "x",
            "price": "9.00",
        }
        await merchant.order(line, fulfill=False)
    clock.took("started, 50 orders placed")
    client = await stack.temporal_client()
    async with asyncio.timeout(900):
        outcome = await client.get_workflow_handle(CASE).result()
    clock.took(f"ended: {outcome['outcome']}")
    after = await shopify_costs(merchant)
    print(
        f"Shopify: {after['actual'] - before['actual']} points"
        f" in {after['requests'] - before['requests']} calls"
    )
    await measure(client)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--partners", type=int, default=150)
    parser.add_argument("--products", type=int, default=2_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Ports.free(), Path(folder))
        key = await make_key(stack)
        try:
            await stack.start()
            async with Merchant(stack, key) as merchant:
                await play(stack, merchant, given.partners, given.products)
        finally:
            await stack.stop()
    await asyncio.sleep(0.3)


if __name__ == "__main__":
    asyncio.run(main())
