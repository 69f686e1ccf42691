"""What the tests of inventory feeds share: a shop that sells, a partner that tells of its stock, words of the merchant."""

from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DescribeWorkflowExecutionRequest

from domain import operator
from domain.case import CaseSnapshot
from domain.inventory_feed.decision import Choice, Decide
from domain.inventory_feed.names import REFRESH, Changed, Refresh, inventory_feed_key
from domain.operator import Cancel, Receipt, Retry
from intake.feeds import put_change
from intake.openings import feed_body
from intake.sweep import Sweep
from persistence.repositories import partners, policies
from tests.world import SHOP, TENANT, World

MILL = "acme-mill"
HAMBURG, LYON = "Hamburg", "Lyon"
WH, DEPOT = "WH-1", "DEPOT-2"
"""What the partner calls the two."""
MARIA = "operator:maria"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def feed_id(partner: str = MILL, number: int = 1) -> str:
    key = inventory_feed_key(SHOP, partner)
    return key if number == 1 else f"{key}~{number}"


async def terms(world: World, **values: Any) -> None:
    async with world.database.begin() as session:
        await policies.put(
            session,
            values,
            now=datetime.now(UTC),
            shop_id=SHOP,
            lifecycle="inventory_feed",
            partner_id="*",
        )


# The shop.


async def sells(world: World, location: str = HAMBURG, **available: int) -> None:
    """The shop has these SKUs (`_` for `-`), so many of each to sell at the location."""
    for sku, quantity in available.items():
        await product(world, sku.replace("_", "-"), {location: quantity})


async def product(world: World, sku: str, available: dict[str, int], **more: Any) -> str:
    """A product of one SKU; its inventory item's GID."""
    body = {"sku": sku, "available": available} | more
    made = await world._post(world.shopify, f"/_emulator/shops/{SHOP}/products", body)
    found: str = made["inventory_item_id"]
    return found


async def by_hand(
    world: World, sku: str, available: int | None = None, location: str = HAMBURG, **more: Any
) -> None:
    """Staff sets a quantity in the Shopify admin."""
    body = {"sku": sku, "location": location} | more
    if available is not None:
        body["available"] = available
    await world._post(world.shopify, f"/_emulator/shops/{SHOP}/inventory-levels", body)


async def ordered(
    world: World, sku: str, quantity: int, location: str = HAMBURG, **more: Any
) -> dict[str, Any]:
    """A customer buys."""
    line = {"sku": sku, "quantity": quantity, "location": location}
    return await world.order(line, fulfill=False, **more)


async def levels(world: World, location: str = HAMBURG) -> dict[str, int]:
    """SKU -> what the shop may sell at the location."""
    path = f"/_emulator/shops/{SHOP}/inventory-levels"
    found = (await world.shopify.get(path)).json()["inventory_levels"]
    return {
        one["sku"]: one["quantities"]["available"] for one in found if one["location"] == location
    }


async def until_levels(world: World, location: str = HAMBURG, **wanted: int) -> None:
    """Wait until these SKUs (`_` for `-`) have these quantities."""
    expected = {sku.replace("_", "-"): quantity for sku, quantity in wanted.items()}
    await until_all(world, expected, location)


async def until_all(world: World, expected: dict[str, int], location: str = HAMBURG) -> None:
    """Wait until these SKUs have these quantities."""

    async def look() -> dict[str, int]:
        found = await levels(world, location)
        return {sku: found.get(sku, -999) for sku in expected}

    await world.eventually(look, lambda found: found == expected)


async def pushes(world: World) -> list[dict[str, Any]]:
    """The quantities of each call of `inventorySetQuantities` that was done, in their order."""
    calls = await world.shopify_calls("inventorySetQuantities")
    return [
        call
        for call in calls
        if call["outcome"] == "ok"
        and not any(one["user_errors"] or one["replayed"] for one in call["mutations"])
    ]


# The partner.


async def partner(world: World, name: str = MILL, **more: Any) -> None:
    await world.partner(name, lifecycle="purchase_order", **more)


async def located(world: World, code: str = WH, name: str = HAMBURG, who: str = MILL) -> str:
    """A location of the shop that the partner calls `code`; its GID."""
    gid = await world.location(name)
    await world.map_location(who, code, gid)
    return gid


def line(sku: str, available: int | None = None, **more: Any) -> dict[str, Any]:
    return {"sku": sku, "available": available} | more


async def advised(
    world: World,
    *lines: dict[str, Any],
    kind: str = "snapshot",
    code: str = WH,
    who: str = MILL,
    **more: Any,
) -> str:
    """The partner tells of its stock; the advice's id."""
    body = {"partner_id": who, "location_code": code, "kind": kind, "lines": list(lines)} | more
    if isinstance(body.get("as_of"), datetime):
        body["as_of"] = body["as_of"].isoformat()
    made = await world._post(world.trading_grid, "/_emulator/inventory-advices", body)
    found: str = made["id"]
    return found


async def status_in_grid(world: World, status: str, who: str = MILL) -> None:
    """The partner's standing in Trading Grid changes, and Trading Grid tells of it."""
    body = {"id": who, "status": status}
    await world._post(world.trading_grid, "/_emulator/partners", body)


async def status_here(world: World, status: str, who: str = MILL) -> None:
    """The partner's standing here is edited, as the API does it."""
    async with world.database.begin() as session:
        known = await partners.get(session, TENANT, who)
        row = await partners.update(
            session, TENANT, who, version=known.version, changes={"status": status}
        )
        await put_change(
            session,
            tenant=TENANT,
            partner=who,
            what=Changed.PARTNER,
            edit=f"partner {who} v{row.version}",
            now=datetime.now(UTC),
        )
    await Sweep(world.database, world.dispatcher, world.temporal).run()


# The feed.


async def fed(world: World, *lines: dict[str, Any], who: str = MILL, **values: Any) -> str:
    """A feed whose first snapshot has these lines, on these terms, into a shop that has each of their SKUs, none to sell."""
    await partner(world, who)
    await located(world, who=who)
    for one in lines:
        await product(world, one["sku"], {HAMBURG: 0})
    await terms(world, **values)
    await advised(world, *lines, who=who)
    await settled(world, feed_id(who))
    return feed_id(who)


async def settled(world: World, case_id: str = "", status: str = "") -> CaseSnapshot:
    """Wait until the feed has done all that is to be done for now."""
    case_id = case_id or feed_id()
    await world.delivered()
    still = 0

    async def look() -> bool:
        nonlocal still
        # Raw: the SDK can't read the time-skipping server's answer once a date among the attributes was unset.
        described = await world.temporal.workflow_service.describe_workflow_execution(
            DescribeWorkflowExecutionRequest(
                namespace=world.temporal.namespace,
                execution=WorkflowExecution(workflow_id=case_id),
            )
        )
        busy = bool(described.pending_activities) or described.HasField("pending_workflow_task")
        still = 0 if busy else still + 1
        return still >= 4

    await world.until_status(case_id, *([status] if status else ["active", "awaiting_merchant"]))
    await world.eventually(look, lambda done: done)
    return await world.current(case_id)


async def opened_by_hand(world: World, who: str = MILL) -> str:
    """As the API puts it into the inbox; the case's id."""
    body, delivery_id = feed_body(partner=who, opened_by=MARIA)
    return await world._asked_for("feeds/create", body, delivery_id)


async def decide(world: World, choice: str, case_id: str = "", **more: Any) -> Receipt:
    command = Decide(actor=MARIA, choice=Choice(choice), **more)
    return Receipt.model_validate(
        await world.update(case_id or feed_id(), operator.DECIDE, command)
    )


async def refresh(world: World, case_id: str = "") -> None:
    await world.update(case_id or feed_id(), REFRESH, Refresh(actor=MARIA))


async def cancel(world: World, case_id: str = "") -> None:
    reason = "We stop selling it."
    await world.update(case_id or feed_id(), operator.CANCEL, Cancel(actor=MARIA, reason=reason))


async def retry(world: World, case_id: str = "") -> None:
    await world.update(case_id or feed_id(), operator.RETRY, Retry(actor=MARIA))


async def outcome(world: World, case_id: str = "") -> str:
    found: str = (await world.result(case_id or feed_id()))["outcome"]
    return found


async def problems(world: World, case_id: str = "") -> dict[str, int]:
    found: Any = (await world.current(case_id or feed_id())).detail["problems"]
    return dict(found)
