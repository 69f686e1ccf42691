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

    def owner_id(self) -> str | None:
        """The case it belongs to, where it belongs to one."""
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

    def add(self, row: E) -> E:
        """Raises AlreadyExists where the external reference is taken."""
        reference = row.external_reference
        if reference is not None:
            key = (reference.system, reference.id)
            if key in self._by_reference:
                raise AlreadyExists(self._by_reference[key])
            self._by_reference[key] = row.id
        self._rows[row.id] = row
        owner = row.owner_id()
        if owner is not None:
            self._by_owner.setdefault(owner, []).append(row)
        return row

    def of(self, owner_id: str) -> list[E]:
        """What belongs to one case, in order of creation."""
        return list(self._by_owner.get(owner_id, ()))

    def remove(self, key: str) -> None:
        row = self._rows.pop(key)
        owner = row.owner_id()
        if owner is not None:
            self._by_owner[owner].remove(row)
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
        """Every table as JSON, by collection."""
        return {
            kind.COLLECTION: [row.model_dump(mode="json") for row in table]
            for kind, table in self._tables.items()
        }


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
