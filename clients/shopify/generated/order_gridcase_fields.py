from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class OrderGridcaseFields(BaseModel):
    order: Optional["OrderGridcaseFieldsOrder"]


class OrderGridcaseFieldsOrder(BaseModel):
    id: str
    name: str
    tags: list[str]
    metafields: "OrderGridcaseFieldsOrderMetafields"


class OrderGridcaseFieldsOrderMetafields(BaseModel):
    page_info: "OrderGridcaseFieldsOrderMetafieldsPageInfo" = Field(alias="pageInfo")
    nodes: list["OrderGridcaseFieldsOrderMetafieldsNodes"]


class OrderGridcaseFieldsOrderMetafieldsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")


class OrderGridcaseFieldsOrderMetafieldsNodes(BaseModel):
    id: str
    namespace: str
    key: str
    type_: str = Field(alias="type")
    value: str
    compare_digest: str = Field(alias="compareDigest")
    updated_at: datetime = Field(alias="updatedAt")


OrderGridcaseFields.model_rebuild()
OrderGridcaseFieldsOrder.model_rebuild()
OrderGridcaseFieldsOrderMetafields.model_rebuild()
