from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import MetaobjectUserErrorCode
from .fragments import MetaobjectDefinitionFields


class MetaobjectDefinitionCreate(BaseModel):
    metaobject_definition_create: Optional[
        "MetaobjectDefinitionCreateMetaobjectDefinitionCreate"
    ] = Field(alias="metaobjectDefinitionCreate")


class MetaobjectDefinitionCreateMetaobjectDefinitionCreate(BaseModel):
    metaobject_definition: Optional[
        "MetaobjectDefinitionCreateMetaobjectDefinitionCreateMetaobjectDefinition"
    ] = Field(alias="metaobjectDefinition")
    user_errors: list[
        "MetaobjectDefinitionCreateMetaobjectDefinitionCreateUserErrors"
    ] = Field(alias="userErrors")


MetaobjectDefinitionCreateMetaobjectDefinitionCreateMetaobjectDefinition = (
    MetaobjectDefinitionFields
)


class MetaobjectDefinitionCreateMetaobjectDefinitionCreateUserErrors(BaseModel):
    code: Optional[MetaobjectUserErrorCode]
    element_key: Optional[str] = Field(alias="elementKey")
    field: Optional[list[str]]
    message: str


MetaobjectDefinitionCreate.model_rebuild()
MetaobjectDefinitionCreateMetaobjectDefinitionCreate.model_rebuild()
