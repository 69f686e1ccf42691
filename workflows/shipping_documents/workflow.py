"""What a partner shipped against one purchase order, and the papers that prove it."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.shipping_documents import ShippingDocumentsActivities
    from domain import operator, references
    from domain.case import CaseKind, CaseSnapshot
    from domain.shipping_documents import names, standing
    from domain.shipping_documents.decision import Choice, Decide
    from domain.shipping_documents.messages import ReadTerms
    from domain.shipping_documents.names import Outcome, ShippingDocumentsInput
    from domain.shipping_documents.papers import paper_words
    from domain.shipping_documents.state import (
        Phase,
        ShippingDocumentsResult,
        ShippingDocumentsState,
    )
    from domain.standing import counted, short
    from workflows.case_tools import CaseTools, Facts, OnOrder
    from workflows.operator_words import OperatorWords
    from workflows.options import CASE_RECORD
    from workflows.shipping_documents import refusals
    from workflows.shipping_documents.chasing import chase, desk_for_words
    from workflows.shipping_documents.context import PapersContext
    from workflows.shipping_documents.linking import link_documents
    from workflows.shipping_documents.position import read_position, watch_position
    from workflows.shipping_documents.reading import is_paper, receive, say_discrepancies
    from workflows.shipping_documents.shipping import ship, watch_shopify


@workflow.defn(name=names.WORKFLOW)
class ShippingDocumentsWorkflow:
    """From the first notice, invoice or document of a purchase order until its lines are shipped and its papers are in.

    opening -> applying -> awaiting_other (the rest of the shipment) -> resolved (complete | complete_with_discrepancies)
                  |   |           ^
                  |   +-> awaiting_partner (papers are missing) -> awaiting_merchant (they do not come) -> expired
                  +-> awaiting_merchant (a hold of somebody else; what does not fit; the word to fulfil)
    """

    @workflow.init
    def __init__(self, papers: ShippingDocumentsInput) -> None:
        self.state = ShippingDocumentsState(
            po_number=papers.po_number, partner=papers.partner, order_id=papers.order_id
        )
        self.state.case.opened_at = workflow.info().workflow_start_time
        self.state.case.title = f"Papers of {papers.po_number}"
        self._ctx: PapersContext = CaseTools(
            papers,
            self.state,
            Facts(
                lifecycle=CaseKind.SHIPPING_DOCUMENTS.value,
                subject="The papers' case",
                snapshot=self.current,
                policy=lambda: self.state.policy,
                wants_merchant=lambda: self.state.wants_merchant,
                on_order=self._on_order,
            ),
        )
        self._case_changes: list[operator.CaseChanged] = []
        self._words = OperatorWords(self._ctx)
        self._words.elsewhere = self._take_paper
        self._words.partners = lambda: (papers.partner,)
        self._words.desk_for = lambda partner: desk_for_words(self._ctx, partner)

    @workflow.run
    async def run(self, papers: ShippingDocumentsInput) -> ShippingDocumentsResult:
        outcome = await self._ctx.run(
            self._story, stopped=lambda: Outcome.CANCELLED, settle=self._settle
        )
        return ShippingDocumentsResult(
            outcome=outcome,
            missing=self.state.missing(),
            discrepancies=tuple(
                f"{entry.about}: {entry.text}" for entry in self.state.discrepancies()
            ),
        )

    async def _story(self) -> Outcome:
        ctx, state = self._ctx, self.state
        if not state.case.saw(ctx.input.first.event_id):
            self._take_paper(ctx.input.first)
        await self._open()
        for work in (
            ctx.display.keep(),
            ship(ctx),
            watch_shopify(ctx, self._words.shopify_changes),
            watch_position(ctx, self._case_changes),
            link_documents(ctx),
            chase(ctx),
        ):
            ctx.background.start(work)
        if await ctx.patience.wait(
            lambda: state.complete() and state.all_said(), "Merchant's word on the papers"
        ):
            return state.final_outcome()
        # The merchant said nothing. What is there stands; what is not there is what the case expires with.
        undecided = state.waiting_shipments() or state.question or state.missing()
        return Outcome.EXPIRED if undecided else Outcome.COMPLETE_WITH_DISCREPANCIES

    # What only shipping documents take; recorded here, acted on by the story.

    @workflow.signal(name=operator.CASE_CHANGED)
    def case_changed(self, change: operator.CaseChanged) -> None:
        if not self.state.case.saw(change.event_id):
            self._case_changes.append(change)

    @workflow.update(name=operator.DECIDE)
    def decide(self, command: Decide) -> operator.Receipt:
        state = self.state
        about = ""
        match command.choice:
            case Choice.FULFIL | Choice.SKIP:
                waiting = state.waiting_shipments()
                chosen = (command.shipment_number,) if command.shipment_number else waiting
                for number in chosen:
                    shipment = state.shipments[number]
                    shipment.word, shipment.word_for = command.choice, shipment.notice.version
                    shipment.blocked = {}
                about = ", ".join(chosen)
            case Choice.ACCEPT_MISSING:
                about = paper_words(state.missing())
                state.waived += state.missing()
            case Choice.ACCEPT_DISCREPANCIES:
                state.accepted += state.open_discrepancies()
            case Choice.ASK_PARTNER:
                state.asked += state.open_discrepancies()
        note = f": {command.note}" if command.note else ""
        words = f"Decided: {command.choice.value.replace('_', ' ')} {about}".rstrip()
        self._ctx.file.note("decision", words + note, actor=command.actor)
        return self._words.received(operator.DECIDE, command)

    @decide.validator
    def validate_decide(self, command: Decide) -> None:
        self._words.check_open()
        refusals.decide(self._ctx, command)

    @workflow.query(name=operator.CURRENT)
    def current(self) -> CaseSnapshot:
        return standing.snapshot(self._ctx.input, self.state)

    # Private steps.

    async def _open(self) -> None:
        """Read the terms, and where the purchase order stands."""
        ctx, papers, state = self._ctx, self._ctx.input, self.state
        terms = await ctx.outside.read(
            ShippingDocumentsActivities.read_terms,
            ReadTerms(shop=papers.shop, tenant=papers.tenant, partner=papers.partner),
            CASE_RECORD,
            "Find the terms",
        )
        state.policy, state.partner_name = terms.policy, terms.name
        state.document_link, state.case.shadow = terms.document_link, terms.shadow
        await read_position(ctx)
        state.case.order_name = state.position.order_name
        if state.case.order_name:
            state.case.title += f" for order {state.case.order_name}"
        opened = state.case.opened_at or workflow.now()
        state.chase_at = state.policy.chase_after.after(opened)
        state.phase = Phase.COLLECTING
        ctx.file.refer(references.ORDER, papers.order_id)
        pieces = sum(line.ordered for line in state.lines)
        ctx.file.note(
            "opened",
            f"{state.case.title}: {counted(pieces, 'piece')} ordered of {terms.name}.",
            actor=papers.opened_by,
            event_id=papers.event_id,
        )
        say_discrepancies(ctx)
        ctx.check_stop()

    def _take_paper(self, change: operator.PartnerChanged) -> bool:
        if not is_paper(change):
            return False
        receive(self._ctx, change)
        return True

    def _settle(self, outcome: Outcome) -> None:
        self.state.phase, self.state.outcome = Phase.ENDED, outcome
        match outcome:
            case Outcome.EXPIRED:
                self.state.case.result = short("; ".join(self.state.lacking()))
            case Outcome.COMPLETE_WITH_DISCREPANCIES:
                self.state.case.result = short("; ".join(self.state.blemishes()))
            case _:
                pass

    def _on_order(self, seen: CaseSnapshot) -> OnOrder | None:
        entry = standing.order_entry(seen, self.state)
        return None if entry is None else OnOrder(self.state.order_id, self.state.po_number, entry)
