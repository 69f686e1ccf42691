from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ReturnDeclineReason, ReturnErrorCode, ReturnStatus


class ReturnDeclineRequest(BaseModel):
    return_decline_request: Optional["ReturnDeclineRequestReturnDeclineRequest"] = (
        Field(alias="returnDeclineRequest")
    )


class ReturnDeclineRequestReturnDeclineRequest(BaseModel):
    return_: Optional["ReturnDeclineRequestReturnDeclineRequestReturn"] = Field(
        alias="return"
    )
    user_errors: list["ReturnDeclineRequestReturnDeclineRequestUserErrors"] = Field(
        alias="userErrors"
    )


class ReturnDeclineRequestReturnDeclineRequestReturn(BaseModel):
    id: str
    status: ReturnStatus
    decline: Optional["ReturnDeclineRequestReturnDeclineRequestReturnDecline"]


class ReturnDeclineRequestReturnDeclineRequestReturnDecline(BaseModel):
    reason: ReturnDeclineReason
    note: Optional[str]


class ReturnDeclineRequestReturnDeclineRequestUserErrors(BaseModel):
    code: Optional[ReturnErrorCode]
    field: Optional[list[str]]
    message: str


ReturnDeclineRequest.model_rebuild()
ReturnDeclineRequestReturnDeclineRequest.model_rebuild()
ReturnDeclineRequestReturnDeclineRequestReturn.model_rebuild()
