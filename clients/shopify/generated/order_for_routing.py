from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    FulfillmentOrderStatus,
    FulfillmentServiceType,
    OrderDisplayFulfillmentStatus,
)


class OrderForRouting(BaseModel):
    order: Optional["OrderForRoutingOrder"]


class OrderForRoutingOrder(BaseModel):
    id: str
    name: str
    cancelled_at: Optional[datetime] = Field(alias="cancelledAt")
    display_fulfillment_status: OrderDisplayFulfillmentStatus = Field(
        alias="displayFulfillmentStatus"
    )
    line_items: "OrderForRoutingOrderLineItems" = Field(alias="lineItems")
    fulfillment_orders: "OrderForRoutingOrderFulfillmentOrders" = Field(
        alias="fulfillmentOrders"
    )


class OrderForRoutingOrderLineItems(BaseModel):
    page_info: "OrderForRoutingOrderLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["OrderForRoutingOrderLineItemsNodes"]


class OrderForRoutingOrderLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class OrderForRoutingOrderLineItemsNodes(BaseModel):
    id: str
    sku: Optional[str]
    vendor: Optional[str]
    name: str
    quantity: int
    current_quantity: int = Field(alias="currentQuantity")


class OrderForRoutingOrderFulfillmentOrders(BaseModel):
    page_info: "OrderForRoutingOrderFulfillmentOrdersPageInfo" = Field(alias="pageInfo")
    nodes: list["OrderForRoutingOrderFulfillmentOrdersNodes"]


class OrderForRoutingOrderFulfillmentOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class OrderForRoutingOrderFulfillmentOrdersNodes(BaseModel):
    id: str
    status: FulfillmentOrderStatus
    assigned_location: "OrderForRoutingOrderFulfillmentOrdersNodesAssignedLocation" = (
        Field(alias="assignedLocation")
    )
    line_items: "OrderForRoutingOrderFulfillmentOrdersNodesLineItems" = Field(
        alias="lineItems"
    )


class OrderForRoutingOrderFulfillmentOrdersNodesAssignedLocation(BaseModel):
    name: str
    location: Optional[
        "OrderForRoutingOrderFulfillmentOrdersNodesAssignedLocationLocation"
    ]


class OrderForRoutingOrderFulfillmentOrdersNodesAssignedLocationLocation(BaseModel):
    id: str
    fulfillment_service: Optional[
        "OrderForRoutingOrderFulfillmentOrdersNodesAssignedLocationLocationFulfillmentService"
    ] = Field(alias="fulfillmentService")


class OrderForRoutingOrderFulfillmentOrdersNodesAssignedLocationLocationFulfillmentService(
    BaseModel
):
    id: str
    handle: str
    service_name: str = Field(alias="serviceName")
    type_: FulfillmentServiceType = Field(alias="type")


class OrderForRoutingOrderFulfillmentOrdersNodesLineItems(BaseModel):
    page_info: "OrderForRoutingOrderFulfillmentOrdersNodesLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["OrderForRoutingOrderFulfillmentOrdersNodesLineItemsNodes"]


class OrderForRoutingOrderFulfillmentOrdersNodesLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class OrderForRoutingOrderFulfillmentOrdersNodesLineItemsNodes(BaseModel):
    id: str
    sku: Optional[str]
    vendor: Optional[str]
    total_quantity: int = Field(alias="totalQuantity")
    remaining_quantity: int = Field(alias="remainingQuantity")
    line_item: "OrderForRoutingOrderFulfillmentOrdersNodesLineItemsNodesLineItem" = (
        Field(alias="lineItem")
    )


class OrderForRoutingOrderFulfillmentOrdersNodesLineItemsNodesLineItem(BaseModel):
    id: str


OrderForRouting.model_rebuild()
OrderForRoutingOrder.model_rebuild()
OrderForRoutingOrderLineItems.model_rebuild()
OrderForRoutingOrderFulfillmentOrders.model_rebuild()
OrderForRoutingOrderFulfillmentOrdersNodes.model_rebuild()
OrderForRoutingOrderFulfillmentOrdersNodesAssignedLocation.model_rebuild()
OrderForRoutingOrderFulfillmentOrdersNodesAssignedLocationLocation.model_rebuild()
OrderForRoutingOrderFulfillmentOrdersNodesLineItems.model_rebuild()
OrderForRoutingOrderFulfillmentOrdersNodesLineItemsNodes.model_rebuild()
