"""What the tests of the database layer share."""

from tests.databases import (
    database,
    database_url,
    empty_postgres_url,
    migrated_postgres_url,
    migrated_sqlite_file,
    postgres_server,
)

__all__ = [
    "database",
    "database_url",
    "empty_postgres_url",
    "migrated_postgres_url",
    "migrated_sqlite_file",
    "postgres_server",
]
