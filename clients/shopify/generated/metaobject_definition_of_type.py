from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import MetaobjectDefinitionFields


class MetaobjectDefinitionOfType(BaseModel):
    metaobject_definition_by_type: Optional[
        "MetaobjectDefinitionOfTypeMetaobjectDefinitionByType"
    ] = Field(alias="metaobjectDefinitionByType")


MetaobjectDefinitionOfTypeMetaobjectDefinitionByType = MetaobjectDefinitionFields
MetaobjectDefinitionOfType.model_rebuild()
