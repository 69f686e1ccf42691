"""What the models of every resource share.

Received models ignore fields they do not know and keep codes as plain strings: partners send codes
that no list of ours holds, and an unknown one is shown, never dropped.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

T = TypeVar("T")


def _as_utc(value: datetime) -> datetime:
    """The contract's times are UTC; one without an offset is read as that."""
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _none_is_empty(value: object) -> object:
    return () if value is None else value


def _none_is_blank(value: object) -> object:
    return "" if value is None else value


def _as_day(value: object) -> object:
    """A day as partners write it: ISO-8601, a time of day behind it is dropped. Numbers are no days."""
    if not isinstance(value, str):
        raise ValueError("must be a day, YYYY-MM-DD")
    text = value.strip()
    day, rest = text[:10], text[10:]
    if len(day) != 10 or (rest and rest[0] not in "T "):
        raise ValueError("must be a day, YYYY-MM-DD")
    found = date.fromisoformat(day)
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise ValueError(f"must be between {_FIRST_YEAR} and {_LAST_YEAR}")
    return found


def day_or_none(text: str | None) -> date | None:
    """A partner's day, None where it is none: for texts that must not make the rest unreadable."""
    try:
        return _DAY.validate_python(text)
    except ValidationError:
        return None


_FIRST_YEAR, _LAST_YEAR = 2000, 2099  # a day outside is a slip of the pen, and no goods move on it

UtcTime = Annotated[datetime, AfterValidator(_as_utc)]
Many = Annotated[tuple[T, ...], BeforeValidator(_none_is_empty)]
"""A list that may be missing or null."""
Text = Annotated[str, BeforeValidator(_none_is_blank)]
"""A text that may be missing or null."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
"""A number or id that must be there."""
Pieces = Annotated[int, Field(ge=0, le=1_000_000_000)]
Day = Annotated[date, BeforeValidator(_as_day)]
_DAY: TypeAdapter[date] = TypeAdapter(Day)
Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=6)]
Price = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=6)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""


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
