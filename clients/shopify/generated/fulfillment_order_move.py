from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    FulfillmentOrderMoveFulfillmentOrderMoveUserErrorCode,
    FulfillmentOrderStatus,
)


class FulfillmentOrderMove(BaseModel):
    fulfillment_order_move: Optional["FulfillmentOrderMoveFulfillmentOrderMove"] = (
        Field(alias="fulfillmentOrderMove")
    )


class FulfillmentOrderMoveFulfillmentOrderMove(BaseModel):
    moved_fulfillment_order: Optional[
        "FulfillmentOrderMoveFulfillmentOrderMoveMovedFulfillmentOrder"
    ] = Field(alias="movedFulfillmentOrder")
    remaining_fulfillment_order: Optional[
        "FulfillmentOrderMoveFulfillmentOrderMoveRemainingFulfillmentOrder"
    ] = Field(alias="remainingFulfillmentOrder")
    user_errors: list["FulfillmentOrderMoveFulfillmentOrderMoveUserErrors"] = Field(
        alias="userErrors"
    )


class FulfillmentOrderMoveFulfillmentOrderMoveMovedFulfillmentOrder(BaseModel):
    id: str
    status: FulfillmentOrderStatus


class FulfillmentOrderMoveFulfillmentOrderMoveRemainingFulfillmentOrder(BaseModel):
    id: str
    status: FulfillmentOrderStatus


class FulfillmentOrderMoveFulfillmentOrderMoveUserErrors(BaseModel):
    code: Optional[FulfillmentOrderMoveFulfillmentOrderMoveUserErrorCode]
    field: Optional[list[str]]
    message: str


FulfillmentOrderMove.model_rebuild()
FulfillmentOrderMoveFulfillmentOrderMove.model_rebuild()
