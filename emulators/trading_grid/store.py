"""What the emulator remembers: tenants and their tables, in memory."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Generic, TypeVar, cast

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

from emulators.trading_grid.errors import AlreadyExists, not_found

Clock = Callable[[], datetime]

UtcTime = Annotated[AwareDatetime, AfterValidator(lambda time: time.astimezone(UTC))]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
Prose = Annotated[str, StringConstraints(max_length=10_000)]
"""A text that may be empty."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
Money = Annotated[str, StringConstraints(pattern=r"^-?\d{1,12}(\.\d{1,4})?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

PRIVATE_FIELDS = frozenset({"ship_to"})
"""Somebody's address: shown by its own resource only, never in ``/_emulator``."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def new_id() -> str:
    """Random, so that ids stay unique when the emulator restarts beside a receiver that remembers."""
    return str(uuid.uuid4())


class Wire(BaseModel):
    """A body or a part of one: an unknown field or a wrong type is an error, never put right in
    silence."""

    model_config = ConfigDict(extra="forbid", strict=True, validate_assignment=True)


class ExternalReference(Wire):
    system: Name
    id: Name


class BusinessReference(Wire):
    type: Name
    value: Name


class Author(Wire):
    type: str
    name: Name


class Entity(Wire):
    """One resource; ``version`` grows with every change and is its ETag."""

    NAME: ClassVar[str]
    COLLECTION: ClassVar[str]

    id: str = Field(default_factory=new_id)
    partner_id: str | None = None
    external_reference: ExternalReference | None = None
    version: int = 1
    create_time: UtcTime
    update_time: UtcTime

    def path(self) -> str:
        """Where it is, below the base path."""
        return f"/{self.COLLECTION}/{self.id}"

    def owners(self) -> tuple[str, ...]:
        """What it is looked up by: the id of its case or purchase order, or purchase order numbers."""
        return ()

    def number(self) -> tuple[str, str] | None:
        """The field and value of a number that is unique in the tenant, where the type has one."""
        return None

    def touch(self, now: datetime) -> None:
        self.version += 1
        self.update_time = now


E = TypeVar("E", bound=Entity)


class Table(Generic[E]):
    """The resources of one type in one tenant, in order of creation."""

    def __init__(self, kind: type[E]) -> None:
        self._kind = kind
        self._rows: dict[str, E] = {}
        self._by_reference: dict[tuple[str, str], str] = {}
        self._by_number: dict[str, str] = {}
        self._by_owner: dict[str, list[E]] = {}

    def __iter__(self) -> Iterator[E]:
        return iter(list(self._rows.values()))

    def __len__(self) -> int:
        return len(self._rows)

    def find(self, key: str) -> E | None:
        return self._rows.get(key)

    def get(self, key: str) -> E:
        """Raises ApiError 404."""
        row = self._rows.get(key)
        if row is None:
            raise not_found(self._kind.NAME.replace("_", " "), key)
        return row

    def numbered(self, number: str) -> E | None:
        """By the number that is unique in the tenant."""
        key = self._by_number.get(number)
        return None if key is None else self._rows[key]

    def add(self, row: E) -> E:
        """Raises AlreadyExists where the external reference or the number is taken."""
        reference = row.external_reference
        key = None if reference is None else (reference.system, reference.id)
        if key is not None and key in self._by_reference:
            raise AlreadyExists(self._by_reference[key])
        number = row.number()
        if number is not None and number[1] in self._by_number:
            raise AlreadyExists(self._by_number[number[1]], number[0])
        if key is not None:
            self._by_reference[key] = row.id
        if number is not None:
            self._by_number[number[1]] = row.id
        self._rows[row.id] = row
        for owner in row.owners():
            self._by_owner.setdefault(owner, []).append(row)
        return row

    def of(self, owner: str) -> list[E]:
        """What belongs to one case or purchase order, in order of creation."""
        return list(self._by_owner.get(owner, ()))

    def owned_anew(self, row: E, before: tuple[str, ...]) -> None:
        """Its owners changed; ``before`` are those it had."""
        for owner in before:
            self._by_owner[owner].remove(row)
        for owner in row.owners():
            self._by_owner.setdefault(owner, []).append(row)

    def remove(self, key: str) -> None:
        row = self._rows.pop(key)
        for owner in row.owners():
            self._by_owner[owner].remove(row)
        number = row.number()
        if number is not None:
            del self._by_number[number[1]]
        if row.external_reference is not None:
            reference = row.external_reference
            del self._by_reference[(reference.system, reference.id)]


@dataclass
class KeptAnswer:
    """The first answer under an Idempotency-Key; ``status`` None while it is still running."""

    fingerprint: str
    time: datetime
    status: int | None = None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Tenant:
    """One company on the network. Nothing in it is seen from another tenant's token."""

    def __init__(self, tenant_id: str, name: str, clients: dict[str, str]) -> None:
        self.id = tenant_id
        self.name = name
        self.clients = clients
        self.kept_answers: dict[str, KeptAnswer] = {}
        self.blobs: dict[str, bytes] = {}
        self._tables: dict[type[Entity], Table[Any]] = {}

    def table(self, kind: type[E]) -> Table[E]:
        if kind not in self._tables:
            self._tables[kind] = Table(kind)
        return cast("Table[E]", self._tables[kind])

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """Every table as JSON, by collection, without what is private."""
        return {
            kind.COLLECTION: [redacted(row.model_dump(mode="json")) for row in table]
            for kind, table in self._tables.items()
        }


def redacted(value: Any) -> Any:
    """A JSON value with every private field's content taken out, at any depth."""
    if isinstance(value, dict):
        return {
            name: "[redacted]" if name in PRIVATE_FIELDS and part is not None else redacted(part)
            for name, part in value.items()
        }
    return [redacted(part) for part in value] if isinstance(value, list) else value


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
