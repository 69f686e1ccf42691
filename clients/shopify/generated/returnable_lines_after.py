from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import ReturnableLine


class ReturnableLinesAfter(BaseModel):
    returnable_fulfillment: Optional["ReturnableLinesAfterReturnableFulfillment"] = (
        Field(alias="returnableFulfillment")
    )


class ReturnableLinesAfterReturnableFulfillment(BaseModel):
    id: str
    returnable_fulfillment_line_items: "ReturnableLinesAfterReturnableFulfillmentReturnableFulfillmentLineItems" = Field(
        alias="returnableFulfillmentLineItems"
    )


class ReturnableLinesAfterReturnableFulfillmentReturnableFulfillmentLineItems(
    BaseModel
):
    page_info: "ReturnableLinesAfterReturnableFulfillmentReturnableFulfillmentLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list[
        "ReturnableLinesAfterReturnableFulfillmentReturnableFulfillmentLineItemsNodes"
    ]


class ReturnableLinesAfterReturnableFulfillmentReturnableFulfillmentLineItemsPageInfo(
    BaseModel
):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


ReturnableLinesAfterReturnableFulfillmentReturnableFulfillmentLineItemsNodes = (
    ReturnableLine
)
ReturnableLinesAfter.model_rebuild()
ReturnableLinesAfterReturnableFulfillment.model_rebuild()
ReturnableLinesAfterReturnableFulfillmentReturnableFulfillmentLineItems.model_rebuild()
