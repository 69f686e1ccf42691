"""Bulk operations: queries that run on their own, with a file as the result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from emulators.shopify.model.resource import Resource

RUNNING = ("CREATED", "RUNNING", "CANCELING")


@dataclass(eq=False, repr=False)
class BulkOperation(Resource):
    """``file`` and ``partial_file`` are keys of stored files; a query without results has none."""

    gql_type: ClassVar[str] = "BulkOperation"
    id: int
    query: str
    created_at: datetime
    status: str = "CREATED"
    completed_at: datetime | None = None
    error_code: str | None = None
    objects: int = 0
    root_objects: int = 0
    size: int | None = None
    file: str | None = None
    partial_file: str | None = None

    @property
    def ended(self) -> bool:
        return self.status not in RUNNING
