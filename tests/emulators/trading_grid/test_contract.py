"""What holds for every resource: errors, ETags, idempotency, external references, tenants."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, SetClock

CASE: dict[str, Any] = {"case_type": "general", "subject": "Hello", "partner_id": "acme"}


async def test_errors_have_the_documented_shape_and_a_request_id(grid: "Grid") -> None:
    answer = await grid.call("GET", "/cases/nothing")
    assert answer.status_code == 404
    body = answer.json()
    assert set(body) == {
        "timestamp",
        "status",
        "error",
        "message",
        "details",
        "errorCode",
        "path",
    }
    assert body["path"] == "/tradinggrid/v1/cases/nothing"
    assert body["timestamp"] == "2026-11-23T12:00:00.000Z"
    assert (body["status"], body["error"], body["errorCode"]) == (404, "Not Found", "not_found")
    assert len(answer.headers["x-request-id"]) == 36


@pytest.mark.parametrize("path", ["/campaign", "/nonsense"])
async def test_what_is_not_built_answers_as_an_unknown_path(grid: "Grid", path: str) -> None:
    answer = await grid.call("GET", path)
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "not_found")
    assert answer.headers["x-request-id"]


async def test_a_method_that_is_not_there_is_405_with_allow(grid: "Grid") -> None:
    answer = await grid.call("PUT", "/cases", json={})
    assert (answer.status_code, answer.json()["errorCode"]) == (405, "method_not_allowed")
    assert set(answer.headers["allow"].replace(" ", "").split(",")) == {"GET", "POST"}


async def test_bodies_must_be_json_objects_of_known_fields(grid: "Grid") -> None:
    broken = await grid.call(
        "POST", "/cases", content=b"{", headers={"Content-Type": "application/json"}
    )
    assert (broken.status_code, broken.json()["errorCode"]) == (400, "invalid_json")
    text = await grid.call("POST", "/cases", content=b"a=b", headers={"Content-Type": "text/plain"})
    assert text.status_code == 415
    unknown = await grid.call("POST", "/cases", json={**CASE, "colour": "red"})
    assert unknown.status_code == 422
    assert unknown.json()["details"][0]["field"] == "colour"


async def test_a_body_past_the_limit_is_413(grid: "Grid") -> None:
    answer = await grid.call("POST", "/cases", json={**CASE, "subject": "x" * 1_100_000})
    assert (answer.status_code, answer.json()["errorCode"]) == (413, "content_too_large")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"partner_id": "nobody"}, "partner_id"),
        ({"case_type": "wish"}, "case_type"),
        ({"subject": " "}, "subject"),
        ({"due_time": "2026-12-01T10:00:00"}, "due_time"),
        ({"lines": [{"line_id": "1", "quantity": 0}]}, "lines.0.quantity"),
        ({"lines": [{"line_id": "1", "quantity": "2"}]}, "lines.0.quantity"),
        (
            {"lines": [{"line_id": "1", "quantity": 1}, {"line_id": "1", "quantity": 1}]},
            "lines.1.line_id",
        ),
    ],
)
async def test_a_bad_field_is_422_and_named(
    grid: "Grid", change: dict[str, Any], field: str
) -> None:
    answer = await grid.call("POST", "/cases", json={**CASE, **change})
    assert answer.status_code == 422
    assert field in [detail["field"] for detail in answer.json()["details"]]
    assert await grid.event_types() == []


async def test_patch_needs_the_current_etag(grid: "Grid") -> None:
    case = await grid.case()
    path = f"/cases/{case['id']}"
    assert (await grid.call("PATCH", path, json={"priority": "high"})).status_code == 428
    read = await grid.call("GET", path)
    assert read.headers["etag"] == '"1"'
    first = await grid.call(
        "PATCH", path, json={"priority": "high"}, headers={"If-Match": read.headers["etag"]}
    )
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    assert first.json()["version"] == 2
    second = await grid.call(
        "PATCH", path, json={"priority": "low"}, headers={"If-Match": read.headers["etag"]}
    )
    assert (second.status_code, second.headers["etag"]) == (412, '"2"')
    assert (await grid.get(path))["priority"] == "high"


async def test_an_action_compares_if_match_only_where_it_is_sent(grid: "Grid") -> None:
    case = await grid.case()
    stale = await grid.call(
        "POST", f"/cases/{case['id']}", json={"action": "cancel"}, headers={"If-Match": '"7"'}
    )
    assert stale.status_code == 412
    await grid.post(f"/cases/{case['id']}", {"action": "cancel"}, 200)


async def test_the_same_key_and_body_get_the_first_answer(grid: "Grid") -> None:
    send = {"json": CASE, "headers": {"Idempotency-Key": "k-1"}}
    first = await grid.call("POST", "/cases", **send)
    again = await grid.call("POST", "/cases", **send)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert len((await grid.get("/cases"))["_embedded"]["collection"]) == 1
    calls = (await grid.control("GET", "/calls"))["calls"]
    assert [(call["outcome"], call["created"] is None) for call in calls] == [
        ("created", False),
        ("replayed", True),
    ]
    assert calls[0]["idempotency_key"] == "k-1"
    assert calls[0]["body"] == CASE


async def test_a_key_with_another_body_or_path_is_422(grid: "Grid") -> None:
    case = await grid.case()
    await grid.post("/cases", CASE, key="k-1")
    other = await grid.post("/cases", {**CASE, "subject": "B"}, 422, key="k-1")
    assert other["errorCode"] == "idempotency_key_reused"
    path = f"/cases/{case['id']}"
    assert await grid.post(path, CASE, 422, key="k-1")
    assert len((await grid.get("/cases"))["_embedded"]["collection"]) == 2


async def test_a_key_that_is_still_running_is_409_with_retry_after(grid: "Grid") -> None:
    await grid.control("PUT", "/faults", {"api": {"latency_ms": 100}})
    send = {"json": CASE, "headers": {"Idempotency-Key": "k-1"}}
    first, second = await asyncio.gather(
        grid.call("POST", "/cases", **send), grid.call("POST", "/cases", **send)
    )
    assert first.status_code == 201
    assert (second.status_code, second.json()["errorCode"]) == (409, "idempotency_key_in_progress")
    assert second.headers["retry-after"] == "1"


async def test_a_key_is_kept_for_24_hours(grid: "Grid", clock: "SetClock") -> None:
    first = await grid.post("/cases", CASE, key="k-1")
    clock.forward(hours=23, minutes=59)
    grid = await grid.login("demo", "demo-client", "demo-secret")
    assert (await grid.post("/cases", CASE, key="k-1"))["id"] == first["id"]
    clock.forward(minutes=1)
    assert (await grid.post("/cases", CASE, key="k-1"))["id"] != first["id"]


async def test_a_refused_request_leaves_its_key_unused(grid: "Grid") -> None:
    bad = {**CASE, "partner_id": "later"}
    await grid.post("/cases", bad, 422, key="k-1")
    await grid.control("POST", "/partners", {"id": "later", "name": "Later"})
    await grid.post("/cases", bad, 201, key="k-1")


async def test_an_action_under_a_key_happens_once(grid: "Grid") -> None:
    case = await grid.case()
    body = {"action": "resolve", "note": "Thanks"}
    for _ in range(2):
        answer = await grid.post(f"/cases/{case['id']}", body, 200, key="r")
        assert answer["status"] == "resolved"
    assert len((await grid.get(f"/cases/{case['id']}/messages"))["_embedded"]["collection"]) == 1


async def test_an_external_reference_is_unique_and_leads_to_the_existing(grid: "Grid") -> None:
    reference = {"system": "gridcase", "id": "return-claim:1"}
    case = await grid.case(external_reference=reference)
    taken = await grid.post("/cases", {**CASE, "external_reference": reference}, 409)
    assert taken["errorCode"] == "duplicate_external_reference"
    href = taken["_links"]["existing"]["href"]
    assert href == f"http://grid.test/tradinggrid/v1/cases/{case['id']}"
    other_system = {"system": "other", "id": "return-claim:1"}
    await grid.post("/cases", {**CASE, "external_reference": other_system})


async def test_messages_documents_and_authorisations_have_references_of_their_own(
    grid: "Grid",
) -> None:
    reference = {"system": "gridcase", "id": "same"}
    case = await grid.case(external_reference=reference)
    file = await grid.call(
        "POST",
        "/files/from-stream",
        params={"file-name": "a.txt"},
        content=b"a",
        headers={"Content-Type": "text/plain"},
    )
    document = {"file_id": file.json()["id"], "document_type": "photo"}
    message = {"body": "Hello"}
    authorization = {"case_id": case["id"], "lines": [{"line_id": "11", "quantity": 1}]}
    for path, body in (
        (f"/cases/{case['id']}/messages", message),
        (f"/cases/{case['id']}/documents", document),
        ("/return-authorizations", authorization),
    ):
        made = await grid.post(path, {**body, "external_reference": reference})
        taken = await grid.post(path, {**body, "external_reference": reference}, 409)
        existing = await grid.http.get(
            taken["_links"]["existing"]["href"],
            headers={"Authorization": f"Bearer {grid.token}"},
        )
        assert existing.json() == made


async def test_tenants_see_nothing_of_one_another(grid: "Grid") -> None:
    reference = {"system": "gridcase", "id": "same"}
    case = await grid.case(external_reference=reference)
    await grid.control("POST", "/tenants", {"id": "other", "clients": {"c": "s"}}, 201)
    await grid.control("POST", "/partners", {"id": "acme", "name": "Acme", "tenant": "other"}, 201)
    other = await grid.login("other", "c", "s")
    for path in (f"/cases/{case['id']}", f"/cases/{case['id']}/messages"):
        assert (await other.call("GET", path)).status_code == 404
    answer = await other.call("POST", f"/cases/{case['id']}", json={"action": "cancel"})
    assert answer.status_code == 404
    assert (await other.get("/cases"))["_embedded"]["collection"] == []
    assert await other.events() == []
    await other.case(external_reference=reference)
    key = "k"
    mine = await grid.post("/cases", CASE, key=key)
    theirs = await other.post("/cases", CASE, key=key)
    assert mine["id"] != theirs["id"]
    wrong = {"client_id": "c", "client_secret": "s", "grant_type": "client_credentials"}
    assert (await grid.http.post("/tenants/demo/oauth2/token", data=wrong)).status_code == 401


async def test_a_bug_of_the_emulator_is_a_500_in_the_documented_shape(
    grid: "Grid", monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **more: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(grid.app.emulator, "publish", broken)
    answer = await grid.call("POST", "/cases", json=CASE)
    assert (answer.status_code, answer.json()["errorCode"]) == (500, "internal_error")
    assert answer.headers["x-request-id"]
    call = (await grid.control("GET", "/calls"))["calls"][0]
    assert (call["status"], call["outcome"]) == (500, "failed")
