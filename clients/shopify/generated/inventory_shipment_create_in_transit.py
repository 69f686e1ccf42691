from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    InventoryShipmentCreateInTransitUserErrorCode,
    InventoryShipmentStatus,
)


class InventoryShipmentCreateInTransit(BaseModel):
    inventory_shipment_create_in_transit: Optional[
        "InventoryShipmentCreateInTransitInventoryShipmentCreateInTransit"
    ] = Field(alias="inventoryShipmentCreateInTransit")


class InventoryShipmentCreateInTransitInventoryShipmentCreateInTransit(BaseModel):
    inventory_shipment: Optional[
        "InventoryShipmentCreateInTransitInventoryShipmentCreateInTransitInventoryShipment"
    ] = Field(alias="inventoryShipment")
    user_errors: list[
        "InventoryShipmentCreateInTransitInventoryShipmentCreateInTransitUserErrors"
    ] = Field(alias="userErrors")


class InventoryShipmentCreateInTransitInventoryShipmentCreateInTransitInventoryShipment(
    BaseModel
):
    id: str
    status: InventoryShipmentStatus


class InventoryShipmentCreateInTransitInventoryShipmentCreateInTransitUserErrors(
    BaseModel
):
    code: Optional[InventoryShipmentCreateInTransitUserErrorCode]
    field: Optional[list[str]]
    message: str


InventoryShipmentCreateInTransit.model_rebuild()
InventoryShipmentCreateInTransitInventoryShipmentCreateInTransit.model_rebuild()
