"""Metafields and their definitions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from emulators.shopify.model.resource import Resource


def digest(value: str) -> str:
    """The compare digest of a value: opaque to clients, equal for equal values."""
    return hashlib.sha256(value.encode()).hexdigest()


@dataclass(eq=False, repr=False)
class Metafield(Resource):
    gql_type: ClassVar[str] = "Metafield"
    id: int
    owner: Resource
    namespace: str
    key: str
    type: str
    value: str
    created_at: datetime
    updated_at: datetime

    @property
    def compare_digest(self) -> str:
        return digest(self.value)


@dataclass(eq=False, repr=False)
class MetafieldDefinition(Resource):
    gql_type: ClassVar[str] = "MetafieldDefinition"
    id: int
    owner_type: str
    namespace: str
    key: str
    name: str
    type: str
    description: str | None = None
    admin_access: str = "PUBLIC_READ_WRITE"
    pinned_position: int | None = None
