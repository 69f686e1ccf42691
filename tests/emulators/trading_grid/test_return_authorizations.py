from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid


async def test_an_authorisation_is_asked_for_and_given(grid: "Grid") -> None:
    case = await grid.case()
    asked = await grid.authorization(case["id"], partner_id="acme")
    assert (asked["status"], asked["rma_number"], asked["version"]) == ("requested", None, 1)
    assert asked["lines"][0] == {
        "line_id": "11",
        "sku": "LAMP",
        "quantity": 2,
        "reason_code": "DA",
        "disposition_code": None,
        "response_reason_code": None,
        "credit_amount": None,
        "received_quantity": None,
        "location_code": None,
    }
    given = await grid.control(
        "POST",
        f"/return-authorizations/{asked['id']}",
        {
            "status": "authorized",
            "rma_number": "RMA-1",
            "return_to": "Dock 4\nLeeds",
            "expires": "2026-12-23T12:00:00Z",
        },
    )
    assert await grid.get(f"/return-authorizations/{asked['id']}") == given
    assert (given["status"], given["version"]) == ("authorized", 2)
    assert given["return_to"] == "Dock 4\nLeeds"
    event = (await grid.events())[-1]
    assert event["type"] == "return_authorization.updated"
    assert (event["data"]["id"], event["data"]["case_id"]) == (asked["id"], case["id"])
    assert (event["data"]["version"], event["data"]["resource"]) == (2, "return_authorization")


async def test_goods_are_reported_line_by_line(grid: "Grid") -> None:
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    path = f"/return-authorizations/{asked['id']}"
    await grid.control("POST", path, {"status": "authorized", "rma_number": "R"})
    line = {"line_id": "11", "received_quantity": 1, "disposition_code": "RA"}
    told = await grid.control("POST", path, {"lines": [{**line, "location_code": "W1"}]})
    assert told["lines"][0]["received_quantity"] == 1
    assert (told["lines"][0]["disposition_code"], told["lines"][0]["quantity"]) == ("RA", 2)
    assert told["lines"][0]["location_code"] == "W1"
    assert told["lines"][1]["received_quantity"] is None


async def test_a_partner_may_report_lines_nobody_asked_about(grid: "Grid") -> None:
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    told = await grid.control(
        "POST",
        f"/return-authorizations/{asked['id']}",
        {"lines": [{"line_id": "99", "received_quantity": 7, "disposition_code": "QQ"}]},
    )
    assert told["lines"][-1]["line_id"] == "99"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"case_id": "nothing"}, "case_id"),
        ({"partner_id": "other"}, "partner_id"),
        ({"lines": []}, "lines"),
        ({"lines": [{"line_id": "99", "quantity": 1}]}, "lines.0.line_id"),
        ({"lines": [{"line_id": "11", "quantity": 3}]}, "lines.0.quantity"),
        ({"lines": [{"line_id": "11", "quantity": 1}] * 2}, "lines.1.line_id"),
        ({"rma_number": "MINE"}, "rma_number"),
    ],
)
async def test_a_request_must_fit_its_case(
    grid: "Grid", change: dict[str, Any], field: str
) -> None:
    case = await grid.case()
    body = {"case_id": case["id"], "lines": [{"line_id": "11", "quantity": 1}], **change}
    refused = await grid.post("/return-authorizations", body, 422)
    assert refused["details"][0]["field"] == field


async def test_only_the_partner_changes_an_authorisation(grid: "Grid") -> None:
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    path = f"/return-authorizations/{asked['id']}"
    assert (await grid.call("PATCH", path, json={"status": "authorized"})).status_code == 405


async def test_an_authorised_return_needs_an_rma_number(grid: "Grid") -> None:
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    path = f"/return-authorizations/{asked['id']}"
    await grid.control("POST", path, {"status": "authorized"}, 422)
    await grid.control("POST", path, {"status": "requested"}, 422)


async def test_they_are_found_by_case(grid: "Grid") -> None:
    one, other = await grid.case(), await grid.case()
    asked = await grid.authorization(one["id"])
    await grid.authorization(other["id"])
    page = await grid.get("/return-authorizations", filter=f"case_id eq '{one['id']}'")
    assert [row["id"] for row in page["_embedded"]["collection"]] == [asked["id"]]


async def test_an_ended_case_takes_no_request(grid: "Grid") -> None:
    case = await grid.case()
    await grid.post(f"/cases/{case['id']}", {"action": "cancel"}, 200)
    body = {"case_id": case["id"], "lines": [{"line_id": "11", "quantity": 1}]}
    await grid.post("/return-authorizations", body, 409)


async def test_all_goods_can_be_reported_in_one_control_call(grid: "Grid") -> None:
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    path = f"/return-authorizations/{asked['id']}"
    await grid.control("POST", f"{path}/goods-received", status=409)
    await grid.control("POST", path, {"status": "authorized", "rma_number": "R"})
    told = await grid.control("POST", f"{path}/goods-received")
    assert [line["received_quantity"] for line in told["lines"]] == [2, 4]
    assert {line["location_code"] for line in told["lines"]} == {"RETURNS-1"}
