from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import ReturnedGoods


class ReverseFulfillmentOrdersAfter(BaseModel):
    return_: Optional["ReverseFulfillmentOrdersAfterReturn"] = Field(alias="return")


class ReverseFulfillmentOrdersAfterReturn(BaseModel):
    id: str
    reverse_fulfillment_orders: "ReverseFulfillmentOrdersAfterReturnReverseFulfillmentOrders" = Field(
        alias="reverseFulfillmentOrders"
    )


class ReverseFulfillmentOrdersAfterReturnReverseFulfillmentOrders(BaseModel):
    page_info: "ReverseFulfillmentOrdersAfterReturnReverseFulfillmentOrdersPageInfo" = (
        Field(alias="pageInfo")
    )
    nodes: list["ReverseFulfillmentOrdersAfterReturnReverseFulfillmentOrdersNodes"]


class ReverseFulfillmentOrdersAfterReturnReverseFulfillmentOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


ReverseFulfillmentOrdersAfterReturnReverseFulfillmentOrdersNodes = ReturnedGoods
ReverseFulfillmentOrdersAfter.model_rebuild()
ReverseFulfillmentOrdersAfterReturn.model_rebuild()
ReverseFulfillmentOrdersAfterReturnReverseFulfillmentOrders.model_rebuild()
