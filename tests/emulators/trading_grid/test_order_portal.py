"""Purchase orders in the portal: answered, shipped and billed by a clerk."""

import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.emulators.trading_grid.pages import HOSTILE, Page, follow, parsed, post_form

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid

PO = "DEMO-1001-ACME-1"
SHIP_TO = {"address1": "Dock 4", "city": "Bergen", "postal_code": "5003", "country_code": "NO"}


def address(order: Any, *parts: str) -> str:
    return "/".join((f"/portal/acme/purchase-orders/{order['id']}", *parts))


def wrong_fields(page: Page) -> list[str]:
    return [key for key, one in page.controls.items() if one.get("aria-invalid")]


async def listed(grid: "Grid", path: str) -> Any:
    return (await grid.get(path))["_embedded"]["collection"]


async def responses(grid: "Grid", order: Any) -> Any:
    return await listed(grid, f"/purchase-orders/{order['id']}/responses")


async def ask_change(grid: "Grid", order: Any, **body: Any) -> None:
    change = {"change_number": "1", "purpose": "cancel", **body}
    await grid.post(f"/purchase-orders/{order['id']}/changes", change)


async def respond(grid: "Grid", *codes: tuple[str, str]) -> None:
    lines = [{"line_id": line_id, "ack_code": code} for line_id, code in codes]
    await grid.control("POST", f"/purchase-orders/{PO}/responses", {"lines": lines})


async def groups(grid: "Grid") -> dict[str, list[str]]:
    """The numbers in each section of the list."""
    text = (await grid.http.get("/portal/acme/purchase-orders")).text
    sections = re.findall(r'<section aria-labelledby="group-(\w+)">(.*?)</section>', text, re.S)
    return {name: re.findall(r"<h3><a [^>]*>(.*?)</a>", part) for name, part in sections}


async def test_the_list_begins_with_what_awaits_an_answer(grid: "Grid") -> None:
    first = await grid.order()
    await grid.order(po_number="X-2", external_reference=None)
    parsed(await grid.http.get("/portal/acme/purchase-orders"))
    assert await groups(grid) == {"waiting": [PO, "X-2"], "open": [], "ended": []}
    assert "2 waiting" in (await grid.http.get("/portal")).text
    await respond(grid, ("11", "IA"))
    assert (await groups(grid))["waiting"] == [PO, "X-2"]
    await respond(grid, ("12", "IB"))
    assert await groups(grid) == {"waiting": ["X-2"], "open": [PO], "ended": []}
    await ask_change(grid, first)
    answer = await grid.http.get("/portal/acme/purchase-orders")
    parsed(answer)
    assert "1 change to acknowledge" in answer.text
    assert await groups(grid) == {"waiting": [PO, "X-2"], "open": [], "ended": []}
    await grid.control("POST", f"/purchase-orders/{PO}/changes/1/acknowledge")
    assert await groups(grid) == {"waiting": ["X-2"], "open": [], "ended": [PO]}


async def test_inbox_and_list_lead_to_one_another_with_what_waits(grid: "Grid") -> None:
    await grid.case()
    await grid.order()
    await grid.campaign()
    for room in ("", "/purchase-orders", "/inventory", "/campaigns"):
        path = f"/portal/acme{room}"
        answer = await grid.http.get(path)
        parsed(answer)
        rooms = re.findall(r'<nav class="rooms".*?</nav>', answer.text, re.S)[0]
        assert re.findall(r'href="([^"]+)"', rooms) == [
            "/portal/acme",
            "/portal/acme/purchase-orders",
            "/portal/acme/inventory",
            "/portal/acme/campaigns",
        ]
        shown = " ".join(re.sub(r"<[^>]+>", "", rooms).split())
        assert shown == "Cases 1 waiting Purchase orders 1 waiting Inventory Campaigns 1 waiting"
        assert re.findall(r'href="([^"]+)" aria-current="page"', rooms) == [path]
    text = (await grid.http.get("/portal")).text
    assert "3 waiting" in text
    assert "3 open" in text


async def test_an_order_shows_lines_address_and_labelled_forms(grid: "Grid") -> None:
    order = await grid.order(ship_to=SHIP_TO, requested_ship_date="2026-12-01")
    answer = await grid.http.get(address(order))
    page = parsed(answer)
    for shown in (PO, "LAMP", "10.00 EUR each", "Dock 4\n5003 Bergen\nNO", "1 Dec 2026"):
        assert shown in answer.text
    assert {form.rsplit("/", 1)[1] for form in page.forms} == {
        "responses",
        "invoices",
        "documents",
    }


RESPONSE = {
    "line-0-ack_code": "DR",
    "line-0-quantity": "2",
    "line-0-scheduled_ship_date": "2026-12-01",
    "line-0-scheduled_delivery_date": "2026-12-04",
    "line-0-unit_price": "10,5",
    "line-0-note": "From Oslo",
    "line-1-ack_code": "IS",
    "line-1-quantity": "",
    "line-1-substitute_sku": "STOOL",
}


async def test_lines_are_answered_one_by_one(grid: "Grid") -> None:
    order = await grid.order()
    text = await follow(grid, await post_form(grid, address(order, "responses"), RESPONSE))
    for shown in ("Your answer was sent.", "Accepted, date rescheduled", "STOOL instead"):
        assert shown in text
    (response,) = await responses(grid, order)
    assert response["lines"] == [
        {
            "line_id": "11",
            "ack_code": "DR",
            "quantity": 2,
            "scheduled_ship_date": "2026-12-01",
            "scheduled_delivery_date": "2026-12-04",
            "unit_price": "10.5",
            "substitute_sku": None,
            "note": "From Oslo",
        },
        {
            "line_id": "12",
            "ack_code": "IS",
            "quantity": 4,
            "scheduled_ship_date": None,
            "scheduled_delivery_date": None,
            "unit_price": None,
            "substitute_sku": "STOOL",
            "note": None,
        },
    ]
    assert await grid.event_types() == ["purchase_order.response_received"]


async def test_a_line_without_a_code_stays_as_it_was(grid: "Grid") -> None:
    order = await grid.order()
    fields = {**RESPONSE, "line-1-ack_code": ""}
    await follow(grid, await post_form(grid, address(order, "responses"), fields))
    (response,) = await responses(grid, order)
    assert [line["line_id"] for line in response["lines"]] == ["11"]
    nothing = {"line-0-ack_code": "", "line-1-ack_code": ""}
    refused = await post_form(grid, address(order, "responses"), nothing)
    parsed(refused, 422)
    assert "Answer at least one line." in refused.text


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ack_code": "ZZ"}, "ack_code"),
        ({"quantity": "3"}, "quantity"),
        ({"quantity": "one"}, "quantity"),
        ({"ack_code": "BP", "quantity": "2"}, "quantity"),
        ({"ack_code": "BP", "quantity": ""}, "quantity"),
        ({"ack_code": "IQ", "quantity": ""}, "quantity"),
        ({"scheduled_ship_date": ""}, "scheduled_ship_date"),
        ({"scheduled_ship_date": "2026-11-22"}, "scheduled_ship_date"),
        ({"scheduled_delivery_date": "2026-11-30"}, "scheduled_delivery_date"),
        ({"unit_price": "cheap"}, "unit_price"),
        ({"ack_code": "IP", "unit_price": ""}, "unit_price"),
        ({"ack_code": "IS"}, "substitute_sku"),
        ({"note": "x" * 501}, "note"),
    ],
)
async def test_a_wrong_answer_is_told_by_its_field_and_keeps_what_was_typed(
    grid: "Grid", change: dict[str, str], field: str
) -> None:
    order = await grid.order()
    fields = {**RESPONSE, **{f"line-0-{name}": value for name, value in change.items()}}
    answer = await post_form(grid, address(order, "responses"), fields)
    assert wrong_fields(parsed(answer, 422)) == [f"response-line-0-{field}"]
    assert "LAMP: " in answer.text
    assert 'value="STOOL"' in answer.text
    assert await responses(grid, order) == []


async def test_a_cancelled_order_takes_no_answer(grid: "Grid") -> None:
    order = await grid.order()
    await ask_change(grid, order)
    await grid.control("POST", f"/purchase-orders/{PO}/changes/1/acknowledge")
    page = parsed(await grid.http.get(address(order)))
    assert {form.rsplit("/", 1)[1] for form in page.forms} == {"documents"}
    stale = await post_form(grid, address(order, "responses"), RESPONSE)
    parsed(stale, 422)
    answered = {"line-0-ack_code": "IA", "line-0-quantity": "0"}
    parsed(await post_form(grid, address(order, "responses"), answered), 409)
    assert await responses(grid, order) == []


async def test_a_change_is_acknowledged_from_its_card(grid: "Grid") -> None:
    order = await grid.order()
    await ask_change(grid, order, purpose="change", lines=[{"line_id": "11", "quantity": 1}])
    text = (await grid.http.get(address(order))).text
    assert "<strong>LAMP</strong> · 1 pieces" in text
    done = await post_form(grid, address(order, "changes", "1"), {"status": "acknowledged"})
    assert "The change was acknowledged." in await follow(grid, done)
    assert (await grid.get(f"/purchase-orders/{order['id']}"))["lines"][0]["quantity"] == 1
    again = await post_form(grid, address(order, "changes", "1"), {"status": "acknowledged"})
    parsed(again, 409)
    assert await grid.event_types() == ["purchase_order.change_acknowledged"]


async def test_a_refusal_of_a_change_needs_words(grid: "Grid") -> None:
    order = await grid.order()
    await ask_change(grid, order)
    silent = await post_form(grid, address(order, "changes", "1"), {"status": "refused"})
    assert wrong_fields(parsed(silent, 422)) == ["change-1-note"]
    fields = {"status": "refused", "note": "Packed"}
    text = await follow(grid, await post_form(grid, address(order, "changes", "1"), fields))
    assert "Packed" in text
    change = await grid.get(f"/purchase-orders/{order['id']}/changes/1")
    assert (change["status"], change["note"]) == ("refused", "Packed")
    parsed(await post_form(grid, address(order, "changes", "9"), fields), 404)


SHIPMENT = {
    "carrier": "UPS",
    "scac": "UPSN",
    "ship_date": "2026-11-23",
    "estimated_delivery_date": "2026-11-26",
    "package-0-tracking_number": "1Z999",
    "package-0-sscc": "003456789012345675",
    "package-0-order-0-line-0": "2",
    "package-0-order-0-line-1": "4",
}


async def ship(grid: "Grid", order: Any, **change: str) -> httpx.Response:
    return await post_form(grid, address(order, "shipment"), {**SHIPMENT, **change})


async def test_a_shipment_is_told_of(grid: "Grid") -> None:
    order = await grid.order()
    page = parsed(await grid.http.get(address(order, "shipment")))
    assert page.controls["ship-package-0-order-0-line-1"]["value"] == "4"
    assert page.controls["ship-ship_date"]["value"] == "2026-11-23"
    text = await follow(grid, await ship(grid, order))
    for shown in ("The shipment notice was sent.", "1Z999", "Shipped"):
        assert shown in text
    (notice,) = await listed(grid, "/shipment-notices")
    assert (notice["carrier"], notice["scac"], notice["po_numbers"]) == ("UPS", "UPSN", [PO])
    assert (notice["ship_date"], notice["estimated_delivery_date"]) == ("2026-11-23", "2026-11-26")
    assert notice["packages"] == [
        {
            "sscc": "003456789012345675",
            "tracking_number": "1Z999",
            "items": [
                {"po_number": PO, "line_id": "11", "sku": "LAMP", "quantity": 2},
                {"po_number": PO, "line_id": "12", "sku": "CHAIR", "quantity": 4},
            ],
        }
    ]
    assert await grid.event_types() == ["shipment_notice.received"]


async def test_two_packages_hold_two_orders(grid: "Grid") -> None:
    order = await grid.order()
    await grid.order(po_number="X-2", external_reference=None)
    await grid.order(
        po_number="X-3",
        external_reference=None,
        lines=[{"line_id": "1", "sku": "GONE", "quantity": 1}],
    )
    path = "/purchase-orders/X-3/responses"
    await grid.control("POST", path, {"lines": [{"line_id": "1", "ack_code": "IR"}]})
    more = await ship(grid, order, step="more", packages="1")
    page = parsed(more)
    assert page.controls["ship-carrier"]["value"] == "UPS"
    assert page.controls["ship-package-1-order-1-line-0"]["value"] == ""
    assert "X-3" not in more.text
    assert await listed(grid, "/shipment-notices") == []
    second = {
        "packages": "2",
        "package-1-tracking_number": "1Z998",
        "package-1-order-1-line-0": "1",
    }
    await follow(grid, await ship(grid, order, **second))
    (notice,) = await listed(grid, "/shipment-notices")
    assert notice["po_numbers"] == [PO, "X-2"]
    assert [one["tracking_number"] for one in notice["packages"]] == ["1Z999", "1Z998"]
    assert notice["packages"][1]["items"] == [
        {"po_number": "X-2", "line_id": "11", "sku": "LAMP", "quantity": 1}
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"carrier": ""}, "carrier"),
        ({"scac": "ups"}, "scac"),
        ({"ship_date": ""}, "ship_date"),
        ({"ship_date": "today"}, "ship_date"),
        ({"estimated_delivery_date": "2026-11-22"}, "estimated_delivery_date"),
        ({"package-0-sscc": "123"}, "package-0-sscc"),
        ({"package-0-order-0-line-0": "-1"}, "package-0-order-0-line-0"),
    ],
)
async def test_a_wrong_shipment_is_told_by_its_field(
    grid: "Grid", change: dict[str, str], field: str
) -> None:
    order = await grid.order()
    answer = await ship(grid, order, **change)
    assert wrong_fields(parsed(answer, 422)) == [f"ship-{field}"]
    assert await listed(grid, "/shipment-notices") == []


@pytest.mark.parametrize("packages", ["0", "-1", "many", "9" * 5000, ""])
async def test_an_odd_number_of_packages_is_put_right(grid: "Grid", packages: str) -> None:
    order = await grid.order()
    page = parsed(await ship(grid, order, carrier="", packages=packages), 422)
    shown = sum(key.endswith("-sscc") for key in page.controls)
    assert shown == (20 if packages.startswith("9") else 1)


async def test_an_empty_shipment_asks_for_pieces(grid: "Grid") -> None:
    order = await grid.order()
    none = {"package-0-order-0-line-0": "", "package-0-order-0-line-1": "0"}
    answer = await ship(grid, order, **none)
    parsed(answer, 422)
    assert "Enter how many pieces are in a package." in answer.text


async def test_a_tracking_number_is_corrected(grid: "Grid") -> None:
    order = await grid.order()
    await follow(grid, await ship(grid, order))
    (notice,) = await listed(grid, "/shipment-notices")
    path = address(order, "shipments", notice["id"])
    empty = await post_form(grid, path, {"package-0": " "})
    assert wrong_fields(parsed(empty, 422)) == [f"notice-{notice['id']}-package-0"]
    text = await follow(grid, await post_form(grid, path, {"package-0": "1Z777"}))
    assert "The tracking number was corrected." in text
    now = await grid.get(f"/shipment-notices/{notice['id']}")
    assert (now["version"], now["packages"][0]["tracking_number"]) == (2, "1Z777")
    assert now["packages"][0]["items"] == notice["packages"][0]["items"]
    assert await grid.event_types() == ["shipment_notice.received"] * 2
    parsed(await post_form(grid, address(order, "shipments", "nothing"), {"package-0": "1"}), 404)


INVOICE = {
    "invoice_number": "I-7",
    "currency": "EUR",
    "line-0-quantity": "2",
    "line-0-unit_price": "10.05",
    "line-1-quantity": "",
    "line-1-unit_price": "10.00",
    "charges": "4,90",
    "total": "",
}


async def bill(
    grid: "Grid", order: Any, content: bytes | None = None, **change: str
) -> httpx.Response:
    file = ("", b"") if content is None else ("invoice.pdf", content)
    return await grid.http.post(
        address(order, "invoices"),
        data={**INVOICE, **change},
        files={"file": (*file, "application/pdf")},
    )


async def test_an_invoice_is_sent_with_its_paper(grid: "Grid") -> None:
    order = await grid.order()
    text = await follow(grid, await bill(grid, order, b"%PDF-1.7"))
    for shown in ("Your invoice was sent.", "25.00 EUR", "invoice.pdf"):
        assert shown in text
    (invoice,) = await listed(grid, "/invoices")
    (document,) = await listed(grid, "/documents")
    assert (invoice["invoice_number"], invoice["po_number"]) == ("I-7", PO)
    assert (invoice["charges"], invoice["total"]) == ("4.90", "25.00")
    assert [(line["line_id"], line["quantity"]) for line in invoice["lines"]] == [("11", 2)]
    assert invoice["document_id"] == document["id"]
    assert (document["document_type"], document["business_references"]) == (
        "invoice",
        [{"type": "purchase_order", "value": PO}],
    )
    assert await grid.event_types() == ["document.published", "invoice.received"]


async def test_an_invoice_needs_no_paper_and_may_be_wrong(grid: "Grid") -> None:
    order = await grid.order()
    await follow(grid, await bill(grid, order, total="99.00", charges=""))
    (invoice,) = await listed(grid, "/invoices")
    assert (invoice["total"], invoice["charges"], invoice["document_id"]) == ("99.00", "0.00", None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"invoice_number": ""}, "invoice_number"),
        ({"currency": ""}, "currency"),
        ({"currency": "Euro"}, "currency"),
        ({"line-0-quantity": "x"}, "line-0-quantity"),
        ({"line-0-unit_price": ""}, "line-0-unit_price"),
        ({"charges": "some"}, "charges"),
        ({"total": "1.234"}, "total"),
    ],
)
async def test_a_wrong_invoice_is_told_by_its_field_and_publishes_nothing(
    grid: "Grid", change: dict[str, str], field: str
) -> None:
    order = await grid.order()
    answer = await bill(grid, order, b"%PDF-1.7", **change)
    assert wrong_fields(parsed(answer, 422)) == [f"invoice-{field}"]
    assert await grid.event_types() == []


async def test_an_invoice_without_lines_or_with_a_bad_file_is_refused(grid: "Grid") -> None:
    order = await grid.order()
    nothing = {"line-0-quantity": ""}
    none = await bill(grid, order, None, **nothing)
    parsed(none, 422)
    assert "Bill at least one line." in none.text
    assert wrong_fields(parsed(await bill(grid, order, b""), 422)) == ["invoice-file"]
    for count in (4097, 80_000):
        too_large = await bill(grid, order, b"x" * count)
        assert wrong_fields(parsed(too_large, 413)) == ["invoice-file"]
    assert await grid.event_types() == []


async def test_a_document_is_published_for_the_order(grid: "Grid") -> None:
    order = await grid.order()
    sent = await grid.http.post(
        address(order, "documents"),
        data={"document_type": "certificate"},
        files={"file": ("c.pdf", b"%PDF-1.7", "application/pdf")},
    )
    text = await follow(grid, sent)
    assert "Certificate" in text
    (document,) = await listed(grid, "/documents")
    assert document["document_type"] == "certificate"
    assert document["business_references"] == [{"type": "purchase_order", "value": PO}]
    link = re.findall(r'href="(/portal/acme/documents/[^"]+)"', text)[0]
    assert (await grid.http.get(link)).content == b"%PDF-1.7"
    without = await grid.http.post(
        address(order, "documents"),
        data={"document_type": ""},
        files={"file": ("", b"", "application/pdf")},
    )
    assert wrong_fields(parsed(without, 422)) == ["document-file", "document-document_type"]


async def test_a_partner_sees_only_its_own_orders(grid: "Grid") -> None:
    await grid.control("POST", "/partners", {"id": "rival"}, 201)
    order = await grid.order(ship_to=SHIP_TO)
    await follow(grid, await ship(grid, order))
    (notice,) = await listed(grid, "/shipment-notices")
    base = f"/portal/rival/purchase-orders/{order['id']}"
    for path in (base, f"{base}/shipment"):
        parsed(await grid.http.get(path), 404)
    for path in ("responses", "changes/1", "shipment", f"shipments/{notice['id']}"):
        parsed(await post_form(grid, f"{base}/{path}", RESPONSE), 404)
    text = (await grid.http.get("/portal/rival/purchase-orders")).text
    assert PO not in text
    other = await grid.order(po_number="X-2", partner_id="rival", external_reference=None)
    assert "X-2" not in (await grid.http.get(address(order, "shipment"))).text
    path = f"/portal/rival/purchase-orders/{other['id']}/shipments/{notice['id']}"
    parsed(await post_form(grid, path, {"package-0": "1"}), 404)


async def test_hostile_text_is_shown_as_text_everywhere(grid: "Grid") -> None:
    await grid.control("POST", "/partners", {"id": "acme", "name": HOSTILE}, 200)
    place = {"name": HOSTILE, "address1": HOSTILE, "city": HOSTILE, "country_code": "NO"}
    line = {"line_id": HOSTILE, "sku": HOSTILE, "quantity": 2}
    order = await grid.order(ship_to=place, lines=[line])
    await ask_change(
        grid,
        order,
        purpose="change",
        lines=[{"line_id": HOSTILE, "sku": HOSTILE + "2"}, {**line, "line_id": "new"}],
    )
    said = {
        "line_id": HOSTILE,
        "ack_code": "<b>",
        "scheduled_ship_date": HOSTILE,
        "scheduled_delivery_date": HOSTILE,
        "substitute_sku": HOSTILE,
        "note": HOSTILE,
    }
    await grid.control("POST", f"/purchase-orders/{PO}/responses", {"lines": [said]})
    item = {"po_number": PO, "line_id": HOSTILE, "sku": HOSTILE, "quantity": 1}
    other = {**item, "po_number": HOSTILE, "sku": None}
    package = {"sscc": HOSTILE, "tracking_number": HOSTILE, "items": [item, other]}
    notice = {
        "partner_id": "acme",
        "shipment_number": HOSTILE,
        "carrier": HOSTILE,
        "scac": "<b>\"'&",
        "ship_date": HOSTILE,
        "estimated_delivery_date": HOSTILE,
        "packages": [package],
    }
    await grid.control("POST", "/shipment-notices", notice, 201)
    billed = [{"quantity": 1, "unit_price": "1.00"}]
    invoice = {"po_number": PO, "invoice_number": HOSTILE, "currency": "EUR", "lines": billed}
    await grid.control("POST", "/invoices", invoice, 201)
    for path in ("/portal/acme/purchase-orders", address(order), address(order, "shipment")):
        answer = await grid.http.get(path)
        parsed(answer)
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert "<b>" not in answer.text
        assert "&lt;script&gt;" in answer.text
    await grid.control("POST", f"/purchase-orders/{PO}/changes/1/acknowledge", {"note": HOSTILE})
    settled = await grid.http.get(address(order))
    parsed(settled)
    assert "<script" not in settled.text
