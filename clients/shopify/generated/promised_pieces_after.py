from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import PromisedPieces


class PromisedPiecesAfter(BaseModel):
    order: Optional["PromisedPiecesAfterOrder"]


class PromisedPiecesAfterOrder(BaseModel):
    fulfillment_orders: "PromisedPiecesAfterOrderFulfillmentOrders" = Field(
        alias="fulfillmentOrders"
    )


class PromisedPiecesAfterOrderFulfillmentOrders(BaseModel):
    page_info: "PromisedPiecesAfterOrderFulfillmentOrdersPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["PromisedPiecesAfterOrderFulfillmentOrdersNodes"]


class PromisedPiecesAfterOrderFulfillmentOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


PromisedPiecesAfterOrderFulfillmentOrdersNodes = PromisedPieces
PromisedPiecesAfter.model_rebuild()
PromisedPiecesAfterOrder.model_rebuild()
PromisedPiecesAfterOrderFulfillmentOrders.model_rebuild()
