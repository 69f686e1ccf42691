"""A chargeback or an inquiry, answered in time with what the trading partners can prove."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain import operator
    from domain.case import SHOPIFY, CaseKind, CaseSnapshot
    from domain.dispute import names, standing
    from domain.dispute.decision import AddEvidence, Decide, DisputeResult, Submit
    from domain.dispute.names import DisputeInput, Outcome
    from domain.dispute.phases import Phase, Verdict
    from domain.dispute.state import MERCHANT, DisputeState
    from domain.dispute.wording import Statement
    from domain.standing import counted
    from workflows.case_tools import CaseTools, Facts, OnOrder
    from workflows.dispute import refusals
    from workflows.dispute.calling import call_people
    from workflows.dispute.context import DisputeContext, call_loudly
    from workflows.dispute.drafting import keep_draft
    from workflows.dispute.opening import prepare_stage, read_case
    from workflows.dispute.partners import ask_partners
    from workflows.dispute.submitting import submit, tell_submitted
    from workflows.dispute.underneath import look, look_at_bank, watch_shopify
    from workflows.operator_words import OperatorWords


@workflow.defn(name=names.WORKFLOW)
class DisputeWorkflow:
    """From the bank's word until the bank has decided; an inquiry may become a chargeback and is answered again.

    opening -> awaiting_partner <-> awaiting_merchant -> applying (submitted) -> awaiting_other (the bank)
       |             ^                    |                                        |         |
       |             |                    +-> expired (not_answered)               |         +-> resolved (won | lost |
       |             +---- a chargeback needs a response of its own ---------------+              accepted | prevented)
       +-> resolved | cancelled (final already; withdrawn, at any point)
    """

    @workflow.init
    def __init__(self, opened: DisputeInput) -> None:
        self.state = DisputeState(dispute_id=opened.dispute_id)
        started = workflow.info().workflow_start_time
        self.state.case.opened_at = started
        if opened.due is not None:
            self.state.known_due, self.state.due_known_at = opened.due, started
        self._ctx: DisputeContext = CaseTools(
            opened,
            self.state,
            Facts(
                lifecycle=CaseKind.DISPUTE.value,
                subject="The dispute",
                snapshot=self.current,
                policy=lambda: self.state.policy,
                wants_merchant=lambda: self.state.wants_merchant,
                on_order=self._on_order,
                merchant_due=self.state.merchant_due,
            ),
        )
        self._words = OperatorWords(self._ctx)
        self._words.may_retry = lambda: bool(self.state.left_out or self.state.refused)
        self._words.on_retry = self._draft_anew
        self._words.latest = lambda: self.state.latest if self.state.wants_evidence else None
        self._words.over_for_partners = lambda: (
            "" if self.state.wants_evidence else "No evidence is wanted any more."
        )
        self._words.over_for_others = lambda: (
            "The due date is the bank's." if self.state.wants_evidence else ""
        )

    @workflow.run
    async def run(self, opened: DisputeInput) -> DisputeResult:
        outcome = await self._ctx.run(
            self._story,
            stopped=lambda: self.state.ended() or Outcome.WITHDRAWN,
            settle=self._settle,
            wind_up=self._wind_up,
        )
        return DisputeResult(outcome=outcome.value, submissions=self.state.submissions)

    async def _story(self) -> Outcome:
        ctx, state = self._ctx, self.state
        ctx.background.start(call_people(ctx))  # also where a pause keeps it from being read
        await read_case(ctx)
        for work in (
            ctx.display.keep(),
            watch_shopify(ctx, self._words.shopify_changes),
            keep_draft(ctx, self._words.shopify_changes),
            look_at_bank(ctx, self._words.shopify_changes),
        ):
            ctx.background.start(work)
        while (ended := state.ended()) is None:
            if not state.wants_evidence:
                await self._bank()
            elif not await self._evidence():
                return Outcome.NOT_ANSWERED
        return ended

    # What only a dispute takes; recorded here, acted on by the story.

    @workflow.update(name=names.SUBMIT)
    def submit(self, command: Submit) -> operator.Receipt:
        self.state.word = command
        note = f": {command.note}" if command.note else "."
        self._ctx.file.note("decision", f"Submit the evidence{note}", actor=command.actor)
        return self._words.received(names.SUBMIT, command)

    @submit.validator
    def validate_submit(self, command: Submit) -> None:
        self._words.check_open()
        refusals.submit(self._ctx, command)

    @workflow.update(name=names.ADD_EVIDENCE)
    def add_evidence(self, command: AddEvidence) -> operator.Receipt:
        state = self.state
        if command.text.strip():
            key = f"{MERCHANT}:{command.digest()}"
            state.statements.append(
                Statement(key=key, by=MERCHANT, text=command.text, stage=state.stage)
            )
        state.named += [one for one in command.document_ids if one not in state.named]
        papers = counted(len(command.document_ids), "paper") if command.document_ids else ""
        told = " and ".join(one for one in ("a statement" if command.text else "", papers) if one)
        self._ctx.file.note("evidence", f"Added {told}.", actor=command.actor)
        return self._words.received(names.ADD_EVIDENCE, command)

    @add_evidence.validator
    def validate_add_evidence(self, command: AddEvidence) -> None:
        self._words.check_open()
        refusals.add_evidence(self._ctx, command)

    @workflow.update(name=operator.DECIDE)
    def decide(self, command: Decide) -> operator.Receipt:
        self.state.decide(command, workflow.now())
        note = f": {command.note}" if command.note else ""
        words = f"Decided: {command.choice.value.replace('_', ' ')}{note}"
        self._ctx.file.note("decision", words, actor=command.actor)
        return self._words.received(operator.DECIDE, command)

    @decide.validator
    def validate_decide(self, command: Decide) -> None:
        self._words.check_open()
        refusals.decide(self._ctx, command)

    @workflow.query(name=operator.CURRENT)
    def current(self) -> CaseSnapshot:
        return standing.snapshot(self._ctx.input, self.state)

    # Private steps.

    async def _evidence(self) -> bool:
        """Gather evidence until it is submitted, or not wanted any more; false where the due date passed without."""
        ctx, state = self._ctx, self.state
        state.begin_stage(workflow.now())
        if state.verdict(workflow.now()) is not Verdict.MISSED:
            await prepare_stage(ctx)
            ask_partners(ctx)
        state.phase = Phase.EVIDENCE
        ctx.show()
        while True:
            match state.verdict(workflow.now()):
                case Verdict.OVER:
                    tell_submitted(ctx)
                    return True
                case Verdict.SUBMIT:
                    await submit(ctx)
                case Verdict.MISSED:
                    # A webhook may have been lost: what somebody submitted in Shopify was answered.
                    await look(ctx)
                    if state.verdict(workflow.now()) is Verdict.MISSED:
                        return False
                case Verdict.WAIT:
                    await ctx.patience.wait(
                        lambda: state.verdict(workflow.now()) is not Verdict.WAIT,
                        "Evidence",
                        at=lambda: state.next_moment(workflow.now()),
                    )
                    state.case.merchant_clock = None

    async def _bank(self) -> None:
        """Wait until the bank has decided or wants to know more; the merchant is asked to look when that takes long."""
        ctx, state = self._ctx, self.state
        state.begin_wait(workflow.now())
        if not await ctx.patience.wait(
            lambda: state.ended() is not None or state.wants_evidence,
            "The bank's decision",
            clock=state.bank_clock,
        ):
            if state.bank_overdue:
                # Nobody has looked. Nothing can be decided here in the bank's place: the wait begins anew.
                call_loudly(
                    ctx,
                    "the bank has not decided",
                    "Nobody has looked at it; see to it in Shopify.",
                )
            state.bank_overdue = not state.bank_overdue
        state.case.merchant_clock = None

    def _settle(self, outcome: Outcome) -> None:
        self.state.phase, self.state.outcome = Phase.ENDED, outcome
        self.state.case.result = self.state.result

    async def _wind_up(self, outcome: Outcome) -> None:
        ctx, facts = self._ctx, self.state.facts
        amount = f" {facts.amount}" if facts else ""
        match outcome:
            case Outcome.LOST:
                call_loudly(ctx, "lost", f"The bank has decided for its customer:{amount}.")
            case Outcome.NOT_ANSWERED:
                words = f"The due date passed without an answer:{amount}. See at once whether Shopify still takes one."
                call_loudly(ctx, "not answered", words)
            case _:
                pass

    def _draft_anew(self) -> None:
        self.state.drafted_papers, self.state.drafted_text = (), ()
        self.state.draft_closed = ""
        self._words.shopify_changes.append(operator.ShopifyChanged(event_id="", topic=SHOPIFY))

    def _on_order(self, seen: CaseSnapshot) -> OnOrder | None:
        entry = standing.order_entry(seen, self.state)
        if entry is None or self.state.facts is None:
            return None
        return OnOrder(self.state.facts.order_id, self.state.dispute_id, entry)
