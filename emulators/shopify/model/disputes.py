"""Disputes of Shopify Payments, and the evidence that answers them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from emulators.shopify.model.orders import Order
from emulators.shopify.model.resource import Resource

FILE_FIELDS = {
    "cancellationPolicyFile": "CANCELLATION_POLICY_FILE",
    "customerCommunicationFile": "CUSTOMER_COMMUNICATION_FILE",
    "refundPolicyFile": "REFUND_POLICY_FILE",
    "serviceDocumentationFile": "SERVICE_DOCUMENTATION_FILE",
    "shippingDocumentationFile": "SHIPPING_DOCUMENTATION_FILE",
    "uncategorizedFile": "UNCATEGORIZED_FILE",
}
"""Where a piece of evidence shows a file, and that file's type. A RESPONSE_SUMMARY_FILE has no place."""

FILE_TYPES = (*FILE_FIELDS.values(), "RESPONSE_SUMMARY_FILE")

TEXT_FIELDS = (
    "accessActivityLog",
    "cancellationPolicyDisclosure",
    "cancellationRebuttal",
    "customerEmailAddress",
    "customerFirstName",
    "customerLastName",
    "refundPolicyDisclosure",
    "refundRefusalExplanation",
    "uncategorizedText",
)

FINAL = ("ACCEPTED", "CHARGE_REFUNDED", "LOST", "PREVENTED", "WON")


@dataclass(eq=False, repr=False)
class DisputeFileUpload(Resource):
    """``file_size`` is in bytes, ``stored`` the key of the stored file."""

    gql_type: ClassVar[str] = "ShopifyPaymentsDisputeFileUpload"
    id: int
    evidence: DisputeEvidence
    dispute_evidence_type: str
    file_type: str
    file_size: int
    original_file_name: str
    stored: str
    created_at: datetime


@dataclass(eq=False, repr=False)
class DisputeEvidence(Resource):
    """``texts`` and ``files`` are by the schema's name of the field; ``uploads`` are all the files there are."""

    gql_type: ClassVar[str] = "ShopifyPaymentsDisputeEvidence"
    id: int
    dispute: Dispute
    texts: dict[str, str] = field(default_factory=dict)
    files: dict[str, DisputeFileUpload] = field(default_factory=dict)
    uploads: list[DisputeFileUpload] = field(default_factory=list)
    submitted: bool = False


@dataclass(eq=False, repr=False)
class Dispute(Resource):
    """``amount`` is in the order's currency. ``submissions`` counts the answers by the dispute's type."""

    gql_type: ClassVar[str] = "ShopifyPaymentsDispute"
    id: int
    order: Order
    type: str
    reason: str
    amount: Decimal
    initiated_at: datetime
    initiated_as: str
    evidence_due_by: datetime | None
    network_reason_code: str | None = None
    status: str = "NEEDS_RESPONSE"
    evidence_sent_on: datetime | None = None
    finalized_on: datetime | None = None
    submissions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.evidence = DisputeEvidence(0, self)

    @property
    def open(self) -> bool:
        return self.status not in FINAL
