from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import PromisedLine


class PromisedLinesAfter(BaseModel):
    fulfillment_order: Optional["PromisedLinesAfterFulfillmentOrder"] = Field(
        alias="fulfillmentOrder"
    )


class PromisedLinesAfterFulfillmentOrder(BaseModel):
    line_items: "PromisedLinesAfterFulfillmentOrderLineItems" = Field(alias="lineItems")


class PromisedLinesAfterFulfillmentOrderLineItems(BaseModel):
    page_info: "PromisedLinesAfterFulfillmentOrderLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["PromisedLinesAfterFulfillmentOrderLineItemsNodes"]


class PromisedLinesAfterFulfillmentOrderLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


PromisedLinesAfterFulfillmentOrderLineItemsNodes = PromisedLine
PromisedLinesAfter.model_rebuild()
PromisedLinesAfterFulfillmentOrder.model_rebuild()
PromisedLinesAfterFulfillmentOrderLineItems.model_rebuild()
