from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import FulfillmentOrderReleaseHoldUserErrorCode, FulfillmentOrderStatus


class FulfillmentOrderReleaseHold(BaseModel):
    fulfillment_order_release_hold: Optional[
        "FulfillmentOrderReleaseHoldFulfillmentOrderReleaseHold"
    ] = Field(alias="fulfillmentOrderReleaseHold")


class FulfillmentOrderReleaseHoldFulfillmentOrderReleaseHold(BaseModel):
    fulfillment_order: Optional[
        "FulfillmentOrderReleaseHoldFulfillmentOrderReleaseHoldFulfillmentOrder"
    ] = Field(alias="fulfillmentOrder")
    user_errors: list[
        "FulfillmentOrderReleaseHoldFulfillmentOrderReleaseHoldUserErrors"
    ] = Field(alias="userErrors")


class FulfillmentOrderReleaseHoldFulfillmentOrderReleaseHoldFulfillmentOrder(BaseModel):
    id: str
    status: FulfillmentOrderStatus


class FulfillmentOrderReleaseHoldFulfillmentOrderReleaseHoldUserErrors(BaseModel):
    code: Optional[FulfillmentOrderReleaseHoldUserErrorCode]
    field: Optional[list[str]]
    message: str


FulfillmentOrderReleaseHold.model_rebuild()
FulfillmentOrderReleaseHoldFulfillmentOrderReleaseHold.model_rebuild()
