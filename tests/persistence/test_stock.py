"""A partner's stock in the tables, on both databases: the same whatever order its words come in."""

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from domain.inventory_feed.looking import Settled
from domain.inventory_feed.problems import Problem
from domain.inventory_feed.quantities import PushTerms, Said, sellable
from persistence.repositories import inventory_positions, sku_mappings, stock_advices, stock_pushes
from persistence.repositories.inventory_positions import Candidate, Settlement
from persistence.repositories.sku_mappings import Item
from persistence.repositories.stock_advices import AdviceHead, Line
from persistence.repositories.stock_terms import FeedKey, Rule, run
from persistence.session import Database
from persistence.tables import InventoryPosition

FEED = FeedKey("acme", "p-1")
T0 = datetime(2026, 11, 20, 6, tzinfo=UTC)
DAY = date(2026, 11, 20)
PLAIN = Rule(PushTerms(), DAY)
NORTH, SOUTH = "gid://shopify/Location/1", "gid://shopify/Location/2"


def head(advice_id: str = "a1", **changes: Any) -> AdviceHead:
    given_: dict[str, Any] = {
        "advice_id": advice_id,
        "version": 1,
        "location_code": "WH-1",
        "as_of": T0,
        "sequence": 0,
        "kind": "delta",
    }
    return AdviceHead(**given_ | changes)


def lines(**available: int | None) -> list[Line]:
    return [
        Line(number=n, sku=sku, available=have) for n, (sku, have) in enumerate(available.items())
    ]


async def staged(database: Database, advice: AdviceHead, found: Sequence[Line]) -> None:
    async with database.begin() as session:
        await stock_advices.begin(session, FEED, advice, T0)
        row = await stock_advices.stage_page(
            session,
            FEED,
            advice.advice_id,
            version=advice.version,
            page=1,
            lines=found,
            last=True,
            now=T0,
        )
        assert row is not None
        assert row.state == "staged"


async def applied(database: Database, advice: AdviceHead, found: Sequence[Line]) -> Any:
    await staged(database, advice, found)
    async with database.begin() as session:
        return await stock_advices.apply(
            session, FEED, advice.advice_id, version=advice.version, now=T0
        )


async def positions(database: Database) -> dict[tuple[str, str], InventoryPosition]:
    async with database.read() as session:
        rows = (await session.exec(select(InventoryPosition))).all()
    return {(row.location_code, row.sku): row for row in rows}


async def quantities(database: Database) -> dict[str, int | None]:
    return {sku: row.available for (_, sku), row in (await positions(database)).items()}


async def known(database: Database, *skus: str, tracked: bool = True) -> None:
    async with database.begin() as session:
        items = [Item(f"gid://shopify/InventoryItem/{sku}", sku, tracked) for sku in skus]
        await sku_mappings.put(session, "acme", items, T0)


async def placed(database: Database, **codes: str) -> None:
    async with database.begin() as session:
        await inventory_positions.place_locations(
            session, FEED, {code.replace("_", "-"): gid for code, gid in codes.items()}, T0
        )


async def chosen(
    database: Database, rule: Rule = PLAIN, at: datetime = T0, **more: Any
) -> list[Candidate]:
    async with database.read() as session:
        return await inventory_positions.candidates(session, FEED, rule, at, **more)


async def make_true(
    database: Database, found: Sequence[Candidate], at: datetime = T0, **changes: Any
) -> None:
    async with database.begin() as session:
        await inventory_positions.settle(
            session,
            FEED,
            [
                Settlement(
                    location_code=one.location_code,
                    sku=one.sku,
                    item_gid=one.item_gid,
                    location_gid=one.location_gid,
                    settled=replace(
                        Settled(base=one.base, as_of=one.as_of, anchor=one.base), **changes
                    ),
                    written=one.base,
                )
                for one in found
            ],
            at,
        )


# Staging.


async def test_a_page_is_stored_once_and_a_repeat_goes_on_where_it_left_off(
    network: Database,
) -> None:
    async with network.begin() as session:
        await stock_advices.begin(session, FEED, head(), T0)
    for _ in range(2):
        async with network.begin() as session:
            row = await stock_advices.stage_page(
                session, FEED, "a1", version=1, page=1, lines=lines(A=1), last=False, now=T0
            )
            assert row is not None
            assert (row.next_page, row.lines) == (2, 1)
    async with network.begin() as session:
        assert (await stock_advices.begin(session, FEED, head(), T0)).next_page == 2
    async with network.begin() as session:
        again = await stock_advices.begin(session, FEED, head(version=2), T0)
        assert (again.next_page, again.lines, again.version) == (1, 0, 2)
    async with network.begin() as session:
        late = await stock_advices.stage_page(
            session, FEED, "a1", version=1, page=2, lines=lines(B=1), last=True, now=T0
        )
        assert late is None


async def test_of_a_sku_named_twice_the_lowest_is_taken_and_shown(network: Database) -> None:
    twice = [
        Line(number=0, sku="A", available=9),
        Line(number=1, sku="A", available=4),
        Line(number=2, sku="B", available=3),
        Line(number=3, sku="B", available=3),
        Line(number=4, sku="C", available=1),
        Line(number=5, sku="C", problem="unreadable"),
        Line(number=6, sku="D", available=1),
        Line(number=7, sku="D", available=8, constraint_code="stop_sell"),
    ]
    await applied(network, head(), twice)
    found = {
        sku: (row.available, row.said_problem)
        for (_, sku), row in (await positions(network)).items()
    }
    assert found == {
        "A": (4, "named_twice"),
        "B": (3, None),
        "C": (None, "unreadable"),
        "D": (8, "named_twice"),
    }


async def test_an_advice_is_applied_once(network: Database) -> None:
    first = await applied(network, head(), lines(A=5))
    async with network.begin() as session:
        again = await stock_advices.apply(session, FEED, "a1", version=1, now=T0)
        assert await stock_advices.apply(session, FEED, "a1", version=2, now=T0) is None
        assert await stock_advices.apply(session, FEED, "none", version=1, now=T0) is None
    assert first == again
    assert first.changed == 1
    async with network.begin() as session:
        assert await stock_advices.discard(session, FEED, "a1") == 0


async def test_a_discarded_advice_is_not_applied(network: Database) -> None:
    await staged(network, head(), lines(A=5))
    async with network.begin() as session:
        assert await stock_advices.discard(session, FEED, "a1") == 1
        assert await stock_advices.apply(session, FEED, "a1", version=1, now=T0) is None
    assert await quantities(network) == {}


# Which word is newer.


async def test_a_newer_word_stands_by_moment_then_sequence(network: Database) -> None:
    await applied(network, head("a2", as_of=T0 + timedelta(hours=1)), lines(A=2, B=2))
    late = await applied(network, head("a1"), lines(A=9, B=9, C=1))
    assert (late.changed, late.older) == (1, 2)
    assert await quantities(network) == {"A": 2, "B": 2, "C": 1}
    await applied(network, head("a0", as_of=T0 + timedelta(hours=1), sequence=1), lines(A=3))
    assert (await quantities(network))["A"] == 3


async def test_a_correction_stands_in_place_of_what_it_corrects_even_with_an_earlier_moment(
    network: Database,
) -> None:
    await applied(network, head("a1", kind="snapshot"), lines(A=5, B=5))
    await applied(
        network, head("a1", version=2, as_of=T0 - timedelta(hours=1), kind="snapshot"), lines(A=4)
    )
    assert await quantities(network) == {"A": 4, "B": 0}


async def test_a_snapshot_empties_what_it_does_not_name_but_not_what_is_newer_or_elsewhere(
    network: Database,
) -> None:
    await applied(network, head("a1"), lines(A=1, B=2, C=3))
    await applied(network, head("b1", location_code="WH-2"), lines(B=7))
    await applied(network, head("a3", as_of=T0 + timedelta(hours=2)), lines(C=4))
    done = await applied(
        network, head("a2", as_of=T0 + timedelta(hours=1), kind="snapshot"), lines(A=1)
    )
    assert (done.changed, done.older, done.missing) == (1, 0, 1)
    found = {key: row.available for key, row in (await positions(network)).items()}
    assert found == {("WH-1", "A"): 1, ("WH-1", "B"): 0, ("WH-1", "C"): 4, ("WH-2", "B"): 7}


async def test_what_an_older_delta_names_and_a_newer_snapshot_did_not_is_not_there(
    network: Database,
) -> None:
    await applied(network, head("a2", as_of=T0 + timedelta(hours=1), kind="snapshot"), lines(A=1))
    late = await applied(network, head("a1"), lines(X=9))
    assert (late.changed, late.older) == (0, 1)
    assert await quantities(network) == {"A": 1}


async def test_an_unreadable_line_leaves_what_was_said_before(network: Database) -> None:
    await applied(network, head("a1"), lines(A=5))
    bad = [Line(number=0, sku="A", problem="unreadable")]
    await applied(network, head("a2", as_of=T0 + timedelta(hours=1), kind="snapshot"), bad)
    row = (await positions(network))["WH-1", "A"]
    assert (row.available, row.said_problem) == (5, "unreadable")
    await applied(network, head("a3", as_of=T0 + timedelta(hours=2)), lines(A=6))
    row = (await positions(network))["WH-1", "A"]
    assert (row.available, row.said_problem, row.said_since) == (6, None, T0)


async def test_a_line_about_a_constraint_alone_keeps_the_quantity(network: Database) -> None:
    await applied(network, head("a1"), lines(A=5))
    only = [
        Line(number=0, sku="A", constraint_code="stop_sell", constraint_until=DAY),
        Line(number=1, sku="B", constraint_code="stop_sell"),
    ]
    await applied(network, head("a2", as_of=T0 + timedelta(hours=1)), only)
    found = await positions(network)
    assert (found["WH-1", "A"].available, found["WH-1", "A"].constraint_code) == (5, "stop_sell")
    assert (found["WH-1", "B"].available, found["WH-1", "B"].said_problem) == (None, "unreadable")


ADVICES = [
    (head("a1", kind="snapshot"), lines(A=1, B=1)),
    (head("a2", as_of=T0 + timedelta(hours=1)), lines(B=2, C=2)),
    (head("a3", as_of=T0 + timedelta(hours=1), sequence=4), lines(B=3)),
    (head("a4", as_of=T0 + timedelta(hours=2), kind="snapshot"), lines(A=4, D=4)),
    (head("a5", as_of=T0 + timedelta(hours=2), sequence=1), lines(D=5, E=5)),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_order_in_which_words_come_makes_no_difference(network: Database) -> None:
    for turn, order in enumerate(itertools.permutations(ADVICES)):
        if turn % 7:
            continue
        async with network.begin() as session:
            for table in ("inventory_positions", "stock_advices", "stock_places"):
                await (await session.connection()).exec_driver_sql(f"DELETE FROM {table}")
        for advice, found in order:
            await applied(network, advice, found)
        left = {sku: have for sku, have in (await quantities(network)).items() if have}
        assert left == {"A": 4, "D": 5, "E": 5}, [advice.advice_id for advice, _ in order]


# The brake.


async def test_a_judgement_counts_what_would_be_emptied(network: Database) -> None:
    await applied(network, head("a1"), lines(A=1, B=2, C=3, D=4, E=5, F=0))
    await applied(network, head("a9", as_of=T0 + timedelta(hours=9)), lines(E=5))
    await staged(
        network,
        head("a2", as_of=T0 + timedelta(hours=1), kind="snapshot"),
        [
            Line(number=0, sku="A", available=1),
            Line(number=1, sku="B", available=0),
            Line(number=2, sku="C", problem="unreadable"),
            Line(number=3, sku="D", constraint_code="discontinued"),
        ],
    )
    async with network.read() as session:
        advice = await stock_advices.find(session, FEED, "a2")
        assert advice is not None
        assert await stock_advices.judge(session, FEED, advice, PLAIN) == (5, 2)
        held_back = Rule(PushTerms(hold_back=1), DAY)
        # A is not for sale by these terms any more, and so is not emptied.
        assert await stock_advices.judge(session, FEED, advice, held_back) == (4, 2)


# The rule in SQL.

WORDS = st.builds(
    Said,
    available=st.integers(-5, 30),
    allocation=st.none() | st.integers(-5, 30),
    constraint=st.sampled_from(["", "stop_sell", "discontinued", "limited", "odd"]),
    until=st.none() | st.dates(DAY - timedelta(days=2), DAY + timedelta(days=2)),
)
TERMS = st.builds(
    PushTerms, hold_back=st.integers(0, 10), zero=st.booleans(), stop_sells=st.booleans()
)


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
@given(words=st.lists(WORDS, min_size=5, max_size=40), terms=TERMS)
async def test_the_rule_in_sql_is_the_rule(
    network: Database, words: list[Said], terms: PushTerms
) -> None:
    async with network.begin() as session:
        await (await session.connection()).exec_driver_sql("DELETE FROM inventory_positions")
        session.add_all(
            InventoryPosition(
                shop_id="acme",
                partner_id="p-1",
                location_code="WH-1",
                sku=str(number),
                available=said.available,
                allocation=said.allocation,
                constraint_code=said.constraint,
                constraint_until=said.until,
                as_of=T0,
                sequence=0,
                advice_id="a",
                advice_version=1,
            )
            for number, said in enumerate(words)
        )
    async with network.read() as session:
        statement = select(col(InventoryPosition.sku), Rule(terms, DAY).base(InventoryPosition))
        found = {int(sku): base for sku, base in await run(session, statement)}
    assert found == {
        number: sellable(said, terms, day=DAY, ordered=0) for number, said in enumerate(words)
    }


# Choosing.


async def test_only_what_differs_is_looked_at(network: Database) -> None:
    await applied(network, head("a1"), lines(A=1, B=2, C=3))
    await known(network, "A", "B", "C")
    await placed(network, WH_1=NORTH)
    everything = await chosen(network)
    assert [(one.sku, one.base) for one in everything] == [("A", 1), ("B", 2), ("C", 3)]
    await make_true(network, everything)
    assert await chosen(network) == []
    await applied(network, head("a2", as_of=T0 + timedelta(hours=1)), lines(A=1, B=9))
    assert [one.sku for one in await chosen(network)] == ["B"]
    async with network.read() as session:
        same = await inventory_positions.repeated(session, FEED, PLAIN, T0)
    assert [one.sku for one in same] == ["A"]
    async with network.begin() as session:
        await inventory_positions.repeat_settled(session, FEED, same)
        assert await inventory_positions.repeated(session, FEED, PLAIN, T0) == []
    assert [one.sku for one in await chosen(network, Rule(PushTerms(hold_back=2), DAY))] == [
        "A",
        "B",
        "C",
    ]


async def test_a_constraint_ends_with_its_day(network: Database) -> None:
    closed = [
        Line(number=0, sku="A", available=5, constraint_code="stop_sell", constraint_until=DAY)
    ]
    await applied(network, head(), closed)
    await known(network, "A")
    await placed(network, WH_1=NORTH)
    [one] = await chosen(network)
    assert one.base == 0
    await make_true(network, [one])
    assert await chosen(network) == []
    [after] = await chosen(network, Rule(PushTerms(), DAY + timedelta(days=1)))
    assert after.base == 5
    async with network.read() as session:
        standing = await inventory_positions.standing(session, FEED, PLAIN, T0)
        assert standing.next_constraint == DAY
        over = await inventory_positions.standing(
            session, FEED, Rule(PushTerms(), DAY + timedelta(days=1)), T0
        )
    assert (over.next_constraint, over.for_sale, over.to_push) == (None, 1, 1)


async def test_problems_of_mappings_are_shown_once_and_go_away_when_mended(
    network: Database,
) -> None:
    await applied(network, head("a1"), lines(A=1, B=2, C=3))
    await applied(network, head("b1", location_code="WH-2"), lines(A=1))
    await known(network, "B", tracked=False)
    async with network.begin() as session:
        twins = [Item(f"gid://shopify/InventoryItem/C{n}", "C", True) for n in (1, 2)]
        await sku_mappings.put(session, "acme", twins, T0)
    await placed(network, WH_1=NORTH)
    found = await chosen(network)
    problems = {one.key: (one.item_problem, one.item_gid) for one in found if one.item_problem}
    assert {key: problem.value for key, (problem, _) in problems.items()} == {
        ("WH-1", "A"): "sku_unknown",
        ("WH-1", "B"): "not_tracked",
        ("WH-1", "C"): "sku_not_unique",
    }
    async with network.begin() as session:
        await inventory_positions.hinder(session, FEED, problems, T0)
    assert await chosen(network) == []
    async with network.read() as session:
        standing = await inventory_positions.standing(session, FEED, PLAIN, T0)
        newest = await inventory_positions.newest_problems(session, FEED, 2)
    assert standing.problems == {
        Problem.SKU_UNKNOWN: 1,
        Problem.NOT_TRACKED: 1,
        Problem.SKU_NOT_UNIQUE: 1,
        Problem.LOCATION_UNMAPPED: 1,
    }
    assert [(one.location_code, one.sku) for one in newest] == [("WH-1", "A"), ("WH-1", "B")]
    await known(network, "A", "B")
    await placed(network, WH_1=NORTH, WH_2=SOUTH)
    assert [one.key for one in await chosen(network)] == [
        ("WH-1", "A"),
        ("WH-1", "B"),
        ("WH-2", "A"),
    ]


async def test_a_mapping_that_means_another_place_makes_everything_new(network: Database) -> None:
    await applied(network, head(), lines(A=1))
    await known(network, "A")
    await placed(network, WH_1=NORTH)
    await make_true(network, await chosen(network))
    await placed(network, WH_1=NORTH)
    assert await chosen(network) == []
    await placed(network, WH_1=SOUTH)
    [one] = await chosen(network)
    assert (one.location_gid, one.settled) == (SOUTH, None)


async def test_a_resting_problem_is_looked_at_when_the_partner_says_more(network: Database) -> None:
    await applied(network, head("a1"), lines(A=1))
    await known(network, "A")
    await placed(network, WH_1=NORTH)
    [one] = await chosen(network)
    async with network.begin() as session:
        hindered = {one.key: (Problem.NOT_STOCKED, one.item_gid)}
        await inventory_positions.hinder(session, FEED, hindered, T0)
        await inventory_positions.hinder(session, FEED, hindered, T0 + timedelta(hours=1))
    assert await chosen(network) == []
    assert (await positions(network))["WH-1", "A"].problem_since == T0
    await applied(network, head("a2", as_of=T0 + timedelta(hours=1)), lines(A=1))
    assert [found.sku for found in await chosen(network)] == ["A"]


async def test_what_is_believed_is_looked_at_again_and_an_edit_when_it_is_to_be_overwritten(
    network: Database,
) -> None:
    await applied(network, head(), lines(A=1, B=1))
    await known(network, "A", "B")
    await placed(network, WH_1=NORTH)
    a, b = await chosen(network)
    await make_true(network, [a], believed=1, believed_since=T0)
    async with network.begin() as session:
        reported = Settlement(
            location_code=b.location_code,
            sku=b.sku,
            item_gid=b.item_gid,
            location_gid=b.location_gid,
            settled=Settled(base=b.base, as_of=b.as_of, anchor=7),
            problem=Problem.EDITED_BY_HAND,
        )
        await inventory_positions.settle(session, FEED, [reported], T0)
    assert await chosen(network, at=T0 + timedelta(seconds=59)) == []
    assert [one.sku for one in await chosen(network, at=T0 + timedelta(seconds=60))] == ["A"]
    assert [one.sku for one in await chosen(network, overwrite=["B"])] == ["B"]
    assert [one.sku for one in await chosen(network, overwrite=["A"])] == []
    assert [one.sku for one in await chosen(network, overwrite_all=True)] == ["B"]


async def test_who_else_writes_an_item_is_known(network: Database) -> None:
    await applied(network, head("a1"), lines(A=1))
    await applied(network, head("b1", location_code="WH-2"), lines(A=1))
    await known(network, "A")
    await placed(network, WH_1=NORTH, WH_2=NORTH)
    first, second = await chosen(network)
    await make_true(network, [first])
    async with network.read() as session:
        others = await inventory_positions.written_by_others(session, FEED, [second])
    assert others == {(second.item_gid, NORTH): {("p-1", "WH-1")}}


async def test_positions_are_listed_in_pages(network: Database) -> None:
    await applied(network, head("a1"), lines(A1=1, A2=2, B1=3))
    await applied(
        network, head("b1", location_code="WH-2"), [Line(number=0, sku="A1", problem="unreadable")]
    )

    async def listed(**where: Any) -> list[tuple[str, str]]:
        cursor, found = None, []
        while True:
            async with network.read() as session:
                page = await inventory_positions.page(
                    session, FEED, limit=2, cursor=cursor, **where
                )
            found += [(row.location_code, row.sku) for row in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return found

    assert await listed() == [("WH-1", "A1"), ("WH-1", "A2"), ("WH-1", "B1"), ("WH-2", "A1")]
    assert await listed(sku="A") == [("WH-1", "A1"), ("WH-1", "A2"), ("WH-2", "A1")]
    assert await listed(sku="%") == []
    assert await listed(location_code="WH-2") == [("WH-2", "A1")]
    assert await listed(problem=Problem.UNREADABLE) == [("WH-2", "A1")]
    assert await listed(any_problem=True) == [("WH-2", "A1")]


# Items.


async def test_a_refresh_is_joined_remembered_and_followed_by_another(network: Database) -> None:
    async def take_part(request: str) -> Any:
        async with network.begin() as session:
            row = await sku_mappings.refresh(session, "acme", request, T0)
            return (row.requests, row.result)

    assert await take_part("r1") == (["r1"], None)
    assert await take_part("r2") == (["r1", "r2"], None)
    async with network.begin() as session:
        row = await sku_mappings.locked(session, "acme")
        assert row is not None
        await sku_mappings.finish(session, row, {"skus": 3}, T0)
    assert await take_part("r2") == (["r1", "r2"], {"skus": 3})
    assert await take_part("r3") == (["r3"], None)


async def test_items_that_were_not_seen_again_are_forgotten(network: Database) -> None:
    await known(network, "A", "B")
    async with network.begin() as session:
        later = T0 + timedelta(hours=1)
        renamed = Item("gid://shopify/InventoryItem/A", "A-new", False)
        await sku_mappings.put(session, "acme", [renamed], later)
        assert await sku_mappings.forget_unseen(session, "acme", later) == 1
        assert await sku_mappings.skus(session, "acme") == {"A-new"}
        assert await sku_mappings.count(session, "acme") == 1


# Pushes.

OWNER = "inventory-feed:acme:p-1/run-1"


def entry(sku: str, place: int, **changes: Any) -> stock_pushes.Entry:
    given_: dict[str, Any] = {
        "location_code": "WH-1",
        "sku": sku,
        "batch": 0,
        "place": place,
        "item_gid": f"gid://shopify/InventoryItem/{sku}",
        "location_gid": NORTH,
        "change_from": 0,
        "quantity": 5,
        "base": 5,
        "as_of": T0,
        "ordered": 0,
        "believed": 0,
        "believed_since": None,
        "edited": False,
        "first": True,
        "advice_id": "a1",
    }
    return stock_pushes.Entry(**given_ | changes)


async def test_a_round_is_planned_anew_until_a_batch_was_begun(network: Database) -> None:
    async with network.begin() as session:
        await stock_pushes.store(
            session, FEED, 1, 0, [entry("A", 0), entry("B", 1)], {"n": 1}, OWNER
        )
    async with network.begin() as session:
        assert await stock_pushes.begin(session, FEED, 1, 0, OWNER) is None
        assert sorted(await stock_pushes.left(session, FEED, 1, 0)) == [
            ("WH-1", "A"),
            ("WH-1", "B"),
        ]
        await stock_pushes.store(session, FEED, 1, 0, [entry("B", 0)], {"n": 2}, OWNER)
        await stock_pushes.begin_batch(session, FEED, 1, 0, 0, "k1")
    async with network.begin() as session:
        assert await stock_pushes.begin(session, FEED, 1, 0, OWNER) == {"n": 2}
        again = await stock_pushes.begin_batch(session, FEED, 1, 0, 0, "k1")
        assert (again.idempotency_key, again.result) == ("k1", None)
        found = await stock_pushes.entries_of(session, FEED, 1, 0, 0)
    assert [one.sku for one in found] == ["B"]


async def test_what_a_round_left_goes_with_the_next_and_the_end_is_remembered(
    network: Database,
) -> None:
    async with network.begin() as session:
        planned = [entry("A", 0), entry("B", 1), entry("C", 2)]
        await stock_pushes.store(session, FEED, 1, 0, planned, {}, OWNER)
        batch = await stock_pushes.begin_batch(session, FEED, 1, 0, 0, "k1")
        states: dict[int, tuple[str, str | None]] = {
            0: ("left", None),
            1: ("left", None),
            2: ("refused", "item_refused"),
        }
        await stock_pushes.note_result(session, batch, states, {"left": 2})
    async with network.begin() as session:
        assert sorted(await stock_pushes.left(session, FEED, 1, 1)) == [
            ("WH-1", "A"),
            ("WH-1", "B"),
        ]
        await stock_pushes.store(session, FEED, 1, 1, [entry("A", 0)], {}, OWNER)
        assert await stock_pushes.still_left(session, FEED, 1) == []
        batch = await stock_pushes.begin_batch(session, FEED, 1, 1, 0, "k2")
        await stock_pushes.note_result(session, batch, {0: ("left", None)}, {})
        assert [one.sku for one in await stock_pushes.still_left(session, FEED, 1)] == ["A"]
        assert await stock_pushes.count_states(session, FEED, 1) == {"left": 1, "refused": 1}
        await stock_pushes.finish(session, FEED, 1, {"keeps_changing": 1})
    async with network.begin() as session:
        assert await stock_pushes.finished(session, FEED, 1) == {"keeps_changing": 1}
        assert await stock_pushes.begin(session, FEED, 2, 0, OWNER) is None
        assert await stock_pushes.finished(session, FEED, 1) is None


async def test_a_push_of_the_same_number_by_another_run_is_another_push(network: Database) -> None:
    async with network.begin() as session:
        await stock_pushes.store(session, FEED, 1, 0, [entry("A", 0)], {"n": 1}, OWNER)
        await stock_pushes.begin_batch(session, FEED, 1, 0, 0, "k1")
    async with network.begin() as session:
        assert (
            await stock_pushes.begin(session, FEED, 1, 0, "inventory-feed:acme:p-1~2/run-2") is None
        )
        assert await stock_pushes.entries_of(session, FEED, 1, 0, 0) == []
