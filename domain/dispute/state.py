"""What a dispute's workflow keeps, and what follows from it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from domain.case import SHOPIFY, CaseState
from domain.clock import Clock
from domain.dispute.decision import Choice, Decide, Submit
from domain.dispute.evidence_text import TEXT_LIMIT, lines_of, marks_of
from domain.dispute.messages import (
    DisputedLine,
    DisputeFacts,
    EvidencePaper,
    PlannedPartner,
    ShippedParcel,
    TextPart,
)
from domain.dispute.names import DisputeStatus, DisputeType, Outcome
from domain.dispute.papers import HeldPaper, Placement, kind_of
from domain.dispute.phases import Answered, AskedPartner, Phase, Verdict, owes
from domain.dispute.reasons import Calls, calls_for
from domain.dispute.timing import Timing, timing
from domain.dispute.wording import Statement, text_parts
from domain.partner_case import PartnerCase
from domain.policy import DisputePolicy
from domain.priority import Priority

MERCHANT = "merchant"
PARTNER = "partner:"
DRAFT_STEPS = ("Put the papers into the draft", "Put the text into the draft")
MOST_PAPERS = 200  # as many as one call takes; more are described in the text
MOST_PARTS = 500
MOST_MARKS = 2000
LATER = timedelta(seconds=1)
"""We act a little after a moment: a partner whose time ends with it has had all of it. (And Temporal's time-skipping server
refuses a timer that is cancelled in the moment it fires.)"""


class DisputeState(BaseModel):
    """The one mutable object a dispute owns; the `current` query shows it as a snapshot (`standing`)."""

    case: CaseState = Field(default_factory=CaseState)
    phase: Phase = Phase.OPENING
    dispute_id: str = ""
    facts: DisputeFacts | None = None
    """As Shopify had it when it was last read."""
    gone: bool = False
    known_due: datetime | None = None
    """The due date we go by; as the opening said, until the dispute was read."""
    due_known_at: datetime | None = None
    """Since when; a new date begins a new time."""
    past_due: bool = False
    """Shopify says that the due date has passed, whatever ours says."""

    lines: list[DisputedLine] = Field(default_factory=list)
    policy: DisputePolicy = Field(default_factory=DisputePolicy)
    priority: Priority = Priority.NORMAL
    planned: dict[str, PlannedPartner] = Field(default_factory=dict)
    partners: dict[str, AskedPartner] = Field(default_factory=dict)

    stage: int = 0
    """Counts the stages of evidence: an inquiry that becomes a chargeback opens the second."""
    stage_type: DisputeType = DisputeType.UNKNOWN
    """The type of the dispute that this stage is about; another one opens another stage."""
    papers: dict[str, HeldPaper] = Field(default_factory=dict)
    named: list[str] = Field(default_factory=list)
    """Documents the merchant named, not looked up yet."""
    refused: dict[str, str] = Field(default_factory=dict)
    """File name -> why a paper is not in the draft, as the merchant was told."""
    late: list[str] = Field(default_factory=list)
    """Papers that came when nothing could be submitted any more; used if the dispute needs a response again."""
    statements: list[Statement] = Field(default_factory=list)

    placements: dict[str, Placement] = Field(default_factory=dict)
    drafted_papers: tuple[EvidencePaper, ...] = ()
    drafted_text: tuple[TextPart, ...] = ()
    drafted_at: datetime | None = None
    marks: list[str] = Field(default_factory=list)
    """Of lines we ever wrote: where staff damaged our part of the text, they tell ours from theirs."""
    left_out: tuple[str, ...] = ()
    """Keys of the parts of the text that found no room."""
    draft_closed: str = ""
    """Why the evidence takes nothing any more, as Shopify said at the last write."""
    draft_word: bool = False
    """The merchant had what there is written into the draft, though the policy does not do it by itself."""
    submitting: bool = False
    """The submission is under way: nothing more is written before it."""

    word: Submit | None = None
    conceded: Decide | None = None
    empty_at: datetime | None = None
    """When a submission found nothing in the draft."""
    empty_parts: int = 0
    answers: dict[DisputeType, Answered] = Field(default_factory=dict)
    asked_again: bool = False
    """Shopify wants a second answer to a type that was answered; the merchant was told."""

    bank_clock: Clock | None = None
    bank_overdue: bool = False
    bank_looks: int = 0
    called: list[str] = Field(default_factory=list)
    """Which calls to people have been made."""
    outcome: Outcome | None = None

    # What Shopify says.

    @property
    def type(self) -> DisputeType:
        return self.facts.type if self.facts else DisputeType.UNKNOWN

    @property
    def calls(self) -> Calls:
        return calls_for(self.facts.reason if self.facts else "")

    def take_facts(self, facts: DisputeFacts, now: datetime) -> None:
        """What Shopify says now. Evidence that is submitted there is the answer to the dispute's type."""
        self.facts, self.gone = facts, False
        if self.due_known_at is None or facts.due != self.known_due:
            self.known_due, self.due_known_at, self.past_due = facts.due, now, False
        others = [one.sent_on for type_, one in self.answers.items() if type_ is not facts.type]
        submitted = (facts.submitted or facts.sent_on is not None) and (
            not others or facts.sent_on not in others
        )
        if submitted or facts.status is DisputeStatus.UNDER_REVIEW:
            self.answer(SHOPIFY, now)

    def answer(self, by: str, now: datetime, *, shadow: bool = False) -> None:
        """The dispute's type is answered; the first word of by whom stays, but for what we did ourselves."""
        sent_on = self.facts.sent_on if self.facts else None
        known = self.answers.get(self.type)
        if known is None or (known.by == SHOPIFY and by != SHOPIFY):
            # Our own answer may be read in Shopify before the call that made it has returned.
            self.answers[self.type] = Answered(by=by, at=now, sent_on=sent_on, shadow=shadow)
        elif known.sent_on is None and sent_on is not None:
            self.answers[self.type] = known.model_copy(update={"sent_on": sent_on})

    @property
    def answered(self) -> bool:
        return self.type in self.answers

    @property
    def needs_response(self) -> bool:
        status = self.facts.status if self.facts else None
        return status is DisputeStatus.NEEDS_RESPONSE and not self.gone

    @property
    def wants_evidence(self) -> bool:
        """Whether evidence is to be gathered and submitted."""
        return self.needs_response and not self.answered and self.conceded is None

    def ended(self) -> Outcome | None:
        """The outcome Shopify's word comes to; None while it is open."""
        if self.gone:
            return Outcome.WITHDRAWN
        match self.facts.status if self.facts else None:
            case DisputeStatus.WON:
                return Outcome.WON
            case DisputeStatus.LOST:
                return Outcome.LOST
            case DisputeStatus.ACCEPTED:
                return Outcome.ACCEPTED
            case DisputeStatus.PREVENTED:
                return Outcome.PREVENTED
            case DisputeStatus.CHARGE_REFUNDED:
                return Outcome.WITHDRAWN
            case _:
                return None

    # Time.

    @property
    def timing(self) -> Timing | None:
        """The moments of this stage; None until the dispute was read, or the opening named a due date."""
        if self.due_known_at is None:
            return None
        return timing(
            self.due_known_at, self.known_due, self.policy.margin, self.policy.answer_within
        )

    def verdict(self, now: datetime) -> Verdict:
        """What the stage comes to: the state decides, not the timer."""
        times = self.timing
        if not self.wants_evidence or times is None or self.type is not self.stage_type:
            return Verdict.OVER
        if self.past_due or (times.due is not None and now >= times.due):
            return Verdict.MISSED
        if self.empty_at is not None and not self._worth_another_try(now):
            return Verdict.WAIT
        if self.word is not None:
            return Verdict.SUBMIT
        if not self.policy.submit_unreviewed:
            return Verdict.WAIT
        if now >= times.submit_at or (self.policy.submit_when_complete and self.complete):
            return Verdict.SUBMIT
        return Verdict.WAIT

    def next_moment(self, now: datetime) -> datetime | None:
        """When the verdict may change by time alone."""
        times = self.timing
        if times is None:
            return None
        moments = [times.submit_at, times.due, self._next_try()]
        coming = [moment + LATER for moment in moments if moment is not None]
        return min((moment for moment in coming if moment > now), default=None)

    def partner_due(self, policy: DisputePolicy, now: datetime) -> datetime:
        """Until when a partner that is asked now may answer: its own time, and never past what is left of ours."""
        times, own = self.timing, policy.answer_within.after(now)
        if times is None:
            return own
        end = times.submit_at if times.submit_at > now else times.last_moment
        return max(min(own, end), now + timedelta(seconds=1))

    @property
    def latest(self) -> datetime | None:
        """No time beyond this is any partner's."""
        times = self.timing
        if times is None:
            return None
        return times.due if times.due is not None else None

    def _next_try(self) -> datetime | None:
        """A submission that found nothing is tried again after half the time that was left: staff may have typed."""
        if self.empty_at is None or self.timing is None:
            return None
        due = self.timing.due
        if due is None:
            return self.empty_at + timedelta(days=1)
        left = (due - self.empty_at) / 2
        return self.empty_at + left if left > timedelta(seconds=20) else None

    def _worth_another_try(self, now: datetime) -> bool:
        again = self._next_try()
        return len(self.text_parts()) > self.empty_parts or (again is not None and now >= again)

    def merchant_due(self, now: datetime) -> datetime | None:
        """Until when a merchant that is asked now has time: until something is decided without it."""
        return self.next_moment(now) if self.phase is Phase.EVIDENCE else None

    # Partners.

    def lines_of(self, partner: str) -> list[DisputedLine]:
        return [line for line in self.lines if line.partner == partner]

    def missing_of(self, partner: str) -> list[str]:
        """The types of papers a partner was asked for, and has not sent."""
        there = {one.document_type for one in self.papers.values() if one.partner == partner}
        return [kind for kind in self.partners[partner].wanted if kind not in there]

    def wanted_of(self, partner: str) -> list[str]:
        """What a partner is to be asked for: what the reason calls for, less what we hold of it."""
        there = {one.document_type for one in self.papers.values() if one.partner == partner}
        return [kind for kind in self.calls.papers if kind not in there]

    def gave_evidence(self, partner: str) -> bool:
        """Whether a partner has given anything in this stage, or its papers are all there."""
        stated = any(
            one.by == PARTNER + partner and one.stage == self.stage for one in self.statements
        )
        return stated or any(one.source == PARTNER + partner for one in self.papers.values())

    @property
    def open_partners(self) -> list[AskedPartner]:
        """Those who still owe a word."""
        return [one for one in self.partners.values() if owes(one.case)]

    @property
    def questions(self) -> list[PartnerCase]:
        return [one.case for one in self.partners.values() if one.case.asked]

    @property
    def complete(self) -> bool:
        """Every partner has answered, and nothing that was asked for is missing."""
        return bool(self.partners) and all(
            one.case.answered
            and not one.case.answered_in_part
            and not one.case.asked
            and not self.missing_of(partner)
            for partner, one in self.partners.items()
        )

    # The merchant.

    @property
    def wants_merchant(self) -> bool:
        if self.phase is Phase.BANK:
            return self.bank_overdue
        return self.phase is Phase.EVIDENCE and bool(self.why_merchant)

    @property
    def why_merchant(self) -> str:
        """What the merchant is waited for while evidence is gathered; empty where somebody else is."""
        if not self.wants_evidence:
            return ""
        if questions := self.questions:
            asked = questions[0]
            return f"an answer to {asked.name or asked.partner}: {asked.question}"
        if self.empty_at is not None:
            return "evidence: there is nothing to submit, neither a statement nor a paper"
        if not self.partners and not self.papers and not self.statements:
            return "evidence: no partner can be asked"
        if not self.open_partners:
            return "the word to submit: everybody who was asked has answered or is silent"
        return ""

    # Evidence.

    def state_evidence(self, partner: str, name: str, key: str, text: str) -> None:
        """A partner's statement; a later one of the same stage takes the place of the earlier, an empty text leaves it."""
        if not text.strip():
            return
        self.withdraw_statement(partner)
        self.statements.append(
            Statement(key=key, by=PARTNER + partner, name=name, text=text, stage=self.stage)
        )

    def withdraw_statement(self, partner: str) -> None:
        self.statements = [
            one for one in self.statements if one.by != PARTNER + partner or one.stage != self.stage
        ]

    def hold_paper(self, paper: HeldPaper) -> None:
        """A paper of this dispute. The same bytes are one paper, whoever sent them again."""
        known = [one for one in self.papers.values() if one.sha256 and one.sha256 == paper.sha256]
        if paper.document_id not in self.papers and not known:
            self.papers[paper.document_id] = paper

    @property
    def ranked_papers(self) -> list[HeldPaper]:
        """The most telling first: as the reason ranks them, then as they came."""
        ranks = {kind: place for place, kind in enumerate(self.calls.papers)}
        last = len(ranks)
        return sorted(self.papers.values(), key=lambda one: ranks.get(one.document_type, last))

    def wanted_papers(self) -> tuple[EvidencePaper, ...]:
        """What of papers should stand in the draft."""
        return tuple(
            EvidencePaper(document_id=one.document_id, field=kind_of(one.document_type).field)
            for one in self.ranked_papers[:MOST_PAPERS]
        )

    def text_parts(self) -> tuple[TextPart, ...]:
        """What our part of the text should say; what can never find room in it is not sent at all (`oversized`)."""
        oversized = set(self.oversized())
        return tuple(one for one in self._all_parts() if one.key not in oversized)

    def oversized(self) -> tuple[str, ...]:
        """Keys of parts that are longer than all of the text may be, or stand behind more than any text holds."""
        left: list[str] = []
        sent = 0
        for place, one in enumerate(self._all_parts()):
            if place < MOST_PARTS and len(one.text) <= TEXT_LIMIT and sent <= 5 * TEXT_LIMIT:
                sent += len(one.text)
            else:
                left.append(one.key)
        return tuple(left)

    def part(self, key: str) -> str:
        return next((one.text for one in self._all_parts() if one.key == key), key)

    def _all_parts(self) -> tuple[TextPart, ...]:
        more = self.facts.more_parcels if self.facts else 0
        return text_parts(self.statements, self.ranked_papers, self.placements, self.parcels, more)

    def mark(self, parts: Sequence[TextPart]) -> tuple[str, ...]:
        """Remember what is about to be written, in case its answer is lost; the marks of all that ever was. Bounded."""
        new = sorted(marks_of(lines_of(part.text for part in parts)))
        self.marks = list(dict.fromkeys([*self.marks, *new]))[-MOST_MARKS:]
        return tuple(self.marks)

    @property
    def parcels(self) -> Sequence[ShippedParcel]:
        return self.facts.parcels if self.facts else ()

    @property
    def drafts(self) -> bool:
        """Whether evidence may be written into the draft now."""
        told = self.policy.auto_draft or self.draft_word or self.phase is Phase.SUBMITTING
        return told and self.wants_evidence and not self.submitting and not self.draft_closed

    @property
    def draft_due(self) -> bool:
        """Whether the draft lacks something it should have."""
        return (
            bool(self.named)
            or self.wanted_papers() != self.drafted_papers
            or self.text_parts() != self.drafted_text
        )

    @property
    def draft_refused(self) -> bool:
        """A write of the draft was refused for good: waiting does not help it."""
        return any(step in self.case.troubles for step in DRAFT_STEPS)

    # Stages.

    def begin_stage(self, now: datetime) -> None:
        """Evidence is wanted, for the first time or again: earlier evidence stays, earlier words do not count."""
        self.stage += 1
        self.phase = Phase.ASKING
        self.stage_type = self.type
        if self.stage > 1:
            self.due_known_at = now
        self.word, self.empty_at, self.draft_closed = None, None, ""
        self.submitting = self.draft_word = self.past_due = False
        self.late = []
        # What an earlier submission took is written anew: Shopify's draft may have been emptied with it.
        self.drafted_papers, self.drafted_text, self.placements = (), (), {}

    def begin_wait(self, now: datetime) -> None:
        """The bank is waited for. A clock that ran out begins anew only once the merchant was asked in vain."""
        self.phase = Phase.BANK
        if not self.bank_overdue:
            self.bank_clock = Clock.begin(now, self.policy.bank_within, reminders=())

    def decide(self, command: Decide, now: datetime) -> None:
        match command.choice:
            case Choice.CONCEDE:
                self.conceded = command
            case Choice.CONTEST:
                self.conceded = None
            case Choice.DRAFT:
                self.draft_word = True
            case Choice.KEEP_WAITING:
                self.bank_overdue = False
                until = command.until or self.policy.bank_within.after(now)
                if self.bank_clock is not None:
                    self.bank_clock.extend(until, now)

    @property
    def submissions(self) -> int:
        """How many answers we gave Shopify ourselves."""
        return sum(1 for one in self.answers.values() if one.by != SHOPIFY and not one.shadow)

    @property
    def result(self) -> str:
        """A short addition to the outcome's words."""
        if self.gone:
            return "gone from Shopify"
        if self.facts and self.facts.status is DisputeStatus.CHARGE_REFUNDED:
            return "the charge was refunded"
        return str(self.facts.amount) if self.facts else ""
