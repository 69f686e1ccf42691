from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import LineShipped


class LinesShippedAfter(BaseModel):
    fulfillment: Optional["LinesShippedAfterFulfillment"]


class LinesShippedAfterFulfillment(BaseModel):
    id: str
    fulfillment_line_items: "LinesShippedAfterFulfillmentFulfillmentLineItems" = Field(
        alias="fulfillmentLineItems"
    )


class LinesShippedAfterFulfillmentFulfillmentLineItems(BaseModel):
    page_info: "LinesShippedAfterFulfillmentFulfillmentLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["LinesShippedAfterFulfillmentFulfillmentLineItemsNodes"]


class LinesShippedAfterFulfillmentFulfillmentLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


LinesShippedAfterFulfillmentFulfillmentLineItemsNodes = LineShipped
LinesShippedAfter.model_rebuild()
LinesShippedAfterFulfillment.model_rebuild()
LinesShippedAfterFulfillmentFulfillmentLineItems.model_rebuild()
