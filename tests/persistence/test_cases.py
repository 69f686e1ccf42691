"""Cases: opened once, written by their newest snapshot, listed."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from persistence.errors import BadCursorError, BadValueError, ConflictError, NotFoundError
from persistence.repositories import case_references, case_timeline, cases
from persistence.repositories.case_references import Reference
from persistence.repositories.case_timeline import TimelineRow
from persistence.repositories.cases import CaseFields, CaseFilter, Saved
from persistence.session import Database
from persistence.tables import Case

KEY = "return-claim:acme:7894"
WAITING = CaseFields(
    title="Return 7894 · acme",
    status="awaiting_partner",
    order_id="gid://shopify/Order/1",
    order_name="#1001",
    partners=("p-1", "p-2"),
    waiting_for="p-1",
    then_text="ask the merchant",
    escalated=1,
    assignee="ann",
    snapshot={"lines": [{"quantity": 2}]},
)
RETURN = Reference("return", "7894", "acme")


async def open_case(
    database: Database, now: datetime, key: str = KEY, **changed: Any
) -> tuple[Case, bool]:
    values: dict[str, Any] = {
        "kind": "return_claim",
        "shop_id": "acme",
        "title": "Return",
        "status": "opening",
    }
    async with database.begin() as session:
        return await cases.open_case(session, key=key, now=now, **{**values, **changed})


async def save(
    database: Database,
    now: datetime,
    revision: int,
    values: CaseFields = WAITING,
    *,
    case_id: str = KEY,
    run_id: str = "run-1",
    **more: Any,
) -> Saved:
    async with database.begin() as session:
        return await cases.save_snapshot(
            session, case_id, run_id=run_id, revision=revision, values=values, now=now, **more
        )


async def get(database: Database, case_id: str = KEY) -> Case:
    async with database.read() as session:
        return await cases.get(session, case_id)


async def close(database: Database, now: datetime, case_id: str = KEY, revision: int = 99) -> None:
    closed = replace(WAITING, status="resolved", outcome="approved", closed_at=now)
    await save(database, now, revision, closed, case_id=case_id, run_id=f"last-{case_id}")


def entry(sequence: int, now: datetime, text: str = "sent") -> TimelineRow:
    return TimelineRow(sequence=sequence, at=now, actor="gridcase", kind="sent", text=text)


async def test_a_case_is_opened_with_a_number_and_its_key_as_id(
    network: Database, now: datetime
) -> None:
    case, created = await open_case(network, now, partners=["p-1"], references=[RETURN])
    assert created
    assert (case.number, case.id, case.key, case.revision) == (1, KEY, KEY, 0)
    async with network.read() as session:
        assert [found.id for found in await case_references.find(session, RETURN)] == [KEY]
        page = await cases.page(session, CaseFilter(partner_id="p-1"))
        assert [found.id for found in page.items] == [KEY]
        by_number = await cases.find_by_number(session, 1)
        assert by_number is not None
        assert by_number.id == KEY


async def test_while_a_case_is_open_the_same_one_is_returned(
    network: Database, now: datetime
) -> None:
    first, _ = await open_case(network, now)
    order = Reference("order", "1", "acme")
    second, created = await open_case(network, now, title="Other", references=[order])
    assert not created
    assert (second.number, second.title) == (first.number, "Return")
    async with network.read() as session:
        assert len(await case_references.find(session, order)) == 1


async def test_after_a_case_has_closed_the_next_is_numbered(
    network: Database, now: datetime
) -> None:
    ids = []
    for _ in range(3):
        case, created = await open_case(network, now)
        assert created
        ids.append((case.number, case.id))
        await close(network, now, case.id)
    assert ids == [(1, KEY), (2, f"{KEY}~2"), (3, f"{KEY}~3")]
    async with network.read() as session:
        assert len(await cases.list_of_key(session, KEY)) == 3
        assert await cases.find_open(session, KEY) is None


async def test_of_callers_at_once_one_opens_and_all_get_its_case(
    network: Database, now: datetime
) -> None:
    for suffix in ("", "~2"):
        results = await asyncio.gather(*(open_case(network, now) for _ in range(10)))
        assert sorted(created for _, created in results) == [False] * 9 + [True]
        assert {case.id for case, _ in results} == {f"{KEY}{suffix}"}
        await close(network, now, f"{KEY}{suffix}")


async def test_callers_of_different_keys_at_once_get_different_numbers(
    network: Database, now: datetime
) -> None:
    keys = [f"return-claim:acme:{number}" for number in range(10)]
    results = await asyncio.gather(*(open_case(network, now, key) for key in keys))
    assert all(created for _, created in results)
    assert len({case.number for case, _ in results}) == 10


async def test_a_caller_that_gives_up_leaves_the_key_free(network: Database, now: datetime) -> None:
    inserted, give_up = asyncio.Event(), asyncio.Event()

    async def open_and_fail() -> None:
        async with network.begin() as session:
            await cases.open_case(
                session, key=KEY, kind="k", shop_id="acme", title="t", status="opening", now=now
            )
            inserted.set()
            await give_up.wait()
            raise RuntimeError("given up")

    failing = asyncio.create_task(open_and_fail())
    await inserted.wait()
    second = asyncio.create_task(open_case(network, now))
    await asyncio.sleep(0.05)
    assert not second.done()
    give_up.set()
    with pytest.raises(RuntimeError, match="given up"):
        await failing
    case, created = await second
    assert created
    assert case.id == KEY


@pytest.mark.parametrize("key", ["", "return-claim:acme:1~2", "x" * 256])
async def test_a_key_that_is_no_workflow_id_of_ours_is_refused(
    network: Database, now: datetime, key: str
) -> None:
    with pytest.raises(BadValueError, match="case key"):
        await open_case(network, now, key)


async def test_a_case_of_an_unknown_shop_is_refused(network: Database, now: datetime) -> None:
    with pytest.raises(IntegrityError):
        await open_case(network, now, shop_id="none")


async def test_a_snapshot_replaces_what_the_row_said(network: Database, now: datetime) -> None:
    await open_case(network, now, partners=["p-9"])
    later = now + timedelta(hours=1)
    values = replace(WAITING, waiting_since=now, due_at=now + timedelta(days=2), shadow=True)
    assert await save(network, later, 1, values) == Saved(applied=True, entries_added=0)
    case = await get(network)
    assert (case.title, case.status, case.order_name) == (
        "Return 7894 · acme",
        "awaiting_partner",
        "#1001",
    )
    assert (case.partners, case.snapshot) == (["p-1", "p-2"], {"lines": [{"quantity": 2}]})
    assert (case.waiting_since, case.due_at) == (now, now + timedelta(days=2))
    assert (case.run_id, case.revision, case.shadow) == ("run-1", 1, True)
    assert (case.opened_at, case.updated_at, case.closed_at) == (now, later, None)
    async with network.read() as session:
        for partner, count in (("p-1", 1), ("p-2", 1), ("p-9", 0)):
            page = await cases.page(session, CaseFilter(partner_id=partner))
            assert len(page.items) == count


async def test_a_stale_snapshot_changes_nothing_but_its_entries_are_kept(
    network: Database, now: datetime
) -> None:
    await open_case(network, now)
    await save(network, now, 2, timeline=[entry(1, now), entry(3, now)])
    stale = replace(WAITING, title="stale")
    saved = await save(network, now, 1, stale, timeline=[entry(1, now), entry(2, now)])
    assert saved == Saved(applied=False, entries_added=1)
    assert (await save(network, now, 2, stale)).applied is False
    case = await get(network)
    assert (case.title, case.revision) == ("Return 7894 · acme", 2)
    async with network.read() as session:
        page = await case_timeline.page(session, KEY)
    assert sorted(row.sequence or 0 for row in page.items) == [1, 2, 3]


async def test_snapshots_that_arrive_in_any_order_at_once_leave_the_newest(
    network: Database, now: datetime
) -> None:
    await open_case(network, now)
    await asyncio.gather(
        *(
            save(
                network,
                now,
                revision,
                replace(WAITING, title=f"revision {revision}"),
                timeline=[entry(number, now) for number in range(revision)],
            )
            for revision in (3, 1, 5, 2, 4)
        )
    )
    assert (await get(network)).title == "revision 5"
    async with network.read() as session:
        assert len((await case_timeline.page(session, KEY)).items) == 5


async def test_another_run_replaces_and_what_comes_late_from_the_first_is_stale(
    network: Database, now: datetime
) -> None:
    await open_case(network, now)
    await save(network, now, 7)
    reset = replace(WAITING, title="after the reset")
    assert (await save(network, now, 1, reset, run_id="run-2")).applied
    late = await save(network, now, 8, replace(WAITING, title="late"), timeline=[entry(1, now)])
    assert late == Saved(applied=False, entries_added=1)
    assert (await save(network, now, 2, reset, run_id="run-2")).applied
    case = await get(network)
    assert (case.title, case.run_id, case.revision) == ("after the reset", "run-2", 2)


async def test_closing_frees_the_key_and_a_reset_may_open_again(
    network: Database, now: datetime
) -> None:
    await open_case(network, now)
    await close(network, now)
    assert (await get(network)).closed_at == now
    await save(network, now, 1, run_id="reset")
    assert (await get(network)).closed_at is None
    _, created = await open_case(network, now)
    assert not created


async def test_a_reset_does_not_open_a_second_case_of_a_key(
    network: Database, now: datetime
) -> None:
    await open_case(network, now)
    await close(network, now)
    await open_case(network, now)
    with pytest.raises(ConflictError, match=f"{KEY}~2 is"):
        await save(network, now, 1, run_id="reset")
    assert (await get(network)).closed_at == now


async def test_a_snapshot_of_a_case_never_opened_here_is_refused(
    network: Database, now: datetime
) -> None:
    with pytest.raises(NotFoundError, match="no case"):
        await save(network, now, 1)


async def test_references_of_a_snapshot_are_added(network: Database, now: datetime) -> None:
    await open_case(network, now, references=[RETURN])
    remote = Reference("trading_grid_case", "tgc-1", "north")
    await save(network, now, 1, references=[RETURN, remote])
    async with network.read() as session:
        names = [row.value for row in await case_references.list_of_case(session, KEY)]
    assert names == ["7894", "tgc-1"]


async def test_an_orphan_is_marked_and_the_mark_goes_when_its_workflow_writes(
    network: Database, now: datetime
) -> None:
    await open_case(network, now)

    async def mark(reason: str | None) -> bool:
        async with network.begin() as session:
            return await cases.set_orphaned(session, KEY, reason, now)

    assert await mark("terminated by hand")
    assert not await mark("terminated by hand")
    async with network.read() as session:
        assert len((await cases.page(session, CaseFilter(orphaned=True))).items) == 1
        assert (await cases.open_cases(session))[0].orphaned == "terminated by hand"
    await save(network, now, 1)
    assert (await get(network)).orphaned is None
    await close(network, now)
    assert not await mark("gone")
    async with network.begin() as session:
        with pytest.raises(NotFoundError):
            await cases.set_orphaned(session, "none", "gone", now)


async def test_an_orphan_is_closed_by_hand_and_nothing_else_is(
    network: Database, now: datetime
) -> None:
    await open_case(network, now)

    async def close_by_hand() -> Case:
        async with network.begin() as session:
            return await cases.close_orphaned(
                session, KEY, status="cancelled", outcome=None, now=now
            )

    with pytest.raises(ConflictError, match="its workflow closes it"):
        await close_by_hand()
    async with network.begin() as session:
        await cases.set_orphaned(session, KEY, "terminated", now)
    assert (await close_by_hand()).closed_at == now
    case, created = await open_case(network, now)
    assert (case.id, created) == (f"{KEY}~2", True)


async def test_open_cases_are_walked_by_number(network: Database, now: datetime) -> None:
    for number in range(5):
        await open_case(network, now, f"return-claim:acme:{number}")
    await close(network, now, "return-claim:acme:2")
    async with network.read() as session:
        first = await cases.open_cases(session, limit=2)
        rest = await cases.open_cases(session, after_number=first[-1].number)
    assert [case.id[-1] for case in [*first, *rest]] == ["0", "1", "3", "4"]


FILTERS: list[tuple[dict[str, Any], str]] = [
    ({}, "cba"),
    ({"kind": "return_claim"}, "ca"),
    ({"status": "awaiting_merchant"}, "b"),
    ({"outcome": "approved"}, "c"),
    ({"shop_id": "bolt"}, "b"),
    ({"partner_id": "p-2"}, "b"),
    ({"order_name": "#1002"}, "b"),
    ({"assignee": "ann"}, "ba"),
    ({"waiting_for": "merchant"}, "b"),
    ({"escalated": True}, "b"),
    ({"escalated": False}, "ca"),
    ({"open": True}, "ba"),
    ({"open": False}, "c"),
    ({"orphaned": False}, "cba"),
    ({"text": "DRILL"}, "b"),
    ({"text": "#100"}, "cba"),
    ({"text": "100%"}, "c"),
    ({"text": "acme:c"}, "c"),
    ({"text": "2"}, "b"),
    ({"text": "nothing"}, ""),
    ({"kind": "return_claim", "open": True, "assignee": "ann"}, "a"),
]


async def test_cases_are_listed_by_filter(network: Database, now: datetime) -> None:
    plain = CaseFields(title="Return", status="awaiting_partner", order_name="#1001")
    hour = timedelta(hours=1)
    await open_case(network, now, "return-claim:acme:a")
    await open_case(network, now, "dispute:bolt:b", kind="dispute", shop_id="bolt")
    await open_case(network, now, "return-claim:acme:c")
    a = replace(plain, assignee="ann", partners=("p-1",), due_at=now + hour)
    b = replace(
        plain,
        title="Drill",
        status="awaiting_merchant",
        order_name="#1002",
        partners=("p-1", "p-2"),
        waiting_for="merchant",
        escalated=2,
        assignee="ann",
    )
    c = replace(
        plain,
        title="100% wool",
        order_name="#1003",
        status="resolved",
        outcome="approved",
        closed_at=now,
    )
    await save(network, now + hour, 1, a, case_id="return-claim:acme:a")
    await save(network, now + 2 * hour, 1, b, case_id="dispute:bolt:b")
    await save(network, now + 3 * hour, 1, c, case_id="return-claim:acme:c")
    async with network.read() as session:
        for where, expected in FILTERS:
            page = await cases.page(session, CaseFilter(**where))
            assert "".join(case.id[-1] for case in page.items) == expected, where
        due = await cases.page(session, CaseFilter(due_before=now + 2 * hour))
        not_yet = await cases.page(session, CaseFilter(due_before=now + hour))
        counts = await cases.counts_of_open(session)
    assert [case.id[-1] for case in due.items] == ["a"]
    assert not_yet.items == []
    assert counts == {
        ("return_claim", "awaiting_partner"): 1,
        ("dispute", "awaiting_merchant"): 1,
    }


@pytest.mark.parametrize("order", ["updated_at", "opened_at"])
async def test_pages_of_cases_are_complete_though_times_are_equal(
    network: Database, now: datetime, order: Any
) -> None:
    for number in range(7):
        at = now + timedelta(microseconds=number // 3)
        await open_case(network, at, f"return-claim:acme:{number}")
    seen: list[int] = []
    cursor = None
    for _ in range(4):
        async with network.read() as session:
            page = await cases.page(session, order=order, limit=2, cursor=cursor)
        seen += [case.number for case in page.items]
        cursor = page.next_cursor
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert cursor is None


async def test_a_cursor_of_one_order_is_refused_by_the_other(
    network: Database, now: datetime
) -> None:
    for number in range(2):
        await open_case(network, now, f"return-claim:acme:{number}")
    async with network.read() as session:
        page = await cases.page(session, order="opened_at", limit=1)
        with pytest.raises(BadCursorError, match="another"):
            await cases.page(session, order="updated_at", cursor=page.next_cursor)


async def test_a_case_keeps_what_its_workflow_starts_with_until_it_has_written(
    network: Database, now: datetime
) -> None:
    await open_case(network, now)
    again, _ = await open_case(network, now, workflow="ReturnClaim", argument={"return_id": "1"})
    assert (again.workflow, again.argument) == ("ReturnClaim", {"return_id": "1"}), "an older row"
    other, _ = await open_case(network, now, workflow="Other", argument={})
    assert (other.workflow, other.argument) == ("ReturnClaim", {"return_id": "1"})
    await save(network, now, 1)
    case = await get(network)
    assert (case.workflow, case.argument) == ("ReturnClaim", None)
    late, _ = await open_case(network, now, workflow="ReturnClaim", argument={"return_id": "1"})
    assert late.argument is None
