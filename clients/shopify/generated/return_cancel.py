from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ReturnErrorCode, ReturnStatus


class ReturnCancel(BaseModel):
    return_cancel: Optional["ReturnCancelReturnCancel"] = Field(alias="returnCancel")


class ReturnCancelReturnCancel(BaseModel):
    return_: Optional["ReturnCancelReturnCancelReturn"] = Field(alias="return")
    user_errors: list["ReturnCancelReturnCancelUserErrors"] = Field(alias="userErrors")


class ReturnCancelReturnCancelReturn(BaseModel):
    id: str
    status: ReturnStatus


class ReturnCancelReturnCancelUserErrors(BaseModel):
    code: Optional[ReturnErrorCode]
    field: Optional[list[str]]
    message: str


ReturnCancel.model_rebuild()
ReturnCancelReturnCancel.model_rebuild()
