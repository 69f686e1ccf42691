from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .enums import ReturnErrorCode, ReturnStatus


class ReturnCreate(BaseModel):
    return_create: Optional["ReturnCreateReturnCreate"] = Field(alias="returnCreate")


class ReturnCreateReturnCreate(BaseModel):
    return_: Optional["ReturnCreateReturnCreateReturn"] = Field(alias="return")
    user_errors: list["ReturnCreateReturnCreateUserErrors"] = Field(alias="userErrors")


class ReturnCreateReturnCreateReturn(BaseModel):
    id: str
    name: str
    status: ReturnStatus
    return_line_items: "ReturnCreateReturnCreateReturnReturnLineItems" = Field(
        alias="returnLineItems"
    )


class ReturnCreateReturnCreateReturnReturnLineItems(BaseModel):
    page_info: "ReturnCreateReturnCreateReturnReturnLineItemsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list[
        Annotated[
            Union[
                "ReturnCreateReturnCreateReturnReturnLineItemsNodesReturnLineItemType",
                "ReturnCreateReturnCreateReturnReturnLineItemsNodesReturnLineItem",
            ],
            Field(discriminator="typename__"),
        ]
    ]


class ReturnCreateReturnCreateReturnReturnLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class ReturnCreateReturnCreateReturnReturnLineItemsNodesReturnLineItemType(BaseModel):
    typename__: Literal["ReturnLineItemType", "UnverifiedReturnLineItem"] = Field(
        alias="__typename"
    )
    id: str
    quantity: int


class ReturnCreateReturnCreateReturnReturnLineItemsNodesReturnLineItem(BaseModel):
    typename__: Literal["ReturnLineItem"] = Field(alias="__typename")
    id: str
    quantity: int
    fulfillment_line_item: "ReturnCreateReturnCreateReturnReturnLineItemsNodesReturnLineItemFulfillmentLineItem" = Field(
        alias="fulfillmentLineItem"
    )


class ReturnCreateReturnCreateReturnReturnLineItemsNodesReturnLineItemFulfillmentLineItem(
    BaseModel
):
    id: str


class ReturnCreateReturnCreateUserErrors(BaseModel):
    code: Optional[ReturnErrorCode]
    field: Optional[list[str]]
    message: str


ReturnCreate.model_rebuild()
ReturnCreateReturnCreate.model_rebuild()
ReturnCreateReturnCreateReturn.model_rebuild()
ReturnCreateReturnCreateReturnReturnLineItems.model_rebuild()
ReturnCreateReturnCreateReturnReturnLineItemsNodesReturnLineItem.model_rebuild()
