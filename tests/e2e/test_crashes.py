"""Processes are killed in mid-case, Temporal is stopped while webhooks arrive: every claim ends right, each write once."""

import asyncio
from collections import Counter
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from demo.furnish import SHOP, Merchant
from demo.stack import Stack

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

JERSEY = {"sku": "ALP-JERSEY-M", "quantity": 1, "vendor": "Alpine", "price": "89.00"}
HEADSET = {"sku": "BOR-HEADSET", "quantity": 1, "vendor": "Borealis", "price": "129.00"}


async def returns(merchant: Merchant, count: int) -> dict[str, str]:
    """As many returns, half for the partner that accepts, half for the one that declines; case id -> expected outcome."""
    expected: dict[str, str] = {}
    for number in range(count):
        line, outcome = (JERSEY, "closed_refunded") if number % 2 == 0 else (HEADSET, "declined")
        order = await merchant.order(line)
        return_id = await merchant.ask_for_return(
            order, {"sku": line["sku"], "quantity": 1, "reason": "DEFECTIVE"}
        )
        expected[f"return-claim:{SHOP}:{return_id}"] = outcome
    return expected


async def outcomes(merchant: Merchant, expected: dict[str, str], within: float = 150) -> None:
    """Wait until every case has ended as expected."""
    end = asyncio.get_running_loop().time() + within
    left: dict[str, Any] = dict.fromkeys(expected, "not there")
    while left:
        for case_id in list(left):
            try:
                answer = await merchant.api.get(f"/cases/{quote(case_id)}")
            except httpx.TransportError:
                break
            if answer.status_code == 200:
                left[case_id] = answer.json()["status"]
                if answer.json()["outcome"]:
                    assert answer.json()["outcome"] == expected[case_id], answer.json()
                    del left[case_id]
        assert asyncio.get_running_loop().time() < end, f"Not ended: {left}"
        await asyncio.sleep(0.2)


async def each_write_was_made_once(merchant: Merchant, expected: dict[str, str]) -> None:
    """By the emulators' own call logs: what was done to each return, and what was made for each case."""
    accepted = {case for case, outcome in expected.items() if outcome == "closed_refunded"}
    calls = (await merchant.shopify.get("/_emulator/calls")).json()["calls"]
    done: Counter[tuple[str, str]] = Counter()
    for call in calls:
        if call["outcome"] != "ok":
            continue
        if str(call["operation"]).startswith("Return"):
            variables = call["variables"]
            target = variables.get("id") or variables.get("input", {}).get("id")
            target = target or variables.get("input", {}).get("returnId")
            done[call["operation"], str(target).rsplit("/", 1)[-1]] += 1
    wanted: Counter[tuple[str, str]] = Counter()
    for case in expected:
        number = case.rsplit(":", 1)[-1]
        if case in accepted:
            for field in ("ReturnApproveRequest", "ReturnProcess", "ReturnClose"):
                wanted[field, number] = 1
        else:
            wanted["ReturnDeclineRequest", number] = 1
    assert done == wanted

    state = (await merchant.shopify.get("/_emulator/state")).json()
    refunds = [refund for order in state["shops"][SHOP]["orders"] for refund in order["refunds"]]
    assert len(refunds) == len(accepted)
    grid = (await merchant.trading_grid.get("/_emulator/state")).json()
    tenant = next(entry for entry in grid["tenants"] if entry["id"] == "demo")
    references = Counter(case["external_reference"]["id"].split("/")[0] for case in tenant["cases"])
    assert references == Counter(dict.fromkeys(expected, 1))
    assert {case["status"] for case in tenant["cases"]} <= {"resolved", "closed"}
    assert len(tenant["return_authorizations"]) == len(expected)


async def test_claims_survive_kill_9_of_worker_and_api(stack: Stack, merchant: Merchant) -> None:
    expected = await returns(merchant, 10)
    for _ in range(3):
        await asyncio.sleep(0.7)
        await stack.kill("worker")
        await asyncio.sleep(0.3)
        await stack.kill("api")
        await stack.restart("worker")
        await stack.restart("api")
    await outcomes(merchant, expected)
    await each_write_was_made_once(merchant, expected)


async def requests_in_the_inbox(merchant: Merchant) -> list[dict[str, Any]]:
    inbox = (await merchant.get("/inbound-events", limit="100"))["items"]
    return [event for event in inbox if event["topic"] == "returns/request"]


async def test_webhooks_that_arrive_while_temporal_is_down_are_dispatched_later(
    stack: Stack, merchant: Merchant
) -> None:
    await stack.kill("temporal")
    expected = await returns(merchant, 6)
    async with asyncio.timeout(30):
        while len(waiting := await requests_in_the_inbox(merchant)) < 6:
            await asyncio.sleep(0.2)
    assert [event["status"] for event in waiting] == ["received"] * 6
    await stack.restart("temporal")
    await outcomes(merchant, expected)
    await each_write_was_made_once(merchant, expected)
