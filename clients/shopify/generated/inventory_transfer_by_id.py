from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import TransferHead, TransferLine, TransferShipment


class InventoryTransferById(BaseModel):
    inventory_transfer: Optional["InventoryTransferByIdInventoryTransfer"] = Field(
        alias="inventoryTransfer"
    )


class InventoryTransferByIdInventoryTransfer(TransferHead):
    line_items: "InventoryTransferByIdInventoryTransferLineItems" = Field(
        alias="lineItems"
    )
    shipments: "InventoryTransferByIdInventoryTransferShipments"


class InventoryTransferByIdInventoryTransferLineItems(BaseModel):
    page_info: "InventoryTransferByIdInventoryTransferLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["InventoryTransferByIdInventoryTransferLineItemsNodes"]


class InventoryTransferByIdInventoryTransferLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


InventoryTransferByIdInventoryTransferLineItemsNodes = TransferLine


class InventoryTransferByIdInventoryTransferShipments(BaseModel):
    page_info: "InventoryTransferByIdInventoryTransferShipmentsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["InventoryTransferByIdInventoryTransferShipmentsNodes"]


class InventoryTransferByIdInventoryTransferShipmentsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


InventoryTransferByIdInventoryTransferShipmentsNodes = TransferShipment
InventoryTransferById.model_rebuild()
InventoryTransferByIdInventoryTransfer.model_rebuild()
InventoryTransferByIdInventoryTransferLineItems.model_rebuild()
InventoryTransferByIdInventoryTransferShipments.model_rebuild()
