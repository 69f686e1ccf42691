"""The store, in a folder, in memory and in a bucket."""

import hashlib
import threading
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from clients.documents import (
    DocumentCorrupted,
    DocumentNotFound,
    DocumentRules,
    DocumentStore,
    DocumentStoreUnavailable,
    DocumentTooLarge,
    TypeNotAllowed,
    open_document_store,
)

PDF = b"%PDF-1.7\n" + b"x" * 2_000_000
SHA256 = hashlib.sha256(PDF).hexdigest()
RULES = DocumentRules(max_bytes=3_000_000)


class Bucket(BaseHTTPRequestHandler):
    """As much of S3 as a small object needs."""

    protocol_version = "HTTP/1.1"
    objects: dict[str, bytes]

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def _answer(self, status: int, content: bytes = b"", length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content) if length is None else length))
        self.send_header("ETag", '"e"')
        self.send_header("Last-Modified", "Sun, 01 Nov 2026 10:00:00 GMT")
        self.end_headers()
        self.wfile.write(content)

    def do_PUT(self) -> None:
        self.objects[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(200)

    def do_GET(self) -> None:
        found = self.objects.get(self.path)
        self._answer(404) if found is None else self._answer(200, found)

    def do_HEAD(self) -> None:
        found = self.objects.get(self.path)
        self._answer(404) if found is None else self._answer(200, length=len(found))


@pytest.fixture
def bucket() -> Iterator[tuple[str, dict[str, bytes]]]:
    objects: dict[str, bytes] = {}
    handler = type("AnyBucket", (Bucket,), {"objects": objects})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", objects
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=["folder", "memory", "bucket"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, bucket: tuple[str, dict[str, bytes]]
) -> DocumentStore:
    if request.param == "folder":
        return open_document_store(tmp_path / "made" / "documents", RULES)
    if request.param == "memory":
        return open_document_store("memory://", RULES)
    return a_bucket(bucket[0])


def a_bucket(endpoint: str) -> DocumentStore:
    settings = {
        "endpoint": endpoint,
        "region": "us-east-1",
        "access_key_id": "key",
        "secret_access_key": "very-secret",
        "virtual_hosted_style_request": False,
    }
    return open_document_store("s3://papers/gridcase", RULES, s3=settings)


async def content_of(store: DocumentStore, sha256: str) -> bytes:
    return b"".join([chunk async for chunk in store.read(sha256)])


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def in_chunks(content: bytes, size: int = 70_000) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def test_what_is_put_is_read_by_its_hash(store: DocumentStore) -> None:
    assert not await store.exists(SHA256)
    stored = await store.put(in_chunks(PDF))
    assert (stored.sha256, stored.size, stored.mime_type) == (SHA256, len(PDF), "application/pdf")
    assert await store.exists(SHA256)
    assert await content_of(store, SHA256) == PDF
    assert await store.put(PDF) == stored


async def test_too_much_is_refused_while_it_comes_in(store: DocumentStore) -> None:
    taken = 0
    closed = False

    async def endless() -> AsyncIterator[bytes]:
        nonlocal taken, closed
        try:
            while True:
                taken += 500_000
                yield b"x" * 500_000
        finally:
            closed = True

    with pytest.raises(DocumentTooLarge) as caught:
        await store.put(endless())
    assert caught.value.limit == 3_000_000
    assert taken == 3_500_000
    assert closed


async def test_html_is_refused_and_not_kept(tmp_path: Path) -> None:
    store = open_document_store(tmp_path)
    with pytest.raises(TypeNotAllowed):
        await store.put(b"<html></html>")
    assert files_in(tmp_path) == []


async def test_the_allowed_types_are_a_setting(tmp_path: Path) -> None:
    store = open_document_store(tmp_path, DocumentRules(allowed_types=frozenset({"image/png"})))
    with pytest.raises(TypeNotAllowed, match="not an allowed type") as caught:
        await store.put(b"plain words")
    assert caught.value.found == "text/plain"


@pytest.mark.parametrize("name", ["", "../../etc/passwd", SHA256.upper(), SHA256 + "0", "0" * 64])
async def test_what_is_not_there_is_not_found(store: DocumentStore, name: str) -> None:
    with pytest.raises(DocumentNotFound):
        await content_of(store, name)


async def test_changed_bytes_are_noticed(tmp_path: Path) -> None:
    store = open_document_store(tmp_path)
    stored = await store.put(b"the partner's words")
    (path,) = files_in(tmp_path)
    assert path.name == stored.sha256
    path.write_bytes(b"somebody else's!!!!")
    with pytest.raises(DocumentCorrupted):
        await content_of(store, stored.sha256)


async def test_a_cut_object_is_written_again(tmp_path: Path) -> None:
    store = open_document_store(tmp_path)
    stored = await store.put(b"the partner's words")
    (path,) = files_in(tmp_path)
    path.write_bytes(b"the")
    await store.put(b"the partner's words")
    assert await content_of(store, stored.sha256) == b"the partner's words"


async def test_a_bucket_keeps_objects_below_its_prefix(
    bucket: tuple[str, dict[str, bytes]],
) -> None:
    endpoint, objects = bucket
    await a_bucket(endpoint).put(PDF)
    assert list(objects) == [f"/papers/gridcase/{SHA256[:2]}/{SHA256}"]


async def test_a_bucket_that_is_not_there_is_unavailable_without_its_secret() -> None:
    store = a_bucket("http://127.0.0.1:1")
    for attempt in (store.put(b"plain words"), store.exists(SHA256), content_of(store, SHA256)):
        with pytest.raises(DocumentStoreUnavailable) as caught:
            await attempt
        assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize("location", ["", "ftp://x/y", "https://x/y"])
def test_a_location_of_no_kind_is_refused(location: str) -> None:
    with pytest.raises(ValueError, match="document store"):
        open_document_store(location)


def test_s3_settings_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not s3"):
        open_document_store(tmp_path, s3={"region": "x"})
    with pytest.raises(ValueError, match="S3 settings"):
        open_document_store("s3://papers", s3={"secret_acess_key": "very-secret"})


@pytest.mark.parametrize("rules", [{"max_bytes": 0}, {"allowed_types": []}, {"max_size": 3}])
def test_rules_that_cannot_be_meant_are_refused(rules: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        DocumentRules.model_validate(rules)
