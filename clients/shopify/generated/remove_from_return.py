from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ReturnErrorCode, ReturnStatus


class RemoveFromReturn(BaseModel):
    remove_from_return: Optional["RemoveFromReturnRemoveFromReturn"] = Field(
        alias="removeFromReturn"
    )


class RemoveFromReturnRemoveFromReturn(BaseModel):
    return_: Optional["RemoveFromReturnRemoveFromReturnReturn"] = Field(alias="return")
    user_errors: list["RemoveFromReturnRemoveFromReturnUserErrors"] = Field(
        alias="userErrors"
    )


class RemoveFromReturnRemoveFromReturnReturn(BaseModel):
    id: str
    status: ReturnStatus
    total_quantity: int = Field(alias="totalQuantity")


class RemoveFromReturnRemoveFromReturnUserErrors(BaseModel):
    code: Optional[ReturnErrorCode]
    field: Optional[list[str]]
    message: str


RemoveFromReturn.model_rebuild()
RemoveFromReturnRemoveFromReturn.model_rebuild()
