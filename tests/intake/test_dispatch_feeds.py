"""Events of inventory advices: whose feed reads them, into which shop, and what waits for a mapping."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from domain.inventory_feed.names import Changed, inventory_feed_key
from intake.dispatch import Settled
from intake.feeds import put_change
from intake.openings import feed_body
from intake.schedules import Schedules, nightly_id
from intake.sweep import Sweep
from persistence.repositories import cases, location_mappings, partners, shops
from persistence.repositories.cases import CaseFields
from tests.intake.staging import (
    BOTH,
    all_cases,
    arrived,
    due_now,
    ended,
    event_row,
    placed,
    recorded,
    shared_server,
    signals,
    stage,
    stage_url,
    without_temporal,
)
from tests.world import SHOP, TENANT, World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures

RECEIVED = "inventory_advice.received"


@pytest.fixture
def mill() -> str:
    """A partner that no other stage has: they share one server."""
    return f"mill-{uuid4().hex[:10]}"


async def advice(stage: World, partner: str, code: str = "WH-1", **more: Any) -> dict[str, Any]:
    """An advice in Trading Grid; the body of the event that tells of it."""
    made = await stage._post(
        stage.trading_grid,
        "/_emulator/inventory-advices",
        {"partner_id": partner, "location_code": code, "lines": [{"sku": "A", "available": 1}]}
        | more,
    )
    data = {"id": made["id"], "resource": "inventory_advice", "partner_id": partner, "version": 1}
    return {"type": RECEIVED, "data": data}


async def told(stage: World, body: dict[str, Any], **more: Any) -> Settled:
    return await placed(stage, RECEIVED, body, source="trading_grid", **more)


async def another_shop(stage: World, name: str = "acme-fr") -> None:
    async with stage.database.begin() as session:
        await shops.create(
            session,
            stage.box,
            id=name,
            domain=f"{name}.myshopify.com",
            tenant_id=TENANT,
            name=name,
            api_version="2026-10",
            client_id="x",
            client_secret="y",
        )


async def mapped(stage: World, code: str, shop: str = SHOP, partner: str = "*") -> None:
    async with stage.database.begin() as session:
        await location_mappings.create(
            session,
            tenant_id=TENANT,
            code=code,
            shop_id=shop,
            location_gid="gid://shopify/Location/1",
            partner_id=partner,
        )


async def standing(stage: World, partner: str, status: str) -> None:
    async with stage.database.begin() as session:
        known = await partners.get(session, TENANT, partner)
        await partners.update(
            session, TENANT, partner, version=known.version, changes={"status": status}
        )


@BOTH
async def test_the_first_advice_opens_the_feed_and_the_next_is_told_to_it(
    stage: World, mill: str
) -> None:
    await stage.partner(mill)
    await mapped(stage, "WH-1")
    first = await told(stage, await advice(stage, mill))
    assert first.opened is not None
    case_id = inventory_feed_key(SHOP, mill)
    assert (first.opened.case_id, first.opened.created) == (case_id, True)
    body = await advice(stage, mill)
    second = await told(stage, body)
    assert (second.status, second.case_ids) == ("dispatched", (case_id,))
    [signal] = await signals(stage, case_id)
    assert (signal["signal"], signal["resource_id"]) == ("partner_changed", body["data"]["id"])
    [row] = await all_cases(stage)
    assert row.kind == "inventory_feed"


async def test_an_advice_that_meets_a_run_that_just_closed_is_told_to_the_next(
    stage: World, mill: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.partner(mill)
    await mapped(stage, "WH-1")
    await told(stage, await advice(stage, mill))
    case_id = inventory_feed_key(SHOP, mill)
    await recorded(stage, case_id)
    signal, closed = WorkflowHandle.signal, [case_id]

    async def closes_first(handle: Any, *told: Any, **how: Any) -> None:
        if closed and handle.id == closed[0]:
            closed.clear()
            raise RPCError("workflow execution already completed", RPCStatusCode.NOT_FOUND, b"")
        await signal(handle, *told, **how)

    monkeypatch.setattr(WorkflowHandle, "signal", closes_first)
    body = await advice(stage, mill)
    assert (await told(stage, body)).status == "dispatched"
    assert not closed
    assert [one["resource_id"] for one in await signals(stage, case_id)] == [body["data"]["id"]]


async def test_the_mapping_of_the_location_names_the_shop(stage: World, mill: str) -> None:
    await stage.partner(mill)
    await another_shop(stage)
    await mapped(stage, "WH-1", SHOP)
    await mapped(stage, "PARIS", "acme-fr")
    settled = await told(stage, await advice(stage, mill, "PARIS"))
    assert settled.case_ids == (inventory_feed_key("acme-fr", mill),)


async def test_a_partners_own_mapping_goes_before_the_one_for_all(stage: World, mill: str) -> None:
    await stage.partner(mill)
    await another_shop(stage)
    await mapped(stage, "WH-1", SHOP)
    await mapped(stage, "WH-1", "acme-fr", mill)
    settled = await told(stage, await advice(stage, mill))
    assert settled.case_ids == (inventory_feed_key("acme-fr", mill),)


async def test_an_unmapped_location_goes_to_the_only_shop_that_can_be_meant(
    stage: World, mill: str
) -> None:
    await stage.partner(mill)
    settled = await told(stage, await advice(stage, mill, "NOWHERE"))
    assert settled.case_ids == (inventory_feed_key(SHOP, mill),)


async def test_among_several_shops_an_unmapped_location_goes_to_the_one_the_partner_feeds(
    stage: World, mill: str
) -> None:
    await stage.partner(mill)
    await another_shop(stage)
    await mapped(stage, "PARIS", "acme-fr")
    await told(stage, await advice(stage, mill, "PARIS"))
    settled = await told(stage, await advice(stage, mill, "NOWHERE"))
    assert settled.case_ids == (inventory_feed_key("acme-fr", mill),)


@BOTH
async def test_where_no_shop_can_be_told_the_event_waits_for_a_mapping(
    stage: World, mill: str
) -> None:
    await stage.partner(mill)
    await another_shop(stage)
    event_id = await arrived(stage, RECEIVED, await advice(stage, mill), source="trading_grid")
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert settled.status == "parked"
    assert "mapped to no shop" in settled.reason
    await mapped(stage, "WH-1")
    await due_now(stage, event_id)
    await Sweep(stage.database, stage.dispatcher, stage.temporal).run()
    row = await event_row(stage, event_id)
    assert (row.status, row.case_ids) == ("dispatched", [inventory_feed_key(SHOP, mill)])


async def test_an_advice_of_an_unknown_partner_waits_until_it_is_known(
    stage: World, mill: str
) -> None:
    await stage._post(stage.trading_grid, "/_emulator/partners", {"id": mill, "name": "Mill"})
    settled = await told(stage, await advice(stage, mill))
    assert (settled.status, await all_cases(stage)) == ("parked", [])


@pytest.mark.parametrize("status", ["suspended", "retired"])
async def test_an_advice_of_a_partner_that_is_not_active_opens_nothing(
    stage: World, mill: str, status: str
) -> None:
    await stage.partner(mill)
    await standing(stage, mill, status)
    settled = await told(stage, await advice(stage, mill))
    assert (settled.status, await all_cases(stage)) == ("ignored", [])
    assert status in settled.reason


async def test_an_advice_that_is_gone_is_ignored(stage: World, mill: str) -> None:
    await stage.partner(mill)
    body = {"type": RECEIVED, "data": {"id": "no-such", "partner_id": mill}}
    assert (await told(stage, body)).status == "ignored"


async def test_an_event_that_names_another_partner_than_the_advice_fails(
    stage: World, mill: str
) -> None:
    await stage.partner(mill)
    body = await advice(stage, mill)
    body["data"]["partner_id"] = "somebody-else"
    settled = await told(stage, body)
    assert (settled.status, await all_cases(stage)) == ("failed", [])


@pytest.mark.parametrize(
    "body", [{}, {"data": {}}, {"data": {"id": 5}}, {"data": "x"}, {"data": {"id": ""}}]
)
async def test_an_event_that_names_no_advice_fails_with_the_reason(
    stage: World, body: dict[str, Any]
) -> None:
    settled = await told(stage, body)
    assert settled.status == "failed"
    assert "no id" in settled.reason


async def test_a_feed_that_ended_with_its_partner_opens_again_and_a_stopped_one_does_not(
    stage: World, mill: str
) -> None:
    await stage.partner(mill)
    await told(stage, await advice(stage, mill))
    case_id = inventory_feed_key(SHOP, mill)
    await ended(stage, case_id, "suspended")
    second = await told(stage, await advice(stage, mill))
    assert second.opened is not None
    assert second.opened.case_id == f"{case_id}~2"
    await ended(stage, f"{case_id}~2", "stopped")
    third = await told(stage, await advice(stage, mill))
    assert (third.status, len(await all_cases(stage))) == ("ignored", 2)
    body, delivery = feed_body(partner=mill, opened_by="operator:maria")
    fourth = await placed(stage, "feeds/create", body, source="gridcase", delivery=delivery)
    assert fourth.opened is not None
    assert fourth.opened.case_id == f"{case_id}~3"


async def test_a_feed_is_opened_once_however_often_its_first_event_comes(
    stage: World, mill: str
) -> None:
    await stage.partner(mill)
    body = await advice(stage, mill)
    await told(stage, body)
    await told(stage, body)
    assert len(await all_cases(stage)) == 1


async def test_temporal_down_leaves_the_event_for_later(stage: World, mill: str) -> None:
    await stage.partner(mill)
    event_id = await arrived(stage, RECEIVED, await advice(stage, mill), source="trading_grid")
    settled = await (await without_temporal(stage)).dispatch(event_id)
    assert settled is not None
    assert settled.status == "received"
    await due_now(stage, event_id)
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert (settled.status, len(await all_cases(stage))) == ("dispatched", 1)


@pytest.mark.parametrize(("partner", "reason"), [("nobody", "not known"), ("", "not known")])
async def test_an_operator_opens_no_feed_of_a_partner_that_is_not_here(
    stage: World, partner: str, reason: str
) -> None:
    body, delivery = feed_body(partner=partner, opened_by="operator:maria")
    settled = await placed(stage, "feeds/create", body, source="gridcase", delivery=delivery)
    assert settled.status == "failed"
    assert reason in settled.reason


# What of ours changes.


async def changed(stage: World, what: Changed, partner: str, edit: str) -> None:
    async with stage.database.begin() as session:
        await put_change(
            session,
            tenant=TENANT,
            partner=partner,
            what=what,
            edit=edit,
            now=datetime.now(UTC),
        )
    await Sweep(stage.database, stage.dispatcher, stage.temporal).run()


@BOTH
async def test_an_edit_is_told_once_to_the_feeds_it_concerns(stage: World, mill: str) -> None:
    for one in (mill, f"{mill}-b"):
        await stage.partner(one)
        await told(stage, await advice(stage, one))
        await recorded(stage, inventory_feed_key(SHOP, one), partners=(one,))
    await changed(stage, Changed.LOCATIONS, mill, f"{mill} 1")
    await changed(stage, Changed.LOCATIONS, mill, f"{mill} 1")
    await changed(stage, Changed.PARTNER, "*", f"{mill} 2")
    heard = await signals(stage, inventory_feed_key(SHOP, mill))
    assert [(one["signal"], one["what"]) for one in heard] == [
        ("feed_changed", "locations"),
        ("feed_changed", "partner"),
    ]
    other = await signals(stage, inventory_feed_key(SHOP, f"{mill}-b"))
    assert [one["what"] for one in other] == ["partner"]


async def test_an_edit_that_concerns_no_feed_is_settled(stage: World, mill: str) -> None:
    await changed(stage, Changed.PARTNER, mill, f"{mill} 1")
    assert await all_cases(stage) == []


async def test_a_feed_that_has_ended_is_told_nothing(stage: World, mill: str) -> None:
    await stage.partner(mill)
    await told(stage, await advice(stage, mill))
    case_id = inventory_feed_key(SHOP, mill)
    async with stage.database.begin() as session:
        row = await cases.get(session, case_id)
        await cases.save_snapshot(
            session,
            case_id,
            run_id="run",
            revision=1,
            values=CaseFields(
                title=row.title, status="cancelled", outcome="stopped", closed_at=datetime.now(UTC)
            ),
            now=datetime.now(UTC),
        )
    await changed(stage, Changed.PARTNER, mill, f"{mill} 1")
    assert await signals(stage, case_id) == []


async def test_a_partner_that_trading_grid_suspends_is_told_to_its_feed(
    stage: World, mill: str
) -> None:
    await stage.partner(mill)
    await told(stage, await advice(stage, mill))
    body = {"id": mill, "status": "suspended"}
    await stage._post(stage.trading_grid, "/_emulator/partners", body)
    event = {"data": {"id": mill, "partner_id": mill}}
    settled = await placed(stage, "partner.updated", event, source="trading_grid")
    assert (settled.status, settled.reason) == ("dispatched", "The partner is suspended.")
    [signal] = await signals(stage, inventory_feed_key(SHOP, mill))
    assert (signal["signal"], signal["what"]) == ("feed_changed", "partner")


async def test_a_shops_items_are_read_each_night_by_its_own_clock(stage: World, mill: str) -> None:
    """`mill` names a shop that no other stage has."""
    schedules = Schedules(stage.temporal, stage.settings.task_queue, timedelta(minutes=15))
    for zone in (None, "Europe/Berlin"):
        said = await schedules.put_nightly(mill, zone)
    assert "Each night at 03:" in said
    assert said.endswith("Europe/Berlin.")
    described = await stage.temporal.get_schedule_handle(nightly_id(mill)).describe()
    assert described.schedule.spec.time_zone_name == "Europe/Berlin"
    assert described.schedule.policy.overlap.name == "SKIP"
    [night] = described.info.next_action_times[:1]
    assert night.astimezone(ZoneInfo("Europe/Berlin")).hour == 3
