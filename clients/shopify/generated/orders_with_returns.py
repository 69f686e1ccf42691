from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ReturnStatus


class OrdersWithReturns(BaseModel):
    orders: "OrdersWithReturnsOrders"


class OrdersWithReturnsOrders(BaseModel):
    page_info: "OrdersWithReturnsOrdersPageInfo" = Field(alias="pageInfo")
    nodes: list["OrdersWithReturnsOrdersNodes"]


class OrdersWithReturnsOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class OrdersWithReturnsOrdersNodes(BaseModel):
    id: str
    name: str
    updated_at: datetime = Field(alias="updatedAt")
    returns: "OrdersWithReturnsOrdersNodesReturns"


class OrdersWithReturnsOrdersNodesReturns(BaseModel):
    page_info: "OrdersWithReturnsOrdersNodesReturnsPageInfo" = Field(alias="pageInfo")
    nodes: list["OrdersWithReturnsOrdersNodesReturnsNodes"]


class OrdersWithReturnsOrdersNodesReturnsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class OrdersWithReturnsOrdersNodesReturnsNodes(BaseModel):
    id: str
    status: ReturnStatus
    created_at: datetime = Field(alias="createdAt")


OrdersWithReturns.model_rebuild()
OrdersWithReturnsOrders.model_rebuild()
OrdersWithReturnsOrdersNodes.model_rebuild()
OrdersWithReturnsOrdersNodesReturns.model_rebuild()
