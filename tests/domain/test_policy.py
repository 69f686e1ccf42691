"""The terms of a case: what is refused, and which record wins."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.policy import ANY, Policy, PolicyKey, ReturnClaimPolicy, Within, most_specific


@pytest.mark.parametrize(
    "zone", ["", "Mars", "Europe", "europe/berlin ", "../UTC", "/etc/passwd", "UTC\n", "a\0b"]
)
def test_a_zone_that_the_database_does_not_have_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="is not a time zone of the IANA database"):
        Within(business_days=1, time_zone=zone)


@pytest.mark.parametrize(
    "fields",
    [
        {"hours": -1},
        {"hours": float("nan")},
        {"hours": float("inf")},
        {"hours": 24 * 366 + 1},
        {"business_days": 0},
        {"business_days": -3},
        {"business_days": 1.5},
        {"business_days": 261},
        {"hours": None, "business_days": None, "time_zone": "UTC"},
    ],
)
def test_a_span_that_is_not_above_zero_or_has_no_end_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Within.model_validate(fields)


SPANS = st.one_of(
    st.builds(Within, hours=st.floats(0.001, 24 * 366)),
    st.builds(
        Within,
        business_days=st.integers(1, 40),
        time_zone=st.sampled_from(["UTC", "Africa/Cairo", "Asia/Gaza", "America/Santiago"]),
        holidays=st.lists(st.dates(date(2020, 1, 1), date(2021, 3, 1)), max_size=30).map(tuple),
    ),
)

MOMENTS = st.integers(0, 366 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


# These zones change their clocks at midnight, on workdays too, and a span may start in the doubled hour.
@given(SPANS, MOMENTS)
def test_a_span_ends_after_it_starts_wherever_and_whenever(
    within: Within, moment: datetime
) -> None:
    end = within.after(moment)
    assert end > moment
    assert end.utcoffset() == timedelta()


@given(SPANS, MOMENTS)
def test_a_span_does_not_depend_on_the_zone_its_start_is_written_in(
    within: Within, moment: datetime
) -> None:
    elsewhere = moment.astimezone(ZoneInfo("Asia/Kolkata"))
    assert within.after(elsewhere) == within.after(moment)


def test_business_days_step_over_weekends_and_holidays() -> None:
    within = Within(business_days=2, holidays=(date(2026, 12, 25), date(2026, 12, 28)))
    christmas_eve = datetime(2026, 12, 24, 15, 30, tzinfo=UTC)
    assert within.after(christmas_eve) == datetime(2026, 12, 30, 15, 30, tzinfo=UTC)


def test_what_starts_on_a_free_day_counts_from_the_next_business_days_beginning() -> None:
    saturday = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
    assert Within(business_days=1).after(saturday) == datetime(2026, 11, 24, tzinfo=UTC)


def test_the_zone_decides_which_day_it_is() -> None:
    friday_late = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # Saturday in Kolkata
    assert Within(business_days=1).after(friday_late) == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    india = Within(business_days=1, time_zone="Asia/Kolkata")
    assert india.after(friday_late) == datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


@pytest.mark.parametrize("fractions", [(0,), (1,), (-0.5,), (1.5,), (0.5, 2), (float("nan"),)])
@pytest.mark.parametrize("field", ["reminders", "merchant_reminders"])
def test_a_reminder_outside_the_time_is_refused(field: str, fractions: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="fractions of the time"):
        Policy.model_validate({field: fractions})


def test_reminders_are_put_in_order_and_said_once() -> None:
    assert Policy(reminders=(0.8, 0.2, 0.8)).reminders == (0.2, 0.8)


HANDLES = st.sampled_from([ANY, "a", "b"])
KEYS = st.builds(PolicyKey, shop=HANDLES, partner=HANDLES, priority=HANDLES)


@given(st.lists(KEYS, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_the_most_specific_record_wins_whatever_the_order_of_the_table(
    keys: list[PolicyKey], dice: object
) -> None:
    records = [(key, key) for key in keys]
    won = most_specific(records, shop="a", partner="a", priority="a")
    dice.shuffle(records)  # type: ignore[attr-defined]
    assert most_specific(records, shop="a", partner="a", priority="a") == won
    covering = [key for key in keys if {key.shop, key.partner, key.priority} <= {ANY, "a"}]
    # A partner's terms, then a priority's, then the shop's: no other record names more in that order.
    by_rank = sorted(covering, key=lambda key: (key.partner, key.priority, key.shop), reverse=True)
    assert won == (by_rank[0] if by_rank else None)


def test_a_record_wins_whole_and_borrows_nothing_from_the_others() -> None:
    shops = ReturnClaimPolicy(auto_approve=False, reminders=(0.1,), version="shop")
    partners = ReturnClaimPolicy(auto_decline=False, version="partner")
    won = most_specific(
        [(PolicyKey(shop="a"), shops), (PolicyKey(partner="p"), partners)],
        shop="a",
        partner="p",
        priority="normal",
    )
    assert won is partners
    assert won.auto_approve
    assert won.reminders == Policy().reminders
