from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import InventoryTransferCreateAsReadyToShipUserErrorCode
from .fragments import TransferHead


class InventoryTransferCreateAsReadyToShip(BaseModel):
    inventory_transfer_create_as_ready_to_ship: Optional[
        "InventoryTransferCreateAsReadyToShipInventoryTransferCreateAsReadyToShip"
    ] = Field(alias="inventoryTransferCreateAsReadyToShip")


class InventoryTransferCreateAsReadyToShipInventoryTransferCreateAsReadyToShip(
    BaseModel
):
    inventory_transfer: Optional[
        "InventoryTransferCreateAsReadyToShipInventoryTransferCreateAsReadyToShipInventoryTransfer"
    ] = Field(alias="inventoryTransfer")
    user_errors: list[
        "InventoryTransferCreateAsReadyToShipInventoryTransferCreateAsReadyToShipUserErrors"
    ] = Field(alias="userErrors")


InventoryTransferCreateAsReadyToShipInventoryTransferCreateAsReadyToShipInventoryTransfer = TransferHead


class InventoryTransferCreateAsReadyToShipInventoryTransferCreateAsReadyToShipUserErrors(
    BaseModel
):
    code: Optional[InventoryTransferCreateAsReadyToShipUserErrorCode]
    field: Optional[list[str]]
    message: str


InventoryTransferCreateAsReadyToShip.model_rebuild()
InventoryTransferCreateAsReadyToShipInventoryTransferCreateAsReadyToShip.model_rebuild()
