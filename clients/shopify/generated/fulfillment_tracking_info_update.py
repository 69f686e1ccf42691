from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import FulfillmentStatus


class FulfillmentTrackingInfoUpdate(BaseModel):
    fulfillment_tracking_info_update: Optional[
        "FulfillmentTrackingInfoUpdateFulfillmentTrackingInfoUpdate"
    ] = Field(alias="fulfillmentTrackingInfoUpdate")


class FulfillmentTrackingInfoUpdateFulfillmentTrackingInfoUpdate(BaseModel):
    fulfillment: Optional[
        "FulfillmentTrackingInfoUpdateFulfillmentTrackingInfoUpdateFulfillment"
    ]
    user_errors: list[
        "FulfillmentTrackingInfoUpdateFulfillmentTrackingInfoUpdateUserErrors"
    ] = Field(alias="userErrors")


class FulfillmentTrackingInfoUpdateFulfillmentTrackingInfoUpdateFulfillment(BaseModel):
    id: str
    status: FulfillmentStatus


class FulfillmentTrackingInfoUpdateFulfillmentTrackingInfoUpdateUserErrors(BaseModel):
    field: Optional[list[str]]
    message: str


FulfillmentTrackingInfoUpdate.model_rebuild()
FulfillmentTrackingInfoUpdateFulfillmentTrackingInfoUpdate.model_rebuild()
