"""The inbox: once in, leased by one, settled, replayed, purged."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from persistence.errors import BadCursorError, BadValueError, BodyPurgedError, NotFoundError
from persistence.repositories import cases, inbound_events
from persistence.repositories.inbound_events import EventFilter
from persistence.session import Database
from persistence.tables import InboundEvent


async def insert(
    database: Database, now: datetime, delivery_id: str = "d-1", **changed: Any
) -> tuple[InboundEvent, bool]:
    values: dict[str, Any] = {
        "source": "shopify",
        "scope": "acme",
        "topic": "returns/request",
        "body": b'{"id": 7}',
        "headers": {"X-Shopify-Triggered-At": "2026-11-02"},
    }
    async with database.begin() as session:
        return await inbound_events.insert(
            session, delivery_id=delivery_id, now=now, **{**values, **changed}
        )


async def lease(database: Database, event_id: int, now: datetime, **options: Any) -> bool:
    async with database.begin() as session:
        return await inbound_events.lease(session, event_id, now=now, seconds=30, **options)


async def settle(database: Database, event_id: int, status: Any, now: datetime, **o: Any) -> bool:
    async with database.begin() as session:
        return await inbound_events.settle(session, event_id, status=status, now=now, **o)


async def due(database: Database, now: datetime) -> list[int]:
    async with database.read() as session:
        return await inbound_events.due(session, now)


async def get(database: Database, event_id: int) -> InboundEvent:
    async with database.read() as session:
        return await inbound_events.get(session, event_id)


async def open_case(database: Database, key: str, now: datetime) -> None:
    async with database.begin() as session:
        await cases.open_case(
            session,
            key=key,
            kind="return_claim",
            shop_id="acme",
            title="Return",
            status="opening",
            now=now,
        )


async def test_an_event_is_stored_as_it_came(database: Database, now: datetime) -> None:
    event, created = await insert(database, now, body=b"\x00\xff raw")
    assert created
    stored = await get(database, event.id)
    assert (stored.body, stored.status, stored.attempts) == (b"\x00\xff raw", "received", 0)
    assert stored.headers == {"X-Shopify-Triggered-At": "2026-11-02"}
    assert (stored.received_at, stored.case_ids) == (now, [])


async def test_of_many_deliveries_at_once_one_is_new(database: Database, now: datetime) -> None:
    results = await asyncio.gather(*(insert(database, now) for _ in range(8)))
    assert sorted(created for _, created in results) == [False] * 7 + [True]
    assert len({event.id for event, _ in results}) == 1


@pytest.mark.parametrize(
    "changed",
    [{"source": "trading_grid"}, {"scope": "bolt"}, {"topic": "returns/close"}],
    ids=["source", "scope", "topic"],
)
async def test_the_same_delivery_id_elsewhere_is_another_event(
    database: Database, now: datetime, changed: dict[str, str]
) -> None:
    await insert(database, now)
    assert (await insert(database, now, **changed))[1]


async def test_an_event_needs_a_delivery_id_and_a_known_source(
    database: Database, now: datetime
) -> None:
    with pytest.raises(BadValueError):
        await insert(database, now, "")
    with pytest.raises(IntegrityError, match="ck_inbound_events_source"):
        await insert(database, now, source="fax")


async def test_a_body_sent_again_under_another_id_is_noticed(
    database: Database, now: datetime
) -> None:
    first, _ = await insert(database, now, "d-1")
    await insert(database, now, "d-2", scope="bolt")
    again, _ = await insert(database, now, "d-3")
    different, _ = await insert(database, now, "d-4", body=b"{}")
    async with database.read() as session:
        earlier = await inbound_events.find_same_body(session, again)
        assert earlier is not None
        assert earlier.id == first.id
        assert await inbound_events.find_same_body(session, first) is None
        assert await inbound_events.find_same_body(session, different) is None


async def test_of_many_dispatchers_one_gets_the_lease(database: Database, now: datetime) -> None:
    event, _ = await insert(database, now)
    got = await asyncio.gather(*(lease(database, event.id, now) for _ in range(8)))
    assert sorted(got) == [False] * 7 + [True]
    assert (await get(database, event.id)).attempts == 1


async def test_a_lease_that_ran_out_can_be_taken(database: Database, now: datetime) -> None:
    event, _ = await insert(database, now)
    assert await lease(database, event.id, now)
    assert not await lease(database, event.id, now + timedelta(seconds=29))
    assert await lease(database, event.id, now + timedelta(seconds=30))


async def test_only_what_is_asked_for_is_leased(database: Database, now: datetime) -> None:
    event, _ = await insert(database, now)
    await settle(database, event.id, "failed", now, error="no such order")
    assert not await lease(database, event.id, now)
    assert not await lease(database, event.id, now, statuses=("received", "parked"))
    assert await lease(database, event.id, now, statuses=("received", "failed"))
    assert not await lease(database, 999, now)


async def test_what_is_due_comes_oldest_first(database: Database, now: datetime) -> None:
    minute = timedelta(minutes=1)
    younger, _ = await insert(database, now + minute, "younger")
    older, _ = await insert(database, now, "older")
    leased, _ = await insert(database, now, "leased")
    parked, _ = await insert(database, now, "parked")
    on_demand, _ = await insert(database, now, "on demand")
    later, _ = await insert(database, now, "later")
    done, _ = await insert(database, now, "done")
    await lease(database, leased.id, now)
    await settle(
        database, parked.id, "parked", now, reason="no route", next_attempt_at=now + minute
    )
    await settle(database, on_demand.id, "parked", now, reason="no route")
    await settle(database, later.id, "received", now, next_attempt_at=now + 2 * minute)
    await settle(database, done.id, "ignored", now, reason="not ours")
    assert await due(database, now) == [older.id, younger.id]
    assert await due(database, now + minute) == [older.id, leased.id, parked.id, younger.id]
    assert len(await due(database, now + 2 * minute)) == 5
    async with database.read() as session:
        assert await inbound_events.due(session, now + minute, limit=1) == [older.id]


async def test_an_event_is_settled_with_its_cases(network: Database, now: datetime) -> None:
    event, _ = await insert(network, now)
    for key in ("return-claim:acme:1", "return-claim:acme:2"):
        await open_case(network, key, now)
    await lease(network, event.id, now)
    ids = ["return-claim:acme:1", "return-claim:acme:2"]
    assert await settle(network, event.id, "dispatched", now, case_ids=ids)
    assert await settle(network, event.id, "dispatched", now, case_ids=ids)
    settled = await get(network, event.id)
    assert (settled.status, settled.case_ids, settled.leased_until) == ("dispatched", ids, None)
    assert settled.dispatched_at == now


async def test_a_late_failure_does_not_undo_a_success(database: Database, now: datetime) -> None:
    event, _ = await insert(database, now)
    assert await settle(database, event.id, "dispatched", now)
    assert not await settle(database, event.id, "failed", now, error="timed out")
    stored = await get(database, event.id)
    assert (stored.status, stored.error) == ("dispatched", None)


async def test_settling_what_is_not_there_or_to_no_known_status_is_refused(
    database: Database, now: datetime
) -> None:
    event, _ = await insert(database, now)
    with pytest.raises(NotFoundError, match="no event 999"):
        await settle(database, 999, "ignored", now)
    with pytest.raises(IntegrityError, match="ck_inbound_events_status"):
        await settle(database, event.id, "lost", now)


async def test_a_replay_makes_an_event_as_if_just_received(
    database: Database, now: datetime
) -> None:
    event, _ = await insert(database, now)
    await settle(database, event.id, "dispatched", now)
    assert await due(database, now) == []
    async with database.begin() as session:
        replayed = await inbound_events.replay(session, event.id, now)
        assert (replayed.status, replayed.error, replayed.reason) == ("received", None, None)
    assert await due(database, now) == [event.id]


async def test_bodies_are_purged_and_nothing_undispatched_goes_silently(
    database: Database, now: datetime
) -> None:
    old, done, young = [
        (await insert(database, now + timedelta(days=age), f"d-{age}"))[0] for age in (0, 1, 2)
    ]
    await settle(database, done.id, "dispatched", now)
    cut = now + timedelta(days=2)
    async with database.begin() as session:
        assert await inbound_events.purge_bodies(session, cut, now) == 2
        assert await inbound_events.purge_bodies(session, cut, now) == 0
    purged = await get(database, old.id)
    assert (purged.body, purged.status) == (None, "failed")
    assert purged.error == "not dispatched before its body was deleted"
    assert (await get(database, done.id)).status == "dispatched"
    assert (await get(database, young.id)).body is not None
    async with database.begin() as session:
        with pytest.raises(BodyPurgedError):
            await inbound_events.replay(session, done.id, now)
        later = cut + timedelta(days=9)
        assert await inbound_events.purge_bodies(session, later, now, scope="bolt") == 0
        assert await inbound_events.purge_bodies(session, later, now, scope="acme") == 1


async def test_a_mapping_that_appears_makes_its_parked_events_due(
    database: Database, now: datetime
) -> None:
    here, _ = await insert(database, now, "here")
    there, _ = await insert(database, now, "there", scope="bolt")
    other, _ = await insert(database, now, "other")
    failed, _ = await insert(database, now, "failed")
    for event, reason in ((here, "no route"), (there, "no route"), (other, "no partner")):
        await settle(database, event.id, "parked", now, reason=reason)
    await settle(database, failed.id, "failed", now, error="no route")
    async with database.begin() as session:
        assert await inbound_events.unpark(session, now, scope="acme", reason="no route") == 1
    assert await due(database, now) == [here.id]
    async with database.begin() as session:
        assert await inbound_events.unpark(session, now, source="shopify") == 3


async def test_events_are_listed_by_filter_newest_first(network: Database, now: datetime) -> None:
    await open_case(network, "return-claim:acme:1", now)
    first, _ = await insert(network, now, "d-1")
    second, _ = await insert(network, now, "d-2", topic="returns/close")
    third, _ = await insert(network, now, "d-3", scope="north", source="trading_grid")
    await settle(network, second.id, "dispatched", now, case_ids=["return-claim:acme:1"])

    async def listed(**where: Any) -> list[int]:
        async with network.read() as session:
            page = await inbound_events.page(session, EventFilter(**where))
            return [event.id for event in page.items]

    assert await listed() == [third.id, second.id, first.id]
    assert await listed(source="trading_grid") == [third.id]
    assert await listed(scope="acme") == [second.id, first.id]
    assert await listed(topic="returns/close") == [second.id]
    assert await listed(status="received") == [third.id, first.id]
    assert await listed(case_id="return-claim:acme:1") == [second.id]
    assert await listed(case_id="return-claim:acme:9") == []
    async with network.read() as session:
        counts = await inbound_events.counts_by_status(session)
    assert counts == {"received": 2, "dispatched": 1}


async def test_pages_of_events_lose_and_repeat_nothing_while_events_come_in(
    database: Database, now: datetime
) -> None:
    ids = [(await insert(database, now, f"d-{number}"))[0].id for number in range(5)]
    seen: list[int] = []
    cursor = None
    for number in range(3):
        async with database.read() as session:
            page = await inbound_events.page(session, limit=2, cursor=cursor)
        seen += [event.id for event in page.items]
        cursor = page.next_cursor
        await insert(database, now, f"new-{number}")
    assert seen == ids[::-1]
    assert cursor is None
    async with database.read() as session:
        with pytest.raises(BadCursorError):
            await inbound_events.page(session, cursor="nonsense")
        with pytest.raises(BadValueError):
            await inbound_events.page(session, limit=0)
