"""The document store: bytes by their SHA-256, typed by content, bounded while they stream in."""

from clients.documents.errors import (
    DocumentCorrupted,
    DocumentError,
    DocumentNotFound,
    DocumentStoreUnavailable,
    DocumentTooLarge,
    TypeNotAllowed,
)
from clients.documents.file_names import safe_file_name
from clients.documents.object_store import ObjectDocumentStore, open_document_store
from clients.documents.port import DocumentRules, DocumentStore, StoredDocument
from clients.documents.sniffing import DEFAULT_ALLOWED_TYPES, sniff

__all__ = [
    "DEFAULT_ALLOWED_TYPES",
    "DocumentCorrupted",
    "DocumentError",
    "DocumentNotFound",
    "DocumentRules",
    "DocumentStore",
    "DocumentStoreUnavailable",
    "DocumentTooLarge",
    "ObjectDocumentStore",
    "StoredDocument",
    "TypeNotAllowed",
    "open_document_store",
    "safe_file_name",
    "sniff",
]
