from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import ReturnedGoodsLine


class ReturnedGoodsAfter(BaseModel):
    reverse_fulfillment_order: Optional["ReturnedGoodsAfterReverseFulfillmentOrder"] = (
        Field(alias="reverseFulfillmentOrder")
    )


class ReturnedGoodsAfterReverseFulfillmentOrder(BaseModel):
    id: str
    line_items: "ReturnedGoodsAfterReverseFulfillmentOrderLineItems" = Field(
        alias="lineItems"
    )


class ReturnedGoodsAfterReverseFulfillmentOrderLineItems(BaseModel):
    page_info: "ReturnedGoodsAfterReverseFulfillmentOrderLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["ReturnedGoodsAfterReverseFulfillmentOrderLineItemsNodes"]


class ReturnedGoodsAfterReverseFulfillmentOrderLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


ReturnedGoodsAfterReverseFulfillmentOrderLineItemsNodes = ReturnedGoodsLine
ReturnedGoodsAfter.model_rebuild()
ReturnedGoodsAfterReverseFulfillmentOrder.model_rebuild()
ReturnedGoodsAfterReverseFulfillmentOrderLineItems.model_rebuild()
