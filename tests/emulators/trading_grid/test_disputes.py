"""Disputes, supply constraints and campaign cases: answered with documents and words."""

import asyncio
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.emulators.trading_grid.pages import HOSTILE, Page, follow, parsed, post_form

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid, Until

PROOF = ("dispute", "supply_constraint", "campaign_readiness")
ASKED = [
    {"type": "order", "value": "#1001"},
    {"type": "requested_document", "value": "proof_of_delivery"},
    {"type": "requested_document", "value": "inspection_report"},
    {"type": "requested_document", "value": "photo"},
]


async def dispute(grid: "Grid", **fields: Any) -> Any:
    return await grid.case(
        **{
            "case_type": "dispute",
            "subject": "Chargeback on #1001",
            "description": "The customer says that nothing arrived.",
            "due_time": "2026-11-25T12:00:00Z",
            "business_references": ASKED,
            **fields,
        }
    )


async def send(grid: "Grid", case: Any, form: str, **fields: str) -> httpx.Response:
    return await post_form(grid, f"/portal/acme/cases/{case['id']}/{form}", fields)


async def upload(grid: "Grid", case: Any, kind: str) -> httpx.Response:
    return await grid.http.post(
        f"/portal/acme/cases/{case['id']}/documents",
        data={"document_type": kind},
        files={"file": (f"{kind}.pdf", b"%PDF-1.4 x", "application/pdf")},
    )


async def page_of(grid: "Grid", case: Any) -> tuple[Page, str]:
    answer = await grid.http.get(f"/portal/acme/cases/{case['id']}")
    return parsed(answer), " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


async def documents(grid: "Grid", case: Any) -> Any:
    page = await grid.get(f"/cases/{case['id']}/documents")
    return page["_embedded"]["collection"]


async def messages(grid: "Grid", case: Any) -> list[str]:
    page = await grid.get(f"/cases/{case['id']}/messages")
    return [one["body"] for one in page["_embedded"]["collection"]]


def chosen(text: str) -> list[str]:
    """The document types offered, the chosen one first."""
    select = re.findall(r'<select[^>]*name="document_type".*?</select>', text, re.S)[0]
    selected = re.findall(r'value="(\w+)" selected', select)
    return [*selected, *re.findall(r'value="(\w+)"', select)]


async def test_a_dispute_shows_which_documents_are_asked_for(grid: "Grid") -> None:
    case = await dispute(grid)
    page, text = await page_of(grid, case)
    for shown in (
        "The customer says that nothing arrived.",
        "Answer due in 2 days",
        "Order #1001",
        "Documents that are asked for Proof of delivery Not sent yet Inspection report Not sent yet",
    ):
        assert shown in text
    assert "Requested document" not in text
    assert {form.rsplit("/", 1)[1] for form in page.forms} == {"answer", "messages", "documents"}


async def test_each_document_that_is_sent_is_ticked_off(grid: "Grid") -> None:
    case = await dispute(grid)
    await follow(grid, await upload(grid, case, "proof_of_delivery"))
    _, text = await page_of(grid, case)
    assert "Proof of delivery Sent Inspection report Not sent yet Photo Not sent yet" in text
    assert [one["document_type"] for one in await documents(grid, case)] == ["proof_of_delivery"]
    shown = (await grid.http.get(f"/portal/acme/cases/{case['id']}")).text
    assert chosen(shown)[0] == "inspection_report"
    for kind in ("inspection_report", "photo"):
        await follow(grid, await upload(grid, case, kind))
    _, text = await page_of(grid, case)
    assert "Not sent yet" not in text


async def test_a_document_of_the_company_is_not_the_partners_proof(grid: "Grid") -> None:
    case = await dispute(grid)
    file = await grid.call(
        "POST",
        "/files/from-stream",
        params={"file-name": "a.pdf"},
        content=b"a",
        headers={"Content-Type": "application/pdf"},
    )
    body = {"file_id": file.json()["id"], "document_type": "proof_of_delivery"}
    await grid.post(f"/cases/{case['id']}/documents", body)
    _, text = await page_of(grid, case)
    assert "Proof of delivery Not sent yet" in text


@pytest.mark.parametrize(
    ("case_type", "first"),
    [
        ("dispute", "proof_of_delivery"),
        ("supply_constraint", "evidence"),
        ("campaign_readiness", "evidence"),
    ],
)
async def test_what_proves_something_is_offered_first(
    grid: "Grid", case_type: str, first: str
) -> None:
    case = await dispute(grid, case_type=case_type, business_references=[])
    text = (await grid.http.get(f"/portal/acme/cases/{case['id']}")).text
    offered = chosen(text)
    assert offered[0] == first
    assert offered[1:6] == [
        "proof_of_delivery",
        "evidence",
        "photo",
        "certificate",
        "inspection_report",
    ]
    assert "asked for" not in text


@pytest.mark.parametrize(
    "kind", ["proof_of_delivery", "evidence", "photo", "certificate", "inspection_report"]
)
async def test_every_kind_of_proof_is_taken_and_told_of(grid: "Grid", kind: str) -> None:
    case = await dispute(grid)
    await follow(grid, await upload(grid, case, kind))
    (document,) = await documents(grid, case)
    assert (document["document_type"], document["file_name"]) == (kind, f"{kind}.pdf")
    assert (await grid.event_types())[-1] == "case.document_added"


async def test_a_statement_stands_by_the_dispute_and_is_a_message(grid: "Grid") -> None:
    case = await dispute(grid)
    stated = "Handed over on 3 November."
    text = await follow(grid, await send(grid, case, "answer", kind="accept", note=stated))
    assert "Your statement was sent." in text
    assert "We stand by it and can prove it" in text
    read = await grid.get(f"/cases/{case['id']}")
    answer = read["answer"]
    assert (answer["kind"], answer["note"], answer["lines"]) == ("accept", stated, [])
    assert read["status"] == "pending_company"
    assert await messages(grid, case) == [stated]
    await follow(grid, await send(grid, case, "messages", body="And the driver confirms it."))
    assert (await messages(grid, case))[1] == "And the driver confirms it."


@pytest.mark.parametrize(
    ("kind", "case_type"), [("accept", "dispute"), *(("decline", one) for one in PROOF)]
)
async def test_an_answer_without_its_words_is_not_sent(
    grid: "Grid", kind: str, case_type: str
) -> None:
    case = await dispute(grid, case_type=case_type)
    page = parsed(await send(grid, case, "answer", kind=kind, note=" "), 422)
    wrong = [key for key, one in page.controls.items() if one.get("aria-invalid")]
    assert wrong == [f"{kind}-note"]
    assert (await grid.get(f"/cases/{case['id']}"))["answer"] is None


@pytest.mark.parametrize("case_type", ["supply_constraint", "campaign_readiness"])
async def test_other_cases_are_accepted_without_words(grid: "Grid", case_type: str) -> None:
    case = await dispute(grid, case_type=case_type)
    await follow(grid, await send(grid, case, "answer", kind="accept", note=""))
    assert (await grid.get(f"/cases/{case['id']}"))["answer"]["kind"] == "accept"


async def test_what_can_not_be_proved_is_declined_with_words(grid: "Grid") -> None:
    case = await dispute(grid)
    text = await follow(grid, await send(grid, case, "answer", kind="decline", note="Lost."))
    assert "Your refusal was sent." in text
    assert "We can&#39;t prove it" in text
    answer = (await grid.get(f"/cases/{case['id']}"))["answer"]
    assert (answer["kind"], answer["note"], answer["lines"]) == ("decline", "Lost.", [])


async def test_a_claims_form_does_not_answer_a_dispute(grid: "Grid") -> None:
    case = await dispute(grid)
    parsed(await send(grid, case, "answer", kind="partial"), 400)


async def test_a_case_leads_to_its_campaign_where_it_is_the_partners(grid: "Grid") -> None:
    campaign = await grid.campaign()
    named = [
        {"type": "campaign", "value": campaign["id"]},
        {"type": "campaign", "value": "Black Friday"},
    ]
    case = await dispute(grid, case_type="campaign_readiness", business_references=named)
    answer = await grid.http.get(f"/portal/acme/cases/{case['id']}")
    parsed(answer)
    assert f'<a href="/portal/acme/campaigns/{campaign["id"]}">Spring launch</a>' in answer.text
    assert campaign["id"] not in re.sub(r"<[^>]+>", "", answer.text)
    assert "Black Friday" in answer.text
    assert "We will be ready" in answer.text


async def test_hostile_requests_are_shown_as_text(grid: "Grid") -> None:
    asked = [{"type": "requested_document", "value": HOSTILE}]
    case = await dispute(grid, business_references=asked)
    answer = await grid.http.get(f"/portal/acme/cases/{case['id']}")
    parsed(answer)
    assert "&lt;script&gt;" in answer.text


async def behave(grid: "Grid", behaviour: str, **settings: Any) -> None:
    body = {"id": "acme", "behaviour": behaviour, "answer_delay_s": 0, **settings}
    await grid.control("POST", "/partners", body, 200)


async def answered(grid: "Grid", until: "Until", case: Any) -> Any:
    async def has_answer() -> bool:
        return (await grid.get(f"/cases/{case['id']}"))["answer"] is not None

    await until(has_answer)
    return (await grid.get(f"/cases/{case['id']}"))["answer"]


@pytest.mark.parametrize("behaviour", ["prompt", "slow"])
async def test_it_proves_what_is_asked_and_stands_by_it(
    grid: "Grid", until: "Until", behaviour: str
) -> None:
    await behave(grid, behaviour)
    case = await dispute(grid)
    answer = await answered(grid, until, case)
    assert (answer["kind"], answer["lines"]) == ("accept", [])
    assert answer["note"] in await messages(grid, case)
    papers = await documents(grid, case)
    assert [(one["document_type"], one["mime_type"]) for one in papers] == [
        ("proof_of_delivery", "application/pdf"),
        ("inspection_report", "application/pdf"),
    ]
    link = papers[0]["_links"]["urn:eim:linkrel:download-media"]["href"]
    got = await grid.http.get(link, headers={"Authorization": f"Bearer {grid.token}"})
    assert got.content.startswith(b"%PDF-1.4")
    for shown in (b"Chargeback on #1001", b"Order: #1001", b"2 x LAMP", b"Issued on 2026-11-23"):
        assert shown in got.content
    # The proof is there before the answer tells of it.
    assert (await grid.event_types())[-3:] == [
        "case.document_added",
        "case.document_added",
        "case.answered",
    ]


async def test_a_proof_of_delivery_comes_where_nothing_is_asked_for(
    grid: "Grid", until: "Until"
) -> None:
    await behave(grid, "prompt")
    case = await dispute(grid, business_references=[], lines=[])
    await answered(grid, until, case)
    assert [one["document_type"] for one in await documents(grid, case)] == ["proof_of_delivery"]


async def test_a_dispute_handed_back_is_answered_again_without_the_same_papers(
    grid: "Grid", until: "Until"
) -> None:
    await behave(grid, "prompt")
    case = await dispute(grid)
    first = (await answered(grid, until, case))["message_id"]
    body = {"body": "Can you say more?", "hand_back": True}
    await grid.post(f"/cases/{case['id']}/messages", body)

    async def again() -> bool:
        return bool((await answered(grid, until, case))["message_id"] != first)

    await until(again)
    assert len(await documents(grid, case)) == 2


async def test_a_contrary_partner_proves_nothing_and_says_so(grid: "Grid", until: "Until") -> None:
    await behave(grid, "contrary")
    case = await dispute(grid)
    answer = await answered(grid, until, case)
    assert (answer["kind"], bool(answer["note"]), answer["lines"]) == ("decline", True, [])
    assert await documents(grid, case) == []


@pytest.mark.parametrize(
    ("behaviour", "case_type"),
    [
        ("silent", "dispute"),
        ("manual", "dispute"),
        ("prompt", "supply_constraint"),
        ("prompt", "campaign_readiness"),
    ],
)
async def test_others_are_left_to_people(grid: "Grid", behaviour: str, case_type: str) -> None:
    await behave(grid, behaviour)
    case = await dispute(grid, case_type=case_type)
    await asyncio.sleep(0.03)
    assert (await grid.get(f"/cases/{case['id']}"))["answer"] is None
    assert await documents(grid, case) == []
