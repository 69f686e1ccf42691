"""How fast a paid order reaches its partners, and their shipment notice Shopify; what each lifecycle costs.

`python -m benchmarks.purchase_orders` starts the demo's stack on free ports in a temporary folder, has customers pay orders
with goods of two drop-shipping partners, lets the partners confirm and ship by control call, and prints p50 and p95 of two
spans, over all of them:

* from `orders/paid` sent by Shopify to both purchase orders present in Trading Grid,
* from a shipment notice in Trading Grid to its fulfillment in Shopify.

Then, alone, one order of two purchase orders with their papers, and one order exception that its partner settles: history
events and Shopify query cost of each case. All times are wall-clock times of this machine, taken by the emulators.
"""

import argparse
import asyncio
import base64
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.measuring import (
    first_deliveries,
    moment,
    number,
    shopify_calls,
    shopify_costs,
    show,
    tenant,
)
from demo.furnish import SHOP, DemoPartner, Merchant, make_key
from demo.ports import Ports
from demo.stack import Stack

PARTNERS = (
    DemoPartner("alpine-textiles", "Alpine Textiles", "Alpine", "manual", drop_ships="DS-ALP"),
    DemoPartner("cedar-outdoor", "Cedar Outdoor", "Cedar", "manual", drop_ships="DS-CED"),
)
LINES = (
    {"sku": "DS-ALP-JACKET", "quantity": 2, "vendor": "Alpine", "price": "149.00"},
    {"sku": "DS-CED-STOVE", "quantity": 1, "vendor": "Cedar", "price": "79.00"},
)
IN_STOCK = {"sku": "ALP-SCARF", "quantity": 1, "vendor": "Alpine", "price": "29.00"}
_PDF = base64.b64encode(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n").decode()

Found = TypeVar("Found")


async def until(look: Callable[[], Awaitable[Found | None]], within: float = 300) -> Found:
    """Look until there is something.

    Raises:
        TimeoutError: there was nothing within `within` seconds.
    """
    async with asyncio.timeout(within):
        while (found := await look()) is None:
            await asyncio.sleep(0.2)
    return found


async def purchase_orders(merchant: Merchant) -> dict[str, list[dict[str, Any]]]:
    """Trading Grid's purchase orders by the number of the Shopify order they came from."""
    found: dict[str, list[dict[str, Any]]] = {}
    for order in (await tenant(merchant))["purchase_orders"]:
        case_id = order["external_reference"]["id"].split("/")[0]
        found.setdefault(case_id.rsplit(":", 1)[-1], []).append(order)
    return found


async def confirm(merchant: Merchant, order: dict[str, Any]) -> None:
    """The partner accepts every line."""
    lines = [
        {"line_id": line["line_id"], "ack_code": "IA", "quantity": line["quantity"]}
        for line in order["lines"]
    ]
    path = f"/_emulator/purchase-orders/{order['id']}/responses"
    await merchant.post(merchant.trading_grid, path, {"lines": lines})


async def ship(merchant: Merchant, order: dict[str, Any]) -> dict[str, Any]:
    """The partner ships everything of one purchase order in one package."""
    items = [
        {
            "po_number": order["po_number"],
            "line_id": line["line_id"],
            "sku": line["sku"],
            "quantity": line["quantity"],
        }
        for line in order["lines"]
    ]
    body = {
        "partner_id": order["partner_id"],
        "carrier": "DHL",
        "packages": [{"tracking_number": f"TRACK-{order['po_number']}", "items": items}],
    }
    return await merchant.post(merchant.trading_grid, "/_emulator/shipment-notices", body)


async def send_papers(merchant: Merchant, order: dict[str, Any]) -> None:
    """The partner publishes a packing list and bills what it shipped."""
    reference = {"type": "purchase_order", "value": order["po_number"]}
    await merchant.post(
        merchant.trading_grid,
        "/_emulator/documents",
        {
            "partner_id": order["partner_id"],
            "document_type": "packing_list",
            "file_name": "packing-list.pdf",
            "content_base64": _PDF,
            "business_references": [reference],
        },
    )
    lines = [
        {key: line[key] for key in ("line_id", "sku", "quantity", "unit_price")}
        for line in order["lines"]
    ]
    body = {"partner_id": order["partner_id"], "po_number": order["po_number"], "lines": lines}
    await merchant.post(merchant.trading_grid, "/_emulator/invoices", body)


async def fulfillments(merchant: Merchant) -> dict[str, float]:
    """When Shopify made a fulfillment, by its tracking number."""
    found: dict[str, float] = {}
    for call in await shopify_calls(merchant):
        if call["operation"] == "FulfillmentCreate" and call["outcome"] == "ok":
            tracking = call["variables"]["fulfillment"]["trackingInfo"]
            key = tracking.get("number") or tracking["numbers"][0]
            found.setdefault(key, moment(call["at"]))
    return found


async def latencies(
    merchant: Merchant, count: int, every: float
) -> tuple[list[float], list[float]]:
    """Both spans in seconds, over `count` orders paid one every `every` seconds."""
    paid = []
    for _ in range(count):
        paid.append(number((await merchant.order(*LINES, fulfill=False))["order_id"]))
        await asyncio.sleep(every)

    async def all_there() -> dict[str, list[dict[str, Any]]] | None:
        found = await purchase_orders(merchant)
        return found if all(len(found.get(one, ())) == 2 for one in paid) else None

    orders = await until(all_there)
    sent = await first_deliveries(merchant, "orders/paid")
    reached = [
        max(moment(order["create_time"]) for order in orders[one]) - sent[one] for one in paid
    ]

    theirs = [order for one in paid for order in orders[one]]
    for order in theirs:
        await confirm(merchant, order)
        await asyncio.sleep(every / 2)
    await asyncio.sleep(3)
    noticed: dict[str, float] = {}
    for order in theirs:
        notice = await ship(merchant, order)
        noticed[f"TRACK-{order['po_number']}"] = moment(notice["create_time"])
        await asyncio.sleep(every / 2)

    async def all_shipped() -> dict[str, float] | None:
        found = await fulfillments(merchant)
        return found if set(noticed) <= set(found) else None

    made = await until(all_shipped)
    shipped = [made[tracking] - at for tracking, at in noticed.items()]
    for order in theirs:
        await send_papers(merchant, order)
    return reached, shipped


async def quiet(merchant: Merchant) -> None:
    """Wait until Shopify has not been asked anything for three seconds."""

    async def look() -> bool | None:
        before = (await shopify_costs(merchant))["requests"]
        await asyncio.sleep(3)
        return True if (await shopify_costs(merchant))["requests"] == before else None

    await until(look)


async def alone(stack: Stack, merchant: Merchant) -> None:
    """What one case of each lifecycle costs, nothing else running."""
    await quiet(merchant)
    client = await stack.temporal_client()

    async def ended(case_id: str) -> int:
        handle = client.get_workflow_handle(case_id)
        async with asyncio.timeout(120):
            await handle.result()
        return len((await handle.fetch_history()).events)

    before = await shopify_costs(merchant)
    order = number((await merchant.order(*LINES, fulfill=False))["order_id"])

    async def both() -> list[dict[str, Any]] | None:
        found = (await purchase_orders(merchant)).get(order, [])
        return found if len(found) == 2 else None

    orders = await until(both)
    for one in orders:
        await confirm(merchant, one)
    await quiet(merchant)
    sent = await shopify_costs(merchant)
    for one in orders:
        await ship(merchant, one)
        await send_papers(merchant, one)
    events = await ended(f"purchase-order:{SHOP}:{order}")
    papers = [await ended(f"shipping-documents:{SHOP}:{one['po_number']}") for one in orders]
    await quiet(merchant)
    after = await shopify_costs(merchant)
    print(
        f"one order, two purchase orders: {events} history events; until both are confirmed "
        f"{sent['actual'] - before['actual']} Shopify points in {sent['requests'] - before['requests']} calls"
    )
    print(
        f"their shipments and papers: {papers[0]} and {papers[1]} history events; "
        f"{after['actual'] - sent['actual']} Shopify points in {after['requests'] - sent['requests']} calls "
        "(both cases, and what the purchase orders' case writes meanwhile)"
    )

    made = await merchant.order(IN_STOCK, fulfill=False)
    await quiet(merchant)
    before = await shopify_costs(merchant)
    await merchant.hold(made, reason="INVENTORY_OUT_OF_STOCK")
    case_id = f"order-exception:{SHOP}:{number(made['order_id'])}"

    async def asked() -> dict[str, Any] | None:
        cases = (await tenant(merchant))["cases"]
        return next(
            (one for one in cases if one["external_reference"]["id"].startswith(f"{case_id}/")),
            None,
        )

    case = await until(asked)
    line = {
        "line_id": case["lines"][0]["line_id"],
        "code": "DR",
        "quantity": case["lines"][0]["quantity"],
        "ship_date": "2099-01-04",
    }
    await merchant.post(
        merchant.trading_grid,
        f"/_emulator/cases/{case['id']}/answer",
        {"kind": "accept", "lines": [line]},
    )
    events = await ended(case_id)
    await quiet(merchant)
    after = await shopify_costs(merchant)
    print(
        f"one order exception, dated by its partner: {events} history events, "
        f"{after['actual'] - before['actual']} Shopify points in {after['requests'] - before['requests']} calls"
    )


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--every", type=float, default=1.0, help="seconds between two orders")
    parser.add_argument("--burst", action="store_true", help="also all of them at once")
    parser.add_argument(
        "--plus",
        action="store_true",
        help="Shopify's limits of the Plus plan (1,000 points a second) instead of the standard ones (100)",
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Ports.free(), Path(folder))
        key = await make_key(stack)
        try:
            await stack.start()
            async with Merchant(stack, key) as merchant:
                if given.plus:
                    limits = {"bucket_size": 20_000, "restore_rate": 1_000}
                    await merchant.shopify.put("/_emulator/limits", json=limits)
                await merchant.furnish(PARTNERS)
                await alone(stack, merchant)
                loads = {f"one every {given.every} s": given.every}
                if given.burst:
                    loads["all at once"] = 0
                for load, every in loads.items():
                    reached, shipped = await latencies(merchant, given.count, every)
                    show(load, "orders/paid -> both purchase orders", reached)
                    show(load, "shipment notice -> fulfillment", shipped)
                    await quiet(merchant)
        finally:
            await stack.stop()
    await asyncio.sleep(0.3)


if __name__ == "__main__":
    asyncio.run(main())
