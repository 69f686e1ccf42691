from datetime import datetime
from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import ReturnDeclineReason, ReturnStatus
from .fragments import (  # noqa: F401
    ClaimedReturnLine,
    ClaimedReturnLineFulfillmentLineItem,
    ClaimedReturnLineReturnReasonDefinition,
    ClaimedReturnLineWithCodeDiscountedTotalPriceSet,
    ReturnedGoods,
    ReturnRefund,
    ShippedFrom,
    ShippedFromLocation,
    ShippedFromService,
    UnverifiedReturnLine,
    UnverifiedReturnLineReturnReasonDefinition,
)


class ReturnForClaim(BaseModel):
    return_: Optional["ReturnForClaimReturn"] = Field(alias="return")


class ReturnForClaimReturn(BaseModel):
    id: str
    name: str
    status: ReturnStatus
    created_at: datetime = Field(alias="createdAt")
    closed_at: Optional[datetime] = Field(alias="closedAt")
    request_approved_at: Optional[datetime] = Field(alias="requestApprovedAt")
    total_quantity: int = Field(alias="totalQuantity")
    decline: Optional["ReturnForClaimReturnDecline"]
    order: "ReturnForClaimReturnOrder"
    return_line_items: "ReturnForClaimReturnReturnLineItems" = Field(
        alias="returnLineItems"
    )
    exchange_line_items: "ReturnForClaimReturnExchangeLineItems" = Field(
        alias="exchangeLineItems"
    )
    reverse_fulfillment_orders: "ReturnForClaimReturnReverseFulfillmentOrders" = Field(
        alias="reverseFulfillmentOrders"
    )
    refunds: "ReturnForClaimReturnRefunds"


class ReturnForClaimReturnDecline(BaseModel):
    reason: ReturnDeclineReason
    note: Optional[str]


class ReturnForClaimReturnOrder(BaseModel):
    id: str
    name: str
    fulfillments_count: Optional["ReturnForClaimReturnOrderFulfillmentsCount"] = Field(
        alias="fulfillmentsCount"
    )
    fulfillments: list["ReturnForClaimReturnOrderFulfillments"]


class ReturnForClaimReturnOrderFulfillmentsCount(BaseModel):
    count: int


class ReturnForClaimReturnOrderFulfillments(ShippedFrom):
    fulfillment_line_items: "ReturnForClaimReturnOrderFulfillmentsFulfillmentLineItems" = Field(
        alias="fulfillmentLineItems"
    )


class ReturnForClaimReturnOrderFulfillmentsFulfillmentLineItems(BaseModel):
    page_info: "ReturnForClaimReturnOrderFulfillmentsFulfillmentLineItemsPageInfo" = (
        Field(alias="pageInfo")
    )
    nodes: list["ReturnForClaimReturnOrderFulfillmentsFulfillmentLineItemsNodes"]


class ReturnForClaimReturnOrderFulfillmentsFulfillmentLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")


class ReturnForClaimReturnOrderFulfillmentsFulfillmentLineItemsNodes(BaseModel):
    id: str


class ReturnForClaimReturnReturnLineItems(BaseModel):
    page_info: "ReturnForClaimReturnReturnLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list[
        Annotated[
            Union[
                "ReturnForClaimReturnReturnLineItemsNodesReturnLineItemType",
                "ReturnForClaimReturnReturnLineItemsNodesReturnLineItem",
                "ReturnForClaimReturnReturnLineItemsNodesUnverifiedReturnLineItem",
            ],
            Field(discriminator="typename__"),
        ]
    ]


class ReturnForClaimReturnReturnLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class ReturnForClaimReturnReturnLineItemsNodesReturnLineItemType(BaseModel):
    typename__: Literal["ReturnLineItemType"] = Field(alias="__typename")


class ReturnForClaimReturnReturnLineItemsNodesReturnLineItem(ClaimedReturnLine):
    typename__: Literal["ReturnLineItem"] = Field(alias="__typename")


class ReturnForClaimReturnReturnLineItemsNodesUnverifiedReturnLineItem(
    UnverifiedReturnLine
):
    typename__: Literal["UnverifiedReturnLineItem"] = Field(alias="__typename")


class ReturnForClaimReturnExchangeLineItems(BaseModel):
    page_info: "ReturnForClaimReturnExchangeLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["ReturnForClaimReturnExchangeLineItemsNodes"]


class ReturnForClaimReturnExchangeLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")


class ReturnForClaimReturnExchangeLineItemsNodes(BaseModel):
    id: str
    quantity: int
    processable_quantity: int = Field(alias="processableQuantity")


class ReturnForClaimReturnReverseFulfillmentOrders(BaseModel):
    page_info: "ReturnForClaimReturnReverseFulfillmentOrdersPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["ReturnForClaimReturnReverseFulfillmentOrdersNodes"]


class ReturnForClaimReturnReverseFulfillmentOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


ReturnForClaimReturnReverseFulfillmentOrdersNodes = ReturnedGoods


class ReturnForClaimReturnRefunds(BaseModel):
    page_info: "ReturnForClaimReturnRefundsPageInfo" = Field(alias="pageInfo")
    nodes: list["ReturnForClaimReturnRefundsNodes"]


class ReturnForClaimReturnRefundsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")


ReturnForClaimReturnRefundsNodes = ReturnRefund
ReturnForClaim.model_rebuild()
ReturnForClaimReturn.model_rebuild()
ReturnForClaimReturnOrder.model_rebuild()
ReturnForClaimReturnOrderFulfillments.model_rebuild()
ReturnForClaimReturnOrderFulfillmentsFulfillmentLineItems.model_rebuild()
ReturnForClaimReturnReturnLineItems.model_rebuild()
ReturnForClaimReturnExchangeLineItems.model_rebuild()
ReturnForClaimReturnReverseFulfillmentOrders.model_rebuild()
ReturnForClaimReturnRefunds.model_rebuild()
