from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import PlacedLine


class OrdersPlaced(BaseModel):
    orders: "OrdersPlacedOrders"


class OrdersPlacedOrders(BaseModel):
    page_info: "OrdersPlacedOrdersPageInfo" = Field(alias="pageInfo")
    nodes: list["OrdersPlacedOrdersNodes"]


class OrdersPlacedOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class OrdersPlacedOrdersNodes(BaseModel):
    id: str
    created_at: datetime = Field(alias="createdAt")
    cancelled_at: Optional[datetime] = Field(alias="cancelledAt")
    line_items: "OrdersPlacedOrdersNodesLineItems" = Field(alias="lineItems")


class OrdersPlacedOrdersNodesLineItems(BaseModel):
    page_info: "OrdersPlacedOrdersNodesLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["OrdersPlacedOrdersNodesLineItemsNodes"]


class OrdersPlacedOrdersNodesLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


OrdersPlacedOrdersNodesLineItemsNodes = PlacedLine
OrdersPlaced.model_rebuild()
OrdersPlacedOrders.model_rebuild()
OrdersPlacedOrdersNodes.model_rebuild()
OrdersPlacedOrdersNodesLineItems.model_rebuild()
