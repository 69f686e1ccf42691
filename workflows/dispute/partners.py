"""The partners of a dispute: a collaboration case each, in which they prove what they delivered."""

from collections.abc import Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import GRIDCASE
    from domain.dispute.messages import PlannedPartner
    from domain.dispute.papers import HeldPaper
    from domain.dispute.phases import AskedPartner
    from domain.dispute.state import PARTNER
    from domain.dispute.wording import again_text, request_text
    from domain.operator import Extend, MessagePartner, PartnerChanged
    from domain.partner_case import AnswerKind, PartnerAnswer, PartnerCase, PartnerDocument
    from domain.partner_messages import (
        BusinessReference,
        FetchedDocument,
        OpenPartnerCase,
        RequestedLine,
    )
    from workflows.dispute.context import DisputeContext
    from workflows.partner_desk import PartnerDesk

_CASE_TYPE = "dispute"
_REQUESTED = "requested_document"  # the type of a business reference that names a paper we ask for
_GONE = frozenset({"closed", "cancelled"})  # of a case that the partner ended


def ask_partners(ctx: DisputeContext) -> None:
    """Ask every partner for its evidence; one that was asked before is asked in the same case for what is new."""
    for partner, planned in ctx.state.planned.items():
        desk = ctx.desks.get(partner)
        if desk is not None and desk.takes_orders and desk.case.remote_status not in _GONE:
            _ask_again(ctx, desk)
        else:
            if desk is not None:
                desk.close("It goes on in another case.")
            _set_up_desk(ctx, planned)
            ctx.background.start(ctx.desks[partner].attend())


def _set_up_desk(ctx: DisputeContext, planned: PlannedPartner) -> None:
    state, partner = ctx.state, planned.partner
    before = state.partners.get(partner)
    asked = AskedPartner(
        case=PartnerCase(
            partner=partner,
            tenant=planned.tenant,
            name=planned.name,
            line_ids=tuple(line.line_id for line in state.lines_of(partner)),
        ),
        policy=planned.policy,
        wanted=state.wanted_of(partner),
        round=before.round + 1 if before else 1,
    )
    state.partners[partner] = asked

    def wrong_with(answer: PartnerAnswer) -> tuple[str, ...]:
        if answer.kind is AnswerKind.UNKNOWN:
            return (f"The answer {answer.raw_kind!r} is not known here.",)
        return ()

    async def nothing_more() -> None:
        return

    async def nothing_beside(changes: Sequence[PartnerChanged]) -> None:
        return

    ctx.desks[partner] = PartnerDesk(
        case=asked.case,
        policy=planned.policy,
        shop=ctx.input.shop,
        case_id=ctx.input.case_id,
        request=lambda key: _request(ctx, asked, key),
        judge=wrong_with,
        opened=nothing_more,
        look_further=nothing_beside,
        may_answer=lambda: state.wants_evidence and not ctx.is_over(),
        changed=ctx.show,
        file=ctx.file,
        outside=ctx.outside,
        notices=ctx.notices,
        completes=lambda answer: _take(ctx, asked, answer),
        took=lambda document, fetched: _took(ctx, asked, document, fetched),
        due=lambda now: state.partner_due(planned.policy, now),
        latest=lambda: state.latest if state.wants_evidence else None,
    )


def _request(ctx: DisputeContext, asked: AskedPartner, key: str) -> OpenPartnerCase:
    state, partner = ctx.state, asked.case.partner
    facts, lines = state.facts, state.lines_of(partner)
    assert facts is not None
    words = request_text if state.stage == 1 else again_text
    again = f"/{asked.round}" if asked.round > 1 else ""
    return OpenPartnerCase(
        tenant=asked.case.tenant,
        partner=partner,
        # What makes our case findable in Trading Grid, and Trading Grid's events placeable here.
        reference=f"{ctx.input.case_id}/{partner}{again}",
        idempotency_key=key,
        case_type=_CASE_TYPE,
        subject=state.case.title,
        description=words(facts, state.calls, lines, asked.wanted),
        priority="urgent" if state.timing and state.timing.short else state.priority.value,
        due=state.partner_due(asked.policy, workflow.now()),
        lines=tuple(
            RequestedLine(
                line_id=line.line_id, sku=line.sku, quantity=line.quantity, note=line.name
            )
            for line in lines
        ),
        business_references=(
            BusinessReference(type="order", value=facts.order_name),
            *(BusinessReference(type=_REQUESTED, value=kind) for kind in asked.wanted),
        ),
    )


def _ask_again(ctx: DisputeContext, desk: PartnerDesk) -> None:
    """The dispute needs a response again: the same case, a new time, and what is new."""
    state, partner = ctx.state, desk.case.partner
    asked, facts = state.partners[partner], state.facts
    assert facts is not None
    asked.wanted = state.wanted_of(partner)
    case = asked.case
    case.answer, case.answered_in_part, case.silent_since = None, False, None
    case.question, case.question_since = "", None
    case.clock = desk.begin_clock(workflow.now())
    text = again_text(facts, state.calls, state.lines_of(partner), asked.wanted)
    desk.inbox.append(Extend(actor=GRIDCASE, partner=partner, until=case.clock.due))
    write_to(ctx, partner, text, hand_back=True)


def _take(ctx: DisputeContext, asked: AskedPartner, answer: PartnerAnswer) -> bool:
    """Take an answer; whether it completes what the partner has to say.

    Called by the desk once it found nothing wrong with the answer. A refusal is no evidence: its words are for the merchant.
    """
    state, case = ctx.state, asked.case
    if answer.kind is AnswerKind.DECLINE:
        state.withdraw_statement(case.partner)
        return True
    key = f"{case.partner}:{answer.message_id}"
    state.state_evidence(case.partner, case.name, key, answer.note)
    return answer.kind is AnswerKind.ACCEPT and state.gave_evidence(case.partner)


def _took(
    ctx: DisputeContext, asked: AskedPartner, document: PartnerDocument, fetched: FetchedDocument
) -> None:
    """A paper of a partner goes into the draft as it comes; one that comes too late is kept, and shown."""
    state, case = ctx.state, asked.case
    if fetched.refused:
        state.refused[fetched.file_name or document.file_name] = fetched.refused
        return
    state.hold_paper(
        HeldPaper(
            document_id=fetched.document_id,
            document_type=fetched.document_type or document.document_type,
            file_name=fetched.file_name,
            mime_type=fetched.mime_type,
            size=document.size,
            partner=case.partner,
            source=PARTNER + case.partner,
        )
    )
    if not state.wants_evidence:
        state.late.append(fetched.document_id)
        words = f"{fetched.file_name} came from {case.name or case.partner} after the evidence was submitted; it is kept."
        ctx.file.note("late", words, actor=PARTNER + case.partner, flagged=True)
        return
    said = case.answer
    if said is not None and case.answered_in_part and said.kind is AnswerKind.ACCEPT:
        # The papers of an answer come just after it.
        case.take_answer(said)


def write_to(ctx: DisputeContext, partner: str, text: str, *, hand_back: bool = False) -> None:
    """Have a partner told something about its case, where it has one that is open."""
    desk = ctx.desks.get(partner)
    if desk is not None and desk.takes_orders:
        desk.inbox.append(
            MessagePartner(actor=GRIDCASE, partner=partner, text=text, hand_back=hand_back)
        )


def tell_partners(ctx: DisputeContext, text: str) -> None:
    for partner in ctx.desks:
        write_to(ctx, partner, text)


def tell_new_due(ctx: DisputeContext) -> None:
    """The due date has moved: the partners' time moves with it."""
    state, now = ctx.state, workflow.now()
    for partner, desk in ctx.desks.items():
        case = state.partners[partner].case
        if not desk.takes_orders or case.clock is None:
            continue
        due = state.partner_due(state.partners[partner].policy, now)
        if state.missing_of(partner) or not case.answered:
            desk.inbox.append(Extend(actor=GRIDCASE, partner=partner, until=due))
