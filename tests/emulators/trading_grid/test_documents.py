import hashlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from emulators.trading_grid.options import Options

if TYPE_CHECKING:
    from tests.emulators.trading_grid.conftest import Grid

PHOTO = b"\x89PNG\r\n\x1a\n" + b"x" * 100
DOWNLOAD = "urn:eim:linkrel:download-media"


async def upload(
    grid: "Grid", content: bytes = PHOTO, headers: dict[str, str] | None = None
) -> httpx.Response:
    return await grid.call(
        "POST",
        "/files/from-stream",
        content=content,
        headers={
            "Content-Type": "image/png",
            "Content-Disposition": 'attachment; filename="lamp.png"',
            **(headers or {}),
        },
    )


async def bearer_get(grid: "Grid", href: str, token: str | None = None) -> httpx.Response:
    return await grid.http.get(href, headers={"Authorization": f"Bearer {token or grid.token}"})


async def test_bytes_become_a_file_and_the_file_a_document(grid: "Grid") -> None:
    case = await grid.case()
    file = (await upload(grid)).json()
    digest = hashlib.sha256(PHOTO).hexdigest()
    assert file["original_file_name"] == "lamp.png"
    assert (file["mime_type"], file["size"], file["sha256"]) == ("image/png", len(PHOTO), digest)
    document = await grid.post(
        f"/cases/{case['id']}/documents",
        {
            "file_id": file["id"],
            "document_type": "photo",
            "business_references": [{"type": "order", "value": "#1"}],
        },
    )
    assert (document["file_name"], document["content_size"]) == ("lamp.png", len(PHOTO))
    assert (document["sha256"], document["case_id"]) == (digest, case["id"])
    assert document["author"] == {"type": "company", "name": "Demo Store"}
    listed = await grid.get(f"/cases/{case['id']}/documents")
    assert listed["_embedded"]["collection"] == [document]
    assert await grid.get(f"/documents/{document['id']}") == document
    event = (await grid.events())[-1]
    assert event["type"] == "case.document_added"
    assert (event["data"]["id"], event["data"]["case_id"]) == (document["id"], case["id"])
    assert event["data"]["resource"] == "document"


async def test_the_download_link_gives_the_bytes_for_the_token_only(grid: "Grid") -> None:
    case = await grid.case()
    file = (await upload(grid)).json()
    document = await grid.post(
        f"/cases/{case['id']}/documents", {"file_id": file["id"], "document_type": "photo"}
    )
    href = document["_links"][DOWNLOAD]["href"]
    assert href.startswith("http://grid.test/")
    got = await bearer_get(grid, href)
    assert (got.status_code, got.content) == (200, PHOTO)
    assert got.headers["content-type"] == "image/png"
    assert "lamp.png" in got.headers["content-disposition"]
    assert got.headers["x-request-id"]
    assert (await grid.http.get(href)).status_code == 401
    await grid.control("POST", "/tenants", {"id": "other", "clients": {"c": "s"}})
    other = await grid.login("other", "c", "s")
    assert (await bearer_get(grid, href, other.token)).status_code == 404


class TestAnotherOrigin:
    @pytest.fixture
    def options(self) -> Options:
        return Options(media_url="https://media.grid.test", public_url="https://api.grid.test")

    async def test_links_name_the_origins_that_were_set(self, grid: "Grid") -> None:
        case = await grid.case()
        file = (await upload(grid)).json()
        document = await grid.post(
            f"/cases/{case['id']}/documents", {"file_id": file["id"], "document_type": "photo"}
        )
        assert document["_links"][DOWNLOAD]["href"].startswith("https://media.grid.test/")
        assert document["_links"]["self"]["href"].startswith("https://api.grid.test/")
        event = (await grid.events())[-1]
        assert event["data"]["href"].startswith("https://api.grid.test/tradinggrid/v1/")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename=plain.png", "plain.png"),
        ('attachment; filename="with space.png"', "with space.png"),
        ("attachment; filename*=UTF-8''t%C3%BCr.png", "tür.png"),
        ("attachment; filename=\"fallback.png\"; filename*=UTF-8''a%2Fb%2Ft%C3%BCr.png", "tür.png"),
    ],
)
async def test_the_file_name_comes_from_content_disposition(
    grid: "Grid", disposition: str, name: str
) -> None:
    file = (await upload(grid, headers={"Content-Disposition": disposition})).json()
    assert file["original_file_name"] == name


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"", {}, 422),
        (b"x", {"Content-Disposition": "attachment"}, 422),
        (b"x", {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        (b"x" * 4097, {}, 413),
        (b"x" * 40_000, {}, 413),
    ],
)
async def test_what_is_no_file_is_refused(
    grid: "Grid", content: bytes, headers: dict[str, str], status: int
) -> None:
    assert (await upload(grid, content, headers)).status_code == status


async def test_a_file_of_exactly_the_limit_is_taken(grid: "Grid") -> None:
    assert (await upload(grid, b"x" * 4096)).status_code == 201


async def test_an_upload_under_a_key_is_made_once(grid: "Grid") -> None:
    first = await upload(grid, headers={"Idempotency-Key": "u"})
    again = await upload(grid, headers={"Idempotency-Key": "u"})
    assert first.json() == again.json()
    assert (await upload(grid, b"other", {"Idempotency-Key": "u"})).status_code == 422
    call = (await grid.control("GET", "/calls"))["calls"][0]
    assert call["body"] == {"bytes": len(PHOTO), "sha256": hashlib.sha256(PHOTO).hexdigest()}


@pytest.mark.parametrize(
    "change", [{"file_id": "nothing"}, {"document_type": "poem"}, {"document_type": None}]
)
async def test_a_document_needs_a_known_file_and_type(grid: "Grid", change: dict[str, Any]) -> None:
    case = await grid.case()
    file = (await upload(grid)).json()
    body = {"file_id": file["id"], "document_type": "photo", **change}
    await grid.post(f"/cases/{case['id']}/documents", body, 422)


async def test_a_closed_case_takes_no_document(grid: "Grid") -> None:
    case = await grid.case()
    file = (await upload(grid)).json()
    await grid.post(f"/cases/{case['id']}", {"action": "close"}, 200)
    body = {"file_id": file["id"], "document_type": "photo"}
    await grid.post(f"/cases/{case['id']}/documents", body, 409)


async def test_the_partner_adds_and_publishes_documents(grid: "Grid") -> None:
    case = await grid.case()
    added = await grid.control(
        "POST",
        f"/cases/{case['id']}/documents",
        {"document_type": "rma", "file_name": "rma.txt", "mime_type": "text/plain", "text": "Hi"},
        201,
    )
    assert added["author"] == {"type": "partner", "name": "Acme Supplies"}
    got = await bearer_get(grid, added["_links"][DOWNLOAD]["href"])
    assert got.content == b"Hi"
    published = await grid.control(
        "POST",
        "/documents",
        {"partner_id": "acme", "file_name": "c.bin", "content_base64": "AAE="},
        201,
    )
    assert (published["case_id"], published["content_size"]) == (None, 2)
    assert (await grid.event_types())[-2:] == ["case.document_added", "document.published"]
    listed = await grid.get("/documents", filter=f"case_id eq '{case['id']}'")
    assert [one["id"] for one in listed["_embedded"]["collection"]] == [added["id"]]


async def test_the_company_shares_a_document_with_a_partner(grid: "Grid") -> None:
    file = (await upload(grid)).json()
    body = {"file_id": file["id"], "document_type": "other"}
    await grid.post("/documents", body, 422)
    document = await grid.post("/documents", {**body, "partner_id": "acme"})
    assert (document["partner_id"], document["case_id"]) == ("acme", None)
