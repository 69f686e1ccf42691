"""Partners tell of their stock."""

from typing import Any

from demo.furnish import SHOP, TENANT
from demo.stage import Stage

PARTNER = "alpine-textiles"
CODE = "ALP-01"
PLACE = "Alpine warehouse"
SKUS = ("ALP-GLOVES", "ALP-HAT", "ALP-SOCKS", "ALP-VEST")


async def told(stage: Stage) -> str:
    """A snapshot with an article nobody knows and one under a stop-sell, then a delta."""
    what = (
        "Alpine Textiles reports its stock: quantities appear in Shopify, a stop-sell is 0, and the one SKU "
        "the shop does not have is told apart"
    )
    stage.say(what)
    await _stocked(stage)
    await _advise(
        stage,
        "snapshot",
        {"sku": "ALP-GLOVES", "available": 40},
        {"sku": "ALP-HAT", "available": 25, "allocation": 10},
        {"sku": "ALP-SOCKS", "available": 60, "constraint": {"code": "stop_sell"}},
        {"sku": "ALP-VEST", "available": 7},
        {"sku": "ALP-GLOVS", "available": 3},
    )
    return stage.add(what, f"inventory-feed:{SHOP}:{PARTNER}", "active").case_id


async def moves(stage: Stage) -> None:
    """A customer buys, and the partner's next advice comes; both are seen in Shopify.

    Raises:
        RuntimeError: the quantities are not what they should be.
    """
    await _levels(stage, {"ALP-GLOVES": 40, "ALP-HAT": 10, "ALP-SOCKS": 0, "ALP-VEST": 7})
    stage.say("A customer buys two hats; then Alpine Textiles tells of less gloves")
    await stage.merchant.order(
        {"sku": "ALP-HAT", "quantity": 2, "vendor": "Alpine", "price": "19.00", "location": PLACE}
    )
    await _advise(stage, "delta", {"sku": "ALP-GLOVES", "available": 31})
    await _levels(stage, {"ALP-GLOVES": 31, "ALP-HAT": 8})


async def _stocked(stage: Stage) -> None:
    """The shop has these articles, at a place of its own that the partner's code means."""
    merchant = stage.merchant
    place = await merchant.post(
        merchant.shopify, f"/_emulator/shops/{SHOP}/locations", {"name": PLACE}
    )
    await merchant.post(
        merchant.shopify,
        f"/_emulator/shops/{SHOP}/products/bulk",
        {"skus": list(SKUS), "vendor": "Alpine", "price": "19.00", "available": {PLACE: 0}},
    )
    await merchant.post(
        merchant.api,
        "/location-mappings",
        {
            "tenant_id": TENANT,
            "partner_id": PARTNER,
            "code": CODE,
            "shop_id": SHOP,
            "location_id": place["location_id"],
        },
    )


async def _advise(stage: Stage, kind: str, *lines: dict[str, Any]) -> None:
    await stage.merchant.post(
        stage.merchant.trading_grid,
        "/_emulator/inventory-advices",
        {"partner_id": PARTNER, "location_code": CODE, "kind": kind, "lines": list(lines)},
    )


async def _levels(stage: Stage, wanted: dict[str, int]) -> None:
    async def look() -> dict[str, int] | None:
        answer = await stage.merchant.shopify.get(
            f"/_emulator/shops/{SHOP}/inventory-levels", params={"sku": list(wanted)}
        )
        found = {
            level["sku"]: level["quantities"]["available"]
            for level in answer.json()["inventory_levels"]
            if level["location"] == PLACE
        }
        return found if found == wanted else None

    await stage.eventually(look, f"these quantities in Shopify: {wanted}")
