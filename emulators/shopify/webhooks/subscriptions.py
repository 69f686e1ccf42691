"""Subscriptions of the app to topics, made with the Admin API and so deleted when they keep failing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from emulators.shopify.engine.search import parse
from emulators.shopify.model.resource import Resource


@dataclass(frozen=True)
class Topic:
    """A topic by its enum value, its text in headers, and the scopes of which one is needed."""

    enum: str
    text: str
    scopes: frozenset[str]


@cache
def topics() -> dict[str, Topic]:
    """The topics the emulator knows, by enum value (from Shopify's schema, with its scopes)."""
    found = {}
    for line in (Path(__file__).parent / "topics.tsv").read_text().splitlines():
        enum, text, scopes = line.split("\t")
        needed = frozenset(s.strip() for s in scopes.split(",") if s.strip() not in ("", "-"))
        found[enum] = Topic(enum, text, needed)
    return found


@dataclass(eq=False, repr=False)
class Subscription(Resource):
    gql_type: ClassVar[str] = "WebhookSubscription"
    id: int
    topic: Topic
    uri: str
    api_version: str
    created_at: datetime
    updated_at: datetime
    filter: str | None = None
    include_fields: list[str] = field(default_factory=list)
    metafield_namespaces: list[str] = field(default_factory=list)
    name: str | None = None
    last_success: float = float("-inf")
    """When a delivery last succeeded, on the monotonic clock."""

    def wants(self, payload: dict[str, Any]) -> bool:
        """Whether the filter lets this payload through; a filter on an unknown field lets none."""
        if not self.filter:
            return True
        fields = {name: lambda p, n=name: _value(p, n) for name in _names(payload)}
        search = parse(self.filter, fields)
        return not search.unknown and search.matches(payload)

    def cut(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The payload with nothing but the included fields."""
        if not self.include_fields:
            return payload
        return _only(payload, self.include_fields)


def _names(payload: dict[str, Any], prefix: str = "") -> list[str]:
    names = []
    for key, value in payload.items():
        names.append(prefix + key)
        inner = value[0] if isinstance(value, list) and value else value
        if isinstance(inner, dict):
            names += _names(inner, f"{prefix}{key}.")
    return names


def _value(payload: Any, name: str) -> Any:
    key, _, rest = name.partition(".")
    if isinstance(payload, list):
        return [_value(item, name) for item in payload]
    value = payload.get(key) if isinstance(payload, dict) else None
    return _value(value, rest) if rest else value


def _only(payload: dict[str, Any], names: list[str]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in payload.items():
        inner = [n.partition(".")[2] for n in names if n.startswith(f"{key}.")]
        if key in names:
            kept[key] = value
        elif inner and isinstance(value, dict):
            kept[key] = _only(value, inner)
        elif inner and isinstance(value, list):
            kept[key] = [_only(v, inner) if isinstance(v, dict) else v for v in value]
    return kept
