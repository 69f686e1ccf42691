import pytest

from clients.shopify.search import any_of, term


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("SHIRT-1", "sku:'SHIRT-1'"),
        ("12' rope", r"sku:'12\' rope'"),
        ("back\\slash", r"sku:'back\\slash'"),
        ("a OR status:open", "sku:'a OR status:open'"),
    ],
)
def test_a_value_cannot_leave_its_term(value: str, written: str) -> None:
    assert term("sku", value) == written


def test_any_of_several_values() -> None:
    assert any_of("sku", ["A", "B"]) == "sku:'A' OR sku:'B'"
