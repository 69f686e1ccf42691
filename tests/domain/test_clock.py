"""The clock under any sequence of calls at increasing times."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.clock import Clock, Tick
from domain.policy import Within

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
CLOCKS = st.builds(
    lambda reminders, escalate_at: Clock.begin(
        START, Within(hours=10), reminders=tuple(sorted(reminders)), escalate_at=escalate_at
    ),
    st.sets(st.floats(0.01, 0.99), max_size=4),
    st.sampled_from([0.2, 0.5, 0.95, 1.0]),
)
CALLS = st.lists(
    st.tuples(
        st.sampled_from(["take", "take", "take", "stop", "resume", "extend"]),
        st.integers(0, 300).map(lambda minutes: timedelta(minutes=minutes)),
    ),
    max_size=25,
)


def call(clock: Clock, name: str, now: datetime) -> Tick | None:
    match name:
        case "stop":
            clock.stop(now)
        case "resume":
            clock.resume(now)
        case "extend":
            clock.extend(now + timedelta(hours=4), now)
        case _:
            return clock.take(now)
    return None


@given(CLOCKS, CALLS)
def test_nothing_is_said_twice_or_after_the_end_unless_the_time_was_extended(
    clock: Clock, calls: list[tuple[str, timedelta]]
) -> None:
    now, said = START, list[Tick]()
    for name, later in calls:
        now += later
        standing_still, over, reminded = clock.stopped_at is not None, clock.over, clock.reminded
        past_due = now >= clock.due
        tick = call(clock, name, now)
        if name == "extend":
            said = []
        if tick is None:
            continue
        assert not standing_still
        assert not over
        assert (tick is Tick.DEADLINE) == past_due
        if tick is Tick.REMIND:
            assert clock.reminded > reminded
        said.append(tick)
        assert said.count(Tick.REMIND) <= len(clock.reminders)
        assert said.count(Tick.ESCALATE) <= 1
        assert said.count(Tick.DEADLINE) <= 1


@given(CLOCKS, CALLS)
def test_what_comes_next_is_said_at_its_moment_and_not_before(
    clock: Clock, calls: list[tuple[str, timedelta]]
) -> None:
    now = START
    for name, later in calls:
        now += later
        call(clock, name, now)
        coming = clock.next()
        assert (coming is None) == (not clock.running)
        if coming is None:
            assert clock.model_copy().take(now + timedelta(days=9)) is None
            continue
        assert coming.at <= clock.due
        assert clock.model_copy().take(coming.at) is coming.tick
        if name == "take":
            # What had passed is said: a timer to the next moment never fires at once, nor round and round.
            assert coming.at > now
            assert clock.model_copy().take(now) is None
            assert clock.model_copy().take(coming.at - INSTANT) is None


@given(CLOCKS, CALLS)
def test_only_a_stop_and_an_extension_move_the_end(
    clock: Clock, calls: list[tuple[str, timedelta]]
) -> None:
    now = START
    for name, later in calls:
        now += later
        due, stopped_at = clock.due, clock.stopped_at
        call(clock, name, now)
        if name == "extend":
            assert clock.due == now + timedelta(hours=4)
        elif name == "resume" and stopped_at is not None:
            assert clock.due - due == now - stopped_at
            assert clock.stopped_at is None
        else:
            assert clock.due == due


@given(CLOCKS, st.integers(0, 540), st.integers(0, 10_000))
def test_a_stop_shifts_all_that_was_still_to_come(clock: Clock, at: int, still: int) -> None:
    now = START + timedelta(minutes=at)
    while clock.take(now):
        pass
    before = clock.next()
    clock.stop(now)
    clock.resume(now + timedelta(minutes=still))
    after = clock.next()
    assert before is not None
    assert after is not None
    assert after.tick is before.tick
    assert after.at - before.at == timedelta(minutes=still)


def test_an_extended_clock_that_stood_still_goes_on_standing_still() -> None:
    clock = Clock.begin(START, Within(hours=10), reminders=())
    clock.stop(START + timedelta(hours=1))
    clock.extend(START + timedelta(hours=20), START + timedelta(hours=2))
    assert clock.next() is None
    clock.resume(START + timedelta(hours=5))
    assert clock.due == START + timedelta(
        hours=23
    )  # the time before the extension is not given twice


def test_the_most_serious_of_what_was_missed_is_said_once() -> None:
    clock = Clock.begin(START, Within(hours=10), reminders=(0.2, 0.4), escalate_at=0.5)
    assert clock.take(START + timedelta(hours=6)) is Tick.ESCALATE
    assert clock.take(START + timedelta(hours=6)) is None
    assert clock.take(START + timedelta(hours=10)) is Tick.DEADLINE


def test_the_longer_time_of_an_extended_clock_has_all_its_reminders() -> None:
    clock = Clock.begin(START, Within(hours=10), reminders=(0.5, 0.8), escalate_at=0.9)
    end = START + timedelta(hours=30)
    for fraction in (5, 8, 9):
        assert clock.take(START + timedelta(hours=fraction))
    clock.extend(end, START + timedelta(hours=10))
    said = []
    while coming := clock.next():
        said.append((coming.at - START, clock.take(coming.at)))
    assert said == [
        (timedelta(hours=20), Tick.REMIND),
        (timedelta(hours=26), Tick.REMIND),
        (timedelta(hours=28), Tick.ESCALATE),
        (timedelta(hours=30), Tick.DEADLINE),
    ]
