"""Purchase orders, notices, invoices and published papers against the emulator."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from clients.trading_grid import errors
from clients.trading_grid.port import (
    ExternalReference,
    NewPurchaseOrder,
    NewPurchaseOrderChange,
    NewPurchaseOrderChangeLine,
    NewPurchaseOrderLine,
    PurchaseOrder,
    ShipTo,
)
from tests.clients.trading_grid.emulated import World

NUMBER = "ACME-1001-P1-1"


def new_order(number: str = NUMBER, reference: str = "") -> NewPurchaseOrder:
    return NewPurchaseOrder(
        po_number=number,
        order_type="drop_ship",
        partner_id="p1",
        ship_to=ShipTo(address1="1 Road", city="Ulm", country_code="DE"),
        lines=(
            NewPurchaseOrderLine(
                line_id="11", sku="A", quantity=5, unit_price=Decimal("4.50"), currency="EUR"
            ),
            NewPurchaseOrderLine(line_id="12", sku="B", quantity=1),
        ),
        external_reference=ExternalReference(
            system="gridcase", id=reference or f"purchase-order:acme:1/p1/{number}"
        ),
    )


async def sent(world: World) -> PurchaseOrder:
    return await world.grid.create_purchase_order(new_order(), idempotency_key="k1")


async def test_an_order_is_sent_once_and_found_again(world: World) -> None:
    order = await sent(world)
    # Another key: what is left after a day is the reference.
    again = await world.grid.create_purchase_order(new_order(), idempotency_key="k1-later")
    assert again.id == order.id
    assert (await world.grid.read_purchase_order(order.id)).po_number == NUMBER
    by_number = await world.grid.find_purchase_order(po_number=NUMBER)
    assert by_number is not None
    assert by_number.external_reference == new_order().external_reference
    assert await world.grid.find_purchase_order(po_number="ACME-1001-P1-2") is None
    with pytest.raises(errors.Conflict):
        await world.grid.create_purchase_order(new_order(reference="other"), idempotency_key="k2")


async def test_a_change_waits_for_the_partner_and_its_answer_is_read(world: World) -> None:
    order = await sent(world)
    less = NewPurchaseOrderChange(
        change_number="1",
        purpose="change",
        lines=(NewPurchaseOrderChangeLine(line_id="11", quantity=3),),
    )
    asked = await world.grid.change_purchase_order(order.id, less, idempotency_key="c1")
    repeated = await world.grid.change_purchase_order(order.id, less, idempotency_key="c1-later")
    assert (asked.status, repeated.id) == ("pending", asked.id)
    another = less.model_copy(update={"purpose": "cancel"})
    with pytest.raises(errors.Conflict):
        await world.grid.change_purchase_order(order.id, another, idempotency_key="c2")
    await world.partner_does(f"/purchase-orders/{order.id}/changes/1/acknowledge", {})
    everything = NewPurchaseOrderChange(change_number="2", purpose="cancel")
    await world.grid.change_purchase_order(order.id, everything, idempotency_key="c3")
    await world.partner_does(
        f"/purchase-orders/{order.id}/changes/2/acknowledge",
        {"status": "refused", "note": "Packed already."},
    )
    first, second = await world.grid.read_purchase_order_changes(order.id)
    assert (first.change_number, first.status) == ("1", "acknowledged")
    assert (second.purpose, second.status, second.note) == ("cancel", "refused", "Packed already.")
    now = await world.grid.read_purchase_order(order.id)
    assert now.lines[0].quantity == 3
    assert now.version > order.version


async def test_responses_are_read_by_sequence_over_all_pages(world: World) -> None:
    order = await sent(world)
    said: list[dict[str, Any]] = [
        {"sequence": 3, "header_code": "AC", "lines": [{"line_id": "12", "ack_code": "IR"}]},
        {
            "sequence": 1,
            "lines": [
                {
                    "line_id": "11",
                    "ack_code": "BP",
                    "quantity": 2,
                    "scheduled_ship_date": "2026-12-01",
                    "unit_price": "4.75",
                }
            ],
        },
        {
            "sequence": 2,
            "lines": [
                {"line_id": "99", "ack_code": "QQ", "quantity": 900},
                {"line_id": "11", "ack_code": "DR", "scheduled_ship_date": "after the holidays"},
            ],
        },
    ]
    for body in said:
        await world.partner_does(f"/purchase-orders/{order.id}/responses", body)
    first, second, third = await world.grid.purchase_order_responses(order.id)
    assert (first.lines[0].ack_code, first.lines[0].quantity) == ("BP", 2)
    assert first.lines[0].scheduled_ship_date == date(2026, 12, 1)
    assert first.lines[0].unit_price == Decimal("4.75")
    assert [(line.line_id, line.ack_code) for line in second.lines] == [("99", "QQ")]
    assert "lines.1.scheduled_ship_date" in second.unreadable[0]
    assert (third.header_code, third.lines[0].ack_code) == ("AC", "IR")
    page = await world.grid.read_events("0")
    events = [event for event in page.events if event.type == "purchase_order.response_received"]
    assert [event.data.purchase_order_id for event in events] == [order.id] * 3
    assert events[0].data.external_reference == order.external_reference


async def test_a_notice_an_invoice_and_a_paper_are_read(world: World) -> None:
    await sent(world)
    told = await world.partner_does(
        "/shipment-notices",
        {
            "shipment_number": "S-1",
            "carrier": "UPS",
            "ship_date": "2026-11-30",
            "packages": [
                {
                    "tracking_number": "1Z1",
                    "items": [{"po_number": NUMBER, "line_id": "11", "sku": "A", "quantity": 2}],
                }
            ],
        },
    )
    notice = await world.grid.shipment_notice(told["id"])
    assert (notice.partner_id, notice.named_orders) == ("p1", (NUMBER,))
    assert notice.packages[0].items[0].quantity == 2
    await world.partner_does(f"/shipment-notices/{told['id']}", {"carrier": "DHL"})
    corrected = await world.grid.shipment_notice(told["id"])
    assert corrected.carrier == "DHL"
    assert corrected.version > notice.version

    billed = await world.partner_does(
        "/invoices",
        {
            "po_number": NUMBER,
            "currency": "EUR",
            "lines": [{"line_id": "11", "quantity": 2, "unit_price": "4.50"}],
            "charges": "3.00",
        },
    )
    invoice = await world.grid.invoice(billed["id"])
    assert (invoice.po_number, invoice.total, invoice.charges) == (
        NUMBER,
        Decimal("12.00"),
        Decimal("3.00"),
    )

    shared = await world.partner_does(
        "/documents",
        {
            "document_type": "packing_list",
            "file_name": "list.txt",
            "mime_type": "text/plain",
            "text": "2 A",
            "business_references": [{"type": "purchase_order", "value": NUMBER}],
        },
    )
    paper = await world.grid.read_document(shared["id"])
    assert (paper.partner_id, paper.case_id, paper.document_type) == ("p1", None, "packing_list")
    assert paper.version == 1
    assert (paper.business_references[0].type, paper.business_references[0].value) == (
        "purchase_order",
        NUMBER,
    )
    with pytest.raises(errors.NotFound):
        await world.grid.invoice("unknown")
