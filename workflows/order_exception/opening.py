"""Opening an exception, and taking lines into one: what is late, whose it is, on which terms."""

from collections.abc import Collection, Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.fulfillment_orders import FulfillmentOrderActivities
    from activities.order_exception import OrderExceptionActivities
    from domain import references
    from domain.fulfillment_orders import ReadOrder
    from domain.notification import Severity
    from domain.order_exception.lines import ExceptionLine
    from domain.order_exception.messages import ExceptionPlan, ReadPlan
    from domain.order_exception.names import Reason
    from domain.order_exception.state import Phase
    from domain.shop_order import ShopOrder
    from workflows.options import CASE_RECORD, SHOPIFY_READ
    from workflows.order_exception.context import ExceptionContext
    from workflows.waiting import Stopped


async def read_exception(ctx: ExceptionContext) -> None:
    """Read what of the order cannot be fulfilled as promised, and find out who is asked about it, on which terms.

    Raises:
        Stopped: nothing is left to ask about, or the exception was cancelled meanwhile.
    """
    opened, state = ctx.input, ctx.state
    state.case.title = f"Order {opened.order_id}"
    order = await read_order(ctx)
    if order is None:
        ctx.stop("The order is gone from Shopify.")
        raise Stopped
    state.case.order_name = order.name
    state.case.title = f"Order {order.name}: {_WORDS[state.reason]}"
    ctx.file.refer(references.ORDER, order.order_id)
    wanted = lines_of(order, opened.line_ids)
    plan = await plan_lines(ctx, order, wanted)
    state.policy, state.priority = plan.policy, plan.priority
    state.case.shadow = plan.shadow
    taken = take_in(ctx, order, plan)
    asked = "the merchant first" if state.reviewing else _asked(ctx)
    ctx.file.note(
        "opened",
        f"{state.case.title}: {taken}; asked: {asked}." + (f" {state.note}" if state.note else ""),
        actor=opened.opened_by,
        event_id=opened.event_id,
    )
    ctx.check_stop()
    if not state.open_lines:
        ctx.stop("Nothing of it is left to ship, or a purchase order owns it.")
        raise Stopped
    state.phase = Phase.OPEN
    if not state.policy.hold_late_lines:
        ctx.notices.send(
            state.policy.notify,
            Severity.INFO,
            "nothing is held",
            f"{taken} may ship as it is, since the policy holds nothing; decide `hold` to hold it.",
        )


async def read_order(ctx: ExceptionContext) -> ShopOrder | None:
    """The order as Shopify has it now; None where it is gone."""
    found = await ctx.outside.read(
        FulfillmentOrderActivities.read_order,
        ReadOrder(shop=ctx.input.shop, order_id=ctx.input.order_id),
        SHOPIFY_READ,
        "Read the order",
    )
    return found.order


async def plan_lines(
    ctx: ExceptionContext, order: ShopOrder, lines: Sequence[ExceptionLine]
) -> ExceptionPlan:
    """Whose these lines are, and which lines of the order purchase orders own by now."""
    return await ctx.outside.read(
        OrderExceptionActivities.read_plan,
        ReadPlan(
            shop=ctx.input.shop,
            order_id=ctx.input.order_id,
            lines=tuple(lines),
            known=tuple(one.line for one in ctx.state.positions.values()),
            tags=order.tags,
            number_of_orders=order.number_of_orders,
        ),
        CASE_RECORD,
        "Find the partners and their terms",
    )


def lines_of(order: ShopOrder, line_ids: Collection[str]) -> list[ExceptionLine]:
    """These lines of the order, or all, as far as something of them is still to ship."""
    remaining, places = order.remaining, order.location_of
    services = {
        line.line_id: one.fulfillment_service
        for one in order.fulfillment_orders
        if one.open
        for line in one.lines
    }
    return [
        ExceptionLine(
            line_id=line.line_id,
            sku=line.sku,
            vendor=line.vendor,
            name=line.name,
            quantity=remaining[line.line_id],
            location=places.get(line.line_id, ""),
            fulfillment_service=services.get(line.line_id, ""),
        )
        for line in order.lines
        if remaining.get(line.line_id, 0) > 0 and (not line_ids or line.line_id in line_ids)
    ]


def take_in(ctx: ExceptionContext, order: ShopOrder, plan: ExceptionPlan) -> str:
    """Make the planned lines the case's own, but for those a purchase order owns; what was taken in, in words."""
    state = ctx.state
    for planned in plan.partners:
        state.planned.setdefault(planned.partner, planned)
    # Two looks at once may have planned the same line: the first to come back takes it in.
    owned = [line for line in plan.lines if line.line_id in plan.covered]
    known = {*plan.covered, *state.positions}
    taken = [line for line in plan.lines if line.line_id not in known]
    for line in taken:
        state.take_in(line)
    state.take_order(order)
    for why in plan.unasked.values():
        ctx.file.note("partner", f"{why} Its lines are the merchant's.", flagged=True)
    if owned:
        ctx.file.note(
            "covered", f"A purchase order owns {', '.join(line.label for line in owned)}."
        )
    return ", ".join(f"{line.quantity} × {line.label}" for line in taken) or "nothing"


def _asked(ctx: ExceptionContext) -> str:
    state = ctx.state
    partners = dict.fromkeys(one.line.partner for one in state.positions.values())
    return ", ".join(state.planned[one].name or one for one in partners if one) or "nobody"


_WORDS = {
    Reason.LATE: "late",
    Reason.SHORT_SHIPPED: "shipped short",
    Reason.MANUAL_REVIEW: "to be reviewed",
    Reason.REJECTED: "rejected by its fulfillment service",
    Reason.ON_HOLD: "on hold",
    Reason.OTHER: "cannot be fulfilled as promised",
}
