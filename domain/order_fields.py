"""What customer service sees of a case on the order in Shopify: metafields in our namespace, and tags.

One JSON metafield a lifecycle, keyed by object, and one text line for people; tags say what is waited for. The tags follow
from all our JSON metafields of the order, so that two cases on one order do not take each other's tags away.
"""

import json
from collections.abc import Mapping, Sequence

from pydantic import Field

from domain.message import Message

NAMESPACE = "$app"
TAG_PREFIX = "gridcase-"
DOCUMENTS = "documents"  # the metafield of links for people, a list.url
NEWEST_LINKS = 100


class OrderEntry(Message):
    """One object's state on its order. No timestamps of ours, so that writing the same state changes nothing."""

    case: str
    status: str
    outcome: str = ""
    text: str
    partners: tuple[str, ...] = ()
    detail: dict[str, str] = Field(default_factory=dict)


class WriteOrderFields(Message):
    shop: str
    order_id: str
    lifecycle: str
    object_id: str
    entry: OrderEntry


class WrittenOrderFields(Message):
    """`changed`: something was written. The tags are what is missing and what is too much, now."""

    changed: bool
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()


class AddTags(Message):
    shop: str
    order_id: str
    tags: tuple[str, ...]


class RemoveTags(Message):
    shop: str
    order_id: str
    tags: tuple[str, ...]


class LinkDocuments(Message):
    """Links to documents of an order, the newest first. They lead to our own login: a file's address at Shopify is open to
    whoever has it."""

    shop: str
    order_id: str
    urls: tuple[str, ...]


class LinkedDocuments(Message):
    changed: bool


class Tagged(Message):
    tags: tuple[str, ...] = ()


def json_key(lifecycle: str) -> str:
    return lifecycle


def text_key(lifecycle: str) -> str:
    return f"{lifecycle}_text"


def merge_entry(current: str | None, object_id: str, entry: OrderEntry) -> str:
    """The JSON metafield's new value. What is not JSON, or not an object, is replaced: it is our field."""
    try:
        value = json.loads(current) if current else {}
    except ValueError:
        value = {}
    if not isinstance(value, dict):
        value = {}
    value[object_id] = entry.model_dump(mode="json")
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def merge_links(current: str | None, urls: Sequence[str]) -> str:
    """The list's new value: what is not there yet in front, the newest hundred kept. Other cases' links stay."""
    try:
        value = json.loads(current) if current else []
    except ValueError:
        value = []
    there = [url for url in value if isinstance(url, str)] if isinstance(value, list) else []
    new = [url for url in dict.fromkeys(urls) if url not in there]
    return json.dumps([*new, *there][:NEWEST_LINKS], separators=(",", ":"))


def text_line(value: str) -> str:
    """The line for people, from the JSON metafield: the newest matters first is not known, so all, in their order.

    One line whatever partners and errors wrote: Shopify refuses line breaks in a `single_line_text_field`.
    """
    entries = [entry for entry in _entries(value) if entry.get("text")]
    line = " | ".join(str(entry["text"]) for entry in entries)
    return " ".join(line.split())[:1000]


def wanted_tags(values: Mapping[str, str]) -> set[str]:
    """The tags an order should carry, from our JSON metafields by lifecycle: one for each status of an unfinished case."""
    return {
        f"{TAG_PREFIX}{str(entry['status']).replace('_', '-')}"
        for value in values.values()
        for entry in _entries(value)
        if entry.get("status") and not entry.get("outcome")
    }


def _entries(value: str) -> list[dict[str, object]]:
    try:
        parsed = json.loads(value) if value else {}
    except ValueError:
        return []
    if not isinstance(parsed, dict):
        return []
    return [entry for entry in parsed.values() if isinstance(entry, dict)]
