"""Cursors: ours come back as they went, anything else is refused."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from persistence.errors import BadCursorError, BadValueError
from persistence.pages import check_limit, decode_cursor, encode_cursor


def cursor_of(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.integers(-(2**63) + 1, 2**63 - 1),
    st.text(st.characters(codec="utf-8")),
)
def test_a_cursor_comes_back_as_it_went(at: datetime, number: int, name: str) -> None:
    cursor = encode_cursor("cases:updated_at", (at, number, name))
    assert decode_cursor(cursor, "cases:updated_at", (datetime, int, str)) == (at, number, name)


def test_a_cursor_of_another_listing_is_refused() -> None:
    cursor = encode_cursor("cases:opened_at", (1,))
    with pytest.raises(BadCursorError, match="another listing"):
        decode_cursor(cursor, "cases:updated_at", (int,))


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "%%%",
        "ünï",
        "a",
        cursor_of("cases"),
        cursor_of({"listing": "cases"}),
        cursor_of(["cases"]),
        cursor_of(["cases", 1, 2]),
        cursor_of(["cases", "1"]),
        cursor_of(["cases", True]),
        cursor_of(["cases", 1.5]),
        cursor_of(["cases", 2**63]),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    ],
)
def test_a_malformed_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursorError):
        decode_cursor(cursor, "cases", (int,))


@pytest.mark.parametrize("value", ["yesterday", "2026-11-01T00:00:00", 5])
def test_a_cursor_without_a_proper_time_is_refused(value: object) -> None:
    with pytest.raises(BadCursorError):
        decode_cursor(cursor_of(["cases", value]), "cases", (datetime,))


@given(st.text())
def test_no_text_at_all_breaks_the_reader(text: str) -> None:
    with pytest.raises(BadCursorError):
        decode_cursor(text, "cases", (datetime, int))


@pytest.mark.parametrize("limit", [-1, 0, 201])
def test_a_page_of_no_sensible_size_is_refused(limit: int) -> None:
    with pytest.raises(BadValueError):
        check_limit(limit)
