"""Opening: which lines are whose, on which terms; and how purchase orders come about, then and later."""

from collections.abc import Mapping, Sequence
from datetime import date

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.fulfillment_orders import FulfillmentOrderActivities
    from activities.purchase_order import PurchaseOrderActivities
    from domain import references
    from domain.fulfillment_orders import ReadOrder
    from domain.purchase_order.lines import Ledger, Line
    from domain.purchase_order.messages import (
        FindPartner,
        FoundPartner,
        OrdersPlan,
        PlannedPartner,
        PlanOrders,
        ReserveNumbers,
        RoutedLine,
    )
    from domain.purchase_order.names import ReplenishmentRequest
    from domain.purchase_order.orders import OrderType, PurchaseOrder
    from domain.purchase_order.state import OrderedLine
    from domain.routing import Traits
    from domain.shop_order import OrderLine, ShopOrder
    from workflows.options import CASE_RECORD, SHOPIFY_READ
    from workflows.purchase_order.context import OrdersContext
    from workflows.purchase_order.office import Office
    from workflows.waiting import Stopped


async def open_order(office: Office) -> None:
    """Read the order, find the partners of its drop-ship lines, and staff a desk for each one's purchase order.

    Raises:
        Stopped: nothing of it is to be ordered from anybody (any more), or the case was cancelled meanwhile.
    """
    ctx, state = office.ctx, office.state
    state.order_id, state.case.title = ctx.input.order_id, f"Order {ctx.input.order_id}"
    order = await read_order(ctx)
    if order is None:
        ctx.stop("The order is gone from Shopify.")
        raise Stopped
    state.case.order_name, state.case.title = order.name, f"Purchase orders of {order.name}"
    state.currency, state.digits = order.currency, order.name
    state.ordered_at = order.created_at or workflow.now()
    ctx.file.refer(references.ORDER, order.order_id)
    if order.cancelled:
        ctx.stop("The order was cancelled.")
        raise Stopped
    plan = await plan_lines(ctx, order, order.lines)
    state.policy, state.case.shadow = plan.policy, plan.shadow
    note_unasked(ctx, plan)
    asked = order_lines(office, order, plan)
    who = ", ".join(plan.partners[name].name or name for name in asked) or "nobody"
    ctx.file.note(
        "opened",
        f"{state.case.title}: {len(state.known)} drop-ship lines; ordered from: {who}.",
        actor=ctx.input.opened_by,
        event_id=ctx.input.event_id,
    )
    if not asked:
        ctx.stop("No line of it is ordered from a partner.")
        raise Stopped
    ctx.check_stop()
    await place(
        office, {name: (plan.partners[name], lines) for name, lines in asked.items()}, order
    )


async def open_replenishment(office: Office, asked: ReplenishmentRequest) -> None:
    """Staff the desk of a replenishment's one purchase order.

    Raises:
        Stopped: its partner cannot be ordered from, or the case was cancelled meanwhile.
    """
    ctx, state = office.ctx, office.state
    state.case.title = f"Replenishment {asked.number}"
    state.currency, state.digits = asked.currency, asked.number
    state.ordered_at = workflow.now()
    ctx.file.refer(references.REPLENISHMENT, asked.number)
    found = await find_partner(ctx, asked.partner, asked.tenant)
    state.policy, state.case.shadow = found.policy, found.shadow
    lines = [
        Line(line_id=one.line_id, sku=one.sku, unit_price=one.unit_price, ordered=one.quantity)
        for one in asked.lines
    ]
    note = f" {asked.note}" if asked.note else ""
    ctx.file.note(
        "opened",
        f"{state.case.title}: {len(lines)} lines from {asked.partner}.{note}",
        actor=ctx.input.opened_by,
        event_id=ctx.input.event_id,
    )
    if found.partner is None:
        ctx.stop(found.refused)
        raise Stopped
    ctx.check_stop()
    await place(office, {asked.partner: (found.partner, lines)}, None)


async def read_order(ctx: OrdersContext) -> ShopOrder | None:
    """The order as Shopify has it now; None where it is gone."""
    read = await ctx.outside.read(
        FulfillmentOrderActivities.read_order,
        ReadOrder(shop=ctx.input.shop, order_id=ctx.state.order_id),
        SHOPIFY_READ,
        "Read the order",
    )
    return read.order


async def plan_lines(
    ctx: OrdersContext, order: ShopOrder, lines: Sequence[OrderLine]
) -> OrdersPlan:
    """Who gets which of these lines by the routes."""
    return await ctx.outside.read(
        PurchaseOrderActivities.plan,
        PlanOrders(
            shop=ctx.input.shop,
            lines=tuple(
                RoutedLine(line_id=line.line_id, traits=_traits(order, line))
                for line in lines
                if _to_ship(line)
            ),
            tags=order.tags,
            number_of_orders=order.number_of_orders,
        ),
        CASE_RECORD,
        "Find the partners and their terms",
    )


async def find_partner(ctx: OrdersContext, partner: str, tenant: str = "") -> FoundPartner:
    """A partner somebody named, and the terms with it."""
    return await ctx.outside.read(
        PurchaseOrderActivities.find_partner,
        FindPartner(shop=ctx.input.shop, partner=partner, tenant=tenant),
        CASE_RECORD,
        f"Find the partner {partner}",
    )


def note_unasked(ctx: OrdersContext, plan: OrdersPlan) -> None:
    for why in plan.unasked.values():
        ctx.file.note("partner", f"{why} Its lines are the merchant's own.", flagged=True)


def order_lines(office: Office, order: ShopOrder, plan: OrdersPlan) -> dict[str, list[Line]]:
    """The new lines by partner; from now on these lines of the order are known, the others the merchant's own."""
    state = office.state
    found: dict[str, list[Line]] = {}
    for line in order.lines:
        if line.line_id in state.known or line.line_id in state.others:
            continue
        partner = plan.lines.get(line.line_id)
        if partner is None:
            if line.quantity:
                state.others.append(line.line_id)
            continue
        price, sku = line.unit_price or 0, line.sku or line.line_id
        left = min(line.quantity, line.unfulfilled)
        known = OrderedLine(
            line_id=line.line_id,
            sku=sku,
            name=line.name,
            quantity=line.quantity,
            elsewhere=line.quantity - left,
            unit_price=price,
        )
        state.known[line.line_id] = known
        found.setdefault(partner, []).append(
            Line(
                line_id=line.line_id,
                sku=sku,
                unit_price=known.unit_price,
                ordered=left,
            )
        )
    return found


async def place(
    office: Office,
    wanted: Mapping[str, tuple[PlannedPartner, Sequence[Line]]],
    order: ShopOrder | None,
) -> None:
    """A purchase order with each of these partners (by handle), under a number of its own; its desk sends it."""
    ctx, state = office.ctx, office.state
    partners = list(wanted.values())
    reserved = await ctx.outside.read(
        PurchaseOrderActivities.reserve_numbers,
        ReserveNumbers(
            case_id=ctx.input.case_id,
            shop=ctx.input.shop,
            digits=state.digits,
            partners=tuple((partner.tenant, partner.partner) for partner, _ in partners),
            known=(*(one.number for one in state.orders), *state.spoilt_numbers),
        ),
        CASE_RECORD,
        "Take the purchase orders' numbers",
    )
    for number, (partner, lines) in zip(reserved.numbers, partners, strict=True):
        ctx.file.refer(references.PURCHASE_ORDER_NUMBER, f"{partner.tenant}/{number}")
        limit = partner.policy.backorder_limit.after(state.ordered_at or workflow.now())
        office.staff(
            PurchaseOrder(
                number=number,
                partner=partner.partner,
                tenant=partner.tenant,
                name=partner.name,
                policy=partner.policy,
                currency=state.currency,
                order_type=OrderType.DROP_SHIP if state.order_id else OrderType.REPLENISHMENT,
                requested_ship_date=_requested(order, [line.line_id for line in lines]),
                late_after=limit.date(),
                ledger=Ledger(lines={line.line_id: line for line in lines}),
            )
        )


def _to_ship(line: OrderLine) -> bool:
    return line.requires_shipping and min(line.quantity, line.unfulfilled) > 0


def _traits(order: ShopOrder, line: OrderLine) -> Traits:
    """What routes look at; the place is that of the first open fulfillment order with the line."""
    place = next(
        (
            one
            for one in order.fulfillment_orders
            if one.open and any(piece.line_id == line.line_id for piece in one.lines)
        ),
        None,
    )
    return Traits(
        sku=line.sku,
        vendor=line.vendor,
        location=place.location_id if place else "",
        fulfillment_service=place.fulfillment_service if place else "",
    )


def _requested(order: ShopOrder | None, line_ids: Sequence[str]) -> date | None:
    """The day by which Shopify wants these lines fulfilled (`fulfillBy`), where it says so; the earliest of them."""
    if order is None:
        return None
    days = [
        one.fulfill_by.date()
        for one in order.fulfillment_orders
        if one.open and one.fulfill_by and any(piece.line_id in line_ids for piece in one.lines)
    ]
    return min(days, default=None)
