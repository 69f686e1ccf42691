"""The order of open cases and its pages, on both databases: expressions are compared there, not columns alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.console import worklist
from api.console.worklist import WorkFilter
from api.services import Services
from persistence.errors import BadCursorError
from persistence.repositories import cases
from persistence.repositories.cases import CaseFields
from tests.databases import database, database_url, migrated_postgres_url, postgres_server

__all__ = ["database", "database_url", "migrated_postgres_url", "postgres_server"]

START = datetime(2026, 11, 2, 9, 30, 0, 250001, tzinfo=UTC)
OWN, THEIRS = "awaiting_merchant", "awaiting_partner"
# Status and hours until due, in the order in which they are opened.
CASES = (
    ("1", THEIRS, 3),
    ("2", THEIRS, None),
    ("3", OWN, 9),
    ("4", THEIRS, 3),
    ("5", OWN, None),
    ("6", THEIRS, 1),
    ("7", OWN, 9),
)
ORDER = ["3", "7", "5", "6", "1", "4", "2"]


@pytest.fixture
async def opened(services: Services, more_cases: Any) -> Services:
    for (name, status, hours), row in zip(
        CASES, await more_cases(*(name for name, _, _ in CASES)), strict=True
    ):
        fields = CaseFields(
            title=name,
            status=status,
            partners=["p-2"] if status == OWN else ["p-1"],
            due_at=None if hours is None else START + timedelta(hours=hours),
        )
        async with services.database.begin() as session:
            await cases.save_snapshot(
                session, row.id, run_id="run-1", revision=1, values=fields, now=START
            )
    return services


async def listed(services: Services, where: WorkFilter, limit: int) -> list[str]:
    """All pages."""
    titles: list[str] = []
    cursor: str | None = None
    async with services.database.read() as session:
        for _ in CASES:
            page = await worklist.page(session, where, limit=limit, cursor=cursor)
            titles += [row.title for row in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return titles
    pytest.fail(f"there is no last page: {titles}")


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
async def test_pages_keep_the_order_without_gap_or_repeat(opened: Services, limit: int) -> None:
    assert await listed(opened, WorkFilter(), limit) == ORDER


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (WorkFilter(status=OWN), ORDER[:3]),
        (WorkFilter(partner="p-1"), ORDER[3:]),
        (WorkFilter(shop="acme", partner="p-2"), ORDER[:3]),
        (WorkFilter(shop="other"), []),
    ],
)
async def test_conditions_hold_on_every_page(
    opened: Services, where: WorkFilter, found: list[str]
) -> None:
    assert await listed(opened, where, 2) == found


async def test_what_there_is_to_choose_from_is_of_open_cases(opened: Services) -> None:
    async with opened.database.begin() as session:
        for name in ("3", "5", "7"):
            row = await cases.get(session, f"return-claim:acme:{name}")
            row.closed_at = START
    async with opened.database.read() as session:
        assert await worklist.count(session) == (4, 0)
        assert await worklist.shops(session) == ["acme"]
        assert await worklist.partners(session) == ["p-1"]


async def test_a_cursor_of_another_listing_is_refused(opened: Services) -> None:
    async with opened.database.read() as session:
        other = await cases.page(session, limit=1)
        with pytest.raises(BadCursorError):
            await worklist.page(session, WorkFilter(), limit=1, cursor=other.next_cursor)
