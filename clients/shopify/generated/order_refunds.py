from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import ShopAmount


class OrderRefunds(BaseModel):
    order: Optional["OrderRefundsOrder"]


class OrderRefundsOrder(BaseModel):
    id: str
    refunds: list["OrderRefundsOrderRefunds"]


class OrderRefundsOrderRefunds(BaseModel):
    id: str
    created_at: Optional[datetime] = Field(alias="createdAt")
    note: Optional[str]
    return_: Optional["OrderRefundsOrderRefundsReturn"] = Field(alias="return")
    total_refunded_set: "OrderRefundsOrderRefundsTotalRefundedSet" = Field(
        alias="totalRefundedSet"
    )


class OrderRefundsOrderRefundsReturn(BaseModel):
    id: str


OrderRefundsOrderRefundsTotalRefundedSet = ShopAmount
OrderRefunds.model_rebuild()
OrderRefundsOrder.model_rebuild()
OrderRefundsOrderRefunds.model_rebuild()
