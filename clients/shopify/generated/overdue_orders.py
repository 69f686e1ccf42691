from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import OrderDisplayFulfillmentStatus


class OverdueOrders(BaseModel):
    orders: "OverdueOrdersOrders"


class OverdueOrdersOrders(BaseModel):
    page_info: "OverdueOrdersOrdersPageInfo" = Field(alias="pageInfo")
    nodes: list["OverdueOrdersOrdersNodes"]


class OverdueOrdersOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class OverdueOrdersOrdersNodes(BaseModel):
    id: str
    name: str
    created_at: datetime = Field(alias="createdAt")
    updated_at: datetime = Field(alias="updatedAt")
    display_fulfillment_status: OrderDisplayFulfillmentStatus = Field(
        alias="displayFulfillmentStatus"
    )


OverdueOrders.model_rebuild()
OverdueOrdersOrders.model_rebuild()
