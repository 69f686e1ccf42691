"""What the models of every resource share.

Received models ignore fields they do not know and keep codes as plain strings: partners send codes
that no list of ours holds, and an unknown one is shown, never dropped.
"""

from datetime import UTC, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

T = TypeVar("T")


def _as_utc(value: datetime) -> datetime:
    """The contract's times are UTC; one without an offset is read as that."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _none_is_empty(value: object) -> object:
    return () if value is None else value


def _none_is_blank(value: object) -> object:
    return "" if value is None else value


UtcTime = Annotated[datetime, AfterValidator(_as_utc)]
Many = Annotated[tuple[T, ...], BeforeValidator(_none_is_empty)]
"""A list that may be missing or null."""
Text = Annotated[str, BeforeValidator(_none_is_blank)]
"""A text that may be missing or null."""


class Received(BaseModel):
    """Something Trading Grid sent."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class Sent(BaseModel):
    """Something we send. A misspelt field is our own mistake and is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ExternalReference(Received):
    """Our own key of an object, unique per system in a tenant: a retry finds what was made."""

    system: str
    id: str


class BusinessReference(Received):
    """A number people know the matter by, e.g. type `order`, value `#1001`."""

    type: str
    value: str


class Author(Received):
    """`type`: company (us) or partner."""

    type: str
    name: Text = ""
