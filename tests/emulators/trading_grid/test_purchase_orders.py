import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, SetClock

PO = "DEMO-1001-ACME-1"
REFERENCE = {"system": "gridcase", "id": "purchase-order:1:acme"}
SHIP_TO = {"address1": "Somewhere 5", "city": "Bergen", "country_code": "NO"}


async def respond(grid: "Grid", order_id: str, *lines: dict[str, Any], **more: Any) -> Any:
    path = f"/purchase-orders/{order_id}/responses"
    return await grid.control("POST", path, {"lines": list(lines), **more}, 201)


async def change(grid: "Grid", order_id: str, status: int = 201, **body: Any) -> Any:
    body = {"change_number": "1", "purpose": "change", **body}
    return await grid.post(f"/purchase-orders/{order_id}/changes", body, status)


async def acknowledge(grid: "Grid", order_id: str, number: str = "1", **body: Any) -> Any:
    path = f"/purchase-orders/{order_id}/changes/{number}/acknowledge"
    return await grid.control("POST", path, body)


async def read(grid: "Grid", order_id: str) -> Any:
    return await grid.get(f"/purchase-orders/{order_id}")


async def listed(grid: "Grid", path: str, **params: Any) -> Any:
    return (await grid.get(path, **params))["_embedded"]["collection"]


def quantities(order: Any) -> dict[str, int]:
    return {line["line_id"]: line["quantity"] for line in order["lines"]}


async def test_an_order_is_kept_as_it_was_sent_and_has_hal_and_an_etag(grid: "Grid") -> None:
    made = await grid.order(ship_to=SHIP_TO, requested_ship_date="2026-11-25")
    answer = await grid.call("GET", f"/purchase-orders/{made['id']}")
    assert answer.headers["etag"] == '"1"'
    order = answer.json()
    assert order == made
    assert (order["po_number"], order["status"], order["version"]) == (PO, "sent", 1)
    assert order["requested_ship_date"] == "2026-11-25"
    assert order["ship_to"] | SHIP_TO == order["ship_to"]
    assert order["lines"][0] == {
        "line_id": "11",
        "sku": "LAMP",
        "quantity": 2,
        "unit_price": "10.00",
        "currency": "EUR",
    }
    assert order["create_time"] == "2026-11-23T12:00:00Z"
    own = f"http://grid.test/tradinggrid/v1/purchase-orders/{order['id']}"
    assert {name: link["href"] for name, link in order["_links"].items()} == {
        "self": own,
        "changes": f"{own}/changes",
        "responses": f"{own}/responses",
    }
    assert await grid.event_types() == []


@pytest.mark.parametrize(
    ("again", "code"),
    [
        ({"po_number": "DEMO-1001-ACME-2"}, "duplicate_external_reference"),
        ({"external_reference": None}, "duplicate_po_number"),
        ({"external_reference": {"system": "gridcase", "id": "other"}}, "duplicate_po_number"),
    ],
)
async def test_reference_and_number_are_unique_and_lead_to_the_existing(
    grid: "Grid", again: dict[str, Any], code: str
) -> None:
    order = await grid.order()
    body = {
        "po_number": PO,
        "order_type": "drop_ship",
        "partner_id": "acme",
        "lines": [{"line_id": "1", "sku": "LAMP", "quantity": 1}],
        "external_reference": REFERENCE,
        **again,
    }
    taken = await grid.post("/purchase-orders", body, 409)
    assert taken["errorCode"] == code
    assert taken["_links"]["existing"]["href"] == order["_links"]["self"]["href"]
    assert len(await listed(grid, "/purchase-orders")) == 1
    free = {"external_reference": {"system": "gridcase", "id": "other"}, "po_number": "X-2"}
    await grid.post("/purchase-orders", {**body, **free})


async def test_an_order_under_a_key_is_made_once(grid: "Grid") -> None:
    body = {
        "po_number": "X-1",
        "order_type": "replenishment",
        "partner_id": "acme",
        "lines": [{"line_id": "1", "sku": "LAMP", "quantity": 1}],
    }
    first = await grid.post("/purchase-orders", body, key="po")
    assert await grid.post("/purchase-orders", body, key="po") == first


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"po_number": "A" * 23}, "po_number"),
        ({"po_number": "demo-1"}, "po_number"),
        ({"po_number": "DEMO_1"}, "po_number"),
        ({"po_number": ""}, "po_number"),
        ({"order_type": "wish"}, "order_type"),
        ({"partner_id": "nobody"}, "partner_id"),
        ({"requested_ship_date": "soon"}, "requested_ship_date"),
        ({"lines": []}, "lines"),
        ({"lines": [{"line_id": "1", "sku": "A", "quantity": 0}]}, "lines.0.quantity"),
        (
            {"lines": [{"line_id": "1", "sku": "A", "quantity": 1, "unit_price": 5}]},
            "lines.0.unit_price",
        ),
        (
            {"lines": [{"line_id": "1", "sku": "A", "quantity": 1}] * 2},
            "lines.1.line_id",
        ),
        ({"ship_to": {**SHIP_TO, "country_code": "Norway"}}, "ship_to.country_code"),
    ],
)
async def test_a_bad_field_is_422_and_named(
    grid: "Grid", wrong: dict[str, Any], field: str
) -> None:
    body = {
        "po_number": "A" * 22,
        "order_type": "drop_ship",
        "partner_id": "acme",
        "lines": [{"line_id": "1", "sku": "LAMP", "quantity": 1}],
    }
    refused = await grid.post("/purchase-orders", {**body, **wrong}, 422)
    assert field in [detail["field"] for detail in refused["details"]]
    await grid.post("/purchase-orders", body)


async def test_the_address_is_nowhere_but_in_the_order(grid: "Grid") -> None:
    order = await grid.order(ship_to=SHIP_TO)
    await grid.post("/purchase-orders", {"ship_to": SHIP_TO}, 422)
    await grid.post("/purchase-orders", {"x": [{"ship_to": {"city": "Bergen"}}]}, 422)
    for path in ("/calls", "/state", "/deliveries"):
        text = json.dumps(await grid.control("GET", path))
        assert "Bergen" not in text
        assert "Somewhere" not in text
    call = (await grid.control("GET", "/calls"))["calls"][0]
    assert (call["body"]["ship_to"], call["body"]["po_number"]) == ("[redacted]", PO)
    (tenant,) = (await grid.control("GET", "/state"))["tenants"]
    assert tenant["purchase_orders"][0]["ship_to"] == "[redacted]"
    assert (await read(grid, order["id"]))["ship_to"]["city"] == "Bergen"


async def test_orders_are_filtered_and_paged(grid: "Grid") -> None:
    for number in ("A-1", "A-2", "A-3"):
        await grid.order(po_number=number, external_reference=None)
    found = await listed(grid, "/purchase-orders", filter="po_number eq 'A-2'")
    assert [one["po_number"] for one in found] == ["A-2"]
    page = await grid.get(
        "/purchase-orders", **{"items-per-page": 2, "include-total": "true", "sortby": "po_number"}
    )
    assert (page["total"], "next" in page["_links"]) == (3, True)
    assert await listed(grid, "/purchase-orders", filter="status ne 'sent'") == []


async def test_a_response_is_listed_by_sequence_and_told_of_thinly(
    grid: "Grid", clock: "SetClock"
) -> None:
    order = await grid.order()
    path = f"/purchase-orders/{order['id']}/responses"
    assert await listed(grid, path) == []
    clock.forward(minutes=5)
    first = await respond(
        grid,
        order["id"],
        {
            "line_id": "11",
            "ack_code": "IP",
            "quantity": 2,
            "unit_price": "10.50",
            "scheduled_ship_date": "2026-11-25",
        },
    )
    second = await respond(grid, PO, {"line_id": "12", "ack_code": "IA", "quantity": 4})
    assert [one["sequence"] for one in (first, second)] == [1, 2]
    assert [one["header_code"] for one in (first, second)] == ["AC", "AD"]
    assert await listed(grid, path) == [first, second]
    assert first["lines"][0] == {
        "line_id": "11",
        "ack_code": "IP",
        "quantity": 2,
        "scheduled_ship_date": "2026-11-25",
        "scheduled_delivery_date": None,
        "unit_price": "10.50",
        "substitute_sku": None,
        "note": None,
    }
    now = await read(grid, order["id"])
    assert (now["status"], now["version"]) == ("acknowledged", 3)
    assert now["update_time"] == "2026-11-23T12:05:00Z"
    event = (await grid.events())[0]
    assert event["type"] == "purchase_order.response_received"
    assert event["data"] == {
        "id": first["id"],
        "resource": "purchase_order_response",
        "href": f"/tradinggrid/v1{path}/{first['id']}",
        "version": 1,
        "external_reference": REFERENCE,
        "partner_id": "acme",
        "purchase_order_id": order["id"],
    }
    assert await grid.get(f"{path}/{first['id']}") == first


async def test_responses_may_come_out_of_order_but_not_twice(grid: "Grid") -> None:
    order = await grid.order()
    line = {"line_id": "11", "ack_code": "IA"}
    await respond(grid, PO, line, sequence=3)
    await respond(grid, PO, {**line, "ack_code": "IB"}, sequence=1)
    path = f"/purchase-orders/{order['id']}/responses"
    assert [one["sequence"] for one in await listed(grid, path)] == [1, 3]
    taken = await grid.control(
        "POST", f"/purchase-orders/{PO}/responses", {"sequence": 3, "lines": [line]}, 409
    )
    assert taken["errorCode"] == "duplicate_sequence"
    assert (await respond(grid, PO, line))["sequence"] == 4


async def test_an_answer_may_be_one_code_for_the_whole_order_but_not_nothing(
    grid: "Grid",
) -> None:
    order = await grid.order()
    path = f"/purchase-orders/{PO}/responses"
    refused = await grid.control("POST", path, {}, 422)
    assert refused["details"][0]["field"] == "lines"
    made = await respond(grid, PO, header_code="RJ")
    assert (made["header_code"], made["lines"]) == ("RJ", [])
    assert (await read(grid, order["id"]))["status"] == "acknowledged"


async def test_a_partner_may_answer_nonsense(grid: "Grid") -> None:
    await grid.order()
    line = {"line_id": "99", "ack_code": "ZZ", "quantity": 5000, "scheduled_ship_date": "soon"}
    assert (await respond(grid, PO, line))["lines"][0] | line == {
        **line,
        "scheduled_delivery_date": None,
        "unit_price": None,
        "substitute_sku": None,
        "note": None,
    }


async def test_a_change_waits_until_the_partner_acknowledges_it(
    grid: "Grid", clock: "SetClock"
) -> None:
    order = await grid.order()
    asked = await change(
        grid,
        order["id"],
        lines=[
            {"line_id": "11", "quantity": 1},
            {"line_id": "13", "sku": "TABLE", "quantity": 3},
            {"line_id": "12", "unit_price": "9.00"},
        ],
    )
    path = f"/purchase-orders/{order['id']}/changes"
    assert (asked["status"], asked["acknowledge_time"], asked["note"]) == ("pending", None, None)
    assert await listed(grid, path) == [asked]
    assert quantities(await read(grid, order["id"])) == {"11": 2, "12": 4}
    clock.forward(minutes=1)
    await acknowledge(grid, PO, note="Done")
    now = await grid.get(f"{path}/1")
    assert (now["status"], now["note"], now["version"]) == ("acknowledged", "Done", 2)
    assert now["acknowledge_time"] == "2026-11-23T12:01:00Z"
    changed = await read(grid, order["id"])
    assert quantities(changed) == {"11": 1, "12": 4, "13": 3}
    assert changed["lines"][1]["unit_price"] == "9.00"
    assert (changed["lines"][2]["currency"], changed["version"]) == ("EUR", 2)
    (event,) = await grid.events()
    assert event["type"] == "purchase_order.change_acknowledged"
    assert event["data"] == {
        "id": asked["id"],
        "resource": "purchase_order_change",
        "href": f"/tradinggrid/v1{path}/1",
        "version": 2,
        "external_reference": REFERENCE,
        "partner_id": "acme",
        "purchase_order_id": order["id"],
    }


async def test_a_refused_change_changes_nothing_and_is_told_of(grid: "Grid") -> None:
    order = await grid.order()
    await change(grid, order["id"], purpose="cancel")
    refused = await acknowledge(grid, PO, status="refused", note="Packed already")
    assert (refused["status"], refused["note"]) == ("refused", "Packed already")
    now = await read(grid, order["id"])
    assert (now["status"], quantities(now)) == ("sent", {"11": 2, "12": 4})
    assert await grid.event_types() == ["purchase_order.change_acknowledged"]
    again = await grid.control("POST", f"/purchase-orders/{PO}/changes/1/acknowledge", {}, 409)
    assert again["errorCode"] == "invalid_state"


@pytest.mark.parametrize(
    ("lines", "left", "status"),
    [
        ([], {"11": 0, "12": 0}, "cancelled"),
        ([{"line_id": "12"}], {"11": 2, "12": 0}, "sent"),
        ([{"line_id": "12", "quantity": 1}], {"11": 2, "12": 3}, "sent"),
        ([{"line_id": "11"}, {"line_id": "12", "quantity": 4}], {"11": 0, "12": 0}, "cancelled"),
    ],
)
async def test_a_cancellation_takes_effect_when_it_is_acknowledged(
    grid: "Grid", lines: list[dict[str, Any]], left: dict[str, int], status: str
) -> None:
    order = await grid.order()
    await change(grid, order["id"], purpose="cancel", lines=lines)
    await acknowledge(grid, PO)
    now = await read(grid, order["id"])
    assert (quantities(now), now["status"]) == (left, status)


async def test_a_cancelled_order_takes_no_more_changes(grid: "Grid") -> None:
    order = await grid.order()
    await change(grid, order["id"], purpose="cancel")
    await acknowledge(grid, PO)
    refused = await change(grid, order["id"], 409, change_number="2", purpose="cancel")
    assert refused["errorCode"] == "invalid_state"
    await change(grid, order["id"], 200, purpose="cancel")


@pytest.mark.parametrize("number", ["1", 1, "change-7.a"])
async def test_a_change_number_stands_for_one_change(grid: "Grid", number: str | int) -> None:
    order = await grid.order()
    body: dict[str, Any] = {"change_number": number, "lines": [{"line_id": "11", "quantity": 1}]}
    first = await change(grid, order["id"], **body)
    assert first["change_number"] == number
    assert await change(grid, order["id"], 200, **body) == first
    other = await change(grid, order["id"], 409, **{**body, "purpose": "cancel"})
    assert other["errorCode"] == "duplicate_change_number"
    assert other["_links"]["existing"]["href"] == first["_links"]["self"]["href"]
    assert len(await listed(grid, f"/purchase-orders/{order['id']}/changes")) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [{"line_id": "99", "quantity": 1}]}, "lines.0.line_id"),
        ({"lines": [{"line_id": "11", "quantity": -1}]}, "lines.0.quantity"),
        ({"lines": [{"line_id": "11"}, {"line_id": "11"}]}, "lines.1.line_id"),
        ({"purpose": "cancel", "lines": [{"line_id": "99"}]}, "lines.0.line_id"),
        ({"purpose": "cancel", "lines": [{"line_id": "11", "quantity": 3}]}, "lines.0.quantity"),
        ({"purpose": "wish"}, "purpose"),
    ],
)
async def test_a_change_that_makes_no_sense_is_422(
    grid: "Grid", body: dict[str, Any], field: str
) -> None:
    order = await grid.order()
    refused = await change(grid, order["id"], 422, **body)
    assert field in [detail["field"] for detail in refused["details"]]
    assert await listed(grid, f"/purchase-orders/{order['id']}/changes") == []


async def test_another_tenant_sees_no_order_and_may_use_the_number(grid: "Grid") -> None:
    order = await grid.order()
    await change(grid, order["id"], purpose="cancel")
    response = await respond(grid, PO, {"line_id": "11", "ack_code": "IA"})
    await grid.control("POST", "/tenants", {"id": "other", "clients": {"c": "s"}}, 201)
    await grid.control("POST", "/partners", {"id": "acme", "tenant": "other"}, 201)
    other = await grid.login("other", "c", "s")
    own = f"/purchase-orders/{order['id']}"
    for path in ("", "/changes", "/changes/1", "/responses", f"/responses/{response['id']}"):
        assert (await other.call("GET", own + path)).status_code == 404
    await other.order()


async def test_a_response_of_another_order_is_not_found_under_this_one(grid: "Grid") -> None:
    await grid.order()
    other = await grid.order(po_number="X-2", external_reference=None)
    response = await respond(grid, PO, {"line_id": "11", "ack_code": "IA"})
    path = f"/purchase-orders/{other['id']}/responses/{response['id']}"
    assert (await grid.call("GET", path)).status_code == 404


@pytest.mark.parametrize(
    "path", ["/purchase-orders/X-9/responses", "/purchase-orders/X-9/changes/1/acknowledge"]
)
async def test_control_of_an_order_that_is_not_there_is_404(grid: "Grid", path: str) -> None:
    await grid.control("POST", path, {}, 404)
    await grid.order()
    await grid.control("POST", f"/purchase-orders/{PO}/changes/9/acknowledge", {}, 404)
