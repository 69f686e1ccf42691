from datetime import date, datetime
from decimal import Decimal
from typing import Optional

from pydantic import Field

from .base_model import BaseModel
from .enums import (
    CurrencyCode,
    DisputeStatus,
    DisputeType,
    ShopifyPaymentsDisputeReason,
)


class DisputeForCase(BaseModel):
    dispute: Optional["DisputeForCaseDispute"]


class DisputeForCaseDispute(BaseModel):
    id: str
    status: DisputeStatus
    type_: DisputeType = Field(alias="type")
    initiated_at: datetime = Field(alias="initiatedAt")
    evidence_due_by: Optional[datetime] = Field(alias="evidenceDueBy")
    evidence_sent_on: Optional[datetime] = Field(alias="evidenceSentOn")
    finalized_on: Optional[datetime] = Field(alias="finalizedOn")
    amount: "DisputeForCaseDisputeAmount"
    reason_details: "DisputeForCaseDisputeReasonDetails" = Field(alias="reasonDetails")
    order: Optional["DisputeForCaseDisputeOrder"]
    dispute_evidence: "DisputeForCaseDisputeDisputeEvidence" = Field(
        alias="disputeEvidence"
    )


class DisputeForCaseDisputeAmount(BaseModel):
    amount: Decimal
    currency_code: CurrencyCode = Field(alias="currencyCode")


class DisputeForCaseDisputeReasonDetails(BaseModel):
    reason: ShopifyPaymentsDisputeReason
    network_reason_code: Optional[str] = Field(alias="networkReasonCode")


class DisputeForCaseDisputeOrder(BaseModel):
    id: str
    name: str


class DisputeForCaseDisputeDisputeEvidence(BaseModel):
    id: str
    submitted: bool
    fulfillments: list["DisputeForCaseDisputeDisputeEvidenceFulfillments"]


class DisputeForCaseDisputeDisputeEvidenceFulfillments(BaseModel):
    shipping_carrier: Optional[str] = Field(alias="shippingCarrier")
    shipping_date: Optional[date] = Field(alias="shippingDate")
    shipping_tracking_number: Optional[str] = Field(alias="shippingTrackingNumber")


DisputeForCase.model_rebuild()
DisputeForCaseDispute.model_rebuild()
DisputeForCaseDisputeDisputeEvidence.model_rebuild()
