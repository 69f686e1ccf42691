"""Names and keys of the lifecycle, and which state of a return opens a case."""

from enum import StrEnum

from domain.case import CaseStatus, check_handle
from domain.shopify_ids import numeric_id

WORKFLOW = "ReturnClaim"
GOODS_RECEIVED = "goods_received"  # update, beside those every case has


class ClaimKind(StrEnum):
    """What is claimed; the value is Trading Grid's case type without `_claim`."""

    RETURN = "return"
    DAMAGE = "damage"
    WARRANTY = "warranty"

    @property
    def case_type(self) -> str:
        return f"{self.value}_claim"


class ReturnStatus(StrEnum):
    """Shopify's Return.status; an open set."""

    REQUESTED = "REQUESTED"
    OPEN = "OPEN"
    CLOSED = "CLOSED"
    CANCELED = "CANCELED"
    DECLINED = "DECLINED"
    UNKNOWN = "UNKNOWN"

    @classmethod
    def _missing_(cls, value: object) -> "ReturnStatus":
        return cls.UNKNOWN


class Outcome(StrEnum):
    """How a claim ends; each outcome names its final status."""

    CLOSED_REFUNDED = "closed_refunded"
    CLOSED_WITHOUT_REFUND = "closed_without_refund"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"

    @property
    def status(self) -> CaseStatus:
        match self:
            case Outcome.WITHDRAWN:
                return CaseStatus.CANCELLED
            case Outcome.EXPIRED:
                return CaseStatus.EXPIRED
            case _:
                return CaseStatus.RESOLVED

    @property
    def words(self) -> str:
        return {
            Outcome.CLOSED_REFUNDED: "approved, processed and refunded",
            Outcome.CLOSED_WITHOUT_REFUND: "approved and processed, nothing refunded",
            Outcome.DECLINED: "declined",
            Outcome.WITHDRAWN: "withdrawn",
            Outcome.EXPIRED: "expired: nobody decided in time",
        }[self]


def return_key(shop: str, return_id: str) -> str:
    """The business key of a return. A second case for the same return is `{key}~2`."""
    return f"return-claim:{check_handle(shop)}:{numeric_id(return_id)}"


def claim_key(shop: str, external_reference: str) -> str:
    """The business key of a damage or warranty claim made through the API."""
    return f"return-claim:{check_handle(shop)}:claim-{external_reference}"


def opens_case(status: ReturnStatus, *, open_on_open_return: bool) -> bool:
    """Whether a return in this state wants a review: `REQUESTED` always, `OPEN` where the policy says so."""
    return status is ReturnStatus.REQUESTED or (status is ReturnStatus.OPEN and open_on_open_return)
