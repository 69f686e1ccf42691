from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class ReturnReasonDefinitions(BaseModel):
    return_reason_definitions: "ReturnReasonDefinitionsReturnReasonDefinitions" = Field(
        alias="returnReasonDefinitions"
    )


class ReturnReasonDefinitionsReturnReasonDefinitions(BaseModel):
    page_info: "ReturnReasonDefinitionsReturnReasonDefinitionsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["ReturnReasonDefinitionsReturnReasonDefinitionsNodes"]


class ReturnReasonDefinitionsReturnReasonDefinitionsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class ReturnReasonDefinitionsReturnReasonDefinitionsNodes(BaseModel):
    id: str
    handle: str
    name: str
    deleted: bool


ReturnReasonDefinitions.model_rebuild()
ReturnReasonDefinitionsReturnReasonDefinitions.model_rebuild()
