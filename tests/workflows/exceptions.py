"""What the tests of order exceptions share: orders, ways to open a case, and words of the merchant and the partners."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain import operator
from domain.operator import Cancel, Receipt, Retry
from domain.order_exception.decision import Choice, Decide, Reassign
from domain.order_exception.names import Reason
from domain.shopify_ids import numeric_id
from persistence.repositories import policies
from tests.world import SHOP, TENANT, World

SHIRT = {"sku": "SHIRT-1", "quantity": 5, "vendor": "acme-textiles", "price": "30.00"}
SHOE = {"sku": "SHOE-1", "quantity": 2, "vendor": "north-shoes", "price": "80.00"}
LAMP = {"sku": "LAMP-1", "quantity": 1, "vendor": "nobody-we-know", "price": "15.00"}
TEXTILES, SHOES = "acme-textiles", "north-shoes"
MARIA = "operator:maria"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def terms(world: World, partner: str = "*", priority: str = "*", **values: Any) -> None:
    async with world.database.begin() as session:
        await policies.put(
            session,
            values,
            now=datetime.now(UTC),
            shop_id=SHOP,
            lifecycle="order_exception",
            partner_id=partner,
            priority=priority,
        )


async def ordered(world: World, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A paid order with nothing of it shipped."""
    return await world.order(*lines, **{"fulfill": False} | more)


async def opened_on(
    world: World,
    order: dict[str, Any],
    reason: Reason = Reason.LATE,
    *,
    lines: tuple[str, ...] = (),
    note: str = "",
) -> str:
    """A case for this order, or for the lines of these SKUs, as the API opens one (again, where one has ended); its id."""
    ids = line_ids(order)
    return await world.open_exception(
        order, reason, note=note, line_ids=[ids[sku] for sku in lines], again=True
    )


async def asked(
    world: World, *lines: dict[str, Any], reason: Reason = Reason.LATE, **values: Any
) -> tuple[str, dict[str, Any]]:
    """A case whose partners (the lines' vendors) were asked, on these terms; with its order."""
    await partners_of(world, *lines)
    await terms(world, **values)
    order = await ordered(world, *lines)
    case_id = await opened_on(world, order, reason)
    await world.until_status(case_id, "awaiting_partner", "awaiting_merchant")
    return case_id, order


async def partners_of(world: World, *lines: dict[str, Any]) -> None:
    for vendor in dict.fromkeys(str(line["vendor"]) for line in lines):
        if vendor != LAMP["vendor"]:
            await world.partner(vendor)


def line_ids(order: dict[str, Any]) -> dict[str, str]:
    """SKU -> LineItem number."""
    return {entry["sku"]: numeric_id(entry["id"]) for entry in order["line_items"]}


# What partners say.


def in_days(days: int, now: datetime) -> date:
    return (now + days * DAY).date()


async def says(
    world: World, order: dict[str, Any], partner: str, *lines: dict[str, Any], **more: Any
) -> None:
    """A partial answer; a line is `{"sku", "code", ...}`."""
    ids = line_ids(order)
    entries = [
        {"line_id": ids[line["sku"]]} | {key: value for key, value in line.items() if key != "sku"}
        for line in lines
    ]
    await world.answer(partner, "partial", lines=entries, **more)


async def ships(world: World, order: dict[str, Any], partner: str, sku: str, days: int = 5) -> str:
    """The partner ships a line so many days from now; the day."""
    now = await world.now() if world.environment else datetime.now(UTC)
    day = in_days(days, now).isoformat()
    await says(world, order, partner, {"sku": sku, "code": "DR", "ship_date": day})
    return day


async def letters(world: World, partner: str) -> list[str]:
    """What was written to a partner so far, oldest first."""
    state = (await world.trading_grid.get("/_emulator/state")).json()
    tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
    return [
        entry["body"]
        for entry in tenant.get("messages", [])
        if entry["partner_id"] == partner and entry["author"]["type"] == "company"
    ]


async def until_written(world: World, partner: str, part: str) -> None:
    """Wait until a partner was written something with these words."""
    await world.eventually(
        lambda: letters(world, partner), lambda found: any(part in text for text in found)
    )


async def service(world: World, name: str = "Warehouse") -> dict[str, str]:
    """A fulfillment service; what an order line says to ship from there."""
    await world._post(
        world.shopify,
        f"/_emulator/shops/{SHOP}/locations",
        {"name": name, "country_code": "DE", "fulfillment_service": name.lower()},
    )
    return {"location": name}


# What the merchant says.


async def decide(world: World, case_id: str, choice: str, *lines: str, **more: Any) -> Receipt:
    command = Decide(actor=MARIA, choice=Choice(choice), line_ids=lines, **more)
    return Receipt.model_validate(await world.update(case_id, operator.DECIDE, command))


async def reassign(world: World, case_id: str, partner: str, *lines: str, **more: Any) -> Receipt:
    command = Reassign(actor=MARIA, partner=partner, line_ids=lines, **more)
    return Receipt.model_validate(await world.update(case_id, "reassign", command))


async def cancel(world: World, case_id: str) -> None:
    await world.update(case_id, operator.CANCEL, Cancel(actor=MARIA, reason="opened by mistake"))


async def retry(world: World, case_id: str) -> None:
    await world.update(case_id, operator.RETRY, Retry(actor=MARIA))


# What happens in Shopify.


async def in_order(world: World, order: dict[str, Any], action: str, **body: Any) -> dict[str, Any]:
    """Somebody else acts on an order in the Shopify admin."""
    path = f"/_emulator/shops/{SHOP}/orders/{numeric_id(order['order_id'])}/{action}"
    return await world._post(world.shopify, path, body)


async def held_by_staff(world: World, order: dict[str, Any], **body: Any) -> list[dict[str, Any]]:
    made = await world._post(
        world.shopify,
        f"/_emulator/shops/{SHOP}/holds",
        {"order_id": numeric_id(order["order_id"]), "reason": "INVENTORY_OUT_OF_STOCK"} | body,
    )
    found: list[dict[str, Any]] = made["holds"]
    return found


async def on_fulfillment_order(
    world: World, order: dict[str, Any], action: str, place: int = 0, **body: Any
) -> dict[str, Any]:
    """Somebody else acts on the order's n-th fulfillment order."""
    number = numeric_id(order["fulfillment_orders"][place]["id"])
    path = f"/_emulator/shops/{SHOP}/fulfillment-orders/{number}/{action}"
    return await world._post(world.shopify, path, body)


async def fulfillment_orders(world: World, order: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.order_in_shopify(order))["fulfillment_orders"]
    return found


async def our_holds(world: World, order: dict[str, Any]) -> dict[str, int]:
    """SKU -> pieces that are on hold under a handle of ours."""
    held: dict[str, int] = {}
    for one in await fulfillment_orders(world, order):
        if any((hold.get("handle") or "").startswith("gridcase:") for hold in one["holds"]):
            for line in one["line_items"]:
                if line["remaining_quantity"]:
                    held[line["sku"]] = held.get(line["sku"], 0) + line["remaining_quantity"]
    return held


async def until_held(world: World, order: dict[str, Any], **wanted: int) -> None:
    """Wait until we hold exactly this; SKUs are written with `_` for `-`."""
    expected = {sku.replace("_", "-"): pieces for sku, pieces in wanted.items()}
    await world.eventually(lambda: our_holds(world, order), lambda found: found == expected)


async def shown(world: World, order: dict[str, Any]) -> dict[str, Any]:
    """What the order shows of its exception: our JSON metafield's entry."""
    fields = (await world.order_in_shopify(order))["metafields"]
    value = next(one["value"] for one in fields if one["key"] == "order_exception")
    entry: dict[str, Any] = json.loads(value)[numeric_id(order["order_id"])]
    return entry


async def outcome(world: World, case_id: str) -> str:
    found: str = (await world.result(case_id))["outcome"]
    return found


async def line(world: World, case_id: str, sku: str) -> dict[str, Any]:
    lines: Any = (await world.current(case_id)).detail["lines"]
    found: dict[str, Any] = next(one for one in lines if one["sku"] == sku)
    return found
