"""Opening a claim: what is claimed, who reviews it, on which terms."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.return_claim import ReturnClaimActivities, ReturnReviewActivities
    from domain import references
    from domain.return_claim.lines import ClaimLine
    from domain.return_claim.messages import (
        PlanReviews,
        ReadClaimedOrder,
        ReadReturn,
        ReturnFacts,
    )
    from domain.return_claim.names import ClaimKind, ReturnStatus
    from domain.return_claim.state import ClaimRequest
    from workflows.options import CASE_RECORD, SHOPIFY_READ
    from workflows.return_claim.context import ClaimContext
    from workflows.return_claim.partners import set_up_desk
    from workflows.waiting import Stopped


async def read_claim(ctx: ClaimContext) -> None:
    """Read what is claimed, find out who reviews it on which terms, and set up a desk for each partner.

    Raises:
        Stopped: there is nothing to review any more, or the claim was cancelled meanwhile.
    """
    asked = ctx.input.claim
    lines = await _requested_return(ctx) if asked is None else await _claimed_order(ctx, asked)
    plan = await ctx.outside.read(
        ReturnReviewActivities.plan_reviews,
        PlanReviews(shop=ctx.input.shop, lines=lines),
        CASE_RECORD,
        "Find the partners and their terms",
    )
    state = ctx.state
    state.lines, state.policy = list(plan.lines), plan.policy
    state.case.shadow = plan.shadow
    if state.kind is not ClaimKind.RETURN and asked is not None:
        state.goods_back = (
            plan.policy.claim_goods_back if asked.goods_back is None else asked.goods_back
        )
    for planned in plan.reviews:
        set_up_desk(ctx, planned)
    who = ", ".join(review.name or review.partner for review in plan.reviews) or "nobody"
    ctx.file.note(
        "opened",
        f"{state.case.title}: {len(lines)} {'line' if len(lines) == 1 else 'lines'} worth {state.value}; asked: {who}.",
        actor=ctx.input.opened_by,
        event_id=ctx.input.event_id,
    )
    ctx.check_stop()


async def read_return(ctx: ClaimContext) -> ReturnFacts:
    """The return as Shopify has it now."""
    return await ctx.outside.read(
        ReturnClaimActivities.read_return,
        ReadReturn(shop=ctx.input.shop, return_id=ctx.state.return_id),
        SHOPIFY_READ,
        "Read the return",
    )


async def _requested_return(ctx: ClaimContext) -> tuple[ClaimLine, ...]:
    facts = await read_return(ctx)
    state = ctx.state
    state.return_name, state.return_status = facts.name, facts.status
    state.opened_as = facts.status
    state.order_id, state.case.order_name = facts.order_id, facts.order_name
    state.currency = facts.currency
    state.case.title = f"Return {facts.name} of order {facts.order_name}"
    ctx.file.refer(references.RETURN, facts.return_id)
    ctx.file.refer(references.ORDER, facts.order_id)
    if facts.status not in {ReturnStatus.REQUESTED, ReturnStatus.OPEN} or facts.processed:
        status = "processed" if facts.processed else facts.status.value.lower()
        ctx.stop(f"The return is already {status} in Shopify.")
        raise Stopped
    if facts.exchange:
        ctx.file.note(
            "exchange", "The return has exchange items: the merchant settles them.", flagged=True
        )
    return facts.lines


async def _claimed_order(ctx: ClaimContext, claim: ClaimRequest) -> tuple[ClaimLine, ...]:
    state = ctx.state
    kind = f"{claim.kind.value.capitalize()} claim {claim.external_reference}"
    state.case.title = kind
    order = await ctx.outside.read(
        ReturnClaimActivities.read_claimed_order,
        ReadClaimedOrder(shop=ctx.input.shop, claim=claim),
        SHOPIFY_READ,
        "Read the claimed order",
    )
    state.order_id, state.case.order_name = order.order_id, order.order_name
    state.currency = order.currency
    state.case.title = f"{kind} on order {order.order_name}"
    ctx.file.refer(references.EXTERNAL_CLAIM, claim.external_reference)
    ctx.file.refer(references.ORDER, order.order_id)
    return order.lines
