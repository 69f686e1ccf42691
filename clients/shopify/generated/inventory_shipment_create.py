from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import InventoryShipmentCreateUserErrorCode, InventoryShipmentStatus


class InventoryShipmentCreate(BaseModel):
    inventory_shipment_create: Optional[
        "InventoryShipmentCreateInventoryShipmentCreate"
    ] = Field(alias="inventoryShipmentCreate")


class InventoryShipmentCreateInventoryShipmentCreate(BaseModel):
    inventory_shipment: Optional[
        "InventoryShipmentCreateInventoryShipmentCreateInventoryShipment"
    ] = Field(alias="inventoryShipment")
    user_errors: list["InventoryShipmentCreateInventoryShipmentCreateUserErrors"] = (
        Field(alias="userErrors")
    )


class InventoryShipmentCreateInventoryShipmentCreateInventoryShipment(BaseModel):
    id: str
    status: InventoryShipmentStatus


class InventoryShipmentCreateInventoryShipmentCreateUserErrors(BaseModel):
    code: Optional[InventoryShipmentCreateUserErrorCode]
    field: Optional[list[str]]
    message: str


InventoryShipmentCreate.model_rebuild()
InventoryShipmentCreateInventoryShipmentCreate.model_rebuild()
