"""Pages for people: a case for browsers, the open cases, the way in and out."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

from api.console.negotiation import prefers_html
from api.console.words import (
    amount_words,
    choices,
    day_words,
    distance_words,
    outcome_words,
    status_words,
)
from api.services import Services
from domain.case import CaseKind, CaseSnapshot, CaseStatus, Trouble, WaitingFor
from persistence.repositories import case_timeline, cases, documents
from persistence.repositories.case_timeline import TimelineRow
from persistence.repositories.cases import CaseFields
from persistence.tables import Case

CHROMIUM = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
BROWSER = {"Accept": CHROMIUM}
HOSTILE = '<img src=x onerror="harmed=1"><script>harmed()</script>\'</textarea>{{ 7*7 }}'
SINCE = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def detail(said: str = "Fine.") -> dict[str, Any]:
    """A claim's detail with everything in it; `said` is whatever others wrote."""
    return {
        "claim_kind": "return",
        "phase": "goods",
        "return_id": "7894",
        "return_name": said,
        "return_status": "OPEN",
        "value": "218.00 EUR",
        "notes": [said],
        "lines": [
            {
                "line_id": "1",
                "sku": "JERSEY",
                "name": said,
                "partner": "p-1",
                "quantity": 3,
                "reason": "DEFECTIVE",
                "unit_value": "89.0",
                "verdict": {
                    "accepted": 2,
                    "refused": 1,
                    "keep": False,
                    "by": "partner:p-1",
                    "disposition_code": "PA",
                    "response_reason_code": "RT",
                    "credit_amount": "12.5",
                    "note": said,
                },
                "dispositions": [{"quantity": 2, "type": "NOT_RESTOCKED", "by": "operator:maria"}],
            }
        ],
        "reviews": [
            {
                "partner": "p-1",
                "name": "Alpine Textiles",
                "trading_grid_case": "tg-77",
                "status": "PENDING",
                "answer": {"kind": "partial", "time": SINCE.isoformat(), "note": said},
                "question": said,
                "silent_since": "",
                "due": "",
                "reminders_sent": 2,
                "authorization": {
                    "rma_number": "RMA-1",
                    "status": said,
                    "return_to": said,
                    "expires": "2026-12-23",
                },
            }
        ],
        "decision": {"choice": "approve_accepted", "actor": "operator:maria", "note": said},
        "refund_decision": {
            "choice": "refund",
            "actor": "operator:maria",
            "amount": {"amount": "100", "currency": "EUR"},
        },
        "goods_problems": [said],
        "goods_until": SINCE.isoformat(),
        "suggested_refund": "178.00 EUR",
        "refunded": "",
    }


async def record(
    services: Services,
    case: Case,
    *,
    status: CaseStatus = CaseStatus.AWAITING_PARTNER,
    due: datetime | None = None,
    said: str = "Fine.",
    outcome: str = "",
    troubles: tuple[Trouble, ...] = (),
    **changed: Any,
) -> None:
    """A snapshot with its row, as the workflow's activity would write it."""
    closed = SINCE if status.final else None
    waiting = (
        None
        if status.final
        else WaitingFor(who=f"the word of {said}", what=said, since=SINCE, until=due, then=said)
    )
    snapshot = CaseSnapshot(
        case_id=case.id,
        number=case.number,
        kind=CaseKind.RETURN_CLAIM,
        shop="acme",
        title=case.title,
        status=status,
        outcome=outcome,
        partners=("p-1",),
        opened_at=case.opened_at,
        closed_at=closed,
        waiting_for=waiting,
        paused=said,
        troubles=troubles,
        detail=detail(said),
    )
    values: dict[str, Any] = {
        "title": case.title,
        "status": status.value,
        "outcome": outcome or None,
        "partners": ["p-1"],
        "closed_at": closed,
        "waiting_for": waiting.who if waiting else None,
        "due_at": due,
        "order_name": "#1001",
        "snapshot": snapshot.model_dump(mode="json"),
    }
    async with services.database.begin() as session:
        await cases.save_snapshot(
            session,
            case.id,
            run_id="run-1",
            revision=1,
            values=CaseFields(**(values | changed)),
            now=datetime.now(UTC),
        )


async def add_paper(services: Services, case: Case, name: str) -> str:
    async with services.database.begin() as session:
        paper, _ = await documents.insert(
            session,
            case_id=case.id,
            shop_id="acme",
            tenant_id="north",
            partner_id="p-1",
            sha256="0" * 64,
            size=2048,
            mime_type="image/png",
            file_name=name,
            document_type="photo",
            direction="from_partner",
            now=SINCE,
        )
    return paper.id


async def add_entries(services: Services, case: Case, *rows: tuple[str, bool]) -> None:
    entries = [
        TimelineRow(
            sequence=number,
            at=SINCE + timedelta(minutes=number),
            actor="partner:p-1",
            kind="answer",
            text=text,
            flagged=flagged,
        )
        for number, (text, flagged) in enumerate(rows)
    ]
    async with services.database.begin() as session:
        await case_timeline.append(session, case.id, "run-1", entries)


async def page(api: Any, path: str) -> str:
    """A page as a browser gets it."""
    answer = await api.by("read", "GET", path, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return str(answer.text)


def words_of(html: str) -> str:
    """What a page says, without its elements and styles."""
    body = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (CHROMIUM, True),
        ("text/html", True),
        ("text/*", True),
        ("TEXT/HTML; charset=utf-8", True),
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("text/html;q=0.5, application/json", False),
        ("text/html, application/json", False),
        ("text/html;q=0, */*", False),
        ("text/html;q=many", False),
    ],
)
def test_html_is_only_for_who_prefers_it(accept: str, html: bool) -> None:
    assert prefers_html(accept) is html


async def test_a_case_is_a_page_for_browsers_and_json_for_everyone_else(
    api: Any, services: Services, case: Case
) -> None:
    await record(services, case)
    for path in (f"/cases/{case.id}", f"/cases/{quote(case.id, safe='')}", f"/cases/{case.number}"):
        shown = await api.by("read", "GET", path, headers=BROWSER)
        assert shown.headers["content-type"].startswith("text/html")
        assert shown.headers["vary"] == "Accept"
        assert "default-src 'none'" in shown.headers["content-security-policy"]
        assert "script" not in shown.headers["content-security-policy"]
        for accept in ("*/*", "application/json"):
            said = await api.by("read", "GET", path, headers={"Accept": accept})
            assert said.json()["id"] == case.id
            assert said.headers["vary"] == "Accept"


async def test_a_case_says_everything_a_person_wants_to_know(
    api: Any, services: Services, case: Case
) -> None:
    await record(services, case, due=SINCE + timedelta(days=3))
    paper = await add_paper(services, case, "torn seam.png")
    await add_entries(services, case, ("Asked.", False), ("Answered badly.", True))
    html = await page(api, f"/cases/{case.id}")
    said = words_of(html)
    for words in (
        "Return #1001-R1",
        "Waiting for a partner",
        "Waiting for: the word of Fine.",
        "Since 2 Nov 2026, 09:30 UTC",
        "Until 5 Nov 2026, 09:30 UTC",
        "#1001",
        "return, worth 218.00 EUR",
        "2 accepted, 1 refused by partner Alpine Textiles",
        "partly authorised (PA)",
        "outside the time limit (RT)",
        "credit 12.50",
        "89.00 each",
        "2 not restocked by maria",
        "case tg-77 in Trading Grid",
        "accepts in part",
        "RMA-1",
        "2026-12-23",
        "100.00 EUR",
        "torn seam.png",
        "photo, 2.0 kB, from Alpine Textiles",
        "Attention: Answered badly.",
    ):
        assert words in said, words
    assert said.index("Asked.") < said.index("Answered badly.")
    assert "Attention: Asked." not in said
    assert f'href="/documents/{paper}"' in html
    assert f"workflows/{quote(case.id, safe='')}/run-1/user-metadata" in html


async def test_what_others_wrote_is_shown_as_text(
    api: Any, services: Services, network: Services, more_cases: Any
) -> None:
    (case,) = await more_cases("1")
    trouble = Trouble(step=HOSTILE, message=HOSTILE, type=HOSTILE, since=SINCE)
    await record(
        services,
        case,
        said=HOSTILE,
        status=CaseStatus.AWAITING_MERCHANT,
        troubles=(trouble,),
        title=HOSTILE,
        assignee=HOSTILE,
        order_name=HOSTILE,
    )
    await add_paper(services, case, HOSTILE)
    await add_entries(services, case, (HOSTILE, True))
    for path, times in ((f"/cases/{case.id}", 20), ("/console", 3)):
        html = await page(api, path)
        assert "<script" not in html
        assert "<img" not in html
        assert "</textarea" not in html
        assert html.count("&lt;script&gt;harmed()") >= times
        assert "{{ 7*7 }}" in html


async def test_a_filter_comes_back_as_text(api: Any, case: Case) -> None:
    html = await page(api, f"/console?shop={quote(HOSTILE)}")
    assert "<script" not in html
    assert "<img" not in html
    assert "No open case is like this." in html


async def test_a_closed_case_says_how_it_ended_and_offers_nothing(
    api: Any, services: Services, case: Case
) -> None:
    await record(services, case, status=CaseStatus.RESOLVED, outcome="closed_refunded")
    said = words_of(await page(api, f"/cases/{case.id}"))
    assert "Closed Approved, processed and refunded." in said
    assert "What you can do" not in said
    assert "Waiting for:" not in said


async def test_a_case_without_a_snapshot_is_a_page_too(api: Any, case: Case) -> None:
    said = words_of(await page(api, f"/cases/{case.id}"))
    assert "Return #1001-R1" in said
    assert "Nothing yet." in said


async def test_what_is_waited_for_comes_first_and_leads_to_its_documentation(
    api: Any, services: Services, case: Case
) -> None:
    trouble = Trouble(step="Refund", message="No.", type="ShopifyRefused", since=SINCE)
    await record(services, case, status=CaseStatus.AWAITING_MERCHANT, troubles=(trouble,))
    html = await page(api, f"/cases/{case.id}")
    links = re.findall(r'href="/docs#([^"]+)"><code>(\w+)</code>', html)
    assert links[0][1] == "retry"
    assert html.count("waited for</span>") == 1
    docs = (await api.get("/docs")).text
    for anchor, _ in links:
        assert f'<details id="{anchor}">' in docs
    assert {name for _, name in links} >= {"extend", "add_note", "cancel", "goods_received"}


async def test_the_merchants_cases_come_first_then_what_is_due_first(
    api: Any, services: Services, more_cases: Any
) -> None:
    made = await more_cases("1", "2", "3", "4", "5", "6")
    day = timedelta(days=1)
    await record(services, made[0], due=SINCE + 3 * day)
    await record(services, made[1], due=SINCE + day)
    await record(services, made[2], status=CaseStatus.AWAITING_MERCHANT, due=SINCE + 9 * day)
    await record(services, made[3], due=None)
    await record(services, made[4], status=CaseStatus.AWAITING_MERCHANT, due=SINCE + 8 * day)
    await record(services, made[5], status=CaseStatus.RESOLVED, outcome="declined")
    html = await page(api, "/console")
    assert re.findall(r'class="title" href="[^"]+">Return (\d)<', html) == list("53214")
    assert "5 open, 2 of them wait for the merchant." in words_of(html)
    assert "overdue:" in html


async def test_pages_of_open_cases_follow_each_other_without_gap_or_repeat(
    api: Any, services: Services, more_cases: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.console.pages._ROWS", 2)
    made = await more_cases("1", "2", "3", "4", "5", "6", "7")
    own, due = CaseStatus.AWAITING_MERCHANT, SINCE
    for case, status, until in zip(
        made,
        [own, own, own, *[CaseStatus.AWAITING_PARTNER] * 4],
        [due, due, None, due, due, None, None],
        strict=True,
    ):
        await record(services, case, status=status, due=until)
    seen: list[str] = []
    path = "/console?shop=acme"
    for _ in range(4):
        html = await page(api, path)
        seen += re.findall(r'class="title" href="[^"]+">Return (\d)<', html)
        found = re.search(r'rel="next" href="([^"]+)"', html)
        path = found[1].replace("&amp;", "&") if found else ""
        assert not path or "shop=acme" in path
    assert path == ""
    assert seen == list("1234567")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=&shop=&partner=", 2),
        ("status=awaiting_partner", 2),
        ("status=awaiting_merchant", 0),
        ("shop=acme", 2),
        ("shop=other", 0),
        ("partner=p-1", 2),
        ("partner=p-2", 0),
    ],
)
async def test_open_cases_are_filtered(api: Any, more_cases: Any, query: str, found: int) -> None:
    await more_cases("1", "2")
    assert (await page(api, f"/console?{query}")).count('class="title"') == found


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/cases/return-claim:acme:1", 404, "There is no such thing"),
        ("/console?cursor=nonsense", 422, "the cursor is malformed"),
        ("/console?status=resolved", 422, "no open cases with the status resolved"),
    ],
)
async def test_an_error_is_a_page_that_leads_on(
    api: Any, path: str, status: int, words: str
) -> None:
    answer = await api.by("read", "GET", path, headers=BROWSER)
    assert answer.status_code == status
    assert words in words_of(answer.text)
    assert 'href="/console"' in answer.text


async def test_live_on_a_page_says_when_temporal_is_down(api: Any, case: Case) -> None:
    answer = await api.by("read", "GET", f"/cases/{case.id}?live=true", headers=BROWSER)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "Temporal does not answer" in answer.text


@pytest.mark.parametrize("path", ["/cases/return-claim:acme:7894", "/console?shop=acme"])
async def test_a_browser_without_a_session_goes_through_the_login(api: Any, path: str) -> None:
    answer = await api.get(path, headers=BROWSER)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/login?next={quote(path, safe='/')}"
    assert (await api.get(path)).status_code == 401


async def test_who_is_logged_in_comes_to_the_console_and_may_log_out(api: Any, case: Case) -> None:
    assert (await api.by("read", "GET", "/")).headers["location"] == "/docs"
    await api.post("/login", data={"api_key": await api.key("read", "maria")})
    assert (await api.get("/")).headers["location"] == "/console"
    for path in ("/console", f"/cases/{case.id}", "/login"):
        html = (await api.get(path, headers=BROWSER)).text
        assert 'method="post" action="/logout"' in html
        assert "maria" in html
    out = await api.post("/logout", headers={"Sec-Fetch-Site": "same-origin"})
    assert out.headers["location"] == "/login"
    assert (await api.get("/console", headers=BROWSER)).status_code == 303
    assert "Log out" not in (await api.get("/login")).text


async def test_a_page_shown_to_a_key_has_no_logout(api: Any, case: Case) -> None:
    assert "/logout" not in await page(api, "/console")


def test_words_are_for_people() -> None:
    assert all(status_words(status) != status for status in CaseStatus)
    assert status_words("on_hold") == "on hold"
    assert outcome_words("expired", "return_claim") == "expired: nobody decided in time"
    assert outcome_words("lost_at_sea", "other_kind") == "lost at sea"
    assert distance_words(SINCE, SINCE) == "now"
    assert distance_words(SINCE, SINCE + timedelta(hours=1)) == "1 hour ago"
    assert distance_words(SINCE + timedelta(days=2, hours=3), SINCE) == "in 2 days"
    assert amount_words("89.0", "EUR") == "89.00 EUR"
    assert amount_words("0.125") == "0.125"
    assert day_words("2026-12-01") == "1 Dec 2026"
    assert day_words("after the holidays") == "after the holidays"
    assert choices("silence") == "reject, give_up, wait"
    assert choices("weather") == ""
