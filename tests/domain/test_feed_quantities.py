"""What the store may sell of what a partner says."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.inventory_feed.quantities import PushTerms, Said, day_in, ends_at, sellable

TODAY = date(2026, 11, 30)
QUANTITIES = st.integers(-1_000, 1_000)


def sell(said: Said, ordered: int = 0, day: date = TODAY, **terms: object) -> int:
    return sellable(said, PushTerms.model_validate(terms), day=day, ordered=ordered)


@pytest.mark.parametrize(
    ("said", "ordered", "hold_back", "expected"),
    [
        (Said(available=10), 0, 0, 10),
        (Said(available=10, allocation=4), 0, 0, 4),
        (Said(available=3, allocation=40), 0, 0, 3),
        (Said(available=10), 3, 2, 5),
        (Said(available=10), 9, 2, 0),
        (Said(available=-4), 0, 0, 0),
        (Said(available=10, allocation=-1), 0, 0, 0),
        (Said(available=10), -5, 0, 10),  # nothing that is not ordered makes more of it
    ],
)
def test_what_is_sold_is_the_least_of_what_is_there_and_allowed_less_what_is_ordered_or_held_back(
    said: Said, ordered: int, hold_back: int, expected: int
) -> None:
    assert sell(said, ordered, hold_back=hold_back) == expected


@pytest.mark.parametrize("code", ["stop_sell", "discontinued"])
def test_a_closing_constraint_holds_through_its_last_day_and_without_one_for_good(
    code: str,
) -> None:
    said = Said(available=10, constraint=code, until=TODAY)
    assert sell(said) == 0
    assert sell(said, day=TODAY + timedelta(days=1)) == 10
    assert sell(Said(available=10, constraint=code), day=date(2099, 1, 1)) == 0
    assert sell(said, stop_sells=False) == 10


@pytest.mark.parametrize("code", ["limited", "seasonal", ""])
def test_any_other_constraint_takes_nothing_off_sale(code: str) -> None:
    assert sell(Said(available=10, constraint=code)) == 10


def test_zero_is_zero_whatever_is_said() -> None:
    assert sell(Said(available=10), zero=True) == 0


@given(QUANTITIES, st.none() | QUANTITIES, st.integers(0, 500), st.integers(0, 500))
def test_it_is_never_above_what_the_partner_said_and_never_below_zero(
    available: int, allocation: int | None, ordered: int, hold_back: int
) -> None:
    said = Said(available=available, allocation=allocation)
    quantity = sell(said, ordered, hold_back=hold_back)
    allowed = max(0, available if allocation is None else min(available, allocation))
    assert 0 <= quantity <= allowed
    if quantity:
        assert quantity + ordered + hold_back == allowed


def test_a_constraint_ends_with_its_last_day_in_the_shops_own_zone() -> None:
    assert ends_at("Europe/Berlin", TODAY) == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert ends_at("America/Los_Angeles", TODAY) == datetime(2026, 12, 1, 8, tzinfo=UTC)
    # Over the change of the clocks the day has 25 hours.
    assert ends_at("Europe/Berlin", date(2026, 10, 25)) == datetime(2026, 10, 25, 23, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd"])
def test_a_zone_nobody_knows_is_utc(zone: str) -> None:
    assert day_in(zone, datetime(2026, 11, 30, 23, 59, tzinfo=UTC)) == TODAY
    assert ends_at(zone, TODAY) == datetime(2026, 12, 1, tzinfo=UTC)


@given(
    st.integers(0, 366 * 24 * 60).map(
        lambda m: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=m)
    ),
    st.sampled_from(["Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Auckland"]),
)
def test_it_holds_before_its_end_and_not_from_it_on(at: datetime, zone: str) -> None:
    until = day_in(zone, at)
    said = Said(available=1, constraint="stop_sell", until=until)
    end = ends_at(zone, until)
    assert at < end
    assert said.closed_on(day_in(zone, end - timedelta(seconds=1)))
    assert not said.closed_on(day_in(zone, end))
