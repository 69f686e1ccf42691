"""References, timeline and documents of cases."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from persistence.errors import BadCursorError, BadValueError, ConflictError, NotFoundError
from persistence.repositories import (
    case_references,
    case_timeline,
    cases,
    documents,
)
from persistence.repositories.case_references import Reference
from persistence.repositories.case_timeline import TimelineRow
from persistence.repositories.cases import CaseFields
from persistence.session import Database
from persistence.tables import Case, Document

ORDER = Reference("order", "1", "acme")


@pytest.fixture
async def case(network: Database, now: datetime) -> Case:
    return await open_case(network, now, "return-claim:acme:1")


async def open_case(database: Database, now: datetime, key: str) -> Case:
    async with database.begin() as session:
        case, _ = await cases.open_case(
            session,
            key=key,
            kind="return_claim",
            shop_id="acme",
            title="Return",
            status="opening",
            now=now,
            references=[ORDER],
        )
        return case


async def test_of_cases_with_one_name_the_open_come_first_then_the_newest(
    network: Database, now: datetime
) -> None:
    for number in range(1, 5):
        await open_case(network, now, f"return-claim:acme:{number}")
    closed = CaseFields(title="t", status="resolved", closed_at=now)
    async with network.begin() as session:
        for number in (2, 4):
            await cases.save_snapshot(
                session,
                f"return-claim:acme:{number}",
                run_id="run",
                revision=1,
                values=closed,
                now=now,
            )
    async with network.read() as session:
        found = await case_references.find(session, ORDER)
        either = await case_references.find(session, Reference("order", "2", "acme"), ORDER)
    assert [case.id[-1] for case in found] == ["3", "1", "4", "2"]
    assert len(either) == 4


@pytest.mark.parametrize(
    "other",
    [
        Reference("order", "1", "bolt"),
        Reference("return", "1", "acme"),
        Reference("order", "2", "acme"),
    ],
)
async def test_a_name_of_another_scope_kind_or_value_finds_nothing(
    network: Database, case: Case, other: Reference
) -> None:
    async with network.read() as session:
        assert await case_references.find(session, other) == []
        assert await case_references.find(session) == []


async def test_a_reference_is_added_once_and_removed(
    network: Database, case: Case, now: datetime
) -> None:
    async with network.begin() as session:
        new = Reference("trading_grid_case", "tgc-1", "north")
        assert await case_references.add(session, case.id, [new, new, ORDER], now) == 1
        assert await case_references.remove(session, case.id, new)
        assert not await case_references.remove(session, case.id, new)
        assert [row.kind for row in await case_references.list_of_case(session, case.id)] == [
            "order"
        ]


def test_a_reference_with_an_empty_part_is_refused() -> None:
    with pytest.raises(BadValueError):
        Reference("order", "", "acme")


async def test_the_intake_flags_once_for_each_event_and_kind(
    network: Database, case: Case, now: datetime
) -> None:
    async def flag(kind: str) -> bool:
        async with network.begin() as session:
            return await case_timeline.flag(
                session,
                case.id,
                event_id="17",
                kind=kind,
                at=now,
                actor="shopify",
                text="the return was closed",
            )

    assert sorted(await asyncio.gather(*(flag("late") for _ in range(4)))) == [False] * 3 + [True]
    assert await flag("echo")
    async with network.begin() as session:
        entry = TimelineRow(
            sequence=1, at=now, actor="shopify", kind="late", text="read", event_id="17"
        )
        assert await case_timeline.append(session, case.id, "run", [entry]) == 1
        page = await case_timeline.page(session, case.id)
    assert [(row.kind, row.flagged) for row in page.items] == [
        ("late", True),
        ("echo", True),
        ("late", False),
    ]


async def test_a_long_timeline_is_appended_and_paged_in_order(
    network: Database, case: Case, now: datetime
) -> None:
    entries = [
        TimelineRow(
            sequence=number,
            at=now + timedelta(seconds=number // 7),
            actor="ann",
            kind="note",
            text=str(number),
            data={"number": number},
        )
        for number in range(1001)
    ]
    async with network.begin() as session:
        assert await case_timeline.append(session, case.id, "run", entries[:600]) == 600
        assert await case_timeline.append(session, case.id, "run", entries) == 401
    seen: list[str] = []
    cursor = None
    for _ in range(6):
        async with network.read() as session:
            page = await case_timeline.page(session, case.id, cursor=cursor)
        seen += [row.text for row in page.items]
        cursor = page.next_cursor
    assert seen == [str(number) for number in range(1001)]
    assert cursor is None
    async with network.read() as session:
        with pytest.raises(BadCursorError):
            await case_timeline.page(session, case.id, cursor="x")


async def test_an_entry_of_a_case_that_is_not_there_is_refused(
    network: Database, now: datetime
) -> None:
    with pytest.raises(IntegrityError):
        async with network.begin() as session:
            await case_timeline.flag(
                session, "none", event_id="17", kind="late", at=now, actor="a", text="t"
            )


async def insert_document(
    database: Database, case: Case, now: datetime, **changed: Any
) -> tuple[Document, bool]:
    values: dict[str, Any] = {
        "case_id": case.id,
        "shop_id": "acme",
        "tenant_id": "north",
        "partner_id": "p-1",
        "sha256": "ab" * 32,
        "size": 3_000_000_000,
        "mime_type": "application/pdf",
        "file_name": "rma.pdf",
        "document_type": "rma",
        "direction": "from_partner",
        "remote_id": "doc-1",
    }
    async with database.begin() as session:
        return await documents.insert(session, now=now, **{**values, **changed})


async def test_a_document_is_there_once_however_often_it_is_fetched(
    network: Database, case: Case, now: datetime
) -> None:
    results = await asyncio.gather(*(insert_document(network, case, now) for _ in range(4)))
    assert sorted(created for _, created in results) == [False] * 3 + [True]
    (document_id,) = {document.id for document, _ in results}
    other, created = await insert_document(network, case, now, remote_id="doc-2")
    assert created
    async with network.read() as session:
        listed = await documents.list_of_case(session, case.id)
        assert {document.id for document in listed} == {document_id, other.id}
        assert (await documents.get(session, document_id)).size == 3_000_000_000
        with pytest.raises(NotFoundError):
            await documents.get(session, "none")


async def test_an_upload_gets_its_remote_id_once(
    network: Database, case: Case, now: datetime
) -> None:
    upload, _ = await insert_document(network, case, now, direction="to_partner", remote_id=None)
    second, created = await insert_document(network, case, now, remote_id=None)
    assert created
    assert second.id != upload.id
    async with network.begin() as session:
        for _ in range(2):
            document = await documents.set_remote_id(session, upload.id, "doc-9")
            assert document.remote_id == "doc-9"
        with pytest.raises(ConflictError, match="doc-9"):
            await documents.set_remote_id(session, upload.id, "doc-10")


async def test_a_document_goes_one_of_two_ways(
    network: Database, case: Case, now: datetime
) -> None:
    with pytest.raises(IntegrityError, match="ck_documents_direction"):
        await insert_document(network, case, now, direction="sideways")
