"""The partners of an exception: a collaboration case each, with the lines that are theirs."""

from collections.abc import Collection, Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import GRIDCASE
    from domain.operator import Extend, MessagePartner, PartnerChanged
    from domain.order_exception.decision import Decide
    from domain.order_exception.lines import PARTNER, Position, judge
    from domain.order_exception.state import AskedPartner
    from domain.partner_case import PartnerAnswer, PartnerCase
    from domain.partner_messages import BusinessReference, OpenPartnerCase, RequestedLine
    from workflows.order_exception.context import ExceptionContext
    from workflows.partner_desk import PartnerDesk

_TOLD = 20  # lines named in a sentence; all of them stand in the case itself
_GONE = frozenset({"closed", "cancelled"})  # of a case that the partner ended
_HOW_TO_ANSWER = (
    "Please answer by line: DR with the date on which it ships, BP with the quantity that ships at once and the date of the "
    "rest, IS with the SKU you offer instead, IR if it cannot be shipped."
)


def ask_partners(ctx: ExceptionContext, *, anew: Collection[str] = ()) -> None:
    """Open a case with each partner that has lines nobody has asked it about; with those of `anew` in any case.

    A partner whose case is open gets another one in its place, with all its open lines: what a case is about stands in its
    lines, and its own portal shows no others.
    """
    state = ctx.state
    for partner in dict.fromkeys(one.line.partner for one in state.open_lines):
        waiting = {one.line.line_id for one in state.unanswered(partner)} if partner else set()
        desk = ctx.desks.get(partner)
        known = set(desk.case.line_ids) if desk is not None and desk.takes_orders else set()
        if waiting <= (set() if partner in anew else known):
            continue
        if desk is not None:
            desk.close("It goes on in another case, with all lines that are open.")
        _set_up_desk(ctx, partner)
        ctx.background.start(ctx.desks[partner].attend())


def _set_up_desk(ctx: ExceptionContext, partner: str) -> None:
    state, planned = ctx.state, ctx.state.planned[partner]
    before = state.partners.get(partner)
    for position in state.open_of(partner):
        position.ask()
    asked = AskedPartner(
        case=PartnerCase(
            partner=partner,
            tenant=planned.tenant,
            name=planned.name,
            line_ids=tuple(one.line.line_id for one in state.open_of(partner)),
        ),
        policy=planned.policy,
        round=before.round + 1 if before else 1,
    )
    state.partners[partner] = asked

    def wrong_with(answer: PartnerAnswer) -> tuple[str, ...]:
        today = workflow.now().date()
        return judge(state.of_partner(partner), answer, PARTNER + partner, today=today).problems

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
        may_answer=lambda: bool(state.open_of(partner)) and not ctx.is_over(),
        changed=ctx.show,
        file=ctx.file,
        outside=ctx.outside,
        notices=ctx.notices,
        completes=lambda answer: _take(ctx, asked, answer),
    )


def _request(ctx: ExceptionContext, asked: AskedPartner, key: str) -> OpenPartnerCase:
    state, partner = ctx.state, asked.case.partner
    lines = [state.positions[line_id] for line_id in asked.case.line_ids]
    note = f" {state.note}" if state.note else ""
    return OpenPartnerCase(
        tenant=asked.case.tenant,
        partner=partner,
        reference=_reference(ctx, asked),
        idempotency_key=key,
        case_type="order_exception",
        subject=state.case.title,
        description=f"When do these ship: {in_words(lines)}?{note} {_HOW_TO_ANSWER}",
        priority=state.priority.value,
        due=asked.policy.answer_within.after(workflow.now()),
        lines=tuple(
            RequestedLine(
                line_id=one.line.line_id,
                sku=one.line.sku,
                quantity=one.open or one.line.quantity,
                note=one.line.name,
            )
            for one in lines
        ),
        business_references=(BusinessReference(type="order", value=state.case.order_name),),
    )


def _reference(ctx: ExceptionContext, asked: AskedPartner) -> str:
    """What makes our case findable in Trading Grid, and Trading Grid's events placeable here."""
    again = f"/{asked.round}" if asked.round > 1 else ""
    return f"{ctx.input.case_id}/{asked.case.partner}{again}"


def _take(ctx: ExceptionContext, asked: AskedPartner, answer: PartnerAnswer) -> bool:
    """Take an answer, line by line; whether it leaves none of the partner's lines without a word.

    Called by the desk once it found nothing wrong with the answer.
    """
    state, partner, now = ctx.state, asked.case.partner, workflow.now()
    by = PARTNER + partner
    for said in judge(state.of_partner(partner), answer, by, today=now.date()).said:
        position = state.positions[said.line_id]
        if position.take(said, lambda day: state.in_terms(partner, day, now)):
            ctx.file.note("line", f"{position.line.label}: {said.words}.", actor=by)
        else:
            words = f"{position.line.label}: {said.words}; not applied, it is settled already."
            ctx.file.note("line", words, actor=by, flagged=True)
    left = state.unanswered(partner)
    if left:
        write_to(ctx, partner, f"Still open: {in_words(left)}. {_HOW_TO_ANSWER}", hand_back=True)
    tidy_up(ctx)
    return not left


def write_to(ctx: ExceptionContext, partner: str, text: str, *, hand_back: bool = False) -> None:
    """Have a partner told something about its case, where it has one that is open."""
    desk = ctx.desks.get(partner)
    if desk is not None and desk.takes_orders:
        desk.inbox.append(
            MessagePartner(actor=GRIDCASE, partner=partner, text=text, hand_back=hand_back)
        )


def tidy_up(ctx: ExceptionContext, why: str = "All your lines are settled.") -> None:
    """Close the cases of partners that have nothing open any more, while the exception goes on with others.

    Where nothing is open at all, the ending closes them, with the outcome.
    """
    if not ctx.state.open_lines:
        return
    for partner, desk in ctx.desks.items():
        if not ctx.state.open_of(partner):
            desk.close(why)


def keep_waiting(ctx: ExceptionContext, decision: Decide, lines: Sequence[Position]) -> None:
    """Give the partners of these lines time anew, and their cases back to them.

    A partner that had closed its case is asked in another one.
    """
    partners = dict.fromkeys(one.line.partner for one in lines)
    gone = [
        one
        for one in partners
        if not ctx.desks[one].takes_orders or ctx.desks[one].case.remote_status in _GONE
    ]
    ask_partners(ctx, anew=gone)
    for partner in (one for one in partners if one not in gone):
        asked, desk = ctx.state.partners[partner], ctx.desks[partner]
        asked.case.answered_in_part = asked.case.answered
        until = decision.until or asked.policy.answer_within.after(workflow.now())
        desk.inbox.append(Extend(actor=decision.actor, partner=partner, until=until))
        mine = [one for one in lines if one.line.partner == partner]
        text = f"Please look again at {in_words(mine)}. {_HOW_TO_ANSWER}"
        write_to(ctx, partner, text, hand_back=True)


def in_words(lines: Sequence[Position]) -> str:
    told = [f"{one.open or one.line.quantity} × {one.line.label}" for one in lines[:_TOLD]]
    more = len(lines) - len(told)
    return ", ".join(told) + (f" and {more} more" if more else "")
