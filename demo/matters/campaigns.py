"""Partners get ready for what the merchant plans."""

from datetime import UTC, datetime, timedelta
from typing import Any

from demo.furnish import SHOP
from demo.stage import Stage

WINTER_STARTS_IN = timedelta(days=10)
HOODIE = {"sku": "ALP-HOODIE", "vendor": "Alpine", "price": "69.00"}
BEANIE = {"sku": "ALP-BEANIE", "vendor": "Alpine", "price": "24.00"}
WATCH = {"sku": "BOR-WATCH", "vendor": "Borealis", "price": "179.00"}
RADIO = {"sku": "BOR-RADIO", "vendor": "Borealis", "price": "89.00"}


async def flash_sale(stage: Stage) -> str:
    """A campaign of seconds, so that all of it is seen: commitments, the start, orders, the count of what was sold."""
    what = "A flash sale of hoodies: Alpine Textiles commits, it starts, sells and is counted"
    second = {"hours": 1 / 3600}
    # One gate of the winter launch comes while the reader watches, one of the flash sale just before its start.
    soon = WINTER_STARTS_IN - timedelta(seconds=12)
    await stage.merchant.policy(
        "campaign_readiness",
        {
            "gates": [{"hours": soon / timedelta(hours=1)}, {"hours": 3 / 3600}],
            "auto_go": True,
            "watch_every": second,
            "wrap_up_after": second,
        },
    )
    now = datetime.now(UTC)
    return await _planned(
        stage,
        what,
        "FLASH-SALE",
        "Flash sale",
        now + timedelta(seconds=10),
        now + timedelta(seconds=20),
        {HOODIE["sku"]: (HOODIE, 50)},
        "resolved",
    )


async def sold(stage: Stage, case_id: str) -> None:
    """Customers buy while the flash sale runs; then it is counted.

    Raises:
        RuntimeError: it does not come to its end.
    """
    await stage.until(case_id, "active")
    stage.say("Customers buy three hoodies in the flash sale")
    await stage.merchant.order({**HOODIE, "quantity": 3})
    await stage.until(case_id, "resolved")


async def winter(stage: Stage) -> str:
    what = (
        "A winter launch in ten days: Alpine Textiles commits, at Borealis Electronics it is at risk; "
        "the merchant is asked to go, change or stop"
    )
    now = datetime.now(UTC)
    return await _planned(
        stage,
        what,
        "WINTER-LAUNCH",
        "Winter launch",
        now + WINTER_STARTS_IN,
        now + timedelta(days=40),
        {
            BEANIE["sku"]: (BEANIE, 400),
            WATCH["sku"]: (WATCH, 120),
            RADIO["sku"]: (RADIO, 80),
        },
        "awaiting_merchant",
    )


async def _planned(
    stage: Stage,
    what: str,
    reference: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    products: dict[str, tuple[dict[str, str], int]],
    stands_at: str,
) -> str:
    stage.say(what)
    merchant = stage.merchant
    for article, _ in products.values():
        await merchant.post(
            merchant.shopify, f"/_emulator/shops/{SHOP}/products", {**article, "available": {}}
        )
    plan: list[dict[str, Any]] = [
        {"sku": sku, "expected_quantity": quantity} for sku, (_, quantity) in products.items()
    ]
    case_id = await stage.open(
        "/campaigns",
        {
            "shop": SHOP,
            "external_reference": reference,
            "title": title,
            "starts_at": starts_at.isoformat(),
            "ends_at": ends_at.isoformat(),
            "products": plan,
        },
        key=f"demo-{reference}",
    )
    return stage.add(what, case_id, stands_at).case_id
