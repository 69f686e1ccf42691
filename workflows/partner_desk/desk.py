"""Drives one partner's case in Trading Grid: opens it, looks when told, reminds, escalates, closes."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.partner_case import PartnerCaseActivities
    from domain.case import GRIDCASE
    from domain.clock import Clock, Tick
    from domain.notification import Severity
    from domain.operator import Extend, MessagePartner, Nudge, PartnerChanged
    from domain.partner_case import AnswerKind, PartnerAnswer, PartnerCase, PartnerDocument
    from domain.partner_messages import (
        FetchDocument,
        FetchedDocument,
        OpenPartnerCase,
        PartnerCaseFacts,
        ReadPartnerCase,
    )
    from domain.policy import AtDeadline, Policy
    from workflows.case_file import CaseFile
    from workflows.notices import Notices
    from workflows.options import PARTNER_CALL
    from workflows.outside import Outside
    from workflows.partner_desk.letters import Letters
    from workflows.waiting import Stopped, hold, until

Ask = PartnerChanged | MessagePartner | Nudge | Extend

_GONE = {"closed", "cancelled"}
LOOK = "look"  # the type of a change nobody announced: we look for ourselves, at everything


def is_of_case(change: PartnerChanged) -> bool:
    """Whether it concerns the partner's case itself, its messages or its documents."""
    return change.event_type == LOOK or change.event_type.startswith("case.")


@dataclass
class PartnerDesk:
    """One partner's side of a case. The lifecycle says what is asked and what an answer means; the rest is the same for all.

    `request` builds the case to open; `judge` says what is wrong with an answer (nothing: it is applied); `opened` runs once
    after the case is there; `look_further` reads what the lifecycle keeps beside the case (a return authorisation), where
    one of these changes concerns it; `may_answer` is false once the matter is decided; `changed` is called whenever the
    state moved.
    """

    case: PartnerCase
    policy: Policy
    shop: str
    case_id: str
    request: Callable[[str], OpenPartnerCase]
    judge: Callable[[PartnerAnswer], Sequence[str]]
    opened: Callable[[], Awaitable[None]]
    look_further: Callable[[Sequence[PartnerChanged]], Awaitable[None]]
    may_answer: Callable[[], bool]
    changed: Callable[[], None]
    file: CaseFile
    outside: Outside
    notices: Notices
    inbox: list[Ask] = field(default_factory=list)
    documents: tuple[str, ...] = ()
    """Our documents that go to the partner with the case."""
    timed: bool = True
    """Off: a mere conversation; nobody is reminded here, and no deadline runs."""
    completes: Callable[[PartnerAnswer], bool] = lambda _: True
    """Whether an answer leaves nothing open; after one that does, the partner's time runs on."""
    took: Callable[[PartnerDocument, FetchedDocument], None] = lambda _document, _fetched: None
    """Told of each document the partner put into the case, taken or refused."""
    due: Callable[[datetime], datetime] | None = None
    """Until when a partner that is asked at this moment may answer; None: for the policy's time."""
    latest: Callable[[], datetime | None] = lambda: None
    """No time beyond this is the partner's, whoever would give it."""

    letters: Letters = field(init=False)
    stuck: bool = field(init=False, default=False)
    """The case was stopped while a call of its was refused: nothing more is written but its closing."""
    _waits: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.letters = Letters(self.case, self.case_id, self.outside, self.request, self._not_taken)

    async def attend(self) -> None:
        """Drive the partner's case until `close` is asked for; one that an earlier run opened is gone on with."""
        try:
            if self.case.opened_at is None:
                await self._open()
            while not self.case.closing:
                await self._next()
        except Stopped:
            # The case was stopped while a call was refused: what is left is to close what was opened.
            self.stuck = True
            await hold(lambda: bool(self.case.closing))
        self._note_unsent()
        if not self.case.asked_for or self.case.remote_status in _GONE:
            self.case.closed = True
        else:
            await self.letters.close()

    def close(self, resolution: str, *, settled: bool = False) -> None:
        """Ask for the partner's case to be closed, with these words for the partner.

        `settled`: the partner did what it was asked, though it may not have answered.
        """
        if not self.case.closing:
            self.case.closing, self.case.settled = resolution, settled

    def look(self) -> None:
        """Ask for a look at everything the partner has, though nobody announced a change."""
        self.inbox.append(PartnerChanged(event_id="", event_type=LOOK, partner=self.case.partner))

    @property
    def name(self) -> str:
        return self.case.name or self.case.partner

    @property
    def takes_orders(self) -> bool:
        """Whether something asked of the partner now will still be done."""
        return not self.case.closing

    @property
    def at_rest(self) -> bool:
        """Whether it only waits for something to happen."""
        return self.case.closed or (self._waits and not self.inbox)

    def begin_clock(self, now: datetime) -> Clock:
        """A new time for the partner, from `now` on."""
        clock = Clock.begin(
            now,
            self.policy.answer_within,
            reminders=self.policy.reminders,
            escalate_at=self.policy.escalate_at,
        )
        if self.due is not None:
            clock.due = self.due(now)
        return clock

    # Private steps.

    async def _open(self) -> None:
        opened = await self.letters.open()
        now = workflow.now()
        if opened is not None:
            self.file.refer("trading_grid_case", f"{self.case.tenant}/{opened.remote_id}")
            self.file.note("partner", f"{self.name} was asked (case {opened.remote_id}).")
        self.case.opened_at = now
        if self.timed:
            self.case.clock = self.begin_clock(now)
        self.changed()
        if self.case.remote_id:
            for document_id in self.documents:
                await self.letters.send_document(document_id)
            await self.opened()
            self.changed()

    async def _next(self) -> None:
        clock = self.case.clock
        due = clock.next() if clock and self.may_answer() else None
        words = f"{self.name}: {due.tick.value}" if due else ""
        self._waits = True
        moved = await until(
            lambda: bool(self.inbox) or bool(self.case.closing) or self._clock_moved(clock, due),
            due.at if due else None,
            words,
        )
        self._waits = False
        if self.inbox:
            await self._serve(self._take())
        elif not moved and clock is not None:
            await self._tick(clock)
        self.changed()

    def _clock_moved(self, clock: Clock | None, due: object) -> bool:
        """Whether what was waited for is no longer what comes next: extended, stopped, resumed, or decided."""
        now = clock.next() if clock and self.may_answer() else None
        return now != due

    def _take(self) -> MessagePartner | Nudge | Extend | list[PartnerChanged]:
        """What is to be done next: all changes that wait are one look, and come before what is asked of the partner.

        A look first: what is sent then does not cross an answer that is already there.
        """
        changes = [ask for ask in self.inbox if isinstance(ask, PartnerChanged)]
        if changes:
            self.inbox[:] = [ask for ask in self.inbox if not isinstance(ask, PartnerChanged)]
            return changes
        ask = self.inbox.pop(0)
        assert not isinstance(ask, PartnerChanged)
        return ask

    async def _serve(self, ask: MessagePartner | Nudge | Extend | list[PartnerChanged]) -> None:
        match ask:
            case list():
                await self._look(ask)
            case MessagePartner():
                for document_id in ask.document_ids:
                    await self.letters.send_document(document_id)
                if await self.letters.post(ask.text, hand_back=ask.hand_back):
                    self.file.note("message", f"To {self.name}: {ask.text}", actor=ask.actor)
                if ask.hand_back and self.case.asked:
                    self.case.hand_back(workflow.now(), self.latest())
            case Nudge():
                text = ask.text or self._reminder_text()
                if await self.letters.post(text, hand_back=False):
                    self.file.note("reminder", f"{self.name} was nudged.", actor=ask.actor)
            case Extend():
                await self._extend(ask)

    async def _look(self, changes: Sequence[PartnerChanged]) -> None:
        """Read what Trading Grid has now; the events only said that something changed."""
        if not self.case.remote_id:
            return
        await self.look_further(changes)
        if not any(is_of_case(change) and self.is_news(change) for change in changes):
            return
        facts = await self.outside.read(
            PartnerCaseActivities.read_partner_case,
            ReadPartnerCase(
                tenant=self.case.tenant, partner=self.case.partner, remote_id=self.case.remote_id
            ),
            PARTNER_CALL,
            f"Read the case of {self.name}",
        )
        if facts.version < self.case.version:
            return  # an older copy than the one already seen
        self.case.version, self.case.remote_status = facts.version, facts.status
        self._take_messages(facts)
        # Before the documents: one that cannot be fetched must not hold the answer up.
        await self._take_answer(facts)
        await self._take_documents(facts)
        if facts.status in _GONE and not self.case.closing and not self.case.answered:
            self._partner_left(facts.status)

    def is_news(self, change: PartnerChanged) -> bool:
        """False for what was read already, and for the echo of what we wrote."""
        match change.event_type:
            case "case.updated" if change.resource_id == self.case.remote_id:
                return not 0 < change.version <= self.case.version
            case "case.message_added":
                return change.resource_id not in self.case.messages_seen
            case "case.document_added":
                return change.resource_id not in self.case.documents_seen
            case _:
                return True

    def _take_messages(self, facts: PartnerCaseFacts) -> None:
        answer_id = facts.answer.message_id if facts.answer else ""
        for message in facts.messages:
            if message.id not in self.case.messages_seen:
                self.case.messages_seen.append(message.id)
                if message.id == answer_id:
                    continue  # the answer's own words are told with the answer
                self.file.note(
                    "message",
                    f"From {self.name}: {message.body}",
                    actor=f"partner:{self.case.partner}",
                )

    async def _take_documents(self, facts: PartnerCaseFacts) -> None:
        for document in facts.documents:
            if document.id in self.case.documents_seen:
                continue
            self.case.documents_seen.append(document.id)
            fetched = await self.outside.read(
                PartnerCaseActivities.fetch_document,
                FetchDocument(
                    shop=self.shop,
                    tenant=self.case.tenant,
                    partner=self.case.partner,
                    case_id=self.case_id,
                    remote_document_id=document.id,
                ),
                PARTNER_CALL,
                f"Fetch a document of {self.name}",
            )
            self.took(document, fetched)
            if fetched.refused:
                self.file.note(
                    "document",
                    f"{document.file_name} from {self.name} was not taken: {fetched.refused}",
                    flagged=True,
                )
                await self.letters.post(
                    f"{document.file_name} could not be taken: {fetched.refused}"
                )
            else:
                self.file.note(
                    "document",
                    f"{fetched.file_name} ({document.document_type}) from {self.name}",
                    actor=f"partner:{self.case.partner}",
                )

    async def _take_answer(self, facts: PartnerCaseFacts) -> None:
        answer, current = facts.answer, self.case.answer
        if answer is None or answer.message_id in self.case.rejected_answers:
            return
        if current is not None and answer.message_id == current.message_id:
            return
        actor = f"partner:{self.case.partner}"
        said = f"{self.name} answered: {answer.kind.value}" + (
            f" ({answer.note})" if answer.note else ""
        )
        if not self.may_answer():
            self.case.rejected_answers.append(answer.message_id)
            self.file.note(
                "answer", f"{said}, after the decision; not applied", actor=actor, flagged=True
            )
            return
        if answer.kind is AnswerKind.REQUEST_INFO:
            self.case.rejected_answers.append(answer.message_id)
            self.case.take_question(answer.note, workflow.now())
            self.file.note("question", said, actor=actor)
            self.notices.send(
                self.policy.notify, Severity.WARNING, f"{self.name} asks", self.case.question
            )
            return
        if problems := self.judge(answer):
            self.case.rejected_answers.append(answer.message_id)
            self.file.note(
                "answer", f"{said}; not applied: {' '.join(problems)}", actor=actor, flagged=True
            )
            await self.letters.post(
                "Your answer could not be taken: " + " ".join(problems) + " Please answer again.",
                hand_back=True,
            )
            return
        self.case.take_answer(answer, completes=self.completes(answer))
        self.file.note("answer", said, actor=actor)

    def _partner_left(self, status: str) -> None:
        """The partner closed its case without an answer: that is silence, and it will not be broken."""
        if self.case.silent_since is None:
            self.case.silent_since = workflow.now()
            if self.case.clock is not None:
                self.case.clock.over = True
            self.file.note(
                "partner", f"{self.name} set its case to {status} without an answer.", flagged=True
            )

    async def _tick(self, clock: Clock) -> None:
        tick = clock.take(workflow.now())
        if tick is None:
            return
        # Before anyone is reminded, or silence is taken for an answer: a webhook may have been lost.
        await self._look([PartnerChanged(event_id="", event_type=LOOK, partner=self.case.partner)])
        settled = self.case.answered and not self.case.answered_in_part
        if settled or self.case.asked or self.case.silent_since is not None:
            return
        match tick:
            case Tick.REMIND:
                if await self.letters.post(self._reminder_text()):
                    self.case.reminders_sent += 1
                    self.file.note("reminder", f"{self.name} was reminded.")
            case Tick.ESCALATE:
                self._escalate(f"{self.name} has not answered; due {clock.due:%d %b %Y %H:%M} UTC.")
            case Tick.DEADLINE:
                if self.policy.at_deadline is not AtDeadline.KEEP:
                    self.case.silent_since = workflow.now()
                self.file.note("deadline", f"{self.name} did not answer in time.", flagged=True)
                self._escalate(f"{self.name} did not answer in time.")

    def _escalate(self, text: str) -> None:
        self.outside.escalate()
        self.notices.send(
            self.policy.escalate_to or self.policy.notify,
            Severity.URGENT,
            f"{self.name} is late",
            text,
        )

    async def _extend(self, ask: Extend) -> None:
        if self.case.clock is None:
            return
        latest = self.latest()
        due = ask.until if latest is None else min(ask.until, latest)
        self.case.clock.extend(due, workflow.now())
        self.case.silent_since = None
        self.file.note(
            "extended", f"{self.name} has until {due:%d %b %Y %H:%M} UTC.", actor=ask.actor
        )
        self.changed()
        await self.letters.extend(due)

    def _not_taken(self, what: str) -> None:
        """The partner has ended its case: say so, and look at it."""
        self.file.note("partner", f"{self.name} has ended its case; {what}", flagged=True)
        self.look()

    def _note_unsent(self) -> None:
        for ask in self.inbox:
            if isinstance(ask, MessagePartner) and ask.actor != GRIDCASE:
                text = f"Not sent to {self.name}, whose case is being closed: {ask.text}"
                self.file.note("message", text, actor=ask.actor, flagged=True)

    def _reminder_text(self) -> str:
        if not self.may_answer():
            return "A reminder: please see to what is still open on this case."
        due = self.case.clock.due if self.case.clock else None
        until_when = f" by {due:%d %b %Y %H:%M} UTC" if due else ""
        return f"A reminder: please answer this case{until_when}."
