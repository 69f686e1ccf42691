from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import MetafieldDefinitionFields


class MetafieldDefinitions(BaseModel):
    metafield_definitions: "MetafieldDefinitionsMetafieldDefinitions" = Field(
        alias="metafieldDefinitions"
    )


class MetafieldDefinitionsMetafieldDefinitions(BaseModel):
    page_info: "MetafieldDefinitionsMetafieldDefinitionsPageInfo" = Field(
        alias="pageInfo"
    )
    nodes: list["MetafieldDefinitionsMetafieldDefinitionsNodes"]


class MetafieldDefinitionsMetafieldDefinitionsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


MetafieldDefinitionsMetafieldDefinitionsNodes = MetafieldDefinitionFields
MetafieldDefinitions.model_rebuild()
MetafieldDefinitionsMetafieldDefinitions.model_rebuild()
