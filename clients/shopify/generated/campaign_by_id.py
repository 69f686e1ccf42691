from typing import Optional

from .base_model import BaseModel
from .fragments import CampaignMetaobject


class CampaignById(BaseModel):
    metaobject: Optional["CampaignByIdMetaobject"]


CampaignByIdMetaobject = CampaignMetaobject
CampaignById.model_rebuild()
