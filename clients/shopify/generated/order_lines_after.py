from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import ClaimedOrderLine


class OrderLinesAfter(BaseModel):
    order: Optional["OrderLinesAfterOrder"]


class OrderLinesAfterOrder(BaseModel):
    id: str
    line_items: "OrderLinesAfterOrderLineItems" = Field(alias="lineItems")


class OrderLinesAfterOrderLineItems(BaseModel):
    page_info: "OrderLinesAfterOrderLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["OrderLinesAfterOrderLineItemsNodes"]


class OrderLinesAfterOrderLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


OrderLinesAfterOrderLineItemsNodes = ClaimedOrderLine
OrderLinesAfter.model_rebuild()
OrderLinesAfterOrder.model_rebuild()
OrderLinesAfterOrderLineItems.model_rebuild()
