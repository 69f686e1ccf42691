from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    OrderDisplayFinancialStatus,
    OrderDisplayFulfillmentStatus,
    OrderRiskRecommendationResult,
)


class OrderSummary(BaseModel):
    order: Optional["OrderSummaryOrder"]


class OrderSummaryOrder(BaseModel):
    id: str
    name: str
    created_at: datetime = Field(alias="createdAt")
    updated_at: datetime = Field(alias="updatedAt")
    cancelled_at: Optional[datetime] = Field(alias="cancelledAt")
    closed: bool
    display_financial_status: Optional[OrderDisplayFinancialStatus] = Field(
        alias="displayFinancialStatus"
    )
    display_fulfillment_status: OrderDisplayFulfillmentStatus = Field(
        alias="displayFulfillmentStatus"
    )
    tags: list[str]
    risk: "OrderSummaryOrderRisk"


class OrderSummaryOrderRisk(BaseModel):
    recommendation: OrderRiskRecommendationResult


OrderSummary.model_rebuild()
OrderSummaryOrder.model_rebuild()
