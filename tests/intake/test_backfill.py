"""Older returns, found at the emulator and put through the real dispatch; Temporal alone is a recorder."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from temporalio.client import Client

from domain import references
from domain.return_claim import names
from domain.shopify_ids import numeric_id
from intake.backfill import BackfillReport, EventDispatcher, backfill_returns
from intake.backfill.returns import TOPIC
from intake.connections import NotConfigured
from intake.dispatch import Dispatcher
from persistence.errors import NotFoundError
from persistence.repositories import cases, inbound_events, policies, shops
from persistence.repositories.case_references import Reference
from persistence.repositories.cases import CaseFields
from persistence.tables import InboundEvent
from tests.intake.conftest import World


@dataclass
class Recorder:
    """Stands where Temporal's client is: keeps which workflows were started."""

    started: list[str] = field(default_factory=list)

    async def start_workflow(self, workflow: str, argument: object, **options: Any) -> None:
        self.started.append(options["id"])


@dataclass
class Unlucky:
    """A dispatcher that could place nothing, as dispatch does for an unreadable policy."""

    world: World

    async def dispatch(self, event_id: int) -> None:
        async with self.world.database.begin() as session:
            await inbound_events.settle(
                session, event_id, status="failed", error="no luck", now=self.world.now
            )


@dataclass
class Shop:
    world: World
    temporal: Recorder
    dispatcher: EventDispatcher

    async def a_return(
        self, *, staff: bool = False, created_at: datetime | None = None
    ) -> tuple[str, str]:
        """A new order with a return: the numbers of return and order."""
        body: dict[str, Any] = {"lines": [{"sku": "A", "quantity": 1}], "fulfill": True}
        if created_at is not None:
            body["created_at"] = created_at.isoformat()
        order = await self.world.control("/shops/acme/orders", body)
        made = await self.world.control(
            "/shops/acme/returns",
            {"order_id": order["order_id"], "lines": [{"sku": "A"}], "open": staff},
        )
        return numeric_id(made["return_id"]), numeric_id(order["order_id"])

    async def backfill(
        self, *, dry_run: bool = False, since: datetime | None = None, limit: int = 500
    ) -> BackfillReport:
        return await backfill_returns(
            self.world.database,
            self.world.connections,
            self.dispatcher,
            "acme",
            since=since or self.world.now - timedelta(days=1),
            dry_run=dry_run,
            now=self.world.now + timedelta(minutes=1),
            limit=limit,
        )

    async def events(self) -> list[InboundEvent]:
        async with self.world.database.read() as session:
            return (await inbound_events.page(session)).items


@pytest.fixture
def temporal() -> Recorder:
    return Recorder()


@pytest.fixture
def dispatcher(world: World, temporal: Recorder) -> Dispatcher:
    return Dispatcher(world.database, world.connections, cast(Client, temporal), "queue")


@pytest.fixture
def shop(world: World, temporal: Recorder, dispatcher: Dispatcher) -> Shop:
    return Shop(world, temporal, dispatcher)


async def test_a_dry_run_lists_what_it_would_open_and_changes_nothing(shop: Shop) -> None:
    return_id, order_id = await shop.a_return()
    report = await shop.backfill(dry_run=True)
    (found,) = report.found
    assert (found.return_id, found.order_id, found.status) == (return_id, order_id, "REQUESTED")
    assert found.order_name.startswith("#")
    assert report.events == ()
    assert await shop.events() == []
    assert shop.temporal.started == []


async def test_a_run_opens_a_case_for_each_return_that_has_none(shop: Shop) -> None:
    first, _ = await shop.a_return()
    second, _ = await shop.a_return()
    await shop.a_return(staff=True)
    report = await shop.backfill()
    keys = {names.return_key("acme", first), names.return_key("acme", second)}
    assert {one.return_id for one in report.found} == {first, second}
    assert {one.status for one in report.events} == {"dispatched"}
    assert {case for one in report.events for case in one.case_ids} == keys
    assert set(shop.temporal.started) == keys
    stored = await shop.events()
    assert {event.id for event in stored} == {one.event_id for one in report.events}
    assert {(event.source, event.topic, event.scope) for event in stored} == {
        ("gridcase", TOPIC, "acme")
    }


async def test_a_second_run_finds_the_cases_of_the_first(shop: Shop) -> None:
    await shop.a_return()
    await shop.backfill()
    again = await shop.backfill()
    assert (again.found, again.already_open, again.events) == ((), 1, ())
    assert len(shop.temporal.started) == 1
    assert len(await shop.events()) == 1


async def test_a_return_whose_case_is_closed_is_left_in_peace(shop: Shop) -> None:
    return_id, _ = await shop.a_return()
    await shop.backfill()
    async with shop.world.database.begin() as session:
        await cases.save_snapshot(
            session,
            names.return_key("acme", return_id),
            run_id="run",
            revision=1,
            values=CaseFields(title="t", status="resolved", closed_at=shop.world.now),
            now=shop.world.now,
        )
    again = await shop.backfill()
    assert (again.found, again.already_open, again.already_closed) == ((), 0, 1)


async def test_a_return_that_a_damage_claim_made_belongs_to_that_claim(shop: Shop) -> None:
    return_id, _ = await shop.a_return()
    async with shop.world.database.begin() as session:
        await cases.open_case(
            session,
            key=names.claim_key("acme", "D-1"),
            kind="return_claim",
            shop_id="acme",
            title="Damage",
            status="opening",
            now=shop.world.now,
            references=[Reference(references.RETURN, return_id, "acme")],
        )
    report = await shop.backfill()
    assert (report.found, report.already_open) == ((), 1)


async def test_returns_that_staff_opened_count_where_the_policy_says_so(shop: Shop) -> None:
    return_id, _ = await shop.a_return(staff=True)
    assert (await shop.backfill(dry_run=True)).found == ()
    async with shop.world.database.begin() as session:
        terms = {"open_on_open_return": True}
        await policies.put(session, terms, shop_id="acme", now=shop.world.now)
    report = await shop.backfill()
    assert [(one.return_id, one.status) for one in report.found] == [(return_id, "OPEN")]
    assert [one.status for one in report.events] == ["dispatched"]


async def test_what_an_earlier_run_could_not_place_is_tried_again(
    shop: Shop, dispatcher: Dispatcher
) -> None:
    await shop.a_return()
    shop.dispatcher = Unlucky(shop.world)
    (first,) = (await shop.backfill()).events
    assert (first.status, first.reason) == ("failed", "no luck")
    shop.dispatcher = dispatcher
    (again,) = (await shop.backfill()).events
    assert (again.event_id, again.status) == (first.event_id, "dispatched")


async def test_an_event_without_its_body_is_inserted_anew(
    shop: Shop, dispatcher: Dispatcher
) -> None:
    await shop.a_return()
    shop.dispatcher = Unlucky(shop.world)
    (first,) = (await shop.backfill()).events
    async with shop.world.database.begin() as session:
        later = shop.world.now + timedelta(days=40)
        assert await inbound_events.purge_bodies(session, later, later) == 1
    shop.dispatcher = dispatcher
    (again,) = (await shop.backfill()).events
    assert again.event_id != first.event_id
    assert again.status == "dispatched"


async def test_returns_made_before_the_date_are_not_looked_at(shop: Shop) -> None:
    await shop.a_return()
    report = await shop.backfill(since=shop.world.now + timedelta(seconds=59))
    assert (report.found, report.already_open) == ((), 0)


async def test_a_run_stops_at_its_limit_and_says_so(shop: Shop) -> None:
    for _ in range(3):
        await shop.a_return()
    report = await shop.backfill(limit=2)
    assert len(report.events) == 2
    assert any("Stopped after 2" in note for note in report.notes)
    rest = await shop.backfill(limit=2)
    assert (len(rest.events), rest.already_open) == (1, 2)
    assert not any("Stopped" in note for note in rest.notes)


async def test_old_orders_without_the_scope_are_named_as_a_gap(shop: Shop) -> None:
    world = shop.world
    await shop.a_return(created_at=world.now - timedelta(days=70))
    world.without_scopes("read_all_orders")
    report = await shop.backfill(since=world.now - timedelta(days=90))
    assert report.found == ()
    (note,) = report.notes
    assert "more than 60 days ago" in note
    assert "read_all_orders" in note


async def test_with_the_scope_old_orders_are_found_without_a_note(shop: Shop) -> None:
    world = shop.world
    await shop.a_return(created_at=world.now - timedelta(days=70))
    async with world.database.begin() as session:
        await shops.note_connect(
            session, "acme", now=world.now, report={}, connected=True, scopes=["read_all_orders"]
        )
    report = await shop.backfill(since=world.now - timedelta(days=90))
    assert (len(report.found), report.notes) == (1, ())


async def test_a_date_that_cannot_be_meant_is_an_error(shop: Shop) -> None:
    with pytest.raises(ValueError, match="ahead"):
        await shop.backfill(since=shop.world.now + timedelta(days=1))
    with pytest.raises(ValueError, match="time zone"):
        await shop.backfill(since=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="limit"):
        await shop.backfill(limit=0)


async def test_nothing_is_inserted_for_a_shop_that_cannot_be_read(shop: Shop) -> None:
    async with shop.world.database.begin() as session:
        await shops.note_uninstalled(session, "acme", shop.world.now)
    with pytest.raises(NotConfigured):
        await shop.backfill()
    with pytest.raises(NotFoundError):
        await backfill_returns(
            shop.world.database,
            shop.world.connections,
            shop.dispatcher,
            "nope",
            since=shop.world.now,
            dry_run=True,
            now=shop.world.now,
        )
