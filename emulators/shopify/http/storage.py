"""``/_storage/{key}/{name}``: where Shopify would name an address at its storage provider."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from emulators.shopify.emulator import Emulator


async def download(request: Request) -> Response:
    emulator: Emulator = request.app.state.emulator
    file = emulator.storage.files.get(request.path_params["key"])
    if file is None or file.content is None:
        return Response("Not Found", 404)
    return Response(file.content, media_type=file.mime_type)


async def upload(request: Request) -> Response:
    """A staged upload: the body itself by PUT, a form with a part ``file`` by POST."""
    emulator: Emulator = request.app.state.emulator
    file = emulator.storage.files.get(request.path_params["key"])
    if file is None or file.resource is None:
        return Response("Not Found", 404)
    if request.method == "PUT":
        file.content = await request.body()
        return Response(status_code=200)
    async with request.form() as form:
        part = form.get("file")
        if not isinstance(part, UploadFile):
            return Response("No part named file", 400)
        file.content = await part.read()
    return Response(status_code=201)
