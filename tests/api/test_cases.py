"""Reading cases."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from temporalio.worker import Worker

from api.services import Services
from domain.case import CaseKind, CaseSnapshot, CaseStatus
from persistence.repositories import case_references, case_timeline, cases
from persistence.repositories.case_references import Reference
from persistence.repositories.case_timeline import TimelineRow
from persistence.repositories.cases import CaseFields
from persistence.tables import Case


async def record(services: Services, case: Case, **changed: Any) -> None:
    """The workflow's snapshot, as its activity would write it."""
    snapshot = CaseSnapshot(
        case_id=case.id,
        number=case.number,
        kind=CaseKind.RETURN_CLAIM,
        shop="acme",
        title=case.title,
        status=CaseStatus.AWAITING_PARTNER,
        opened_at=case.opened_at,
        detail={"phase": "review"},
    )
    values = {
        "title": case.title,
        "status": "awaiting_partner",
        "partners": ["p-1"],
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


async def test_pages_follow_each_other_without_gap_or_repeat(api: Any, more_cases: Any) -> None:
    made = await more_cases("1", "2", "3", "4", "5")
    seen: list[str] = []
    path = "/cases?limit=2&order=opened_at"
    while path:
        answer = await api.by("read", "GET", path)
        assert answer.status_code == 200
        seen += [item["id"] for item in answer.json()["items"]]
        link = answer.headers.get("link", "")
        assert bool(link) == bool(answer.json()["next_cursor"])
        path = link.partition(">")[0].removeprefix("<")
    assert seen == [case.id for case in reversed(made)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("shop=acme", 2),
        ("shop=other", 0),
        ("partner=p-1", 2),
        ("partner=p-2", 0),
        ("status=awaiting_partner", 2),
        ("kind=return_claim&open=true", 2),
        ("open=false", 0),
        ("text=Return 2", 1),
        ("order_name=%231001", 2),
        ("escalated=true", 0),
        ("orphaned=false", 2),
        ("due_before=2030-01-01T00:00:00Z", 0),
    ],
)
async def test_lists_are_filtered(api: Any, more_cases: Any, query: str, found: int) -> None:
    await more_cases("1", "2")
    answer = await api.by("read", "GET", f"/cases?{query}")
    assert len(answer.json()["items"]) == found, answer.text


@pytest.mark.parametrize(
    "query",
    [
        "cursor=nonsense",
        "limit=0",
        "limit=201",
        "status=closed",
        "kind=x",
        "due_before=2030-01-01T00:00:00",
    ],
)
async def test_a_bad_filter_is_refused_with_its_field(api: Any, query: str) -> None:
    answer = await api.by("read", "GET", f"/cases?{query}")
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:gridcase:problem:invalid"
    if "cursor" not in query:
        assert answer.json()["errors"][0]["field"] == f"query.{query.partition('=')[0]}"


async def test_a_case_is_read_by_id_or_number_with_its_references(
    api: Any, services: Services, case: Case
) -> None:
    workflow = "http://ui.test:8233/namespaces/default/workflows/return-claim%3Aacme%3A7894"
    unwritten = await api.by("read", "GET", f"/cases/{case.id}")
    assert unwritten.json()["temporal_ui"] == workflow
    await record(services, case)
    reference = Reference(kind="return", value="7894", scope="acme")
    async with services.database.begin() as session:
        await case_references.add(session, case.id, [reference], datetime.now(UTC))
    for name in (case.id, quote(case.id, safe=""), str(case.number)):
        answer = await api.by("read", "GET", f"/cases/{name}")
        assert answer.status_code == 200, answer.text
        said = answer.json()
        assert said["id"] == case.id
        assert said["snapshot"]["detail"] == {"phase": "review"}
        assert said["live"] is False
        assert said["references"] == [{"kind": "return", "value": "7894", "scope": "acme"}]
        assert said["temporal_ui"] == f"{workflow}/run-1/user-metadata"
        assert answer.headers["vary"] == "Accept"


async def test_the_second_case_of_a_key_has_its_own_page(
    api: Any, services: Services, case: Case, more_cases: Any
) -> None:
    await record(services, case, status="resolved", closed_at=datetime.now(UTC))
    (second,) = await more_cases("7894")
    assert second.id == "return-claim:acme:7894~2"
    answer = await api.by("read", "GET", f"/cases/{second.id}")
    assert answer.json()["number"] == second.number
    assert answer.json()["snapshot"] is None


@pytest.mark.parametrize("name", ["return-claim:acme:1", "99999", "0" * 18, "x" * 301])
async def test_a_case_that_is_not_there_is_404(api: Any, name: str) -> None:
    for path in (f"/cases/{name}", f"/cases/{name}/timeline", f"/cases/{name}/documents"):
        answer = await api.by("read", "GET", path)
        assert answer.status_code == (422 if len(name) > 300 else 404)


async def test_a_timeline_comes_by_pages_oldest_first(
    api: Any, services: Services, case: Case
) -> None:
    start = datetime(2026, 11, 2, tzinfo=UTC)
    entries = [
        TimelineRow(
            sequence=n, at=start + timedelta(minutes=n), actor="gridcase", kind="note", text=f"{n}"
        )
        for n in range(5)
    ]
    async with services.database.begin() as session:
        await case_timeline.append(session, case.id, "run-1", entries)
    first = await api.by("read", "GET", f"/cases/{case.id}/timeline?limit=3")
    assert [item["text"] for item in first.json()["items"]] == ["0", "1", "2"]
    path = first.headers["link"].partition(">")[0].removeprefix("<")
    second = await api.by("read", "GET", path)
    assert [item["text"] for item in second.json()["items"]] == ["3", "4"]
    assert second.json()["next_cursor"] is None


async def test_a_word_of_another_case_stands_in_the_timeline_without_an_event(
    api: Any, services: Services, case: Case
) -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    entries = [
        TimelineRow(
            sequence=n, at=at, actor="gridcase", kind="note", text=event_id, event_id=event_id
        )
        for n, event_id in enumerate(("17", "shipping-documents:acme:PO-1/run/11"))
    ]
    async with services.database.begin() as session:
        await case_timeline.append(session, case.id, "run-1", entries)
    answer = await api.by("read", "GET", f"/cases/{case.id}/timeline")
    assert answer.status_code == 200, answer.text
    assert [item["event_id"] for item in answer.json()["items"]] == [17, None]


async def test_live_asks_the_workflow_itself(api: Any, running_case: Case, worker: Worker) -> None:
    answer = await api.by("read", "GET", f"/cases/{running_case.id}?live=true")
    assert answer.status_code == 200, answer.text
    assert answer.json()["live"] is True
    assert answer.json()["snapshot"]["title"] == "Told"


async def test_live_says_when_nobody_answers(api: Any, running_case: Case) -> None:
    answer = await api.by("read", "GET", f"/cases/{running_case.id}?live=true")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:gridcase:problem:temporal-unavailable"
    assert int(answer.headers["retry-after"]) > 0


async def test_live_says_when_temporal_does_not_know_the_case(
    api: Any, temporal: Any, case: Case
) -> None:
    answer = await api.by("read", "GET", f"/cases/{case.id}?live=true")
    assert answer.status_code == 409
    assert answer.json()["type"] == "urn:gridcase:problem:case-not-running"


async def test_live_says_when_temporal_is_down(api: Any, case: Case) -> None:
    answer = await api.by("read", "GET", f"/cases/{case.id}?live=true")
    assert answer.status_code == 503
    assert answer.json()["type"] == "urn:gridcase:problem:temporal-unavailable"
