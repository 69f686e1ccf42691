from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import TransferShipment


class TransferShipmentsAfter(BaseModel):
    inventory_transfer: Optional["TransferShipmentsAfterInventoryTransfer"] = Field(
        alias="inventoryTransfer"
    )


class TransferShipmentsAfterInventoryTransfer(BaseModel):
    id: str
    shipments: "TransferShipmentsAfterInventoryTransferShipments"


class TransferShipmentsAfterInventoryTransferShipments(BaseModel):
    page_info: "TransferShipmentsAfterInventoryTransferShipmentsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["TransferShipmentsAfterInventoryTransferShipmentsNodes"]


class TransferShipmentsAfterInventoryTransferShipmentsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


TransferShipmentsAfterInventoryTransferShipmentsNodes = TransferShipment
TransferShipmentsAfter.model_rebuild()
TransferShipmentsAfterInventoryTransfer.model_rebuild()
TransferShipmentsAfterInventoryTransferShipments.model_rebuild()
