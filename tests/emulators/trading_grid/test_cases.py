from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, SetClock

ACCEPT = {"kind": "accept"}


async def to_state(grid: "Grid", state: str) -> str:
    """A case in the state, by its ways there."""
    case_id = str((await grid.case())["id"])
    if state == "pending_company":
        await grid.control("POST", f"/cases/{case_id}/answer", ACCEPT)
    elif state == "open":
        await grid.post(f"/cases/{case_id}", {"action": "resolve"}, 200)
        await grid.post(f"/cases/{case_id}", {"action": "reopen"}, 200)
    elif state != "pending_partner":
        action = {"resolved": "resolve", "closed": "close", "cancelled": "cancel"}[state]
        await grid.post(f"/cases/{case_id}", {"action": action}, 200)
    assert (await grid.get(f"/cases/{case_id}"))["status"] == state
    return case_id


ALLOWED = {
    "request_info": {"pending_partner": "pending_partner", "open": "pending_partner"}
    | {"pending_company": "pending_partner"},
    "resolve": dict.fromkeys(["open", "pending_partner", "pending_company"], "resolved"),
    "reopen": {"resolved": "open", "closed": "open"},
    "close": dict.fromkeys(["open", "pending_partner", "pending_company", "resolved"], "closed"),
    "cancel": dict.fromkeys(
        ["open", "pending_partner", "pending_company", "resolved", "closed"], "cancelled"
    ),
    "extend": {state: state for state in ("open", "pending_partner", "pending_company")},
}
STATES = ["open", "pending_partner", "pending_company", "resolved", "closed", "cancelled"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", sorted(ALLOWED))
async def test_an_action_moves_the_case_or_is_409(grid: "Grid", action: str, state: str) -> None:
    case_id = await to_state(grid, state)
    before = await grid.get(f"/cases/{case_id}")
    body: dict[str, Any] = {"action": action, "note": "Because"}
    if action == "extend":
        body["due_time"] = "2026-12-24T12:00:00Z"
    answer = await grid.call("POST", f"/cases/{case_id}", json=body)
    after = await grid.get(f"/cases/{case_id}")
    if state in ALLOWED[action]:
        assert answer.status_code == 200
        assert answer.json() == after
        assert after["status"] == ALLOWED[action][state]
        notes = (await grid.get(f"/cases/{case_id}/messages"))["_embedded"]["collection"]
        assert notes[-1]["body"] == "Because"
        assert notes[-1]["author"] == {"type": "company", "name": "Demo Store"}
    else:
        assert (answer.status_code, answer.json()["errorCode"]) == (409, "invalid_state")
        assert after == before


async def test_a_new_case_waits_for_the_partner_and_is_in_the_feed(grid: "Grid") -> None:
    case = await grid.case(external_reference={"system": "gridcase", "id": "x"})
    assert (case["status"], case["version"], case["answer"]) == ("pending_partner", 1, None)
    (event,) = await grid.events()
    assert event["type"] == "case.updated"
    assert event["data"] == {
        "id": case["id"],
        "resource": "case",
        "href": f"/tradinggrid/v1/cases/{case['id']}",
        "version": 1,
        "external_reference": {"system": "gridcase", "id": "x"},
        "partner_id": "acme",
    }


async def test_only_an_active_partner_gets_a_case(grid: "Grid") -> None:
    await grid.control("POST", "/partners", {"id": "acme", "status": "suspended"}, 200)
    body = {"case_type": "general", "subject": "S", "partner_id": "acme"}
    refused = await grid.post("/cases", body, 422)
    assert refused["details"][0]["field"] == "partner_id"


async def test_resolve_and_close_keep_the_resolution_and_reopen_clears_it(grid: "Grid") -> None:
    case = await grid.case()
    path = f"/cases/{case['id']}"
    resolved = await grid.post(path, {"action": "resolve", "resolution": "approved"}, 200)
    assert resolved["resolution"] == "approved"
    closed = await grid.post(path, {"action": "close"}, 200)
    assert closed["resolution"] == "approved"
    reopened = await grid.post(path, {"action": "reopen"}, 200)
    assert reopened["resolution"] is None
    assert await grid.event_types() == [
        "case.updated",
        "case.resolved",
        "case.closed",
        "case.updated",
    ]


@pytest.mark.parametrize(
    "body",
    [
        {"action": "explode"},
        {"action": "extend"},
        {"action": "extend", "due_time": "2026-11-23T12:00:00Z"},
        {"action": "request_info"},
        {"action": "resolve", "due_time": "2026-12-24T12:00:00Z"},
    ],
)
async def test_an_action_with_a_wrong_body_is_422(grid: "Grid", body: dict[str, Any]) -> None:
    case = await grid.case()
    await grid.post(f"/cases/{case['id']}", body, 422)


async def test_extend_moves_the_due_time(grid: "Grid") -> None:
    case = await grid.case(due_time="2026-11-25T12:00:00+01:00")
    assert case["due_time"] == "2026-11-25T11:00:00Z"
    later = await grid.post(
        f"/cases/{case['id']}", {"action": "extend", "due_time": "2026-11-30T12:00:00Z"}, 200
    )
    assert (later["due_time"], later["version"]) == ("2026-11-30T12:00:00Z", 2)


async def test_patch_changes_what_it_names_and_nothing_else(grid: "Grid") -> None:
    case = await grid.case(description="Old", due_time="2026-11-25T12:00:00Z")
    path, match = f"/cases/{case['id']}", {"If-Match": "*"}
    patched = await grid.call(
        "PATCH", path, json={"subject": "New", "description": None}, headers=match
    )
    body = patched.json()
    assert (body["subject"], body["description"]) == ("New", None)
    assert (body["due_time"], body["lines"]) == (case["due_time"], case["lines"])
    refused = await grid.call("PATCH", path, json={"subject": None}, headers=match)
    assert refused.status_code == 422
    refused = await grid.call("PATCH", path, json={"status": "closed"}, headers=match)
    assert refused.status_code == 422
    await grid.post(path, {"action": "close"}, 200)
    refused = await grid.call("PATCH", path, json={"subject": "X"}, headers=match)
    assert refused.status_code == 409


async def test_an_answer_moves_the_case_and_is_in_the_thread(
    grid: "Grid", clock: "SetClock"
) -> None:
    case = await grid.case()
    clock.forward(minutes=10)
    line = {
        "line_id": "11",
        "quantity": 1,
        "disposition_code": "PA",
        "response_reason_code": "QD",
        "credit_amount": "12.50",
        "note": "One only",
    }
    answered = await grid.control(
        "POST",
        f"/cases/{case['id']}/answer",
        {"kind": "partial", "lines": [line], "note": "See lines"},
    )
    assert (answered["status"], answered["version"]) == ("pending_company", 2)
    answer = answered["answer"]
    assert (answer["kind"], answer["note"]) == ("partial", "See lines")
    assert answer["time"] == "2026-11-23T12:10:00Z"
    assert answer["lines"] == [{"code": None, "ship_date": None, "substitute_sku": None, **line}]
    message = await grid.get(f"/cases/{case['id']}/messages/{answer['message_id']}")
    assert message["body"] == "See lines"
    assert message["author"] == {"type": "partner", "name": "Acme Supplies"}
    assert await grid.event_types() == ["case.updated", "case.answered"]


async def test_a_later_answer_replaces_the_earlier(grid: "Grid") -> None:
    case = await grid.case()
    path = f"/cases/{case['id']}/answer"
    first = (await grid.control("POST", path, ACCEPT))["answer"]
    second = (await grid.control("POST", path, {"kind": "decline", "note": "No"}))["answer"]
    assert second["message_id"] != first["message_id"]
    assert (await grid.get(f"/cases/{case['id']}"))["answer"] == second


async def test_a_partner_may_answer_nonsense(grid: "Grid") -> None:
    case = await grid.case()
    lines = [
        {"line_id": "unknown", "quantity": 5, "disposition_code": "RA"},
        {"line_id": "11", "quantity": 99, "disposition_code": "QQ"},
        {"line_id": "11", "quantity": -1},
    ]
    answered = await grid.control(
        "POST", f"/cases/{case['id']}/answer", {"kind": "partial", "lines": lines}
    )
    assert [line["quantity"] for line in answered["answer"]["lines"]] == [5, 99, -1]


@pytest.mark.parametrize("state", ["resolved", "closed", "cancelled"])
async def test_a_settled_case_takes_no_answer(grid: "Grid", state: str) -> None:
    case_id = await to_state(grid, state)
    await grid.control("POST", f"/cases/{case_id}/answer", ACCEPT, 409)


async def test_a_company_message_can_hand_back(grid: "Grid") -> None:
    case_id = await to_state(grid, "pending_company")
    message = await grid.post(
        f"/cases/{case_id}/messages", {"body": "Please look again", "hand_back": True}
    )
    assert message["author"]["type"] == "company"
    case = await grid.get(f"/cases/{case_id}")
    assert (case["status"], case["version"]) == ("pending_partner", 3)
    types = await grid.event_types()
    assert types[-2:] == ["case.message_added", "case.updated"]
    event = (await grid.events())[-2]["data"]
    assert (event["id"], event["case_id"]) == (message["id"], case_id)
    assert event["resource"] == "message"
    assert event["href"].endswith(f"/cases/{case_id}/messages/{message['id']}")


async def test_a_message_without_hand_back_leaves_the_case_where_it_is(grid: "Grid") -> None:
    case_id = await to_state(grid, "pending_company")
    await grid.post(f"/cases/{case_id}/messages", {"body": "Thanks"})
    case = await grid.get(f"/cases/{case_id}")
    assert (case["status"], case["version"]) == ("pending_company", 2)


async def test_messages_have_their_rules(grid: "Grid") -> None:
    case_id = await to_state(grid, "pending_company")
    path = f"/cases/{case_id}/messages"
    await grid.post(path, {"body": ""}, 422)
    await grid.post(path, {"body": "x", "visibility": "internal", "hand_back": True}, 422)
    internal = await grid.post(path, {"body": "Ours", "visibility": "internal"})
    found = await grid.get(path, filter="visibility eq 'internal'")
    assert [one["id"] for one in found["_embedded"]["collection"]] == [internal["id"]]
    await grid.post(f"/cases/{case_id}", {"action": "resolve"}, 200)
    await grid.post(path, {"body": "Still possible"})
    await grid.post(path, {"body": "x", "hand_back": True}, 409)
    await grid.post(f"/cases/{case_id}", {"action": "close"}, 200)
    await grid.post(path, {"body": "Too late"}, 409)


async def test_a_message_is_found_only_below_its_own_case(grid: "Grid") -> None:
    one, other = await grid.case(), await grid.case()
    message = await grid.post(f"/cases/{one['id']}/messages", {"body": "Hello"})
    wrong = await grid.call("GET", f"/cases/{other['id']}/messages/{message['id']}")
    assert wrong.status_code == 404


@pytest.mark.parametrize(
    ("ending", "status", "event"),
    [("close", "closed", "case.closed"), ("cancel", "cancelled", "case.updated")],
)
async def test_the_partner_can_end_a_case(
    grid: "Grid", ending: str, status: str, event: str
) -> None:
    case = await grid.case()
    ended = await grid.control("POST", f"/cases/{case['id']}/{ending}", {"note": "We are out"})
    assert ended["status"] == status
    assert (await grid.event_types())[-2:] == ["case.message_added", event]
    (message,) = (await grid.get(f"/cases/{case['id']}/messages"))["_embedded"]["collection"]
    assert message["author"]["type"] == "partner"
