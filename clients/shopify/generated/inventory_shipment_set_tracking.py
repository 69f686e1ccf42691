from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import InventoryShipmentSetTrackingUserErrorCode


class InventoryShipmentSetTracking(BaseModel):
    inventory_shipment_set_tracking: Optional[
        "InventoryShipmentSetTrackingInventoryShipmentSetTracking"
    ] = Field(alias="inventoryShipmentSetTracking")


class InventoryShipmentSetTrackingInventoryShipmentSetTracking(BaseModel):
    inventory_shipment: Optional[
        "InventoryShipmentSetTrackingInventoryShipmentSetTrackingInventoryShipment"
    ] = Field(alias="inventoryShipment")
    user_errors: list[
        "InventoryShipmentSetTrackingInventoryShipmentSetTrackingUserErrors"
    ] = Field(alias="userErrors")


class InventoryShipmentSetTrackingInventoryShipmentSetTrackingInventoryShipment(
    BaseModel
):
    id: str
    tracking: Optional[
        "InventoryShipmentSetTrackingInventoryShipmentSetTrackingInventoryShipmentTracking"
    ]


class InventoryShipmentSetTrackingInventoryShipmentSetTrackingInventoryShipmentTracking(
    BaseModel
):
    arrives_at: Optional[datetime] = Field(alias="arrivesAt")


class InventoryShipmentSetTrackingInventoryShipmentSetTrackingUserErrors(BaseModel):
    code: Optional[InventoryShipmentSetTrackingUserErrorCode]
    field: Optional[list[str]]
    message: str


InventoryShipmentSetTracking.model_rebuild()
InventoryShipmentSetTrackingInventoryShipmentSetTracking.model_rebuild()
InventoryShipmentSetTrackingInventoryShipmentSetTrackingInventoryShipment.model_rebuild()
