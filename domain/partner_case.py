"""One partner's part of a case: what it was asked, until when, what it said. Workflows drive it; the rules are here."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, Field

from domain.clock import Clock
from domain.message import Message


class AnswerKind(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    PARTIAL = "partial"
    REQUEST_INFO = "request_info"
    UNKNOWN = "unknown"  # a kind we do not know; `raw_kind` has it

    @classmethod
    def _missing_(cls, value: object) -> "AnswerKind":
        return cls.UNKNOWN


class AnswerLine(Message):
    line_id: str
    code: str = ""
    quantity: int | None = None
    disposition_code: str = ""
    response_reason_code: str = ""
    credit_amount: Decimal | None = None
    note: str = ""
    ship_date: date | None = None
    substitute_sku: str = ""


class PartnerAnswer(Message):
    """What a partner said about its case. `message_id` tells one answer from a later one."""

    message_id: str
    time: datetime
    kind: AnswerKind
    raw_kind: str = ""
    lines: tuple[AnswerLine, ...] = ()
    note: str = ""


class PartnerMessage(Message):
    id: str
    author: str  # partner | company
    body: str
    time: datetime


class PartnerDocument(Message):
    """A paper on a partner's case, by reference: bytes never travel through Temporal."""

    id: str
    document_type: str
    file_name: str
    mime_type: str
    size: int
    author: str = ""


class PartnerCase(BaseModel):
    """A collaboration case in Trading Grid, as our workflow knows it; mutable, owned by one workflow."""

    partner: str
    tenant: str
    name: str = ""
    line_ids: tuple[str, ...]
    remote_id: str = ""
    remote_status: str = ""
    version: int = 0
    asked_for: bool = False
    """We set out to open it; `remote_id` is there once we know that it was."""
    opened_at: datetime | None = None
    clock: Clock | None = None
    answer: PartnerAnswer | None = None
    answered_in_part: bool = False
    """The answer leaves lines open: the partner is still waited for."""
    rejected_answers: list[str] = Field(default_factory=list)
    """Message ids of answers that could not be applied; the partner was told why."""
    question: str = ""
    question_since: datetime | None = None
    silent_since: datetime | None = None
    reminders_sent: int = 0
    messages_seen: list[str] = Field(default_factory=list)
    documents_seen: list[str] = Field(default_factory=list)
    closing: str = ""
    """Why this partner's case is to be closed; empty while it is wanted."""
    settled: bool = False
    """The partner did what it was asked, though it may not have answered; said when the case is closed."""
    closed: bool = False

    @property
    def asked(self) -> bool:
        """The merchant owes the partner an answer."""
        return bool(self.question)

    @property
    def answered(self) -> bool:
        return self.answer is not None

    def take_answer(self, answer: PartnerAnswer, *, completes: bool = True) -> None:
        """A valid answer; it replaces an earlier one, ends a question and the partner's silence.

        One that does not complete the matter leaves the partner's time running.
        """
        self.answer, self.answered_in_part = answer, not completes
        self.question, self.question_since = "", None
        self.silent_since = None
        if self.clock is not None and completes:
            self.clock.over = True

    def take_question(self, question: str, now: datetime) -> None:
        """The partner needs to know something first: its time stands still until the merchant has answered.

        It takes back what the partner answered before, and ends its silence.
        """
        self.answer, self.silent_since = None, None
        self.question = question or "The partner asked for more information."
        self.question_since = now
        if self.clock is not None:
            self.clock.over = False
            self.clock.stop(now)

    def hand_back(self, now: datetime, latest: datetime | None = None) -> None:
        """The merchant has answered: it is the partner's turn, with the time it had left, but a quarter of it at least.

        Never beyond `latest`: what the matter itself is due by does not stand still.
        """
        self.question, self.question_since = "", None
        if self.clock is not None:
            self.clock.resume(now)
            self.clock.due = max(self.clock.due, now + (self.clock.due - self.clock.start) / 4)
            if latest is not None:
                self.clock.due = min(self.clock.due, latest)
