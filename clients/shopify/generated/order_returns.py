from datetime import datetime
from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import ReturnStatus


class OrderReturns(BaseModel):
    order: Optional["OrderReturnsOrder"]


class OrderReturnsOrder(BaseModel):
    id: str
    returns: "OrderReturnsOrderReturns"


class OrderReturnsOrderReturns(BaseModel):
    page_info: "OrderReturnsOrderReturnsPageInfo" = Field(alias="pageInfo")
    nodes: list["OrderReturnsOrderReturnsNodes"]


class OrderReturnsOrderReturnsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class OrderReturnsOrderReturnsNodes(BaseModel):
    id: str
    name: str
    status: ReturnStatus
    created_at: datetime = Field(alias="createdAt")
    return_line_items: "OrderReturnsOrderReturnsNodesReturnLineItems" = Field(
        alias="returnLineItems"
    )


class OrderReturnsOrderReturnsNodesReturnLineItems(BaseModel):
    page_info: "OrderReturnsOrderReturnsNodesReturnLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list[
        Annotated[
            Union[
                "OrderReturnsOrderReturnsNodesReturnLineItemsNodesReturnLineItemType",
                "OrderReturnsOrderReturnsNodesReturnLineItemsNodesReturnLineItem",
            ],
            Field(discriminator="typename__"),
        ]
    ]


class OrderReturnsOrderReturnsNodesReturnLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class OrderReturnsOrderReturnsNodesReturnLineItemsNodesReturnLineItemType(BaseModel):
    typename__: Literal["ReturnLineItemType", "UnverifiedReturnLineItem"] = Field(
        alias="__typename"
    )
    id: str
    quantity: int
    return_reason_note: str = Field(alias="returnReasonNote")


class OrderReturnsOrderReturnsNodesReturnLineItemsNodesReturnLineItem(BaseModel):
    typename__: Literal["ReturnLineItem"] = Field(alias="__typename")
    id: str
    quantity: int
    return_reason_note: str = Field(alias="returnReasonNote")
    fulfillment_line_item: "OrderReturnsOrderReturnsNodesReturnLineItemsNodesReturnLineItemFulfillmentLineItem" = Field(
        alias="fulfillmentLineItem"
    )


class OrderReturnsOrderReturnsNodesReturnLineItemsNodesReturnLineItemFulfillmentLineItem(
    BaseModel
):
    id: str


OrderReturns.model_rebuild()
OrderReturnsOrder.model_rebuild()
OrderReturnsOrderReturns.model_rebuild()
OrderReturnsOrderReturnsNodes.model_rebuild()
OrderReturnsOrderReturnsNodesReturnLineItems.model_rebuild()
OrderReturnsOrderReturnsNodesReturnLineItemsNodesReturnLineItem.model_rebuild()
