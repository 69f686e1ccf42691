from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ReturnErrorCode, ReturnStatus


class ReturnClose(BaseModel):
    return_close: Optional["ReturnCloseReturnClose"] = Field(alias="returnClose")


class ReturnCloseReturnClose(BaseModel):
    return_: Optional["ReturnCloseReturnCloseReturn"] = Field(alias="return")
    user_errors: list["ReturnCloseReturnCloseUserErrors"] = Field(alias="userErrors")


class ReturnCloseReturnCloseReturn(BaseModel):
    id: str
    status: ReturnStatus
    closed_at: Optional[datetime] = Field(alias="closedAt")


class ReturnCloseReturnCloseUserErrors(BaseModel):
    code: Optional[ReturnErrorCode]
    field: Optional[list[str]]
    message: str


ReturnClose.model_rebuild()
ReturnCloseReturnClose.model_rebuild()
