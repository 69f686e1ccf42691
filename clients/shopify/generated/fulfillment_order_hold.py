from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import FulfillmentOrderHoldUserErrorCode, FulfillmentOrderStatus


class FulfillmentOrderHold(BaseModel):
    fulfillment_order_hold: Optional["FulfillmentOrderHoldFulfillmentOrderHold"] = (
        Field(alias="fulfillmentOrderHold")
    )


class FulfillmentOrderHoldFulfillmentOrderHold(BaseModel):
    fulfillment_hold: Optional[
        "FulfillmentOrderHoldFulfillmentOrderHoldFulfillmentHold"
    ] = Field(alias="fulfillmentHold")
    fulfillment_order: Optional[
        "FulfillmentOrderHoldFulfillmentOrderHoldFulfillmentOrder"
    ] = Field(alias="fulfillmentOrder")
    remaining_fulfillment_order: Optional[
        "FulfillmentOrderHoldFulfillmentOrderHoldRemainingFulfillmentOrder"
    ] = Field(alias="remainingFulfillmentOrder")
    user_errors: list["FulfillmentOrderHoldFulfillmentOrderHoldUserErrors"] = Field(
        alias="userErrors"
    )


class FulfillmentOrderHoldFulfillmentOrderHoldFulfillmentHold(BaseModel):
    id: str
    handle: Optional[str]


class FulfillmentOrderHoldFulfillmentOrderHoldFulfillmentOrder(BaseModel):
    id: str
    status: FulfillmentOrderStatus


class FulfillmentOrderHoldFulfillmentOrderHoldRemainingFulfillmentOrder(BaseModel):
    id: str
    status: FulfillmentOrderStatus


class FulfillmentOrderHoldFulfillmentOrderHoldUserErrors(BaseModel):
    code: Optional[FulfillmentOrderHoldUserErrorCode]
    field: Optional[list[str]]
    message: str


FulfillmentOrderHold.model_rebuild()
FulfillmentOrderHoldFulfillmentOrderHold.model_rebuild()
