"""Uploads and downloads: measured, bounded, and only from Trading Grid's own address."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from clients.trading_grid import errors
from clients.trading_grid.port import Document
from clients.trading_grid.rest import RestTradingGrid

DATA = b"%PDF-1.7 evidence" * 10
SHA256 = hashlib.sha256(DATA).hexdigest()
LINK = "https://tg.example.com/tradinggrid/v1/documents/D1/content"


def a_file(**changes: Any) -> httpx.Response:
    body = {"id": "F1", "original_file_name": "a.pdf", "size": len(DATA), "sha256": SHA256}
    return httpx.Response(201, json={**body, **changes})


def a_document(**changes: Any) -> Document:
    return Document(**{"id": "D1", "download_link": LINK, **changes})


async def received(grid: RestTradingGrid, document: Document, max_bytes: int = 10_000) -> bytes:
    return b"".join([chunk async for chunk in grid.download(document, max_bytes=max_bytes)])


async def test_bytes_are_uploaded_with_name_and_type(grid: RestTradingGrid, script: Any) -> None:
    script(a_file())
    file = await grid.upload_file(
        DATA, file_name='Prüf "1".pdf\r\nX: y', mime_type="application/pdf", idempotency_key="k"
    )
    sent = script.calls[0]
    assert sent.content == DATA
    assert sent.headers["Content-Type"] == "application/pdf"
    assert sent.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''Pr%C3%BCf%20%221%22.pdf%0D%0AX%3A%20y"
    )
    assert (file.id, file.sha256) == ("F1", SHA256)


async def test_a_stream_is_opened_anew_after_a_renewed_token(
    grid: RestTradingGrid, script: Any
) -> None:
    opened = 0

    async def content() -> AsyncIterator[bytes]:
        nonlocal opened
        opened += 1
        yield DATA[:50]
        yield DATA[50:]

    script(httpx.Response(401), a_file())
    await grid.upload_file(
        content, file_name="a.pdf", mime_type="application/pdf", idempotency_key="k"
    )
    assert opened == 2
    assert [call.content for call in script.calls] == [DATA, DATA]


@pytest.mark.parametrize("changes", [{"size": 3}, {"sha256": "0" * 64}])
async def test_an_upload_that_arrived_otherwise_is_an_error(
    grid: RestTradingGrid, script: Any, changes: dict[str, Any]
) -> None:
    script(a_file(**changes))
    with pytest.raises(errors.MalformedAnswer, match="upload"):
        await grid.upload_file(
            DATA, file_name="a.pdf", mime_type="application/pdf", idempotency_key="k"
        )


async def test_a_document_is_downloaded_by_its_own_link_with_the_token(
    grid: RestTradingGrid, script: Any
) -> None:
    links = {"urn:eim:linkrel:download-media": {"href": "/tradinggrid/v1/documents/D1/content"}}
    script(
        httpx.Response(
            200,
            json={
                "id": "D1",
                "document_type": "photo",
                "download_link": "https://evil.example.com",
                "content_size": len(DATA),
                "sha256": SHA256.upper(),
                "_links": links,
            },
        ),
        httpx.Response(200, content=DATA),
    )
    document = await grid.read_document("D1")
    assert await received(grid, document) == DATA
    sent = script.calls[1]
    assert str(sent.url) == LINK
    assert sent.headers["Authorization"] == "Bearer token-1"
    assert sent.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    "link", ["https://evil.example.com/D1", "http://tg.example.com/D1", "file:///etc/passwd"]
)
async def test_a_download_link_elsewhere_is_not_followed(
    grid: RestTradingGrid, script: Any, link: str
) -> None:
    script(httpx.Response(200, content=DATA))
    with pytest.raises(errors.ForeignLink):
        await received(grid, a_document(download_link=link))
    assert script.calls == []


async def test_a_redirected_download_is_not_followed(grid: RestTradingGrid, script: Any) -> None:
    script(httpx.Response(302, headers={"Location": "https://evil.example.com/D1"}))
    with pytest.raises(errors.TradingGridRefused, match="redirects are not followed"):
        await received(grid, a_document())
    assert len(script.calls) == 1


async def test_a_document_without_a_link_cannot_be_downloaded(
    grid: RestTradingGrid, script: Any
) -> None:
    with pytest.raises(errors.ContractMismatch, match="download-media"):
        await received(grid, a_document(download_link=None))


async def take(chunks: AsyncIterator[bytes], into: list[bytes]) -> None:
    async for chunk in chunks:
        into.append(chunk)


async def endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 100


@pytest.mark.parametrize(
    ("document", "answer", "read"),
    [
        (a_document(content_size=501), httpx.Response(200, content=b""), 0),
        (a_document(), httpx.Response(200, content=b"x" * 501), 0),
        (a_document(content_size=10), httpx.Response(200, content=endless()), 500),
    ],
)
async def test_too_much_is_refused_by_what_is_said_and_by_what_comes(
    grid: RestTradingGrid, script: Any, document: Document, answer: httpx.Response, read: int
) -> None:
    script(answer)
    taken: list[bytes] = []
    with pytest.raises(errors.TooLarge):
        await take(grid.download(document, max_bytes=500), taken)
    assert sum(map(len, taken)) == read


@pytest.mark.parametrize("changes", [{"content_size": 3}, {"sha256": "0" * 64}])
async def test_bytes_that_are_not_the_documents_are_an_error_at_the_end(
    grid: RestTradingGrid, script: Any, changes: dict[str, Any]
) -> None:
    script(httpx.Response(200, content=DATA))
    with pytest.raises(errors.MalformedAnswer, match="download"):
        await received(grid, a_document(**changes))


async def test_an_encoded_download_is_refused(grid: RestTradingGrid, script: Any) -> None:
    script(httpx.Response(200, stream=httpx.ByteStream(b"zz"), headers={"Content-Encoding": "br"}))
    with pytest.raises(errors.ContractMismatch, match="encoded as br"):
        await received(grid, a_document())


async def test_a_broken_download_is_unavailable(grid: RestTradingGrid, script: Any) -> None:
    async def breaks() -> AsyncIterator[bytes]:
        yield b"x"
        raise httpx.ReadError("reset")

    script(httpx.Response(200, content=breaks()))
    with pytest.raises(errors.TradingGridUnavailable, match="reset"):
        await received(grid, a_document())


async def test_a_download_that_trickles_is_given_up(grid: RestTradingGrid, script: Any) -> None:
    async def trickle() -> AsyncIterator[bytes]:
        while True:
            script.now += 29
            yield b"x"

    script(httpx.Response(200, content=trickle()))
    with pytest.raises(errors.TradingGridUnavailable, match="too slowly"):
        await received(grid, a_document())
    assert script.now < 400


async def test_leaving_a_download_early_frees_its_place(
    make_connection: Any, script: Any, http: httpx.AsyncClient
) -> None:
    grid = RestTradingGrid(make_connection(max_concurrency=1), http)
    script(httpx.Response(200, content=endless()), httpx.Response(200, content=DATA))
    stream = grid.download(a_document(), max_bytes=10_000)
    assert await anext(stream) == b"x" * 100
    await stream.aclose()
    assert await received(grid, a_document()) == DATA
