"""Which route wins, against a plain reading of the rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.routing import MatchKind, Route, Traits, partner_for

VALUES = st.sampled_from(["", " ", "a", "A ", "ab", " AB", "abc", "ABC   ", "   a   ", "b"])
ROUTES = st.lists(
    st.builds(
        Route,
        kind=st.sampled_from(MatchKind),
        value=VALUES,
        partner=st.sampled_from("pqr"),
        tenant=st.sampled_from(["demo", "live"]),
        lifecycle=st.sampled_from(["*", "return_claim"]),
        priority=st.integers(-1, 1),
    ),
    max_size=7,
)
TRAITS = st.builds(Traits, sku=VALUES, vendor=VALUES, location=VALUES, fulfillment_service=VALUES)


def bare(text: str) -> str:
    return text.strip().casefold()


def matches(route: Route, traits: Traits) -> bool:
    wanted = bare(route.value)
    if route.kind is MatchKind.SKU_PREFIX:
        return bool(wanted) and bare(traits.sku).startswith(wanted)
    return bool(wanted) and bare(getattr(traits, route.kind.value)) == wanted


def test_the_order_of_precedence_is_sku_vendor_location_service() -> None:
    assert [kind.value for kind in MatchKind] == [
        "sku_prefix",
        "vendor",
        "location",
        "fulfillment_service",
    ]


@given(TRAITS, ROUTES, st.randoms(use_true_random=False))
def test_the_route_that_wins_follows_from_the_rules_and_not_from_the_table(
    traits: Traits, routes: list[Route], dice: object
) -> None:
    won = partner_for(traits, routes)
    shuffled = list(routes)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert partner_for(traits, shuffled) == won or won is None
    rest = [route for route in routes if matches(route, traits)]
    assert (won is None) == (not rest)
    if won is None:
        assert partner_for(traits, shuffled) is None
        return
    assert won in rest
    rest = [route for route in rest if route.priority == max(r.priority for r in rest)]
    first = next(kind for kind in MatchKind if any(route.kind is kind for route in rest))
    rest = [route for route in rest if route.kind is first]
    longest = max(len(bare(route.value)) for route in rest)
    rest = [route for route in rest if len(bare(route.value)) == longest]
    if any(route.lifecycle != "*" for route in rest):
        rest = [route for route in rest if route.lifecycle != "*"]
    assert won in rest


def route(kind: MatchKind, value: str, partner: str, lifecycle: str = "*") -> Route:
    return Route(kind=kind, value=value, partner=partner, tenant="demo", lifecycle=lifecycle)


def test_space_around_a_prefix_makes_it_no_longer() -> None:
    table = [
        route(MatchKind.SKU_PREFIX, "   SH   ", "short"),
        route(MatchKind.SKU_PREFIX, "SH-12", "long"),
    ]
    won = partner_for(Traits(sku="sh-12-red"), table)
    assert won is not None
    assert won.partner == "long"


def test_space_around_a_vendor_does_not_outdo_a_route_for_the_lifecycle() -> None:
    table = [
        route(MatchKind.VENDOR, "  Acme  ", "any"),
        route(MatchKind.VENDOR, "acme", "claims", lifecycle="return_claim"),
    ]
    won = partner_for(Traits(vendor="ACME"), table)
    assert won is not None
    assert won.partner == "claims"


@pytest.mark.parametrize("kind", list(MatchKind))
def test_an_empty_route_matches_nothing(kind: MatchKind) -> None:
    assert partner_for(Traits(), [route(kind, "  ", "p")]) is None
    assert partner_for(Traits(sku="x", vendor="x"), [route(kind, "", "p")]) is None


def test_a_vendor_is_matched_whole() -> None:
    assert (
        partner_for(Traits(vendor="Acme Textiles"), [route(MatchKind.VENDOR, "Acme", "p")]) is None
    )


def test_routes_alike_but_for_their_tenant_have_one_winner_in_any_order() -> None:
    here = route(MatchKind.VENDOR, "acme", "p")
    there = here.model_copy(update={"tenant": "live"})
    traits = Traits(vendor="acme")
    assert partner_for(traits, [here, there]) == partner_for(traits, [there, here]) == here
