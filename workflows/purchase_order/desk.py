"""Drives one purchase order in Trading Grid: sends it, looks when told, changes it, reminds, escalates, takes it back."""

from collections.abc import Callable, Iterator
from datetime import datetime, time

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import references
    from domain.case import GRIDCASE
    from domain.clock import Clock, Due, Tick
    from domain.notification import Severity
    from domain.operator import Extend, PartnerChanged
    from domain.policy import AtDeadline
    from domain.purchase_order.lines import apply_cancellation
    from domain.purchase_order.messages import (
        ChangeFacts,
    )
    from domain.purchase_order.orders import (
        Change,
        ChangedLine,
        ChangeStatus,
        OrderStatus,
        PurchaseOrder,
        Purpose,
    )
    from domain.standing import counted
    from workflows.partner_desk import LOOK
    from workflows.purchase_order.context import OrdersContext
    from workflows.purchase_order.letters import OrderLetters
    from workflows.purchase_order.taking import take_change, take_response
    from workflows.waiting import Stopped, hold, until


def is_of_order(change: PartnerChanged) -> bool:
    """Whether it concerns a purchase order: an answer to it, or to a change of it."""
    return change.event_type.startswith("purchase_order.")


class OrderDesk:
    """One purchase order. What others want of it they write into its state (`plan`); what the partner says is read here.

    `remind` writes a word to a partner; `moved` is called whenever what is known of the order changed.
    """

    def __init__(
        self,
        ctx: OrdersContext,
        order: PurchaseOrder,
        *,
        remind: Callable[[str, str], None],
        moved: Callable[[PurchaseOrder], None],
    ) -> None:
        self.order = order
        self.inbox: list[PartnerChanged] = []
        self._ctx = ctx
        self._letters = OrderLetters(ctx, order)
        self._remind = remind
        self._moved = moved
        self._closing = False
        self._withdraws = False

    async def attend(self) -> None:
        """Drive the purchase order until `close` is asked for."""
        try:
            await self._send()
            while not self._closing:
                await self._next()
        except Stopped:
            # The case was stopped while a call was refused: what is left is to take back what was sent.
            await hold(lambda: self._closing)
        if self.order.status is OrderStatus.PLANNED and not self.order.asked_for:
            self._not_sent("")
        elif self._withdraws and await self._letters.withdraw():
            told = f"{self.order.who} was told that nothing more of {self.order.number} is wanted."
            self._note("change", told)

    def close(self, *, withdraw: bool) -> None:
        """Let `attend` end; with `withdraw` the partner is told that nothing more is wanted."""
        self._closing, self._withdraws = True, withdraw

    def look(self) -> None:
        """Ask for a look, though nobody announced a change."""
        self.inbox.append(PartnerChanged(event_id="", event_type=LOOK, partner=self.order.partner))

    def extend(self, ask: Extend) -> None:
        """Give the partner until then, for its answer and for every change it has not acknowledged."""
        now, order = workflow.now(), self.order
        for change in order.pending_changes:
            if change.clock is not None:
                change.clock.extend(ask.until, now)
                change.silent_since = None
        if order.expects_answer and order.clock is not None:
            order.clock.extend(ask.until, now)
            order.silent_since = None
        elif order.ship_clock is not None:
            order.ship_clock.extend(ask.until, now)
            order.overdue_since = None
        until_when = f"{ask.until:%d %b %Y %H:%M} UTC"
        self._note("extended", f"{order.who} has until {until_when}.", actor=ask.actor)

    @property
    def open(self) -> bool:
        """Whether news of it are still taken in."""
        return not self._closing and self.order.status is not OrderStatus.UNSENT

    # Sending.

    async def _send(self) -> None:
        order = self.order
        await hold(lambda: self._may_send or not order.coming or self._closing)
        if self._closing or not order.coming:
            self._not_sent("")
            return
        self._ctx.check_stop()
        order.asked_for = True
        sent = await self._letters.send()
        if sent is None:
            # Shadow mode; or the case is ending, and nobody knows whether it arrived.
            if self._ctx.outside.shadow:
                self._not_sent("Shadow mode: nothing was sent.")
        elif sent.unsent:
            self._not_sent(sent.unsent)
        else:
            order.status, order.remote_id = OrderStatus.SENT, sent.remote_id
            order.version, order.sent_at = sent.version, workflow.now()
            self._ctx.file.refer(references.PURCHASE_ORDER, f"{order.tenant}/{sent.remote_id}")
            pieces = f"{counted(order.coming, 'piece')}"
            self._note("sent", f"{order.number} sent to {order.who}: {pieces}.")
        self._mind()
        self._moved(order)

    @property
    def _may_send(self) -> bool:
        return self.order.policy.auto_send or self.order.send_word

    def _not_sent(self, why: str) -> None:
        order = self.order
        order.status, order.asked_for = OrderStatus.UNSENT, False
        order.ledger = apply_cancellation(order.ledger, dict.fromkeys(order.lines))
        for change in order.pending_changes:
            change.status = ChangeStatus.DROPPED
        if why:
            self._note("unsent", f"{order.number} was not sent: {why}", flagged=True)
        self._moved(order)

    # The wait.

    async def _next(self) -> None:
        self._mind()
        due = self._due()
        moved = await until(
            lambda: (
                bool(self.inbox)
                or self._closing
                or self._to_send() is not None
                or self._due() != due
                or self._mindless
            ),
            due[1].at if due else None,
            f"{self.order.number}: {due[1].tick.value}" if due else "",
        )
        if self._closing:
            return
        if self.inbox:
            changes, self.inbox = self.inbox, []
            if any(self._is_news(change) for change in changes):
                await self._look()
        elif (change := self._to_send()) is not None:
            await self._send_change(change)
        elif not moved and due is not None:
            await self._tick(due[0])
        self._mind()
        self._moved(self.order)

    def _to_send(self) -> Change | None:
        """The next change for the partner. A cancellation goes at once; a change waits for the one before it."""
        if not self.order.remote_id:
            return None
        wanted = [one for one in self.order.changes if one.status is ChangeStatus.WANTED]
        waits = any(one.status is ChangeStatus.SENT for one in self.order.changes)
        return next(
            (one for one in wanted if one.purpose is Purpose.CANCEL or not waits),
            None,
        )

    def _clocks(self) -> Iterator[Clock]:
        """The clocks that run now, the partner's answer first."""
        order = self.order
        if order.clock is not None and order.expects_answer and order.silent_since is None:
            yield order.clock
        for change in order.changes:
            if change.status is ChangeStatus.SENT and change.silent_since is None and change.clock:
                yield change.clock
        if order.ship_clock is not None and order.expects_shipment and order.overdue_since is None:
            yield order.ship_clock

    def _due(self) -> tuple[Clock, Due] | None:
        coming = [(clock, due) for clock in self._clocks() if (due := clock.next()) is not None]
        return min(coming, key=lambda pair: pair[1].at, default=None)

    @property
    def _mindless(self) -> bool:
        """Whether a clock is missing, since the merchant or a shipment changed what is waited for."""
        order = self.order
        if order.expects_answer and order.silent_since is None:
            return order.clock is None or order.clock.over
        return order.expects_shipment and order.ship_clock is None

    def _mind(self) -> None:
        """Start the clocks of what is waited for now, stop those of what is not."""
        order, now = self.order, workflow.now()
        if not order.expects_answer:
            order.silent_since = None
            if order.clock is not None:
                order.clock.over = True
        elif order.silent_since is None and (order.clock is None or order.clock.over):
            order.clock = self._begin()
        if not order.expects_shipment:
            order.ship_clock = order.overdue_since = None
        elif order.ship_clock is None:
            last = order.last_date
            start = datetime.combine(last, time(), tzinfo=now.tzinfo) if last else now
            due = order.policy.ship_within.after(max(start, now))
            order.ship_clock = Clock(start=now, due=due)

    def _begin(self) -> Clock:
        policy = self.order.policy
        return Clock.begin(
            workflow.now(),
            policy.answer_within,
            reminders=policy.reminders,
            escalate_at=policy.escalate_at,
        )

    # Looking.

    def _is_news(self, change: PartnerChanged) -> bool:
        """False for what was read already."""
        order = self.order
        match change.event_type:
            case "purchase_order.response_received":
                return change.resource_id not in order.ledger.responses
            case "purchase_order.change_acknowledged":
                known = [one for one in order.changes if one.remote_id == change.resource_id]
                return not known or known[0].status is ChangeStatus.SENT
            case _:
                return True

    async def _look(self) -> None:
        """Read what Trading Grid has now; the events only said that something changed."""
        order = self.order
        if not order.remote_id:
            return
        facts = await self._letters.read()
        order.version = max(order.version, facts.version)
        before = order.last_date
        for change in facts.changes:
            take_change(self._ctx, order, change)
        new = [one for one in facts.responses if one.id not in order.ledger.responses]
        for response in new:
            take_response(self._ctx, order, response)
        if new:
            # It spoke: a silence is over, and what it still owes it owes from now.
            order.silent_since = None
        if order.last_date != before:
            order.ship_clock = order.overdue_since = None

    # Changes.

    async def _send_change(self, change: Change) -> None:
        order = self.order
        lines = self._letters.lines_of(change)
        if not lines:
            # Nothing of it is left to take back: it shipped, or was rejected, meanwhile.
            change.status = ChangeStatus.ACKNOWLEDGED
            return
        sent = await self._letters.send_change(change, lines)
        if sent is None:
            return
        self._note("change", f"Change {change.number} of {order.number}: {change.why}")
        change.status, change.remote_id = ChangeStatus.SENT, sent.remote_id
        if sent.closed:
            take_change(
                self._ctx,
                order,
                ChangeFacts(
                    number=str(change.number),
                    status=ChangeStatus.REFUSED,
                    note="the purchase order takes no change any more",
                ),
            )
            return
        change.clock = self._begin()
        take_change(self._ctx, order, ChangeFacts(number=str(change.number), status=sent.status))

    # Time.

    async def _tick(self, clock: Clock) -> None:
        tick = clock.take(workflow.now())
        if tick is None:
            return
        # Before anyone is reminded, or silence is taken for an answer: a webhook may have been lost.
        await self._look()
        order = self.order
        if clock is order.clock and order.expects_answer:
            self._tick_answer(tick)
        elif clock is order.ship_clock and order.expects_shipment:
            self._tick_shipment()
        for change in order.changes:
            if clock is change.clock and change.status is ChangeStatus.SENT:
                self._tick_change(change, tick)

    def _tick_answer(self, tick: Tick) -> None:
        order = self.order
        due = f"{order.clock.due:%d %b %Y %H:%M} UTC" if order.clock else ""
        match tick:
            case Tick.REMIND:
                order.reminders_sent += 1
                self._remind(order.partner, f"A reminder: please answer {order.number} by {due}.")
                self._note("reminder", f"{order.who} was reminded of {order.number}.")
            case Tick.ESCALATE:
                self._escalate(f"{order.who} has not answered {order.number}; due {due}.")
            case Tick.DEADLINE:
                order.silent_since = workflow.now()
                text = f"{order.who} did not answer {order.number} in time."
                self._note("deadline", text, flagged=True)
                self._escalate(text)
                if order.policy.at_deadline is AtDeadline.DECLINE:
                    self._cancel_unanswered()

    def _cancel_unanswered(self) -> None:
        order = self.order
        pieces = {
            line.line_id: ChangedLine(pieces=count)
            for line in order.lines.values()
            if (count := min(order.unanswered(line), order.uncommitted(line)))
        }
        if pieces:
            order.plan(Purpose.CANCEL, pieces, "what was not answered in time is not wanted")

    def _tick_shipment(self) -> None:
        order = self.order
        order.overdue_since = workflow.now()
        text = f"{order.coming} of {order.number} have not shipped in time."
        self._note("deadline", text, flagged=True)
        self._remind(order.partner, f"{text} Please send the shipment notice, or say when.")
        self._escalate(text)

    def _tick_change(self, change: Change, tick: Tick) -> None:
        order = self.order
        what = f"change {change.number} of {order.number} ({change.why})"
        match tick:
            case Tick.REMIND:
                self._remind(order.partner, f"A reminder: please acknowledge {what}.")
                self._note("reminder", f"{order.who} was reminded of {what}.")
            case Tick.ESCALATE:
                self._escalate(f"{order.who} has not acknowledged {what}.")
            case Tick.DEADLINE:
                change.silent_since = workflow.now()
                text = f"{order.who} did not acknowledge {what} in time."
                self._note("deadline", text, flagged=True)
                self._escalate(text)

    def _escalate(self, text: str) -> None:
        policy = self.order.policy
        self._ctx.outside.escalate()
        self._ctx.notices.send(
            policy.escalate_to or policy.notify,
            Severity.URGENT,
            f"{self.order.who} is late",
            text,
        )

    def _note(self, kind: str, text: str, *, actor: str = GRIDCASE, flagged: bool = False) -> None:
        self._ctx.file.note(kind, text, actor=actor, flagged=flagged)
