from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel


class CampaignsUpdatedSince(BaseModel):
    metaobjects: "CampaignsUpdatedSinceMetaobjects"


class CampaignsUpdatedSinceMetaobjects(BaseModel):
    page_info: "CampaignsUpdatedSinceMetaobjectsPageInfo" = Field(alias="pageInfo")
    nodes: list["CampaignsUpdatedSinceMetaobjectsNodes"]


class CampaignsUpdatedSinceMetaobjectsPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class CampaignsUpdatedSinceMetaobjectsNodes(BaseModel):
    id: str
    handle: str
    updated_at: datetime = Field(alias="updatedAt")


CampaignsUpdatedSince.model_rebuild()
CampaignsUpdatedSinceMetaobjects.model_rebuild()
