"""One shape for the events of both sources, read out of the inbox."""

import json
from dataclasses import dataclass
from typing import Any

from domain.shopify_ids import numeric_id
from persistence.tables import InboundEvent


class UnreadableEvent(ValueError):
    """The body is not what its topic promises; the message says what is wrong."""


@dataclass(frozen=True)
class Event:
    """An inbound event. `key` is what workflows remember it by."""

    id: int
    source: str
    scope: str
    topic: str
    body: dict[str, Any]
    attempts: int = 1
    """How often it was taken up, this time included."""

    @property
    def key(self) -> str:
        return str(self.id)

    def object_id(self, body_key: str = "") -> str:
        """The number of the Shopify object it is about; `body_key` is a path with dots.

        Raises:
            UnreadableEvent: the body names none.
        """
        value = (
            self._at(*body_key.split("."))
            if body_key
            else self.body.get("admin_graphql_api_id") or self.body.get("id")
        )
        if value is None or isinstance(value, bool) or not isinstance(value, str | int):
            raise UnreadableEvent(f"The body names no {body_key or 'id'}.")
        try:
            return numeric_id(value)
        except ValueError as error:
            raise UnreadableEvent(str(error)) from error

    def resource_id(self) -> str:
        """The id of the Trading Grid resource it is about.

        Raises:
            UnreadableEvent: the body names none.
        """
        if not (found := self.text("data", "id")):
            raise UnreadableEvent("The body names no id.")
        return found

    def text(self, *path: str) -> str:
        """A text somewhere in the body; empty where it is not there."""
        value = self._at(*path)
        return value if isinstance(value, str) else ""

    def _at(self, *path: str) -> Any:
        value: Any = self.body
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value


def read_event(row: InboundEvent) -> Event:
    """The event of an inbox row.

    Raises:
        UnreadableEvent: the body is gone after its retention, or is not a JSON object.
    """
    if row.body is None:
        raise UnreadableEvent("The body is past its retention.")
    try:
        body = json.loads(row.body)
    except (ValueError, RecursionError) as error:
        raise UnreadableEvent("The body is not JSON.") from error
    if not isinstance(body, dict):
        raise UnreadableEvent("The body is not a JSON object.")
    return Event(
        id=row.id,
        source=row.source,
        scope=row.scope,
        topic=row.topic,
        body=body,
        attempts=row.attempts,
    )
