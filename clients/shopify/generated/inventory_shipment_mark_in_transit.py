from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import InventoryShipmentMarkInTransitUserErrorCode, InventoryShipmentStatus


class InventoryShipmentMarkInTransit(BaseModel):
    inventory_shipment_mark_in_transit: Optional[
        "InventoryShipmentMarkInTransitInventoryShipmentMarkInTransit"
    ] = Field(alias="inventoryShipmentMarkInTransit")


class InventoryShipmentMarkInTransitInventoryShipmentMarkInTransit(BaseModel):
    inventory_shipment: Optional[
        "InventoryShipmentMarkInTransitInventoryShipmentMarkInTransitInventoryShipment"
    ] = Field(alias="inventoryShipment")
    user_errors: list[
        "InventoryShipmentMarkInTransitInventoryShipmentMarkInTransitUserErrors"
    ] = Field(alias="userErrors")


class InventoryShipmentMarkInTransitInventoryShipmentMarkInTransitInventoryShipment(
    BaseModel
):
    id: str
    status: InventoryShipmentStatus


class InventoryShipmentMarkInTransitInventoryShipmentMarkInTransitUserErrors(BaseModel):
    code: Optional[InventoryShipmentMarkInTransitUserErrorCode]
    field: Optional[list[str]]
    message: str


InventoryShipmentMarkInTransit.model_rebuild()
InventoryShipmentMarkInTransitInventoryShipmentMarkInTransit.model_rebuild()
