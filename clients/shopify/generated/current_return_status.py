from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import ReturnStatus


class CurrentReturnStatus(BaseModel):
    return_: Optional["CurrentReturnStatusReturn"] = Field(alias="return")


class CurrentReturnStatusReturn(BaseModel):
    id: str
    status: ReturnStatus
    order: "CurrentReturnStatusReturnOrder"


class CurrentReturnStatusReturnOrder(BaseModel):
    id: str


CurrentReturnStatus.model_rebuild()
CurrentReturnStatusReturn.model_rebuild()
