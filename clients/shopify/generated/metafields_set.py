from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import MetafieldsSetUserErrorCode


class MetafieldsSet(BaseModel):
    metafields_set: Optional["MetafieldsSetMetafieldsSet"] = Field(
        alias="metafieldsSet"
    )


class MetafieldsSetMetafieldsSet(BaseModel):
    metafields: Optional[list["MetafieldsSetMetafieldsSetMetafields"]]
    user_errors: list["MetafieldsSetMetafieldsSetUserErrors"] = Field(
        alias="userErrors"
    )


class MetafieldsSetMetafieldsSetMetafields(BaseModel):
    id: str
    namespace: str
    key: str
    value: str
    compare_digest: str = Field(alias="compareDigest")


class MetafieldsSetMetafieldsSetUserErrors(BaseModel):
    code: Optional[MetafieldsSetUserErrorCode]
    element_index: Optional[int] = Field(alias="elementIndex")
    field: Optional[list[str]]
    message: str


MetafieldsSet.model_rebuild()
MetafieldsSetMetafieldsSet.model_rebuild()
