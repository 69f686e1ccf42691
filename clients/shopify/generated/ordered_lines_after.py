from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import OrderedLine


class OrderedLinesAfter(BaseModel):
    order: Optional["OrderedLinesAfterOrder"]


class OrderedLinesAfterOrder(BaseModel):
    id: str
    line_items: "OrderedLinesAfterOrderLineItems" = Field(alias="lineItems")


class OrderedLinesAfterOrderLineItems(BaseModel):
    page_info: "OrderedLinesAfterOrderLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["OrderedLinesAfterOrderLineItemsNodes"]


class OrderedLinesAfterOrderLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


OrderedLinesAfterOrderLineItemsNodes = OrderedLine
OrderedLinesAfter.model_rebuild()
OrderedLinesAfterOrder.model_rebuild()
OrderedLinesAfterOrderLineItems.model_rebuild()
