"""What all lifecycles have in common: kinds, statuses, who is waited for, the timeline, the snapshot others see."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, Field

from domain.clock import Clock
from domain.message import Message


class CaseKind(StrEnum):
    """One lifecycle each; the value is its name in routes, policies, tables and files."""

    ORDER_EXCEPTION = "order_exception"
    PURCHASE_ORDER = "purchase_order"
    SHIPPING_DOCUMENTS = "shipping_documents"
    INVENTORY_FEED = "inventory_feed"
    RETURN_CLAIM = "return_claim"
    DISPUTE = "dispute"
    CAMPAIGN_READINESS = "campaign_readiness"


class CaseStatus(StrEnum):
    """Where a case stands. Where several hold, the merchant comes before the partner, the partner before others."""

    OPENING = "opening"
    AWAITING_PARTNER = "awaiting_partner"
    AWAITING_MERCHANT = "awaiting_merchant"
    AWAITING_OTHER = "awaiting_other"
    ACTIVE = "active"
    APPLYING = "applying"
    RESOLVED = "resolved"
    EXPIRED = "expired"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        return self in {CaseStatus.RESOLVED, CaseStatus.EXPIRED, CaseStatus.CANCELLED}


class Ending(Protocol):
    """An outcome of any lifecycle: how a case ends. Each names its final status, and itself in words for a sentence."""

    @property
    def status(self) -> CaseStatus: ...
    @property
    def words(self) -> str: ...


# Actors are handles, never a person's name: `operator:maria`, `partner:acme-textiles`, and these two.
GRIDCASE = "gridcase"
SHOPIFY = "shopify"


class WaitingFor(Message):
    """Who is waited for, since when, until when, and what happens then; in words for people."""

    who: str
    what: str
    since: datetime
    until: datetime | None = None
    then: str = ""


class Standing(Message):
    """Where a case stands right now; derived from its state, never kept beside it."""

    status: CaseStatus
    waiting_for: WaitingFor | None = None


class Trouble(Message):
    """A step that was refused for good, or stayed impossible for its whole time; the operator's `retry` tries it again."""

    step: str
    message: str
    type: str
    since: datetime


class TimelineEntry(Message):
    """One line of a case's history. `sequence` counts within one run, so that a repeat inserts nothing."""

    sequence: int
    at: datetime
    actor: str
    kind: str
    text: str
    flagged: bool = False
    event_id: str = ""


class Reference(Message):
    """Another name under which the outside knows this case: a return, an order, a Trading Grid case."""

    kind: str
    value: str


class CaseState(BaseModel):
    """The common part of every lifecycle's state; mutable, owned by one workflow."""

    title: str = ""
    order_name: str = ""
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    escalated: int = 0
    assignee: str = ""
    notes: list[str] = Field(default_factory=list)
    troubles: dict[str, Trouble] = Field(default_factory=dict)
    retries: int = 0
    paused: str = ""
    shadow: bool = False
    merchant_clock: Clock | None = None
    """Runs while the merchant is waited for."""
    result: str = ""
    """A short addition to the outcome's words, such as the sum refunded."""
    stop: str = ""
    """Why the case ends early: set by the operator's `cancel` or by Shopify changing underneath."""
    references: list[Reference] = Field(default_factory=list)
    timeline_sequence: int = 0
    revision: int = 0
    call_sequence: int = 0
    """Counts idempotency keys; advanced before a call, so that a changed body never reuses a key."""
    seen_events: list[str] = Field(default_factory=list)

    def saw(self, event_id: str) -> bool:
        """Remember an inbound event; true if it was seen before. Bounded: the newest 500 are kept."""
        if event_id in self.seen_events:
            return True
        self.seen_events = [*self.seen_events, event_id][-500:]
        return False


class CaseSnapshot(Message):
    """What the API, the lists and the console show of a case; the projection of its state."""

    case_id: str
    number: int
    kind: CaseKind
    shop: str
    title: str
    status: CaseStatus
    outcome: str = ""
    order_id: str = ""
    order_name: str = ""
    partners: tuple[str, ...] = ()
    opened_at: datetime
    closed_at: datetime | None = None
    waiting_for: WaitingFor | None = None
    escalated: int = 0
    assignee: str = ""
    paused: str = ""
    shadow: bool = False
    troubles: tuple[Trouble, ...] = ()
    detail: dict[str, object] = Field(default_factory=dict)


_HANDLE = re.compile(r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")


def check_handle(value: str) -> str:
    """A shop's, tenant's or partner's handle: lower case, digits and dashes, at most 64 bytes (Temporal refuses longer
    fairness keys).

    Raises:
        ValueError: it is not one.
    """
    if not _HANDLE.fullmatch(value):
        raise ValueError(
            f"{value!r} is not a handle: lower-case letters, digits and dashes, at most 64 characters."
        )
    return value


class RecordCase(Message):
    """The latest snapshot for the case tables, with the timeline entries since the last one."""

    run_id: str
    revision: int
    snapshot: CaseSnapshot
    timeline: tuple[TimelineEntry, ...] = ()
    references: tuple[Reference, ...] = ()


class RecordedCase(Message):
    """What of it was new; a stale revision changes nothing but inserts missing timeline entries."""

    applied: bool
