"""The order changing underneath an exception: lines ship, are cancelled, get new holds, or become a purchase order's."""

from collections.abc import Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import SHOPIFY
    from domain.operator import ShopifyChanged
    from domain.order_exception.lines import ExceptionLine, Position
    from domain.order_exception.names import TakeIn
    from domain.shop_order import ShopOrder
    from workflows.order_exception.context import ExceptionContext
    from workflows.order_exception.opening import lines_of, plan_lines, read_order, take_in
    from workflows.order_exception.partners import ask_partners, in_words, tidy_up, write_to
    from workflows.waiting import Stopped, hold

# Topics that say nothing about purchase orders: fulfillment orders and their holds move all the time.
_OF_FULFILLMENT = ("fulfillment_orders/", "fulfillment_holds/", "fulfillments/")
_GONE_MEANWHILE = "All your lines were fulfilled, cancelled or taken over meanwhile."


async def watch_shopify(
    ctx: ExceptionContext, changes: list[ShopifyChanged], more: list[TakeIn]
) -> None:
    """Read the order again whenever Shopify says that something changed, or more of it is late, until the case ends."""
    while True:
        await hold(lambda: bool(changes or more) or ctx.is_over())
        if ctx.is_over():
            return
        # One look answers all that came so far.
        covered = any(not one.topic.startswith(_OF_FULFILLMENT) for one in changes)
        late, more[:] = list(more), []
        changes.clear()
        try:
            await look(ctx, at_purchase_orders=covered, late=late)
        except Stopped:
            return
        ctx.show()


async def look(
    ctx: ExceptionContext, *, at_purchase_orders: bool = False, late: Sequence[TakeIn] = ()
) -> ShopOrder | None:
    """Take what Shopify says now, and the lines that have become late; the order, or None where it is gone.

    Raises:
        Stopped: the case was stopped before the answer came.
    """
    order = await read_order(ctx)
    if ctx.is_over():
        raise Stopped
    if order is None:
        ctx.stop("The order is gone from Shopify.")
        return None
    _take_quantities(ctx, order)
    news = _new_lines(ctx, order, late)
    if news or at_purchase_orders:
        plan = await plan_lines(ctx, order, news)
        if ctx.is_over():
            raise Stopped
        _take_over(ctx, plan.covered)
        if news:
            taken = take_in(ctx, order, plan)
            ctx.file.note("shopify", f"Taken in as well: {taken}.", actor=SHOPIFY)
    tidy_up(ctx, _GONE_MEANWHILE)
    # About what is new, and about what came back to a partner whose case was closed for want of open lines.
    ask_partners(ctx)
    return order


def _new_lines(
    ctx: ExceptionContext, order: ShopOrder, late: Sequence[TakeIn]
) -> list[ExceptionLine]:
    """What has become exceptional by the order itself, or by somebody's word, and is not in the case yet."""
    wanted = set(ctx.state.news_of(order))
    for word in late:
        wanted |= set(word.line_ids or order.remaining)
        note = f" ({word.note})" if word.note else ""
        reason = word.reason.value.replace("_", " ")
        ctx.file.note("exception", f"Once more: {reason}{note}.", actor=word.opened_by)
    wanted -= set(ctx.state.positions)
    return lines_of(order, wanted) if wanted else []


def _take_quantities(ctx: ExceptionContext, order: ShopOrder) -> None:
    told: dict[str, list[Position]] = {}
    for position, pieces in ctx.state.take_order(order):
        line = position.line
        if position.covered:
            continue
        what = "shipped or cancelled" if pieces > 0 else "are to ship again"
        ctx.file.note("shopify", f"{abs(pieces)} × {line.label} {what} in Shopify.", actor=SHOPIFY)
        if position.open and position.asked and line.partner:
            told.setdefault(line.partner, []).append(position)
    for partner, lines in told.items():
        write_to(ctx, partner, f"The order has changed; still open: {in_words(lines)}.")


def _take_over(ctx: ExceptionContext, covered: tuple[str, ...]) -> None:
    for line_id in covered:
        if ctx.state.cover(line_id):
            label = ctx.state.positions[line_id].line.label
            ctx.file.note("covered", f"A purchase order owns {label} now.")
