"""Opening a dispute: what is disputed, whose goods they were, what evidence we hold already."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.dispute import DisputeActivities
    from activities.fulfillment_orders import FulfillmentOrderActivities
    from domain import references
    from domain.dispute.messages import DisputedLine, FindPapers, PlanEvidence, ReadDispute
    from domain.fulfillment_orders import ReadOrder
    from domain.shop_order import ShopOrder
    from domain.standing import moment
    from workflows.dispute.context import DisputeContext
    from workflows.options import CASE_RECORD, SHOPIFY_READ


async def read_case(ctx: DisputeContext) -> None:
    """Read the dispute, and find out the terms. One that is answered or final already is recorded; nobody is asked about it.

    Raises:
        Stopped: it was cancelled meanwhile.
    """
    state, opened = ctx.state, ctx.input
    state.case.title = f"Dispute {opened.dispute_id}"
    await read_dispute(ctx)
    facts = state.facts
    if facts is None:
        return
    state.case.order_name = facts.order_name
    state.case.title = _title(ctx)
    ctx.file.refer(references.DISPUTE, facts.dispute_id)
    ctx.file.refer(references.ORDER, facts.order_id)
    await _plan(ctx)
    due = f"evidence is due by {moment(facts.due)}" if facts.due else "no due date"
    reason, status = (one.lower().replace("_", " ") for one in (facts.reason, facts.raw_status))
    ctx.file.note(
        "opened",
        f"{state.case.title}: {facts.amount}, {reason}; {due}; {status}.",
        actor=opened.opened_by,
        event_id=opened.event_id,
    )
    ctx.check_stop()


async def prepare_stage(ctx: DisputeContext) -> None:
    """Who can prove what: the order's lines with their partners, and the papers we hold already."""
    if not ctx.state.lines:
        await _plan(ctx)
    await _find_papers(ctx)
    ctx.check_stop()


async def read_dispute(ctx: DisputeContext) -> None:
    """The dispute as Shopify has it now, taken into the state."""
    found = await ctx.outside.read(
        DisputeActivities.read_dispute,
        ReadDispute(shop=ctx.input.shop, dispute_id=ctx.input.dispute_id),
        SHOPIFY_READ,
        "Read the dispute",
    )
    if found.dispute is None:
        ctx.state.gone = True
    else:
        ctx.state.take_facts(found.dispute, workflow.now())


async def _read_order(ctx: DisputeContext, order_id: str) -> ShopOrder | None:
    if not order_id:
        return None
    found = await ctx.outside.read(
        FulfillmentOrderActivities.read_order,
        ReadOrder(shop=ctx.input.shop, order_id=order_id),
        SHOPIFY_READ,
        "Read the disputed order",
    )
    return found.order


async def _plan(ctx: DisputeContext) -> None:
    """Who is asked, on which terms; where nobody is to be asked, the shop's own terms alone."""
    state = ctx.state
    order_id = state.facts.order_id if state.facts and state.wants_evidence else ""
    order = await _read_order(ctx, order_id)
    plan = await ctx.outside.read(
        DisputeActivities.plan_evidence,
        PlanEvidence(
            shop=ctx.input.shop,
            lines=disputed_lines(order) if order else (),
            tags=order.tags if order else (),
            number_of_orders=order.number_of_orders if order else 0,
        ),
        CASE_RECORD,
        "Find the partners and their terms",
    )
    state.lines, state.policy, state.priority = list(plan.lines), plan.policy, plan.priority
    state.planned = {one.partner: one for one in plan.partners}
    state.case.shadow = plan.shadow
    for why in plan.unasked.values():
        ctx.file.note("partner", f"{why} It is not asked for evidence.", flagged=True)


async def _find_papers(ctx: DisputeContext) -> None:
    """What we hold of the order from its other cases counts, and is not asked for again."""
    state = ctx.state
    order_id = state.facts.order_id if state.facts else ""
    if not order_id:
        return
    found = await ctx.outside.read(
        DisputeActivities.find_papers,
        FindPapers(
            shop=ctx.input.shop,
            case_id=ctx.input.case_id,
            order_id=order_id,
            types=(*state.calls.papers, *state.calls.useful),
        ),
        CASE_RECORD,
        "Find the papers we hold already",
    )
    for paper in found.papers:
        state.hold_paper(paper)
    if found.papers:
        names = ", ".join(paper.file_name for paper in found.papers[:20])
        ctx.file.note("document", f"From other cases of the order: {names}")


def disputed_lines(order: ShopOrder) -> tuple[DisputedLine, ...]:
    """The lines that were shipped, or all where nothing was."""
    shipped: dict[str, int] = {}
    for one in order.shipments:
        if one.status == "SUCCESS":
            for line_id, quantity in one.quantities.items():
                shipped[line_id] = shipped.get(line_id, 0) + quantity
    places = order.location_of
    services: dict[str, str] = {}
    for held in order.fulfillment_orders:
        for line in held.lines:
            places.setdefault(line.line_id, held.location_id)
            services.setdefault(line.line_id, held.fulfillment_service)
    return tuple(
        DisputedLine(
            line_id=line.line_id,
            sku=line.sku,
            vendor=line.vendor,
            name=line.name,
            quantity=shipped.get(line.line_id, 0) or line.quantity,
            location=places.get(line.line_id, ""),
            fulfillment_service=services.get(line.line_id, ""),
        )
        for line in order.lines
        if not shipped or line.line_id in shipped
    )


def _title(ctx: DisputeContext) -> str:
    facts = ctx.state.facts
    assert facts is not None
    kind = facts.type.words.capitalize()
    on = f" on order {facts.order_name}" if facts.order_name else f" {facts.dispute_id}"
    return kind + on
