from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import DisputeStatus, DisputeType


class DisputesFound(BaseModel):
    disputes: "DisputesFoundDisputes"


class DisputesFoundDisputes(BaseModel):
    page_info: "DisputesFoundDisputesPageInfo" = Field(alias="pageInfo")
    nodes: list["DisputesFoundDisputesNodes"]


class DisputesFoundDisputesPageInfo(BaseModel):
    has_next_page: bool = Field(alias="hasNextPage")
    end_cursor: Optional[str] = Field(alias="endCursor")


class DisputesFoundDisputesNodes(BaseModel):
    id: str
    status: DisputeStatus
    type_: DisputeType = Field(alias="type")
    initiated_at: datetime = Field(alias="initiatedAt")
    evidence_due_by: Optional[datetime] = Field(alias="evidenceDueBy")
    order: Optional["DisputesFoundDisputesNodesOrder"]


class DisputesFoundDisputesNodesOrder(BaseModel):
    id: str


DisputesFound.model_rebuild()
DisputesFoundDisputes.model_rebuild()
DisputesFoundDisputesNodes.model_rebuild()
