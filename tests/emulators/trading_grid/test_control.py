from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid


async def test_state_shows_everything_of_every_tenant(grid: "Grid") -> None:
    case = await grid.case()
    await grid.post(f"/cases/{case['id']}/messages", {"body": "Hello"})
    await grid.authorization(case["id"])
    (tenant,) = (await grid.control("GET", "/state"))["tenants"]
    assert (tenant["id"], tenant["clients"]) == ("demo", ["demo-client"])
    assert [one["id"] for one in tenant["cases"]] == [case["id"]]
    assert [one["body"] for one in tenant["messages"]] == ["Hello"]
    assert len(tenant["return_authorizations"]) == 1
    assert tenant["partners"][0]["behaviour"] == "manual"
    assert len(tenant["events"]) == 3


async def test_calls_are_the_writes_since_a_number(grid: "Grid") -> None:
    await grid.case()
    await grid.get("/cases")
    first = await grid.control("GET", "/calls")
    assert first["last"] == 1
    call = first["calls"][0]
    assert (call["method"], call["path"]) == ("POST", "/tradinggrid/v1/cases")
    assert (call["status"], call["tenant"], call["sequence"]) == (201, "demo", 1)
    assert call["created"].startswith("case:")
    await grid.post("/cases", {}, 422)
    second = await grid.control("GET", "/calls?since=1")
    assert [(one["sequence"], one["status"], one["outcome"]) for one in second["calls"]] == [
        (2, 422, "refused")
    ]


async def test_a_call_names_the_request_id_of_its_answer(grid: "Grid") -> None:
    body = {"case_type": "general", "subject": "S", "partner_id": "acme"}
    answer = await grid.call("POST", "/cases", json=body)
    call = (await grid.control("GET", "/calls"))["calls"][0]
    assert call["request_id"] == answer.headers["x-request-id"]


async def test_reset_empties_everything_but_the_first_tenants(grid: "Grid") -> None:
    await grid.case()
    await grid.control("POST", "/tenants", {"id": "other", "clients": {"c": "s"}})
    await grid.control("PUT", "/faults", {"api": {"throttle": True}})
    await grid.control("PUT", "/webhooks", {"retry_schedule_s": [1]})
    await grid.control("POST", "/reset", status=204)
    (tenant,) = (await grid.control("GET", "/state"))["tenants"]
    assert (tenant["id"], tenant["events"]) == ("demo", [])
    assert "cases" not in tenant or tenant["cases"] == []
    assert (await grid.control("GET", "/faults"))["api"]["throttle"] is False
    assert (await grid.control("GET", "/webhooks"))["retry_schedule_s"] == [0.01, 0.01]
    assert await grid.control("GET", "/calls") == {"calls": [], "last": 1}
    assert (await grid.call("GET", "/cases")).status_code == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/partners", {"id": "no/slash", "name": "X"}),
        ("/partners", {"id": "x", "behaviour": "grumpy"}),
        ("/partners", {"id": "x", "answer_delay_s": -1}),
        ("/tenants", {"id": "t"}),
        ("/tenants", {"id": "t", "clients": {}}),
    ],
)
async def test_a_wrong_control_body_is_422(grid: "Grid", path: str, body: dict[str, Any]) -> None:
    await grid.control("POST", path, body, 422)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/partners", {"id": "x", "tenant": "nowhere"}),
        ("/cases/nothing/answer", {"kind": "accept"}),
        ("/return-authorizations/nothing", {"status": "denied"}),
        ("/tenants/nowhere/expire-tokens", None),
    ],
)
async def test_control_of_what_is_not_there_is_404(
    grid: "Grid", path: str, body: dict[str, Any] | None
) -> None:
    await grid.control("POST", path, body, 404)


async def test_a_partner_keeps_what_a_later_control_call_leaves_out(grid: "Grid") -> None:
    await grid.control("POST", "/partners", {"id": "acme", "answer_delay_s": 3.5}, 200)
    changed = await grid.control("POST", "/partners", {"id": "acme", "behaviour": "slow"}, 200)
    assert (changed["name"], changed["answer_delay_s"]) == ("Acme Supplies", 3.5)
    assert changed["behaviour"] == "slow"


async def test_a_tenant_can_get_other_clients(grid: "Grid") -> None:
    await grid.control("POST", "/tenants", {"id": "demo", "clients": {"new": "one"}}, 200)
    await grid.login("demo", "new", "one")
    old = {"client_id": "demo-client", "client_secret": "demo-secret"}
    answer = await grid.http.post(
        "/tenants/demo/oauth2/token", data={**old, "grant_type": "client_credentials"}
    )
    assert answer.status_code == 401


async def test_a_message_of_the_partner_is_told_of(grid: "Grid") -> None:
    case = await grid.case()
    message = await grid.control(
        "POST", f"/cases/{case['id']}/messages", {"body": "On its way"}, 201
    )
    assert message["author"] == {"type": "partner", "name": "Acme Supplies"}
    event = (await grid.events())[-1]
    assert (event["type"], event["data"]["id"]) == ("case.message_added", message["id"])
