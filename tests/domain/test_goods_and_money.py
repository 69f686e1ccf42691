"""What comes back, and what goes back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.message import Money
from domain.return_claim.goods import (
    Authorization,
    AuthorizationLine,
    DispositionType,
    GoodsLine,
    GoodsReceived,
    goods_problem,
    merchant_dispositions,
    outstanding,
    report,
)
from domain.return_claim.money import NotRefundable, RefundTransaction, SuggestedRefund, share

WANTED = st.dictionaries(st.integers(0, 5).map(str), st.integers(1, 9), min_size=1, max_size=4)
REPORTED = st.lists(
    st.builds(
        AuthorizationLine,
        line_id=st.integers(0, 6).map(str),
        received_quantity=st.none() | st.integers(0, 11),
        disposition_code=st.sampled_from(["", "RA", "DI", "RT", "KA", "MW", "RF", "QQ"]),
        location_code=st.sampled_from(["", "WH"]),
        location_id=st.sampled_from(["", "7"]),
    ),
    max_size=6,
    unique_by=lambda line: line.line_id,
)


@given(WANTED, REPORTED)
def test_a_report_accounts_for_a_line_whole_or_not_at_all(
    wanted: dict[str, int], lines: list[AuthorizationLine]
) -> None:
    said = report(Authorization(id="a", lines=tuple(lines)), wanted, "partner:acme")
    for line_id, parts in said.dispositions.items():
        assert sum(part.quantity for part in parts) == wanted[line_id]
        for part in parts:
            assert bool(part.location_id) == (part.type is DispositionType.RESTOCKED)
    left = outstanding(wanted, said.dispositions)
    assert set(left) == set(wanted) - set(said.dispositions)
    by_id = {line.line_id: line for line in lines}
    for line_id in left:
        entry = by_id.get(line_id)
        reported = entry is not None and entry.received_quantity is not None
        assert reported == any(f"Line {line_id}:" in problem for problem in said.problems)


COUNTED = st.lists(
    st.builds(
        GoodsLine,
        line_id=st.integers(0, 5).map(str),
        quantity=st.integers(1, 9),
        disposition=st.sampled_from(DispositionType),
        location_id=st.sampled_from(["", "7"]),
    ),
    min_size=1,
    max_size=6,
).map(tuple)


@given(WANTED, COUNTED)
def test_the_merchants_count_is_taken_only_where_it_adds_up(
    wanted: dict[str, int], lines: tuple[GoodsLine, ...]
) -> None:
    command = GoodsReceived(actor="operator:maria", lines=lines)
    found = merchant_dispositions(command)
    adds_up = all(
        sum(part.quantity for part in parts) == wanted.get(line_id)
        for line_id, parts in found.items()
    )
    placed = all(
        line.location_id for line in lines if line.disposition is DispositionType.RESTOCKED
    )
    assert (goods_problem(command, wanted) == "") == (adds_up and placed)


CENTS = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)
SUGGESTED = st.lists(CENTS, max_size=4).map(
    lambda found: SuggestedRefund(
        amount=Money(amount=sum(found, Decimal(0)), currency="EUR"),
        transactions=tuple(
            RefundTransaction(parent_id=str(place), amount=maximum, maximum=maximum)
            for place, maximum in enumerate(found)
        ),
    )
)


@given(SUGGESTED, CENTS.filter(bool))
def test_an_amount_is_shared_to_the_cent_or_refused(
    suggested: SuggestedRefund, amount: Decimal
) -> None:
    possible = sum((entry.maximum for entry in suggested.transactions), Decimal(0))
    if amount > possible:
        with pytest.raises(NotRefundable, match="more than the order's payments"):
            share(suggested, amount)
        return
    parts = share(suggested, amount)
    assert sum(part.amount for part in parts) == amount
    assert all(0 < part.amount <= part.maximum for part in parts)
    places = [part.parent_id for part in parts]
    assert places == sorted(set(places), key=int)
