"""What the document store can't do.

DocumentError
├── DocumentTooLarge            more bytes than the rules allow; nothing was stored
├── TypeNotAllowed              content of a type the rules do not allow; nothing was stored
├── DocumentNotFound            nothing under this SHA-256
├── DocumentCorrupted           the stored bytes are not those their name says
└── DocumentStoreUnavailable    the folder or bucket failed; a repeat may work
"""


class DocumentError(Exception):
    """A document that was not stored or not read."""


class DocumentTooLarge(DocumentError):
    """More than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the document has more than {limit} bytes")
        self.limit = limit


class TypeNotAllowed(DocumentError):
    """`found` is the sniffed type, or None where the content is of no type we know."""

    def __init__(self, found: str | None, reason: str) -> None:
        super().__init__(f"the document is not accepted: {reason}")
        self.found = found
        self.reason = reason


class DocumentNotFound(DocumentError):
    """Nothing is stored under this name."""


class DocumentCorrupted(DocumentError):
    """What is stored is not what was put there."""


class DocumentStoreUnavailable(DocumentError):
    """The storage behind failed."""
