"""Settling a claim in Shopify: what becomes of the goods, the money, the end of the return."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.return_claim import ReturnClaimActivities, ReturnSettlementActivities
    from domain.return_claim.goods import Disposition
    from domain.return_claim.messages import (
        CloseReturn,
        ProcessReturn,
        RefundOrder,
        SuggestOrderRefund,
        SuggestRefund,
    )
    from domain.return_claim.money import NotRefundable, RefundTransaction
    from domain.return_claim.state import Phase
    from workflows.options import SHOPIFY_READ, SHOPIFY_WRITE
    from workflows.return_claim.context import ClaimContext
    from workflows.waiting import Stopped


async def suggest_refund(ctx: ClaimContext) -> None:
    """Learn what Shopify would refund for the pieces that were accepted and did come (or stay with the customer).

    An amount the merchant named before, and the payments cannot give back, is put aside: the merchant is asked again.
    """
    state = ctx.state
    if not state.wants_refund_word and not state.refunds:
        return
    if state.return_id:
        state.suggested = await ctx.outside.read(
            ReturnSettlementActivities.suggest_refund,
            SuggestRefund(
                shop=ctx.input.shop,
                return_id=state.return_id,
                quantities=state.by_return_line(state.refundable_pieces()),
            ),
            SHOPIFY_READ,
            "Ask Shopify what it would refund",
        )
    else:
        state.suggested = await ctx.outside.read(
            ReturnSettlementActivities.suggest_order_refund,
            SuggestOrderRefund(
                shop=ctx.input.shop,
                order_id=state.order_id,
                quantities=state.by_line_item(state.refundable_pieces()),
            ),
            SHOPIFY_READ,
            "Ask Shopify what it would refund",
        )
    try:
        state.refund()
    except NotRefundable as error:
        state.refund_decision, state.refund_asked = None, True
        ctx.file.note("decision", f"The refund cannot be made: {error}", flagged=True)


async def process(ctx: ClaimContext) -> None:
    """Write what became of the goods, and refund where that was decided; money moves once.

    Raises:
        Stopped: the return was closed in Shopify before.
    """
    state = ctx.state
    state.phase = Phase.APPLYING
    ctx.show()
    refund = state.refund()
    if state.refunds and not refund:
        ctx.file.note("refund", "Shopify has nothing to give back for this.", flagged=True)
    if state.return_id:
        await _process_return(ctx, refund)
    elif refund:
        await _refund_order(ctx, refund)
    state.processed = True


async def _process_return(ctx: ClaimContext, refund: tuple[RefundTransaction, ...]) -> None:
    state = ctx.state
    by_line = {line.line_id: line.return_line_item_id for line in state.lines}
    dispositions: dict[str, tuple[Disposition, ...]] = {}
    for part in state.dispositions():
        key = by_line[part.line_id]
        dispositions[key] = (*dispositions.get(key, ()), part)
    processed = await ctx.outside.write(
        ReturnSettlementActivities.process_return,
        lambda _: ProcessReturn(
            shop=ctx.input.shop,
            return_id=state.return_id,
            quantities=state.by_return_line(state.accepted_pieces()),
            dispositions=dispositions,
            refund=refund,
            currency=state.currency,
            notify_customer=state.policy.notify_customer,
        ),
        SHOPIFY_WRITE,
        "Process the return in Shopify" + (" and refund" if refund else ""),
    )
    if processed is None:
        return
    if processed.overtaken:
        ctx.stop("The return was closed in Shopify.")
        raise Stopped
    state.refunded = processed.refunded
    words = "Processed in Shopify before" if processed.already else "Processed in Shopify"
    ctx.file.note(
        "written",
        f"{words}; refunded {processed.refunded or 'nothing'}.",
        flagged=bool(refund) and not processed.refunded,
    )


async def _refund_order(ctx: ClaimContext, refund: tuple[RefundTransaction, ...]) -> None:
    state = ctx.state
    refunded = await ctx.outside.write(
        ReturnSettlementActivities.refund_order,
        lambda key: RefundOrder(
            shop=ctx.input.shop,
            order_id=state.order_id,
            note=f"Gridcase {ctx.input.number}: {state.case.title}",
            idempotency_key=key,
            quantities=state.by_line_item(state.accepted_pieces()),
            refund=refund,
            currency=state.currency,
        ),
        SHOPIFY_WRITE,
        "Refund the claim in Shopify",
    )
    if refunded is not None:
        state.refunded = refunded.refunded
        ctx.file.note("written", f"Refunded {refunded.refunded}.")


async def close_return(ctx: ClaimContext) -> None:
    """Close the return in Shopify, where there is one and the policy says so."""
    state = ctx.state
    state.phase = Phase.CLOSING
    if not state.return_id:
        return
    if not state.policy.auto_close:
        ctx.file.note("written", "The return is left open in Shopify, as the policy says.")
        return
    shop, return_id = ctx.input.shop, state.return_id
    closed = await ctx.outside.write(
        ReturnClaimActivities.close_return,
        lambda _: CloseReturn(shop=shop, return_id=return_id),
        SHOPIFY_WRITE,
        "Close the return in Shopify",
    )
    if closed is not None:
        state.return_status = closed.status
        ctx.file.note("written", "Closed in Shopify.")
