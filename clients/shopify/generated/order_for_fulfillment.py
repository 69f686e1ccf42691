from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    CurrencyCode,
    OrderDisplayFinancialStatus,
    OrderRiskRecommendationResult,
)
from .fragments import FulfillmentMade, FulfillmentOrderToShip, OrderedLine


class OrderForFulfillment(BaseModel):
    order: Optional["OrderForFulfillmentOrder"]


class OrderForFulfillmentOrder(BaseModel):
    id: str
    name: str
    currency_code: CurrencyCode = Field(alias="currencyCode")
    created_at: datetime = Field(alias="createdAt")
    updated_at: datetime = Field(alias="updatedAt")
    cancelled_at: Optional[datetime] = Field(alias="cancelledAt")
    closed: bool
    display_financial_status: Optional[OrderDisplayFinancialStatus] = Field(
        alias="displayFinancialStatus"
    )
    tags: list[str]
    customer: Optional["OrderForFulfillmentOrderCustomer"]
    risk: "OrderForFulfillmentOrderRisk"
    line_items: "OrderForFulfillmentOrderLineItems" = Field(alias="lineItems")
    fulfillment_orders: "OrderForFulfillmentOrderFulfillmentOrders" = Field(
        alias="fulfillmentOrders"
    )
    fulfillments_count: Optional["OrderForFulfillmentOrderFulfillmentsCount"] = Field(
        alias="fulfillmentsCount"
    )
    fulfillments: list["OrderForFulfillmentOrderFulfillments"]


class OrderForFulfillmentOrderCustomer(BaseModel):
    number_of_orders: int = Field(alias="numberOfOrders")


class OrderForFulfillmentOrderRisk(BaseModel):
    recommendation: OrderRiskRecommendationResult


class OrderForFulfillmentOrderLineItems(BaseModel):
    page_info: "OrderForFulfillmentOrderLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list["OrderForFulfillmentOrderLineItemsNodes"]


class OrderForFulfillmentOrderLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


OrderForFulfillmentOrderLineItemsNodes = OrderedLine


class OrderForFulfillmentOrderFulfillmentOrders(BaseModel):
    page_info: "OrderForFulfillmentOrderFulfillmentOrdersPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["OrderForFulfillmentOrderFulfillmentOrdersNodes"]


class OrderForFulfillmentOrderFulfillmentOrdersPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


OrderForFulfillmentOrderFulfillmentOrdersNodes = FulfillmentOrderToShip


class OrderForFulfillmentOrderFulfillmentsCount(BaseModel):
    count: int


OrderForFulfillmentOrderFulfillments = FulfillmentMade
OrderForFulfillment.model_rebuild()
OrderForFulfillmentOrder.model_rebuild()
OrderForFulfillmentOrderLineItems.model_rebuild()
OrderForFulfillmentOrderFulfillmentOrders.model_rebuild()
