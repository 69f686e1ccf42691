"""Reconciliation: what no webhook told is found once, and a watermark never runs ahead of the inbox."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from clients.shopify.errors import ShopifyThrottled, ShopifyUnavailable
from clients.trading_grid.errors import Gone, TradingGridUnavailable
from domain.reconciliation import COMPARED, Compared, Source
from intake.reconciliation import Reconciler, comparing
from persistence.repositories import inbound_events, shops, tenants, watermarks
from persistence.tables import InboundEvent, Watermark
from tests.intake.staging import (
    BOTH,
    about,
    all_cases,
    ended,
    placed,
    recorded,
    shared_server,
    signals,
    stage,
    stage_url,
)
from tests.world import SHOP, TENANT, World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures

TEXTILES = "acme-textiles"
SHIRT = {"sku": "SHIRT-1", "quantity": 2, "vendor": TEXTILES, "price": "30.00"}
CAP = {"sku": "CAP-1", "quantity": 1, "vendor": "hats", "price": "10.00"}


def reconciler(stage: World) -> Reconciler:
    return Reconciler(stage.database, stage.connections, stage.dispatcher)


async def compared(stage: World, *only: Compared) -> int:
    """One run over the shop, as its schedule does; how many events were found."""
    return sum(
        [
            await reconciler(stage).compare(Source.SHOPIFY, SHOP, one)
            for one in only or COMPARED[Source.SHOPIFY]
        ]
    )


async def read_feed(stage: World) -> int:
    return await reconciler(stage).compare(Source.TRADING_GRID, TENANT, Compared.EVENTS)


async def watermark(stage: World, object_: Compared, source: Any = "shopify") -> Watermark:
    async with stage.database.read() as session:
        found = await watermarks.find(
            session, source, SHOP if source == "shopify" else TENANT, object_
        )
    assert found is not None
    return found


async def events(stage: World) -> list[InboundEvent]:
    async with stage.database.read() as session:
        return list((await session.exec(select(InboundEvent).order_by("id"))).all())


async def on_shopify(stage: World, path: str, **body: Any) -> Any:
    return await stage._post(stage.shopify, f"/_emulator/shops/{SHOP}/{path}", body)


def number(order: dict[str, Any]) -> str:
    return str(order["order_id"]).rpartition("/")[2]


async def connected_since(stage: World, when: datetime) -> None:
    async with stage.database.begin() as session:
        (await shops.get(session, SHOP)).connected_at = when


# What is found.


@BOTH
async def test_what_no_webhook_told_is_found_once(stage: World) -> None:
    await stage.partner(TEXTILES, lifecycle=("purchase_order", "order_exception"))
    returned = await stage.order(SHIRT)
    return_id = await stage.request_return(returned, {"sku": "SHIRT-1", "quantity": 1})
    sold = await stage.order(SHIRT, fulfill=False)
    held = await stage.order(CAP, fulfill=False)
    await on_shopify(stage, "holds", order_id=held["order_id"], reason="INVENTORY_OUT_OF_STOCK")
    risky = await stage.order(CAP, fulfill=False)
    await on_shopify(stage, f"orders/{number(risky)}/risk", recommendation="INVESTIGATE")
    plain = await stage.order(CAP, fulfill=False)
    wanted = {
        stage.case_id(return_id): "return_claim",
        stage.purchases_id(sold): "purchase_order",
        stage.exception_id(held): "order_exception",
        stage.exception_id(risky): "order_exception",
    }
    await compared(stage)
    assert {case.id: case.kind for case in await all_cases(stage)} == wanted
    assert stage.exception_id(plain) not in wanted
    before = [(one.id, one.topic) for one in await events(stage)]
    assert await compared(stage) == 0
    assert [(one.id, one.topic) for one in await events(stage)] == before
    ids = [one.delivery_id for one in await events(stage)]
    assert all(one.startswith("sync:") for one in ids), ids


async def test_a_late_webhook_of_what_was_found_opens_no_second_case(stage: World) -> None:
    order = await stage.order(SHIRT)
    return_id = await stage.request_return(order, {"sku": "SHIRT-1", "quantity": 1})
    await compared(stage)
    settled = await placed(stage, "returns/request", about(return_id))
    assert settled.case_ids == (stage.case_id(return_id),)
    assert len(await all_cases(stage)) == 1


async def test_a_rejected_request_and_a_partial_shipment_are_found(stage: World) -> None:
    await on_shopify(stage, "locations", name="Depot", fulfillment_service="depot")
    rejected = await stage.order(CAP | {"location": "Depot"}, fulfill=False)
    at = f"fulfillment-orders/{rejected['fulfillment_orders'][0]['id'].rpartition('/')[2]}"
    await on_shopify(stage, f"{at}/submit")
    await on_shopify(stage, f"{at}/reject-request")
    short = await stage.order(CAP, SHIRT, fulfill=False)
    await on_shopify(
        stage, f"orders/{number(short)}/fulfill", lines=[{"sku": "CAP-1", "quantity": 1}]
    )
    await compared(stage)
    assert [case.id for case in await all_cases(stage)] == [stage.exception_id(rejected)]
    [parked] = [one for one in await events(stage) if one.status == "parked"]
    assert b'"order_id": "%s"' % number(short).encode() in (parked.body or b"")
    assert parked.next_attempt_at is not None


async def test_nothing_from_before_the_connection_opens_a_case(stage: World) -> None:
    await stage.partner(TEXTILES, lifecycle="purchase_order")
    order = await stage.order(SHIRT)
    await stage.request_return(order, {"sku": "SHIRT-1", "quantity": 1})
    long_ago = (datetime.now(UTC) - timedelta(days=9)).isoformat()
    await stage.order(SHIRT, CAP, fulfill=False, created_at=long_ago)
    await connected_since(stage, datetime.now(UTC) + timedelta(seconds=1))
    assert await compared(stage) == 0
    assert await all_cases(stage) == []


async def test_an_order_from_before_the_connection_that_changes_is_not_ordered_by_looking(
    stage: World,
) -> None:
    await connected_since(stage, datetime.now(UTC) - timedelta(hours=1))
    await stage.partner(TEXTILES, lifecycle="purchase_order")
    for days, found in ((9, 0), (0, 1)):
        at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        order = await stage.order(SHIRT, fulfill=False, created_at=at)
        await on_shopify(stage, f"orders/{number(order)}/risk", recommendation="INVESTIGATE")
        assert await compared(stage, Compared.ORDERS) == found


async def test_a_shop_that_is_not_connected_has_nothing_to_compare(stage: World) -> None:
    async with stage.database.begin() as session:
        (await shops.get(session, SHOP)).status = "new"
    await stage.request_return(await stage.order(SHIRT), {"sku": "SHIRT-1", "quantity": 1})
    assert await compared(stage) == 0


async def test_an_ended_exception_is_not_opened_again_by_looking(stage: World) -> None:
    order = await stage.order(CAP, fulfill=False)
    case_id = await stage.open_exception(order)
    await ended(stage, case_id, "expired")
    await on_shopify(stage, "holds", order_id=order["order_id"], reason="INVENTORY_OUT_OF_STOCK")
    assert await compared(stage) == 0
    assert len(await all_cases(stage)) == 1


async def test_an_open_case_looks_again_only_if_no_event_told_it(stage: World) -> None:
    order = await stage.order(CAP, fulfill=False)
    case_id = await stage.open_exception(order)
    async with stage.database.begin() as session:
        for one in (await session.exec(select(InboundEvent))).all():
            one.received_at = datetime.now(UTC) - timedelta(minutes=5)
    assert await compared(stage, Compared.ORDERS) == 1
    assert [one["topic"] for one in await signals(stage, case_id)] == ["sync/order"]
    async with stage.database.begin() as session:
        for one in (await session.exec(select(InboundEvent))).all():
            one.received_at = datetime.now(UTC) + timedelta(minutes=5)
    await on_shopify(stage, "holds", order_id=order["order_id"], reason="OTHER")
    assert await compared(stage) == 0, "an event came after the change"


@BOTH
async def test_what_has_been_paid_for_long_is_overdue_once_a_day(stage: World) -> None:
    await connected_since(stage, datetime.now(UTC) - timedelta(days=30))
    await stage.partner(TEXTILES, lifecycle="purchase_order")
    old = (datetime.now(UTC) - timedelta(days=5)).isoformat()
    late = await stage.order(CAP, fulfill=False, created_at=old)
    unpaid = await stage.order(CAP, fulfill=False, created_at=old, paid=False)
    shipped = await stage.order(CAP, created_at=old)
    new = await stage.order(CAP, fulfill=False)
    covered = await stage.order(SHIRT, fulfill=False, created_at=old)
    await compared(stage, Compared.ORDERS)
    await compared(stage, Compared.OVERDUE)
    ids = {case.id for case in await all_cases(stage)}
    assert ids == {stage.exception_id(late), stage.purchases_id(covered)}
    assert not ids & {stage.exception_id(one) for one in (unpaid, shipped, new)}
    [event] = [one for one in await events(stage) if one.topic == "overdue/order"]
    assert event.delivery_id == f"overdue:{number(late)}:{datetime.now(UTC):%Y-%m-%d}"
    calls = (await stage.shopify.get("/_emulator/costs")).json()["requests"]
    await compared(stage, Compared.OVERDUE)
    assert (await stage.shopify.get("/_emulator/costs")).json()["requests"] == calls, (
        "not within the hour"
    )


# Watermarks.


async def test_a_watermark_starts_at_the_connection_and_moves_with_the_runs(stage: World) -> None:
    before = datetime.now(UTC)
    await stage.request_return(await stage.order(SHIRT), {"sku": "SHIRT-1", "quantity": 1})
    assert await compared(stage, Compared.RETURNS) == 1
    row = await watermark(stage, Compared.RETURNS)
    assert row.seen_until is not None
    assert row.seen_until >= before
    assert (row.last_found, row.found, row.error) == (1, 1, None)
    await compared(stage, Compared.RETURNS)
    row = await watermark(stage, Compared.RETURNS)
    assert (row.last_found, row.found) == (0, 1)


async def test_a_run_looks_some_way_behind_its_watermark(stage: World) -> None:
    await connected_since(stage, datetime.now(UTC) - timedelta(days=1))
    await compared(stage, Compared.RETURNS)
    order = await stage.order(SHIRT)
    await stage.request_return(order, {"sku": "SHIRT-1", "quantity": 1})
    async with stage.database.begin() as session:
        row = await watermarks.find(session, "shopify", SHOP, Compared.RETURNS)
        assert row is not None
        row.seen_until = datetime.now(UTC) + comparing.OVERLAP / 2
    assert await compared(stage, Compared.RETURNS) == 1


@pytest.mark.parametrize(
    ("faults", "error"),
    [({"throttle": True}, ShopifyThrottled), ({"down": True}, ShopifyUnavailable)],
)
async def test_without_shopify_the_watermark_stays_and_says_why(
    stage: World, faults: dict[str, Any], error: type[Exception]
) -> None:
    await compared(stage, Compared.RETURNS)
    at = (await watermark(stage, Compared.RETURNS)).seen_until
    await stage.request_return(await stage.order(SHIRT), {"sku": "SHIRT-1", "quantity": 1})
    await stage.faults("shopify", api=faults)
    with pytest.raises(error):
        await compared(stage, Compared.RETURNS)
    row = await watermark(stage, Compared.RETURNS)
    assert row.seen_until == at
    assert row.error
    await stage.faults("shopify")
    assert await compared(stage, Compared.RETURNS) == 1
    assert (await watermark(stage, Compared.RETURNS)).error is None


async def test_a_watermark_moves_only_after_its_page_is_in_the_inbox(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "PAGE", 2)
    start = (await shops_connected_at(stage)).replace(microsecond=0)
    for _ in range(5):
        await stage.request_return(await stage.order(SHIRT), {"sku": "SHIRT-1", "quantity": 1})
    insert, count = inbound_events.insert, 0

    async def dying(*args: Any, **more: Any) -> Any:
        nonlocal count
        count += 1
        if count == 4:
            raise OSError("the process dies in the middle of the second page")
        return await insert(*args, **more)

    monkeypatch.setattr(inbound_events, "insert", dying)
    with pytest.raises(OSError, match="second page"):
        await compared(stage, Compared.RETURNS)
    assert len(await events(stage)) == 2, "the second page went back as a whole"
    row = await watermark(stage, Compared.RETURNS)
    assert row.seen_until is not None
    assert start <= row.seen_until <= datetime.now(UTC)
    assert await compared(stage, Compared.RETURNS) == 3
    assert len(await all_cases(stage)) == 5


async def shops_connected_at(stage: World) -> datetime:
    async with stage.database.read() as session:
        found = (await shops.get(session, SHOP)).connected_at
    assert found is not None
    return found


# Trading Grid's feed.


async def notice(stage: World, po_number: str) -> str:
    items = [{"po_number": po_number, "line_id": "1", "sku": "SHIRT-1", "quantity": 1}]
    body = {"partner_id": TEXTILES, "packages": [{"items": items}]}
    made = await stage._post(stage.trading_grid, "/_emulator/shipment-notices", body)
    return str(made["id"])


@BOTH
async def test_the_feed_brings_what_no_webhook_brought_and_nothing_twice(stage: World) -> None:
    await stage.partner(TEXTILES)
    stage.deliver = True
    await notice(stage, "PO-1")
    await stage.delivered()
    stage.deliver = False
    await notice(stage, "PO-2")
    await stage.delivered()
    heard = [one for one in await events(stage) if one.topic == "shipment_notice.received"]
    assert len(heard) == 1
    assert await read_feed(stage) == 1
    heard = [one for one in await events(stage) if one.topic == "shipment_notice.received"]
    assert [one.status for one in heard] == ["parked", "parked"]
    assert [
        one.reason is not None and f"PO-{n}" in one.reason for n, one in enumerate(heard, 1)
    ] == [True, True]
    async with stage.database.read() as session:
        position = (await tenants.get(session, TENANT)).feed_position
    assert position
    assert await read_feed(stage) == 0
    row = await watermark(stage, Compared.EVENTS, "trading_grid")
    assert (row.found, row.last_found, row.error) == (1, 0, None)


async def test_events_from_before_the_connection_are_passed_over(stage: World) -> None:
    await stage.partner(TEXTILES)
    await notice(stage, "PO-1")
    await connected_since(stage, datetime.now(UTC) + timedelta(seconds=2))
    assert await read_feed(stage) == 0


async def test_without_trading_grid_the_position_stays(stage: World) -> None:
    await stage.partner(TEXTILES)
    await notice(stage, "PO-1")
    await stage.faults("trading_grid", api={"down": True})
    with pytest.raises(TradingGridUnavailable):
        await read_feed(stage)
    assert (await watermark(stage, Compared.EVENTS, "trading_grid")).error
    await stage.faults("trading_grid")
    assert await read_feed(stage) == 1


async def test_a_position_that_is_gone_begins_anew(
    stage: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.partner(TEXTILES)
    await notice(stage, "PO-1")
    async with stage.database.begin() as session:
        await tenants.note_feed_position(session, TENANT, "gone", datetime.now(UTC))
    grid = await stage.connections.trading_grid(TENANT)
    read = type(grid).read_events

    async def forgetful(self: Any, position: str | None, **more: Any) -> Any:
        if position == "gone":
            raise Gone("Events are kept 30 days.")
        return await read(self, position, **more)

    monkeypatch.setattr(type(grid), "read_events", forgetful)
    assert await read_feed(stage) == 1


# On demand.


async def test_asking_after_a_partner_tells_its_open_cases(stage: World) -> None:
    await stage.partner(TEXTILES)
    order = await stage.order(SHIRT, fulfill=False)
    case_id = await stage.open_exception(order)
    await recorded(stage, case_id, status="awaiting_partner", partners=(TEXTILES,))
    body = {"data": {"id": TEXTILES}}
    settled = await placed(stage, "sync/partner", body, source="gridcase", scope=TENANT)
    assert settled.case_ids == (case_id,)
    [told] = await signals(stage, case_id)
    assert (told["signal"], told["partner"]) == ("partner_changed", TEXTILES)
    body = {"data": {"id": "nobody"}}
    settled = await placed(stage, "sync/partner", body, source="gridcase", scope=TENANT)
    assert settled.status == "ignored"
