"""A return, a damage claim or a warranty issue that trading partners must review."""

import asyncio
from collections.abc import Callable

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain import operator
    from domain.case import SHOPIFY, CaseSnapshot
    from domain.clock import Clock, Due, Tick
    from domain.failures import (
        ALREADY_DECIDED,
        CASE_CLOSED,
        INVALID_COMMAND,
        NOT_NOW,
        UNKNOWN_PARTNER,
    )
    from domain.notification import Severity
    from domain.order_fields import OrderEntry
    from domain.return_claim import names, standing
    from domain.return_claim.decision import Decide, Finding, Review, decision_problem
    from domain.return_claim.goods import GoodsReceived, goods_problem
    from domain.return_claim.names import Outcome
    from domain.return_claim.state import (
        Phase,
        ReturnClaimInput,
        ReturnClaimResult,
        ReturnClaimState,
    )
    from workflows.case_file import CaseFile
    from workflows.notices import Notices
    from workflows.order_display import OrderDisplay
    from workflows.outside import Outside
    from workflows.partner_desk import PartnerDesk
    from workflows.return_claim.steps import ReturnClaimSteps
    from workflows.waiting import Background, Stopped, until

_SHOWN = {"awaiting_partner", "awaiting_merchant", "awaiting_other"}


@workflow.defn(name=names.WORKFLOW)
class ReturnClaimWorkflow:
    """From the customer's request, or a claim made through the API, until the goods and the money are settled.

    opening -> awaiting_partner -> applying -> awaiting_other (the goods) -> applying -> resolved
                    |   ^                            |                          (closed_refunded | closed_without_refund)
                    v   | question answered          v refund asked for
               awaiting_merchant  ----------->  awaiting_merchant
                    |
                    +-> resolved (declined) | expired (nobody decided) | cancelled (withdrawn, at any point)
    """

    @workflow.init
    def __init__(self, claim: ReturnClaimInput) -> None:
        self.claim = claim
        self.state = ReturnClaimState(return_id=claim.return_id)
        self.state.case.opened_at = workflow.info().workflow_start_time
        if claim.claim is not None:
            self.state.kind = claim.claim.kind
        case = self.state.case
        self._file = CaseFile(case, self._snapshot)
        self._outside = Outside(case, self._file, self._show)
        self._notices = Notices(case, self._file, case_id=claim.case_id, shop=claim.shop)
        self._display = OrderDisplay(self._outside, shop=claim.shop, lifecycle="return_claim")
        self._desks: dict[str, PartnerDesk] = {}
        self._background = Background()
        self._shopify_changes: list[operator.ShopifyChanged] = []
        self._steps = ReturnClaimSteps(
            claim, self.state, self._file, self._outside, self._notices, self._desks, self._show
        )

    @workflow.run
    async def run(self, claim: ReturnClaimInput) -> ReturnClaimResult:
        filing = asyncio.create_task(self._file.keep())
        try:
            outcome = await self._story()
        except Stopped:
            outcome = Outcome.WITHDRAWN
        except asyncio.CancelledError:
            self.state.case.stop = self.state.case.stop or "Cancelled in Temporal."
            outcome = Outcome.WITHDRAWN
        await self._end(outcome)
        self._file.close()
        await filing
        await workflow.wait_condition(workflow.all_handlers_finished)
        return ReturnClaimResult(outcome=outcome, refunded=self.state.refunded)

    async def _story(self) -> Outcome:
        await self._steps.read_claim()
        self._background.start(self._display.keep())
        self._background.start(self._watch_shopify())
        for desk in self._desks.values():
            self._background.start(desk.attend())

        review = await self._review()
        match review.finding:
            case Finding.OPEN | Finding.MERCHANT:
                return Outcome.EXPIRED
            case Finding.DECLINE:
                await self._steps.decline(review)
                return Outcome.DECLINED
            case Finding.APPROVE:
                await self._steps.approve(review)
        if self.state.case.shadow:
            return Outcome.CLOSED_WITHOUT_REFUND

        if not await self._goods_back() or not await self._refund_word():
            return Outcome.EXPIRED
        await self._steps.process()
        await self._steps.close_return()
        return Outcome.CLOSED_REFUNDED if self.state.refunded else Outcome.CLOSED_WITHOUT_REFUND

    # Signals: they only say "look again".

    @workflow.signal(name=operator.SHOPIFY_CHANGED)
    def shopify_changed(self, change: operator.ShopifyChanged) -> None:
        if not self.state.case.saw(change.event_id):
            self._shopify_changes.append(change)

    @workflow.signal(name=operator.PARTNER_CHANGED)
    def partner_changed(self, change: operator.PartnerChanged) -> None:
        if self.state.case.saw(change.event_id):
            return
        if desk := self._desks.get(change.partner):
            desk.inbox.append(change)
        else:
            self._file.note(
                "partner",
                f"{change.event_type} came for {change.partner}, who is not asked here.",
                flagged=True,
                event_id=change.event_id,
            )

    @workflow.signal(name=operator.PAUSE_CHANGED)
    def pause_changed(self, change: operator.PauseChanged) -> None:
        self._outside.look_at_pause()

    # Updates: the operator's words. They are recorded here and acted on by `run`.

    @workflow.update(name=operator.DECIDE)
    def decide(self, command: Decide) -> operator.Receipt:
        if command.choice.about_refund:
            self.state.refund_decision = command
        else:
            self.state.decision = command
        amount = f" {command.amount}" if command.amount else ""
        note = f": {command.note}" if command.note else ""
        words = f"Decided: {command.choice.value.replace('_', ' ')}{amount}{note}"
        self._file.note("decision", words, actor=command.actor)
        return self._received(operator.DECIDE, command)

    @decide.validator
    def validate_decide(self, command: Decide) -> None:
        self._still_open()
        state = self.state
        if command.choice.about_refund:
            if state.processed or state.phase in {Phase.CLOSING, Phase.ENDED}:
                _refuse(ALREADY_DECIDED, "The goods are processed; the refund is settled.")
            if state.refund_decision is not None:
                _refuse(ALREADY_DECIDED, "The refund is already decided.")
        elif state.decision is not None or state.settled is not None:
            _refuse(ALREADY_DECIDED, "This claim is already decided.")
        elif state.phase is Phase.OPENING:
            _refuse(NOT_NOW, "The claim is still being read; try again in a moment.")
        if problem := decision_problem(state.lines, command, state.currency):
            _refuse(INVALID_COMMAND, problem)

    @workflow.update(name=names.GOODS_RECEIVED)
    def goods_received(self, command: GoodsReceived) -> operator.Receipt:
        self.state.take_goods(command)
        pieces = sum(line.quantity for line in command.lines)
        self._file.note("goods", f"{pieces} pieces accounted for.", actor=command.actor)
        return self._received(names.GOODS_RECEIVED, command)

    @goods_received.validator
    def validate_goods_received(self, command: GoodsReceived) -> None:
        self._still_open()
        if self.state.phase not in {Phase.GOODS, Phase.REFUND}:
            _refuse(NOT_NOW, "No goods are waited for now.")
        if problem := goods_problem(command, self.state.expected_goods()):
            _refuse(INVALID_COMMAND, problem)

    @workflow.update(name=operator.MESSAGE_PARTNER)
    def message_partner(self, command: operator.MessagePartner) -> operator.Receipt:
        self._desks[command.partner].inbox.append(command)
        return self._received(operator.MESSAGE_PARTNER, command)

    @message_partner.validator
    def validate_message_partner(self, command: operator.MessagePartner) -> None:
        self._known_partner(command.partner)

    @workflow.update(name=operator.NUDGE)
    def nudge(self, command: operator.Nudge) -> operator.Receipt:
        self._desks[command.partner].inbox.append(command)
        return self._received(operator.NUDGE, command)

    @nudge.validator
    def validate_nudge(self, command: operator.Nudge) -> None:
        self._known_partner(command.partner)

    @workflow.update(name=operator.EXTEND)
    def extend(self, command: operator.Extend) -> operator.Receipt:
        if command.partner:
            self._desks[command.partner].inbox.append(command)
        elif clock := self._own_clock():
            clock.extend(command.until, workflow.now())
            until_when = f"{command.until:%d %b %Y %H:%M} UTC"
            self._file.note("extended", f"The claim waits until {until_when}.", actor=command.actor)
        return self._received(operator.EXTEND, command)

    @extend.validator
    def validate_extend(self, command: operator.Extend) -> None:
        if command.until <= workflow.now():
            _refuse(INVALID_COMMAND, "That moment has passed.")
        if not command.partner:
            self._still_open()
            if self._own_clock() is None:
                _refuse(NOT_NOW, "The claim waits for a partner; name it.")
            return
        self._known_partner(command.partner)
        if self.state.settled is not None:
            _refuse(NOT_NOW, "The review is over.")

    @workflow.update(name=operator.ADD_NOTE)
    def add_note(self, command: operator.AddNote) -> operator.Receipt:
        self.state.case.notes.append(command.text)
        self._file.note("note", command.text, actor=command.actor)
        return self._received(operator.ADD_NOTE, command)

    @add_note.validator
    def validate_add_note(self, command: operator.AddNote) -> None:
        self._still_open()

    @workflow.update(name=operator.ASSIGN)
    def assign(self, command: operator.Assign) -> operator.Receipt:
        self.state.case.assignee = command.assignee
        who = command.assignee or "nobody"
        self._file.note("assigned", f"Assigned to {who}.", actor=command.actor)
        return self._received(operator.ASSIGN, command)

    @assign.validator
    def validate_assign(self, command: operator.Assign) -> None:
        self._still_open()

    @workflow.update(name=operator.CANCEL)
    def cancel(self, command: operator.Cancel) -> operator.Receipt:
        self.state.case.stop = f"Cancelled by {command.actor}: {command.reason}"
        self._file.note("cancelled", command.reason, actor=command.actor)
        return self._received(operator.CANCEL, command)

    @cancel.validator
    def validate_cancel(self, command: operator.Cancel) -> None:
        self._still_open()
        if self.state.case.stop:
            _refuse(CASE_CLOSED, "This claim is already being ended.")

    @workflow.update(name=operator.RETRY)
    def retry(self, command: operator.Retry) -> operator.Receipt:
        self.state.case.retries += 1
        self._file.note("retry", "Try again what was refused.", actor=command.actor)
        for review in self.state.reviews.values():
            # A location that was mapped meanwhile is seen only by reading the authorisation anew.
            desk = self._desks[review.case.partner]
            desk.inbox.append(
                operator.PartnerChanged(event_id="", event_type="look", partner=review.case.partner)
            )
        return self._received(operator.RETRY, command)

    @retry.validator
    def validate_retry(self, command: operator.Retry) -> None:
        self._still_open()
        if not self.state.case.troubles and not self.state.reported_goods()[1]:
            _refuse(NOT_NOW, "Nothing was refused; there is nothing to try again.")

    @workflow.query(name=operator.CURRENT)
    def current(self) -> CaseSnapshot:
        return self._snapshot()

    # Private steps.

    async def _review(self) -> Review:
        """Wait until partners, silence and the merchant have said enough; the review as it then stands."""
        self.state.phase = Phase.REVIEW
        await self._wait(
            lambda: self.state.review().finding in {Finding.APPROVE, Finding.DECLINE},
            "Merchant's decision",
        )
        return self.state.review()

    async def _goods_back(self) -> bool:
        """Wait until every accepted piece is accounted for; false where the time ran out."""
        if not self.state.expected_goods():
            return True
        self.state.phase = Phase.GOODS
        self.state.goods_clock = Clock.begin(
            workflow.now(), self.state.policy.goods_within, reminders=(0.5, 0.8)
        )
        return await self._wait(
            lambda: not self.state.outstanding_goods() and not self.state.reported_goods()[1],
            "Goods back",
            clock=self.state.goods_clock,
        )

    async def _refund_word(self) -> bool:
        """Learn what Shopify would refund, and wait for the merchant's word where one is wanted."""
        self.state.phase = Phase.REFUND
        await self._steps.suggest_refund()
        return await self._wait(
            lambda: not self.state.wants_refund_word, "Merchant's word on the refund"
        )

    async def _wait(
        self, settled: Callable[[], bool], summary: str, *, clock: Clock | None = None
    ) -> bool:
        """Wait until `settled`; remind and call whoever holds it up. False where the time ran out.

        While the merchant is waited for, its clock runs; else the stage's own, if it has one.
        """
        while True:
            self._background.check()
            if self.state.case.stop:
                raise Stopped
            if settled():
                self.state.merchant_clock = None
                return True
            merchant = self._merchant_clock()
            running = merchant or clock
            self._show()
            due = running.next() if running else None

            def moved(
                merchant: Clock | None = merchant,
                running: Clock | None = running,
                due: Due | None = due,
            ) -> bool:
                return (
                    settled()
                    or bool(self.state.case.stop)
                    or self._background.failed
                    or self.state.wants_merchant != (merchant is not None)
                    or (running.next() if running else None) != due
                )

            await until(
                moved,
                due.at if due else None,
                f"{summary}: {due.tick.value}" if due else summary,
            )
            quiet = settled() or bool(self.state.case.stop) or running is None
            if not quiet and running is not None and not await self._call_out(running, summary):
                return False

    def _merchant_clock(self) -> Clock | None:
        """The merchant's clock, started when it is first waited for, gone when it no longer is."""
        if not self.state.wants_merchant:
            self.state.merchant_clock = None
        elif self.state.merchant_clock is None:
            policy = self.state.policy
            self.state.merchant_clock = Clock.begin(
                workflow.now(), policy.merchant_within, reminders=policy.merchant_reminders
            )
            self._background.start(self._tell_merchant())
        return self.state.merchant_clock

    def _own_clock(self) -> Clock | None:
        return self.state.merchant_clock or (
            self.state.goods_clock if self.state.phase is Phase.GOODS else None
        )

    async def _tell_merchant(self) -> None:
        waiting = standing.standing(self.state).waiting_for
        await self._notices.send(
            self.state.policy.notify,
            Severity.WARNING,
            "your word is needed",
            waiting.what if waiting else "",
        )

    async def _call_out(self, clock: Clock, summary: str) -> bool:
        """Say what is due; false at the end of the time."""
        match clock.take(workflow.now()):
            case Tick.DEADLINE:
                self._file.note("deadline", f"{summary}: the time ran out.", flagged=True)
                self.state.case.escalated += 1
                return False
            case Tick.REMIND | Tick.ESCALATE:
                waiting = standing.standing(self.state).waiting_for
                await self._notices.send(
                    self.state.policy.notify,
                    Severity.WARNING,
                    f"still waiting for {waiting.who}" if waiting else summary,
                    f"{waiting.what}; until {waiting.until:%d %b %Y %H:%M} UTC, then {waiting.then}."
                    if waiting and waiting.until
                    else "",
                )
            case None:
                pass
        return True

    async def _watch_shopify(self) -> None:
        """Read the return again whenever Shopify says that something changed."""
        while True:
            await workflow.wait_condition(
                lambda: bool(self._shopify_changes) or self.state.phase is Phase.ENDED
            )
            if self.state.phase is Phase.ENDED or self.state.case.stop:
                return
            self._shopify_changes.clear()  # one look answers all that came so far
            if not self.state.return_id:
                continue
            try:
                facts = await self._steps.read_return()
            except Stopped:
                return
            if why := self._steps.take_facts(facts):
                self.state.case.stop = why
                self._file.note("shopify", why, actor=SHOPIFY)
            self._show()

    async def _end(self, outcome: Outcome) -> None:
        """Close what is open, show the result, and let the tables have the last snapshot."""
        state = self.state
        state.phase, state.outcome, state.case.closed_at = Phase.ENDED, outcome, workflow.now()
        self._outside.end()
        why = f": {state.case.stop}" if outcome is Outcome.WITHDRAWN and state.case.stop else ""
        money = f" ({state.refunded})" if state.refunded else ""
        self._file.note("outcome", f"The claim is {outcome.words}{money}{why}")
        self._show()
        for desk in self._desks.values():
            desk.close(f"The claim is {outcome.words}{why}")
        if outcome is Outcome.EXPIRED:
            await self._notices.send(
                state.policy.escalate_to or state.policy.notify,
                Severity.URGENT,
                "expired",
                "Nobody settled this claim in time; see to it in Shopify.",
            )
        self._display.close()
        await self._background.finish()
        self._show()

    def _snapshot(self) -> CaseSnapshot:
        return standing.snapshot(self.claim, self.state)

    def _show(self) -> None:
        """Tell everybody who looks: tables, search attributes, the Temporal UI, the order in Shopify."""
        seen = self._file.show()
        if not self.state.policy.show_on_order or not self.state.order_id:
            return
        if seen.status.value in _SHOWN or seen.outcome:
            self._display.want(
                self.state.order_id,
                self.state.return_id or self.claim.case_id,
                OrderEntry(
                    case=self.claim.case_id,
                    status=seen.status.value,
                    outcome=seen.outcome,
                    text=standing.line_for_people(seen, self.state),
                    partners=seen.partners,
                    detail=standing.facts_for_order(self.state),
                ),
            )

    def _received(self, name: str, command: operator.Command) -> operator.Receipt:
        seen = self._file.show()
        waiting = seen.waiting_for
        return operator.Receipt(
            command=name,
            digest=command.digest(),
            status=seen.status.value,
            waiting_for=f"{waiting.who}: {waiting.what}" if waiting else "",
        )

    def _still_open(self) -> None:
        if self.state.outcome is not None:
            _refuse(CASE_CLOSED, f"This claim is closed: {self.state.outcome.words}.")

    def _known_partner(self, partner: str) -> None:
        self._still_open()
        if partner not in self._desks:
            known = ", ".join(self._desks) or "nobody"
            _refuse(UNKNOWN_PARTNER, f"{partner} is not asked in this claim; asked: {known}.")


def _refuse(type_: str, message: str) -> None:
    """Refuse an update; `type_` tells the API which status it is."""
    raise ApplicationError(message, type=type_, non_retryable=True)
