"""Asking the partner for what is missing: papers, corrections, and the rest of the goods where no purchase order asks."""

from collections.abc import Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import GRIDCASE
    from domain.clock import Clock
    from domain.operator import MessagePartner, PartnerChanged
    from domain.partner_case import AnswerKind, PartnerAnswer, PartnerCase
    from domain.partner_messages import BusinessReference, OpenPartnerCase, RequestedLine
    from workflows.partner_desk import PartnerDesk
    from workflows.shipping_documents.context import PapersContext
    from workflows.shipping_documents.position import read_position
    from workflows.shipping_documents.reading import took
    from workflows.shipping_documents.shortfall import open_exception
    from workflows.waiting import Stopped, until

_CASE_TYPE = "shipment_document"
_THANKS = "Everything is there. Thank you."


async def chase(ctx: PapersContext) -> None:
    """Ask the partner once its time has come, close its case once everything is there, and give the goods up with it."""
    state = ctx.state
    while True:
        now = workflow.now()
        later = state.chase_at is not None and now < state.chase_at
        await until(
            lambda: ctx.is_over() or _to_do(ctx),
            state.chase_at if later else None,
            "Ask for what is missing",
        )
        if ctx.is_over():
            return
        try:
            await _next(ctx)
        except Stopped:
            return
        ctx.show()


def _to_do(ctx: PapersContext) -> bool:
    """Whether the partner is to be asked, to be asked for more, to be let go, or to be given up on."""
    state, desk = ctx.state, live_desk(ctx)
    chased = state.chase(workflow.now())
    if desk is None or not desk.timed:
        return chased
    if not state.wanted_of_partner():
        return True
    return bool(_unlisted(ctx)) or _short(ctx)


async def _next(ctx: PapersContext) -> None:
    state, desk = ctx.state, live_desk(ctx)
    if not state.chase(workflow.now()) and not (desk is not None and desk.timed):
        return
    if desk is None or not desk.timed:
        # Before anybody is asked: a word of the purchase order may have been lost.
        if state.open_lines():
            await read_position(ctx)
        if state.chase(workflow.now()):
            _ask(ctx)
    elif not state.wanted_of_partner():
        desk.close(_THANKS, settled=True)
        ctx.file.note("partner", f"{desk.name} owes nothing more.")
    elif _short(ctx):
        await open_exception(ctx)
    else:
        _ask_for_more(desk, ctx, _unlisted(ctx))


def live_desk(ctx: PapersContext) -> PartnerDesk | None:
    """The partner's desk, unless its case is being closed."""
    desk = ctx.desks.get(ctx.input.partner)
    return desk if desk is not None and desk.takes_orders else None


def desk_for_words(ctx: PapersContext, partner: str) -> PartnerDesk | None:
    """The desk an operator's word goes to; where the partner is asked nothing, one for the conversation alone."""
    if partner != ctx.input.partner:
        return None
    return live_desk(ctx) or _open_desk(ctx, timed=False)


def _short(ctx: PapersContext) -> bool:
    """Goods will not come: the partner says so, or says nothing, and no purchase order watches over them."""
    state = ctx.state
    return state.given_up and not state.owned and bool(state.open_lines())


def _unlisted(ctx: PapersContext) -> list[str]:
    """What the partner is to be told at once, and has not been."""
    return [words for words in ctx.state.urgent() if words not in ctx.state.listed]


def _ask(ctx: PapersContext) -> None:
    desk = live_desk(ctx)
    if desk is None:
        _open_desk(ctx, timed=True)
    else:
        desk.timed = ctx.state.asking = True
        _ask_for_more(desk, ctx, ctx.state.wanted_of_partner())


def _ask_for_more(desk: PartnerDesk, ctx: PapersContext, words: Sequence[str]) -> None:
    """Name more in a case that is open; its time begins anew."""
    state, case = ctx.state, desk.case
    state.listed += words
    case.answer, case.silent_since = None, None
    case.clock = Clock.begin(
        workflow.now(),
        desk.policy.answer_within,
        reminders=desk.policy.reminders,
        escalate_at=desk.policy.escalate_at,
    )
    text = f"Please send: {'; '.join(words)}."
    desk.inbox.append(
        MessagePartner(actor=GRIDCASE, partner=case.partner, text=text, hand_back=True)
    )


def _open_desk(ctx: PapersContext, *, timed: bool) -> PartnerDesk:
    state, papers = ctx.state, ctx.input
    wanted = state.wanted_of_partner() if timed else ()
    state.rounds, state.asking = state.rounds + 1, timed
    again = f"/{state.rounds}" if state.rounds > 1 else ""
    # What makes our case findable in Trading Grid, and Trading Grid's events placeable here.
    reference = f"{papers.case_id}/{papers.partner}{again}"
    state.listed = list(wanted)
    state.chasing = PartnerCase(
        partner=papers.partner,
        tenant=papers.tenant,
        name=state.partner_name,
        line_ids=tuple(state.open_lines()) if not state.owned else (),
    )
    lines = {line.line_id: line for line in state.lines}
    asked = tuple(
        RequestedLine(line_id=line_id, sku=lines[line_id].sku, quantity=count)
        for line_id, count in (state.open_lines() if timed and not state.owned else {}).items()
    )
    numbers = [BusinessReference(type="purchase_order", value=papers.po_number)]
    if state.case.order_name:
        numbers.append(BusinessReference(type="order", value=state.case.order_name))

    def request(key: str) -> OpenPartnerCase:
        return OpenPartnerCase(
            tenant=papers.tenant,
            partner=papers.partner,
            reference=reference,
            idempotency_key=key,
            case_type=_CASE_TYPE,
            subject=state.case.title,
            description=f"Please send for {papers.po_number}: {'; '.join(wanted)}."
            if wanted
            else f"About the papers of {papers.po_number}.",
            due=state.policy.answer_within.after(workflow.now()) if timed else None,
            lines=asked,
            business_references=tuple(numbers),
        )

    async def nothing_more() -> None:
        return

    async def nothing_beside(changes: Sequence[PartnerChanged]) -> None:
        return

    def leaves_nothing_open(answer: PartnerAnswer) -> bool:
        # A promise sends no paper: the partner's time runs on.
        return answer.kind is AnswerKind.DECLINE or not state.wanted_of_partner()

    desk = PartnerDesk(
        case=state.chasing,
        policy=state.policy,
        shop=papers.shop,
        case_id=papers.case_id,
        request=request,
        judge=_problems,
        opened=nothing_more,
        look_further=nothing_beside,
        may_answer=lambda: not ctx.is_over(),
        changed=ctx.show,
        file=ctx.file,
        outside=ctx.outside,
        notices=ctx.notices,
        timed=timed,
        completes=leaves_nothing_open,
        took=lambda document, fetched: took(ctx, document, fetched),
    )
    ctx.desks[papers.partner] = desk
    ctx.background.start(desk.attend())
    return desk


def _problems(answer: PartnerAnswer) -> tuple[str, ...]:
    if answer.kind is AnswerKind.UNKNOWN:
        return (f"{answer.raw_kind} is not an answer we know; accept or decline, please.",)
    return ()
