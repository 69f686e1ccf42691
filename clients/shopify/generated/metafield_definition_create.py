from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import MetafieldDefinitionCreateUserErrorCode
from .fragments import MetafieldDefinitionFields


class MetafieldDefinitionCreate(BaseModel):
    metafield_definition_create: Optional[
        "MetafieldDefinitionCreateMetafieldDefinitionCreate"
    ] = Field(alias="metafieldDefinitionCreate")


class MetafieldDefinitionCreateMetafieldDefinitionCreate(BaseModel):
    created_definition: Optional[
        "MetafieldDefinitionCreateMetafieldDefinitionCreateCreatedDefinition"
    ] = Field(alias="createdDefinition")
    user_errors: list[
        "MetafieldDefinitionCreateMetafieldDefinitionCreateUserErrors"
    ] = Field(alias="userErrors")


MetafieldDefinitionCreateMetafieldDefinitionCreateCreatedDefinition = (
    MetafieldDefinitionFields
)


class MetafieldDefinitionCreateMetafieldDefinitionCreateUserErrors(BaseModel):
    code: Optional[MetafieldDefinitionCreateUserErrorCode]
    field: Optional[list[str]]
    message: str


MetafieldDefinitionCreate.model_rebuild()
MetafieldDefinitionCreateMetafieldDefinitionCreate.model_rebuild()
