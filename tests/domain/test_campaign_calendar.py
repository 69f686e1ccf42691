"""When a campaign is looked at, and what follows of its state: gates, readiness, who is waited for."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.campaign_readiness.calendar import before, gates, newest_gate, next_gate, wrap_up_at
from domain.campaign_readiness.names import metaobject_handle
from domain.campaign_readiness.plan import Window, edited_fields, fields_digest
from domain.campaign_readiness.positions import Figures
from domain.campaign_readiness.standing import metaobject_text, readiness_in_words
from domain.campaign_readiness.state import CampaignPartner, CampaignReadinessState, Stage
from domain.policy import CampaignReadinessPolicy, Within

START = datetime(2027, 3, 1, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
WINDOW = Window(title="Spring", starts_at=START, ends_at=START + 48 * HOUR)


@given(
    st.one_of(
        st.builds(Within, hours=st.integers(1, 24 * 300)),
        st.builds(
            Within,
            business_days=st.integers(1, 60),
            time_zone=st.sampled_from(["UTC", "Europe/Berlin", "America/Los_Angeles"]),
            holidays=st.lists(st.dates(date(2026, 6, 1), date(2027, 3, 1)), max_size=8).map(tuple),
        ),
    ),
    st.integers(-180 * 24 * 60, 90 * 24 * 60).map(lambda minutes: START + minutes * HOUR / 60),
)
def test_a_span_that_begins_then_is_over_in_time_and_a_day_later_is_not(
    within: Within, end: datetime
) -> None:
    start = before(within, end)
    assert within.after(start) <= end
    assert within.after(start + timedelta(days=1)) > end


def test_gates_stand_before_the_start_the_earliest_first_and_each_once() -> None:
    policy = CampaignReadinessPolicy(
        gates=(Within(hours=24), Within(hours=72), Within(hours=72), Within(business_days=1))
    )
    # 1 March 2027 is a Monday.
    assert gates(policy, WINDOW) == (START - 72 * HOUR, START - 24 * HOUR)
    friday = Window(title="x", starts_at=START + 96 * HOUR, ends_at=START + 97 * HOUR)
    assert before(Within(business_days=2), friday.starts_at) == friday.starts_at - 48 * HOUR


def test_of_gates_that_were_missed_only_the_newest_counts() -> None:
    moments = [START - 72 * HOUR, START - 24 * HOUR, START]
    opened = START - 100 * HOUR
    assert next_gate(moments, opened) == START - 72 * HOUR
    assert newest_gate(moments, opened, START - 80 * HOUR) is None
    assert newest_gate(moments, opened, START - 20 * HOUR) == START - 24 * HOUR
    assert newest_gate(moments, START - 20 * HOUR, START - 10 * HOUR) is None
    assert next_gate(moments, START) is None
    assert wrap_up_at(CampaignReadinessPolicy(), WINDOW) == WINDOW.ends_at + 24 * HOUR


def state(**figures: int) -> CampaignReadinessState:
    one = CampaignPartner(
        partner="acme", tenant="t", wanted="d", shared="d", figures=Figures(**figures)
    )
    return CampaignReadinessState(
        stage=Stage.PREPARING, window=WINDOW, digest="d", partners={"acme": one}
    )


def test_nothing_asked_is_not_ready_and_a_missing_piece_never_rounds_up() -> None:
    empty = CampaignReadinessState(window=WINDOW)
    assert empty.readiness is None
    assert not empty.suffices
    assert readiness_in_words(empty) == "no partner is asked for anything"
    nearly = state(products=2, committed=1, partial=1, expected=100_000, ready=99_999)
    assert not nearly.suffices
    assert readiness_in_words(nearly).startswith("99.9 % ready")
    whole = state(products=1, committed=1, expected=3, ready=3)
    assert whole.suffices
    assert metaobject_text(whole) == metaobject_text(whole.model_copy(deep=True))


def test_a_share_that_left_the_plan_counts_no_more() -> None:
    left = state(products=1, open=1, expected=10)
    left.partners["acme"].wanted = ""
    assert left.readiness is None
    assert not left.owing
    assert left.shares == []


def test_an_edit_is_told_field_by_field_and_an_emptied_field_is_one() -> None:
    first = {"title": "Spring", "starts_at": "2027-03-01T08:00:00Z", "plan": ""}
    digest = fields_digest(first)
    assert edited_fields(digest, first) == frozenset()
    assert edited_fields(digest, {"title": "Spring", "starts_at": "2027-03-02T08:00:00Z"}) == {
        "starts_at"
    }
    assert edited_fields(digest, {"starts_at": "2027-03-01T08:00:00Z"}) == {"title"}
    assert edited_fields(digest, first | {"plan": "gid://shopify/GenericFile/1"}) == {"plan"}


@given(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", fullmatch=True))
def test_every_reference_has_a_handle_that_shopify_takes(reference: str) -> None:
    handle = metaobject_handle(reference)
    assert handle == handle.lower()
    assert "." not in handle
    assert len(handle) <= 60
    assert metaobject_handle(reference.swapcase()) != handle or reference.swapcase() == reference
