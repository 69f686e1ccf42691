"""Ids, handles and the keys made of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import CaseStatus, check_handle
from domain.return_claim.names import (
    ClaimKind,
    Outcome,
    ReturnStatus,
    claim_key,
    opens_case,
    return_key,
)
from domain.return_claim.state import ClaimRequest
from domain.shopify_ids import gid, numeric_id


@pytest.mark.parametrize(
    "text",
    [
        "12\n",
        "\n12",
        "12 ",
        "gid://shopify/Return/1\n",
        "gid://shopify/Return/1/2",
        "gid://shopify/Return/1?x=2",
        "gid://shopify//1",
        "GID://shopify/Return/1",
        "1.0",
        "١٢",  # digits, but not those of an id
        "1" * 21,
    ],
)
def test_what_is_almost_an_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither a Shopify GID"):
        numeric_id(text)
    with pytest.raises(ValueError, match="neither a Shopify GID"):
        return_key("acme", text)


@given(st.text(max_size=12))
def test_whatever_passes_for_an_id_is_digits_alone(text: str) -> None:
    try:
        found = numeric_id(text)
    except ValueError:
        return
    assert found.isascii()
    assert found.isdigit()


@pytest.mark.parametrize("handle", ["acme\n", "\nacme", "acme\t", "ac\nme", "acmé", "a_b", "a.b"])
def test_a_handle_with_a_newline_or_a_foreign_letter_is_refused(handle: str) -> None:
    with pytest.raises(ValueError, match="is not a handle"):
        check_handle(handle)
    with pytest.raises(ValueError, match="is not a handle"):
        return_key(handle, "1")
    with pytest.raises(ValueError, match="is not a handle"):
        claim_key(handle, "1")


@given(st.text(alphabet="ab1-", min_size=1, max_size=70))
def test_a_handle_that_passes_is_kept_as_it_is_and_fits(handle: str) -> None:
    wanted = len(handle) <= 64 and not handle.startswith("-") and not handle.endswith("-")
    if wanted:
        assert check_handle(handle) == handle
    else:
        with pytest.raises(ValueError, match="is not a handle"):
            check_handle(handle)


SHOPS = st.sampled_from(["a", "a-1", "a-claim", "b"])
NAMES = st.one_of(
    st.tuples(st.just("return"), SHOPS, st.integers(0, 30).map(str)),
    st.tuples(st.just("claim"), SHOPS, st.sampled_from(["1", "claim-1", "1-claim", "A", "a"])),
)


def key_of(name: tuple[str, str, str]) -> str:
    kind, shop, number = name
    return return_key(shop, number) if kind == "return" else claim_key(shop, number)


@given(NAMES, NAMES)
def test_two_matters_never_have_one_key(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert (key_of(one) == key_of(other)) == (one == other)


def test_a_return_has_one_key_however_it_is_named() -> None:
    assert return_key("acme", gid("Return", "7")) == return_key("acme", "7")


@pytest.mark.parametrize("reference", ["A", "D-17", "a.b_c-1", "x" * 80])
def test_a_reference_that_can_be_part_of_a_case_id_is_taken(reference: str) -> None:
    claim = ClaimRequest.model_validate(
        {
            "kind": "damage",
            "external_reference": reference,
            "order_id": "1",
            "lines": [{"line_item_id": "1", "quantity": 1}],
        }
    )
    assert claim_key("acme", claim.external_reference).endswith(f":claim-{reference}")


@pytest.mark.parametrize("reference", ["D-17\n", "-D", ".D", "Ä1"])
def test_a_reference_that_ends_a_line_or_starts_oddly_is_refused(reference: str) -> None:
    with pytest.raises(ValueError, match="external_reference"):
        ClaimRequest.model_validate(
            {
                "kind": "damage",
                "external_reference": reference,
                "order_id": "1",
                "lines": [{"line_item_id": "1", "quantity": 1}],
            }
        )


@pytest.mark.parametrize("status", list(ReturnStatus))
@pytest.mark.parametrize("on_open", [True, False])
def test_only_a_requested_return_opens_a_case_and_an_open_one_by_policy(
    status: ReturnStatus, on_open: bool
) -> None:
    opening = {ReturnStatus.REQUESTED} | ({ReturnStatus.OPEN} if on_open else set())
    assert opens_case(status, open_on_open_return=on_open) == (status in opening)


def test_every_outcome_has_its_final_status_and_its_words() -> None:
    assert {outcome: outcome.status for outcome in Outcome} == {
        Outcome.CLOSED_REFUNDED: CaseStatus.RESOLVED,
        Outcome.CLOSED_WITHOUT_REFUND: CaseStatus.RESOLVED,
        Outcome.DECLINED: CaseStatus.RESOLVED,
        Outcome.WITHDRAWN: CaseStatus.CANCELLED,
        Outcome.EXPIRED: CaseStatus.EXPIRED,
    }
    assert all(outcome.status.final for outcome in Outcome)
    assert len({outcome.words for outcome in Outcome}) == len(Outcome)


def test_a_claims_kind_names_trading_grids_case_type() -> None:
    assert {kind.case_type for kind in ClaimKind} == {
        "return_claim",
        "damage_claim",
        "warranty_claim",
    }
