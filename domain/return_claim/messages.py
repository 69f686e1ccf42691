"""What a return claim's activities take and give: one frozen model in, one out, each used by one activity."""

from pydantic import Field

from domain.message import Message, Money
from domain.policy import ReturnClaimPolicy
from domain.return_claim.goods import Disposition
from domain.return_claim.lines import ClaimLine
from domain.return_claim.money import RefundTransaction
from domain.return_claim.names import ReturnStatus
from domain.return_claim.state import ClaimRequest


class ReadReturn(Message):
    shop: str
    return_id: str


class ReturnFacts(Message):
    """A return as Shopify has it now. `lines` carry no partner yet."""

    return_id: str
    name: str
    status: ReturnStatus
    order_id: str
    order_name: str
    currency: str
    lines: tuple[ClaimLine, ...]
    processed: bool = False
    """Every line is processed: nothing is left to do but to close."""
    refunded: Money | None = None
    exchange: bool = False
    """The return has exchange items; those are the merchant's to settle in Shopify."""


class ReadClaimedOrder(Message):
    shop: str
    claim: ClaimRequest


class ClaimedOrder(Message):
    """The claimed lines of a fulfilled order."""

    order_id: str
    order_name: str
    currency: str
    lines: tuple[ClaimLine, ...]


class PlanReviews(Message):
    shop: str
    lines: tuple[ClaimLine, ...]


class PlannedReview(Message):
    partner: str
    tenant: str
    name: str
    policy: ReturnClaimPolicy


class ClaimPlan(Message):
    """Who reviews which lines, on which terms; read once and frozen into the case."""

    lines: tuple[ClaimLine, ...]
    reviews: tuple[PlannedReview, ...]
    policy: ReturnClaimPolicy
    shadow: bool = False


class RequestAuthorization(Message):
    tenant: str
    partner: str
    partner_case_id: str
    reference: str
    idempotency_key: str
    lines: tuple[ClaimLine, ...]


class RequestedAuthorization(Message):
    """Without an id: the partner has closed its case, and nothing can be requested on it any more."""

    authorization_id: str = ""
    status: str = ""
    version: int = 0


class ReadAuthorization(Message):
    shop: str
    tenant: str
    partner: str
    authorization_id: str


class ApproveReturn(Message):
    shop: str
    return_id: str
    notify_customer: bool = False


class ReturnAnswered(Message):
    """What the return's status is after we answered. `overtaken`: someone else had answered differently before."""

    status: ReturnStatus
    overtaken: bool = False


class DeclineReturn(Message):
    shop: str
    return_id: str
    note: str = Field(max_length=500)
    notify_customer: bool = False


class CancelReturn(Message):
    """Decline a return that is already `OPEN`: cancel it while nothing of it was processed."""

    shop: str
    return_id: str


class RemoveLines(Message):
    """Take refused pieces out of an open return; quantities that should stay, by return line item."""

    shop: str
    return_id: str
    keep: dict[str, int]


class RemovedLines(Message):
    removed: int = 0
    """How many pieces were taken out; none where an earlier attempt had done it."""


class CreateReturn(Message):
    """Open a return for an accepted claim. `marker` is written into each line's note, so that a repeat finds it."""

    shop: str
    case_id: str
    order_id: str
    marker: str
    lines: tuple[ClaimLine, ...]
    accepted: dict[str, int]


class CreatedReturn(Message):
    return_id: str
    name: str
    return_lines: dict[str, str]
    """Our line id -> ReturnLineItem number."""


class SuggestRefund(Message):
    shop: str
    return_id: str
    quantities: dict[str, int]
    """ReturnLineItem number -> pieces to refund."""


class SuggestOrderRefund(Message):
    """For a claim whose goods stay with the customer: no return exists."""

    shop: str
    order_id: str
    quantities: dict[str, int]
    """LineItem number -> pieces to refund."""


class ProcessReturn(Message):
    shop: str
    return_id: str
    quantities: dict[str, int]
    """ReturnLineItem number -> pieces that were accepted."""
    dispositions: dict[str, tuple[Disposition, ...]]
    """ReturnLineItem number -> what becomes of them."""
    refund: tuple[RefundTransaction, ...] = ()
    currency: str = ""
    notify_customer: bool = False


class ProcessedReturn(Message):
    """`already`: it had been processed before (by an earlier attempt, or by someone in Shopify); nothing was sent."""

    refunded: Money | None = None
    already: bool = False
    overtaken: bool = False


class RefundOrder(Message):
    shop: str
    order_id: str
    note: str
    """Unique to the case; a repeat after Shopify's 24 hours finds the refund by it."""
    idempotency_key: str
    quantities: dict[str, int]
    refund: tuple[RefundTransaction, ...]
    currency: str


class RefundedOrder(Message):
    refunded: Money | None = None
    already: bool = False


class CloseReturn(Message):
    shop: str
    return_id: str


class ClosedReturn(Message):
    status: ReturnStatus
