from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class InventoryItemsBySku(BaseModel):
    inventory_items: "InventoryItemsBySkuInventoryItems" = Field(alias="inventoryItems")


class InventoryItemsBySkuInventoryItems(BaseModel):
    page_info: "InventoryItemsBySkuInventoryItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["InventoryItemsBySkuInventoryItemsNodes"]


class InventoryItemsBySkuInventoryItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class InventoryItemsBySkuInventoryItemsNodes(BaseModel):
    id: str
    sku: Optional[str]
    tracked: bool
    duplicate_sku_count: int = Field(alias="duplicateSkuCount")


InventoryItemsBySku.model_rebuild()
InventoryItemsBySkuInventoryItems.model_rebuild()
