from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import FulfillmentStatus


class FulfillmentCreate(BaseModel):
    fulfillment_create: Optional["FulfillmentCreateFulfillmentCreate"] = Field(
        alias="fulfillmentCreate"
    )


class FulfillmentCreateFulfillmentCreate(BaseModel):
    fulfillment: Optional["FulfillmentCreateFulfillmentCreateFulfillment"]
    user_errors: list["FulfillmentCreateFulfillmentCreateUserErrors"] = Field(
        alias="userErrors"
    )


class FulfillmentCreateFulfillmentCreateFulfillment(BaseModel):
    id: str
    status: FulfillmentStatus


class FulfillmentCreateFulfillmentCreateUserErrors(BaseModel):
    field: Optional[list[str]]
    message: str


FulfillmentCreate.model_rebuild()
FulfillmentCreateFulfillmentCreate.model_rebuild()
