import re
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlsplit

import httpx
import pytest

from emulators.trading_grid.portal import words
from emulators.trading_grid.resources.campaigns.model import CommitmentStatus
from emulators.trading_grid.resources.cases.model import (
    PROOF,
    AnswerKind,
    CaseStatus,
    CaseType,
    Priority,
)
from emulators.trading_grid.resources.documents import DocumentType
from emulators.trading_grid.resources.inventory_advices.generator import CODES
from emulators.trading_grid.resources.inventory_advices.model import AdviceKind
from emulators.trading_grid.resources.purchase_orders.model import (
    ChangeStatus,
    OrderStatus,
    OrderType,
    Purpose,
)
from emulators.trading_grid.resources.return_authorizations import Status
from tests.emulators.trading_grid.pages import HOSTILE, follow, parsed, post_form

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, SetClock


async def send(grid: "Grid", case_id: str, form: str, **fields: str) -> httpx.Response:
    address = f"/portal/acme/cases/{case_id}/{form}"
    return await grid.http.post(address, data={k.replace("_", "-"): v for k, v in fields.items()})


async def test_the_partners_are_listed_with_what_waits(grid: "Grid") -> None:
    await grid.case()
    answer = await grid.http.get("/portal")
    parsed(answer)
    assert "Acme Supplies" in answer.text
    assert "1 waiting" in answer.text
    await grid.control("POST", "/reset")
    assert "No partners yet" in (await grid.http.get("/portal")).text


async def test_the_inbox_has_the_most_urgent_first_and_the_settled_last(grid: "Grid") -> None:
    await grid.case(subject="Later", due_time="2026-11-25T12:00:00Z")
    await grid.case(subject="Never", due_time=None)
    await grid.case(subject="Late", due_time="2026-11-23T09:00:00Z")
    await grid.case(subject="Sooner", due_time="2026-11-23T17:00:00Z")
    done = await grid.case(subject="Done")
    await grid.post(f"/cases/{done['id']}", {"action": "close"}, 200)
    answered = await grid.case(subject="Answered")
    await grid.control("POST", f"/cases/{answered['id']}/answer", {"kind": "accept"})
    answer = await grid.http.get("/portal/acme")
    parsed(answer)
    subjects = re.findall(r"<h3><a [^>]*>(.*?)</a>", answer.text)
    assert subjects == ["Late", "Sooner", "Later", "Never", "Answered", "Done"]
    text = re.sub(r"<[^>]+>", "", answer.text)
    assert "2 × LAMP, 4 × CHAIR" in text
    assert "Was due 3 hours ago" in text
    assert "Due in 5 hours" in text
    assert "Due in 2 days" in text


async def test_a_case_shows_its_lines_and_labelled_forms(grid: "Grid") -> None:
    case = await grid.case(description="Broken lamps", due_time="2026-11-25T12:00:00Z")
    answer = await grid.http.get(f"/portal/acme/cases/{case['id']}")
    page = parsed(answer)
    for shown in (
        "LAMP",
        "CHAIR",
        "Damaged",
        "Broken lamps",
        "in 2 days",
        "25 Nov 2026, 12:00 UTC",
    ):
        assert shown in answer.text
    assert {form.rsplit("/", 1)[1] for form in page.forms} == {"answer", "messages", "documents"}


async def test_accepting_everything_sends_the_answer_and_confirms(grid: "Grid") -> None:
    case = await grid.case()
    answer = await send(grid, case["id"], "answer", kind="accept", note="Fine ")
    assert answer.headers["location"].endswith("?done=accept")
    assert "Your acceptance was sent." in await follow(grid, answer)
    sent = (await grid.get(f"/cases/{case['id']}"))["answer"]
    assert (sent["kind"], sent["lines"], sent["note"]) == ("accept", [], "Fine")
    assert (await grid.event_types())[-1] == "case.answered"


async def test_declining_needs_a_reason_and_words(grid: "Grid") -> None:
    case = await grid.case()
    refused = await send(grid, case["id"], "answer", kind="decline", note=" ")
    page = parsed(refused, 422)
    assert page.controls["decline-response_reason"]["aria-invalid"] == "true"
    assert page.controls["decline-note"]["aria-invalid"] == "true"
    assert 'role="alert"' in refused.text
    assert "Choose a reason." in refused.text
    fields = {"kind": "decline", "response_reason": "RT", "note": "Too late"}
    path = f"/portal/acme/cases/{case['id']}/answer"
    assert "You declined" in await follow(grid, await post_form(grid, path, fields))
    sent = (await grid.get(f"/cases/{case['id']}"))["answer"]
    assert {line["response_reason_code"] for line in sent["lines"]} == {"RT"}
    assert {line["disposition_code"] for line in sent["lines"]} == {"RD"}


PART = {
    "kind": "partial",
    "line-0-disposition": "RA",
    "line-0-quantity": "1",
    "line-0-credit": "12,50",
    "line-0-reason": "QD",
    "line-0-note": "One only",
    "line-1-disposition": "RD",
    "line-1-quantity": "0",
    "note": "See lines",
}


async def test_a_part_is_accepted_line_by_line(grid: "Grid") -> None:
    case = await grid.case()
    answer = await post_form(grid, f"/portal/acme/cases/{case['id']}/answer", PART)
    await follow(grid, answer)
    sent = (await grid.get(f"/cases/{case['id']}"))["answer"]
    first, second = sent["lines"]
    assert (sent["kind"], sent["note"]) == ("partial", "See lines")
    assert (first["line_id"], first["quantity"], first["disposition_code"]) == ("11", 1, "PA")
    assert (first["credit_amount"], first["response_reason_code"]) == ("12.50", "QD")
    assert first["note"] == "One only"
    assert (second["line_id"], second["quantity"], second["disposition_code"]) == ("12", 0, "RD")


@pytest.mark.parametrize("code", ["RA", "KA", "KR", "DI"])
async def test_a_whole_line_keeps_the_code_that_was_chosen(grid: "Grid", code: str) -> None:
    case = await grid.case()
    fields = {**PART, "line-0-disposition": code, "line-0-quantity": "2"}
    await follow(grid, await post_form(grid, f"/portal/acme/cases/{case['id']}/answer", fields))
    line = (await grid.get(f"/cases/{case['id']}"))["answer"]["lines"][0]
    assert (line["disposition_code"], line["quantity"]) == (code, 2)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"line-0-quantity": "3"}, "line-0-quantity"),
        ({"line-0-quantity": "-1"}, "line-0-quantity"),
        ({"line-0-quantity": "one"}, "line-0-quantity"),
        ({"line-0-quantity": ""}, "line-0-quantity"),
        ({"line-0-quantity": "0"}, "line-0-quantity"),
        ({"line-1-quantity": "2"}, "line-1-quantity"),
        ({"line-0-disposition": ""}, "line-0-disposition"),
        ({"line-0-disposition": "XX"}, "line-0-disposition"),
        ({"line-0-credit": "lots"}, "line-0-credit"),
        ({"line-0-reason": "XX"}, "line-0-reason"),
        ({"line-0-note": "x" * 501}, "line-0-note"),
    ],
)
async def test_a_wrong_line_is_told_by_its_field_and_keeps_what_was_typed(
    grid: "Grid", change: dict[str, str], field: str
) -> None:
    case = await grid.case()
    fields = {**PART, **change}
    answer = await post_form(grid, f"/portal/acme/cases/{case['id']}/answer", fields)
    page = parsed(answer, 422)
    wrong = [key for key, one in page.controls.items() if one.get("aria-invalid")]
    assert wrong == [f"partial-{field}"]
    assert f'href="#partial-{field}"' in answer.text
    assert "See lines" in answer.text
    assert (await grid.get(f"/cases/{case['id']}"))["answer"] is None


async def test_refusing_every_line_is_sent_to_the_decline_form(grid: "Grid") -> None:
    case = await grid.case()
    fields = {**PART, "line-0-disposition": "RD", "line-0-quantity": "0"}
    answer = await post_form(grid, f"/portal/acme/cases/{case['id']}/answer", fields)
    parsed(answer, 422)
    assert "Use Decline" in answer.text


LATE = {
    "kind": "late",
    "line-0-code": "DR",
    "line-0-ship_date": "2026-11-27",
    "line-1-code": "DR",
    "line-1-ship_date": "2026-11-30",
    "note": "The truck broke down",
}


async def answer_late(grid: "Grid", **change: str) -> tuple[str, httpx.Response]:
    case = await grid.case(case_type="order_exception")
    fields = {**LATE, **{name.replace("__", "-"): value for name, value in change.items()}}
    return case["id"], await post_form(grid, f"/portal/acme/cases/{case['id']}/answer", fields)


async def answer_of(grid: "Grid", case_id: str) -> Any:
    return (await grid.get(f"/cases/{case_id}"))["answer"]


async def test_late_lines_get_their_dates(grid: "Grid") -> None:
    case_id, sent = await answer_late(grid)
    text = await follow(grid, sent)
    assert "2 of 2 · Accepted, date rescheduled · 2026-11-27" in text
    answer = await answer_of(grid, case_id)
    assert (answer["kind"], answer["note"]) == ("accept", "The truck broke down")
    assert [
        (one["line_id"], one["code"], one["quantity"], one["ship_date"]) for one in answer["lines"]
    ] == [("11", "DR", 2, "2026-11-27"), ("12", "DR", 4, "2026-11-30")]


async def test_part_now_the_rest_later_and_a_substitute(grid: "Grid") -> None:
    case_id, sent = await answer_late(
        grid,
        line__0__code="IS",
        line__0__ship_date="",
        line__0__substitute_sku="LAMP-2",
        line__1__code="BP",
        line__1__quantity="3",
    )
    assert "LAMP-2 instead" in await follow(grid, sent)
    answer = await answer_of(grid, case_id)
    assert answer["kind"] == "partial"
    first, second = answer["lines"]
    assert (first["code"], first["quantity"], first["substitute_sku"]) == ("IS", 2, "LAMP-2")
    assert first["ship_date"] is None
    assert (second["code"], second["quantity"], second["ship_date"]) == ("BP", 3, "2026-11-30")


async def test_what_cannot_ship_is_declined(grid: "Grid") -> None:
    none = {"code": "IR", "ship_date": ""}
    change = {f"line__{n}__{name}": value for n in (0, 1) for name, value in none.items()}
    case_id, sent = await answer_late(grid, **change)
    assert "You declined" in await follow(grid, sent)
    assert [one["code"] for one in (await answer_of(grid, case_id))["lines"]] == ["IR", "IR"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"line__0__code": ""}, "line-0-code"),
        ({"line__0__code": "IA"}, "line-0-code"),
        ({"line__0__ship_date": ""}, "line-0-ship_date"),
        ({"line__0__ship_date": "2026-11-22"}, "line-0-ship_date"),
        ({"line__0__ship_date": "soon"}, "line-0-ship_date"),
        ({"line__0__code": "IS"}, "line-0-substitute_sku"),
        ({"line__0__code": "IR"}, "line-0-ship_date"),
        ({"line__0__code": "BP"}, "line-0-quantity"),
        ({"line__0__code": "BP", "line__0__quantity": "2"}, "line-0-quantity"),
        ({"line__0__code": "BP", "line__0__quantity": "0"}, "line-0-quantity"),
        (
            {"line__1__code": "BP", "line__1__quantity": "1", "line__1__ship_date": ""},
            "line-1-ship_date",
        ),
    ],
)
async def test_a_late_line_that_makes_no_sense_is_told_by_its_field(
    grid: "Grid", change: dict[str, str], field: str
) -> None:
    case_id, sent = await answer_late(grid, **change)
    page = parsed(sent, 422)
    wrong = [key for key, one in page.controls.items() if one.get("aria-invalid")]
    assert wrong == [f"late-{field}"]
    assert await answer_of(grid, case_id) is None


async def test_a_claims_form_does_not_answer_late_lines(grid: "Grid") -> None:
    case = await grid.case(case_type="order_exception")
    page = f"/portal/acme/cases/{case['id']}"
    assert "Accept everything" not in (await grid.http.get(page)).text
    parsed(await post_form(grid, f"{page}/answer", {"kind": "accept"}), 400)
    claim = await grid.case()
    parsed(await post_form(grid, f"/portal/acme/cases/{claim['id']}/answer", LATE), 400)


async def test_a_question_goes_to_the_company(grid: "Grid") -> None:
    case = await grid.case()
    parsed(await send(grid, case["id"], "answer", kind="request_info"), 422)
    answer = await send(grid, case["id"], "answer", kind="request_info", note="Photos?")
    assert "Photos?" in await follow(grid, answer)
    sent = (await grid.get(f"/cases/{case['id']}"))["answer"]
    assert (sent["kind"], sent["note"]) == ("request_info", "Photos?")


async def test_a_message_is_written_and_internal_ones_are_hidden(grid: "Grid") -> None:
    case = await grid.case()
    body = {"body": "Between us", "visibility": "internal"}
    await grid.post(f"/cases/{case['id']}/messages", body)
    parsed(await send(grid, case["id"], "messages", body="  "), 422)
    text = await follow(grid, await send(grid, case["id"], "messages", body="On its way"))
    assert "On its way" in text
    assert "Between us" not in text
    assert (await grid.event_types())[-1] == "case.message_added"


async def upload(grid: "Grid", case_id: str, name: str, content: bytes) -> httpx.Response:
    return await grid.http.post(
        f"/portal/acme/cases/{case_id}/documents",
        data={"document_type": "inspection_report"},
        files={"file": (name, content, "application/pdf")},
    )


async def test_a_document_is_uploaded_and_downloaded(grid: "Grid") -> None:
    case = await grid.case()
    text = await follow(grid, await upload(grid, case["id"], "report.pdf", b"%PDF-1.7"))
    assert "report.pdf" in text
    (document,) = (await grid.get(f"/cases/{case['id']}/documents"))["_embedded"]["collection"]
    assert (document["document_type"], document["mime_type"]) == (
        "inspection_report",
        "application/pdf",
    )
    assert document["author"]["type"] == "partner"
    got = await grid.http.get(f"/portal/acme/documents/{document['id']}")
    assert (got.content, got.headers["x-content-type-options"]) == (b"%PDF-1.7", "nosniff")
    assert got.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("count", [4097, 80_000, 400_000])
async def test_a_file_past_the_limit_is_413_by_its_field(grid: "Grid", count: int) -> None:
    case = await grid.case()
    answer = await upload(grid, case["id"], "big.pdf", b"x" * count)
    page = parsed(answer, 413)
    assert page.controls["document-file"]["aria-invalid"] == "true"
    assert "larger than 4 KB" in answer.text
    assert (await grid.get(f"/cases/{case['id']}/documents"))["_embedded"]["collection"] == []


async def test_an_upload_without_file_or_content_is_422(grid: "Grid") -> None:
    case = await grid.case()
    address = f"/portal/acme/cases/{case['id']}/documents"
    without = await grid.http.post(
        address, data={"document_type": "photo"}, files={"file": ("", b"", "image/png")}
    )
    parsed(without, 422)
    parsed(await upload(grid, case["id"], "empty.pdf", b""), 422)
    not_multipart = await grid.http.post(address, data={"document_type": "photo"})
    assert parsed(not_multipart, 400).forms == []


async def authorised(grid: "Grid") -> tuple[str, str]:
    """A case and the address of its authorised return."""
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    address = f"/portal/acme/cases/{case['id']}/returns/{asked['id']}"
    fields = {
        "step": "authorize",
        "rma_number": "RMA-7",
        "return_to": "Dock 4\r\nLeeds",
        "expires": "2026-12-24",
    }
    assert "The return was authorised." in await follow(
        grid, await post_form(grid, address, fields)
    )
    return asked["id"], address


async def test_a_return_is_authorised_with_number_address_and_expiry(grid: "Grid") -> None:
    key, _ = await authorised(grid)
    given = await grid.get(f"/return-authorizations/{key}")
    assert (given["status"], given["rma_number"]) == ("authorized", "RMA-7")
    assert given["return_to"].splitlines() == ["Dock 4", "Leeds"]
    assert given["expires"] == "2026-12-24T23:59:59Z"
    assert (await grid.event_types())[-1] == "return_authorization.updated"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"rma_number": ""}, "rma_number"),
        ({"return_to": " "}, "return_to"),
        ({"expires": "2026-11-22"}, "expires"),
        ({"expires": "soon"}, "expires"),
    ],
)
async def test_an_incomplete_authorisation_is_told_by_its_field(
    grid: "Grid", change: dict[str, str], field: str
) -> None:
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    fields = {"step": "authorize", "rma_number": "R", "return_to": "Here", **change}
    answer = await post_form(grid, f"/portal/acme/cases/{case['id']}/returns/{asked['id']}", fields)
    page = parsed(answer, 422)
    wrong = [key for key, one in page.controls.items() if one.get("aria-invalid")]
    assert wrong == [f"authorize-{asked['id']}-{field}"]
    assert (await grid.get(f"/return-authorizations/{asked['id']}"))["status"] == "requested"


async def test_a_return_is_refused_with_a_reason(grid: "Grid") -> None:
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    address = f"/portal/acme/cases/{case['id']}/returns/{asked['id']}"
    parsed(await post_form(grid, address, {"step": "deny"}), 422)
    await follow(grid, await post_form(grid, address, {"step": "deny", "response_reason": "IN"}))
    told = await grid.get(f"/return-authorizations/{asked['id']}")
    assert told["status"] == "denied"
    assert {line["response_reason_code"] for line in told["lines"]} == {"IN"}


async def test_goods_received_are_reported_line_by_line(grid: "Grid") -> None:
    key, address = await authorised(grid)
    fields = {
        "step": "goods",
        "line-0-received": "1",
        "line-0-disposition": "RA",
        "line-0-location": "W1",
    }
    assert "What arrived was reported." in await follow(
        grid, await post_form(grid, address, fields)
    )
    first, second = (await grid.get(f"/return-authorizations/{key}"))["lines"]
    assert (first["received_quantity"], first["disposition_code"]) == (1, "RA")
    assert (first["location_code"], second["received_quantity"]) == ("W1", None)
    none = {"step": "goods", "line-1-received": "0"}
    await follow(grid, await post_form(grid, address, none))
    first, second = (await grid.get(f"/return-authorizations/{key}"))["lines"]
    assert (first["received_quantity"], second["received_quantity"]) == (1, 0)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"line-0-received": "3"}, "line-0-received"),
        ({"line-0-received": "1"}, "line-0-disposition"),
        ({"line-0-received": "1", "line-0-disposition": "RA"}, "line-0-location"),
        ({"line-0-received": "1", "line-0-disposition": "KA"}, "line-0-disposition"),
        ({"line-0-disposition": "DI"}, "line-0-received"),
    ],
)
async def test_a_wrong_report_of_goods_is_told_by_its_field(
    grid: "Grid", fields: dict[str, str], field: str
) -> None:
    key, address = await authorised(grid)
    answer = await post_form(grid, address, {"step": "goods", **fields})
    page = parsed(answer, 422)
    wrong = [name for name, one in page.controls.items() if one.get("aria-invalid")]
    assert wrong == [f"goods-{key}-{field}"]


async def test_an_empty_report_of_goods_asks_for_one_line(grid: "Grid") -> None:
    _, address = await authorised(grid)
    answer = await post_form(grid, address, {"step": "goods"})
    parsed(answer, 422)
    assert "Enter what arrived for at least one line." in answer.text


async def test_goods_before_the_authorisation_are_refused(grid: "Grid") -> None:
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    fields = {"step": "goods", "line-0-received": "0"}
    address = f"/portal/acme/cases/{case['id']}/returns/{asked['id']}"
    answer = await post_form(grid, address, fields)
    parsed(answer, 409)
    assert "Authorise the return" in answer.text


@pytest.mark.parametrize("action", ["close", "cancel"])
async def test_an_ended_case_says_so_and_has_no_forms(grid: "Grid", action: str) -> None:
    case = await grid.case()
    asked = await grid.authorization(case["id"])
    await grid.post(f"/cases/{case['id']}", {"action": action}, 200)
    answer = await grid.http.get(f"/portal/acme/cases/{case['id']}")
    assert parsed(answer).forms == []
    assert "Nothing more can be sent to it." in answer.text
    stale = [
        await send(grid, case["id"], "answer", kind="accept"),
        await send(grid, case["id"], "messages", body="Hello"),
        await upload(grid, case["id"], "a.pdf", b"x"),
        await post_form(
            grid,
            f"/portal/acme/cases/{case['id']}/returns/{asked['id']}",
            {"step": "authorize", "rma_number": "R", "return_to": "Here"},
        ),
    ]
    for one in stale:
        parsed(one, 409)
        assert 'role="alert"' in one.text


async def test_a_resolved_case_takes_messages_and_goods_but_no_answer(grid: "Grid") -> None:
    case = await grid.case()
    await grid.post(f"/cases/{case['id']}", {"action": "resolve"}, 200)
    page = parsed(await grid.http.get(f"/portal/acme/cases/{case['id']}"))
    assert {form.rsplit("/", 1)[1] for form in page.forms} == {"messages", "documents"}


async def test_hostile_text_is_shown_as_text_everywhere(grid: "Grid") -> None:
    await grid.control("POST", "/partners", {"id": "acme", "name": HOSTILE}, 200)
    line: dict[str, Any] = {"line_id": HOSTILE, "quantity": 1, "sku": HOSTILE, "note": HOSTILE}
    case = await grid.case(
        subject=HOSTILE,
        description=HOSTILE,
        lines=[{**line, "gtin": HOSTILE, "reason_code": "<b>&\"'"}],
        business_references=[{"type": HOSTILE, "value": HOSTILE}],
    )
    await grid.post(f"/cases/{case['id']}/messages", {"body": HOSTILE})
    body = {
        "case_id": case["id"],
        "lines": [{"line_id": HOSTILE, "quantity": 1, "sku": HOSTILE}],
    }
    asked = await grid.post("/return-authorizations", body)
    await grid.control(
        "POST",
        f"/return-authorizations/{asked['id']}",
        {"status": "authorized", "rma_number": HOSTILE, "return_to": HOSTILE},
    )
    await grid.control(
        "POST",
        f"/cases/{case['id']}/answer",
        {"kind": "partial", "note": HOSTILE, "lines": [{"line_id": HOSTILE, "note": HOSTILE}]},
    )
    await grid.control(
        "POST", f"/cases/{case['id']}/documents", {"file_name": "a<b>&.txt", "text": "x"}
    )
    for path in ("/portal", "/portal/acme", f"/portal/acme/cases/{case['id']}"):
        answer = await grid.http.get(path)
        parsed(answer)
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert "&lt;script&gt;" in answer.text
    fields = {**PART, "line-0-quantity": HOSTILE, "line-0-note": HOSTILE, "note": HOSTILE}
    typed = await post_form(grid, f"/portal/acme/cases/{case['id']}/answer", fields)
    parsed(typed, 422)
    assert "<script" not in typed.text
    unknown = await grid.http.get("/portal/%3Cscript%3E")
    parsed(unknown, 404)


async def test_a_partner_sees_only_its_own(grid: "Grid") -> None:
    await grid.control("POST", "/partners", {"id": "rival", "name": "Rival"}, 201)
    case = await grid.case(subject="Secret return")
    document = await grid.control(
        "POST", f"/cases/{case['id']}/documents", {"file_name": "a.txt", "text": "x"}, 201
    )
    parsed(await grid.http.get(f"/portal/rival/cases/{case['id']}"), 404)
    parsed(await grid.http.get(f"/portal/rival/documents/{document['id']}"), 404)
    assert "Secret return" not in (await grid.http.get("/portal/rival")).text


async def test_a_return_of_another_case_is_not_changed_from_here(grid: "Grid") -> None:
    one, other = await grid.case(), await grid.case()
    asked = await grid.authorization(other["id"])
    address = f"/portal/acme/cases/{one['id']}/returns/{asked['id']}"
    fields = {"step": "authorize", "rma_number": "R", "return_to": "Here"}
    parsed(await post_form(grid, address, fields), 404)


async def test_a_partner_of_two_companies_has_one_inbox(grid: "Grid") -> None:
    await grid.control(
        "POST", "/tenants", {"id": "other", "name": "Other Store", "clients": {"c": "s"}}
    )
    await grid.control("POST", "/partners", {"id": "acme", "name": "Acme", "tenant": "other"}, 201)
    await grid.case(subject="From demo")
    await (await grid.login("other", "c", "s")).case(subject="From other")
    text = (await grid.http.get("/portal/acme")).text
    for shown in ("From demo", "From other", "Demo Store", "Other Store"):
        assert shown in text


@pytest.mark.parametrize("kind", ["", "explode"])
async def test_a_form_that_is_none_of_ours_is_400(grid: "Grid", kind: str) -> None:
    case = await grid.case()
    parsed(await send(grid, case["id"], "answer", kind=kind), 400)


async def test_everything_a_page_loads_is_served_here(grid: "Grid") -> None:
    text = (await grid.http.get("/portal")).text
    for address in re.findall(r'(?:src|href)="([^"]+)"', text):
        if address.startswith("data:"):
            continue
        assert not urlsplit(address).netloc
        path = address.split("#")[0]
        if path:
            assert (await grid.http.get(path)).status_code == 200
    css = await grid.http.get("/portal-assets/portal.css")
    assert css.headers["content-type"].startswith("text/css")
    assert "url(" not in css.text


def test_every_state_and_type_of_the_contract_has_words() -> None:
    for words_of, known in (
        (words.STATUS, CaseStatus),
        (words.CASE_TYPE, CaseType),
        (words.ANSWER, AnswerKind),
        (words.AUTHORIZATION, Status),
        (words.DOCUMENT_TYPE, DocumentType),
        (words.ORDER_TYPE, OrderType),
        (words.ORDER_STATUS, OrderStatus),
        (words.CHANGE, ChangeStatus),
        (words.PURPOSE, Purpose),
        (words.ADVICE_KIND, AdviceKind),
        (words.COMMITMENT, CommitmentStatus),
        (words.SEVERITY, Priority),
    ):
        assert set(words_of) == set(get_args(known))
    assert set(words.CONSTRAINT) == set(CODES)
    assert set(words.PROOF_TYPE) == set(words.DOCUMENT_TYPE)
    assert set(words.PROOF_ANSWER) == set(PROOF)


async def test_times_are_words_a_person_would_use(grid: "Grid", clock: "SetClock") -> None:
    case = await grid.case(due_time="2026-11-23T12:45:00Z")
    path = f"/portal/acme/cases/{case['id']}"
    assert "in 45 minutes" in (await grid.http.get(path)).text
    clock.forward(minutes=45)
    assert "just now" in (await grid.http.get(path)).text
    clock.forward(days=1, hours=1)
    assert "1 day ago" in (await grid.http.get(path)).text
