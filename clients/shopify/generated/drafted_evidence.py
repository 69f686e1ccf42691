from datetime import datetime
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import DisputeStatus, DisputeType
from .fragments import EvidenceFile


class DraftedEvidence(BaseModel):
    dispute: Optional["DraftedEvidenceDispute"]


class DraftedEvidenceDispute(BaseModel):
    id: str
    status: DisputeStatus
    type_: DisputeType = Field(alias="type")
    evidence_due_by: Optional[datetime] = Field(alias="evidenceDueBy")
    evidence_sent_on: Optional[datetime] = Field(alias="evidenceSentOn")
    dispute_evidence: "DraftedEvidenceDisputeDisputeEvidence" = Field(
        alias="disputeEvidence"
    )


class DraftedEvidenceDisputeDisputeEvidence(BaseModel):
    id: str
    submitted: bool
    uncategorized_text: Optional[str] = Field(alias="uncategorizedText")
    access_activity_log: Optional[str] = Field(alias="accessActivityLog")
    cancellation_policy_disclosure: Optional[str] = Field(
        alias="cancellationPolicyDisclosure"
    )
    cancellation_rebuttal: Optional[str] = Field(alias="cancellationRebuttal")
    refund_policy_disclosure: Optional[str] = Field(alias="refundPolicyDisclosure")
    refund_refusal_explanation: Optional[str] = Field(alias="refundRefusalExplanation")
    customer_communication_file: Optional[
        "DraftedEvidenceDisputeDisputeEvidenceCustomerCommunicationFile"
    ] = Field(alias="customerCommunicationFile")
    refund_policy_file: Optional[
        "DraftedEvidenceDisputeDisputeEvidenceRefundPolicyFile"
    ] = Field(alias="refundPolicyFile")
    cancellation_policy_file: Optional[
        "DraftedEvidenceDisputeDisputeEvidenceCancellationPolicyFile"
    ] = Field(alias="cancellationPolicyFile")
    service_documentation_file: Optional[
        "DraftedEvidenceDisputeDisputeEvidenceServiceDocumentationFile"
    ] = Field(alias="serviceDocumentationFile")
    shipping_documentation_file: Optional[
        "DraftedEvidenceDisputeDisputeEvidenceShippingDocumentationFile"
    ] = Field(alias="shippingDocumentationFile")
    uncategorized_file: Optional[
        "DraftedEvidenceDisputeDisputeEvidenceUncategorizedFile"
    ] = Field(alias="uncategorizedFile")
    dispute_file_uploads: list[
        "DraftedEvidenceDisputeDisputeEvidenceDisputeFileUploads"
    ] = Field(alias="disputeFileUploads")


DraftedEvidenceDisputeDisputeEvidenceCustomerCommunicationFile = EvidenceFile
DraftedEvidenceDisputeDisputeEvidenceRefundPolicyFile = EvidenceFile
DraftedEvidenceDisputeDisputeEvidenceCancellationPolicyFile = EvidenceFile
DraftedEvidenceDisputeDisputeEvidenceServiceDocumentationFile = EvidenceFile
DraftedEvidenceDisputeDisputeEvidenceShippingDocumentationFile = EvidenceFile
DraftedEvidenceDisputeDisputeEvidenceUncategorizedFile = EvidenceFile
DraftedEvidenceDisputeDisputeEvidenceDisputeFileUploads = EvidenceFile
DraftedEvidence.model_rebuild()
DraftedEvidenceDispute.model_rebuild()
DraftedEvidenceDisputeDisputeEvidence.model_rebuild()
