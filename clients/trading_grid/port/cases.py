"""Collaboration cases: what is asked of a partner, what was answered, and the messages between."""

from decimal import Decimal
from typing import Literal, Protocol

from clients.trading_grid.port.common import (
    Author,
    BusinessReference,
    ExternalReference,
    Many,
    Received,
    Sent,
    Text,
    UtcTime,
)

CaseAction = Literal["request_info", "resolve", "reopen", "close", "cancel", "extend"]
Visibility = Literal["partner", "internal"]


class CaseLine(Received):
    """One line the partner is asked about. `line_id` is Shopify's LineItem id."""

    line_id: str
    sku: str | None = None
    gtin: str | None = None
    quantity: int
    reason_code: str | None = None
    note: Text = ""


class AnswerLine(Received):
    """A partner's answer for one line.

    `code` is X12 element 668, `disposition_code` 1292, `response_reason_code` 1294;
    `credit_amount` is in the order's currency. `ship_date` is the partner's own writing, by contract
    ISO-8601: one that is not must not make the case unreadable.
    """

    line_id: str
    code: str | None = None
    quantity: int | None = None
    ship_date: str | None = None
    substitute_sku: str | None = None
    disposition_code: str | None = None
    response_reason_code: str | None = None
    credit_amount: Decimal | None = None
    note: Text = ""


class Answer(Received):
    """A partner's answer. `kind`: accept, decline, partial or request_info."""

    message_id: str | None = None
    time: UtcTime | None = None
    kind: str
    lines: Many[AnswerLine] = ()
    note: Text = ""


class Case(Received):
    """A matter shared with one partner.

    `status`: new, open, pending_partner, pending_company, resolved, closed or cancelled. `version`
    grows with each change; a lower one than already seen is old news. `etag` goes back with
    `change_case`.
    """

    id: str
    case_type: str
    subject: Text = ""
    description: Text = ""
    status: str
    priority: str | None = None
    severity: str | None = None
    partner_id: str
    due_time: UtcTime | None = None
    external_reference: ExternalReference | None = None
    business_references: Many[BusinessReference] = ()
    lines: Many[CaseLine] = ()
    answer: Answer | None = None
    resolution: str | None = None
    version: int
    create_time: UtcTime | None = None
    update_time: UtcTime | None = None
    etag: str | None = None


class Message(Received):
    """`visibility`: partner, or internal (never shown to the partner)."""

    id: str
    body: Text = ""
    author: Author
    visibility: str = "partner"
    external_reference: ExternalReference | None = None
    create_time: UtcTime | None = None


class NewCaseLine(Sent):
    line_id: str
    sku: str | None = None
    gtin: str | None = None
    quantity: int
    reason_code: str | None = None
    note: str | None = None


class NewCase(Sent):
    case_type: str
    subject: str
    description: str = ""
    priority: Literal["low", "normal", "high", "urgent"] = "normal"
    severity: str | None = None
    partner_id: str
    due_time: UtcTime | None = None
    external_reference: ExternalReference
    business_references: tuple[BusinessReference, ...] = ()
    lines: tuple[NewCaseLine, ...] = ()


class CaseChange(Sent):
    """The fields to change; what is None stays as it is."""

    subject: str | None = None
    description: str | None = None
    priority: Literal["low", "normal", "high", "urgent"] | None = None
    severity: str | None = None
    due_time: UtcTime | None = None
    lines: tuple[NewCaseLine, ...] | None = None


class NewMessage(Sent):
    """`hand_back` returns the case to the partner: pending_company becomes pending_partner."""

    body: str
    visibility: Visibility = "partner"
    hand_back: bool = False
    external_reference: ExternalReference | None = None


class Cases(Protocol):
    async def open_case(self, new: NewCase, *, idempotency_key: str) -> Case:
        """Open a case, or return the one that already holds the external reference.

        Raises StillRunning while an earlier call under the same key goes on.
        """
        ...

    async def read_case(self, case_id: str) -> Case:
        """Raises NotFound."""
        ...

    async def find_case(self, external_reference: ExternalReference) -> Case | None: ...

    async def change_case(self, case_id: str, change: CaseChange, *, etag: str) -> Case:
        """Raises PreconditionFailed where the case has changed since `etag` was read."""
        ...

    async def act_on_case(
        self,
        case_id: str,
        action: CaseAction,
        *,
        idempotency_key: str,
        note: str | None = None,
        resolution: str | None = None,
        due_time: UtcTime | None = None,
    ) -> Case:
        """Raises Conflict where the case's state does not allow the action."""
        ...

    async def list_messages(self, case_id: str) -> tuple[Message, ...]:
        """All of them, over all pages."""
        ...

    async def post_message(self, case_id: str, new: NewMessage, *, idempotency_key: str) -> Message:
        """Post, or return the message that already holds the external reference."""
        ...
