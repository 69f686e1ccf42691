from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import DisputeEvidenceUpdateUserErrorCode
from .fragments import EvidenceFile


class DisputeEvidenceUpdate(BaseModel):
    dispute_evidence_update: Optional["DisputeEvidenceUpdateDisputeEvidenceUpdate"] = (
        Field(alias="disputeEvidenceUpdate")
    )


class DisputeEvidenceUpdateDisputeEvidenceUpdate(BaseModel):
    dispute_evidence: Optional[
        "DisputeEvidenceUpdateDisputeEvidenceUpdateDisputeEvidence"
    ] = Field(alias="disputeEvidence")
    user_errors: list["DisputeEvidenceUpdateDisputeEvidenceUpdateUserErrors"] = Field(
        alias="userErrors"
    )


class DisputeEvidenceUpdateDisputeEvidenceUpdateDisputeEvidence(BaseModel):
    id: str
    submitted: bool
    dispute_file_uploads: list[
        "DisputeEvidenceUpdateDisputeEvidenceUpdateDisputeEvidenceDisputeFileUploads"
    ] = Field(alias="disputeFileUploads")


DisputeEvidenceUpdateDisputeEvidenceUpdateDisputeEvidenceDisputeFileUploads = (
    EvidenceFile
)


class DisputeEvidenceUpdateDisputeEvidenceUpdateUserErrors(BaseModel):
    code: Optional[DisputeEvidenceUpdateUserErrorCode]
    field: Optional[list[str]]
    message: str


DisputeEvidenceUpdate.model_rebuild()
DisputeEvidenceUpdateDisputeEvidenceUpdate.model_rebuild()
DisputeEvidenceUpdateDisputeEvidenceUpdateDisputeEvidence.model_rebuild()
