"""What reconciliation and parked events keep: waits for references, watermarks, when a case last heard something."""

from datetime import datetime, timedelta
from typing import Any

from persistence.repositories import case_references, cases, inbound_events, watermarks
from persistence.repositories.case_references import Reference
from persistence.session import Database

NUMBER = Reference("purchase_order_number", "PO-1", "north")


async def opened(
    database: Database, now: datetime, key: str = "purchase-order:acme:1", **more: Any
) -> str:
    fields = {"kind": "purchase_order", "shop_id": "acme", "title": "", "status": "opening"} | more
    async with database.begin() as session:
        case, _ = await cases.open_case(session, key=key, now=now, **fields)
    return case.id


async def arrived(
    database: Database, now: datetime, delivery: str, source: Any = "trading_grid"
) -> int:
    async with database.begin() as session:
        event, _ = await inbound_events.insert(
            session,
            source=source,
            scope="north",
            topic="shipment_notice.received",
            delivery_id=delivery,
            body=b"{}",
            headers={},
            now=now,
        )
    return event.id


async def settled(
    database: Database, event_id: int, now: datetime, status: Any, **more: Any
) -> None:
    async with database.begin() as session:
        await inbound_events.settle(session, event_id, status=status, now=now, **more)


async def due(database: Database, now: datetime) -> list[int]:
    async with database.read() as session:
        return await inbound_events.due(session, now)


async def entered(database: Database, case_id: str, reference: Reference, now: datetime) -> None:
    async with database.begin() as session:
        await case_references.add(session, case_id, [reference], now)


async def test_a_parked_event_is_due_as_soon_as_its_reference_is_entered(
    network: Database, now: datetime
) -> None:
    case_id = await opened(network, now)
    waiting = await arrived(network, now, "d-1")
    other = await arrived(network, now, "d-2")
    later = now + timedelta(hours=6)
    await settled(network, waiting, now, "parked", waits_for=[NUMBER], next_attempt_at=later)
    await settled(network, other, now, "parked", next_attempt_at=later)
    for reference in (
        Reference(NUMBER.kind, "PO-2", NUMBER.scope),
        Reference(NUMBER.kind, NUMBER.value, "south"),
        Reference("purchase_order", NUMBER.value, NUMBER.scope),
    ):
        await entered(network, case_id, reference, now)
        assert await due(network, now) == [], reference
    await entered(network, case_id, NUMBER, now)
    assert await due(network, now) == [waiting]


async def test_a_wait_ends_with_the_next_word_on_the_event(
    network: Database, now: datetime
) -> None:
    case_id = await opened(network, now)
    event_id = await arrived(network, now, "d-1")
    later = now + timedelta(hours=6)
    await settled(network, event_id, now, "parked", waits_for=[NUMBER, NUMBER])
    await settled(network, event_id, now, "parked", next_attempt_at=later)
    await entered(network, case_id, NUMBER, now)
    assert await due(network, now) == [], "it waits for something else by now"


async def test_a_watermark_never_goes_back_and_counts_what_was_found(
    database: Database, now: datetime
) -> None:
    async with database.begin() as session:
        assert await watermarks.find(session, "shopify", "acme", "orders") is None
        await watermarks.move(session, "shopify", "acme", "orders", now, found=3)
        row = await watermarks.move(
            session, "shopify", "acme", "orders", now - timedelta(hours=1), found=2
        )
        assert (row.seen_until, row.last_found, row.found) == (now, 5, 5)
        await watermarks.note_error(session, "shopify", "acme", "orders", "throttled")
        row = await watermarks.move(session, "shopify", "acme", "orders", None)
        assert (row.seen_until, row.error) == (now, "throttled")
        row = await watermarks.note_run(session, "shopify", "acme", "orders", now)
        assert (row.last_run_at, row.last_found, row.found, row.error) == (now, 0, 5, None)
        await watermarks.note_run(session, "trading_grid", "acme", "events", now)
        assert len(await watermarks.list_all(session)) == 2
        [only] = await watermarks.list_all(session, source="trading_grid", scope="acme")
        assert (only.object, only.seen_until) == ("events", None)


async def test_a_case_has_heard_what_reached_it_of_these_sources(
    network: Database, now: datetime
) -> None:
    case_id = await opened(network, now)
    for minutes, source in ((1, "shopify"), (3, "gridcase"), (9, "trading_grid")):
        at = now + timedelta(minutes=minutes)
        event_id = await arrived(network, at, source, source)
        await settled(network, event_id, at, "dispatched", case_ids=[case_id])
    await arrived(network, now + timedelta(minutes=20), "elsewhere", "shopify")
    async with network.read() as session:
        found = await inbound_events.heard(session, [case_id], ["shopify", "gridcase"])
        assert found == now + timedelta(minutes=3)
        assert await inbound_events.heard(session, ["unknown"], ["shopify"]) is None


async def test_open_cases_are_found_by_kind_and_by_partner(
    network: Database, now: datetime
) -> None:
    case_id = await opened(network, now, partners=["p-1"])
    theirs = await opened(network, now, "purchase-order:bolt:1", shop_id="bolt", partners=["p-1"])
    async with network.read() as session:
        assert await cases.any_open(session, "acme", ["purchase_order", "return_claim"])
        assert not await cases.any_open(session, "acme", ["return_claim"])
        found = await cases.open_of_partner(session, "p-1", ["acme", "bolt"])
        assert [case.id for case in found] == [case_id, theirs]
        assert [case.id for case in await cases.open_of_partner(session, "p-1", ["bolt"])] == [
            theirs
        ]
        assert await cases.open_of_partner(session, "p-2", ["acme"]) == []
    async with network.begin() as session:
        await cases.set_orphaned(session, case_id, "gone", now)
        await cases.close_orphaned(session, case_id, status="cancelled", outcome=None, now=now)
    async with network.read() as session:
        assert not await cases.any_open(session, "acme", ["purchase_order"])
        assert await cases.open_of_partner(session, "p-1", ["acme"]) == []
