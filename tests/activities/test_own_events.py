"""Events of our own: into the inbox once, and placed like any event."""

import json

from temporalio.testing import ActivityEnvironment

from activities.own_events import OwnEventActivities
from domain.own_events import CREATE_EXCEPTION, EventPut, PutEvent
from tests.intake.staging import (
    all_cases,
    event_row,
    shared_server,
    stage,
    stage_url,
    without_temporal,
)
from tests.world import SHOP, World

__all__ = ["shared_server", "stage", "stage_url"]  # fixtures

CAP = {"sku": "CAP-1", "quantity": 1, "vendor": "hats", "price": "10.00"}


def shortfall(order: dict[str, str], delivery: str = "short:SHP-1:1") -> PutEvent:
    body: dict[str, object] = {
        "order_id": order["order_id"],
        "reason": "short_shipped",
        "note": "1 of 2 came",
        "line_ids": ["7"],
        "opened_by": "gridcase",
    }
    return PutEvent(shop=SHOP, topic=CREATE_EXCEPTION, delivery_id=delivery, body=body)


async def put(stage: World, request: PutEvent, *, temporal: bool = True) -> EventPut:
    dispatcher = stage.dispatcher if temporal else await without_temporal(stage)
    activities = OwnEventActivities(stage.database, dispatcher)
    return await ActivityEnvironment().run(activities.put, request)


async def test_a_case_asks_for_an_exception_once_however_often_it_says_so(stage: World) -> None:
    order = await stage.order(CAP, fulfill=False)
    first = await put(stage, shortfall(order))
    again = await put(stage, shortfall(order))
    assert first == again
    assert (first.status, first.case_ids) == ("dispatched", (stage.exception_id(order),))
    [case] = await all_cases(stage)
    assert case.opened_by_event_id == first.event_id
    row = await event_row(stage, first.event_id)
    assert (row.source, row.scope, row.topic) == ("gridcase", SHOP, "exceptions/create")
    assert json.loads(row.body or b"")["line_ids"] == ["7"]


async def test_what_cannot_be_placed_now_is_kept_and_no_error(stage: World) -> None:
    order = await stage.order(CAP, fulfill=False)
    kept = await put(stage, shortfall(order), temporal=False)
    assert (kept.status, kept.case_ids) == ("received", ())
    assert "Out of reach" in kept.reason


async def test_what_cannot_be_placed_at_all_says_why(stage: World) -> None:
    failed = await put(stage, shortfall({"order_id": "404"}))
    assert (failed.status, failed.reason) == ("failed", "The shop has no order 404.")
