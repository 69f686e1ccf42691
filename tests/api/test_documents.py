"""Documents: taken by content, served as downloads."""

from typing import Any

import pytest

from api.services import Services
from persistence.tables import Case

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 100


async def upload(api: Any, case: Case, content: bytes, name: str = "photo.png", **form: str) -> Any:
    return await api.by(
        "operate",
        "POST",
        f"/cases/{case.id}/documents",
        files={"file": (name, content, "text/html")},
        data={"partner": "p-1"} | form,
    )


async def test_a_document_is_stored_listed_and_downloaded(api: Any, case: Case) -> None:
    answer = await upload(api, case, PNG, "Schaden „Kiste“.png", document_type="photo")
    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert (said["mime_type"], said["size"], said["direction"]) == (
        "image/png",
        len(PNG),
        "to_partner",
    )
    listed = await api.by("read", "GET", f"/cases/{case.id}/documents")
    assert listed.json() == {"items": [said]}
    download = await api.by("read", "GET", answer.headers["location"])
    assert download.content == PNG
    headers = download.headers
    assert headers["content-type"] == "image/png"
    assert headers["content-disposition"].startswith("attachment; filename=")
    assert (
        "filename*=UTF-8''Schaden%20%E2%80%9EKiste%E2%80%9C.png" in headers["content-disposition"]
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["content-length"] == str(len(PNG))


async def test_the_type_is_told_by_the_content_and_mends_the_name(api: Any, case: Case) -> None:
    answer = await upload(api, case, PNG, "../../x:y.html")
    assert answer.json()["mime_type"] == "image/png"
    assert answer.json()["file_name"] == "x_y.html.png"
    download = await api.by("read", "GET", answer.headers["location"])
    assert 'filename="x_y.html.png"' in download.headers["content-disposition"]


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"MZ\x90\x00binary", b""])
async def test_what_is_not_accepted_is_415_and_not_listed(
    api: Any, case: Case, content: bytes
) -> None:
    answer = await upload(api, case, content, "photo.png")
    assert answer.status_code == 415
    assert answer.json()["type"] == "urn:gridcase:problem:unsupported-type"
    assert (await api.by("read", "GET", f"/cases/{case.id}/documents")).json() == {"items": []}


@pytest.mark.parametrize("size", [50_001, 160_000])
async def test_what_is_too_large_is_413(api: Any, case: Case, size: int) -> None:
    answer = await upload(api, case, PNG + b"\x00" * size)
    assert answer.status_code == 413
    assert answer.json()["type"] == "urn:gridcase:problem:too-large"


async def test_a_partner_that_is_not_asked_gets_nothing(api: Any, case: Case) -> None:
    answer = await upload(api, case, PNG, partner="p-2")
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:gridcase:problem:unknown-partner"
    assert "p-1" in answer.json()["detail"]


async def test_a_form_without_a_file_names_the_field(api: Any, case: Case) -> None:
    answer = await api.by("operate", "POST", f"/cases/{case.id}/documents", data={"partner": "p-1"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "body.file"


async def test_readers_cannot_upload(api: Any, case: Case) -> None:
    answer = await api.by(
        "read",
        "POST",
        f"/cases/{case.id}/documents",
        files={"file": ("a.png", PNG)},
        data={"partner": "p-1"},
    )
    assert answer.status_code == 403


async def test_an_unknown_document_is_404_and_lost_bytes_are_410(
    api: Any, services: Services, case: Case
) -> None:
    assert (await api.by("read", "GET", "/documents/nobodys")).status_code == 404
    answer = await upload(api, case, PNG)
    sha256 = answer.json()["sha256"]
    stored = services.settings.data_dir / "documents" / sha256[:2] / sha256
    stored.unlink()
    lost = await api.by("read", "GET", answer.headers["location"])
    assert lost.status_code == 410
    assert lost.json()["type"] == "urn:gridcase:problem:document-gone"
