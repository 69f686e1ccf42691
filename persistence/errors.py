"""What goes wrong in the database layer, as types a caller can tell apart.

PersistenceError
├── DatabaseUrlError        a database address we do not serve
├── DatabaseBusyError       SQLite's single writer was not free in time; try again
├── SchemaError             the schema can't be brought to, or is not at, this code's revision
├── BadValueError           a value that must not be stored, or a field that can't be edited
├── NotFoundError           no such row
├── AlreadyExistsError      the name is taken
├── BadCursorError          a page cursor that is not one of ours, or of another listing
├── ConflictError           the row's state forbids the change
│   ├── StaleVersionError   someone else has edited the row since it was read
│   ├── BodyPurgedError     the event's body is past its 30 days
│   └── IdempotencyMismatchError  the key was used with another request
└── SecretError
    ├── KeyRingError        the encryption keys are unusable as configured
    ├── UnsealedSecretError clear text was about to be stored
    ├── UnknownKeyError     sealed with a key that is not in the ring
    └── BrokenSealError     wrong key, altered text, or text moved to another row
"""


class PersistenceError(Exception):
    """Any error of ours in this layer."""


class DatabaseUrlError(PersistenceError, ValueError):
    """The address names a database or driver that is not served."""


class DatabaseBusyError(PersistenceError):
    """SQLite's single writer was not free in time. Nothing was written; trying again is safe."""


class SchemaError(PersistenceError):
    """The schema can't be migrated, or is newer than this code."""


class BadValueError(PersistenceError, ValueError):
    """A value that must not be stored, or a field that can't be edited."""


class NotFoundError(PersistenceError, LookupError):
    """There is no such row."""

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"no {what} {key!r}")
        self.what = what
        self.key = key


class AlreadyExistsError(PersistenceError):
    """A row with this identity exists."""

    def __init__(self, what: str, key: object) -> None:
        super().__init__(f"{what} {key!r} exists already")
        self.what = what
        self.key = key


class ConflictError(PersistenceError):
    """The row's state forbids the change."""


class StaleVersionError(ConflictError):
    """Someone else has edited the row since the caller read it."""

    def __init__(self, what: str, key: object, expected: int, found: int) -> None:
        super().__init__(f"{what} {key!r} is at version {found}, not {expected}: read it again")
        self.expected = expected
        self.found = found


class BadCursorError(PersistenceError, ValueError):
    """The page cursor is malformed, or belongs to another listing."""


class BodyPurgedError(ConflictError):
    """The event's body is past its retention, so it can't be dispatched again."""


class IdempotencyMismatchError(ConflictError):
    """The idempotency key was used before, with another route or body."""


class SecretError(PersistenceError):
    """A secret can't be sealed or opened."""


class KeyRingError(SecretError, ValueError):
    """The configured encryption keys are unusable."""


class UnsealedSecretError(SecretError, ValueError):
    """Clear text was about to be stored in a column for sealed secrets."""


class UnknownKeyError(SecretError):
    """The secret was sealed with a key that is not in the ring."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"sealed with key {key_id!r}, which is not in the key ring: "
            "put it back as an older key, or enter the secret again"
        )
        self.key_id = key_id


class BrokenSealError(SecretError):
    """The seal does not hold: wrong key under this id, altered text, or text of another row."""
