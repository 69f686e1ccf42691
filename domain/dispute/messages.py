"""What a dispute's activities take and give: one frozen model in, one out, each used by one activity.

What writes the draft makes at most one mutation a call, reads the draft anew before it, and says whether more is to be done:
the caller repeats it until `done`.
"""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from domain.dispute.names import DisputeStatus, DisputeType
from domain.dispute.papers import EvidenceField, HeldPaper, Placement
from domain.message import Message, Money
from domain.policy import DisputePolicy
from domain.priority import Priority

MOST_PARCELS = 100


class ReadDispute(Message):
    shop: str
    dispute_id: str


class ShippedParcel(Message):
    """A shipment as the dispute's evidence names it (ShopifyPaymentsDisputeFulfillment)."""

    carrier: str = ""
    number: str = ""
    on: date | None = None


class DisputeFacts(Message):
    """A dispute as Shopify has it now. `due` is evidenceDueBy, `submitted` the evidence's own word; `reason` an open set.

    `order_id` is empty where the payment has no order (any more). `raw_status` is Shopify's word, also where we know none.
    """

    dispute_id: str
    evidence_id: str
    status: DisputeStatus
    raw_status: str = ""
    type: DisputeType
    reason: str = ""
    network_reason_code: str = ""
    amount: Money
    initiated_at: datetime
    due: datetime | None = None
    sent_on: datetime | None = None
    finalized_on: datetime | None = None
    submitted: bool = False
    order_id: str = ""
    order_name: str = ""
    parcels: tuple[ShippedParcel, ...] = ()
    more_parcels: int = 0
    """Beyond those that are named, in an order of very many."""


class DisputeRead(Message):
    """`dispute` is None where the shop has no such dispute (any more)."""

    dispute: DisputeFacts | None = None


class DisputedLine(Message):
    """A line of the disputed order. `partner` is empty until it is planned, and after that where the line is the merchant's.

    `quantity` is what was shipped of it, or, where nothing of the order was, what was ordered.
    """

    line_id: str
    sku: str = ""
    vendor: str = ""
    name: str = ""
    quantity: int = 0
    location: str = ""
    fulfillment_service: str = ""
    partner: str = ""


class PlanEvidence(Message):
    """`tags` and `number_of_orders` are the order's, for the priority."""

    shop: str
    lines: tuple[DisputedLine, ...]
    tags: tuple[str, ...] = ()
    number_of_orders: int = 0


class PlannedPartner(Message):
    partner: str
    tenant: str
    name: str
    policy: DisputePolicy


class EvidencePlan(Message):
    """Who is asked about which lines, on which terms. `unasked`: partner -> why a partner a route names is not asked."""

    lines: tuple[DisputedLine, ...]
    partners: tuple[PlannedPartner, ...]
    policy: DisputePolicy
    priority: Priority = Priority.NORMAL
    shadow: bool = False
    unasked: dict[str, str] = Field(default_factory=dict)


class FindPapers(Message):
    """Stored documents: those of the order's other cases that came from partners and are of `types` (with `order_id`), and
    those the merchant named (`document_ids`, of this case or of the order's others)."""

    shop: str
    case_id: str
    order_id: str = ""
    types: tuple[str, ...] = ()
    document_ids: tuple[str, ...] = ()


class FoundPapers(Message):
    """Oldest first. The same bytes are one paper. `unknown`: named, and not to be had here."""

    papers: tuple[HeldPaper, ...] = ()
    unknown: tuple[str, ...] = ()


class EvidencePaper(Message):
    """A paper that should stand in the draft, and where."""

    document_id: str
    field: EvidenceField


class AlignFiles(Message):
    """Have these papers, and none of ours beside them, in the draft; the most important first.

    Several of one field become one PDF. A field with a file of somebody else is left alone: ours go to `uncategorizedFile`
    if that is free, else they are described only.
    """

    shop: str
    dispute_id: str
    papers: tuple[EvidencePaper, ...] = Field(max_length=200)


class AlignedFiles(Message):
    """`done`: nothing more can be aligned; then `placements` says of each paper what became of it.

    `closed`: why the evidence takes nothing any more (submitted, past its due date, gone).
    """

    done: bool
    placements: dict[str, Placement] = Field(default_factory=dict)
    closed: str = ""


class TextPart(Message):
    """A part of our text, whole or not at all. `key` tells parts apart."""

    key: str
    text: str


class DraftText(Message):
    """Have these parts, in this order, between our marker lines in `uncategorizedText`; none: our block is taken out.

    `known`: marks of lines we wrote before (`evidence_text.marks_of`): where staff damaged our block, others are theirs.
    """

    shop: str
    dispute_id: str
    parts: tuple[TextPart, ...] = Field(max_length=500)
    known: tuple[str, ...] = ()


class DraftedText(Message):
    """`left_out`: keys of parts that found no room beside what staff typed; `closed` as with files.

    `repaired`: staff had damaged our marker lines; nothing of theirs was lost.
    """

    changed: bool = False
    left_out: tuple[str, ...] = ()
    repaired: bool = False
    closed: str = ""


class SubmitEvidence(Message):
    """Submit the draft as the answer to this type of the dispute; final."""

    shop: str
    dispute_id: str
    type: DisputeType


class SubmitResult(StrEnum):
    SUBMITTED = "submitted"  # by this call
    ALREADY = "already"  # by an attempt whose answer was lost, or by somebody in Shopify
    EMPTY = "empty"  # the draft has neither a text nor a file
    PAST_DUE = "past_due"
    OVERTAKEN = "overtaken"  # another type, another status, or gone: read the dispute


class SubmittedEvidence(Message):
    """`dispute` is what was read before or after; None where it is gone."""

    result: SubmitResult
    dispute: DisputeFacts | None = None
