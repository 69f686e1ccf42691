from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import OrderDisplayFulfillmentStatus
from .fragments import (  # noqa: F401
    ClaimedOrderLine,
    ReturnableLines,
    ShippedFrom,
    ShippedFromLocation,
    ShippedFromService,
)


class OrderForClaim(BaseModel):
    order: Optional["OrderForClaimOrder"]
    returnable_fulfillments: "OrderForClaimReturnableFulfillments" = Field(
        alias="returnableFulfillments"
    )


class OrderForClaimOrder(BaseModel):
    id: str
    name: str
    cancelled_at: Optional[datetime] = Field(alias="cancelledAt")
    display_fulfillment_status: OrderDisplayFulfillmentStatus = Field(
        alias="displayFulfillmentStatus"
    )
    fulfillments_count: Optional["OrderForClaimOrderFulfillmentsCount"] = Field(
        alias="fulfillmentsCount"
    )
    fulfillments: list["OrderForClaimOrderFulfillments"]
    line_items: "OrderForClaimOrderLineItems" = Field(alias="lineItems")


class OrderForClaimOrderFulfillmentsCount(BaseModel):
    count: int


class OrderForClaimOrderFulfillments(ShippedFrom):
    fulfillment_line_items: "OrderForClaimOrderFulfillmentsFulfillmentLineItems" = (
        Field(alias="fulfillmentLineItems")
    )


class OrderForClaimOrderFulfillmentsFulfillmentLineItems(BaseModel):
    page_info: "OrderForClaimOrderFulfillmentsFulfillmentLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["OrderForClaimOrderFulfillmentsFulfillmentLineItemsNodes"]


class OrderForClaimOrderFulfillmentsFulfillmentLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")


class OrderForClaimOrderFulfillmentsFulfillmentLineItemsNodes(BaseModel):
    id: str
    quantity: Optional[int]
    line_item: "OrderForClaimOrderFulfillmentsFulfillmentLineItemsNodesLineItem" = (
        Field(alias="lineItem")
    )


class OrderForClaimOrderFulfillmentsFulfillmentLineItemsNodesLineItem(BaseModel):
    id: str


class OrderForClaimOrderLineItems(BaseModel):
    page_info: "OrderForClaimOrderLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["OrderForClaimOrderLineItemsNodes"]


class OrderForClaimOrderLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


OrderForClaimOrderLineItemsNodes = ClaimedOrderLine


class OrderForClaimReturnableFulfillments(BaseModel):
    page_info: "OrderForClaimReturnableFulfillmentsPageInfo" = Field(alias="pageInfo")
    nodes: list["OrderForClaimReturnableFulfillmentsNodes"]


class OrderForClaimReturnableFulfillmentsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


OrderForClaimReturnableFulfillmentsNodes = ReturnableLines
OrderForClaim.model_rebuild()
OrderForClaimOrder.model_rebuild()
OrderForClaimOrderFulfillments.model_rebuild()
OrderForClaimOrderFulfillmentsFulfillmentLineItems.model_rebuild()
OrderForClaimOrderFulfillmentsFulfillmentLineItemsNodes.model_rebuild()
OrderForClaimOrderLineItems.model_rebuild()
OrderForClaimReturnableFulfillments.model_rebuild()
