from typing import Annotated, Literal, Optional, Union

from pydantic import Field

from .base_model import BaseModel
from .fragments import (  # noqa: F401
    ClaimedReturnLine,
    ClaimedReturnLineFulfillmentLineItem,
    ClaimedReturnLineReturnReasonDefinition,
    ClaimedReturnLineWithCodeDiscountedTotalPriceSet,
    UnverifiedReturnLine,
    UnverifiedReturnLineReturnReasonDefinition,
)


class ReturnLinesAfter(BaseModel):
    return_: Optional["ReturnLinesAfterReturn"] = Field(alias="return")


class ReturnLinesAfterReturn(BaseModel):
    id: str
    return_line_items: "ReturnLinesAfterReturnReturnLineItems" = Field(
        alias="returnLineItems"
    )


class ReturnLinesAfterReturnReturnLineItems(BaseModel):
    page_info: "ReturnLinesAfterReturnReturnLineItemsPageInfo" = Field(alias="pageInfo")
    nodes: list[
        Annotated[
            Union[
                "ReturnLinesAfterReturnReturnLineItemsNodesReturnLineItemType",
                "ReturnLinesAfterReturnReturnLineItemsNodesReturnLineItem",
                "ReturnLinesAfterReturnReturnLineItemsNodesUnverifiedReturnLineItem",
            ],
            Field(discriminator="typename__"),
        ]
    ]


class ReturnLinesAfterReturnReturnLineItemsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class ReturnLinesAfterReturnReturnLineItemsNodesReturnLineItemType(BaseModel):
    typename__: Literal["ReturnLineItemType"] = Field(alias="__typename")


class ReturnLinesAfterReturnReturnLineItemsNodesReturnLineItem(ClaimedReturnLine):
    typename__: Literal["ReturnLineItem"] = Field(alias="__typename")


class ReturnLinesAfterReturnReturnLineItemsNodesUnverifiedReturnLineItem(
    UnverifiedReturnLine
):
    typename__: Literal["UnverifiedReturnLineItem"] = Field(alias="__typename")


ReturnLinesAfter.model_rebuild()
ReturnLinesAfterReturn.model_rebuild()
ReturnLinesAfterReturnReturnLineItems.model_rebuild()
