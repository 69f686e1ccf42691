"""Campaigns' tables on both databases: the plan and what was told of it, words whatever their order, pages, sales."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.campaign_readiness.messages import LaunchIssue
from domain.campaign_readiness.plan import PlannedProduct
from domain.campaign_readiness.positions import Commitment, Figures, Word
from persistence.errors import BadCursorError, ConflictError, NotFoundError
from persistence.repositories import cases
from persistence.repositories.campaigns import plans, positions, sales, words
from persistence.repositories.campaigns.plans import OWN, PlanLine
from persistence.repositories.campaigns.positions import ProductFilter
from persistence.session import Database
from persistence.tables import CampaignProduct

CASE = "campaign-readiness:acme:1"
FIRST, SECOND = "p-1", "p-2"
START = datetime(2026, 11, 20, 8, tzinfo=UTC)
END = START + timedelta(days=5)


@pytest.fixture
async def store(network: Database, now: datetime) -> Database:
    async with network.begin() as session:
        await cases.open_case(
            session,
            key=CASE,
            kind="campaign_readiness",
            shop_id="acme",
            title="Spring",
            status="opening",
            now=now,
        )
    return network


def product(sku: str, pieces: int = 10, ready_by: date | None = None) -> PlannedProduct:
    return PlannedProduct(sku=sku, expected_quantity=pieces, ready_by=ready_by)


def line(sku: str, pieces: int = 10, partner: str = FIRST) -> PlanLine:
    return PlanLine(product(sku, pieces), partner)


async def plan(store: Database, version: int, *lines: PlanLine) -> None:
    async with store.begin() as session:
        await plans.replace(session, CASE, version, lines)


async def tell(store: Database, version: int, partner: str = FIRST) -> int:
    """The partner's campaign is brought from what it was told last to its share now; how many words are void."""
    async with store.begin() as session:
        share = await plans.share_of(session, CASE, partner)
        before = await told(session, partner)
        await plans.telling(session, CASE, partner, share, before=before, version=version - 1)
        has = {one.sku: (one.expected_quantity, one.ready_by) for one in share}
        return await plans.settle(session, CASE, partner, has, version)


async def told(session: AsyncSession, partner: str) -> dict[str, tuple[int, date | None]]:
    rows = await session.exec(select(CampaignProduct).where(CampaignProduct.partner_id == partner))
    return {
        row.sku: (row.told_expected, row.told_ready_by)
        for row in rows
        if row.told_expected is not None
    }


async def say(
    store: Database, sequence: int, *said: Word, partner: str = FIRST, version: int = 1
) -> words.Heard:
    async with store.begin() as session:
        return await words.take_word(
            session, CASE, partner, said, sequence=sequence, campaign_version=version
        )


def word(sku: str, quantity: int, status: str = "committed", **more: str) -> Word:
    return Word(sku=sku, quantity=quantity, status=status, **more)


async def all_rows(store: Database) -> dict[tuple[str, str], CampaignProduct]:
    async with store.read() as session:
        page = await positions.list_page(session, CASE, ProductFilter(), limit=200)
    return {(row.partner_id, row.sku): row for row in page.items}


async def figures(store: Database) -> dict[str, Figures]:
    async with store.read() as session:
        return await positions.figures(session, CASE)


async def test_a_plan_is_replaced_as_a_whole_and_a_late_one_refused(store: Database) -> None:
    await plan(store, 1, line("A"), line("B", partner=SECOND), line("C", partner=OWN))
    await plan(store, 1, line("A"), line("B", partner=SECOND), line("C", partner=OWN))
    assert set(await all_rows(store)) == {(FIRST, "A"), (SECOND, "B"), (OWN, "C")}
    await plan(store, 2, line("A", 20), line("B", partner=FIRST))
    rows = await all_rows(store)
    assert {key: (row.expected, row.plan_version) for key, row in rows.items()} == {
        (FIRST, "A"): (20, 2),
        (FIRST, "B"): (10, 2),
    }
    with pytest.raises(ConflictError, match="version 2"):
        await plan(store, 1, line("A"))
    async with store.read() as session:
        assert [(one.partner, one.product.sku) for one in await plans.lines_of(session, CASE)] == [
            (FIRST, "A"),
            (FIRST, "B"),
        ]


async def test_what_a_partner_was_told_of_stays_until_it_is_told_otherwise(store: Database) -> None:
    await plan(store, 1, line("A"), line("B"))
    await tell(store, 1)
    await say(store, 1, word("A", 10), word("B", 10))
    # Taken out and put back before anybody was told: the word stands.
    await plan(store, 2, line("A"))
    assert (await figures(store))[FIRST].ready == 10
    await plan(store, 3, line("A"), line("B"))
    assert (await figures(store))[FIRST].ready == 20
    # Taken out, and told.
    await plan(store, 4, line("A"))
    assert await tell(store, 2) == 0
    async with store.read() as session:
        assert await told(session, FIRST) == {"A": (10, None)}
    await plan(store, 5, line("A"), line("B"))
    assert await tell(store, 3) == 0
    assert (await figures(store))[FIRST].ready == 10


async def test_only_what_was_told_otherwise_is_touched(store: Database) -> None:
    await plan(store, 1, line("A"), line("B"))
    await tell(store, 1)
    await say(store, 1, word("A", 10), word("B", 10))
    await plan(store, 2, line("A"), line("B", 15))
    assert await tell(store, 2) == 1
    rows = await all_rows(store)
    assert {sku: (row.touched, row.ready) for (_, sku), row in rows.items()} == {
        "A": (1, 10),
        "B": (2, 0),
    }


async def test_a_telling_whose_end_nobody_saw_is_settled_by_what_the_partner_has(
    store: Database,
) -> None:
    await plan(store, 1, line("A"), line("B"))
    await tell(store, 1)
    await say(store, 1, word("A", 10), word("B", 10))

    async def begin(*lines: PlanLine, version: int) -> None:
        await plan(store, version, *lines)
        async with store.begin() as session:
            assert await plans.is_settled(session, CASE, FIRST)
            share = await plans.share_of(session, CASE, FIRST)
            before = await told(session, FIRST)
            await plans.telling(session, CASE, FIRST, share, before=before, version=1)
            assert not await plans.is_settled(session, CASE, FIRST)

    async def settle(version: int, **has: int) -> int:
        async with store.begin() as session:
            share = {sku: (pieces, None) for sku, pieces in has.items()}
            return await plans.settle(session, CASE, FIRST, share, version)

    # It never came to it, and the plan is as it was: the words hold.
    await begin(line("A"), version=2)
    await plan(store, 3, line("A"), line("B"))
    assert await settle(1, A=10, B=10) == 0
    assert (await figures(store))[FIRST].ready == 20
    # It was told, and the plan is as it was: the word on what was taken out and put back is void.
    await begin(line("A"), version=4)
    await plan(store, 5, line("A"), line("B"))
    assert await settle(2, A=10) == 1
    assert (await figures(store))[FIRST].ready == 10


async def test_the_highest_sequence_holds_whatever_order_words_come_in(store: Database) -> None:
    await plan(store, 1, line("A"), line("B"))
    await tell(store, 1)
    late = await say(store, 5, word("A", 8, "partial"))
    early = await say(store, 2, word("A", 10), word("B", 4, "at_risk"), word("X", 1))
    assert (late.applied, early.applied) == (1, 1)
    assert [(sku, flag.value) for sku, flag in early.flags] == [("X", "unknown_sku")]
    assert early.at_risk == ["B"]
    less = await say(store, 6, word("A", 3, "partial"))
    assert less.withdrawn == ["A"]
    found = (await figures(store))[FIRST]
    assert (found.ready, found.partial, found.at_risk) == (3, 1, 1)
    stale = await say(store, 7, word("A", 10), version=0)
    assert (stale.applied, [flag.value for _, flag in stale.flags]) == (0, ["old_plan"])
    async with store.begin() as session:
        unversioned = await words.take_word(
            session, CASE, FIRST, [word("A", 9)], sequence=8, campaign_version=None
        )
    assert unversioned.applied == 1


async def test_figures_are_those_of_the_rows_by_partner(store: Database) -> None:
    lines = [line("A", 5), line("B", 7), line("C", 11, SECOND), line("D", 1_000_000_000, OWN)]
    await plan(store, 1, *lines)
    await tell(store, 1)
    await say(store, 1, word("A", 5, ready_by="2027-01-01"), word("B", 9, "declined"))
    assert await figures(store) == {
        FIRST: Figures(products=2, committed=1, declined=1, expected=12, ready=5),
        SECOND: Figures(products=1, open=1, expected=11),
        OWN: Figures(products=1, open=1, expected=1_000_000_000),
    }


async def test_products_come_page_by_page_in_either_order(store: Database) -> None:
    await plan(
        store,
        1,
        *(line(f"S{number:02}", 1 + number % 3) for number in range(9)),
        *(line(f"T{number}", 3, SECOND) for number in range(3)),
        line("OWN", 99, OWN),
    )
    await tell(store, 1)
    await say(store, 1, word("S01", 1, "at_risk"), word("S02", 3))

    async def listed(wanted: ProductFilter, *, worst_first: bool = False) -> list[str]:
        skus: list[str] = []
        cursor = None
        async with store.read() as session:
            while True:
                page = await positions.list_page(
                    session, CASE, wanted, worst_first=worst_first, limit=2, cursor=cursor
                )
                assert len(page.items) <= 2
                skus += [row.sku for row in page.items]
                cursor = page.next_cursor
                if cursor is None:
                    return skus

    every = [f"S{number:02}" for number in range(9)] + ["T0", "T1", "T2"]
    assert await listed(ProductFilter()) == ["OWN", *every]
    by_missing = await listed(ProductFilter(partner=FIRST), worst_first=True)
    assert by_missing == ["S05", "S08", "S01", "S04", "S07", "S00", "S03", "S06", "S02"]
    assert await listed(ProductFilter(partner=OWN)) == ["OWN"]
    assert await listed(ProductFilter(status=Commitment.COMMITTED)) == ["S02"]
    assert await listed(ProductFilter(in_doubt=True)) == ["S01"]
    assert "S01" not in await listed(ProductFilter(partner=FIRST, in_doubt=False))
    async with store.read() as session:
        first = await positions.list_page(session, CASE, ProductFilter(), limit=1)
        with pytest.raises(BadCursorError):
            await positions.list_page(
                session, CASE, ProductFilter(), worst_first=True, cursor=first.next_cursor
            )
        with pytest.raises(NotFoundError):
            await positions.list_page(session, "campaign-readiness:acme:9", ProductFilter())
        worst = await positions.worst(session, CASE, 3)
    assert [row.sku for row in worst] == ["S05", "S08", "T0"]


async def test_readings_flags_and_issues_are_kept_once(store: Database) -> None:
    await plan(store, 1, line("A"))
    issues = [
        LaunchIssue(code="capacity", sku="A", text="late", severity="high"),
        LaunchIssue(code="label", text="new"),
    ]
    async with store.begin() as session:
        await words.take_issues(session, CASE, FIRST, issues, sequence=4)
        await words.take_issues(
            session, CASE, FIRST, [issues[0].model_copy(update={"text": "old"})], sequence=3
        )
        await words.keep(
            session,
            CASE,
            FIRST,
            sequence=4,
            remote_id="R4",
            campaign_version=None,
            said_at=START,
            report={"sequence": 4},
            flags=[("X", "unknown_sku", "X is not in its share")] * 5,
        )
    async with store.read() as session:
        assert await words.reading(session, CASE, FIRST, 4) == {"sequence": 4}
        assert await words.reading(session, CASE, FIRST, 5) is None
        assert await words.reading(session, CASE, SECOND, 4) is None
        assert await words.count(session, CASE) == (2, 5)
        assert [one.text for one in await words.issues_of(session, CASE)] == ["late", "new"]
        assert [one.text for one in await words.issues_of(session, CASE, serious=False)] == ["new"]
        places: list[int] = []
        cursor = None
        while True:
            page = await words.flags_page(session, CASE, limit=2, cursor=cursor)
            places += [one.place for one in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
    assert places == [0, 1, 2, 3, 4]


async def test_sales_are_counted_in_steps_each_of_which_happens_once(store: Database) -> None:
    await plan(store, 1, line("A", 10), line("B", 10), line("C", 10, OWN))
    await tell(store, 1)
    await say(store, 1, word("A", 5, "partial"), word("B", 10))
    async with store.begin() as session:
        begun = await sales.begin(session, CASE, START, END)
        assert await sales.begin(session, CASE, START, END) == begun
        assert await sales.skus(session, CASE) == {"A", "B", "C"}
    later = START + timedelta(hours=1)
    step = {"sold": {"A": 7, "C": 2}, "orders": 2, "until": later, "orders_then": ["o1"]}
    async with store.begin() as session:
        first = await sales.advance(session, CASE, begun, **step, done=False)  # type: ignore[arg-type]
    assert first == replace(begun, until=later, orders_then=("o1",), orders=2)
    with pytest.raises(ConflictError):
        async with store.begin() as session:
            await sales.advance(session, CASE, begun, **step, done=False)  # type: ignore[arg-type]
    async with store.begin() as session:
        assert await sales.begin(session, CASE, START, END) == first
        last = await sales.advance(
            session, CASE, first, sold={"B": 1}, orders=1, until=later, orders_then=[], done=True
        )
    assert (last.done, last.orders) == (True, 3)
    async with store.read() as session:
        assert await sales.totals(session, CASE) == sales.Totals(committed=15, sold=10, oversold=1)
        assert [row.sku for row in await sales.oversold(session, CASE, 5)] == ["A"]
    async with store.begin() as session:
        assert (await sales.begin(session, CASE, START, later)).orders == 0
        assert (await sales.totals(session, CASE)).sold == 0
