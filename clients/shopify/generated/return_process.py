from typing import Literal, Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ReturnErrorCode, ReturnStatus
from .fragments import ReturnRefund


class ReturnProcess(BaseModel):
    return_process: Optional["ReturnProcessReturnProcess"] = Field(
        alias="returnProcess"
    )


class ReturnProcessReturnProcess(BaseModel):
    return_: Optional["ReturnProcessReturnProcessReturn"] = Field(alias="return")
    user_errors: list["ReturnProcessReturnProcessUserErrors"] = Field(
        alias="userErrors"
    )


class ReturnProcessReturnProcessReturn(BaseModel):
    id: str
    status: ReturnStatus
    return_line_items: "ReturnProcessReturnProcessReturnReturnLineItems" = Field(
        alias="returnLineItems"
    )
    refunds: "ReturnProcessReturnProcessReturnRefunds"


class ReturnProcessReturnProcessReturnReturnLineItems(BaseModel):
    page_info: "ReturnProcessReturnProcessReturnReturnLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["ReturnProcessReturnProcessReturnReturnLineItemsNodes"]


class ReturnProcessReturnProcessReturnReturnLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class ReturnProcessReturnProcessReturnReturnLineItemsNodes(BaseModel):
    typename__: Literal[
        "ReturnLineItem", "ReturnLineItemType", "UnverifiedReturnLineItem"
    ] = Field(alias="__typename")
    id: str
    quantity: int
    processable_quantity: int = Field(alias="processableQuantity")
    processed_quantity: int = Field(alias="processedQuantity")
    unprocessed_quantity: int = Field(alias="unprocessedQuantity")
    refundable_quantity: int = Field(alias="refundableQuantity")
    refunded_quantity: int = Field(alias="refundedQuantity")


class ReturnProcessReturnProcessReturnRefunds(BaseModel):
    page_info: "ReturnProcessReturnProcessReturnRefundsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["ReturnProcessReturnProcessReturnRefundsNodes"]


class ReturnProcessReturnProcessReturnRefundsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")


ReturnProcessReturnProcessReturnRefundsNodes = ReturnRefund


class ReturnProcessReturnProcessUserErrors(BaseModel):
    code: Optional[ReturnErrorCode]
    field: Optional[list[str]]
    message: str


ReturnProcess.model_rebuild()
ReturnProcessReturnProcess.model_rebuild()
ReturnProcessReturnProcessReturn.model_rebuild()
ReturnProcessReturnProcessReturnReturnLineItems.model_rebuild()
ReturnProcessReturnProcessReturnRefunds.model_rebuild()
