"""Reading events out of the inbox, and the table of topics."""

import json
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from intake.connect.needs import PRIVACY_TOPICS, SHOPIFY_TOPICS, TRADING_GRID_EVENTS
from intake.events import Event, UnreadableEvent, read_event
from intake.routes import ROUTES, Meaning, route
from persistence.repositories.inbound_events import Source
from persistence.tables import InboundEvent


def row(body: bytes | None) -> InboundEvent:
    return InboundEvent(
        id=5,
        source="shopify",
        scope="acme",
        topic="returns/request",
        delivery_id="d-1",
        body=body,
        body_sha256="",
        received_at=datetime.now(UTC),
    )


def event(body: dict[str, Any]) -> Event:
    return read_event(row(json.dumps(body).encode()))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, "past its retention"),
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"id": ' + b"9" * 5_000 + b"}", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b'"text"', "not a JSON object"),
    ],
    ids=["purged", "empty", "cut", "bytes", "deep", "long number", "list", "null", "text"],
)
def test_a_body_that_cannot_be_read_says_why(body: bytes | None, reason: str) -> None:
    with pytest.raises(UnreadableEvent, match=reason):
        read_event(row(body))


@pytest.mark.parametrize(
    ("body", "key", "number"),
    [
        ({"id": 7894}, "", "7894"),
        ({"id": "7894"}, "", "7894"),
        ({"id": 1, "admin_graphql_api_id": "gid://shopify/Return/7894"}, "", "7894"),
        ({"id": 1, "order_id": 7894}, "order_id", "7894"),
        ({"return_id": "gid://shopify/Return/7894"}, "return_id", "7894"),
    ],
)
def test_the_object_is_named_by_number_or_by_global_id(
    body: dict[str, Any], key: str, number: str
) -> None:
    assert event(body).object_id(key) == number


@pytest.mark.parametrize(
    "body",
    [{}, {"id": None}, {"id": True}, {"id": 1.5}, {"id": [7]}, {"id": "x"}, {"id": -1}],
)
def test_a_body_that_names_no_object_says_so(body: dict[str, Any]) -> None:
    with pytest.raises(UnreadableEvent):
        event(body).object_id()


def test_a_text_that_is_not_there_or_no_text_is_empty() -> None:
    found = event({"data": {"partner_id": "north", "version": 3}, "list": []})
    assert found.text("data", "partner_id") == "north"
    assert found.text("data", "version") == ""
    assert found.text("data", "nothing") == ""
    assert found.text("list", "of", "lists") == ""


def test_every_topic_we_subscribe_to_has_a_line() -> None:
    for topic in (*SHOPIFY_TOPICS, *PRIVACY_TOPICS):
        assert route("shopify", topic) is not None, topic
    for topic in TRADING_GRID_EVENTS:
        assert route("trading_grid", topic) is not None, topic


def test_a_topic_nobody_asked_for_has_no_line() -> None:
    assert route("shopify", "products/update") is None
    assert route("trading_grid", "returns/request") is None, "of the other source"


def test_every_meaning_stands_in_the_table_and_every_source_is_one() -> None:
    assert {line.meaning for line in ROUTES.values()} == set(Meaning)
    assert {source for source, _ in ROUTES} == set(get_args(Source))
