from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import InventoryShipmentDeleteUserErrorCode


class InventoryShipmentDelete(BaseModel):
    inventory_shipment_delete: Optional[
        "InventoryShipmentDeleteInventoryShipmentDelete"
    ] = Field(alias="inventoryShipmentDelete")


class InventoryShipmentDeleteInventoryShipmentDelete(BaseModel):
    id: Optional[str]
    user_errors: list["InventoryShipmentDeleteInventoryShipmentDeleteUserErrors"] = (
        Field(alias="userErrors")
    )


class InventoryShipmentDeleteInventoryShipmentDeleteUserErrors(BaseModel):
    code: Optional[InventoryShipmentDeleteUserErrorCode]
    field: Optional[list[str]]
    message: str


InventoryShipmentDelete.model_rebuild()
InventoryShipmentDeleteInventoryShipmentDelete.model_rebuild()
