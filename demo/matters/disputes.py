"""Customers' banks ask, or take money back."""

from typing import Any

from demo.furnish import SHOP
from demo.stage import Stage, number

JERSEY = {"sku": "ALP-JERSEY-L", "quantity": 1, "vendor": "Alpine", "price": "89.00"}
LANTERN = {"sku": "CED-LANTERN", "quantity": 1, "vendor": "Cedar", "price": "59.00"}


async def proven(stage: Stage) -> str:
    what = (
        "A bank takes money back for a jersey that never arrived, it says; Alpine Textiles proves the delivery, "
        "the evidence is submitted by itself"
    )
    await stage.merchant.policy("dispute", {"submit_when_complete": True})
    return await _opened(stage, what, JERSEY, "resolved")


async def left_to_the_reader(stage: Stage) -> str:
    what = "A bank asks after a lantern; Cedar Outdoor has a week to prove its delivery, in the partner portal"
    return await _opened(stage, what, LANTERN, "awaiting_partner", type="inquiry")


async def won(stage: Stage, case_id: str) -> None:
    """Once the evidence is with the bank, it decides for the merchant."""
    await stage.until(case_id, "awaiting_other")
    stage.say("The bank decides for the merchant")
    await stage.merchant.post(
        stage.merchant.shopify,
        f"/_emulator/shops/{SHOP}/disputes/{case_id.rpartition(':')[2]}/decide",
        {"status": "won"},
    )
    await stage.until(case_id, "resolved")


async def _opened(
    stage: Stage, what: str, line: dict[str, Any], stands_at: str, **more: Any
) -> str:
    stage.say(what)
    order = await stage.merchant.order(line)
    made = await stage.merchant.post(
        stage.merchant.shopify,
        f"/_emulator/shops/{SHOP}/disputes",
        {"order_id": order["order_id"], "reason": "product_not_received", **more},
    )
    return stage.add(what, f"dispute:{SHOP}:{number(made['dispute_id'])}", stands_at).case_id
