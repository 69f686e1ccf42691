"""The merchant's files: those that are no images, made of staged uploads."""

from __future__ import annotations

import uuid
from typing import Any

from emulators.shopify.admin.lookup import searched
from emulators.shopify.engine.connections import connect
from emulators.shopify.engine.registry import (
    Args,
    Context,
    access_denied,
    bad_request,
    mutation,
    query,
    reject,
    resolver,
)
from emulators.shopify.model.metaobjects import GenericFile
from emulators.shopify.model.shop import Shop
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.refusal import Refused, UserError
from emulators.shopify.storage import StoredFile

INPUT_LIMIT = 250
SEARCH = {
    "created_at": lambda f: f.created_at,
    "filename": lambda f: f.filename,
    "id": lambda f: f.id,
    "updated_at": lambda f: f.updated_at,
}


@query("files", scope="read_files")
def files(_: Any, context: Context, args: Args) -> dict[str, Any]:
    reject(args, "savedSearchId")
    search = searched(context, "files", args, SEARCH, lambda f: f.filename)
    return connect([f for f in context.shop.files.values() if search.matches(f)], args)


@resolver("GenericFile", "fileStatus")
def status(file: GenericFile, context: Context, _: Args) -> str:
    """UPLOADED in the answer that made it, READY from the next request on."""
    return "UPLOADED" if file.made_by == context.request_id else "READY"


@resolver("GenericFile", "url")
def url(file: GenericFile, context: Context, _: Args) -> str | None:
    if file.made_by == context.request_id:
        return None
    return context.emulator.storage.address(context.base_url, file.stored)


@resolver("GenericFile", "originalFileSize")
def size(file: GenericFile, _: Context, __: Args) -> int:
    return file.size


@resolver("GenericFile", "fileErrors")
def errors_of(_: GenericFile, __: Context, ___: Args) -> list[Any]:
    return []


@resolver("GenericFile", "preview")
def preview(_: GenericFile, __: Context, ___: Args) -> None:
    """A file that is no image has none here."""


@mutation("fileCreate", scope="write_files")
def create(act: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["files"]
    if len(given) > INPUT_LIMIT:
        message = (
            f"The input array size of {len(given)} is greater than the maximum allowed of 250."
        )
        raise bad_request(message, "MAX_INPUT_SIZE_EXCEEDED")
    errors: list[UserError] = []
    planned: list[tuple[dict[str, Any], str, StoredFile]] = []
    for index, entry in enumerate(given):
        if entry.get("contentType") not in (None, "FILE"):
            raise access_denied(f"files of contentType {entry['contentType']}")
        at = ("files", str(index))
        stored = context.emulator.storage.find(entry["originalSource"])
        name = entry.get("filename") or (stored.name if stored is not None else "")
        if stored is None or stored.content is None:
            message = "The file can't be read from its source"
            errors.append(UserError((*at, "originalSource"), message, "INVALID"))
            continue
        mode = entry.get("duplicateResolutionMode") or "APPEND_UUID"
        if mode == "REPLACE":
            message = "Duplicate resolution mode REPLACE is for images only"
            field = (*at, "duplicateResolutionMode")
            errors.append(UserError(field, message, "INVALID_DUPLICATE_MODE_FOR_TYPE"))
        elif _taken(act.shop, name):
            if mode == "RAISE_ERROR":
                message = "A file with this name already exists"
                errors.append(UserError((*at, "filename"), message, "FILENAME_ALREADY_EXISTS"))
            stem, dot, ending = name.rpartition(".")
            name = f"{stem or ending}_{uuid.uuid4()}{dot}{ending if stem else ''}"
        planned.append((entry, name, stored))
    if errors:
        raise Refused(*errors)
    return {"files": [_make(act, context, *plan) for plan in planned]}


def _taken(shop: Shop, name: str) -> bool:
    return any(file.filename == name for file in shop.files.values())


def _make(
    act: Action, context: Context, entry: dict[str, Any], name: str, source: StoredFile
) -> GenericFile:
    assert source.content is not None
    copy = StoredFile(name, source.mime_type, source.content)
    made = GenericFile(
        id=act.new_id(),
        filename=name,
        stored=context.emulator.storage.add(copy),
        mime_type=source.mime_type,
        size=len(source.content),
        created_at=act.now,
        updated_at=act.now,
        alt=entry.get("alt"),
        made_by=context.request_id,
    )
    act.shop.files[made.id] = made
    return made
