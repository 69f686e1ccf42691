from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import ShopAmount, SuggestedTransaction


class ReturnSuggestedOutcome(BaseModel):
    return_: Optional["ReturnSuggestedOutcomeReturn"] = Field(alias="return")


class ReturnSuggestedOutcomeReturn(BaseModel):
    id: str
    suggested_financial_outcome: Optional[
        "ReturnSuggestedOutcomeReturnSuggestedFinancialOutcome"
    ] = Field(alias="suggestedFinancialOutcome")


class ReturnSuggestedOutcomeReturnSuggestedFinancialOutcome(BaseModel):
    discounted_subtotal: "ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeDiscountedSubtotal" = Field(
        alias="discountedSubtotal"
    )
    maximum_refundable: "ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeMaximumRefundable" = Field(
        alias="maximumRefundable"
    )
    total_tax: "ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeTotalTax" = Field(
        alias="totalTax"
    )
    shipping: "ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeShipping"
    financial_transfer: Optional[
        Annotated[
            Union[
                "ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferInvoiceReturnOutcome",
                "ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferRefundReturnOutcome",
            ],
            Field(discriminator="typename__"),
        ]
    ] = Field(alias="financialTransfer")


ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeDiscountedSubtotal = ShopAmount
ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeMaximumRefundable = ShopAmount
ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeTotalTax = ShopAmount


class ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeShipping(BaseModel):
    amount_set: "ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeShippingAmountSet" = Field(
        alias="amountSet"
    )
    maximum_refundable_set: "ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeShippingMaximumRefundableSet" = Field(
        alias="maximumRefundableSet"
    )


ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeShippingAmountSet = ShopAmount
ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeShippingMaximumRefundableSet = (
    ShopAmount
)


class ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferInvoiceReturnOutcome(
    BaseModel
):
    typename__: Literal["InvoiceReturnOutcome"] = Field(alias="__typename")
    amount: "ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferInvoiceReturnOutcomeAmount"


ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferInvoiceReturnOutcomeAmount = ShopAmount


class ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferRefundReturnOutcome(
    BaseModel
):
    typename__: Literal["RefundReturnOutcome"] = Field(alias="__typename")
    amount: "ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferRefundReturnOutcomeAmount"
    suggested_transactions: list[
        "ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferRefundReturnOutcomeSuggestedTransactions"
    ] = Field(alias="suggestedTransactions")


ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferRefundReturnOutcomeAmount = ShopAmount
ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferRefundReturnOutcomeSuggestedTransactions = SuggestedTransaction
ReturnSuggestedOutcome.model_rebuild()
ReturnSuggestedOutcomeReturn.model_rebuild()
ReturnSuggestedOutcomeReturnSuggestedFinancialOutcome.model_rebuild()
ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeShipping.model_rebuild()
ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferInvoiceReturnOutcome.model_rebuild()
ReturnSuggestedOutcomeReturnSuggestedFinancialOutcomeFinancialTransferRefundReturnOutcome.model_rebuild()
