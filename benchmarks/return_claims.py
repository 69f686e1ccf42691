"""How fast a return reaches its partner, and the partner's answer Shopify; what a plain claim costs.

`python -m benchmarks.return_claims` starts the demo's stack on free ports in a temporary folder, sends returns, has the
partner answer them by control call, and prints p50 and p95 of two spans, over all of them:

* from `returns/request` sent by Shopify to the partner's case present in Trading Grid,
* from the partner's answer to the return approved in Shopify.

Then one plain claim, accepted and refunded, alone: its history events and its Shopify query cost. All times are wall-clock
times of this machine, taken by the emulators themselves.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import (
    first_deliveries,
    moment,
    shopify_calls,
    shopify_costs,
    show,
    tenant,
)
from demo.furnish import SHOP, DemoPartner, Merchant, make_key
from demo.ports import Ports
from demo.stack import Stack

PARTNER = DemoPartner("alpine-textiles", "Alpine Textiles", "Alpine", "manual")
LINE = {"sku": "ALP-JERSEY-M", "quantity": 1, "vendor": "Alpine", "price": "89.00"}


async def partner_cases(merchant: Merchant) -> dict[str, dict[str, Any]]:
    """Trading Grid's cases by the number of the return they are about."""
    cases = (await tenant(merchant))["cases"]
    return {
        case["external_reference"]["id"].split("/")[0].rsplit(":", 1)[-1]: case for case in cases
    }


async def approvals(merchant: Merchant) -> dict[str, float]:
    return {
        str(call["variables"]["input"]["id"]).rsplit("/", 1)[-1]: moment(call["at"])
        for call in await shopify_calls(merchant)
        if call["operation"] == "ReturnApproveRequest" and call["outcome"] == "ok"
    }


async def latencies(
    merchant: Merchant, count: int, every: float
) -> tuple[list[float], list[float]]:
    """Both spans in seconds, over `count` returns sent one every `every` seconds."""
    before = set(await partner_cases(merchant))
    orders = [await merchant.order(LINE) for _ in range(count)]
    numbers: list[str] = []
    for order in orders:
        numbers.append(await merchant.ask_for_return(order, {"sku": LINE["sku"], "quantity": 1}))
        await asyncio.sleep(every)
    while not set(numbers) <= set(await partner_cases(merchant)) - before:
        await asyncio.sleep(0.2)
    await asyncio.sleep(2)
    sent, cases = await first_deliveries(merchant, "returns/request"), await partner_cases(merchant)
    opened = [moment(cases[number]["create_time"]) - sent[number] for number in numbers]

    answered: dict[str, float] = {}
    for number in numbers:
        case = cases[number]["id"]
        answer = await merchant.post(
            merchant.trading_grid, f"/_emulator/cases/{case}/answer", {"kind": "accept"}
        )
        answered[number] = moment(answer["answer"]["time"])
        await asyncio.sleep(every)
    while not set(numbers) <= set(await approvals(merchant)):
        await asyncio.sleep(0.2)
    approved = await approvals(merchant)
    return opened, [approved[number] - answered[number] for number in numbers]


async def plain_claim(stack: Stack, merchant: Merchant) -> tuple[int, int, int]:
    """One claim alone, accepted and refunded: history events, Shopify points, Shopify calls."""
    before = await shopify_costs(merchant)
    order = await merchant.order(LINE)
    number = await merchant.ask_for_return(order, {"sku": LINE["sku"], "quantity": 1})
    case_id = f"return-claim:{SHOP}:{number}"
    while number not in await partner_cases(merchant):
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    case = (await partner_cases(merchant))[number]
    await merchant.post(
        merchant.trading_grid, f"/_emulator/cases/{case['id']}/answer", {"kind": "accept"}
    )
    while number not in await approvals(merchant):
        await asyncio.sleep(0.1)
    await asyncio.sleep(1)
    rma = next(
        entry
        for entry in (await tenant(merchant))["return_authorizations"]
        if entry["case_id"] == case["id"]
    )
    authorization = f"/_emulator/return-authorizations/{rma['id']}"
    await merchant.post(
        merchant.trading_grid, authorization, {"status": "authorized", "rma_number": "RMA-1"}
    )
    await merchant.post(merchant.trading_grid, f"{authorization}/goods-received", {})
    client = await stack.temporal_client()
    handle = client.get_workflow_handle(case_id)
    await handle.result()
    history = await handle.fetch_history()
    after = await shopify_costs(merchant)
    return (
        len(history.events),
        after["actual"] - before["actual"],
        after["requests"] - before["requests"],
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--every", type=float, default=0.5, help="seconds between two returns")
    parser.add_argument("--burst", action="store_true", help="also all of them at once")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Ports.free(), Path(folder))
        key = await make_key(stack)
        try:
            await stack.start()
            async with Merchant(stack, key) as merchant:
                await merchant.furnish((PARTNER,))
                events, cost, calls = await plain_claim(stack, merchant)
                print(
                    f"one plain claim, refunded: {events} history events, {cost} Shopify points in {calls} calls"
                )
                loads = {f"one every {given.every} s": given.every}
                if given.burst:
                    loads["all at once"] = 0
                for load, every in loads.items():
                    opened, approved = await latencies(merchant, given.count, every)
                    show(load, "request -> partner's case", opened)
                    show(load, "answer -> approved in Shopify", approved)
        finally:
            await stack.stop()
    await asyncio.sleep(0.3)


if __name__ == "__main__":
    asyncio.run(main())
