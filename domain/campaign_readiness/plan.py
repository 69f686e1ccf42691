"""A campaign's plan: its window and its products. Pure; where it comes from is the activities' matter."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from pydantic import AwareDatetime, Field

from domain.message import Message

MOST_PRODUCTS = 10_000
"""As many as Trading Grid takes in one campaign."""
MOST_PIECES = 1_000_000_000
SKU_LENGTH = 120
TITLE_LENGTH = 200
TOLD_PROBLEMS = 50
"""Of a plan that cannot be read; the rest is counted."""


class PlannedProduct(Message):
    """`ready_by`: the last day on which `expected_quantity` pieces must be ready; None: before the start."""

    sku: str = Field(min_length=1, max_length=SKU_LENGTH)
    expected_quantity: int = Field(ge=1, le=MOST_PIECES)
    ready_by: date | None = None


class Window(Message):
    """What a campaign is called, and from when until when it runs."""

    title: str = Field(min_length=1, max_length=TITLE_LENGTH)
    starts_at: AwareDatetime
    ends_at: AwareDatetime

    @property
    def problem(self) -> str:
        """Why no campaign can run in it, in plain words; empty where one can."""
        if self.ends_at <= self.starts_at:
            return "The campaign ends before it starts."
        return ""


class SourceKind(StrEnum):
    GIVEN = "given"  # a list or a CSV through the API: the table has it
    COLLECTION = "collection"  # through the API; read again at each gate
    METAOBJECT = "metaobject"  # its collections, or its plan file


class PlanSource(Message):
    """Where the products come from when they are read the next time. The quantity and the day are those of every product of
    a collection. `partners`: where there are any, nobody else is asked; a metaobject says so itself."""

    kind: SourceKind
    collection_id: str = ""
    expected_quantity: int = 0
    ready_by: date | None = None
    partners: tuple[str, ...] = ()


class GivenPlan(Message):
    """A plan through the API, as the body of its inbox event has it under `plan`: products, or a collection with a quantity
    for each of its variants, or neither (they stay); `window` None: it stays."""

    window: Window | None = None
    products: tuple[PlannedProduct, ...] = Field(default=(), max_length=MOST_PRODUCTS)
    collection_id: str = ""
    expected_quantity: int = Field(default=0, ge=0, le=MOST_PIECES)
    ready_by: date | None = None
    partners: tuple[str, ...] = ()


def share_digest(window: Window, products: Iterable[PlannedProduct]) -> str:
    """What one partner is told of a campaign: the same digest, and it need not be told again."""
    lines = sorted(f"{one.sku}\t{one.expected_quantity}\t{one.ready_by or ''}" for one in products)
    return _digest(window.title, _moment(window.starts_at), _moment(window.ends_at), *lines)


def plan_digest(
    window: Window, source: PlanSource, lines: Iterable[tuple[PlannedProduct, str]]
) -> str:
    """The whole plan as one word: its window, where it comes from, and whose each product is."""
    parts = sorted(
        f"{one.sku}\t{one.expected_quantity}\t{one.ready_by or ''}\t{partner}"
        for one, partner in lines
    )
    return _digest(share_digest(window, ()), source.model_dump_json(), *parts)


def fields_digest(fields: Mapping[str, str]) -> str:
    """The plan's fields of a metaobject, each as a short digest: it tells edits of staff from echoes of our writes."""
    return ",".join(
        f"{key}={_digest(value)[:12]}" for key, value in sorted(fields.items()) if value
    )


def edited_fields(digest_before: str, fields: Mapping[str, str]) -> frozenset[str]:
    """The keys of the fields that are not as they were, those that were emptied too."""
    before, now = set(_parts(digest_before)), set(_parts(fields_digest(fields)))
    return frozenset(part.partition("=")[0] for part in before ^ now)


def _parts(digest: str) -> list[str]:
    return digest.split(",") if digest else []


def _moment(at: datetime) -> str:
    return str(at.timestamp())


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:32]
