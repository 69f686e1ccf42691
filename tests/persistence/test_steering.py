"""Policies and switches."""

import asyncio
from datetime import datetime, timedelta

import pytest

from persistence.base import JsonObject
from persistence.errors import NotFoundError, StaleVersionError
from persistence.repositories import policies, switches
from persistence.session import Database
from persistence.tables import Policy


async def put(database: Database, now: datetime, terms: JsonObject, **key: str) -> Policy:
    async with database.begin() as session:
        return await policies.put(session, terms, now=now, **key)  # type: ignore[arg-type]


async def test_terms_set_again_count_the_version_up(database: Database, now: datetime) -> None:
    first = await put(database, now, {"hours": 24}, shop_id="acme")
    second = await put(database, now + timedelta(1), {"hours": 48}, shop_id="acme")
    assert (first.version, second.version) == (1, 2)
    assert (second.id, second.terms) == (first.id, {"hours": 48})
    assert (second.created_at, second.updated_at) == (now, now + timedelta(1))


async def test_a_key_with_wildcards_is_there_once(database: Database, now: datetime) -> None:
    await asyncio.gather(*(put(database, now, {"hours": hours}) for hours in range(5)))
    async with database.read() as session:
        (policy,) = await policies.list_all(session)
    assert policy.version == 5


async def test_the_most_specific_policy_comes_first(database: Database, now: datetime) -> None:
    keys = [
        {},
        {"lifecycle": "dispute"},
        {"shop_id": "acme"},
        {"shop_id": "acme", "lifecycle": "dispute"},
        {"priority": "high"},
        {"partner_id": "p-1"},
        {"shop_id": "acme", "lifecycle": "dispute", "partner_id": "p-1"},
        {"shop_id": "bolt", "lifecycle": "dispute", "partner_id": "p-1", "priority": "high"},
        {"partner_id": "p-2"},
    ]
    for number, key in enumerate(keys):
        await put(database, now, {"number": number}, **key)
    async with database.read() as session:
        found = await policies.candidates(
            session, shop_id="acme", lifecycle="dispute", partner_id="p-1", priority="high"
        )
    assert [policy.terms["number"] for policy in found] == [6, 5, 4, 3, 2, 1, 0]


async def test_terms_are_not_set_over_what_someone_else_set(
    database: Database, now: datetime
) -> None:
    async def put_at(version: int) -> int:
        async with database.begin() as session:
            terms = {"hours": 1}
            return (await policies.put(session, terms, now=now, version=version)).version

    with pytest.raises(StaleVersionError):
        await put_at(1)
    assert await put_at(0) == 1
    with pytest.raises(StaleVersionError, match="at version 1, not 0"):
        await put_at(0)
    assert await put_at(1) == 2
    with pytest.raises(StaleVersionError):
        await put_at(1)


async def test_a_policy_is_removed(database: Database, now: datetime) -> None:
    policy = await put(database, now, {}, shop_id="acme")
    async with database.begin() as session:
        assert (await policies.get(session, policy.id)).shop_id == "acme"
        await policies.remove(session, policy.id)
        assert await policies.list_all(session, shop_id="acme") == []
        with pytest.raises(NotFoundError):
            await policies.remove(session, policy.id)


async def test_a_switch_holds_for_what_it_names_and_all_below(
    database: Database, now: datetime
) -> None:
    async with database.begin() as session:
        await switches.put(session, "pause", shop_id="acme", set_by="ann", reason="x", now=now)
        await switches.put(
            session,
            "pause",
            shop_id="bolt",
            lifecycle="dispute",
            partner_id="p-1",
            set_by="ann",
            reason="x",
            now=now,
        )

    async def paused(shop: str, lifecycle: str, partner: str = "*") -> bool:
        async with database.read() as session:
            found = await switches.in_force(
                session, "pause", shop_id=shop, lifecycle=lifecycle, partner_id=partner
            )
            return found is not None

    assert await paused("acme", "dispute")
    assert await paused("acme", "return_claim", "p-9")
    assert await paused("bolt", "dispute", "p-1")
    assert not await paused("bolt", "dispute", "p-2")
    assert not await paused("bolt", "dispute")
    assert not await paused("bolt", "return_claim", "p-1")
    async with database.read() as session:
        shadow = await switches.in_force(session, "shadow", shop_id="acme", lifecycle="dispute")
    assert shadow is None


async def test_of_several_switches_the_most_specific_is_told(
    database: Database, now: datetime
) -> None:
    async with database.begin() as session:
        await switches.put(session, "shadow", set_by="ann", reason="all", now=now)
        await switches.put(session, "shadow", shop_id="acme", set_by="ann", reason="shop", now=now)
        await switches.put(
            session, "shadow", lifecycle="dispute", set_by="ann", reason="lifecycle", now=now
        )
        found = await switches.in_force(session, "shadow", shop_id="acme", lifecycle="dispute")
    assert found is not None
    assert found.reason == "lifecycle"


async def test_a_switch_set_again_keeps_since_when(database: Database, now: datetime) -> None:
    async with database.begin() as session:
        await switches.put(session, "pause", set_by="ann", reason="first", now=now)
        again = await switches.put(
            session, "pause", set_by="bob", reason="second", now=now + timedelta(hours=1)
        )
        assert (again.set_by, again.reason, again.since) == ("bob", "second", now)
        assert len(await switches.list_all(session, kind="pause")) == 1


async def test_a_switch_is_cleared_by_its_exact_key(database: Database, now: datetime) -> None:
    async with database.begin() as session:
        await switches.put(session, "pause", shop_id="acme", set_by="ann", reason="x", now=now)
        assert not await switches.clear(session, "pause")
        assert not await switches.clear(session, "shadow", shop_id="acme")
        assert await switches.clear(session, "pause", shop_id="acme")
        assert not await switches.clear(session, "pause", shop_id="acme")
        assert await switches.list_all(session) == []
