"""The first of the two upload steps: bytes in, a file id out."""

import re
from typing import Any, ClassVar
from urllib.parse import unquote

from emulators.trading_grid.errors import ApiError, invalid
from emulators.trading_grid.query import check_parameters
from emulators.trading_grid.store import Clock, Entity, Name, Tenant, sha256
from emulators.trading_grid.wire import Answer, Call, Endpoint, Links

_QUOTED = re.compile(r'filename="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_EXTENDED = re.compile(r"filename\*=(?:UTF-8|utf-8)''([^;\s]+)", re.IGNORECASE)
_BARE = re.compile(r'filename=([^";\s]+)', re.IGNORECASE)


class File(Entity):
    NAME: ClassVar[str] = "file"
    COLLECTION: ClassVar[str] = "files"

    original_file_name: Name
    mime_type: Name
    size: int
    sha256: str


def render(file: File, links: Links) -> dict[str, Any]:
    return {
        **file.model_dump(
            mode="json",
            include={"id", "original_file_name", "mime_type", "size", "sha256", "create_time"},
        ),
        "_links": {"self": {"href": links(file.path())}},
    }


def store_file(tenant: Tenant, clock: Clock, name: str, mime_type: str, data: bytes) -> File:
    """Raises ApiError 422 for an empty file or a name that is none."""
    base = re.split(r"[/\\]", name)[-1].strip()
    if not base or len(base) > 255 or any(ord(character) < 32 for character in base):
        raise invalid("A file needs a name of 1 to 255 printable characters.", "file_name")
    if not data:
        raise invalid("The file is empty.", "file")
    now = clock()
    file = File(
        original_file_name=base,
        mime_type=mime_type,
        size=len(data),
        sha256=sha256(data),
        create_time=now,
        update_time=now,
    )
    tenant.table(File).add(file)
    tenant.blobs[file.id] = data
    return file


def disposition_name(header: str) -> str | None:
    """The file name in a Content-Disposition header (RFC 6266), the extended form first."""
    if match := _EXTENDED.search(header):
        return unquote(match[1])
    if match := _QUOTED.search(header):
        return re.sub(r"\\(.)", r"\1", match[1])
    match = _BARE.search(header)
    return match[1] if match else None


async def upload(call: Call) -> Answer:
    given = call.request.query_params
    check_parameters(given, frozenset({"file-name"}))
    kind = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind or kind.startswith("multipart/"):
        raise ApiError(
            415, "unsupported_media_type", "Send the bytes themselves, with their own Content-Type."
        )
    name = given.get("file-name") or disposition_name(
        call.request.headers.get("content-disposition", "")
    )
    if name is None:
        raise invalid("Name the file, by Content-Disposition or file-name.", "file_name")
    file = store_file(call.tenant, call.emulator.clock, name, kind, call.body)
    return call.created(file, render)


ENDPOINTS = [Endpoint("/files/from-stream", {"POST": upload}, takes_bytes=True)]
