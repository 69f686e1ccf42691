"""What every case takes from outside: the operator's words all lifecycles share, and the signals that say "look again".

The object registers their handlers when the workflow is made, so that a workflow class declares only what is its own.
Handlers record; the story and the desks act.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import wraps
from typing import NoReturn, TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain import operator
    from domain.failures import CASE_CLOSED, INVALID_COMMAND, NOT_NOW, UNKNOWN_PARTNER
    from workflows.case_tools import AnyCase
    from workflows.partner_desk import PartnerDesk

# What Trading Grid tells of our own closing of a partner's case.
_ECHOES_OF_THE_END = frozenset({"case.resolved", "case.updated", "case.closed"})


AnyCommand = TypeVar("AnyCommand", bound=operator.Command)
AskOfPartner = operator.MessagePartner | operator.Nudge | operator.Extend


def _update_mark() -> str:
    info = workflow.current_update_info()
    return f"update {info.id}" if info else ""


def refuse(type_: str, message: str) -> NoReturn:
    """Refuse an update; the type (`domain.failures`) tells the API which status it is."""
    raise ApplicationError(message, type=type_, non_retryable=True)


class OperatorWords:
    """The shared updates and signals of one case.

    `shopify_changed` collects in `shopify_changes`, for the lifecycle to look once for all of them. The hooks a lifecycle
    may set: `desk_for` finds the desk of a partner (and may open one that is not there yet), for those of `partners`;
    `elsewhere` takes a change at Trading Grid that is not of a partner's case (true: taken); `may_retry` allows `retry`
    though nothing stands as a trouble, `on_retry` does more on it; `ask` passes on what is asked of a partner (as it is,
    to its desk); `over_for_partners` says why a partner gets no more time, `over_for_others` why nobody else does; `latest`
    is the moment beyond which nobody is given time; `over_runs`: the case goes on in new runs, so that the ids of updates
    are remembered with it.
    """

    def __init__(self, tools: AnyCase) -> None:
        self._tools = tools
        self.shopify_changes: list[operator.ShopifyChanged] = []
        self.desk_for: Callable[[str], PartnerDesk | None] = tools.desks.get
        self.partners: Callable[[], Collection[str]] = lambda: tools.desks
        self.elsewhere: Callable[[operator.PartnerChanged], bool] = lambda _: False
        self.may_retry: Callable[[], bool] = lambda: False
        self.over_for_partners: Callable[[], str] = lambda: ""
        self.over_for_others: Callable[[], str] = lambda: ""
        self.latest: Callable[[], datetime | None] = lambda: None
        self.on_retry: Callable[[], None] = lambda: None
        self.ask: Callable[[str, AskOfPartner], None] = self._ask_desk
        self.over_runs = False
        self._register()

    # For a lifecycle's own words.

    def take(
        self, name: str, command: operator.Command, apply: Callable[[], None]
    ) -> operator.Receipt:
        """Apply a word; once, however often its update comes, in whatever run."""
        if not self._applied_before():
            self._remember()
            apply()
        return self.received(name, command)

    def check(self, may_apply: Callable[[], None] | None = None) -> None:
        """Refuse a word that an open case can't take now; what was applied is not refused when it comes again."""
        if not self._applied_before():
            self.check_open()
            if may_apply is not None:
                may_apply()

    def received(self, name: str, command: operator.Command) -> operator.Receipt:
        """The answer to a command that was recorded."""
        self._tools.show()
        snapshot = self._tools.facts.snapshot()
        waiting = snapshot.waiting_for
        return operator.Receipt(
            command=name,
            digest=command.digest(),
            status=snapshot.status.value,
            waiting_for=f"{waiting.who}: {waiting.what}" if waiting else "",
        )

    def check_open(self) -> None:
        """Refuse a word to a case that has ended, or is ending."""
        case, subject = self._tools.case, self._subject
        if case.closed_at is not None:
            outcome = self._tools.facts.snapshot().outcome.replace("_", " ")
            refuse(CASE_CLOSED, f"This {subject} is closed: {outcome}.")
        if case.stop:
            refuse(CASE_CLOSED, f"This {subject} is being ended: {case.stop}")

    def check_partner(self, partner: str) -> None:
        """For what is asked of a partner: it must be one of ours, with a case that is not being closed."""
        self.check_open()
        if partner not in self.partners():
            known = ", ".join(self.partners()) or "nobody"
            refuse(
                UNKNOWN_PARTNER, f"{partner} is not asked in this {self._subject}; asked: {known}."
            )
        desk = self._tools.desks.get(partner)
        if desk is not None and not desk.takes_orders:
            refuse(NOT_NOW, f"The case of {partner} is closed: {desk.case.closing}")

    @property
    def _subject(self) -> str:
        return self._tools.facts.subject.removeprefix("The ")

    def _register(self) -> None:
        signal = workflow.set_signal_handler
        self._update(operator.MESSAGE_PARTNER, self._message_partner, self._may_message)
        self._update(operator.NUDGE, self._nudge, self._may_nudge)
        self._update(operator.EXTEND, self._extend, self._may_extend)
        self._update(operator.ADD_NOTE, self._add_note, self._may_add_note)
        self._update(operator.ASSIGN, self._assign, self._may_assign)
        self._update(operator.CANCEL, self._cancel, self._may_cancel)
        self._update(operator.RETRY, self._retry, self._may_retry)
        signal(operator.SHOPIFY_CHANGED, self._shopify_changed)
        signal(operator.PARTNER_CHANGED, self._partner_changed)
        signal(operator.PAUSE_CHANGED, self._pause_changed)

    def _update(
        self,
        name: str,
        handler: Callable[[AnyCommand], operator.Receipt],
        validator: Callable[[AnyCommand], None],
    ) -> None:
        @wraps(handler)
        def once(command: AnyCommand) -> operator.Receipt:
            if self._applied_before():
                return self.received(name, command)
            self._remember()
            return handler(command)

        @wraps(validator)
        def check(command: AnyCommand) -> None:
            if not self._applied_before():
                validator(command)

        workflow.set_update_handler(name, once, validator=check)

    def _applied_before(self) -> bool:
        """Whether this very update was applied in an earlier run: a new run forgets the ids of the one before."""
        return self.over_runs and _update_mark() in self._tools.case.seen_events

    def _remember(self) -> None:
        """Keep the id of the update under way for the runs to come."""
        if self.over_runs:
            self._tools.case.saw(_update_mark())

    # Signals: they only say "look again".

    def _shopify_changed(self, change: operator.ShopifyChanged) -> None:
        if not self._tools.case.saw(change.event_id):
            self.shopify_changes.append(change)

    def _partner_changed(self, change: operator.PartnerChanged) -> None:
        if self._tools.case.saw(change.event_id) or self.elsewhere(change):
            return
        desk = self._tools.desks.get(change.partner)
        if desk is not None and desk.takes_orders:
            desk.inbox.append(change)
        elif desk is None or (change.event_type not in _ECHOES_OF_THE_END and desk.is_news(change)):
            why = "who is not asked here" if desk is None else "whose case is being closed"
            self._tools.file.note(
                "partner",
                f"{change.event_type} came for {change.partner}, {why}.",
                flagged=True,
                event_id=change.event_id,
            )

    def _pause_changed(self, change: operator.PauseChanged) -> None:
        self._tools.outside.look_at_pause()

    # Updates: the operator's words.

    def _message_partner(self, command: operator.MessagePartner) -> operator.Receipt:
        self.ask(command.partner, command)
        return self.received(operator.MESSAGE_PARTNER, command)

    def _may_message(self, command: operator.MessagePartner) -> None:
        self.check_partner(command.partner)

    def _nudge(self, command: operator.Nudge) -> operator.Receipt:
        self.ask(command.partner, command)
        return self.received(operator.NUDGE, command)

    def _may_nudge(self, command: operator.Nudge) -> None:
        self.check_partner(command.partner)

    def _extend(self, command: operator.Extend) -> operator.Receipt:
        if command.partner:
            self.ask(command.partner, command)
        elif clock := self._tools.patience.own_clock():
            clock.extend(command.until, workflow.now())
            self._tools.file.note(
                "extended",
                f"{self._tools.facts.subject} waits until {command.until:%d %b %Y %H:%M %Z}.",
                actor=command.actor,
            )
        return self.received(operator.EXTEND, command)

    def _may_extend(self, command: operator.Extend) -> None:
        self.check_open()
        self.check_future(command.until)
        latest = self.latest()
        if latest is not None and command.until > latest:
            refuse(INVALID_COMMAND, f"It is due by {latest:%d %b %Y %H:%M} UTC; nobody gets more.")
        if command.partner:
            self.check_partner(command.partner)
            if why := self.over_for_partners():
                refuse(NOT_NOW, why)
        elif why := self.over_for_others():
            refuse(NOT_NOW, why)
        elif self._tools.patience.own_clock() is None:
            refuse(NOT_NOW, f"The {self._subject} waits for a partner; name it.")

    @staticmethod
    def check_future(moment: datetime) -> None:
        if moment <= workflow.now():
            refuse(INVALID_COMMAND, "That moment has passed.")

    def _add_note(self, command: operator.AddNote) -> operator.Receipt:
        self._tools.case.notes.append(command.text)
        self._tools.file.note("note", command.text, actor=command.actor)
        return self.received(operator.ADD_NOTE, command)

    def _may_add_note(self, command: operator.AddNote) -> None:
        self.check_open()

    def _assign(self, command: operator.Assign) -> operator.Receipt:
        self._tools.case.assignee = command.assignee
        who = command.assignee or "nobody"
        self._tools.file.note("assigned", f"Assigned to {who}.", actor=command.actor)
        return self.received(operator.ASSIGN, command)

    def _may_assign(self, command: operator.Assign) -> None:
        self.check_open()

    def _cancel(self, command: operator.Cancel) -> operator.Receipt:
        self._tools.stop(f"Cancelled by {command.actor}: {command.reason}", command.actor)
        return self.received(operator.CANCEL, command)

    def _may_cancel(self, command: operator.Cancel) -> None:
        self.check_open()

    def _retry(self, command: operator.Retry) -> operator.Receipt:
        self._tools.case.retries += 1
        self._tools.file.note("retry", "Try again what was refused.", actor=command.actor)
        self.on_retry()
        return self.received(operator.RETRY, command)

    def _may_retry(self, command: operator.Retry) -> None:
        self.check_open()
        if not self._tools.case.troubles and not self.may_retry():
            refuse(NOT_NOW, "Nothing was refused; there is nothing to try again.")

    def _ask_desk(self, partner: str, command: AskOfPartner) -> None:
        if (desk := self.desk_for(partner)) is not None:
            desk.inbox.append(command)
