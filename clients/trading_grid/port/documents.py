"""Files and documents. Two steps: the bytes become a file, the file becomes a case's document."""

from collections.abc import AsyncGenerator, AsyncIterable, Callable
from typing import Literal, Protocol

from clients.trading_grid.port.common import (
    Author,
    BusinessReference,
    ExternalReference,
    Many,
    Received,
    Sent,
    Text,
    UtcTime,
)

DocumentType = Literal[
    "asn",
    "packing_list",
    "invoice",
    "bill_of_lading",
    "proof_of_delivery",
    "photo",
    "certificate",
    "inspection_report",
    "rma",
    "evidence",
    "other",
]

Content = bytes | Callable[[], AsyncIterable[bytes]]
"""Bytes, or a function that opens them anew: a call repeated after a renewed token reads again."""


class File(Received):
    """Uploaded bytes that belong to nothing yet. `size` in bytes, `sha256` in hex."""

    id: str
    original_file_name: Text = ""
    mime_type: Text = ""
    size: int | None = None
    sha256: str | None = None


class Document(Received):
    """A file with a meaning. `content_size` in bytes.

    `file_name` and `mime_type` are the partner's word: sniff the bytes before trusting either.
    `download_link` is the adapter's own; pass the document to `download`.
    """

    id: str
    case_id: str | None = None
    partner_id: str | None = None
    author: Author | None = None
    file_id: str | None = None
    document_type: str = "other"
    file_name: Text = ""
    mime_type: Text = ""
    content_size: int | None = None
    sha256: str | None = None
    business_references: Many[BusinessReference] = ()
    external_reference: ExternalReference | None = None
    version: int | None = None
    create_time: UtcTime | None = None
    download_link: str | None = None


class NewDocument(Sent):
    file_id: str
    document_type: DocumentType
    file_name: str
    business_references: tuple[BusinessReference, ...] = ()
    external_reference: ExternalReference | None = None


class Documents(Protocol):
    async def upload_file(
        self, content: Content, *, file_name: str, mime_type: str, idempotency_key: str
    ) -> File:
        """Raises TooLarge, and MalformedAnswer where what arrived is not what was sent."""
        ...

    async def list_case_documents(self, case_id: str) -> tuple[Document, ...]:
        """All of them, over all pages."""
        ...

    async def attach_document(
        self, case_id: str, new: NewDocument, *, idempotency_key: str
    ) -> Document:
        """Attach, or return the document that already holds the external reference."""
        ...

    async def read_document(self, document_id: str) -> Document:
        """Raises NotFound."""
        ...

    def download(self, document: Document, *, max_bytes: int) -> AsyncGenerator[bytes]:
        """The document's bytes, in chunks.

        Raises TooLarge past `max_bytes`, ForeignLink where the document's link leads elsewhere,
        and MalformedAnswer at the end where size or hash are not those the document names: keep
        nothing before the iterator has ended. Close it (`aclose`) when leaving early. Raises
        TradingGridUnavailable where it takes longer than the connection allows.
        """
        ...
