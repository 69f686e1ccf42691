"""Spans of time and the clock that runs in them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.clock import Clock, Tick
from domain.policy import Within

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
MOMENTS = st.datetimes(
    datetime(2026, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone itself
    datetime(2029, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
HOLIDAYS = st.frozensets(st.dates(date(2026, 1, 1), date(2030, 12, 31)), max_size=40)


def free(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() > 4 or day in holidays


@given(MOMENTS, st.integers(1, 30), st.sampled_from(ZONES), HOLIDAYS)
def test_business_days_end_on_a_business_day_after_as_many_of_them(
    start: datetime, days: int, zone: str, holidays: frozenset[date]
) -> None:
    within = Within(business_days=days, time_zone=zone, holidays=tuple(holidays))
    end = within.after(start)
    assert end > start
    here, there = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    assert not free(there.date(), holidays)
    first = here.date()
    began_free = free(first, holidays)
    while free(first, holidays):
        first += timedelta(days=1)
    between = [first + timedelta(days=ahead) for ahead in range(1, (there.date() - first).days + 1)]
    assert sum(not free(day, holidays) for day in between) == days
    wall = time() if began_free else here.time().replace(fold=0)
    shown = datetime.combine(there.date(), wall, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert end == shown  # the same wall clock, also where a clock change lies between


def test_a_clock_change_moves_the_moment_and_keeps_the_wall_clock() -> None:
    within = Within(business_days=1, time_zone="Europe/Berlin")
    friday = datetime(
        2027, 3, 26, 9, 0, tzinfo=ZoneInfo("Europe/Berlin")
    )  # the clock changes on Sunday
    end = within.after(friday.astimezone(UTC))
    assert end - friday == timedelta(days=3, hours=-1)
    assert end.astimezone(ZoneInfo("Europe/Berlin")).time() == time(9)


@given(MOMENTS, st.floats(0.001, 24 * 366))
def test_hours_are_hours(start: datetime, hours: float) -> None:
    assert Within(hours=hours).after(start) == start + timedelta(hours=hours)


@pytest.mark.parametrize(
    "fields",
    [{}, {"hours": 1, "business_days": 1}, {"hours": 0}, {"business_days": 1, "time_zone": "Mars"}],
)
def test_a_span_that_is_none_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Within.model_validate(fields)


START = datetime(2026, 11, 23, 12, tzinfo=UTC)
FRACTIONS = st.lists(st.floats(0.01, 0.99), max_size=4, unique=True).map(
    lambda found: tuple(sorted(found))
)


@given(
    FRACTIONS,
    st.floats(0.01, 1.0),
    st.lists(st.integers(0, 60 * 30), min_size=1, max_size=40),
)
def test_a_clock_says_nothing_twice_and_its_end_is_final(
    reminders: tuple[float, ...], escalate_at: float, looks: list[int]
) -> None:
    clock = Clock.begin(START, Within(hours=24), reminders=reminders, escalate_at=escalate_at)
    said = [clock.take(START + timedelta(minutes=minute)) for minute in sorted(looks)]
    assert said.count(Tick.DEADLINE) <= 1
    assert said.count(Tick.ESCALATE) <= (1 if escalate_at < 1 else 0)
    assert said.count(Tick.REMIND) <= len(reminders)
    if Tick.DEADLINE in said:
        assert set(said[said.index(Tick.DEADLINE) + 1 :]) <= {None}
        assert clock.next() is None
    if max(looks) >= 24 * 60:
        assert Tick.DEADLINE in said


@given(FRACTIONS, st.floats(0.01, 1.0))
def test_following_a_clock_says_everything_in_order(
    reminders: tuple[float, ...], escalate_at: float
) -> None:
    clock = Clock.begin(START, Within(hours=24), reminders=reminders, escalate_at=escalate_at)
    moments: list[datetime] = []
    said: list[Tick] = []
    while (due := clock.next()) is not None:
        tick = clock.take(due.at)
        assert tick is not None, "a moment that says nothing would be waited for again and again"
        said.append(tick)
        moments.append(due.at)
        assert len(said) < 20
    assert moments == sorted(moments)
    assert said[-1] is Tick.DEADLINE
    assert moments[-1] == START + timedelta(hours=24)


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 600)), max_size=6))
def test_time_that_stood_still_is_given_back(stops: list[tuple[int, int]]) -> None:
    clock = Clock.begin(START, Within(hours=24), reminders=())
    now, still = START, timedelta()
    for running, standing in stops:
        now += timedelta(minutes=running / 10)
        clock.stop(now)
        clock.stop(now)
        assert clock.next() is None
        assert clock.take(now + timedelta(days=400)) is None
        now += timedelta(minutes=standing)
        clock.resume(now)
        clock.resume(now + timedelta(hours=1))  # one that runs is not resumed
        still += timedelta(minutes=standing)
    assert clock.due == START + timedelta(hours=24) + still


@given(st.lists(st.sampled_from(["stop", "resume", "extend", "take"]), max_size=12), st.data())
def test_no_order_of_calls_brings_a_clock_out_of_order(
    calls: list[str], data: st.DataObject
) -> None:
    clock = Clock.begin(START, Within(hours=10), reminders=(0.5, 0.8), escalate_at=0.9)
    now = START
    for call in calls:
        now += timedelta(minutes=data.draw(st.integers(0, 400)))
        match call:
            case "stop":
                clock.stop(now)
            case "resume":
                clock.resume(now)
            case "extend":
                clock.extend(now + timedelta(hours=5), now)
            case _:
                clock.take(now)
        assert clock.start <= clock.due
        due = clock.next()
        assert (due is None) == (clock.over or clock.stopped_at is not None)
        if due is not None:
            assert due.at <= clock.due


def test_an_extended_clock_that_was_over_runs_again() -> None:
    clock = Clock.begin(START, Within(hours=1), reminders=(0.5,))
    assert clock.take(START + timedelta(hours=2)) is Tick.DEADLINE
    clock.extend(START + timedelta(hours=10), START + timedelta(hours=2))
    assert clock.take(START + timedelta(hours=6)) is Tick.REMIND
    assert clock.take(START + timedelta(hours=10)) is Tick.DEADLINE
