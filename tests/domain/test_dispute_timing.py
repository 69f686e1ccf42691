"""When what there is must leave: margins in hours and business days, over zones, holidays and clock changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.dispute.timing import LONGEST_SAFETY, safety, timing
from domain.policy import Within

DAY = timedelta(days=1)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=730)).map(
    lambda passed: datetime(2026, 1, 1, tzinfo=UTC) + passed
)
SPANS = st.one_of(
    st.builds(Within, hours=st.floats(0.1, 400)),
    st.builds(
        Within,
        business_days=st.integers(1, 12),
        time_zone=st.sampled_from(ZONES),
        holidays=st.lists(
            st.dates(date(2026, 1, 1), date(2027, 12, 31)), max_size=4, unique=True
        ).map(tuple),
    ),
)


def berlin(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    local = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))
    return local.astimezone(UTC)


def days(count: int, *holidays: date) -> Within:
    return Within(business_days=count, time_zone="Europe/Berlin", holidays=holidays)


@pytest.mark.parametrize(
    ("due", "margin", "submitted"),
    [
        # 30 November 2026 is a Monday.
        (berlin(2026, 12, 2, 17, 0), Within(hours=24), berlin(2026, 12, 1, 17, 0)),
        (berlin(2026, 12, 2, 17, 0), days(1), berlin(2026, 12, 1, 17, 0)),
        (berlin(2026, 11, 30, 9, 0), days(1), berlin(2026, 11, 27, 9, 0)),
        # On a Sunday: from the end of Friday.
        (berlin(2026, 11, 29, 12, 0), days(1), berlin(2026, 11, 27, 0, 0)),
        # A free day between.
        (
            berlin(2026, 12, 28, 9, 0),
            days(1, date(2026, 12, 25)),
            berlin(2026, 12, 24, 9, 0),
        ),
        # Clocks go back on 25 October 2026, forward on 28 March 2027: the wall clock is kept, hours are hours.
        (berlin(2026, 10, 26, 9, 0), days(1), berlin(2026, 10, 23, 9, 0)),
        (berlin(2026, 10, 26, 9, 0), Within(hours=72), berlin(2026, 10, 23, 10, 0)),
        (berlin(2027, 3, 29, 9, 0), days(1), berlin(2027, 3, 26, 9, 0)),
        (berlin(2027, 3, 29, 9, 0), Within(hours=72), berlin(2027, 3, 26, 8, 0)),
    ],
)
def test_a_margin_is_counted_back_from_the_due_date(
    due: datetime, margin: Within, submitted: datetime
) -> None:
    assert margin.before(due) == submitted


@given(end=MOMENTS, span=SPANS)
def test_what_begins_a_span_before_the_end_is_over_at_the_end(end: datetime, span: Within) -> None:
    start = span.before(end)
    assert start < end
    local = end.astimezone(ZoneInfo(span.time_zone))
    # On a free day the end is the end of the business day before: the same to those who work.
    if span.hours or (local.weekday() < 5 and local.date() not in span.holidays):
        # A wall clock that is set back, or forward, may cost its hour.
        assert abs(span.after(start) - end) <= timedelta(hours=1)


@given(first=MOMENTS, second=MOMENTS, span=SPANS)
def test_a_later_due_date_never_asks_for_an_earlier_submission(
    first: datetime, second: datetime, span: Within
) -> None:
    early, late = sorted((first, second))
    assert span.before(early) <= span.before(late) + timedelta(hours=1)


@given(known=MOMENTS, left=st.timedeltas(timedelta(seconds=1), 60 * DAY), margin=SPANS)
def test_what_there_is_leaves_after_it_is_known_and_before_it_is_due(
    known: datetime, left: timedelta, margin: Within
) -> None:
    due = known + left
    times = timing(known, due, margin, Within(hours=24))
    assert known < times.submit_at < due
    assert times.submit_at <= times.last_moment < due
    assert times.short == (margin.before(due) <= known)


def test_with_no_time_left_a_quarter_of_it_is_kept_for_the_submission() -> None:
    known = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    for left, kept in ((timedelta(minutes=20), timedelta(minutes=5)), (10 * DAY, LONGEST_SAFETY)):
        times = timing(known, known + left, Within(hours=24 * 30), Within(hours=24))
        assert times.short
        assert times.submit_at == known + left - kept


def test_without_a_due_date_the_partners_own_time_stands_in() -> None:
    known = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    times = timing(known, None, Within(hours=24), Within(hours=48))
    assert (times.submit_at, times.due, times.short) == (known + 2 * DAY, None, True)


def test_a_due_date_that_has_passed_leaves_no_safety() -> None:
    known = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    assert safety(known, known - DAY) == timedelta(0)
    assert timing(known, known - DAY, Within(hours=24), Within(hours=24)).submit_at <= known
