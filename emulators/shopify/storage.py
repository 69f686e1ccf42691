"""Files outside the Admin API: results of bulk operations and uploads, each at an address of its own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass


@dataclass
class StoredFile:
    """``content`` is None until somebody has uploaded it."""

    name: str
    mime_type: str
    content: bytes | None = None
    resource: str | None = None
    """What a staged upload is for."""


class Storage:
    """Files by key. A key is all that one needs to read a file, as with Shopify's signed addresses."""

    def __init__(self) -> None:
        self.files: dict[str, StoredFile] = {}

    def add(self, file: StoredFile) -> str:
        """Keeps a file; answers its key."""
        key = secrets.token_urlsafe(16)
        self.files[key] = file
        return key

    def address(self, base: str, key: str) -> str:
        """Where a file is, seen from a client that calls the emulator at ``base``."""
        return f"{base.rstrip('/')}/_storage/{key}/{self.files[key].name}"

    def find(self, address: str) -> StoredFile | None:
        """The file at an address that ``address`` made."""
        _, found, rest = address.partition("/_storage/")
        return self.files.get(rest.partition("/")[0]) if found else None
