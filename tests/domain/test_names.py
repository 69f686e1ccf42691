"""Routes, the order's fields, ids and handles."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import CaseState, check_handle
from domain.order_fields import OrderEntry, merge_entry, text_line, wanted_tags
from domain.policy import PolicyKey, most_specific
from domain.return_claim.names import ReturnStatus, claim_key, opens_case, return_key
from domain.return_claim.state import ClaimRequest
from domain.routing import MatchKind, Route, Traits, partner_for
from domain.shopify_ids import gid, numeric_id


def route(kind: str, value: str, partner: str, **more: object) -> Route:
    return Route.model_validate(
        {"kind": kind, "value": value, "partner": partner, "tenant": "demo", **more}
    )


def test_the_most_specific_route_wins() -> None:
    traits = Traits(sku="SH-12-RED", vendor="Acme", location="7", fulfillment_service="3pl")
    table = [
        route("fulfillment_service", "3pl", "a"),
        route("location", "7", "b"),
        route("vendor", " acme ", "c"),
        route("sku_prefix", "sh-", "d"),
        route("sku_prefix", "SH-12", "e"),
    ]
    winners = []
    while table:
        won = partner_for(traits, table)
        assert won is not None
        winners.append(won.partner)
        table.remove(won)
    assert winners == ["e", "d", "c", "b", "a"]
    assert partner_for(traits, table) is None


def test_a_priority_comes_before_what_is_more_specific() -> None:
    table = [route("vendor", "acme", "a", priority=1), route("sku_prefix", "SH", "b")]
    won = partner_for(Traits(sku="SH-1", vendor="ACME"), table)
    assert won is not None
    assert won.partner == "a"


@given(
    st.lists(
        st.builds(
            Route,
            kind=st.sampled_from(MatchKind),
            value=st.sampled_from(["", "a", "ab", "abc", " A"]),
            partner=st.sampled_from("pqr"),
            tenant=st.just("demo"),
            lifecycle=st.sampled_from(["*", "return_claim"]),
            priority=st.integers(0, 2),
        ),
        max_size=6,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_routes_table_changes_nothing(table: list[Route], dice: object) -> None:
    traits = Traits(sku="abcd", vendor="ab", location="a")
    won = partner_for(traits, table)
    shuffled = list(table)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    again = partner_for(traits, shuffled)
    assert (won and won.partner) == (again and again.partner)


ENTRIES = st.builds(
    OrderEntry,
    case=st.text(max_size=5),
    status=st.sampled_from(["awaiting_partner", "awaiting_merchant", "resolved"]),
    outcome=st.sampled_from(["", "declined"]),
    text=st.text(max_size=40),
)


@given(
    st.dictionaries(st.sampled_from("abcd"), ENTRIES, max_size=4), st.sampled_from("abcd"), ENTRIES
)
def test_a_claims_entry_leaves_the_others_alone_and_writing_it_again_changes_nothing(
    known: dict[str, OrderEntry], object_id: str, entry: OrderEntry
) -> None:
    value: str | None = None
    for key, other in known.items():
        value = merge_entry(value, key, other)
    once = merge_entry(value, object_id, entry)
    assert merge_entry(once, object_id, entry) == once
    parsed = json.loads(once)
    assert parsed[object_id] == entry.model_dump(mode="json")
    for key, other in known.items():
        if key != object_id:
            assert parsed[key] == other.model_dump(mode="json")
    every = (known | {object_id: entry}).values()
    assert wanted_tags({"return_claim": once}) == {
        f"gridcase-{found.status.replace('_', '-')}" for found in every if not found.outcome
    }
    assert len(text_line(once)) <= 1000


@pytest.mark.parametrize("broken", ["", "no json", "[1]", "null"])
def test_a_broken_field_of_ours_is_written_anew(broken: str) -> None:
    value = merge_entry(broken, "7", OrderEntry(case="c", status="resolved", text="done"))
    assert set(json.loads(value)) == {"7"}
    assert wanted_tags({"return_claim": broken}) == set()


@given(st.integers(0, 10**19))
def test_a_gid_and_its_number_are_two_ways_to_say_one_thing(number: int) -> None:
    assert numeric_id(gid("Return", str(number))) == str(number) == numeric_id(number)


@pytest.mark.parametrize("text", ["", "gid://shopify/Return/", "12a", "gid://other/Return/1", "-1"])
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither a Shopify GID"):
        numeric_id(text)


@pytest.mark.parametrize("handle", ["a", "acme-2", "a" * 64])
def test_a_handle_is_taken(handle: str) -> None:
    assert check_handle(handle) == handle


@pytest.mark.parametrize("handle", ["", "-a", "a-", "A", "a b", "a:b", "a/b", "a" * 65])
def test_what_is_no_handle_is_refused(handle: str) -> None:
    with pytest.raises(ValueError):
        check_handle(handle)


def test_a_key_names_its_object() -> None:
    assert return_key("acme", "gid://shopify/Return/7") == "return-claim:acme:7"
    assert claim_key("acme", "D-17") == "return-claim:acme:claim-D-17"


@pytest.mark.parametrize("reference", ["", "a/b", "a b", "a:b", "~2", "x" * 81])
def test_a_reference_that_would_break_a_case_id_is_refused(reference: str) -> None:
    with pytest.raises(ValueError):
        ClaimRequest.model_validate(
            {
                "kind": "damage",
                "external_reference": reference,
                "order_id": "1",
                "lines": [{"line_item_id": "1", "quantity": 1}],
            }
        )


def test_what_opens_a_case() -> None:
    opening = {status for status in ReturnStatus if opens_case(status, open_on_open_return=True)}
    assert opening == {ReturnStatus.REQUESTED, ReturnStatus.OPEN}
    assert not opens_case(ReturnStatus.OPEN, open_on_open_return=False)
    assert ReturnStatus("SOMETHING_NEW") is ReturnStatus.UNKNOWN


def test_a_partners_own_terms_come_before_the_shops() -> None:
    records = [
        (PolicyKey(), "default"),
        (PolicyKey(shop="acme"), "shop"),
        (PolicyKey(priority="high"), "priority"),
        (PolicyKey(partner="p"), "partner"),
        (PolicyKey(partner="q", shop="acme", priority="high"), "another's"),
    ]
    found = []
    while won := most_specific(records, shop="acme", partner="p", priority="high"):
        found.append(won)
        records = [entry for entry in records if entry[1] != won]
    assert found == ["partner", "priority", "shop", "default"]


@given(st.lists(st.integers(0, 30).map(str), max_size=60))
def test_an_event_is_seen_once(events: list[str]) -> None:
    state = CaseState()
    assert [event for event in events if not state.saw(event)] == list(dict.fromkeys(events))
