"""Reconciliation on the real server: both sides withhold every tenth webhook, and no case is missing in the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client

from domain.reconciliation import COMPARED, RECONCILIATION, ReconcileInput, ReconcileResult, Source
from intake.connect import connect_shop
from intake.schedules import Schedules, schedule_id
from persistence.repositories import watermarks
from persistence.session import Database
from tests.intake.staging import bare_server, stage_url
from tests.temporal import register_search_attributes
from tests.world import PUBLIC, SHOP, TENANT, World, open_world

__all__ = ["bare_server", "stage_url"]  # fixtures

TEXTILES = "acme-textiles"
SHIRT = {"sku": "SHIRT-1", "quantity": 2, "vendor": TEXTILES, "price": "30.00"}
CAP = {"sku": "CAP-1", "quantity": 1, "vendor": "hats", "price": "10.00"}
SECOND = timedelta(seconds=1)


@asynccontextmanager
async def working(client: Client, url: str, folder: Path) -> AsyncIterator[World]:
    await register_search_attributes(client)
    database = Database(url)
    async with open_world(client, database, folder) as world:
        for emulator in (world.shopify, world.trading_grid):
            # A busy machine must not lose more of them than is asked for.
            answer = await emulator.put("/_emulator/webhooks", json={"timeout_s": 30})
            assert answer.is_success, answer.text
        await world.partner(TEXTILES, lifecycle=("return_claim", "purchase_order"))
        yield world
    await database.dispose()


async def orders_in_trading_grid(world: World) -> list[str]:
    state = (await world.trading_grid.get("/_emulator/state")).json()
    tenant = next(entry for entry in state["tenants"] if entry["id"] == TENANT)
    return sorted(one["po_number"] for one in tenant["purchase_orders"])


async def test_no_case_is_missing_though_every_tenth_webhook_is_withheld(
    bare_server: Client, stage_url: str, tmp_path: Path
) -> None:
    async with working(bare_server, stage_url, tmp_path) as world:
        for emulator in ("shopify", "trading_grid"):
            await world.faults(emulator, webhooks={"drop_every": 10})
        wanted: set[str] = set()
        missing: set[str] = set()
        sold: list[dict[str, Any]] = []
        while len(sold) < 4 or len(missing) < 2:
            assert len(sold) < 25, "hardly a webhook was withheld that opens a case"
            sold.append(await round_of_events(world, wanted))
            await world.delivered()
            missing = wanted - set(await world.all_cases())
        schedules = Schedules(bare_server, world.settings.task_queue, 2 * SECOND)
        await schedules.put(Source.SHOPIFY, SHOP)
        await world.eventually(world.all_cases, lambda found: len(found) >= len(wanted), within=40)
        assert sorted(await world.all_cases()) == sorted(wanted)

        numbers = await world.eventually(
            lambda: orders_in_trading_grid(world),
            lambda found: found if len(found) == len(sold) else None,
        )
        # Of so few, every third.
        await world.faults("trading_grid", webhooks={"drop_every": 3})
        for number in numbers:
            await notify(world, number)
            wanted.add(world.papers_id(number))
        await world.delivered()
        assert wanted - set(await world.all_cases()), "papers that no webhook told of"
        await schedules.put(Source.TRADING_GRID, TENANT)
        await world.eventually(world.all_cases, lambda found: len(found) >= len(wanted), within=40)
        await asyncio.sleep(2)  # another run, which finds nothing more
        assert sorted(await world.all_cases()) == sorted(wanted), "and none twice"
        for source, scope in ((Source.SHOPIFY, SHOP), (Source.TRADING_GRID, TENANT)):
            await bare_server.get_schedule_handle(schedule_id(source, scope)).pause()


async def round_of_events(world: World, wanted: set[str]) -> dict[str, Any]:
    """A return, a hold and a paid drop-ship order, which is returned; `wanted` gets the ids of their cases."""
    returned = await world.order(CAP)
    return_id = await world.request_return(returned, {"sku": "CAP-1", "quantity": 1})
    held = await world.order(CAP, fulfill=False)
    await world._post(
        world.shopify,
        f"/_emulator/shops/{SHOP}/holds",
        {"order_id": held["order_id"], "reason": "INVENTORY_OUT_OF_STOCK"},
    )
    sold = await world.order(SHIRT, fulfill=False)
    wanted |= {world.case_id(return_id), world.exception_id(held), world.purchases_id(sold)}
    return sold


async def notify(world: World, po_number: str) -> None:
    items = [{"po_number": po_number, "sku": "SHIRT-1", "quantity": 2}]
    await world._post(
        world.trading_grid,
        "/_emulator/shipment-notices",
        {"partner_id": TEXTILES, "packages": [{"tracking_number": po_number, "items": items}]},
    )


async def test_connecting_a_shop_has_it_reconciled(
    bare_server: Client, stage_url: str, tmp_path: Path
) -> None:
    async with working(bare_server, stage_url, tmp_path) as world:
        schedules = Schedules(bare_server, world.settings.task_queue, timedelta(minutes=15))
        for _ in range(2):
            report = await connect_shop(
                world.database,
                world.box,
                world.connections,
                SHOP,
                public_url=PUBLIC,
                now=datetime.now(UTC),
                schedules=schedules,
            )
            assert report.connected
            assert report.step("shop reconciliation").detail == "Every 0:15:00."
        found = [one.id async for one in await bare_server.list_schedules()]
        known = {schedule_id(Source.SHOPIFY, SHOP), schedule_id(Source.TRADING_GRID, TENANT)}
        assert known <= set(found) or await _described(bare_server, known)


async def _described(client: Client, ids: set[str]) -> bool:
    """Listing lags behind; a description does not."""
    for one in ids:
        described = await client.get_schedule_handle(one).describe()
        assert described.schedule.policy.overlap.name == "SKIP"
    return True


async def test_what_cannot_be_compared_does_not_keep_the_rest_from_it(
    bare_server: Client, stage_url: str, tmp_path: Path
) -> None:
    async with working(bare_server, stage_url, tmp_path) as world:
        world.deliver = False
        order = await world.order(CAP)
        return_id = await world.request_return(order, {"sku": "CAP-1", "quantity": 1})
        await world.policy(lifecycle="order_exception", escalate_at=7)
        await world.order(SHIRT, fulfill=False)
        handle: Any = await bare_server.start_workflow(
            RECONCILIATION,
            ReconcileInput(source=Source.SHOPIFY, scope=SHOP),
            id="reconcile-once",
            task_queue=world.settings.task_queue,
            result_type=ReconcileResult,
        )
        result: ReconcileResult = await handle.result()
        assert set(result.found) | set(result.errors) == set(COMPARED[Source.SHOPIFY])
        assert "escalate_at" in result.errors["overdue"]
        assert result.found["returns"] == 1
        assert (await world.row(world.case_id(return_id))).kind == "return_claim"
        async with world.database.read() as session:
            rows = {row.object: row for row in await watermarks.list_all(session, scope=SHOP)}
        assert rows["overdue"].error
        assert rows["overdue"].seen_until is None
        assert rows["returns"].error is None
