from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import TransferLine


class TransferLinesAfter(BaseModel):
    inventory_transfer: Optional["TransferLinesAfterInventoryTransfer"] = Field(
        alias="inventoryTransfer"
    )


class TransferLinesAfterInventoryTransfer(BaseModel):
    id: str
    line_items: "TransferLinesAfterInventoryTransferLineItems" = Field(
        alias="lineItems"
    )


class TransferLinesAfterInventoryTransferLineItems(BaseModel):
    page_info: "TransferLinesAfterInventoryTransferLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["TransferLinesAfterInventoryTransferLineItemsNodes"]


class TransferLinesAfterInventoryTransferLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


TransferLinesAfterInventoryTransferLineItemsNodes = TransferLine
TransferLinesAfter.model_rebuild()
TransferLinesAfterInventoryTransfer.model_rebuild()
TransferLinesAfterInventoryTransferLineItems.model_rebuild()
