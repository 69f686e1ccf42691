from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import PromisedPieces


class OrderedSince(BaseModel):
    orders: "OrderedSinceOrders"


class OrderedSinceOrders(BaseModel):
    page_info: "OrderedSinceOrdersPageInfo" = Field(alias="pageInfo")
    nodes: list["OrderedSinceOrdersNodes"]


class OrderedSinceOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class OrderedSinceOrdersNodes(BaseModel):
    id: str
    created_at: datetime = Field(alias="createdAt")
    cancelled_at: Optional[datetime] = Field(alias="cancelledAt")
    fulfillment_orders: "OrderedSinceOrdersNodesFulfillmentOrders" = Field(
        alias="fulfillmentOrders"
    )


class OrderedSinceOrdersNodesFulfillmentOrders(BaseModel):
    page_info: "OrderedSinceOrdersNodesFulfillmentOrdersPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["OrderedSinceOrdersNodesFulfillmentOrdersNodes"]


class OrderedSinceOrdersNodesFulfillmentOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


OrderedSinceOrdersNodesFulfillmentOrdersNodes = PromisedPieces
OrderedSince.model_rebuild()
OrderedSinceOrders.model_rebuild()
OrderedSinceOrdersNodes.model_rebuild()
OrderedSinceOrdersNodesFulfillmentOrders.model_rebuild()
