from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import TransferHead


class InventoryTransfersFound(BaseModel):
    inventory_transfers: "InventoryTransfersFoundInventoryTransfers" = Field(
        alias="inventoryTransfers"
    )


class InventoryTransfersFoundInventoryTransfers(BaseModel):
    page_info: "InventoryTransfersFoundInventoryTransfersPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["InventoryTransfersFoundInventoryTransfersNodes"]


class InventoryTransfersFoundInventoryTransfersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


InventoryTransfersFoundInventoryTransfersNodes = TransferHead
InventoryTransfersFound.model_rebuild()
InventoryTransfersFoundInventoryTransfers.model_rebuild()
