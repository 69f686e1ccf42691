"""Names, keys and endings of the lifecycle."""

from enum import StrEnum

from domain.case import CaseStatus, check_handle
from domain.message import Message
from domain.operator import PartnerChanged

WORKFLOW = "ShippingDocuments"


class Outcome(StrEnum):
    """How shipping documents end; each outcome names its final status."""

    COMPLETE = "complete"
    COMPLETE_WITH_DISCREPANCIES = "complete_with_discrepancies"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    """The operator gave it up."""

    @property
    def status(self) -> CaseStatus:
        match self:
            case Outcome.EXPIRED:
                return CaseStatus.EXPIRED
            case Outcome.CANCELLED:
                return CaseStatus.CANCELLED
            case _:
                return CaseStatus.RESOLVED

    @property
    def words(self) -> str:
        return {
            Outcome.COMPLETE: "complete",
            Outcome.COMPLETE_WITH_DISCREPANCIES: "complete, with discrepancies",
            Outcome.EXPIRED: "expired: papers are missing",
            Outcome.CANCELLED: "given up",
        }[self]


class ShippingDocumentsInput(Message):
    """What the papers of one purchase order are opened with; `first` is the notice, invoice or document that named it."""

    case_id: str
    number: int
    shop: str
    tenant: str
    partner: str
    po_number: str
    purchase_order_case: str
    """The case that owns the purchase order."""
    order_id: str = ""
    """Empty for a replenishment: nothing is fulfilled in Shopify then."""
    first: PartnerChanged
    opened_by: str
    event_id: str = ""


def shipping_documents_key(shop: str, po_number: str) -> str:
    """The business key of a purchase order's papers."""
    return f"shipping-documents:{check_handle(shop)}:{po_number}"
