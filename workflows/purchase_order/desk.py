"""Drives one purchase order in Trading Grid: sends it, looks when told, changes it, reminds, escalates, takes it back."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.purchase_order import PurchaseOrderActivities
    from domain import references
    from domain.case import GRIDCASE
    from domain.clock import Clock, Due, Tick
    from domain.notification import Severity
    from domain.operator import Extend, PartnerChanged
    from domain.policy import AtDeadline
    from domain.purchase_order.codes import Ask, code_words
    from domain.purchase_order.lines import accept_open, apply_cancellation, apply_response
    from domain.purchase_order.messages import (
        ChangeFacts,
        ReadPurchaseOrder,
        ReserveNumbers,
        SendChange,
        SendOrder,
        SentChangeLine,
        SentLine,
        WithdrawOrder,
    )
    from domain.purchase_order.names import PurchaseOrderInput
    from domain.purchase_order.orders import (
        Change,
        ChangedLine,
        ChangeStatus,
        OrderStatus,
        PurchaseOrder,
        Purpose,
    )
    from domain.purchase_order.responses import Response
    from domain.purchase_order.state import PurchaseOrderState
    from workflows.case_tools import CaseTools
    from workflows.options import CASE_RECORD, PARTNER_CALL
    from workflows.partner_desk import LOOK
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
        ctx: CaseTools[PurchaseOrderInput, PurchaseOrderState],
        order: PurchaseOrder,
        *,
        remind: Callable[[str, str], None],
        moved: Callable[[PurchaseOrder], None],
    ) -> None:
        self.order = order
        self.inbox: list[PartnerChanged] = []
        self._ctx = ctx
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
        elif self._withdraws:
            await self._withdraw()

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
        while True:
            sent = await self._ctx.outside.write(
                PurchaseOrderActivities.send,
                self._request,
                PARTNER_CALL,
                f"Send {order.number} to {order.who}",
            )
            if sent is None or not sent.number_taken:
                break
            await self._renumber()
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
            pieces = f"{order.coming} piece{'s' if order.coming != 1 else ''}"
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

    def _request(self, key: str) -> SendOrder:
        order, asked = self.order, self._ctx.input
        replenished = asked.replenishment
        return SendOrder(
            shop=asked.shop,
            tenant=order.tenant,
            partner=order.partner,
            number=order.number,
            reference=self._reference,
            idempotency_key=key,
            order_type=order.order_type,
            order_id=self._ctx.state.order_id,
            location_id=replenished.location_id if replenished else "",
            requested_ship_date=order.requested_ship_date,
            currency=order.currency,
            lines=tuple(
                SentLine(
                    line_id=line.line_id,
                    sku=line.sku,
                    quantity=line.wanted,
                    unit_price=line.unit_price,
                )
                for line in order.lines.values()
                if line.wanted
            ),
        )

    @property
    def _reference(self) -> str:
        """What makes the order findable in Trading Grid, and Trading Grid's events placeable here."""
        return f"{self._ctx.input.case_id}/{self.order.partner}/{self.order.number}"

    async def _renumber(self) -> None:
        """Trading Grid has the number for something else: take the next one."""
        order, state = self.order, self._ctx.state
        reserved = await self._ctx.outside.read(
            PurchaseOrderActivities.reserve_numbers,
            ReserveNumbers(
                case_id=self._ctx.input.case_id,
                shop=self._ctx.input.shop,
                digits=state.digits,
                partners=((order.tenant, order.partner),),
                known=(*(one.number for one in state.orders), *state.spoilt_numbers),
            ),
            CASE_RECORD,
            "Take another number",
        )
        state.spoilt_numbers.append(order.number)
        self._note("number", f"{order.number} is taken; it is {reserved.numbers[0]} now.")
        order.number = reserved.numbers[0]

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
        facts = await self._ctx.outside.read(
            PurchaseOrderActivities.read_purchase_order,
            ReadPurchaseOrder(
                tenant=order.tenant, partner=order.partner, remote_id=order.remote_id
            ),
            PARTNER_CALL,
            f"Read {order.number}",
        )
        order.version = max(order.version, facts.version)
        before = order.last_date
        for change in facts.changes:
            self._take_change(change)
        new = [one for one in facts.responses if one.id not in order.ledger.responses]
        for response in new:
            self._take_response(response)
        if new:
            # It spoke: a silence is over, and what it still owes it owes from now.
            order.silent_since = None
        if order.last_date != before:
            order.ship_clock = order.overdue_since = None

    def _take_response(self, response: Response) -> None:
        order = self.order
        order.ledger = apply_response(order.ledger, response)
        said = self._in_words(response)
        self._note(
            "response",
            f"{order.who} answered {order.number} ({response.sequence}): {said}",
            actor=f"partner:{order.partner}",
        )
        if flags := [flag.text for flag in order.ledger.flags_of(response.id)]:
            text = f"Not applied of {order.number} ({response.sequence}): {'; '.join(flags)}"
            self._note("response", text, actor=f"partner:{order.partner}", flagged=True)
            self._ctx.notices.send(
                order.policy.notify, Severity.WARNING, f"{order.who} said what does not fit", text
            )
        self._ask_about_revived()
        if not order.policy.accept_substitutes:
            return
        for line in order.lines.values():
            answer = line.answer
            if answer and answer.response_id == response.id and Ask.SUBSTITUTE in answer.asks:
                order.ledger = order.ledger.with_line(accept_open(line))

    def _ask_about_revived(self) -> None:
        """Pieces that were rejected, that the merchant did without or ordered elsewhere, and that are to come after all."""
        order = self.order
        for line in order.lines.values():
            revived = min(line.taken - line.rejected, order.uncommitted(line))
            if revived <= 0:
                continue
            known = line.model_copy(update={"taken": line.rejected})
            order.ledger = order.ledger.with_line(known)
            why = f"{revived} × {line.sku} were rejected before, and done without since"
            pieces = {line.line_id: ChangedLine(pieces=revived)}
            order.plan(Purpose.CANCEL, pieces, why, asks=True)

    def _in_words(self, response: Response) -> str:
        lines = self.order.lines
        parts = []
        for said in response.lines:
            what = lines[said.line_id].sku if said.line_id in lines else f"line {said.line_id}"
            count = f"{said.quantity} × " if said.quantity is not None else ""
            day = (
                f" on {said.ship_date or said.delivery_date}"
                if said.ship_date or said.delivery_date
                else ""
            )
            price = f" for {said.unit_price}" if said.unit_price is not None else ""
            note = f" ({said.note})" if said.note else ""
            parts.append(f"{count}{what} {code_words(said.ack_code)}{day}{price}{note}")
        return ", ".join(parts) or f"header {response.header_code or '(none)'}"

    # Changes.

    async def _send_change(self, change: Change) -> None:
        order = self.order
        lines = self._lines_of(change)
        if not lines:
            # Nothing of it is left to take back: it shipped, or was rejected, meanwhile.
            change.status = ChangeStatus.ACKNOWLEDGED
            return
        sent = await self._ctx.outside.write(
            PurchaseOrderActivities.send_change,
            lambda key: SendChange(
                tenant=order.tenant,
                partner=order.partner,
                remote_id=order.remote_id,
                number=change.number,
                idempotency_key=key,
                purpose=change.purpose,
                currency=order.currency,
                lines=lines,
            ),
            PARTNER_CALL,
            f"Send change {change.number} of {order.number}",
        )
        if sent is None:
            return
        self._note("change", f"Change {change.number} of {order.number}: {change.why}")
        change.status, change.remote_id = ChangeStatus.SENT, sent.remote_id
        if sent.closed:
            self._take_change(
                ChangeFacts(
                    number=str(change.number),
                    status=ChangeStatus.REFUSED,
                    note="the purchase order takes no change any more",
                )
            )
            return
        change.clock = self._begin()
        self._take_change(ChangeFacts(number=str(change.number), status=sent.status))

    def _lines_of(self, change: Change) -> tuple[SentChangeLine, ...]:
        order = self.order
        if change.purpose is Purpose.CANCEL:
            pieces = {
                line_id: min(entry.pieces, order.lines[line_id].coming)
                for line_id, entry in change.lines.items()
                if line_id in order.lines
            }
            return tuple(
                SentChangeLine(line_id=line_id, quantity=count)
                for line_id, count in pieces.items()
                if count
            )
        return tuple(
            SentChangeLine(
                line_id=line_id,
                quantity=order.wanted_after(line_id, entry),
                sku=entry.sku,
                unit_price=entry.unit_price,
            )
            for line_id, entry in change.lines.items()
        )

    def _take_change(self, facts: ChangeFacts) -> None:
        order = self.order
        change = next((one for one in order.changes if str(one.number) == facts.number), None)
        if change is None or change.status is not ChangeStatus.SENT:
            return
        change.note = facts.note
        said = f": {facts.note}" if facts.note else ""
        match facts.status:
            case ChangeStatus.ACKNOWLEDGED:
                order.acknowledge(change)
                verb = "acknowledged"
            case ChangeStatus.REFUSED:
                change.status = ChangeStatus.REFUSED
                verb = "refused"
            case _:
                return
        self._note(
            "change",
            f"{order.who} {verb} change {change.number} of {order.number}{said}",
            actor=f"partner:{order.partner}",
            flagged=change.status is ChangeStatus.REFUSED,
        )

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

    # The end.

    async def _withdraw(self) -> None:
        """Tell the partner that nothing more is wanted; nobody waits for an acknowledgement any more."""
        order = self.order
        pieces: Sequence[SentChangeLine] = [
            SentChangeLine(line_id=line.line_id, quantity=count)
            for line in order.lines.values()
            if (count := self._unsent_pieces(line.line_id))
        ]
        if not order.asked_for or not pieces:
            return
        number = len(order.changes) + 1
        withdrawn = await self._ctx.outside.write(
            PurchaseOrderActivities.withdraw,
            lambda key: WithdrawOrder(
                tenant=order.tenant,
                partner=order.partner,
                remote_id=order.remote_id,
                reference=self._reference,
                number=number,
                idempotency_key=key,
                lines=tuple(pieces),
            ),
            PARTNER_CALL,
            f"Take back {order.number}",
        )
        if withdrawn is not None and withdrawn.found:
            self._note(
                "change", f"{order.who} was told that nothing more of {order.number} is wanted."
            )

    def _unsent_pieces(self, line_id: str) -> int:
        """What is still to come of a line and was not taken back already."""
        order = self.order
        sent = sum(
            change.takes(line_id) for change in order.changes if change.status is ChangeStatus.SENT
        )
        return max(0, order.lines[line_id].coming - sent)

    def _note(self, kind: str, text: str, *, actor: str = GRIDCASE, flagged: bool = False) -> None:
        self._ctx.file.note(kind, text, actor=actor, flagged=flagged)
