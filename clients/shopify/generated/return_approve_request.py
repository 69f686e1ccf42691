from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ReturnErrorCode, ReturnStatus


class ReturnApproveRequest(BaseModel):
    return_approve_request: Optional["ReturnApproveRequestReturnApproveRequest"] = (
        Field(alias="returnApproveRequest")
    )


class ReturnApproveRequestReturnApproveRequest(BaseModel):
    return_: Optional["ReturnApproveRequestReturnApproveRequestReturn"] = Field(
        alias="return"
    )
    user_errors: list["ReturnApproveRequestReturnApproveRequestUserErrors"] = Field(
        alias="userErrors"
    )


class ReturnApproveRequestReturnApproveRequestReturn(BaseModel):
    id: str
    status: ReturnStatus


class ReturnApproveRequestReturnApproveRequestUserErrors(BaseModel):
    code: Optional[ReturnErrorCode]
    field: Optional[list[str]]
    message: str


ReturnApproveRequest.model_rebuild()
ReturnApproveRequestReturnApproveRequest.model_rebuild()
