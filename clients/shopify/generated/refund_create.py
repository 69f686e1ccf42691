from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import ShopAmount


class RefundCreate(BaseModel):
    refund_create: Optional["RefundCreateRefundCreate"] = Field(alias="refundCreate")


class RefundCreateRefundCreate(BaseModel):
    refund: Optional["RefundCreateRefundCreateRefund"]
    user_errors: list["RefundCreateRefundCreateUserErrors"] = Field(alias="userErrors")


class RefundCreateRefundCreateRefund(BaseModel):
    id: str
    created_at: Optional[datetime] = Field(alias="createdAt")
    note: Optional[str]
    total_refunded_set: "RefundCreateRefundCreateRefundTotalRefundedSet" = Field(
        alias="totalRefundedSet"
    )


RefundCreateRefundCreateRefundTotalRefundedSet = ShopAmount


class RefundCreateRefundCreateUserErrors(BaseModel):
    field: Optional[list[str]]
    message: str


RefundCreate.model_rebuild()
RefundCreateRefundCreate.model_rebuild()
RefundCreateRefundCreateRefund.model_rebuild()
