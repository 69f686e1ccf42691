from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import InventoryTransferCancelUserErrorCode, InventoryTransferStatus


class InventoryTransferCancel(BaseModel):
    inventory_transfer_cancel: Optional[
        "InventoryTransferCancelInventoryTransferCancel"
    ] = Field(alias="inventoryTransferCancel")


class InventoryTransferCancelInventoryTransferCancel(BaseModel):
    inventory_transfer: Optional[
        "InventoryTransferCancelInventoryTransferCancelInventoryTransfer"
    ] = Field(alias="inventoryTransfer")
    user_errors: list["InventoryTransferCancelInventoryTransferCancelUserErrors"] = (
        Field(alias="userErrors")
    )


class InventoryTransferCancelInventoryTransferCancelInventoryTransfer(BaseModel):
    id: str
    status: InventoryTransferStatus


class InventoryTransferCancelInventoryTransferCancelUserErrors(BaseModel):
    code: Optional[InventoryTransferCancelUserErrorCode]
    field: Optional[list[str]]
    message: str


InventoryTransferCancel.model_rebuild()
InventoryTransferCancelInventoryTransferCancel.model_rebuild()
