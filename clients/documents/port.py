"""The port of the document store."""

from collections.abc import AsyncGenerator, AsyncIterable
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from clients.documents.sniffing import DEFAULT_ALLOWED_TYPES

DEFAULT_MAX_BYTES = 25 * 1024 * 1024


class DocumentRules(BaseModel):
    """What is accepted: a size in bytes and the MIME types, as sniffed from the content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_bytes: int = Field(default=DEFAULT_MAX_BYTES, gt=0)
    allowed_types: frozenset[str] = Field(default=DEFAULT_ALLOWED_TYPES, min_length=1)


class StoredDocument(BaseModel):
    """`sha256` in lower-case hex is the name; `size` in bytes; `mime_type` as sniffed."""

    model_config = ConfigDict(frozen=True)

    sha256: str
    size: int
    mime_type: str


class DocumentStore(Protocol):
    async def put(self, content: bytes | AsyncIterable[bytes]) -> StoredDocument:
        """Store, or find the same bytes already stored.

        Raises DocumentTooLarge while the bytes come in, TypeNotAllowed once they are all there;
        nothing is stored then.
        """
        ...

    def read(self, sha256: str) -> AsyncGenerator[bytes]:
        """The bytes, in chunks.

        Raises DocumentNotFound before the first chunk, DocumentCorrupted after the last one.
        """
        ...

    async def exists(self, sha256: str) -> bool: ...
