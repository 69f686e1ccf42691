"""Files and documents over REST."""

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator
from urllib.parse import quote

import httpx

from clients.trading_grid.errors import (
    ContractMismatch,
    MalformedAnswer,
    TooLarge,
    TradingGridUnavailable,
)
from clients.trading_grid.port.documents import Content, Document, File, NewDocument
from clients.trading_grid.rest.answers import (
    Body,
    json_object,
    link,
    own_link,
    parsed,
    request_id,
)
from clients.trading_grid.rest.creating import created_or_found
from clients.trading_grid.rest.remote import Remote, translated

DOWNLOAD = "urn:eim:linkrel:download-media"


class RestDocuments:
    _remote: Remote

    async def upload_file(
        self, content: Content, *, file_name: str, mime_type: str, idempotency_key: str
    ) -> File:
        measured = _Measured(content)
        response = await self._remote.call(
            "POST",
            self._remote.url("files"),
            content=measured.content,
            headers={
                "Content-Type": mime_type,
                "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}",
            },
            idempotency_key=idempotency_key,
        )
        file = parsed(File, json_object(response), response)
        _compare(response, "upload", measured, file.size, file.sha256)
        return file

    async def list_case_documents(self, case_id: str) -> tuple[Document, ...]:
        items = self._remote.items(self._remote.url("case_documents", case_id=case_id))
        return tuple([_document(item, response) async for item, response in items])

    async def attach_document(
        self, case_id: str, new: NewDocument, *, idempotency_key: str
    ) -> Document:
        body, response = await created_or_found(
            self._remote,
            self._remote.url("case_documents", case_id=case_id),
            new,
            external_reference=new.external_reference,
            idempotency_key=idempotency_key,
        )
        return _document(body, response)

    async def read_document(self, document_id: str) -> Document:
        response = await self._remote.get(self._remote.url("document", document_id=document_id))
        return _document(json_object(response), response)

    async def download(self, document: Document, *, max_bytes: int) -> AsyncGenerator[bytes]:
        if document.download_link is None:
            raise ContractMismatch(f"document {document.id} has no {DOWNLOAD} link")
        if document.content_size is not None and document.content_size > max_bytes:
            raise TooLarge(
                f"document {document.id} has {document.content_size} bytes, limit {max_bytes}"
            )
        url = own_link(document.download_link, self._remote.base)
        # Encoded bytes could grow past any limit within one chunk, so none are asked for.
        headers = {"Accept": "*/*", "Accept-Encoding": "identity"}
        async with self._remote.stream(url, headers=headers) as response:
            _check_announced(response, document, max_bytes)
            measured = _Measured(b"")
            until = self._remote.clock() + self._remote.connection.transfer_timeout_s
            with translated("GET", url):
                async for chunk in response.aiter_bytes():
                    measured.take(chunk)
                    if measured.size > max_bytes:
                        raise TooLarge(
                            f"document {document.id} has more than {max_bytes} bytes",
                            request_id=request_id(response),
                        )
                    if self._remote.clock() > until:
                        raise TradingGridUnavailable(f"document {document.id} comes too slowly")
                    yield chunk
            _compare(response, "download", measured, document.content_size, document.sha256)


class _Measured:
    """Size and SHA-256 of content as it passes."""

    def __init__(self, content: Content) -> None:
        self._opener = content if callable(content) else None
        self.size = 0
        self._hash = hashlib.sha256()
        if isinstance(content, bytes):
            self.take(content)
        self.content: Content = content if isinstance(content, bytes) else self._passing

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def take(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self._hash.update(chunk)

    async def _passing(self) -> AsyncIterator[bytes]:
        assert self._opener is not None
        # Opened anew after a renewed token, so counted anew.
        self.size, self._hash = 0, hashlib.sha256()
        async for chunk in self._opener():
            self.take(chunk)
            yield chunk


def _check_announced(response: httpx.Response, document: Document, max_bytes: int) -> None:
    encoding = response.headers.get("content-encoding", "identity")
    if encoding != "identity":
        raise ContractMismatch(
            f"document {document.id} is encoded as {encoding}, which was not asked for",
            request_id=request_id(response),
        )
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > max_bytes:
        raise TooLarge(
            f"document {document.id} has {announced} bytes, limit {max_bytes}",
            request_id=request_id(response),
        )


def _compare(
    response: httpx.Response, what: str, measured: _Measured, size: int | None, sha256: str | None
) -> None:
    if size is not None and size != measured.size:
        raise MalformedAnswer(
            f"{what}: {measured.size} bytes here, {size} there", request_id=request_id(response)
        )
    if sha256 is not None and sha256.lower() != measured.sha256:
        raise MalformedAnswer(
            f"{what}: the bytes do not match their SHA-256", request_id=request_id(response)
        )


def _document(body: Body, response: httpx.Response) -> Document:
    return parsed(Document, {**body, "download_link": link(body, DOWNLOAD)}, response)
