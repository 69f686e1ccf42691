from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import LineToShip


class LinesToShipAfter(BaseModel):
    fulfillment_order: Optional["LinesToShipAfterFulfillmentOrder"] = Field(
        alias="fulfillmentOrder"
    )


class LinesToShipAfterFulfillmentOrder(BaseModel):
    id: str
    line_items: "LinesToShipAfterFulfillmentOrderLineItems" = Field(alias="lineItems")


class LinesToShipAfterFulfillmentOrderLineItems(BaseModel):
    page_info: "LinesToShipAfterFulfillmentOrderLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["LinesToShipAfterFulfillmentOrderLineItemsNodes"]


class LinesToShipAfterFulfillmentOrderLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


LinesToShipAfterFulfillmentOrderLineItemsNodes = LineToShip
LinesToShipAfter.model_rebuild()
LinesToShipAfterFulfillmentOrder.model_rebuild()
LinesToShipAfterFulfillmentOrderLineItems.model_rebuild()
