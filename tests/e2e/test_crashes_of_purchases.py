"""Worker and API are killed while orders become purchase orders, are answered, shipped and proven: each thing once.

Eight orders with goods of two drop-shipping partners each, and two that staff hold. The partners confirm, backorder and date
anew, ship (one of them in two parts), and send papers; nothing of ours stays up for long.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from benchmarks.measuring import number, tenant
from benchmarks.purchase_orders import (
    IN_STOCK,
    LINES,
    PARTNERS,
    confirm,
    purchase_orders,
    send_papers,
    until,
)
from demo.furnish import SHOP, Merchant, make_key
from demo.stack import Stack
from tests.e2e.test_crashes import outcomes

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

ORDERS, LATE = 8, 2
ALPINE, CEDAR = (partner.id for partner in PARTNERS)
JACKETS, STOVE = LINES
DAY = (datetime.now(UTC).date() + timedelta(days=3)).isoformat()

PurchaseOrder = dict[str, Any]


@pytest.fixture
async def merchant(stack: Stack) -> AsyncIterator[Merchant]:
    key = await make_key(stack)
    await stack.start()
    async with Merchant(stack, key) as made:
        # Crashes are what is tested here; a bucket that empties would only take its time.
        plus = {"bucket_size": 20_000, "restore_rate": 1_000}
        assert (await made.shopify.put("/_emulator/limits", json=plus)).is_success
        await made.furnish(PARTNERS)
        yield made


async def crash(stack: Stack) -> None:
    """Kill the worker in the middle of what it does, and the API a moment later."""
    await asyncio.sleep(0.5)
    await stack.kill("worker")
    await asyncio.sleep(0.2)
    await stack.kill("api")
    await asyncio.gather(stack.restart("worker"), stack.restart("api"))


async def while_killed(stack: Stack, doing: Awaitable[Any]) -> Any:
    """What somebody does, while we are killed."""
    done, _ = await asyncio.gather(doing, crash(stack))
    return done


async def one_by_one(
    merchant: Merchant,
    orders: list[PurchaseOrder],
    act: Callable[[Merchant, PurchaseOrder], Awaitable[Any]],
) -> None:
    for order in orders:
        await act(merchant, order)
        await asyncio.sleep(0.1)


async def buy(merchant: Merchant) -> list[str]:
    """The orders with drop-ship lines; their numbers."""
    return [
        number((await merchant.order(*LINES, fulfill=False))["order_id"]) for _ in range(ORDERS)
    ]


async def hold(merchant: Merchant) -> list[str]:
    """Orders that staff hold since nothing is on the shelf; their numbers."""
    found = []
    for _ in range(LATE):
        order = await merchant.order(IN_STOCK, fulfill=False)
        await merchant.hold(order, reason="INVENTORY_OUT_OF_STOCK")
        found.append(number(order["order_id"]))
    return found


async def all_sent(merchant: Merchant, paid: list[str]) -> list[PurchaseOrder]:
    async def look() -> list[PurchaseOrder] | None:
        found = await purchase_orders(merchant)
        sent = [order for one in paid for order in found.get(one, ())]
        return sent if len(sent) >= 2 * len(paid) else None

    return await until(look, within=60)


async def all_asked(merchant: Merchant, late: list[str]) -> list[dict[str, Any]]:
    """What the partners were asked about the orders that are held."""

    async def look() -> list[dict[str, Any]] | None:
        cases = [case for case in (await tenant(merchant))["cases"] if case_of(case) in late]
        return cases if len(cases) >= len(late) else None

    return await until(look, within=60)


async def all_held(merchant: Merchant, backordered: list[PurchaseOrder]) -> None:
    """Wait until we hold the goods of each of these in Shopify."""
    wanted = {case_of(order) for order in backordered}

    async def look() -> bool | None:
        in_shop = await orders_in_shop(merchant)
        return True if all(our_holds(in_shop[one]) for one in wanted) else None

    await until(look, within=60)


async def orders_in_shop(merchant: Merchant) -> dict[str, dict[str, Any]]:
    state = (await merchant.shopify.get("/_emulator/state")).json()
    return {number(order["id"]): order for order in state["shops"][SHOP]["orders"]}


def our_holds(order: dict[str, Any]) -> list[str]:
    """The handles of the holds that we placed."""
    handles = [hold["handle"] for one in order["fulfillment_orders"] for hold in one["holds"]]
    return [handle for handle in handles if (handle or "").startswith("gridcase:")]


def case_of(resource: dict[str, Any]) -> str:
    """The number of the Shopify order behind what we sent to Trading Grid."""
    return str(resource["external_reference"]["id"]).split("/")[0].rsplit(":", 1)[-1]


async def backorder(merchant: Merchant, order: PurchaseOrder) -> None:
    await respond(merchant, order, "IB")


async def date(merchant: Merchant, order: PurchaseOrder) -> None:
    await respond(merchant, order, "DR", scheduled_ship_date=DAY)


async def respond(merchant: Merchant, order: PurchaseOrder, code: str, **more: Any) -> None:
    said = [
        {"line_id": line["line_id"], "ack_code": code, "quantity": line["quantity"]} | more
        for line in order["lines"]
    ]
    path = f"/_emulator/purchase-orders/{order['id']}/responses"
    await merchant.post(merchant.trading_grid, path, {"lines": said})


async def answer(merchant: Merchant, case: dict[str, Any]) -> None:
    [line] = case["lines"]
    said = {"line_id": line["line_id"], "code": "DR", "quantity": line["quantity"]}
    await merchant.post(
        merchant.trading_grid,
        f"/_emulator/cases/{case['id']}/answer",
        {"kind": "accept", "lines": [said | {"ship_date": DAY}]},
    )


async def ship(merchant: Merchant, order: PurchaseOrder) -> None:
    """Each piece in a notice of its own."""
    [line] = order["lines"]
    for piece in range(1, line["quantity"] + 1):
        item = {
            "po_number": order["po_number"],
            "line_id": line["line_id"],
            "sku": line["sku"],
            "quantity": 1,
        }
        package = {"tracking_number": tracking(order, piece), "items": [item]}
        body = {"partner_id": order["partner_id"], "carrier": "DHL", "packages": [package]}
        await merchant.post(merchant.trading_grid, "/_emulator/shipment-notices", body)


def tracking(order: PurchaseOrder, piece: int) -> str:
    return f"{order['po_number']}-{piece}"


# What must be true in the end.


async def each_purchase_order_is_there_once(merchant: Merchant, paid: list[str]) -> None:
    found = (await tenant(merchant))["purchase_orders"]
    by_order = Counter((case_of(order), order["partner_id"]) for order in found)
    assert by_order == Counter((one, partner) for one in paid for partner in (ALPINE, CEDAR))
    assert len({order["po_number"] for order in found}) == len(found)
    wanted = {JACKETS["sku"]: JACKETS["quantity"], STOVE["sku"]: STOVE["quantity"]}
    for order in found:
        [line] = order["lines"]
        assert line["quantity"] == wanted[line["sku"]]
    assert (await tenant(merchant))["purchase_order_changes"] == []


async def each_piece_is_fulfilled_once(
    merchant: Merchant, paid: list[str], sent: list[PurchaseOrder]
) -> None:
    in_shop = await orders_in_shop(merchant)
    for one in paid:
        shipped = [
            (entry["tracking"][0]["number"], line["sku"], line["quantity"])
            for entry in in_shop[one]["fulfillments"]
            for line in entry["lines"]
        ]
        wanted = [
            (tracking(order, piece), line["sku"], 1)
            for order in sent
            if case_of(order) == one
            for line in order["lines"]
            for piece in range(1, line["quantity"] + 1)
        ]
        assert sorted(shipped) == sorted(wanted)
    assert [one for order in in_shop.values() for one in our_holds(order)] == []


async def partners_were_asked_once(merchant: Merchant, late: list[str]) -> None:
    cases = (await tenant(merchant))["cases"]
    assert Counter(case_of(case) for case in cases) == Counter(late)
    assert {case["status"] for case in cases} <= {"resolved", "closed"}


async def nothing_is_left_in_the_inbox(merchant: Merchant) -> None:
    async def waiting() -> bool | None:
        left = await events(merchant, "received")
        return True if not left else None

    await until(waiting, within=30)
    for status in ("failed", "parked"):
        assert await events(merchant, status) == []


async def events(merchant: Merchant, status: str) -> list[tuple[str, str]]:
    """Topic and reason of the events that stand like this."""
    page = await merchant.get("/inbound-events", status=status, limit="100")
    return [(event["topic"], event["reason"]) for event in page["items"]]


async def test_purchases_and_exceptions_survive_kill_9_of_worker_and_api(
    stack: Stack, merchant: Merchant
) -> None:
    late = await hold(merchant)
    paid = await while_killed(stack, buy(merchant))
    sent = await all_sent(merchant, paid)
    from_alpine = [order for order in sent if order["partner_id"] == ALPINE]
    from_cedar = [order for order in sent if order["partner_id"] == CEDAR]
    dated, undated = from_cedar[::2], from_cedar[1::2]

    await one_by_one(merchant, from_cedar, backorder)
    await while_killed(stack, one_by_one(merchant, from_alpine, confirm))
    await one_by_one(merchant, dated, date)
    for case in await all_asked(merchant, late):
        await answer(merchant, case)
    await while_killed(stack, one_by_one(merchant, from_alpine + dated, ship))
    await all_held(merchant, undated)
    await while_killed(stack, one_by_one(merchant, undated[:2], date))
    # Half of these were never dated: what was held ships all the same.
    await one_by_one(merchant, undated, ship)
    await while_killed(stack, one_by_one(merchant, sent, send_papers))

    expected = {f"purchase-order:{SHOP}:{one}": "completed" for one in paid}
    expected |= {f"shipping-documents:{SHOP}:{one['po_number']}": "complete" for one in sent}
    expected |= {f"order-exception:{SHOP}:{one}": "resolved_by_partner" for one in late}
    await outcomes(merchant, expected, within=90)
    await nothing_is_left_in_the_inbox(merchant)
    await each_purchase_order_is_there_once(merchant, paid)
    await each_piece_is_fulfilled_once(merchant, paid, sent)
    await partners_were_asked_once(merchant, late)
