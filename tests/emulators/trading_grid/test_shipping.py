"""Shipment notices, invoices and documents beside a case, as partners send them."""

import base64
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, SetClock

PO = "DEMO-1001-ACME-1"
REFERENCE = {"system": "gridcase", "id": "purchase-order:1:acme"}


def item(line_id: str | None, quantity: int, **more: Any) -> dict[str, Any]:
    return {"po_number": PO, "line_id": line_id, "quantity": quantity, **more}


def package(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"tracking_number": "1Z999", "items": list(items), **more}


async def notify(grid: "Grid", *packages: dict[str, Any], **more: Any) -> Any:
    body = {"packages": list(packages), **more}
    return await grid.control("POST", "/shipment-notices", body, 201)


async def status(grid: "Grid", order_id: str) -> str:
    return str((await grid.get(f"/purchase-orders/{order_id}"))["status"])


async def listed(grid: "Grid", path: str, **params: Any) -> list[str]:
    page = await grid.get(path, **params)
    return [one["id"] for one in page["_embedded"]["collection"]]


async def test_a_notice_is_read_and_told_of_thinly(grid: "Grid") -> None:
    await grid.order()
    made = await notify(
        grid,
        package(item("11", 2, sku="LAMP"), sscc="003456789012345675"),
        carrier="UPS",
        scac="UPSN",
        shipment_number="S-1",
        ship_date="2026-11-23",
        estimated_delivery_date="2026-11-26",
    )
    answer = await grid.call("GET", f"/shipment-notices/{made['id']}")
    assert (answer.json(), answer.headers["etag"]) == (made, '"1"')
    links = made.pop("_links")
    assert links["self"]["href"].endswith(f"/tradinggrid/v1/shipment-notices/{made['id']}")
    assert made == {
        "id": made["id"],
        "partner_id": "acme",
        "external_reference": None,
        "version": 1,
        "create_time": "2026-11-23T12:00:00Z",
        "update_time": "2026-11-23T12:00:00Z",
        "shipment_number": "S-1",
        "po_numbers": [PO],
        "carrier": "UPS",
        "scac": "UPSN",
        "ship_date": "2026-11-23",
        "estimated_delivery_date": "2026-11-26",
        "packages": [
            {
                "sscc": "003456789012345675",
                "tracking_number": "1Z999",
                "items": [{"po_number": PO, "line_id": "11", "sku": "LAMP", "quantity": 2}],
            }
        ],
        "document_ids": [],
    }
    (event,) = await grid.events()
    assert event["type"] == "shipment_notice.received"
    assert event["data"] == {
        "id": made["id"],
        "resource": "shipment_notice",
        "href": f"/tradinggrid/v1/shipment-notices/{made['id']}",
        "version": 1,
        "external_reference": REFERENCE,
        "partner_id": "acme",
    }


async def test_the_order_follows_what_was_shipped(grid: "Grid") -> None:
    order = await grid.order()
    await notify(grid, package(item("11", 2)))
    assert await status(grid, order["id"]) == "partially_shipped"
    await notify(grid, package(item(None, 3, sku="CHAIR")), package(item("12", 1)))
    assert await status(grid, order["id"]) == "shipped"
    path = f"/purchase-orders/{order['id']}/changes"
    await grid.post(path, {"change_number": "1", "purpose": "cancel"}, 409)


async def test_a_rejected_line_is_not_waited_for(grid: "Grid") -> None:
    order = await grid.order()
    lines = [{"line_id": "12", "ack_code": "IR"}]
    await grid.control("POST", f"/purchase-orders/{PO}/responses", {"lines": lines})
    await notify(grid, package(item("11", 2)))
    assert await status(grid, order["id"]) == "shipped"


@pytest.mark.parametrize(
    "answer",
    [
        {"lines": [{"line_id": "12", "ack_code": "IQ", "quantity": 1}]},
        {"header_code": "RJ"},
        {"header_code": "AT"},
    ],
)
async def test_what_is_left_follows_the_partners_word(grid: "Grid", answer: Any) -> None:
    order = await grid.order()
    await grid.control("POST", f"/purchase-orders/{PO}/responses", answer)
    await notify(grid, package(item("11", 2), item("12", 1)))
    done = "partially_shipped" if answer.get("header_code") == "AT" else "shipped"
    assert await status(grid, order["id"]) == done


async def test_one_notice_may_hold_several_orders_and_then_has_no_reference(grid: "Grid") -> None:
    first = await grid.order()
    second = await grid.order(po_number="X-2", external_reference=None)
    both = await notify(grid, package(item("11", 2), item("12", 4, po_number="X-2")))
    assert both["po_numbers"] == [PO, "X-2"]
    (event,) = await grid.events()
    assert event["data"]["external_reference"] is None
    for order in (first, second):
        assert await status(grid, order["id"]) == "partially_shipped"
    other = await notify(grid, package(item("12", 1, po_number="X-2")))
    wanted = {PO: [both["id"]], "X-2": [both["id"], other["id"]], "X-3": []}
    for number, ids in wanted.items():
        assert await listed(grid, "/shipment-notices", filter=f"po_numbers eq '{number}'") == ids
    assert await listed(grid, "/shipment-notices", filter="po_numbers in ('X-3', 'X-2')") == [
        both["id"],
        other["id"],
    ]
    assert await listed(grid, "/shipment-notices", filter=f"po_numbers ne '{PO}'") == [other["id"]]


async def test_a_correction_is_a_new_version_of_the_same_notice(
    grid: "Grid", clock: "SetClock"
) -> None:
    order = await grid.order()
    notice = await notify(grid, package(item("11", 2)), carrier="UPS")
    clock.forward(minutes=2)
    path = f"/shipment-notices/{notice['id']}"
    right = package(item("11", 2), item("12", 4), tracking_number="1Z998")
    await grid.control("POST", path, {"packages": [right]}, 200)
    now = await grid.get(path)
    assert (now["version"], now["carrier"]) == (2, "UPS")
    assert now["update_time"] == "2026-11-23T12:02:00Z"
    assert [one["tracking_number"] for one in now["packages"]] == ["1Z998"]
    events = await grid.events()
    assert [one["type"] for one in events] == ["shipment_notice.received"] * 2
    assert [(one["data"]["id"], one["data"]["version"]) for one in events] == [
        (notice["id"], 1),
        (notice["id"], 2),
    ]
    assert await status(grid, order["id"]) == "shipped"
    await grid.control("POST", path, {"packages": None}, 422)
    await grid.control("POST", path, {"packages": []}, 422)
    assert (await grid.get(path))["version"] == 2


async def test_a_correction_may_move_the_shipment_to_another_order(grid: "Grid") -> None:
    first = await grid.order()
    second = await grid.order(po_number="X-2", external_reference=None)
    notice = await notify(grid, package(item("11", 2)))
    body = {"po_numbers": ["X-2"], "packages": [package(item("11", 2, po_number="X-2"))]}
    await grid.control("POST", f"/shipment-notices/{notice['id']}", body)
    assert await listed(grid, "/shipment-notices", filter=f"po_numbers eq '{PO}'") == []
    assert await status(grid, second["id"]) == "partially_shipped"
    assert await status(grid, first["id"]) == "sent"


async def test_a_notice_may_name_what_nobody_ordered(grid: "Grid") -> None:
    order = await grid.order()
    stranger = await notify(
        grid, package(item("99", 7, po_number="NOBODYS")), partner_id="acme", po_numbers=["ELSE"]
    )
    assert stranger["po_numbers"] == ["ELSE", "NOBODYS"]
    body = {"packages": [package(item("1", 1, po_number="NOBODYS"))]}
    refused = await grid.control("POST", "/shipment-notices", body, 422)
    assert refused["details"][0]["field"] == "partner_id"
    await grid.control("POST", "/shipment-notices", {"packages": []}, 422)
    await notify(grid, package(item("11", 500)))
    assert await status(grid, order["id"]) == "partially_shipped"


async def test_another_partners_notice_ships_nothing_of_the_order(grid: "Grid") -> None:
    order = await grid.order()
    await grid.control("POST", "/partners", {"id": "rival"}, 201)
    await notify(grid, package(item("11", 2)), partner_id="rival")
    assert await status(grid, order["id"]) == "sent"
    (event,) = (one for one in await grid.events() if one["type"] == "shipment_notice.received")
    assert (event["data"]["partner_id"], event["data"]["external_reference"]) == ("rival", None)
    accepted = {"lines": [{"line_id": "11", "ack_code": "IA", "quantity": 2}]}
    await grid.control("POST", f"/purchase-orders/{PO}/responses", accepted)
    assert await status(grid, order["id"]) == "acknowledged"


async def bill(grid: "Grid", **body: Any) -> Any:
    lines = [{"line_id": "11", "sku": "LAMP", "quantity": 2, "unit_price": "10.05"}]
    body = {"po_number": PO, "lines": lines, **body}
    return await grid.control("POST", "/invoices", body, 201)


async def test_an_invoice_is_added_up_read_and_told_of_thinly(grid: "Grid") -> None:
    await grid.order()
    made = await bill(grid, charges="4.90", invoice_number="I-1")
    answer = await grid.call("GET", f"/invoices/{made['id']}")
    assert (answer.json(), answer.headers["etag"]) == (made, '"1"')
    assert (made["invoice_number"], made["po_number"], made["currency"]) == ("I-1", PO, "EUR")
    assert (made["charges"], made["total"], made["document_id"]) == ("4.90", "25.00", None)
    assert made["lines"] == [{"line_id": "11", "sku": "LAMP", "quantity": 2, "unit_price": "10.05"}]
    (event,) = await grid.events()
    assert event["type"] == "invoice.received"
    assert event["data"] == {
        "id": made["id"],
        "resource": "invoice",
        "href": f"/tradinggrid/v1/invoices/{made['id']}",
        "version": 1,
        "external_reference": REFERENCE,
        "partner_id": "acme",
    }
    assert await listed(grid, "/invoices", filter=f"po_number eq '{PO}'") == [made["id"]]
    assert await listed(grid, "/invoices", filter="invoice_number eq 'I-2'") == []


async def test_a_wrong_total_is_kept_as_the_partner_wrote_it(grid: "Grid") -> None:
    await grid.order()
    assert (await bill(grid, total="99.99"))["total"] == "99.99"


async def test_an_invoice_for_an_unknown_order_needs_partner_and_currency(grid: "Grid") -> None:
    lines = [{"quantity": 1, "unit_price": "1.00"}]
    body: dict[str, Any] = {"po_number": "NOBODYS", "lines": lines}
    assert (await grid.control("POST", "/invoices", body, 422))["details"][0]["field"] == (
        "partner_id"
    )
    body["partner_id"] = "acme"
    assert (await grid.control("POST", "/invoices", body, 422))["details"][0]["field"] == "currency"
    made = await grid.control("POST", "/invoices", {**body, "currency": "EUR"}, 201)
    assert made["total"] == "1.00"


async def publish(grid: "Grid", *po_numbers: str, **more: Any) -> Any:
    body = {
        "document_type": "packing_list",
        "file_name": "list.pdf",
        "content_base64": base64.b64encode(b"%PDF-1.7").decode(),
        "business_references": [{"type": "purchase_order", "value": one} for one in po_numbers],
        **more,
    }
    return await grid.control("POST", "/documents", body, 201)


async def test_a_document_names_its_order_and_belongs_to_the_orders_partner(grid: "Grid") -> None:
    await grid.order()
    made = await publish(grid, PO)
    assert (made["partner_id"], made["case_id"]) == ("acme", None)
    assert made["business_references"] == [{"type": "purchase_order", "value": PO}]
    assert await grid.get(f"/documents/{made['id']}") == made
    (event,) = await grid.events()
    assert event["type"] == "document.published"
    assert event["data"] == {
        "id": made["id"],
        "resource": "document",
        "href": f"/tradinggrid/v1/documents/{made['id']}",
        "version": 1,
        "external_reference": REFERENCE,
        "partner_id": "acme",
    }
    other = await publish(grid, "X-2", PO, partner_id="acme")
    assert (await grid.events())[-1]["data"]["external_reference"] is None
    by_number = f"business_references.value eq '{PO}'"
    assert await listed(grid, "/documents", filter=by_number) == [made["id"], other["id"]]
    by_both = by_number + " and business_references.value eq 'X-2'"
    assert await listed(grid, "/documents", filter=by_both) == [other["id"]]


async def test_papers_hang_on_notice_and_invoice(grid: "Grid") -> None:
    await grid.order()
    paper = await publish(grid, PO)
    notice = await notify(grid, package(item("11", 1)), document_ids=[paper["id"]])
    (link,) = notice["_links"]["documents"]
    assert link["href"] == paper["_links"]["self"]["href"]
    invoice = await bill(grid, document_id=paper["id"])
    assert invoice["_links"]["document"]["href"] == paper["_links"]["self"]["href"]
    unknown = {"packages": [package(item("11", 1))], "document_ids": ["nothing"]}
    await grid.control("POST", "/shipment-notices", unknown, 422)
    lines = [{"quantity": 1, "unit_price": "1.00"}]
    body = {"po_number": PO, "lines": lines, "document_id": "nothing"}
    await grid.control("POST", "/invoices", body, 422)


async def test_the_company_reads_them_but_does_not_make_them(grid: "Grid") -> None:
    for path in ("/shipment-notices", "/invoices"):
        assert (await grid.call("POST", path, json={})).status_code == 405
        assert (await grid.call("GET", f"{path}/nothing")).status_code == 404


async def test_the_feed_has_every_new_type_in_order(grid: "Grid") -> None:
    order = await grid.order()
    body = {"change_number": "1", "purpose": "cancel", "lines": [{"line_id": "12"}]}
    await grid.post(f"/purchase-orders/{order['id']}/changes", body)
    accepted = {"lines": [{"line_id": "11", "ack_code": "IA", "quantity": 2}]}
    await grid.control("POST", f"/purchase-orders/{PO}/responses", accepted)
    await grid.control("POST", f"/purchase-orders/{PO}/changes/1/acknowledge")
    await notify(grid, package(item("11", 2)))
    await bill(grid)
    await publish(grid, PO)
    wanted = [
        "purchase_order.response_received",
        "purchase_order.change_acknowledged",
        "shipment_notice.received",
        "invoice.received",
        "document.published",
    ]
    page = await grid.get("/events", **{"position": 0, "items-per-page": 3})
    assert [event["type"] for event in page["events"]] == wanted[:3]
    rest = await grid.get("/events", position=page["position"])
    assert [event["type"] for event in rest["events"]] == wanted[3:]


async def test_a_notice_or_partner_that_is_not_there_is_404(grid: "Grid") -> None:
    await grid.control("POST", "/shipment-notices/nothing", {}, 404)
    body = {"packages": [package(item("11", 1))], "partner_id": "nobody"}
    await grid.control("POST", "/shipment-notices", body, 404)
    await grid.control("POST", "/shipment-notices", {**body, "tenant": "nowhere"}, 404)


async def test_each_tenant_has_its_own(grid: "Grid") -> None:
    await grid.order()
    notice = await notify(grid, package(item("11", 2)))
    invoice = await bill(grid)
    await grid.control("POST", "/tenants", {"id": "other", "clients": {"c": "s"}}, 201)
    await grid.control("POST", "/partners", {"id": "acme", "tenant": "other"}, 201)
    other = await grid.login("other", "c", "s")
    for path in (f"/shipment-notices/{notice['id']}", f"/invoices/{invoice['id']}"):
        assert (await other.call("GET", path)).status_code == 404
    await other.order()
    theirs = await notify(grid, package(item("11", 2)), tenant="other")
    assert await listed(other, "/shipment-notices") == [theirs["id"]]
    assert await listed(grid, "/shipment-notices") == [notice["id"]]
