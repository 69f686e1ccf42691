"""What every benchmark measures with: percentiles, moments, what Shopify was asked."""

import statistics
from datetime import datetime
from typing import Any

from demo.furnish import Merchant


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies (inclusive method)."""
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def moment(text: str) -> float:
    """Unix seconds of an ISO-8601 time."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def number(gid: str) -> str:
    return str(gid).rsplit("/", 1)[-1]


def show(load: str, what: str, values: list[float]) -> None:
    """One line: how many, p50, p95, the longest; in seconds."""
    print(
        f"{load:<24} {what:<38} n={len(values)} p50 {percentile(values, 0.5):.2f} s  "
        f"p95 {percentile(values, 0.95):.2f} s  max {max(values):.2f} s"
    )


async def tenant(merchant: Merchant) -> dict[str, Any]:
    """The demo tenant's state in the Trading Grid emulator."""
    state = (await merchant.trading_grid.get("/_emulator/state")).json()
    found: dict[str, Any] = next(entry for entry in state["tenants"] if entry["id"] == "demo")
    return found


async def shopify_calls(merchant: Merchant) -> list[dict[str, Any]]:
    """Every request the Shopify emulator received, oldest first."""
    found: list[dict[str, Any]] = (await merchant.shopify.get("/_emulator/calls")).json()["calls"]
    return found


async def shopify_costs(merchant: Merchant) -> dict[str, Any]:
    """Points and requests so far: `actual`, `requests`."""
    found: dict[str, Any] = (await merchant.shopify.get("/_emulator/costs")).json()
    return found


async def first_deliveries(merchant: Merchant, topic: str) -> dict[str, float]:
    """When Shopify first sent a webhook of this topic, by the number of the object it is about."""
    found: dict[str, float] = {}
    for delivery in (await merchant.shopify.get("/_emulator/deliveries")).json()["deliveries"]:
        if delivery["topic"] == topic and delivery["attempts"]:
            key = number(delivery["payload"]["admin_graphql_api_id"])
            found.setdefault(key, moment(delivery["attempts"][0]["at"]))
    return found
