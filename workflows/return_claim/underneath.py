"""Shopify changing underneath a claim: a customer withdraws, staff decides in the admin, lines are taken out."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import GRIDCASE, SHOPIFY
    from domain.clock import Clock
    from domain.operator import MessagePartner, ShopifyChanged
    from domain.return_claim.decision import Finding
    from domain.return_claim.lines import ClaimLine, judge
    from domain.return_claim.messages import ReturnFacts
    from domain.return_claim.names import ReturnStatus
    from domain.return_claim.state import Phase
    from workflows.partner_desk import PartnerDesk
    from workflows.return_claim.context import ClaimContext
    from workflows.return_claim.opening import read_return
    from workflows.waiting import Stopped, hold

_BEFORE_PROCESSING = (Phase.REVIEW, Phase.GOODS, Phase.REFUND)


async def watch_shopify(ctx: ClaimContext, changes: list[ShopifyChanged]) -> None:
    """Read the return again whenever Shopify says that something changed, until the claim ends."""
    while True:
        await hold(lambda: bool(changes) or ctx.is_over())
        if ctx.is_over():
            return
        changes.clear()  # one look answers all that came so far
        if not ctx.state.return_id:
            continue
        try:
            facts = await read_return(ctx)
        except Stopped:
            return
        if ctx.is_over():
            return
        if why := _take(ctx, facts):
            ctx.stop(why)
        ctx.show()


def _take(ctx: ClaimContext, facts: ReturnFacts) -> str:
    """Take what Shopify says now; why the claim ends, or nothing where it goes on."""
    state = ctx.state
    state.return_status = facts.status
    settled = state.settled
    match facts.status:
        case ReturnStatus.CANCELED | ReturnStatus.DECLINED:
            ours = settled is not None and settled.finding is Finding.DECLINE
            return "" if ours else f"The return was {facts.status.value.lower()} in Shopify."
        case ReturnStatus.CLOSED:
            ours = state.processed or state.phase in {Phase.CLOSING, Phase.ENDED}
            return "" if ours else "The return was closed in Shopify."
        case ReturnStatus.OPEN if settled is None and state.opened_as is ReturnStatus.REQUESTED:
            return "The return was approved in Shopify."
        case _:
            pass
    if facts.processed and state.phase in _BEFORE_PROCESSING:
        return "The return was processed in Shopify."
    if settled is None and state.phase is Phase.REVIEW:
        return _take_lines(ctx, facts)
    return ""


def _take_lines(ctx: ClaimContext, facts: ReturnFacts) -> str:
    """Lines taken out or changed in Shopify; who is asked about them is told, and asked again where it matters."""
    state = ctx.state
    now = {line.return_line_item_id: line for line in facts.lines}
    changed: set[str] = set()
    kept: list[ClaimLine] = []
    for line in state.lines:
        found = now.pop(line.return_line_item_id, None)
        what = line.sku or line.name
        if found is None:
            changed.add(line.partner)
            ctx.file.note("shopify", f"{what} was taken out.", actor=SHOPIFY)
        elif found.quantity != line.quantity:
            changed.add(line.partner)
            kept.append(line.model_copy(update={"quantity": found.quantity}))
            was = f"{found.quantity} instead of {line.quantity}"
            ctx.file.note("shopify", f"{what}: {was}.", actor=SHOPIFY)
        else:
            kept.append(line)
    for added in now.values():
        what = f"{added.sku or added.name} was added to the return; nobody reviews it here."
        ctx.file.note("shopify", what, actor=SHOPIFY, flagged=True)
    if not changed:
        return ""
    state.lines = kept
    if not kept:
        return "Every line was taken out of the return in Shopify."
    for partner, desk in ctx.desks.items():  # not over the set: its order differs between processes
        if partner in changed:
            _tell_changed_lines(ctx, desk)
    return ""


def _tell_changed_lines(ctx: ClaimContext, desk: PartnerDesk) -> None:
    lines = ctx.state.lines_of(desk.case.partner)
    desk.case.line_ids = tuple(line.line_id for line in lines)
    if not lines:
        desk.close("The lines were taken out of the return.")
        return
    text = "The return was changed; it is now: " + ", ".join(
        f"{line.quantity} × {line.sku or line.name}" for line in lines
    )
    answer = desk.case.answer
    again = answer is not None and bool(judge(lines, answer, desk.case.partner).problems)
    if again:
        desk.case.answer = None
        desk.case.clock = Clock.begin(
            workflow.now(),
            desk.policy.answer_within,
            reminders=desk.policy.reminders,
            escalate_at=desk.policy.escalate_at,
        )
        text += ". Please answer again."
    desk.inbox.append(
        MessagePartner(actor=GRIDCASE, partner=desk.case.partner, text=text, hand_back=again)
    )
