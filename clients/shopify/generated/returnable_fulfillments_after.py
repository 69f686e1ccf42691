from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import ReturnableLines


class ReturnableFulfillmentsAfter(BaseModel):
    returnable_fulfillments: "ReturnableFulfillmentsAfterReturnableFulfillments" = (
        Field(alias="returnableFulfillments")
    )


class ReturnableFulfillmentsAfterReturnableFulfillments(BaseModel):
    page_info: "ReturnableFulfillmentsAfterReturnableFulfillmentsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["ReturnableFulfillmentsAfterReturnableFulfillmentsNodes"]


class ReturnableFulfillmentsAfterReturnableFulfillmentsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


ReturnableFulfillmentsAfterReturnableFulfillmentsNodes = ReturnableLines
ReturnableFulfillmentsAfter.model_rebuild()
ReturnableFulfillmentsAfterReturnableFulfillments.model_rebuild()
