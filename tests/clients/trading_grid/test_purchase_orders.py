"""Purchase orders, shipment notices and invoices: what the adapter sends, and how it reads what comes back."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from clients.trading_grid import errors
from clients.trading_grid.port import (
    ExternalReference,
    NewPurchaseOrder,
    NewPurchaseOrderChange,
    NewPurchaseOrderChangeLine,
    NewPurchaseOrderLine,
    ShipTo,
)
from clients.trading_grid.rest import RestTradingGrid

OURS = ExternalReference(system="gridcase", id="purchase-order:acme:1/p1/ACME-1001-P1-1")
NEW = NewPurchaseOrder(
    po_number="ACME-1001-P1-1",
    order_type="drop_ship",
    partner_id="p1",
    ship_to=ShipTo(name="Someone", address1="1 Road", city="Ulm", country_code="DE"),
    requested_ship_date=date(2026, 12, 1),
    lines=(
        NewPurchaseOrderLine(
            line_id="11", sku="A", quantity=2, unit_price=Decimal("4.50"), currency="EUR"
        ),
    ),
    external_reference=OURS,
)


def order(**changes: Any) -> dict[str, Any]:
    return {
        "id": "PO1",
        "po_number": "ACME-1001-P1-1",
        "order_type": "drop_ship",
        "partner_id": "p1",
        "ship_to": {"name": "Someone", "address1": "1 Road"},
        "lines": [{"line_id": "11", "sku": "A", "quantity": 2, "unit_price": "4.50"}],
        "external_reference": OURS.model_dump(),
        "version": 1,
        **changes,
    }


def page(*items: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, json={"_embedded": {"collection": items}})


def taken(existing: str = "/tradinggrid/v1/purchase-orders/PO9") -> httpx.Response:
    return httpx.Response(
        409, json={"message": "exists", "_links": {"existing": {"href": existing}}}
    )


async def test_an_order_is_sent_with_its_key_and_its_address_is_not_read_back(
    grid: RestTradingGrid, script: Any
) -> None:
    script(httpx.Response(201, json=order()))
    made = await grid.create_purchase_order(NEW, idempotency_key="k1")
    sent = script.calls[0]
    assert (sent.method, sent.url.path) == ("POST", "/tradinggrid/v1/purchase-orders")
    assert sent.headers["Idempotency-Key"] == "k1"
    assert json.loads(sent.content) == {
        "po_number": "ACME-1001-P1-1",
        "order_type": "drop_ship",
        "partner_id": "p1",
        "ship_to": {"name": "Someone", "address1": "1 Road", "city": "Ulm", "country_code": "DE"},
        "requested_ship_date": "2026-12-01",
        "lines": [
            {"line_id": "11", "sku": "A", "quantity": 2, "unit_price": "4.50", "currency": "EUR"}
        ],
        "external_reference": {"system": "gridcase", "id": OURS.id},
    }
    assert (made.id, made.po_number, made.version) == ("PO1", "ACME-1001-P1-1", 1)
    assert made.lines[0].unit_price == Decimal("4.50")
    assert "Road" not in repr(made)


async def test_a_conflict_gives_our_own_order(grid: RestTradingGrid, script: Any) -> None:
    script(taken(), page(order(id="PO9")))
    assert (await grid.create_purchase_order(NEW, idempotency_key="k1")).id == "PO9"


@pytest.mark.parametrize(
    "found",
    [
        page(),
        page(order(external_reference={"system": "gridcase", "id": "another"})),
        page(order(po_number="ACME-1001-P1-2")),
    ],
    ids=["nothing", "another reference", "another number"],
)
async def test_a_number_that_others_hold_stays_a_conflict(
    grid: RestTradingGrid, script: Any, found: httpx.Response
) -> None:
    script(taken(), found)
    with pytest.raises(errors.Conflict) as caught:
        await grid.create_purchase_order(NEW, idempotency_key="k1")
    assert caught.value.existing == "https://tg.example.com/tradinggrid/v1/purchase-orders/PO9"


async def test_an_order_is_found_by_its_reference_or_its_number(
    grid: RestTradingGrid, script: Any
) -> None:
    script(page(order(id="PO0", po_number="OTHER"), order()))
    found = await grid.find_purchase_order(po_number="ACME-1001-P1-1")
    assert found is not None
    assert found.po_number == "ACME-1001-P1-1"
    assert script.calls[0].url.params["filter"] == "po_number eq 'ACME-1001-P1-1'"

    script(page(order(external_reference={"system": "erp", "id": OURS.id})))
    assert await grid.find_purchase_order(external_reference=OURS) is None
    assert script.calls[1].url.params["filter"] == (
        f"external_reference.system eq 'gridcase' and external_reference.id eq '{OURS.id}'"
    )
    with pytest.raises(ValueError, match="reference or a number"):
        await grid.find_purchase_order()


CANCEL = NewPurchaseOrderChange(
    change_number="2", purpose="cancel", lines=(NewPurchaseOrderChangeLine(line_id="11"),)
)


def change(**changes: Any) -> dict[str, Any]:
    return {
        "change_number": 2,
        "purpose": "cancel",
        "lines": [{"line_id": "11"}],
        "status": "refused",
        **changes,
    }


async def test_a_change_is_asked_for_with_its_key(grid: RestTradingGrid, script: Any) -> None:
    script(httpx.Response(201, json=change(status="pending")))
    asked = await grid.change_purchase_order("PO1", CANCEL, idempotency_key="k2")
    sent = script.calls[0]
    assert sent.url.path == "/tradinggrid/v1/purchase-orders/PO1/changes"
    assert sent.headers["Idempotency-Key"] == "k2"
    assert json.loads(sent.content) == {
        "change_number": "2",
        "purpose": "cancel",
        "lines": [{"line_id": "11"}],
    }
    assert (asked.change_number, asked.status) == ("2", "pending")


async def test_a_change_asked_for_before_is_found_and_another_under_its_number_is_not(
    grid: RestTradingGrid, script: Any
) -> None:
    script(taken(), page(change(change_number=1), change()))
    assert (await grid.change_purchase_order("PO1", CANCEL, idempotency_key="k")).status == (
        "refused"
    )
    script(taken(), page(change(lines=[{"line_id": "11", "quantity": 1}])))
    with pytest.raises(errors.Conflict):
        await grid.change_purchase_order("PO1", CANCEL, idempotency_key="k")


async def test_responses_come_oldest_first_with_codes_and_dates_as_they_are(
    grid: RestTradingGrid, script: Any
) -> None:
    later = {
        "id": "R2",
        "sequence": 2,
        "header_code": "ZZ",
        "lines": [
            {
                "line_id": "99",
                "ack_code": "XX",
                "quantity": 500,
                "scheduled_ship_date": "2026-12-01T00:00:00Z",
                "scheduled_delivery_date": "2026-12-03",
                "unit_price": "4.75",
                "substitute_sku": "B",
                "note": None,
            }
        ],
    }
    script(page(later, {"id": "R1", "sequence": 1, "header_code": None, "lines": None}))
    first, second = await grid.purchase_order_responses("PO1")
    assert (first.sequence, first.header_code, first.lines) == (1, "", ())
    assert (second.header_code, second.unreadable) == ("ZZ", ())
    (line,) = second.lines
    assert (line.ack_code, line.quantity, line.substitute_sku) == ("XX", 500, "B")
    assert (line.scheduled_ship_date, line.scheduled_delivery_date) == (
        date(2026, 12, 1),
        date(2026, 12, 3),
    )
    assert (line.unit_price, line.note) == (Decimal("4.75"), "")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"line_id": ""}, "lines.1.line_id"),
        ({"quantity": -1}, "lines.1.quantity"),
        ({"quantity": 10**12}, "lines.1.quantity"),
        ({"quantity": "many"}, "lines.1.quantity"),
        ({"unit_price": "-4.50"}, "lines.1.unit_price"),
        ({"unit_price": "NaN"}, "lines.1.unit_price"),
        ({"scheduled_ship_date": "soon"}, "lines.1.scheduled_ship_date"),
        ({"scheduled_ship_date": "9999-12-31"}, "lines.1.scheduled_ship_date"),
        ({"scheduled_ship_date": "0001-01-01"}, "lines.1.scheduled_ship_date"),
        ({"scheduled_ship_date": 1764547200}, "lines.1.scheduled_ship_date"),
        ({"scheduled_delivery_date": "2026-02-30"}, "lines.1.scheduled_delivery_date"),
    ],
)
async def test_a_line_that_cannot_be_read_is_named_and_hides_no_other(
    grid: RestTradingGrid, script: Any, wrong: dict[str, Any], says: str
) -> None:
    good = {"line_id": "11", "ack_code": "IA", "quantity": 2}
    bad = {"line_id": "12", "ack_code": "IA", "quantity": 1, **wrong}
    script(page({"id": "R1", "sequence": 1, "lines": [good, bad]}))
    (response,) = await grid.purchase_order_responses("PO1")
    assert [line.line_id for line in response.lines] == ["11"]
    (problem,) = response.unreadable
    assert problem.startswith(f"{says}: ")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"sequence": 1, "lines": []}, "id"),
        ({"id": "R1", "lines": []}, "sequence"),
        ({"id": "R1", "sequence": -1, "lines": []}, "sequence"),
        ({"id": "R1", "sequence": 1, "lines": "none"}, "lines"),
    ],
)
async def test_a_response_without_its_place_is_refused_with_the_field(
    grid: RestTradingGrid, script: Any, body: dict[str, Any], field: str
) -> None:
    script(page(body))
    with pytest.raises(errors.ContractMismatch, match=rf"PurchaseOrderResponse: {field}: "):
        await grid.purchase_order_responses("PO1")


def notice(**changes: Any) -> dict[str, Any]:
    return {
        "id": "N1",
        "partner_id": "p1",
        "shipment_number": "S-1",
        "po_numbers": ["PO-1"],
        "carrier": "UPS",
        "scac": None,
        "ship_date": "2026-11-30",
        "packages": [
            {
                "sscc": "00123456789012345675",
                "tracking_number": "1Z1",
                "items": [
                    {"po_number": "PO-2", "line_id": "11", "sku": "A", "quantity": 1},
                    {"po_number": "PO-1", "sku": "B", "quantity": 3},
                ],
            },
            {"items": None},
        ],
        "document_ids": ["D1"],
        "version": 3,
        **changes,
    }


async def test_a_shipment_notice_is_read_with_its_packages_and_every_order_it_names(
    grid: RestTradingGrid, script: Any
) -> None:
    script(httpx.Response(200, json=notice()))
    read = await grid.shipment_notice("N1")
    assert script.calls[0].url.path == "/tradinggrid/v1/shipment-notices/N1"
    assert (read.shipment_number, read.version, read.ship_date) == ("S-1", 3, date(2026, 11, 30))
    assert read.named_orders == ("PO-1", "PO-2")
    assert read.packages[0].items[1].line_id is None
    assert (read.packages[1].items, read.scac, read.document_ids) == ((), "", ("D1",))


def items(**changes: Any) -> list[dict[str, Any]]:
    return [{"items": [{"po_number": "PO-1", "sku": "A", "quantity": 1, **changes}]}]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"version": None}, "version"),
        ({"shipment_number": None}, "shipment_number"),
        ({"ship_date": "2206-01-01"}, "ship_date"),
        ({"estimated_delivery_date": "next week"}, "estimated_delivery_date"),
        ({"packages": items(quantity=-2)}, "packages.0.items.0.quantity"),
        ({"packages": items(quantity=None)}, "packages.0.items.0.quantity"),
        ({"packages": items(po_number=" ")}, "packages.0.items.0.po_number"),
    ],
)
async def test_a_notice_that_cannot_be_read_is_refused_with_the_field(
    grid: RestTradingGrid, script: Any, wrong: dict[str, Any], field: str
) -> None:
    script(httpx.Response(200, json=notice(**wrong)))
    with pytest.raises(errors.ContractMismatch, match=rf"ShipmentNotice: {field}: "):
        await grid.shipment_notice("N1")


def invoice(**changes: Any) -> dict[str, Any]:
    return {
        "id": "I1",
        "invoice_number": "2026-7",
        "po_number": "PO-1",
        "currency": "EUR",
        "lines": [{"line_id": "11", "sku": "A", "quantity": 2, "unit_price": "4.50"}],
        "charges": "-1.00",
        "total": "8.00",
        "document_id": "D2",
        "version": 1,
        **changes,
    }


async def test_an_invoice_is_read_to_the_cent(grid: RestTradingGrid, script: Any) -> None:
    script(httpx.Response(200, json=invoice()))
    read = await grid.invoice("I1")
    assert script.calls[0].url.path == "/tradinggrid/v1/invoices/I1"
    assert (read.charges, read.total, read.currency) == (Decimal("-1.00"), Decimal("8.00"), "EUR")
    assert (read.lines[0].quantity, read.lines[0].unit_price) == (2, Decimal("4.50"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"total": None}, "total"),
        ({"total": "a lot"}, "total"),
        ({"currency": "euro"}, "currency"),
        ({"po_number": ""}, "po_number"),
        ({"lines": [{"quantity": -1, "unit_price": "1"}]}, "lines.0.quantity"),
        ({"lines": [{"quantity": 1, "unit_price": "-1"}]}, "lines.0.unit_price"),
        ({"lines": [{"quantity": 1}]}, "lines.0.unit_price"),
    ],
)
async def test_an_invoice_that_cannot_be_read_is_refused_with_the_field(
    grid: RestTradingGrid, script: Any, wrong: dict[str, Any], field: str
) -> None:
    script(httpx.Response(200, json=invoice(**wrong)))
    with pytest.raises(errors.ContractMismatch, match=rf"Invoice: {field}: "):
        await grid.invoice("I1")


async def test_a_published_document_says_what_it_is_about(
    grid: RestTradingGrid, script: Any
) -> None:
    about = {"type": "purchase_order", "value": "PO-1"}
    body = {"id": "D1", "partner_id": "p1", "business_references": [about], "version": 2}
    script(httpx.Response(200, json=body))
    paper = await grid.read_document("D1")
    assert (paper.partner_id, paper.case_id, paper.version) == ("p1", None, 2)
    assert [(one.type, one.value) for one in paper.business_references] == [
        ("purchase_order", "PO-1")
    ]


def test_an_address_shows_in_no_text_of_ours() -> None:
    assert "Road" not in repr(NEW)
    with pytest.raises(ValidationError) as caught:
        ShipTo.model_validate({"address1": "1 Road", "city": "Ulm", "country_code": 7})
    assert "Road" not in str(caught.value)
