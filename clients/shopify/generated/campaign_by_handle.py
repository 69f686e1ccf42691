from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .fragments import CampaignMetaobject


class CampaignByHandle(BaseModel):
    metaobject_by_handle: Optional["CampaignByHandleMetaobjectByHandle"] = Field(
        alias="metaobjectByHandle"
    )


CampaignByHandleMetaobjectByHandle = CampaignMetaobject
CampaignByHandle.model_rebuild()
