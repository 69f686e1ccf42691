from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import ShopAmount, SuggestedTransaction


class OrderSuggestedRefund(BaseModel):
    order: Optional["OrderSuggestedRefundOrder"]


class OrderSuggestedRefundOrder(BaseModel):
    id: str
    suggested_refund: Optional["OrderSuggestedRefundOrderSuggestedRefund"] = Field(
        alias="suggestedRefund"
    )


class OrderSuggestedRefundOrderSuggestedRefund(BaseModel):
    amount_set: "OrderSuggestedRefundOrderSuggestedRefundAmountSet" = Field(
        alias="amountSet"
    )
    discounted_subtotal_set: "OrderSuggestedRefundOrderSuggestedRefundDiscountedSubtotalSet" = Field(
        alias="discountedSubtotalSet"
    )
    maximum_refundable_set: "OrderSuggestedRefundOrderSuggestedRefundMaximumRefundableSet" = Field(
        alias="maximumRefundableSet"
    )
    total_tax_set: "OrderSuggestedRefundOrderSuggestedRefundTotalTaxSet" = Field(
        alias="totalTaxSet"
    )
    shipping: "OrderSuggestedRefundOrderSuggestedRefundShipping"
    suggested_transactions: list[
        "OrderSuggestedRefundOrderSuggestedRefundSuggestedTransactions"
    ] = Field(alias="suggestedTransactions")


OrderSuggestedRefundOrderSuggestedRefundAmountSet = ShopAmount
OrderSuggestedRefundOrderSuggestedRefundDiscountedSubtotalSet = ShopAmount
OrderSuggestedRefundOrderSuggestedRefundMaximumRefundableSet = ShopAmount
OrderSuggestedRefundOrderSuggestedRefundTotalTaxSet = ShopAmount


class OrderSuggestedRefundOrderSuggestedRefundShipping(BaseModel):
    amount_set: "OrderSuggestedRefundOrderSuggestedRefundShippingAmountSet" = Field(
        alias="amountSet"
    )
    maximum_refundable_set: "OrderSuggestedRefundOrderSuggestedRefundShippingMaximumRefundableSet" = Field(
        alias="maximumRefundableSet"
    )


OrderSuggestedRefundOrderSuggestedRefundShippingAmountSet = ShopAmount
OrderSuggestedRefundOrderSuggestedRefundShippingMaximumRefundableSet = ShopAmount
OrderSuggestedRefundOrderSuggestedRefundSuggestedTransactions = SuggestedTransaction
OrderSuggestedRefund.model_rebuild()
OrderSuggestedRefundOrder.model_rebuild()
OrderSuggestedRefundOrderSuggestedRefund.model_rebuild()
OrderSuggestedRefundOrderSuggestedRefundShipping.model_rebuild()
