"""Older orders: found with a date, tried dry, and opened like any event."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.case import CaseKind
from intake.backfill import OrdersReport, backfill_orders
from persistence.repositories import shops
from tests.intake.staging import all_cases, ended, shared_server, stage, stage_url
from tests.world import SHOP, World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures

TEXTILES = "acme-textiles"
SHIRT = {"sku": "SHIRT-1", "quantity": 2, "vendor": TEXTILES, "price": "30.00"}
CAP = {"sku": "CAP-1", "quantity": 1, "vendor": "hats", "price": "10.00"}


async def backfilled(stage: World, days: float = 30, **more: Any) -> OrdersReport:
    now = datetime.now(UTC)
    options: dict[str, Any] = {"dry_run": False, "now": now, "since": now - timedelta(days=days)}
    return await backfill_orders(
        stage.database, stage.connections, stage.dispatcher, SHOP, **(options | more)
    )


def days_ago(days: float) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat()


async def older(stage: World, *lines: dict[str, Any], days: float = 3, **more: Any) -> Any:
    return await stage.order(*lines, fulfill=False, created_at=days_ago(days), **more)


async def test_older_orders_open_what_they_would_have_opened(stage: World) -> None:
    await stage.partner(TEXTILES, lifecycle="purchase_order")
    sold = await older(stage, SHIRT)
    held = await older(stage, CAP)
    await stage._post(
        stage.shopify,
        f"/_emulator/shops/{SHOP}/holds",
        {"order_id": held["order_id"], "reason": "UNKNOWN_DELIVERY_DATE"},
    )
    late = await older(stage, CAP, days=9)
    await older(stage, CAP)  # nothing is wrong with it
    await older(stage, SHIRT, paid=False)
    await older(stage, SHIRT, days=45)  # too old for this date
    wanted = {
        stage.purchases_id(sold),
        stage.exception_id(held),
        stage.exception_id(late),
    }
    dry = await backfilled(stage, dry_run=True)
    assert {(one.order_name, one.opens) for one in dry.found} == {
        (sold["name"], (CaseKind.PURCHASE_ORDER,)),
        (held["name"], (CaseKind.ORDER_EXCEPTION,)),
        (late["name"], (CaseKind.ORDER_EXCEPTION,)),
    }
    assert (dry.events, await all_cases(stage)) == ((), [])
    report = await backfilled(stage)
    assert report.found == dry.found
    assert {case_id for event in report.events for case_id in event.case_ids} == wanted
    assert {case.id for case in await all_cases(stage)} == wanted
    again = await backfilled(stage)
    assert (again.found, again.events) == ((), ())


async def test_what_had_a_case_gets_no_second_one(stage: World) -> None:
    order = await older(stage, CAP, days=9)
    await ended(stage, await stage.open_exception(order))
    assert (await backfilled(stage)).found == ()


async def test_a_run_stops_at_its_limit_and_the_next_goes_on(stage: World) -> None:
    for _ in range(3):
        await older(stage, CAP, days=9)
    first = await backfilled(stage, limit=2)
    assert len(first.events) == 2
    assert any("Stopped after 2 orders" in note for note in first.notes)
    assert len((await backfilled(stage, limit=2)).events) == 1
    assert len(await all_cases(stage)) == 3


async def test_the_report_says_what_shopify_does_not_show(stage: World) -> None:
    async with stage.database.begin() as session:
        (await shops.get(session, SHOP)).scopes = ["read_orders"]
    [note] = (await backfilled(stage, days=90)).notes
    assert "read_all_orders" in note
    with pytest.raises(ValueError, match="lies ahead"):
        await backfilled(stage, days=-1)
