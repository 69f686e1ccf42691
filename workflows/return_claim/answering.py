"""The answer of a claim, written to Shopify: one answer for the whole return."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.return_claim import ReturnClaimActivities
    from domain import references
    from domain.case import GRIDCASE
    from domain.operator import MessagePartner
    from domain.return_claim.decision import Review
    from domain.return_claim.lines import refusal_note
    from domain.return_claim.messages import (
        ApproveReturn,
        CancelReturn,
        CreateReturn,
        DeclineReturn,
        RemoveLines,
        ReturnAnswered,
    )
    from domain.return_claim.names import ReturnStatus
    from domain.return_claim.state import Phase
    from workflows.options import SHOPIFY_WRITE
    from workflows.return_claim.context import ClaimContext
    from workflows.waiting import Stopped


async def decline(ctx: ClaimContext, review: Review) -> None:
    """Tell Shopify that nothing is accepted: decline the request, or cancel the return that is open already.

    Raises:
        Stopped: somebody in Shopify decided otherwise before.
    """
    state = ctx.state
    state.phase, state.settled = Phase.APPLYING, review
    ctx.show()
    shop, return_id = ctx.input.shop, state.return_id
    note, tell = refusal_note(review.verdicts), state.policy.notify_customer
    if not return_id:
        ctx.file.note("declined", f"The claim is declined: {note}")
        return
    if state.opened_as is ReturnStatus.REQUESTED:
        answered = await ctx.outside.write(
            ReturnClaimActivities.decline_return,
            lambda _: DeclineReturn(
                shop=shop, return_id=return_id, note=note, notify_customer=tell
            ),
            SHOPIFY_WRITE,
            "Decline the return in Shopify",
        )
    else:
        answered = await ctx.outside.write(
            ReturnClaimActivities.cancel_return,
            lambda _: CancelReturn(shop=shop, return_id=return_id),
            SHOPIFY_WRITE,
            "Cancel the open return in Shopify",
        )
    _take_answered(ctx, answered, f"Declined in Shopify: {note}")


async def approve(ctx: ClaimContext, review: Review) -> None:
    """Tell Shopify what is accepted: approve the request or create the return, and take refused pieces out.

    Raises:
        Stopped: somebody in Shopify decided otherwise before.
    """
    state = ctx.state
    state.phase, state.settled = Phase.APPLYING, review
    ctx.show()
    if state.return_id:
        if state.opened_as is ReturnStatus.REQUESTED:
            shop, return_id = ctx.input.shop, state.return_id
            tell = state.policy.notify_customer
            answered = await ctx.outside.write(
                ReturnClaimActivities.approve_return,
                lambda _: ApproveReturn(shop=shop, return_id=return_id, notify_customer=tell),
                SHOPIFY_WRITE,
                "Approve the return in Shopify",
            )
            _take_answered(ctx, answered, "Approved in Shopify.")
        if review.refused:
            await _remove_refused(ctx, review)
    elif state.goods_back:
        await _create_return(ctx, review)
    _tell_approved(ctx)


def _take_answered(ctx: ClaimContext, answered: ReturnAnswered | None, words: str) -> None:
    if answered is None:
        return  # shadow mode; the timeline says what would have been written
    ctx.state.return_status = answered.status
    if answered.overtaken:
        ctx.stop(f"The return was {answered.status.value.lower()} in Shopify.")
        raise Stopped
    ctx.file.note("written", words)


async def _remove_refused(ctx: ClaimContext, review: Review) -> None:
    by_line = {line.line_id: line.return_line_item_id for line in ctx.state.lines}
    keep = {by_line[verdict.line_id]: verdict.accepted for verdict in review.verdicts}
    shop, return_id = ctx.input.shop, ctx.state.return_id
    removed = await ctx.outside.write(
        ReturnClaimActivities.remove_lines,
        lambda _: RemoveLines(shop=shop, return_id=return_id, keep=keep),
        SHOPIFY_WRITE,
        "Take the refused pieces out of the return",
    )
    if removed is not None:
        ctx.file.note("written", f"Refused pieces taken out: {refusal_note(review.verdicts)}")


async def _create_return(ctx: ClaimContext, review: Review) -> None:
    state = ctx.state
    accepted = {v.line_id: v.accepted for v in review.verdicts if v.accepted}
    lines = tuple(line for line in state.lines if line.line_id in accepted)
    created = await ctx.outside.write(
        ReturnClaimActivities.create_return,
        lambda _: CreateReturn(
            shop=ctx.input.shop,
            case_id=ctx.input.case_id,
            order_id=state.order_id,
            marker=f"Gridcase {ctx.input.number}",
            lines=lines,
            accepted=accepted,
        ),
        SHOPIFY_WRITE,
        "Create the return in Shopify",
    )
    if created is None:
        return
    state.return_id, state.return_name = created.return_id, created.name
    state.return_status = state.opened_as = ReturnStatus.OPEN
    state.lines = [
        line.model_copy(update={"return_line_item_id": created.return_lines.get(line.line_id, "")})
        for line in state.lines
    ]
    ctx.file.refer(references.RETURN, created.return_id)
    ctx.file.note("written", f"Return {created.name} created in Shopify.")


def _tell_approved(ctx: ClaimContext) -> None:
    """The partners who get goods back learn it at once, and where to report them."""
    wanted = ctx.state.expected_goods()
    for partner, desk in ctx.desks.items():
        pieces = [
            f"{wanted[line.line_id]} × {line.sku or line.name}"
            for line in ctx.state.lines_of(partner)
            if line.line_id in wanted
        ]
        if pieces and desk.takes_orders:
            text = (
                f"The claim is approved; on its way back: {', '.join(pieces)}. "
                "Please report on the return authorisation what arrives and what becomes of it."
            )
            desk.inbox.append(
                MessagePartner(actor=GRIDCASE, partner=partner, text=text, hand_back=False)
            )
