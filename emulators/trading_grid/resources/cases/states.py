"""What may happen to a case, by either side. Everything that changes one goes through here.

new -> open -> pending_partner <-> pending_company -> resolved -> closed; resolved or closed -> open by
reopen; any -> cancelled. The emulator makes new cases ``pending_partner`` at once.
"""

from typing import Any

from emulators.trading_grid.emulator import Emulator
from emulators.trading_grid.errors import invalid, invalid_state
from emulators.trading_grid.resources.cases.model import (
    ENDED,
    UNSETTLED,
    AnswerBody,
    Case,
    CaseAnswer,
    CaseStatus,
    EndAction,
    ExtendAction,
    Message,
    NoteAction,
)
from emulators.trading_grid.resources.partners import Partner
from emulators.trading_grid.store import Author, Tenant, new_id

COMPANY = "company"
PARTNER = "partner"

_ANSWER_WORDS = {
    "accept": "Accepted.",
    "decline": "Declined.",
    "partial": "Accepted in part.",
    "request_info": "More information is needed.",
}


class CaseDesk:
    """One case of one tenant, and the hands that change it."""

    def __init__(self, emulator: Emulator, tenant: Tenant, case: Case) -> None:
        self.emulator = emulator
        self.tenant = tenant
        self.case = case

    def author(self, side: str) -> Author:
        if side == COMPANY:
            return Author(type=COMPANY, name=self.tenant.name)
        return Author(type=PARTNER, name=self.tenant.table(Partner).get(self.case.partner_id).name)

    def must_be(self, allowed: tuple[CaseStatus, ...], doing: str) -> None:
        """Raises ApiError 409."""
        if self.case.status not in allowed:
            raise invalid_state(
                f"A case that is {self.case.status} can't be {doing}; it would have to be "
                f"{' or '.join(allowed)}."
            )

    def must_take_entries(self) -> None:
        """Messages and documents: until the case has ended. Raises ApiError 409."""
        if self.case.status in ENDED:
            raise invalid_state(f"The case is {self.case.status}; nothing can be added to it.")

    def moved(self, event_type: str = "case.updated") -> None:
        """Counts a change of the case and tells of it."""
        self.case.touch(self.emulator.clock())
        self.emulator.publish(self.tenant, event_type, self.case)

    def say(self, side: str, body: str, **more: Any) -> Message:
        """A message for the thread, stored and told of."""
        message = self._message(side, body, **more)
        self.tenant.table(Message).add(message)
        self.tell_message(message)
        return message

    def tell_message(self, message: Message) -> None:
        self.emulator.publish(self.tenant, "case.message_added", message, case_id=self.case.id)

    def _message(self, side: str, body: str, **more: Any) -> Message:
        now = self.emulator.clock()
        return Message(
            case_id=self.case.id,
            partner_id=self.case.partner_id,
            body=body,
            author=self.author(side),
            create_time=now,
            update_time=now,
            **more,
        )

    def draft(self, body: str, **more: Any) -> Message:
        """A company message that is not stored yet."""
        return self._message(COMPANY, body, **more)

    def hand_back(self) -> None:
        """Gives the matter back to the partner."""
        if self.case.status != "pending_partner":
            self.case.status = "pending_partner"
            self.moved()

    def answer(self, body: AnswerBody) -> Message:
        """The partner's answer; a later one replaces it. Raises ApiError 409."""
        self.must_be(UNSETTLED, "answered")
        message = self._message(PARTNER, body.note or _ANSWER_WORDS[body.kind], id=new_id())
        self.tenant.table(Message).add(message)
        self.case.answer = CaseAnswer(
            kind=body.kind,
            lines=body.lines,
            note=body.note,
            message_id=message.id,
            time=message.create_time,
        )
        self.case.status = "pending_company"
        self.moved("case.answered")
        return message

    def request_info(self, action: NoteAction) -> None:
        if action.note is None:
            raise invalid("request_info needs a note that says what is asked.", "note")
        self.must_be(UNSETTLED, "handed to the partner")
        self.say(COMPANY, action.note)
        self.hand_back()

    def reopen(self, action: NoteAction) -> None:
        self.must_be(("resolved", "closed"), "reopened")
        self.case.status = "open"
        self.case.resolution = None
        self.moved()
        if action.note is not None:
            self.say(COMPANY, action.note)

    def extend(self, action: ExtendAction) -> None:
        self.must_be(UNSETTLED, "extended")
        if action.due_time <= self.emulator.clock():
            raise invalid("due_time must lie ahead.", "due_time")
        self.case.due_time = action.due_time
        self.moved()
        if action.note is not None:
            self.say(COMPANY, action.note)

    def end(self, action: EndAction, side: str) -> None:
        """resolve, close or cancel, by either side."""
        allowed: dict[str, tuple[tuple[CaseStatus, ...], CaseStatus, str]] = {
            "resolve": (UNSETTLED, "resolved", "case.resolved"),
            "close": ((*UNSETTLED, "resolved"), "closed", "case.closed"),
            "cancel": ((*UNSETTLED, "resolved", "closed"), "cancelled", "case.updated"),
        }
        before, after, event_type = allowed[action.action]
        self.must_be(before, after)
        if action.note is not None:
            self.say(side, action.note)
        self.case.status = after
        if action.resolution is not None:
            self.case.resolution = action.resolution
        self.moved(event_type)
