"""The papers of a dispute: what is held, where each goes in Shopify's evidence, and what it proves."""

from collections.abc import Mapping
from enum import StrEnum

from domain.message import Message


class EvidenceField(StrEnum):
    """Where Shopify's evidence takes a file: a field of ShopifyPaymentsDisputeEvidenceUpdateInput."""

    SHIPPING_DOCUMENTATION = "shippingDocumentationFile"
    SERVICE_DOCUMENTATION = "serviceDocumentationFile"
    CUSTOMER_COMMUNICATION = "customerCommunicationFile"
    REFUND_POLICY = "refundPolicyFile"
    CANCELLATION_POLICY = "cancellationPolicyFile"
    UNCATEGORIZED = "uncategorizedFile"

    @property
    def file_type(self) -> str:
        """The same as a ShopifyPaymentsDisputeEvidenceFileType."""
        return {
            EvidenceField.SHIPPING_DOCUMENTATION: "SHIPPING_DOCUMENTATION_FILE",
            EvidenceField.SERVICE_DOCUMENTATION: "SERVICE_DOCUMENTATION_FILE",
            EvidenceField.CUSTOMER_COMMUNICATION: "CUSTOMER_COMMUNICATION_FILE",
            EvidenceField.REFUND_POLICY: "REFUND_POLICY_FILE",
            EvidenceField.CANCELLATION_POLICY: "CANCELLATION_POLICY_FILE",
            EvidenceField.UNCATEGORIZED: "UNCATEGORIZED_FILE",
        }[self]

    @property
    def words(self) -> str:
        return {
            EvidenceField.SHIPPING_DOCUMENTATION: "shipping documentation",
            EvidenceField.SERVICE_DOCUMENTATION: "service documentation",
            EvidenceField.CUSTOMER_COMMUNICATION: "customer communication",
            EvidenceField.REFUND_POLICY: "refund policy",
            EvidenceField.CANCELLATION_POLICY: "cancellation policy",
            EvidenceField.UNCATEGORIZED: "other evidence",
        }[self]


class Kind(Message):
    """One type of document: what to call it, what it proves, where it goes."""

    words: str
    proves: str
    field: EvidenceField = EvidenceField.UNCATEGORIZED


_SHIPPING = EvidenceField.SHIPPING_DOCUMENTATION

KINDS: Mapping[str, Kind] = {
    "proof_of_delivery": Kind(
        words="proof of delivery", proves="that the goods were delivered", field=_SHIPPING
    ),
    "bill_of_lading": Kind(
        words="bill of lading", proves="that the carrier took the goods over", field=_SHIPPING
    ),
    "asn": Kind(words="shipment notice", proves="what was shipped, and when", field=_SHIPPING),
    "packing_list": Kind(
        words="packing list", proves="what the parcels contained", field=_SHIPPING
    ),
    "inspection_report": Kind(
        words="inspection report",
        proves="the condition of the goods when they were inspected",
        field=EvidenceField.SERVICE_DOCUMENTATION,
    ),
    "certificate": Kind(
        words="certificate",
        proves="that the goods are genuine and meet their specification",
        field=EvidenceField.SERVICE_DOCUMENTATION,
    ),
    "photo": Kind(
        words="photo",
        proves="what the goods looked like",
        field=EvidenceField.SERVICE_DOCUMENTATION,
    ),
    "rma": Kind(words="return paper", proves="what was agreed on the return of the goods"),
    "customer_communication": Kind(
        words="correspondence with the customer",
        proves="what was agreed with the customer",
        field=EvidenceField.CUSTOMER_COMMUNICATION,
    ),
    "refund_policy": Kind(
        words="refund policy",
        proves="the terms of refunds the customer had agreed to",
        field=EvidenceField.REFUND_POLICY,
    ),
    "cancellation_policy": Kind(
        words="cancellation policy",
        proves="the terms of cancellation the customer had agreed to",
        field=EvidenceField.CANCELLATION_POLICY,
    ),
    "invoice": Kind(words="invoice", proves="what was charged"),
    "evidence": Kind(words="evidence", proves="what its text says"),
}
"""By Trading Grid's document types, and those that only a merchant has (policies, correspondence)."""

OTHER = Kind(words="paper", proves="what its text says")


def kind_of(document_type: str) -> Kind:
    return KINDS.get(document_type, OTHER)


class HeldPaper(Message):
    """A stored document, by reference. `source` is who it comes from: `partner:acme`, `merchant`, or another case's id."""

    document_id: str
    document_type: str
    file_name: str
    mime_type: str = ""
    size: int = 0
    sha256: str = ""
    partner: str = ""
    source: str = ""


class Placement(Message):
    """What became of a paper in the draft: the field its file stands in, or why it is only described in the text."""

    field: EvidenceField | None = None
    why: str = ""
