"""What customer service sees: our fields on the order, and what else may be in them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.order_fields import (
    TAG_PREFIX,
    OrderEntry,
    json_key,
    merge_entry,
    text_key,
    text_line,
    wanted_tags,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
DONE = OrderEntry(case="c", status="resolved", outcome="declined", text="done")


@given(st.dictionaries(st.text(max_size=4), JSON, max_size=4), st.sampled_from(["7", "8"]))
def test_whatever_else_is_in_the_field_stays(found: dict[str, object], object_id: str) -> None:
    merged = json.loads(merge_entry(json.dumps(found), object_id, DONE))
    assert merged.pop(object_id) == DONE.model_dump(mode="json")
    assert merged == {key: value for key, value in found.items() if key != object_id}


@given(JSON | st.text(max_size=20).map(lambda text: text + "{"))
def test_whatever_is_in_the_field_can_be_read_and_written(found: object) -> None:
    current = found if isinstance(found, str) else json.dumps(found)
    assert all(tag.startswith(TAG_PREFIX) for tag in wanted_tags({"return_claim": current}))
    assert len(text_line(current)) <= 1000
    assert "7" in json.loads(merge_entry(current, "7", DONE))


# Shopify refuses line breaks in a single_line_text_field, and with them the whole write.
@given(st.text(alphabet="a \r\n\t\x0b\x0c\x85\u2028é", min_size=1, max_size=30))
def test_the_line_for_people_is_one_line(text: str) -> None:
    value = merge_entry(None, "7", DONE.model_copy(update={"text": f"R1: {text}end"}))
    line = text_line(value)
    assert len(line.splitlines()) == 1
    assert line.startswith("R1: ")
    assert line.endswith("end")


def test_the_line_for_people_says_all_claims_of_the_order_and_is_cut_at_its_limit() -> None:
    value = merge_entry(None, "1", DONE.model_copy(update={"text": "first"}))
    value = merge_entry(value, "2", DONE.model_copy(update={"text": "second"}))
    assert text_line(value) == "first | second"
    value = merge_entry(value, "3", DONE.model_copy(update={"text": "x" * 2000}))
    assert len(text_line(value)) == 1000


def test_a_finished_claim_takes_no_tag_from_one_that_waits() -> None:
    waits = OrderEntry(case="d", status="awaiting_partner", text="waiting")
    value = merge_entry(merge_entry(None, "1", waits), "2", DONE)
    assert wanted_tags({"return_claim": value}) == {"gridcase-awaiting-partner"}
    assert wanted_tags({"return_claim": merge_entry(value, "1", DONE)}) == set()
    other = merge_entry(None, "9", waits.model_copy(update={"status": "awaiting_merchant"}))
    assert wanted_tags({"return_claim": value, "dispute": other}) == {
        "gridcase-awaiting-partner",
        "gridcase-awaiting-merchant",
    }


@pytest.mark.parametrize("broken", ["{", "nul", '"text"', "7", "[{}]", "true"])
def test_what_is_no_object_is_replaced(broken: str) -> None:
    assert json.loads(merge_entry(broken, "7", DONE)) == {"7": DONE.model_dump(mode="json")}
    assert text_line(broken) == ""


def test_the_two_fields_of_a_lifecycle_have_two_keys() -> None:
    assert (json_key("return_claim"), text_key("return_claim")) == (
        "return_claim",
        "return_claim_text",
    )
