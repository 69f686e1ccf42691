"""Names, keys and endings of the lifecycle."""

from datetime import datetime
from enum import StrEnum

from domain.case import CaseStatus, check_handle
from domain.message import Message
from domain.shopify_ids import numeric_id

WORKFLOW = "Dispute"
SUBMIT = "submit"  # update, beside those every case has
ADD_EVIDENCE = "add_evidence"  # update


class DisputeStatus(StrEnum):
    """Shopify's word for where a dispute stands; an open set."""

    NEEDS_RESPONSE = "NEEDS_RESPONSE"
    UNDER_REVIEW = "UNDER_REVIEW"
    WON = "WON"
    LOST = "LOST"
    ACCEPTED = "ACCEPTED"
    PREVENTED = "PREVENTED"
    CHARGE_REFUNDED = "CHARGE_REFUNDED"
    UNKNOWN = "UNKNOWN"

    @classmethod
    def _missing_(cls, value: object) -> "DisputeStatus":
        return cls.UNKNOWN

    @property
    def words(self) -> str:
        return self.value.lower().replace("_", " ")


class DisputeType(StrEnum):
    """An inquiry asks, a chargeback has taken the money; an inquiry may become a chargeback under the same id."""

    INQUIRY = "INQUIRY"
    CHARGEBACK = "CHARGEBACK"
    UNKNOWN = "UNKNOWN"

    @classmethod
    def _missing_(cls, value: object) -> "DisputeType":
        return cls.UNKNOWN

    @property
    def words(self) -> str:
        return "dispute" if self is DisputeType.UNKNOWN else self.value.lower()


class Outcome(StrEnum):
    """How a dispute ends; each outcome names its final status."""

    WON = "won"
    LOST = "lost"
    ACCEPTED = "accepted"
    PREVENTED = "prevented"
    WITHDRAWN = "withdrawn"
    NOT_ANSWERED = "not_answered"

    @property
    def status(self) -> CaseStatus:
        match self:
            case Outcome.WITHDRAWN:
                return CaseStatus.CANCELLED
            case Outcome.NOT_ANSWERED:
                return CaseStatus.EXPIRED
            case _:
                return CaseStatus.RESOLVED

    @property
    def words(self) -> str:
        return {
            Outcome.WON: "won",
            Outcome.LOST: "lost",
            Outcome.ACCEPTED: "accepted: the money stays with the customer",
            Outcome.PREVENTED: "prevented: it was settled before it became a dispute",
            Outcome.WITHDRAWN: "withdrawn",
            Outcome.NOT_ANSWERED: "not answered: the due date passed without evidence",
        }[self]


class DisputeInput(Message):
    """`due` is evidenceDueBy as it was when the case was opened: a case that may not read knows its time all the same."""

    case_id: str
    number: int
    shop: str
    dispute_id: str
    opened_by: str
    event_id: str = ""
    due: datetime | None = None


def dispute_key(shop: str, dispute_id: str) -> str:
    """The business key of a dispute. A second case for the same dispute is `{key}~2`."""
    return f"dispute:{check_handle(shop)}:{numeric_id(dispute_id)}"
