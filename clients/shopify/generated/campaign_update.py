from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import MetaobjectUserErrorCode
from .fragments import CampaignMetaobject


class CampaignUpdate(BaseModel):
    metaobject_update: Optional["CampaignUpdateMetaobjectUpdate"] = Field(
        alias="metaobjectUpdate"
    )


class CampaignUpdateMetaobjectUpdate(BaseModel):
    metaobject: Optional["CampaignUpdateMetaobjectUpdateMetaobject"]
    user_errors: list["CampaignUpdateMetaobjectUpdateUserErrors"] = Field(
        alias="userErrors"
    )


CampaignUpdateMetaobjectUpdateMetaobject = CampaignMetaobject


class CampaignUpdateMetaobjectUpdateUserErrors(BaseModel):
    code: Optional[MetaobjectUserErrorCode]
    element_key: Optional[str] = Field(alias="elementKey")
    field: Optional[list[str]]
    message: str


CampaignUpdate.model_rebuild()
CampaignUpdateMetaobjectUpdate.model_rebuild()
