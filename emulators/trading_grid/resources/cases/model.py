"""A case and what is written into it."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from emulators.trading_grid.errors import invalid
from emulators.trading_grid.query import COMMON_FIELDS, Value
from emulators.trading_grid.store import (
    Author,
    BusinessReference,
    Code,
    Entity,
    ExternalReference,
    Money,
    Name,
    Prose,
    Text,
    UtcTime,
    Wire,
)
from emulators.trading_grid.wire import Links, dump

CaseType = Literal[
    "order_exception",
    "return_claim",
    "damage_claim",
    "warranty_claim",
    "dispute",
    "shipment_document",
    "supply_constraint",
    "campaign_readiness",
    "general",
]
CaseStatus = Literal[
    "new", "open", "pending_partner", "pending_company", "resolved", "closed", "cancelled"
]
Priority = Literal["low", "normal", "high", "urgent"]
Visibility = Literal["partner", "internal"]
AnswerKind = Literal["accept", "decline", "partial", "request_info"]

CLAIMS: tuple[CaseType, ...] = ("return_claim", "damage_claim", "warranty_claim")
PROOF: tuple[CaseType, ...] = ("dispute", "supply_constraint", "campaign_readiness")
"""Answered with documents and words, not line by line."""
REQUESTED_DOCUMENT = "requested_document"
"""The type of a business reference that holds a document type the partner is asked for."""
CAMPAIGN = "campaign"
"""The type of a business reference that holds a campaign's id."""
UNSETTLED: tuple[CaseStatus, ...] = ("new", "open", "pending_partner", "pending_company")
ENDED: tuple[CaseStatus, ...] = ("closed", "cancelled")

PositiveQuantity = Annotated[int, Field(ge=1, le=1_000_000_000)]


class CaseLine(Wire):
    line_id: Name
    sku: Name | None = None
    gtin: Name | None = None
    quantity: PositiveQuantity
    reason_code: Code | None = None
    note: Prose | None = None


class AnswerLine(Wire):
    """What the partner says of a line. Values are taken as they come, since partners write nonsense:
    lines that are not in the case, more than was asked, codes nobody knows."""

    line_id: str
    code: str | None = None
    quantity: int | None = None
    ship_date: str | None = None
    substitute_sku: str | None = None
    disposition_code: str | None = None
    response_reason_code: str | None = None
    credit_amount: Money | None = None
    note: str | None = None


class AnswerBody(Wire):
    kind: AnswerKind
    lines: list[AnswerLine] = Field(default_factory=list)
    note: Prose | None = None


class CaseAnswer(AnswerBody):
    message_id: str
    time: UtcTime


class Case(Entity):
    NAME: ClassVar[str] = "case"
    COLLECTION: ClassVar[str] = "cases"

    case_type: CaseType
    subject: Name
    description: Prose | None = None
    status: CaseStatus = "pending_partner"
    priority: Priority = "normal"
    severity: Name | None = None
    partner_id: str
    due_time: UtcTime | None = None
    business_references: list[BusinessReference] = Field(default_factory=list)
    lines: list[CaseLine] = Field(default_factory=list)
    answer: CaseAnswer | None = None
    resolution: Text | None = None

    def referred(self, kind: str) -> list[str]:
        """The values of its business references of one type, each once."""
        values = (one.value for one in self.business_references if one.type == kind)
        return list(dict.fromkeys(values))


class Message(Entity):
    NAME: ClassVar[str] = "message"
    COLLECTION: ClassVar[str] = "messages"

    case_id: str
    body: Text
    author: Author
    visibility: Visibility = "partner"

    def path(self) -> str:
        return f"/cases/{self.case_id}/messages/{self.id}"

    def owners(self) -> tuple[str, ...]:
        return (self.case_id,)


class CaseBody(Wire):
    """What a company sends to open a case."""

    case_type: CaseType
    subject: Name
    description: Prose | None = None
    priority: Priority = "normal"
    severity: Name | None = None
    partner_id: Name
    due_time: UtcTime | None = None
    external_reference: ExternalReference | None = None
    business_references: list[BusinessReference] = Field(default_factory=list, max_length=100)
    lines: list[CaseLine] = Field(default_factory=list, max_length=1000)


class CasePatch(Wire):
    """What is left out stays as it is; null empties what may be empty."""

    subject: Name | None = None
    description: Prose | None = None
    priority: Priority | None = None
    severity: Name | None = None
    due_time: UtcTime | None = None
    business_references: list[BusinessReference] | None = None
    lines: list[CaseLine] | None = None

    MAY_BE_NULL: ClassVar[frozenset[str]] = frozenset({"description", "severity", "due_time"})


class MessageBody(Wire):
    body: Text
    visibility: Visibility = "partner"
    hand_back: bool = False
    external_reference: ExternalReference | None = None


class _Action(Wire):
    model_config = ConfigDict(title="Action")


class NoteAction(_Action):
    action: Literal["request_info", "reopen"]
    note: Text | None = None


class EndAction(_Action):
    action: Literal["resolve", "close", "cancel"]
    resolution: Text | None = None
    note: Text | None = None


class ExtendAction(_Action):
    action: Literal["extend"]
    due_time: UtcTime
    note: Text | None = None


class ActionBody(_Action):
    """Only reads which action it is; the rest is read by that action's own body."""

    model_config = ConfigDict(extra="allow")
    action: Literal["request_info", "resolve", "reopen", "close", "cancel", "extend"]


CASE_FIELDS: dict[str, type[Value]] = {
    **COMMON_FIELDS,
    "case_type": str,
    "subject": str,
    "status": str,
    "priority": str,
    "severity": str,
    "due_time": datetime,
}
MESSAGE_FIELDS: dict[str, type[Value]] = {
    **COMMON_FIELDS,
    "visibility": str,
    "author.type": str,
}


def check_lines(lines: list[CaseLine]) -> None:
    """Raises ApiError 422 for a line id that stands twice."""
    seen: set[str] = set()
    for number, line in enumerate(lines):
        if line.line_id in seen:
            raise invalid(f"line_id {line.line_id!r} stands twice.", f"lines.{number}.line_id")
        seen.add(line.line_id)


def render_case(case: Case, links: Links) -> dict[str, Any]:
    body = dump(case, links)
    for name in ("messages", "documents"):
        body["_links"][name] = {"href": links(f"{case.path()}/{name}")}
    return body


def render_message(message: Message, links: Links) -> dict[str, Any]:
    body = dump(message, links)
    body["_links"]["case"] = {"href": links(f"/cases/{message.case_id}")}
    return body
