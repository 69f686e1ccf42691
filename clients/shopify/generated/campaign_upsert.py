from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import MetaobjectUserErrorCode
from .fragments import CampaignMetaobject


class CampaignUpsert(BaseModel):
    metaobject_upsert: Optional["CampaignUpsertMetaobjectUpsert"] = Field(
        alias="metaobjectUpsert"
    )


class CampaignUpsertMetaobjectUpsert(BaseModel):
    metaobject: Optional["CampaignUpsertMetaobjectUpsertMetaobject"]
    user_errors: list["CampaignUpsertMetaobjectUpsertUserErrors"] = Field(
        alias="userErrors"
    )


CampaignUpsertMetaobjectUpsertMetaobject = CampaignMetaobject


class CampaignUpsertMetaobjectUpsertUserErrors(BaseModel):
    code: Optional[MetaobjectUserErrorCode]
    element_key: Optional[str] = Field(alias="elementKey")
    field: Optional[list[str]]
    message: str


CampaignUpsert.model_rebuild()
CampaignUpsertMetaobjectUpsert.model_rebuild()
