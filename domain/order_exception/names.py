"""Names, keys and endings of the lifecycle, and what opens a case."""

from enum import StrEnum

from domain.case import CaseStatus, check_handle
from domain.message import Message
from domain.shopify_ids import numeric_id

WORKFLOW = "OrderException"
REASSIGN = "reassign"  # update, beside those every case has
TAKE_IN = "take_in"  # signal: more lines of the order have become an exception


class Reason(StrEnum):
    """Why an order cannot be fulfilled as promised."""

    LATE = "late"
    SHORT_SHIPPED = "short_shipped"
    MANUAL_REVIEW = "manual_review"
    REJECTED = "rejected"
    ON_HOLD = "on_hold"
    OTHER = "other"


class Outcome(StrEnum):
    """How an exception ends; each outcome names its final status."""

    RESOLVED_BY_PARTNER = "resolved_by_partner"
    RESOLVED_BY_MERCHANT = "resolved_by_merchant"
    OVERTAKEN = "overtaken"
    EXPIRED = "expired"

    @property
    def status(self) -> CaseStatus:
        match self:
            case Outcome.OVERTAKEN:
                return CaseStatus.CANCELLED
            case Outcome.EXPIRED:
                return CaseStatus.EXPIRED
            case _:
                return CaseStatus.RESOLVED

    @property
    def words(self) -> str:
        return {
            Outcome.RESOLVED_BY_PARTNER: "settled by the partner",
            Outcome.RESOLVED_BY_MERCHANT: "settled by the merchant",
            Outcome.OVERTAKEN: "overtaken: fulfilled, cancelled or given up meanwhile",
            Outcome.EXPIRED: "expired: nobody settled it in time",
        }[self]


class OrderExceptionInput(Message):
    """What an exception is opened with. Empty `line_ids`: every line that is still to ship and no purchase order covers."""

    case_id: str
    number: int
    shop: str
    order_id: str
    reason: Reason
    note: str = ""
    line_ids: tuple[str, ...] = ()
    opened_by: str
    event_id: str = ""


class TakeIn(Message):
    """Lines that have become an exception while the order's case is open (signal `TAKE_IN`): the case takes them in.

    Empty `line_ids`: every line that is still to ship and no purchase order covers.
    """

    event_id: str
    reason: Reason
    note: str = ""
    line_ids: tuple[str, ...] = ()
    opened_by: str


def order_exception_key(shop: str, order_id: str) -> str:
    """The business key of an order's exception. A second case for the same order is `{key}~2`."""
    return f"order-exception:{check_handle(shop)}:{numeric_id(order_id)}"
