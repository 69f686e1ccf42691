"""What the adapter sends for each resource, and how it reads what comes back."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from clients.trading_grid import errors
from clients.trading_grid.port import (
    CaseChange,
    ExternalReference,
    NewCase,
    NewCaseLine,
    NewMessage,
    NewReturnAuthorization,
    NewReturnAuthorizationLine,
)
from clients.trading_grid.rest import RestTradingGrid

OURS = ExternalReference(system="gridcase", id="return-claim:acme:1")
NEW_CASE = NewCase(
    case_type="return_claim",
    subject="Return 1",
    partner_id="p1",
    due_time=datetime(2026, 12, 1, 12, tzinfo=UTC),
    external_reference=OURS,
    lines=(NewCaseLine(line_id="11", sku="A", quantity=2, reason_code="DA"),),
)


def page(*items: dict[str, Any], following: str | None = None) -> httpx.Response:
    links = {"next": {"href": following}} if following else {}
    return httpx.Response(200, json={"_embedded": {"collection": items}, "_links": links})


def conflict(existing: str | None = None, **headers: str) -> httpx.Response:
    links = {"existing": {"href": existing}} if existing else {}
    return httpx.Response(409, json={"message": "exists", "_links": links}, headers=headers)


async def test_a_case_is_opened_with_its_key(
    grid: RestTradingGrid, script: Any, case_body: Any
) -> None:
    script(httpx.Response(201, json=case_body(), headers={"ETag": '"1"'}))
    case = await grid.open_case(NEW_CASE, idempotency_key="k1")
    sent = script.calls[0]
    assert (sent.method, sent.url.path) == ("POST", "/tradinggrid/v1/cases")
    assert sent.headers["Idempotency-Key"] == "k1"
    assert json.loads(sent.content) == {
        "case_type": "return_claim",
        "subject": "Return 1",
        "description": "",
        "priority": "normal",
        "partner_id": "p1",
        "due_time": "2026-12-01T12:00:00Z",
        "external_reference": {"system": "gridcase", "id": "return-claim:acme:1"},
        "business_references": [],
        "lines": [{"line_id": "11", "sku": "A", "quantity": 2, "reason_code": "DA"}],
    }
    assert (case.id, case.etag, case.external_reference) == ("C1", '"1"', OURS)


async def test_a_taken_external_reference_gives_the_case_that_holds_it(
    grid: RestTradingGrid, script: Any, case_body: Any
) -> None:
    script(conflict("/tradinggrid/v1/cases/C9"), httpx.Response(200, json=case_body(id="C9")))
    assert (await grid.open_case(NEW_CASE, idempotency_key="k1")).id == "C9"
    assert script.calls[1].url.path == "/tradinggrid/v1/cases/C9"


async def test_an_existing_case_with_another_reference_is_not_ours(
    grid: RestTradingGrid, script: Any, case_body: Any
) -> None:
    other = {"system": "gridcase", "id": "something else"}
    script(
        conflict("/tradinggrid/v1/cases/C9"),
        httpx.Response(200, json=case_body(external_reference=other)),
    )
    with pytest.raises(errors.ContractMismatch, match="does not hold the reference"):
        await grid.open_case(NEW_CASE, idempotency_key="k1")


async def test_a_call_still_running_is_tried_again_later(
    grid: RestTradingGrid, script: Any
) -> None:
    script(conflict(**{"Retry-After": "2"}))
    with pytest.raises(errors.StillRunning) as caught:
        await grid.open_case(NEW_CASE, idempotency_key="k1")
    assert caught.value.retryable
    assert caught.value.retry_after is not None
    assert caught.value.retry_after.total_seconds() == 2


async def test_a_conflict_without_an_existing_object_stays_a_conflict(
    grid: RestTradingGrid, script: Any
) -> None:
    script(conflict())
    with pytest.raises(errors.Conflict):
        await grid.open_case(NEW_CASE, idempotency_key="k1")


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example.com/cases/C9",
        "http://tg.example.com/cases/C9",
        "https://tg.example.com:8443/cases/C9",
        "//evil.example.com/C9",
        "https://tg.example.com@evil.example.com/C9",
        "https://user@tg.example.com/C9",
        "https://[broken/",
    ],
)
async def test_a_link_that_leads_elsewhere_is_not_followed(
    grid: RestTradingGrid, script: Any, link: str
) -> None:
    script(conflict(link))
    with pytest.raises(errors.ForeignLink):
        await grid.open_case(NEW_CASE, idempotency_key="k1")
    assert len(script.calls) == 1


async def test_unknown_codes_and_fields_are_kept_or_ignored_never_refused(
    grid: RestTradingGrid, script: Any, case_body: Any
) -> None:
    answer = {
        "kind": "partial",
        "time": "2026-11-01T10:00:00+02:00",
        "message_id": "m1",
        "lines": [
            {
                "line_id": 11,
                "code": "QQ",
                "quantity": "1",
                "disposition_code": "PA",
                "credit_amount": "12.50",
                "ship_date": "next Tuesday",
                "note": None,
                "surprise": True,
            }
        ],
    }
    script(httpx.Response(200, json=case_body(status="limbo", answer=answer, lines=None)))
    case = await grid.read_case("C1")
    assert case.status == "limbo"
    assert case.lines == ()
    assert case.answer is not None
    assert case.answer.time == datetime(2026, 11, 1, 8, tzinfo=UTC)
    line = case.answer.lines[0]
    assert (line.line_id, line.code, line.quantity, line.note) == ("11", "QQ", 1, "")
    assert line.credit_amount == Decimal("12.50")
    assert line.ship_date == "next Tuesday"


async def test_find_case_filters_and_takes_only_its_own(
    grid: RestTradingGrid, script: Any, case_body: Any
) -> None:
    reference = ExternalReference(system="gridcase", id="o'neil")
    other = case_body(id="C0", external_reference={"system": "gridcase", "id": "other"})
    mine = case_body(id="C2", external_reference={"system": "gridcase", "id": "o'neil"})
    script(page(other, mine))
    found = await grid.find_case(reference)
    assert found is not None
    assert found.id == "C2"
    assert script.calls[0].url.params["filter"] == (
        "external_reference.system eq 'gridcase' and external_reference.id eq 'o''neil'"
    )
    script(page(other))
    assert await grid.find_case(reference) is None


async def test_a_change_carries_the_etag_and_only_what_changes(
    grid: RestTradingGrid, script: Any, case_body: Any
) -> None:
    script(httpx.Response(200, json=case_body(version=2), headers={"ETag": '"2"'}))
    case = await grid.change_case("C1", CaseChange(priority="high"), etag='"1"')
    assert script.calls[0].method == "PATCH"
    assert script.calls[0].headers["If-Match"] == '"1"'
    assert json.loads(script.calls[0].content) == {"priority": "high"}
    assert case.etag == '"2"'


async def test_an_action_sends_what_it_is_given_in_utc(
    grid: RestTradingGrid, script: Any, case_body: Any
) -> None:
    script(httpx.Response(200, json=case_body()))
    due = datetime.fromisoformat("2026-12-24T10:00:00+02:00")
    await grid.act_on_case("C1", "extend", due_time=due, note="Longer.", idempotency_key="k")
    assert json.loads(script.calls[0].content) == {
        "action": "extend",
        "note": "Longer.",
        "due_time": "2026-12-24T08:00:00Z",
    }
    with pytest.raises(ValueError, match="time zone"):
        await grid.act_on_case(
            "C1", "extend", due_time=due.replace(tzinfo=None), idempotency_key="k"
        )


def a_message(key: str, **more: Any) -> dict[str, Any]:
    return {"id": key, "body": "Hi", "author": {"type": "partner", "name": "P"}, **more}


async def test_messages_are_read_over_all_pages_each_once(
    grid: RestTradingGrid, script: Any
) -> None:
    script(
        page(a_message("1"), a_message("2"), following="/tradinggrid/v1/m?page=2&items-per-page=2"),
        page(a_message("2"), a_message("3")),
    )
    assert [message.id for message in await grid.list_messages("C1")] == ["1", "2", "3"]
    assert dict(script.calls[0].url.params) == {"page": "1", "items-per-page": "50"}
    assert dict(script.calls[1].url.params) == {"page": "2", "items-per-page": "2"}


async def test_items_without_an_id_are_refused_not_dropped(
    grid: RestTradingGrid, script: Any
) -> None:
    nameless = a_message("1")
    del nameless["id"]
    script(page(nameless, nameless))
    with pytest.raises(errors.ContractMismatch, match="id: Field required"):
        await grid.list_messages("C1")


async def test_a_next_page_elsewhere_is_not_read(grid: RestTradingGrid, script: Any) -> None:
    script(page(a_message("1"), following="https://evil.example.com/m?page=2"))
    with pytest.raises(errors.ForeignLink):
        await grid.list_messages("C1")
    assert len(script.calls) == 1


async def test_pages_that_lead_in_a_circle_end(grid: RestTradingGrid, script: Any) -> None:
    script(page(a_message("1"), following="/tradinggrid/v1/m?page=2"))
    with pytest.raises(errors.ContractMismatch, match="itself"):
        await grid.list_messages("C1")


async def test_a_message_hands_the_case_back(grid: RestTradingGrid, script: Any) -> None:
    script(httpx.Response(201, json=a_message("1")))
    await grid.post_message(
        "C1",
        NewMessage(body="Here you are.", hand_back=True, external_reference=OURS),
        idempotency_key="k",
    )
    sent = json.loads(script.calls[0].content)
    assert sent["hand_back"] is True
    assert sent["visibility"] == "partner"
    assert sent["external_reference"]["id"] == OURS.id


@pytest.mark.parametrize("linked", [True, False])
async def test_a_message_posted_before_is_found_by_link_or_in_the_list(
    grid: RestTradingGrid, script: Any, linked: bool
) -> None:
    mine = a_message("7", external_reference=OURS.model_dump())
    if linked:
        script(conflict("/tradinggrid/v1/cases/C1/messages/7"), httpx.Response(200, json=mine))
    else:
        script(conflict(), page(a_message("6"), mine))
    new = NewMessage(body="Hi", external_reference=OURS)
    assert (await grid.post_message("C1", new, idempotency_key="k")).id == "7"


async def test_a_message_refused_for_another_reason_stays_refused(
    grid: RestTradingGrid, script: Any
) -> None:
    script(conflict(), page(a_message("6")))
    with pytest.raises(errors.Conflict):
        await grid.post_message(
            "C1", NewMessage(body="Hi", external_reference=OURS), idempotency_key="k"
        )
    script(conflict())
    with pytest.raises(errors.Conflict):
        await grid.post_message("C1", NewMessage(body="Hi"), idempotency_key="k")


def an_authorization(**changes: Any) -> dict[str, Any]:
    return {
        "id": "R1",
        "case_id": "C1",
        "partner_id": "p1",
        "status": "authorized",
        "external_reference": OURS.model_dump(),
        "lines": [
            {
                "line_id": "11",
                "quantity": 2,
                "received_quantity": 1,
                "location_code": "WH-1",
                "disposition_code": "RA",
            }
        ],
        **changes,
    }


@pytest.mark.parametrize(
    ("sent", "lines"),
    [
        ("Dock 4, Halle 2", ("Dock 4, Halle 2",)),
        ({"name": "Depot", "city": "Ulm", "zip": 89073, "unit": None}, ("Depot", "Ulm", "89073")),
        ("", ()),
    ],
)
async def test_an_authorization_keeps_its_address_in_any_shape(
    grid: RestTradingGrid, script: Any, sent: object, lines: tuple[str, ...]
) -> None:
    script(httpx.Response(200, json=an_authorization(return_to=sent, rma_number=4711)))
    authorization = await grid.read_return_authorization("R1")
    assert authorization.rma_number == "4711"
    assert authorization.return_to is not None
    assert authorization.return_to.lines == lines
    assert authorization.lines[0].received_quantity == 1
    assert authorization.lines[0].location_code == "WH-1"


async def test_an_authorization_is_requested_once(grid: RestTradingGrid, script: Any) -> None:
    script(
        conflict("/tradinggrid/v1/return-authorizations/R1"),
        httpx.Response(200, json=an_authorization()),
    )
    new = NewReturnAuthorization(
        case_id="C1",
        partner_id="p1",
        external_reference=OURS,
        lines=(NewReturnAuthorizationLine(line_id="11", quantity=2),),
    )
    assert (await grid.request_return_authorization(new, idempotency_key="k")).id == "R1"


async def test_authorizations_of_other_cases_are_left_out(
    grid: RestTradingGrid, script: Any
) -> None:
    script(page(an_authorization(), an_authorization(id="R2", case_id="C2")))
    found = await grid.list_return_authorizations("C1")
    assert [authorization.id for authorization in found] == ["R1"]
    assert script.calls[0].url.params["filter"] == "case_id eq 'C1'"


async def test_partners_are_read(grid: RestTradingGrid, script: Any) -> None:
    script(httpx.Response(200, json={"id": "p1", "name": "P", "status": "active", "roles": None}))
    partner = await grid.read_partner("p1")
    assert (partner.status, partner.roles) == ("active", ())


async def test_the_feed_is_read_from_a_position(grid: RestTradingGrid, script: Any) -> None:
    event = {
        "id": "e1",
        "type": "case.answered",
        "timestamp": "2026-11-01T10:00:00Z",
        "position": 8,
        "data": {"id": "C1", "resource": "case", "version": 3, "case_id": "C1"},
    }
    script(httpx.Response(200, json={"events": [event], "position": 8, "has_more": True}))
    read = await grid.read_events("7", limit=1)
    assert dict(script.calls[0].url.params) == {"position": "7", "items-per-page": "1"}
    assert (read.position, read.has_more, read.events[0].data.case_id) == ("8", True, "C1")


async def test_without_a_position_the_feed_goes_on_from_the_kept_one(
    grid: RestTradingGrid, script: Any
) -> None:
    script(httpx.Response(200, json={"events": [], "position": "p-3"}))
    await grid.read_events(None)
    assert "position" not in script.calls[0].url.params


async def test_a_feed_that_stands_still_is_not_read_for_ever(
    grid: RestTradingGrid, script: Any
) -> None:
    script(httpx.Response(200, json={"events": [], "position": "7", "has_more": True}))
    with pytest.raises(errors.ContractMismatch, match="stands still"):
        await grid.read_events("7")


@pytest.mark.parametrize(("position", "sent"), [("12", 12), ("p-12", "p-12")])
async def test_a_position_goes_back_as_it_came(
    grid: RestTradingGrid, script: Any, position: str, sent: object
) -> None:
    script(httpx.Response(204))
    await grid.set_position(position)
    assert json.loads(script.calls[0].content) == {"position": sent}


async def test_a_subscription_shows_its_secret_once(grid: RestTradingGrid, script: Any) -> None:
    body = {"id": "s1", "url": "https://us.example.com", "event_types": [], "secret": "whsec_c2U="}
    script(httpx.Response(201, json=body))
    made = await grid.subscribe("https://us.example.com", ["case.answered"], idempotency_key="k")
    assert made.secret is not None
    assert made.secret.get_secret_value() == "whsec_c2U="
    assert "c2U" not in repr(made)
    script(page(body))
    assert [listed.secret for listed in await grid.list_subscriptions()] == [None]


@pytest.mark.parametrize("secret", [None, ""])
async def test_a_subscription_without_its_secret_is_an_error(
    grid: RestTradingGrid, script: Any, secret: str | None
) -> None:
    script(httpx.Response(201, json={"id": "s1", "url": "https://us", "secret": secret}))
    with pytest.raises(errors.ContractMismatch, match="secret"):
        await grid.subscribe("https://us", [], idempotency_key="k")
    with pytest.raises(errors.ContractMismatch, match="secret"):
        await grid.rotate_secret("s1")


async def test_deleting_what_is_gone_is_done(grid: RestTradingGrid, script: Any) -> None:
    script(httpx.Response(404))
    await grid.delete_subscription("s1")
    assert script.calls[0].method == "DELETE"
    script(httpx.Response(403))
    with pytest.raises(errors.Forbidden):
        await grid.delete_subscription("s1")
