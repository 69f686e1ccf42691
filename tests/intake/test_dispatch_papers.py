"""Events of purchase orders, shipment notices, invoices and documents: whose they are, and what waits for its number."""

import base64
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from clients.trading_grid.port import ExternalReference, NewPurchaseOrder, NewPurchaseOrderLine
from domain import references
from domain.purchase_order.names import ReplenishmentLine, ReplenishmentRequest
from intake.dispatch import OWN_SYSTEM
from intake.openings import replenishment_body
from intake.sweep import Sweep
from persistence.repositories import case_references, tenants
from persistence.repositories.case_references import Reference
from tests.intake.staging import (
    BOTH,
    all_cases,
    arrived,
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

TEXTILES, HATS = "acme-textiles", "hats"


@pytest.fixture
def po() -> str:
    """A purchase order number that no other stage has: they share one server."""
    return f"ACME-{uuid4().hex[:10].upper()}-1"


def wanted(number: str, partner: str = TEXTILES) -> ReplenishmentRequest:
    return ReplenishmentRequest(
        number=number,
        tenant=TENANT,
        partner=partner,
        location_id="1",
        currency="EUR",
        lines=(
            ReplenishmentLine(line_id="1", sku="SHIRT-1", quantity=5, unit_price=Decimal("9.50")),
        ),
    )


async def purchasing(stage: World, number: str = "") -> str:
    """A case that may have purchase orders; its id. Another stage has another one."""
    return await stage.replenish(wanted(number or f"R-{uuid4().hex[:12]}"))


async def reserve(stage: World, case_id: str, *po_numbers: str, tenant: str = TENANT) -> None:
    async with stage.database.begin() as session:
        await case_references.add(
            session,
            case_id,
            [Reference(references.PURCHASE_ORDER_NUMBER, number, tenant) for number in po_numbers],
            datetime.now(UTC),
        )


async def ordered(
    stage: World, case_id: str, po_number: str, partner: str = TEXTILES, *, ours: bool = True
) -> str:
    """A purchase order in Trading Grid; its id there."""
    grid = await stage.connections.trading_grid(TENANT)
    made = await grid.create_purchase_order(
        NewPurchaseOrder(
            po_number=po_number,
            order_type="replenishment",
            partner_id=partner,
            lines=(NewPurchaseOrderLine(line_id="1", sku="SHIRT-1", quantity=5),),
            external_reference=ExternalReference(
                system=OWN_SYSTEM if ours else "erp", id=f"{case_id}/{partner}/{po_number}"
            ),
        ),
        idempotency_key=str(uuid4()),
    )
    return made.id


async def notified(stage: World, *po_numbers: str, partner: str = TEXTILES) -> str:
    """A shipment notice that names these purchase orders; its id."""
    items = [
        {"po_number": one, "line_id": "1", "sku": "SHIRT-1", "quantity": 1} for one in po_numbers
    ]
    body = {"partner_id": partner, "packages": [{"items": items}]}
    return await there(stage, "/_emulator/shipment-notices", body)


async def there(stage: World, path: str, body: dict[str, Any]) -> str:
    made = await stage._post(stage.trading_grid, path, body)
    return str(made["id"])


def event(topic: str, resource_id: str, partner: str = TEXTILES, **data: Any) -> dict[str, Any]:
    named = {"id": resource_id, "partner_id": partner, "version": 1} | data
    return {"type": topic, "timestamp": "2026-11-02T00:00:00Z", "data": named}


async def heard(stage: World, topic: str, resource_id: str, **data: Any) -> Any:
    return await placed(stage, topic, event(topic, resource_id, **data), source="trading_grid")


# Purchase orders.


async def test_a_partners_answer_reaches_the_case_by_our_external_reference(
    stage: World, po: str
) -> None:
    await stage.partner(TEXTILES)
    case_id = await purchasing(stage)
    named = {"system": OWN_SYSTEM, "id": f"{case_id}/{TEXTILES}/{po}"}
    for topic in ("purchase_order.response_received", "purchase_order.change_acknowledged"):
        settled = await heard(stage, topic, "po-1", external_reference=named)
        assert settled.case_ids == (case_id,), topic
    [first, second] = await signals(stage, case_id)
    assert (first["signal"], first["partner"], first["resource_id"]) == (
        "partner_changed",
        TEXTILES,
        "po-1",
    )
    assert second["event_type"] == "purchase_order.change_acknowledged"


async def test_without_a_reference_the_table_and_then_trading_grid_say_whose_an_answer_is(
    stage: World, po: str
) -> None:
    await stage.partner(TEXTILES)
    case_id = await purchasing(stage)
    topic = "purchase_order.response_received"
    remote = await ordered(stage, case_id, po)
    assert (await heard(stage, topic, remote)).case_ids == (case_id,), "by Trading Grid's word"
    async with stage.database.begin() as session:
        known = [Reference(references.PURCHASE_ORDER, "remote-7", TENANT)]
        await case_references.add(session, case_id, known, datetime.now(UTC))
    assert (await heard(stage, topic, "remote-7")).case_ids == (case_id,), "by the table"
    theirs = await ordered(stage, "x", "ERP-1", ours=False)
    assert (await heard(stage, topic, theirs)).status == "ignored"
    assert (await heard(stage, topic, "nothing-there")).status == "ignored"


async def test_an_answer_of_another_partner_or_of_another_tenant_reaches_nobody(
    stage: World, po: str
) -> None:
    await stage.partner(TEXTILES)
    case_id = await purchasing(stage)
    named = {"system": OWN_SYSTEM, "id": f"{case_id}/{TEXTILES}/{po}"}
    topic = "purchase_order.response_received"
    settled = await heard(stage, topic, "po-1", partner=HATS, external_reference=named)
    assert settled.status == "failed"
    assert settled.reason == f"{HATS} answers a purchase order of {TEXTILES}."
    async with stage.database.begin() as session:
        await tenants.create(
            session,
            stage.box,
            id="rival",
            name="Rival",
            base_url="http://127.0.0.1:18102/tradinggrid/v1",
            token_url="http://127.0.0.1:18102/tenants/demo/oauth2/token",
            client_id="demo-client",
            client_secret="demo-secret",
        )
    body = event(topic, "po-1", external_reference=named)
    settled = await placed(stage, topic, body, source="trading_grid", scope="rival")
    assert settled.status in {"ignored", "failed"}
    assert await signals(stage, case_id) == []


async def test_an_answer_after_the_end_is_a_flagged_line(stage: World, po: str) -> None:
    await stage.partner(TEXTILES)
    case_id = await purchasing(stage)
    await ended(stage, case_id, "completed")
    named = {"system": OWN_SYSTEM, "id": f"{case_id}/{TEXTILES}/{po}"}
    await heard(stage, "purchase_order.response_received", "po-1", external_reference=named)
    [entry] = await stage.entries(case_id)
    assert (entry.flagged, entry.actor) == (True, f"partner:{TEXTILES}")


# Papers.


@BOTH
async def test_a_notice_opens_the_papers_of_the_order_it_names(stage: World, po: str) -> None:
    await stage.partner(TEXTILES)
    case_id = await purchasing(stage)
    await ordered(stage, case_id, po)
    await reserve(stage, case_id, po)
    notice = await notified(stage, po)
    settled = await heard(stage, "shipment_notice.received", notice)
    papers = stage.papers_id(po)
    assert (settled.status, settled.case_ids) == ("dispatched", (papers,)), settled.reason
    started = (await stage.history(papers)).events[0].workflow_execution_started_event_attributes
    argument = json.loads(started.input.payloads[0].data)
    assert (argument["tenant"], argument["partner"], argument["po_number"]) == (
        TENANT,
        TEXTILES,
        po,
    )
    assert argument["purchase_order_case"] == case_id
    assert argument["first"]["event_type"] == "shipment_notice.received"
    assert argument["first"]["resource_id"] == notice
    assert argument["order_id"] == ""


async def test_what_follows_tells_the_open_papers_to_look_again(stage: World, po: str) -> None:
    await stage.partner(TEXTILES)
    case_id = await purchasing(stage)
    await ordered(stage, case_id, po)
    await reserve(stage, case_id, po)
    await heard(stage, "shipment_notice.received", await notified(stage, po))
    papers = stage.papers_id(po)
    await recorded(stage, papers, status="awaiting_partner", partners=(TEXTILES,))
    lines = [{"line_id": "1", "sku": "SHIRT-1", "quantity": 5, "unit_price": "9.50"}]
    bill = await there(
        stage,
        "/_emulator/invoices",
        {"partner_id": TEXTILES, "po_number": po, "currency": "EUR", "lines": lines},
    )
    paper = await there(
        stage,
        "/_emulator/documents",
        {
            "partner_id": TEXTILES,
            "document_type": "packing_list",
            "file_name": "list.pdf",
            "content_base64": base64.b64encode(b"%PDF-1.4 list").decode(),
            "business_references": [{"type": "purchase_order", "value": po}],
        },
    )
    assert (await heard(stage, "invoice.received", bill)).case_ids == (papers,)
    assert (await heard(stage, "document.published", paper)).case_ids == (papers,)
    told = [(one["signal"], one["event_type"]) for one in await signals(stage, papers)]
    assert told == [
        ("partner_changed", "invoice.received"),
        ("partner_changed", "document.published"),
    ]


async def test_a_notice_that_names_three_orders_reaches_three_cases(stage: World, po: str) -> None:
    await stage.partner(TEXTILES)
    case_id = await purchasing(stage)
    numbers = [f"{po}{count}" for count in (1, 2, 3)]
    for number in numbers:
        await ordered(stage, case_id, number)
    await reserve(stage, case_id, *numbers)
    event_id = await arrived(
        stage,
        "shipment_notice.received",
        event("shipment_notice.received", await notified(stage, *numbers)),
        source="trading_grid",
    )
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert settled.case_ids == tuple(map(stage.papers_id, numbers))
    assert (await event_row(stage, event_id)).case_ids == list(settled.case_ids)


@BOTH
async def test_an_unknown_number_parks_the_event_until_somebody_reserves_it(
    stage: World, po: str
) -> None:
    await stage.partner(TEXTILES)
    case_id, late = await purchasing(stage), f"{po}2"
    await ordered(stage, case_id, po)
    await ordered(stage, case_id, late)
    await reserve(stage, case_id, po)
    notice = await notified(stage, po, late)
    event_id = await arrived(
        stage, "shipment_notice.received", event("x", notice), source="trading_grid"
    )
    settled = await stage.dispatcher.dispatch(event_id)
    assert settled is not None
    assert (settled.status, settled.case_ids) == ("parked", (stage.papers_id(po),))
    assert late in settled.reason
    sweep = Sweep(stage.database, stage.dispatcher, stage.temporal)
    await sweep.run()
    assert (await event_row(stage, event_id)).status == "parked", "it is not due yet"
    await reserve(stage, case_id, "OTHER-1")
    await sweep.run()
    assert (await event_row(stage, event_id)).status == "parked", "that was another number"
    await reserve(stage, case_id, late, tenant="other")
    await sweep.run()
    assert (await event_row(stage, event_id)).status == "parked", "that was another tenant's"
    await reserve(stage, case_id, late)
    await sweep.run()
    row = await event_row(stage, event_id)
    assert row.status == "dispatched", row.reason
    assert set(row.case_ids) == {stage.papers_id(po), stage.papers_id(late)}
    assert len([case for case in await all_cases(stage) if case.kind == "shipping_documents"]) == 2


async def test_an_event_that_waits_is_tried_again_now_and_then(stage: World) -> None:
    await stage.partner(TEXTILES)
    notice = await notified(stage, "NOBODYS-1")
    event_id = await arrived(
        stage, "shipment_notice.received", event("x", notice), source="trading_grid"
    )
    waits = []
    for _ in range(3):
        before = datetime.now(UTC)
        await stage.dispatcher.dispatch(event_id)
        row = await event_row(stage, event_id)
        assert row.next_attempt_at is not None
        waits.append(round((row.next_attempt_at - before).total_seconds() / 60))
    assert waits == [1, 2, 4]


async def test_papers_of_the_wrong_partner_fail_with_words(stage: World, po: str) -> None:
    await stage.partner(TEXTILES)
    await stage.partner(HATS)
    case_id = await purchasing(stage)
    await ordered(stage, case_id, po)
    await reserve(stage, case_id, po)
    notice = await notified(stage, po, partner=HATS)
    settled = await heard(stage, "shipment_notice.received", notice, partner=HATS)
    assert settled.status == "failed"
    assert settled.reason == f"{HATS} sent it, but {po} was ordered from {TEXTILES}."
    settled = await heard(stage, "shipment_notice.received", notice, partner=TEXTILES)
    assert settled.reason == f"The event says {TEXTILES}, the resource is of {HATS}."
    assert [case.kind for case in await all_cases(stage)] == ["purchase_order"]


async def test_papers_after_the_end_are_a_flagged_line(stage: World, po: str) -> None:
    await stage.partner(TEXTILES)
    case_id = await purchasing(stage)
    await ordered(stage, case_id, po)
    await reserve(stage, case_id, po)
    notice = await notified(stage, po)
    await heard(stage, "shipment_notice.received", notice)
    await ended(stage, stage.papers_id(po), "complete")
    settled = await heard(stage, "shipment_notice.received", notice)
    assert settled.status == "dispatched"
    assert [entry.flagged for entry in await stage.entries(stage.papers_id(po))] == [True]


async def test_papers_that_name_nothing_or_are_gone_are_ignored(stage: World) -> None:
    await stage.partner(TEXTILES)
    for topic in ("shipment_notice.received", "invoice.received", "document.published"):
        settled = await heard(stage, topic, "gone-1")
        assert (settled.status, "Trading Grid has no" in settled.reason) == ("ignored", True)
    paper = await there(
        stage,
        "/_emulator/documents",
        {
            "partner_id": TEXTILES,
            "document_type": "other",
            "file_name": "note.pdf",
            "content_base64": base64.b64encode(b"%PDF-1.4 note").decode(),
        },
    )
    settled = await heard(stage, "document.published", paper)
    assert settled.reason == "It names no purchase order."


async def test_a_papers_row_whose_workflow_never_started_is_started_by_the_next_event(
    stage: World, po: str
) -> None:
    await stage.partner(TEXTILES)
    case_id = await purchasing(stage)
    await ordered(stage, case_id, po)
    await reserve(stage, case_id, po)
    notice = await notified(stage, po)
    first = await arrived(
        stage, "shipment_notice.received", event("x", notice), source="trading_grid"
    )
    await (await without_temporal(stage)).dispatch(first)
    papers = stage.papers_id(po)
    settled = await heard(stage, "shipment_notice.received", notice)
    assert settled.case_ids == (papers,)
    started = (await stage.history(papers)).events[0].workflow_execution_started_event_attributes
    assert json.loads(started.input.payloads[0].data)["first"]["event_id"] == str(first)
    assert len(await signals(stage, papers)) == 1


# Replenishments.


async def test_a_replenishment_opens_once_a_number(stage: World) -> None:
    await stage.partner(TEXTILES)
    number = f"R-{uuid4().hex[:12]}"
    case_id = await purchasing(stage, number)
    assert case_id == f"purchase-order:{SHOP}:replenishment-{number}"
    body, _ = replenishment_body(wanted(number), opened_by="key:erp")
    again = await placed(stage, "replenishments/create", body, source="gridcase")
    assert again.opened is not None
    assert (again.opened.case_id, again.opened.created) == (case_id, False)
    started = (await stage.history(case_id)).events[0].workflow_execution_started_event_attributes
    argument = json.loads(started.input.payloads[0].data)
    assert argument["replenishment"]["lines"][0]["unit_price"] == "9.50"


async def test_a_replenishment_of_a_partner_that_cannot_be_asked_fails_with_words(
    stage: World,
) -> None:
    for request, words in (
        (wanted("R-1", "nobody"), "The partner nobody is not known here."),
        (
            wanted("R-1").model_copy(update={"tenant": "other"}),
            f"The shop {SHOP} belongs to the tenant {TENANT}.",
        ),
    ):
        body = {"replenishment": request.model_dump(mode="json"), "opened_by": "key:1"}
        settled = await placed(stage, "replenishments/create", body, source="gridcase")
        assert (settled.status, settled.reason) == ("failed", words)
    settled = await placed(
        stage, "replenishments/create", {"opened_by": "key:1"}, source="gridcase"
    )
    assert settled.status == "failed"
