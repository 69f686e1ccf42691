from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    FulfillmentHoldReason,
    FulfillmentOrderRequestStatus,
    FulfillmentOrderStatus,
)


class FulfillmentOrdersUpdatedSince(BaseModel):
    fulfillment_orders: "FulfillmentOrdersUpdatedSinceFulfillmentOrders" = Field(
        alias="fulfillmentOrders"
    )


class FulfillmentOrdersUpdatedSinceFulfillmentOrders(BaseModel):
    page_info: "FulfillmentOrdersUpdatedSinceFulfillmentOrdersPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["FulfillmentOrdersUpdatedSinceFulfillmentOrdersNodes"]


class FulfillmentOrdersUpdatedSinceFulfillmentOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class FulfillmentOrdersUpdatedSinceFulfillmentOrdersNodes(BaseModel):
    id: str
    order_id: str = Field(alias="orderId")
    status: FulfillmentOrderStatus
    request_status: FulfillmentOrderRequestStatus = Field(alias="requestStatus")
    updated_at: datetime = Field(alias="updatedAt")
    fulfillment_holds: list[
        "FulfillmentOrdersUpdatedSinceFulfillmentOrdersNodesFulfillmentHolds"
    ] = Field(alias="fulfillmentHolds")


class FulfillmentOrdersUpdatedSinceFulfillmentOrdersNodesFulfillmentHolds(BaseModel):
    reason: FulfillmentHoldReason
    held_by_requesting_app: bool = Field(alias="heldByRequestingApp")


FulfillmentOrdersUpdatedSince.model_rebuild()
FulfillmentOrdersUpdatedSinceFulfillmentOrders.model_rebuild()
FulfillmentOrdersUpdatedSinceFulfillmentOrdersNodes.model_rebuild()
