"""Places to upload files to, before something is made of them."""

from __future__ import annotations

from typing import Any

from emulators.shopify.engine.registry import Args, Context, access_denied, bad_request, mutation
from emulators.shopify.rules.action import Action
from emulators.shopify.rules.disputes import FILE_KINDS, FILE_LIMIT
from emulators.shopify.rules.refusal import Refused, UserError
from emulators.shopify.storage import StoredFile

RESOURCES = ("DISPUTE_FILE_UPLOAD", "FILE")
INPUT_LIMIT = 250


@mutation("stagedUploadsCreate")
def create(_: Action, context: Context, args: Args) -> dict[str, Any]:
    given = args["input"]
    if len(given) > INPUT_LIMIT:
        message = (
            f"The input array size of {len(given)} is greater than the maximum allowed of 250."
        )
        raise bad_request(message, "MAX_INPUT_SIZE_EXCEEDED")
    errors = []
    for index, entry in enumerate(given):
        if entry["resource"] not in RESOURCES:
            raise access_denied(f"staged uploads of {entry['resource']}")
        errors += _problems(entry, ("input", str(index)))
    if errors:
        raise Refused(*errors)
    return {"stagedTargets": [_target(context, entry) for entry in given]}


def _problems(entry: dict[str, Any], at: tuple[str, ...]) -> list[UserError]:
    if not entry["filename"].strip():
        return [UserError((*at, "filename"), "Filename can't be blank")]
    if entry["resource"] != "DISPUTE_FILE_UPLOAD":
        return []
    errors = []
    if entry["mimeType"] not in FILE_KINDS:
        errors.append(UserError((*at, "mimeType"), f"{entry['mimeType']} is not supported"))
    if entry.get("fileSize") is not None and int(entry["fileSize"]) > FILE_LIMIT:
        errors.append(UserError((*at, "fileSize"), "File size is too large"))
    return errors


def _target(context: Context, entry: dict[str, Any]) -> dict[str, Any]:
    storage = context.emulator.storage
    name = entry["filename"].replace("/", "_")
    key = storage.add(StoredFile(name, entry["mimeType"], resource=entry["resource"]))
    address = storage.address(context.base_url, key)
    if entry.get("httpMethod") == "POST":
        parameters = [
            {"name": "Content-Type", "value": entry["mimeType"]},
            {"name": "key", "value": key},
        ]
    else:
        parameters = [{"name": "content_type", "value": entry["mimeType"]}]
    return {"url": address, "resourceUrl": address, "parameters": parameters}
