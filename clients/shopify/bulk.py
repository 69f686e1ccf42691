"""The shop's inventory items by a bulk operation: started, found again, read line by line."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clients.shopify.admin import AdminApi
from clients.shopify.errors import ShopifyReplyUnreadable, ShopifyUserErrors
from clients.shopify.generated.enums import BulkOperationStatus
from clients.shopify.generated.fragments import BulkOperationState

ITEMS_WITH_LEVELS = (
    (Path(__file__).parent / "bulk_queries" / "items_with_levels.graphql")
    .read_text("utf-8")
    .strip()
)
"""Only levels that are active are listed."""

RUNNING = frozenset(
    {
        BulkOperationStatus.CREATED,
        BulkOperationStatus.RUNNING,
        BulkOperationStatus.CANCELING,
    }
)
_IN_PROGRESS = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED"})


class BulkBusy(Exception):
    """The shop runs as many bulk operations as it may; ours did not begin."""


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Quantity(_Read):
    name: str
    quantity: int


class _Location(_Read):
    id: str


class ItemLine(_Read):
    id: str
    sku: str | None = None
    tracked: bool


class LevelLine(_Read):
    """`parent` is the item, whose own line may come later: nobody may rely on the order."""

    parent: str = Field(alias="__parentId")
    location: _Location
    quantities: list[_Quantity] = []

    @property
    def available(self) -> int | None:
        return next((one.quantity for one in self.quantities if one.name == "available"), None)


@dataclass(frozen=True)
class ItemSeen:
    gid: str
    sku: str
    tracked: bool


@dataclass(frozen=True)
class LevelOfItem:
    item_gid: str
    location_gid: str
    available: int


async def start_reading_items(admin: AdminApi) -> BulkOperationState:
    """Start the operation, or take one of the same query that runs: an earlier attempt's, whose answer was lost.

    Raises BulkBusy while others run.
    """
    found = await admin.bulk_operations_found(query="status:running OR status:created")
    for operation in found.bulk_operations.nodes:
        if operation.status in RUNNING and operation.query.split() == ITEMS_WITH_LEVELS.split():
            return operation
    try:
        answer = await admin.bulk_operation_run_query(query=ITEMS_WITH_LEVELS)
    except ShopifyUserErrors as error:
        if error.codes & _IN_PROGRESS:
            raise BulkBusy(str(error)) from error
        raise
    payload = answer.bulk_operation_run_query
    if payload is None or payload.bulk_operation is None:
        raise ShopifyReplyUnreadable(
            "no bulk operation named", shop=admin.shop, operation="BulkOperationRunQuery"
        )
    return payload.bulk_operation


async def items_and_levels(admin: AdminApi, url: str) -> AsyncIterator[ItemSeen | LevelOfItem]:
    """Every line of the operation's file, in any order. Raises ShopifyReplyUnreadable for one of another shape."""
    async for line in admin.file_lines(url):
        if line.strip():
            found = _read(admin, line)
            if found is not None:
                yield found


def _read(admin: AdminApi, line: str) -> ItemSeen | LevelOfItem | None:
    try:
        content = json.loads(line)
        if isinstance(content, dict) and "__parentId" in content:
            level = LevelLine.model_validate(content)
            if level.available is None:
                return None
            return LevelOfItem(level.parent, level.location.id, level.available)
        item = ItemLine.model_validate(content)
    except (ValueError, ValidationError):
        raise ShopifyReplyUnreadable(
            "a line of the bulk operation's file can't be read", shop=admin.shop, operation="file"
        ) from None
    return ItemSeen(item.id, (item.sku or "").strip(), item.tracked)
