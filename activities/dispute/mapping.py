"""Shopify's disputes in our words. Pure."""

from clients.shopify.generated.dispute_for_case import DisputeForCaseDispute
from clients.shopify.generated.drafted_evidence import (
    DraftedEvidenceDispute,
    DraftedEvidenceDisputeDisputeEvidence,
)
from clients.shopify.generated.fragments import EvidenceFile
from domain.dispute.messages import MOST_PARCELS, DisputeFacts, ShippedParcel
from domain.dispute.names import DisputeStatus, DisputeType
from domain.dispute.papers import EvidenceField
from domain.message import Money
from domain.shopify_ids import numeric_id

ACCEPTED = "EVIDENCE_ALREADY_ACCEPTED"
PAST_DUE = "EVIDENCE_PAST_DUE_DATE"
_CLOSED = {
    ACCEPTED: "the evidence was submitted",
    PAST_DUE: "the due date has passed",
    "DISPUTE_EVIDENCE_NOT_FOUND": "it is gone from Shopify",
}


def facts_of(found: DisputeForCaseDispute) -> DisputeFacts:
    order, evidence = found.order, found.dispute_evidence
    return DisputeFacts(
        dispute_id=numeric_id(found.id),
        evidence_id=numeric_id(evidence.id),
        status=DisputeStatus(str(found.status)),
        raw_status=str(found.status),
        type=DisputeType(str(found.type_)),
        reason=str(found.reason_details.reason),
        network_reason_code=found.reason_details.network_reason_code or "",
        amount=Money(amount=found.amount.amount, currency=str(found.amount.currency_code)),
        initiated_at=found.initiated_at,
        due=found.evidence_due_by,
        sent_on=found.evidence_sent_on,
        finalized_on=found.finalized_on,
        submitted=evidence.submitted,
        order_id=numeric_id(order.id) if order else "",
        order_name=order.name if order else "",
        parcels=tuple(
            ShippedParcel(
                carrier=one.shipping_carrier or "",
                number=one.shipping_tracking_number or "",
                on=one.shipping_date,
            )
            for one in evidence.fulfillments[:MOST_PARCELS]
        ),
        more_parcels=max(len(evidence.fulfillments) - MOST_PARCELS, 0),
    )


def closed_by(draft: DraftedEvidenceDispute | None) -> str:
    """Why the evidence takes nothing any more; empty while it does. The due date is Shopify's to tell, by its own clock."""
    if draft is None:
        return "it is gone from Shopify"
    if draft.dispute_evidence.submitted:
        return _CLOSED[ACCEPTED]
    if DisputeStatus(str(draft.status)) is not DisputeStatus.NEEDS_RESPONSE:
        return f"the dispute is {str(draft.status).lower().replace('_', ' ')}"
    return ""


def closed_words(codes: frozenset[str]) -> str:
    """The same, of what a refused write was told."""
    return next((words for code, words in _CLOSED.items() if code in codes), "")


def files_of(evidence: DraftedEvidenceDisputeDisputeEvidence) -> dict[EvidenceField, EvidenceFile]:
    """Which file each field shows."""
    shown = {
        EvidenceField.SHIPPING_DOCUMENTATION: evidence.shipping_documentation_file,
        EvidenceField.SERVICE_DOCUMENTATION: evidence.service_documentation_file,
        EvidenceField.CUSTOMER_COMMUNICATION: evidence.customer_communication_file,
        EvidenceField.REFUND_POLICY: evidence.refund_policy_file,
        EvidenceField.CANCELLATION_POLICY: evidence.cancellation_policy_file,
        EvidenceField.UNCATEGORIZED: evidence.uncategorized_file,
    }
    return {field: file for field, file in shown.items() if file is not None}


def other_texts(evidence: DraftedEvidenceDisputeDisputeEvidence) -> int:
    """Characters of the texts that are staff's alone; all texts together have a limit."""
    return sum(
        len(text or "")
        for text in (
            evidence.access_activity_log,
            evidence.cancellation_policy_disclosure,
            evidence.cancellation_rebuttal,
            evidence.refund_policy_disclosure,
            evidence.refund_refusal_explanation,
        )
    )


def says_nothing(evidence: DraftedEvidenceDisputeDisputeEvidence) -> bool:
    """Neither a text nor a file, of anybody."""
    text = (evidence.uncategorized_text or "").strip()
    return not (text or other_texts(evidence) or files_of(evidence))
