from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    FulfillmentHoldReason,
    FulfillmentOrderRequestStatus,
    FulfillmentOrderStatus,
)


class FulfillmentOrderOrder(BaseModel):
    fulfillment_order: Optional["FulfillmentOrderOrderFulfillmentOrder"] = Field(
        alias="fulfillmentOrder"
    )


class FulfillmentOrderOrderFulfillmentOrder(BaseModel):
    id: str
    order_id: str = Field(alias="orderId")
    order_name: str = Field(alias="orderName")
    status: FulfillmentOrderStatus
    request_status: FulfillmentOrderRequestStatus = Field(alias="requestStatus")
    updated_at: datetime = Field(alias="updatedAt")
    fulfillment_holds: list["FulfillmentOrderOrderFulfillmentOrderFulfillmentHolds"] = (
        Field(alias="fulfillmentHolds")
    )


class FulfillmentOrderOrderFulfillmentOrderFulfillmentHolds(BaseModel):
    reason: FulfillmentHoldReason
    held_by_requesting_app: bool = Field(alias="heldByRequestingApp")


FulfillmentOrderOrder.model_rebuild()
FulfillmentOrderOrderFulfillmentOrder.model_rebuild()
