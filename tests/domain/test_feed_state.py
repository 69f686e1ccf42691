"""What a feed's state follows from, and what it carries into the next run."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.inventory_feed import standing
from domain.inventory_feed.advices import Advice, AdviceKind, Judgement
from domain.inventory_feed.decision import Choice, Decide, concerned, why_not
from domain.inventory_feed.messages import FeedStanding, FeedTerms
from domain.inventory_feed.names import Outcome, inventory_feed_key
from domain.inventory_feed.problems import Problem
from domain.inventory_feed.state import (
    Fate,
    HeldAdvice,
    InventoryFeedInput,
    InventoryFeedState,
    Phase,
    SeenAdvice,
)
from domain.policy import InventoryFeedPolicy, WhenStale

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def advice(name: str = "A-1", at: datetime = NOW, sequence: int = 1, **more: Any) -> Advice:
    given: dict[str, Any] = {"location_code": "WH-1", "kind": AdviceKind.SNAPSHOT, "version": 1}
    return Advice(id=name, as_of=at, sequence=sequence, **given | more)


def running(**policy: Any) -> InventoryFeedState:
    state = InventoryFeedState(phase=Phase.RUNNING, policy=InventoryFeedPolicy(**policy))
    state.case.opened_at = NOW - HOUR
    return state


def status(state: InventoryFeedState) -> str:
    return standing.standing(state).status.value


def held(state: InventoryFeedState, name: str = "A-1", code: str = "WH-1") -> HeldAdvice:
    one = HeldAdvice(
        advice=advice(name, location_code=code),
        lines=5,
        judgement=Judgement(for_sale=100, to_zero=90),
        since=NOW,
    )
    state.held[code] = one
    return one


# The brake.


@pytest.mark.parametrize(
    ("for_sale", "to_zero", "brakes"),
    [
        (100, 20, False),  # the share itself passes
        (100, 21, True),
        (9, 9, False),  # fewer than `brake_from`
        (10, 10, True),
        (0, 0, False),
    ],
)
def test_a_snapshot_waits_that_empties_more_than_the_share_and_enough_of_it(
    for_sale: int, to_zero: int, brakes: bool
) -> None:
    judgement = Judgement(for_sale=for_sale, to_zero=to_zero)
    assert judgement.brakes(InventoryFeedPolicy()) is brakes


# Advices.


def test_an_advice_that_was_read_in_its_version_is_not_read_again() -> None:
    state = running()
    state.hear_of("A-1", 1)
    state.hear_of("A-1", 2)
    assert [(one.id, one.version) for one in state.to_read] == [("A-1", 2)]
    state.begin_reading(state.to_read[0])
    state.take_known(advice(version=2))
    state.reading.clear()
    state.hear_of("A-1", 1)
    state.hear_of("A-1", 2)
    state.hear_of("", 5)
    assert state.to_read == []
    state.hear_of("A-1", 3)
    assert len(state.to_read) == 1


def test_an_advice_is_not_read_twice_at_once_and_few_are_read_at_once() -> None:
    state = running()
    for number in range(9):
        state.hear_of(f"A-{number}", 1)
    while (entry := state.next_to_read()) is not None:
        state.begin_reading(entry)
    assert len(state.reading) == 4
    del state.reading["A-0"]
    state.hear_of("A-1", 2)
    assert state.next_to_read() is not None
    assert state.next_to_read() != state.to_read[-1]


def test_only_the_newest_advices_are_remembered() -> None:
    state = running()
    for number in range(300):
        state.take_known(advice(f"A-{number}"))
        state.list_advice(SeenAdvice(id=f"A-{number}", words="", fate=Fate.APPLIED, at=NOW))
    assert len(state.known) == 200
    assert "A-299" in state.known
    assert [one.id for one in state.advices][:2] == ["A-299", "A-298"]
    assert len(state.advices) == 20
    state.list_advice(SeenAdvice(id="A-298", words="", fate=Fate.DISCARDED, at=NOW))
    assert [one.id for one in state.advices][:2] == ["A-298", "A-299"]


def test_a_newer_snapshot_of_the_same_place_supersedes_a_held_one() -> None:
    state = running()
    one = held(state)
    assert state.supersedes(advice("A-0", NOW - HOUR)) is None
    assert state.supersedes(advice("A-2", sequence=2)) is one
    assert state.supersedes(advice("A-2", sequence=2, location_code="DEPOT-2")) is None


# Time.


def test_a_feed_is_stale_when_its_newest_word_is_too_old_not_when_it_came_late() -> None:
    state = running()
    assert state.stale_at == NOW - HOUR + 48 * HOUR  # nothing yet: since it was opened
    state.take_heard(advice(at=NOW - 10 * HOUR), NOW)
    assert state.stale_at == NOW + 38 * HOUR
    state.take_heard(advice(at=NOW - 20 * HOUR), NOW)
    assert state.stale_at == NOW + 38 * HOUR
    # A partner's clock that runs ahead does not keep it fresh.
    state.take_heard(advice(at=NOW + 10 * HOUR), NOW)
    assert state.stale_at == NOW + 48 * HOUR


def test_a_new_word_ends_the_staleness_and_an_old_one_does_not() -> None:
    state = running()
    state.take_heard(advice(at=NOW - 10 * HOUR), NOW)
    later = NOW + 50 * HOUR
    state.stale_since = later - HOUR
    assert not state.take_heard(advice(at=NOW - 5 * HOUR), later)
    assert state.stale_since is not None
    assert state.take_heard(advice(at=later - HOUR), later)
    assert state.stale_since is None


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (WhenStale.KEEP, (3, False)),
        (WhenStale.BUFFER, (8, False)),
        (WhenStale.ZERO, (3, True)),
    ],
)
def test_a_stale_feed_holds_back_what_the_policy_says(
    when: WhenStale, expected: tuple[int, bool]
) -> None:
    state = running(safety_stock=3, stale_buffer=5, when_stale=when)
    assert (state.push_terms.hold_back, state.push_terms.zero) == (3, False)
    state.stale_since = NOW
    assert (state.push_terms.hold_back, state.push_terms.zero) == expected


def test_one_moment_is_waited_for_the_earliest() -> None:
    state = running()
    assert state.next_moment() == (NOW + 47 * HOUR, "No word for too long")
    state.standing = FeedStanding(next_constraint=NOW + HOUR)
    assert state.next_moment() == (NOW + HOUR, "A constraint ends")
    state.unknown_skus, state.refreshed_at = True, NOW - HOUR / 2
    assert state.next_moment() == (NOW + HOUR / 2, "Look for unknown SKUs")
    state.refreshing = True
    assert state.next_moment() == (NOW + HOUR, "A constraint ends")


# Who is waited for.


def test_without_inventory_items_nothing_is_pushed_until_they_were_looked_for() -> None:
    state = running()
    state.push_wanted = True
    assert not state.may_push
    state.refreshed_at = NOW
    assert state.may_push


def test_where_the_policy_writes_nothing_the_merchant_is_asked_once_something_would_be() -> None:
    state = running(auto_push=False)
    state.push_wanted, state.items = True, 5
    assert (state.may_push, state.may_write, state.wants_merchant) == (True, False, False)
    state.push_wanted, state.to_write = False, 3
    assert (state.may_push, state.wants_merchant) == (False, True)
    assert status(state) == "awaiting_merchant"
    state.push_word = True
    assert (state.may_push, state.may_write, state.wants_merchant) == (True, True, False)


def test_a_held_snapshot_waits_for_the_merchant_until_something_is_said_of_it() -> None:
    state = running()
    held(state)
    assert (state.wants_merchant, status(state)) == (True, "awaiting_merchant")
    state.words["WH-1"] = True
    assert (state.wants_merchant, status(state)) == (False, "active")


def decide(choice: str, **more: Any) -> Decide:
    return Decide(actor="operator:maria", choice=Choice(choice), **more)


def test_a_decision_names_the_advice_where_several_are_held() -> None:
    state = running()
    assert "No advice waits" in why_not(state, decide("apply"))
    held(state)
    assert why_not(state, decide("discard")) == ""
    held(state, "A-2", "DEPOT-2")
    assert "name one" in why_not(state, decide("apply"))
    [one] = concerned(state, decide("apply", advice_id="A-2"))
    assert one.advice.location_code == "DEPOT-2"
    assert "not held" in why_not(state, decide("apply", advice_id="A-3"))


def test_pushing_and_overwriting_are_decided_only_where_they_are_waited_for() -> None:
    state = running()
    assert "by itself" in why_not(state, decide("push"))
    assert "Nothing that was changed" in why_not(state, decide("overwrite"))
    state.standing = FeedStanding(problems={Problem.EDITED_BY_HAND: 2})
    assert why_not(state, decide("overwrite")) == ""
    state = running(auto_push=False)
    assert "nothing to push" in why_not(state, decide("push"))


# Terms.


def test_a_partner_that_is_suspended_or_retired_ends_the_feed() -> None:
    state = running()
    for status, ending in [
        ("active", None),
        ("", None),
        ("suspended", Outcome.SUSPENDED),
        ("retired", Outcome.RETIRED),
    ]:
        state.take_terms(FeedTerms(name="Mill", partner_status=status, policy=state.policy))
        assert state.ending is ending
        assert state.outcome_when_stopped() is (ending or Outcome.STOPPED)


def test_new_terms_are_told_once() -> None:
    state = running()
    terms = FeedTerms(
        name="Mill", partner_status="active", policy=InventoryFeedPolicy(version="policy 3 v1")
    )
    assert state.take_terms(terms) == ["It goes by policy 3 v1 now."]
    assert state.take_terms(terms) == []
    assert state.take_terms(terms.model_copy(update={"shadow": True})) == ["Shadow mode is on."]


# The next run.


def test_the_next_run_goes_on_with_everything_but_old_notes() -> None:
    state = running(safety_stock=3)
    held(state)
    state.words["WH-1"] = False
    state.hear_of("A-9", 1)
    state.case.saw("event 1")
    state.case.notes = [f"note {number}" for number in range(50)]
    state.overwrite, state.stale_since = ["SHIRT-M"], NOW
    state.standing = FeedStanding(skus=5, problems={Problem.SKU_UNKNOWN: 2})
    feed = InventoryFeedInput(
        case_id="inventory-feed:acme:mill",
        number=7,
        shop="acme",
        tenant="demo",
        partner="mill",
        opened_by="trading_grid",
        carried=state.carry(),
    )
    again = InventoryFeedInput.model_validate_json(feed.model_dump_json())
    assert again.carried is not None
    found = InventoryFeedState.model_validate(again.carried)
    assert found.case.notes == [f"note {number}" for number in range(30, 50)]
    assert found.runs == 2
    found.case.notes, found.runs = state.case.notes, state.runs
    assert found == state


def test_what_the_next_run_is_given_stays_small() -> None:
    state = running()
    for number in range(1_000):
        state.take_known(advice(f"{number:036}"))
        state.list_advice(
            SeenAdvice(id=f"{number:036}", words="w" * 60, fate=Fate.APPLIED, at=NOW, text="t" * 80)
        )
        state.case.saw(f"{number:012}")
        state.case.notes.append("n" * 200)
    feed = InventoryFeedInput(
        case_id="c",
        number=1,
        shop="s",
        tenant="t",
        partner="p",
        opened_by="o",
        carried=state.carry(),
    )
    assert len(feed.model_dump_json()) < 64_000


# Keys.


@pytest.mark.parametrize(
    ("partner", "key"),
    [
        ("acme-mill", "inventory-feed:acme:acme-mill"),
        ("ACME Mill", "inventory-feed:acme:acme-mill-"),
        ("mill:1", "inventory-feed:acme:mill-1-"),
        ("~nightly", "inventory-feed:acme:nightly-"),
        ("ü", "inventory-feed:acme:"),
    ],
)
def test_any_partners_id_makes_a_key_of_its_own(partner: str, key: str) -> None:
    made = inventory_feed_key("acme", partner)
    assert made.startswith(key)
    assert made.count(":") == 2
    assert "~" not in made
    assert len(made) < 128


def test_partners_whose_ids_look_alike_have_different_keys() -> None:
    ids = ["mill", "Mill", "MILL", "mill ", "mi-ll", "mi_ll"]
    assert len({inventory_feed_key("acme", one) for one in ids}) == len(ids)
