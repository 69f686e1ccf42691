"""The port: put a file where the evidence shows it, list what is there, take one away.

ShopifyRefused
├── FilesClosed     this way is shut: a scope is missing, or Shopify no longer has the route; no file goes
└── FileRefused     this file is not taken; another may be
"""

from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Protocol

from clients.shopify.errors import ShopifyRefused
from clients.shopify.generated.fragments import EvidenceFile

MAX_BYTES = 2_000_000
ALL_MAX_BYTES = 4_000_000
"""Of a file, and of all that the evidence shows; as merchants report them ("2 MB", "4 MB": the smaller reading)."""


class FilesClosed(ShopifyRefused):
    """No file can be put this way: the scope is not granted, or the route is gone."""


class FileRefused(ShopifyRefused):
    """Shopify does not take this file: its type, its size, or the dispute takes nothing any more."""


@dataclass(frozen=True)
class NewFile:
    """`field` is that of ShopifyPaymentsDisputeEvidenceUpdateInput, `kind` its ShopifyPaymentsDisputeEvidenceFileType."""

    field: str
    kind: str
    name: str
    mime_type: str
    content: bytes = attribute(repr=False)


@dataclass(frozen=True)
class DraftFile:
    """A file that Shopify has for a dispute. `name` is that under which it was sent; `size` in bytes."""

    id: str
    kind: str
    name: str
    size: int


def draft_file(found: EvidenceFile) -> DraftFile:
    return DraftFile(
        id=found.id,
        kind=str(found.dispute_evidence_type or ""),
        name=found.original_file_name or "",
        size=found.file_size,
    )


class DisputeFiles(Protocol):
    """One way to bring files to the evidence of a shop's disputes. Ids are GIDs."""

    async def list(self, dispute_id: str) -> tuple[DraftFile, ...] | None:
        """All files of the dispute, shown by its evidence or not; None if the shop has no such dispute."""
        ...

    async def put(self, dispute_id: str, evidence_id: str, file: NewFile) -> None:
        """Send a new file, and show it in its field. Before a repeat read: a file that was sent and not shown, because the
        second call failed, is found by its name.

        Raises FilesClosed, FileRefused, ShopifyUserErrors, or another ShopifyError.
        """
        ...

    async def show(self, evidence_id: str, field: str, file_id: str) -> None:
        """Show a file that is there in this field, instead of what it showed. Raises ShopifyUserErrors."""
        ...

    async def remove(self, dispute_id: str, evidence_id: str, field: str, file_id: str) -> None:
        """Delete a file; `field` is the one of its kind. One that is gone is no error."""
        ...
