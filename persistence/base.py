"""What all tables share: metadata with named constraints, column types, the clock."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, CheckConstraint, DateTime, Dialect, Integer, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from persistence.encryption import is_sealed
from persistence.errors import UnsealedSecretError

ANY = "*"
"""Stands for "all of them" in key columns: a NULL is distinct from every NULL in a unique index."""

NAMING_CONVENTION = {
    "pk": "pk_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class NaiveDatetimeError(ValueError):
    """A datetime without a time zone was about to be stored or compared."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive datetimes; comes back aware, in UTC, from both databases.

    SQLite has no type for it: there it is text in UTC of fixed width, so that it sorts by time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; without its zone for SQLite, whose storage format has no place for one."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveDatetimeError(f"{value.isoformat()} has no time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class SealedText(TypeDecorator[str]):
    """A secret, sealed by `SecretBox`. Refuses to store anything that is not sealed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Pass sealed text; the value is kept out of the error, since it may be the secret."""
        if value is not None and not is_sealed(value):
            raise UnsealedSecretError("refusing to store a secret in clear text")
        return value


BigId = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits. SQLite numbers rows only in a primary key declared exactly ``INTEGER``."""

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""JSON: JSONB on PostgreSQL. ``None`` is SQL's NULL. Assign anew; changes in place go unseen."""


def utc_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def one_of(column: str, values: Iterable[str], name: str | None = None) -> CheckConstraint:
    """CHECK that the column holds one of these words."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name or column)


class Table(SQLModel):
    """Base of all tables."""

    metadata: ClassVar[MetaData] = MetaData(naming_convention=NAMING_CONVENTION)


class Timestamps(Table):
    """When the row was made and last changed."""

    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Edited(Timestamps):
    """A row that people edit: `version` counts their edits, not what the machine notes in it."""

    version: int = 1


JsonObject = dict[str, Any]
