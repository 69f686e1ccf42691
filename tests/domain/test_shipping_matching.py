"""Which lines a notice ships: whatever a partner names, corrects and repeats, nothing ships twice or beyond the order."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from domain.purchase_order.names import PositionLine
from domain.shipping_documents.matching import (
    MORE_THAN_OPEN,
    OTHER_PARCEL,
    OTHER_SKU,
    TAKEN_BACK,
    UNKNOWN_LINE,
    Match,
    Plan,
    added,
    match_notice,
    match_notices,
    plan,
    wanted,
)
from domain.shipping_documents.papers import Notice, NoticeItem, NoticePackage, Written


def line(line_id: str, sku: str, ordered: int, **more: int) -> PositionLine:
    return PositionLine(line_id=line_id, sku=sku, unit_price=Decimal(10), ordered=ordered, **more)


def item(what: str, quantity: int) -> NoticeItem:
    """`11` names a line, `SHIRT` a SKU."""
    if what.isdigit():
        return NoticeItem(line_id=what, quantity=quantity)
    return NoticeItem(sku=what, quantity=quantity)


def notice(*packages: tuple[str, dict[str, int]], version: int = 1, number: str = "S1") -> Notice:
    """Packages as `(tracking number, what -> quantity)`."""
    return Notice(
        id=f"N-{number}",
        version=version,
        shipment_number=number,
        carrier="DHL",
        packages=tuple(
            NoticePackage(
                tracking_number=tracking,
                items=tuple(item(what, count) for what, count in items.items()),
            )
            for tracking, items in packages
        ),
    )


def matched(said: Notice, *lines: PositionLine) -> Match:
    return match_notice(said, lines, {entry.line_id: wanted(entry) for entry in lines})


def kinds(found: Match | Plan) -> list[str]:
    return [entry.kind for entry in found.discrepancies]


SHIRT, SHOE = line("11", "SHIRT", 3), line("12", "SHOE", 2)


def test_an_item_is_matched_by_its_line_and_else_by_its_sku() -> None:
    found = matched(notice(("T1", {"11": 2, "shoe ": 1})), SHIRT, SHOE)
    assert found.quantities == {"11": 2, "12": 1}
    assert found.discrepancies == ()


def test_a_line_id_of_the_partners_own_counts_as_none() -> None:
    said = Notice(
        id="N",
        shipment_number="S1",
        packages=(NoticePackage(items=(NoticeItem(line_id="1", sku="SHOE", quantity=2),)),),
    )
    assert matched(said, SHIRT, SHOE).quantities == {"12": 2}


def test_lines_of_one_sku_are_filled_in_their_order() -> None:
    lines = (line("1", "CUP", 2), line("2", "CUP", 2), line("3", "CUP", 2))
    assert matched(notice(("T1", {"CUP": 5})), *lines).quantities == {"1": 2, "2": 2, "3": 1}


def test_what_names_its_line_comes_before_what_names_only_a_sku() -> None:
    lines = (line("1", "CUP", 2), line("2", "CUP", 2))
    found = matched(notice(("T1", {"CUP": 2, "1": 2})), *lines)
    assert found.quantities == {"1": 2, "2": 2}
    assert found.discrepancies == ()


def test_an_unknown_line_is_kept_and_ships_nothing() -> None:
    found = matched(notice(("T1", {"HAT": 4})), SHIRT)
    assert found.quantities == {}
    assert kinds(found) == [UNKNOWN_LINE]
    assert found.discrepancies[0].text == "4 × HAT, which was not ordered"


def test_more_than_is_open_ships_what_is_open() -> None:
    found = matched(notice(("T1", {"11": 5})), SHIRT)
    assert found.quantities == {"11": 3}
    assert kinds(found) == [MORE_THAN_OPEN]
    assert found.discrepancies[0].text == "2 × SHIRT more than is open"


def test_rejected_and_cancelled_pieces_are_not_open() -> None:
    found = matched(notice(("T1", {"11": 3})), line("11", "SHIRT", 3, rejected=1, cancelled=1))
    assert found.quantities == {"11": 1}


def test_a_line_under_another_sku_ships_and_is_said() -> None:
    said = Notice(
        id="N",
        shipment_number="S1",
        packages=(NoticePackage(items=(NoticeItem(line_id="11", sku="SHIRT-B", quantity=1),)),),
    )
    found = matched(said, SHIRT)
    assert found.quantities == {"11": 1}
    assert kinds(found) == [OTHER_SKU]


def test_packages_of_one_tracking_number_are_one_parcel_and_without_one_the_shipments_number_serves() -> (
    None
):
    found = matched(notice(("T1", {"11": 1}), ("T1", {"11": 1}), (" ", {"12": 1})), SHIRT, SHOE)
    assert {parcel.number: parcel.quantities for parcel in found.parcels} == {
        "T1": {"11": 2},
        "S1": {"12": 1},
    }


# Corrections.


def settled(found: Match) -> list[Written]:
    return [
        Written(number=one.number, company=one.company, sscc=one.sscc, quantities=one.quantities)
        for one in found.parcels
        if one.quantities
    ]


def planned(before: Notice, after: Notice, *lines: PositionLine) -> Plan:
    """What a correction leaves to be done once the first notice is settled."""
    written = settled(matched(before, *lines))
    match = match_notices([after], lines, written={"S1": written})["S1"]
    return plan("S1", match, written, lines)


def test_a_corrected_number_renames_the_parcel_and_ships_nothing() -> None:
    todo = planned(notice(("T1", {"11": 2})), notice(("T2", {"11": 2}), version=2), SHIRT)
    assert {old: new.number for old, new in todo.renumber.items()} == {"T1": "T2"}
    assert todo.ship == ()
    assert todo.discrepancies == ()


def test_a_corrected_number_of_one_of_several_parcels_is_found_by_the_package() -> None:
    def said(second: str) -> Notice:
        return Notice(
            id="N",
            shipment_number="S1",
            packages=tuple(
                NoticePackage(sscc=sscc, tracking_number=number, items=(item("11", 1),))
                for sscc, number in (("00", "T1"), ("01", second))
            ),
        )

    todo = planned(said("T2"), said("T3"), SHIRT)
    assert {old: new.number for old, new in todo.renumber.items()} == {"T2": "T3"}
    assert todo.ship == ()


def test_a_corrected_carrier_is_corrected_under_the_same_number() -> None:
    before = notice(("T1", {"11": 2}))
    todo = planned(before, before.model_copy(update={"carrier": "UPS"}), SHIRT)
    assert [(old, new.company) for old, new in todo.renumber.items()] == [("T1", "UPS")]


def test_a_correction_upwards_ships_the_difference() -> None:
    todo = planned(notice(("T1", {"11": 1})), notice(("T1", {"11": 3}), version=2), SHIRT)
    assert [(one.number, one.quantities) for one in todo.ship] == [("T1", {"11": 2})]


def test_a_correction_downwards_takes_nothing_back_and_is_said() -> None:
    todo = planned(notice(("T1", {"11": 3})), notice(("T1", {"11": 1}), version=2), SHIRT)
    assert todo.ship == ()
    assert kinds(todo) == [TAKEN_BACK]
    assert todo.discrepancies[0].text == "3 × SHIRT shipped, but the notice now says 1"


def test_pieces_that_move_to_another_parcel_do_not_ship_again() -> None:
    before = notice(("T1", {"11": 2}))
    todo = planned(before, notice(("T1", {"11": 1}), ("T2", {"11": 1}), version=2), SHIRT)
    assert todo.ship == ()
    assert kinds(todo) == [OTHER_PARCEL]


def test_an_earlier_notice_that_grows_takes_nothing_a_later_one_has_shipped() -> None:
    first, second = notice(("T1", {"11": 1})), notice(("T2", {"11": 2}), number="S2")
    written = {"S1": settled(matched(first, SHIRT)), "S2": settled(matched(second, SHIRT))}
    grown = notice(("T1", {"11": 3}), version=2)
    found = match_notices([grown, second], [SHIRT], written=written)
    assert found["S1"].quantities == {"11": 1}
    assert kinds(found["S1"]) == [MORE_THAN_OPEN]
    assert found["S2"].quantities == {"11": 2}


# Whatever is said.

LINES = (line("1", "CUP", 3), line("2", "CUP", 2), line("3", "POT", 4, rejected=1))
ITEMS = st.builds(
    NoticeItem,
    line_id=st.sampled_from(["", "1", "2", "3", "9"]),
    sku=st.sampled_from(["", "CUP", "pot", "HAT"]),
    quantity=st.integers(0, 5),
)
PACKAGES = st.builds(
    NoticePackage,
    sscc=st.sampled_from(["", "A", "B"]),
    tracking_number=st.sampled_from(["", "T1", "T2", "T3"]),
    items=st.lists(ITEMS, max_size=3).map(tuple),
)


def notices(number: str) -> st.SearchStrategy[Notice]:
    return st.builds(
        Notice,
        id=st.just(f"N-{number}"),
        shipment_number=st.just(number),
        packages=st.lists(PACKAGES, max_size=4).map(tuple),
    )


@given(notices("S1"))
def test_every_piece_is_matched_or_is_a_discrepancy(said: Notice) -> None:
    found = matched(said, *LINES)
    named = sum(one.quantity for package in said.packages for one in package.items)
    amiss = sum(
        int(entry.text.split(" ")[0])
        for entry in found.discrepancies
        if entry.kind in {UNKNOWN_LINE, MORE_THAN_OPEN}
    )
    assert sum(found.quantities.values()) + amiss == named


@given(notices("S1"))
def test_the_order_of_a_notices_packages_changes_no_quantity(said: Notice) -> None:
    whole = [
        matched(said.model_copy(update={"packages": tuple(order)}), *LINES).quantities
        for order in list(permutations(said.packages))[:6]
    ]
    assert all(one == whole[0] for one in whole)


def play(steps: Sequence[Notice]) -> tuple[dict[str, list[Written]], list[Notice]]:
    """Notices and corrections, each settled as it is planned before the next one comes."""
    written: dict[str, list[Written]] = {}
    known: dict[str, Notice] = {}
    for said in steps:
        known[said.shipment_number] = said
        for number in known:
            matches = match_notices(list(known.values()), LINES, written=written)
            todo = plan(number, matches[number], written.get(number, []), LINES)
            written[number] = carried_out(todo, written.get(number, []))
    return written, list(known.values())


def carried_out(todo: Plan, written: Sequence[Written]) -> list[Written]:
    now = [
        one.model_copy(
            update={
                "number": todo.renumber[one.number].number,
                "sscc": todo.renumber[one.number].sscc,
            }
            if one.number in todo.renumber
            else {}
        )
        for one in written
    ]
    for parcel in todo.ship:
        there = next((one for one in now if one.number == parcel.number), None)
        if there is not None:
            now.remove(there)
        kept = there.quantities if there else {}
        now.append(
            Written(
                number=parcel.number,
                sscc=parcel.sscc,
                quantities=added([kept, parcel.quantities]),
            )
        )
    return now


STEPS = st.lists(st.one_of(notices("S1"), notices("S2")), max_size=6)


@given(STEPS)
def test_never_more_ships_than_was_ordered(steps: list[Notice]) -> None:
    written, _ = play(steps)
    shipped = added(one.quantities for parcels in written.values() for one in parcels)
    for entry in LINES:
        assert shipped.get(entry.line_id, 0) <= wanted(entry)


@given(STEPS)
def test_what_is_settled_is_not_planned_again(steps: list[Notice]) -> None:
    written, known = play(steps)
    matches = match_notices(known, LINES, written=written)
    for number, match in matches.items():
        todo = plan(number, match, written[number], LINES)
        assert todo.ship == ()
        assert todo.renumber == {}


@given(STEPS)
def test_a_repeated_notice_changes_nothing(steps: list[Notice]) -> None:
    once, _ = play(steps)
    again, _ = play([said for said in steps for _ in range(2)])
    assert again == once


def test_two_notices_that_wait_do_not_share_the_same_pieces() -> None:
    first, second = notice(("T1", {"11": 2})), notice(("T2", {"11": 2}), number="S2")
    found = match_notices([first, second], [SHIRT], written={})
    assert found["S1"].quantities == {"11": 2}
    assert found["S2"].quantities == {"11": 1}
    assert kinds(found["S2"]) == [MORE_THAN_OPEN]


def test_of_two_corrected_parcels_with_the_same_pieces_each_keeps_its_package() -> None:
    def said(*numbers: tuple[str, str]) -> Notice:
        return Notice(
            id="N",
            shipment_number="S1",
            packages=tuple(
                NoticePackage(sscc=sscc, tracking_number=number, items=(item("11", 1),))
                for sscc, number in numbers
            ),
        )

    todo = planned(said(("00", "T1"), ("01", "T2")), said(("01", "T4"), ("00", "T3")), SHIRT)
    assert {old: new.number for old, new in todo.renumber.items()} == {"T1": "T3", "T2": "T4"}
