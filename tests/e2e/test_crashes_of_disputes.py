"""The worker is killed while evidence is due: on waking it submits what there is, once, in time, and never after it."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from benchmarks.measuring import number
from benchmarks.purchase_orders import until
from demo.furnish import SHOP, Merchant
from demo.stack import Stack
from tests.e2e.test_crashes import outcomes

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

JERSEY = {"sku": "ALP-JERSEY-M", "quantity": 1, "vendor": "Alpine", "price": "89.00"}
DISPUTES = 3
DUE, MARGIN = timedelta(seconds=75), timedelta(seconds=69)
"""From when everything is proved. A task that a killed worker had takes ten seconds to be given to the next one."""


async def disputed(merchant: Merchant, due: timedelta) -> str:
    """A chargeback on a shipped order; its number."""
    order = await merchant.order(JERSEY)
    made = await merchant.post(
        merchant.shopify,
        f"/_emulator/shops/{SHOP}/disputes",
        {"order_id": number(order["order_id"]), "evidence_due_in_s": due.total_seconds()},
    )
    return number(made["dispute_id"])


async def in_shop(merchant: Merchant) -> dict[str, dict[str, Any]]:
    state = (await merchant.shopify.get("/_emulator/state")).json()
    return {number(one["dispute_id"]): one for one in state["shops"][SHOP]["disputes"]}


async def until_all(merchant: Merchant, disputes: list[str], wanted: Any) -> None:
    async def look() -> bool | None:
        found = await in_shop(merchant)
        return True if all(wanted(found[one]) for one in disputes) else None

    await until(look, within=90)


def proved(dispute: dict[str, Any]) -> bool:
    """The partner's paper and statement are in the draft."""
    text = dispute["texts"].get("uncategorizedText", "")
    return "shippingDocumentationFile" in dispute["files"] and " states: " in text


def answered(dispute: dict[str, Any]) -> bool:
    return bool(dispute["submitted"])


async def submissions_sent(merchant: Merchant) -> Counter[str]:
    """How often the evidence of each dispute was submitted, by what Shopify was asked and did."""
    calls = (await merchant.shopify.get("/_emulator/calls")).json()["calls"]
    return Counter(
        str(call["variables"]["id"])
        for call in calls
        if call["operation"] == "DisputeEvidenceUpdate"
        and call["outcome"] == "ok"
        and call["variables"]["input"].get("submitEvidence")
    )


async def test_disputes_are_answered_once_in_time_by_a_worker_that_was_killed_across_the_margin(
    stack: Stack, merchant: Merchant
) -> None:
    terms = {"margin": {"hours": MARGIN / timedelta(hours=1)}, "submit_when_complete": False}
    policy = {"shop_id": SHOP, "lifecycle": "dispute", "terms": terms}
    await merchant.post(merchant.api, "/policies", policy)
    disputes = [await disputed(merchant, timedelta(minutes=10)) for _ in range(DISPUTES)]
    await until_all(merchant, disputes, proved)

    # The bank moves the due date near, and we are down across the margin. A dispute is opened and due in that time, too.
    for one in disputes:
        path = f"/_emulator/shops/{SHOP}/disputes/{one}/due"
        await merchant.post(merchant.shopify, path, {"evidence_due_in_s": DUE.total_seconds()})
    await asyncio.sleep(0.3)
    await stack.kill("worker")
    late = await disputed(merchant, timedelta(seconds=1))
    await asyncio.sleep((DUE - MARGIN).total_seconds() + 1)
    assert not any(answered(one) for one in (await in_shop(merchant)).values())
    await stack.restart("worker")
    await asyncio.sleep(0.8)
    # Once more, in the middle of it.
    await stack.kill("worker")
    await stack.restart("worker")
    await until_all(merchant, disputes, answered)

    found = await in_shop(merchant)
    for one in disputes:
        assert found[one]["submissions"] == {"CHARGEBACK": 1}
        sent, due = (found[one][name] for name in ("evidence_sent_on", "evidence_due_by"))
        assert datetime.fromisoformat(sent) < datetime.fromisoformat(due)
        assert proved(found[one])
        path = f"/_emulator/shops/{SHOP}/disputes/{one}/decide"
        await merchant.post(merchant.shopify, path, {"status": "won"})
    expected = {f"dispute:{SHOP}:{one}": "won" for one in disputes}
    await outcomes(merchant, expected | {f"dispute:{SHOP}:{late}": "not_answered"}, within=60)
    assert (await in_shop(merchant))[late]["submissions"] == {}
    wanted = {str(found[one]["evidence_id"]): 1 for one in disputes}
    assert await submissions_sent(merchant) == Counter(wanted)
