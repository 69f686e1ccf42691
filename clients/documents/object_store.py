"""The document store in a folder or a bucket, through `obstore`.

Objects are named `ab/abcdef...` by their SHA-256: the same bytes are one object, a name can't be
chosen by whoever sends the bytes, and a repeated put changes nothing.
"""

import asyncio
import hashlib
import re
from collections.abc import AsyncGenerator, AsyncIterable, Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any, cast

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

from clients.documents.errors import (
    DocumentCorrupted,
    DocumentNotFound,
    DocumentStoreUnavailable,
    DocumentTooLarge,
    TypeNotAllowed,
)
from clients.documents.port import DocumentRules, DocumentStore, StoredDocument
from clients.documents.sniffing import sniff

if TYPE_CHECKING:
    from obstore.store import RetryConfig, S3Config

IN_MEMORY_BYTES = 1024 * 1024
CHUNK_BYTES = 256 * 1024
# S3 asks for a short repeat as a matter of course (503 SlowDown); longer waits are the caller's.
_S3_RETRIES: "RetryConfig" = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
_SHA256 = re.compile(r"[0-9a-f]{64}")
# What obstore raises for storage that fails; it uses built-in errors beside its own.
_STORAGE_ERRORS = (BaseError, OSError)


class ObjectDocumentStore:
    """`DocumentStore` over any obstore store."""

    def __init__(self, store: ObjectStore, rules: DocumentRules | None = None) -> None:
        self._store = store
        self._rules = rules or DocumentRules()

    async def put(self, content: bytes | AsyncIterable[bytes]) -> StoredDocument:
        with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as file:
            size, sha256 = await self._take(content, file)
            mime_type = await asyncio.to_thread(sniff, file)
            if mime_type not in self._rules.allowed_types:
                raise TypeNotAllowed(mime_type, f"{mime_type} is not an allowed type")
            if await self._size(sha256) != size:
                file.seek(0)
                try:
                    await obstore.put_async(self._store, _key(sha256), file)
                except _STORAGE_ERRORS as error:
                    raise DocumentStoreUnavailable(f"can't store {sha256}") from error
        return StoredDocument(sha256=sha256, size=size, mime_type=mime_type)

    async def read(self, sha256: str) -> AsyncGenerator[bytes]:
        key = _key(sha256)
        seen = hashlib.sha256()
        try:
            found = await obstore.get_async(self._store, key)
            async for part in found.stream(min_chunk_size=CHUNK_BYTES):
                chunk = bytes(part)
                seen.update(chunk)
                yield chunk
        except FileNotFoundError as error:
            raise DocumentNotFound(f"no document {sha256}") from error
        except _STORAGE_ERRORS as error:
            raise DocumentStoreUnavailable(f"can't read {sha256}") from error
        if seen.hexdigest() != sha256:
            raise DocumentCorrupted(f"document {sha256} holds other bytes")

    async def exists(self, sha256: str) -> bool:
        return await self._size(sha256) is not None

    async def _size(self, sha256: str) -> int | None:
        try:
            meta = await obstore.head_async(self._store, _key(sha256))
        except FileNotFoundError:
            return None
        except _STORAGE_ERRORS as error:
            raise DocumentStoreUnavailable(f"can't look for {sha256}") from error
        return meta["size"]

    async def _take(
        self, content: bytes | AsyncIterable[bytes], file: SpooledTemporaryFile[bytes]
    ) -> tuple[int, str]:
        """Size and SHA-256 of the bytes, now in `file`; the limit holds while they come in."""
        limit, size, seen = self._rules.max_bytes, 0, hashlib.sha256()
        chunks = _chunks(content)
        try:
            async for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise DocumentTooLarge(limit)
                seen.update(chunk)
                file.write(chunk)
        finally:
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()
        return size, seen.hexdigest()


def open_document_store(
    location: str | Path,
    rules: DocumentRules | None = None,
    *,
    s3: Mapping[str, Any] | None = None,
) -> DocumentStore:
    """A store at a folder (a path, made if missing), `s3://bucket/prefix`, or `memory://`.

    `s3` holds obstore's S3Config, e.g. `endpoint`, `region`, `access_key_id`,
    `secret_access_key`; what it leaves out comes from AWS's own environment. Raises ValueError for
    another scheme or an unknown key.
    """
    address = str(location)
    scheme = address.partition("://")[0] if "://" in address else ""
    if s3 and scheme != "s3":
        raise ValueError("S3 settings are given, but the document store is not s3://")
    if scheme == "s3":
        return ObjectDocumentStore(_bucket(address, dict(s3 or {})), rules)
    if scheme == "memory":
        return ObjectDocumentStore(MemoryStore(), rules)
    if scheme:
        raise ValueError(f"a document store is a folder, s3:// or memory://, not {scheme}://")
    if not address:
        raise ValueError("the document store has no location")
    return ObjectDocumentStore(LocalStore(Path(address).absolute(), mkdir=True), rules)


def _bucket(address: str, settings: dict[str, Any]) -> S3Store:
    plain_http = str(settings.get("endpoint", "")).startswith("http://")
    try:
        return S3Store.from_url(
            address,
            config=cast("S3Config", settings),
            client_options={"allow_http": plain_http},
            retry_config=_S3_RETRIES,
        )
    except BaseError:
        # The error's text may quote the settings, and with them the secret.
        raise ValueError(f"can't use {address} with these S3 settings") from None


async def _chunks(content: bytes | AsyncIterable[bytes]) -> AsyncGenerator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    try:
        async for chunk in content:
            yield chunk
    finally:
        # A download holds its connection until it is closed.
        if isinstance(content, AsyncGenerator):
            await content.aclose()


def _key(sha256: str) -> str:
    """Raises DocumentNotFound for what can't be a name here, before it becomes a path."""
    if not _SHA256.fullmatch(sha256):
        raise DocumentNotFound("not the SHA-256 of a document")
    return f"{sha256[:2]}/{sha256}"
