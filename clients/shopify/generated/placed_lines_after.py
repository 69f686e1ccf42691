from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import PlacedLine


class PlacedLinesAfter(BaseModel):
    order: Optional["PlacedLinesAfterOrder"]


class PlacedLinesAfterOrder(BaseModel):
    id: str
    line_items: "PlacedLinesAfterOrderLineItems" = Field(alias="lineItems")


class PlacedLinesAfterOrderLineItems(BaseModel):
    page_info: "PlacedLinesAfterOrderLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["PlacedLinesAfterOrderLineItemsNodes"]


class PlacedLinesAfterOrderLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


PlacedLinesAfterOrderLineItemsNodes = PlacedLine
PlacedLinesAfter.model_rebuild()
PlacedLinesAfterOrder.model_rebuild()
PlacedLinesAfterOrderLineItems.model_rebuild()
