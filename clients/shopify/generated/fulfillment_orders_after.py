from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import FulfillmentOrderToShip


class FulfillmentOrdersAfter(BaseModel):
    order: Optional["FulfillmentOrdersAfterOrder"]


class FulfillmentOrdersAfterOrder(BaseModel):
    id: str
    fulfillment_orders: "FulfillmentOrdersAfterOrderFulfillmentOrders" = Field(
        alias="fulfillmentOrders"
    )


class FulfillmentOrdersAfterOrderFulfillmentOrders(BaseModel):
    page_info: "FulfillmentOrdersAfterOrderFulfillmentOrdersPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["FulfillmentOrdersAfterOrderFulfillmentOrdersNodes"]


class FulfillmentOrdersAfterOrderFulfillmentOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


FulfillmentOrdersAfterOrderFulfillmentOrdersNodes = FulfillmentOrderToShip
FulfillmentOrdersAfter.model_rebuild()
FulfillmentOrdersAfterOrder.model_rebuild()
FulfillmentOrdersAfterOrderFulfillmentOrders.model_rebuild()
