from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import OrderDisplayFinancialStatus, OrderDisplayFulfillmentStatus


class OrdersUpdatedSince(BaseModel):
    orders: "OrdersUpdatedSinceOrders"


class OrdersUpdatedSinceOrders(BaseModel):
    page_info: "OrdersUpdatedSinceOrdersPageInfo" = Field(alias="pageInfo")
    nodes: list["OrdersUpdatedSinceOrdersNodes"]


class OrdersUpdatedSinceOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class OrdersUpdatedSinceOrdersNodes(BaseModel):
    id: str
    name: str
    created_at: datetime = Field(alias="createdAt")
    updated_at: datetime = Field(alias="updatedAt")
    cancelled_at: Optional[datetime] = Field(alias="cancelledAt")
    display_financial_status: Optional[OrderDisplayFinancialStatus] = Field(
        alias="displayFinancialStatus"
    )
    display_fulfillment_status: OrderDisplayFulfillmentStatus = Field(
        alias="displayFulfillmentStatus"
    )


OrdersUpdatedSince.model_rebuild()
OrdersUpdatedSinceOrders.model_rebuild()
