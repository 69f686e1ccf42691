"""The order changing in Shopify underneath its purchase orders: edited, or cancelled."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import SHOPIFY
    from domain.operator import ShopifyChanged
    from domain.purchase_order.lines import Line
    from domain.purchase_order.orders import ChangedLine, OrderStatus, PurchaseOrder, Purpose
    from domain.purchase_order.state import OrderedLine
    from domain.shop_order import ShopOrder
    from workflows.purchase_order.office import Office
    from workflows.purchase_order.opening import (
        note_unasked,
        order_lines,
        place,
        plan_lines,
        read_order,
    )
    from workflows.waiting import Stopped, hold


# Every write of ours to an order comes back as `orders/updated`, every hold and shipment by topics of its own; what changes
# what was ordered has topics of its own too.
_ECHOES = ("orders/updated", "orders/create", "orders/paid", "fulfillment", "inventory_")


def is_news(change: ShopifyChanged) -> bool:
    """Whether it may be about what was ordered: an edit, a refund, a cancellation, a look somebody asks for."""
    return not change.topic.startswith(_ECHOES)


async def watch_shopify(office: Office, changes: list[ShopifyChanged]) -> None:
    """Read the order again whenever Shopify says that something changed, until the case ends."""
    ctx, state = office.ctx, office.state
    while True:
        await hold(lambda: bool(changes) or ctx.is_over())
        if ctx.is_over():
            return
        news = any(is_news(change) for change in changes)
        changes.clear()  # one look answers all that came so far
        if not news or not state.order_id or state.order_gone:
            continue
        state.looking = True
        try:
            await _take(office, await read_order(ctx))
        except Stopped:
            return
        finally:
            state.looking = False
        ctx.show()
        for order in state.orders:
            office.moved(order)


async def _take(office: Office, order: ShopOrder | None) -> None:
    """Take what Shopify says now: less is taken back from the partners, more is ordered of them."""
    if order is None or order.cancelled:
        _take_back_all(office, "the order was cancelled" if order else "the order is gone")
        return
    state = office.state
    for known in list(state.known.values()):
        line = order.line(known.line_id)
        quantity = line.quantity if line else 0
        if quantity == known.quantity:
            continue
        state.known[known.line_id] = known.model_copy(update={"quantity": quantity})
        words = f"{known.sku}: {quantity} instead of {known.quantity}"
        office.ctx.file.note("shopify", f"The order was edited: {words}.", actor=SHOPIFY)
        if quantity < known.quantity:
            _take_back(office, known, quantity, words)
        else:
            await _order_more(office, order, known, quantity - known.quantity, words)
    await _take_new(office, order)


def _take_back_all(office: Office, why: str) -> None:
    """Nothing is wanted any more: what was sent is taken back, what was not is not sent."""
    ctx, state = office.ctx, office.state
    state.order_gone = why
    ctx.file.note("shopify", f"{why.capitalize()} in Shopify.", actor=SHOPIFY)
    for order in state.orders:
        for line in order.lines.values():
            _taken_over(order, line, line.untaken)
        pieces = {
            line.line_id: ChangedLine(pieces=count)
            for line in order.lines.values()
            if (count := order.uncommitted(line))
        }
        if pieces:
            order.plan(Purpose.CANCEL, pieces, why, asks=not order.policy.auto_change)
    if state.case.troubles:
        # An order that could not be sent is tried once more: now it is found not to be wanted.
        state.case.retries += 1


def _take_back(office: Office, known: OrderedLine, quantity: int, why: str) -> None:
    """Take back what the order has less than partners have promised; what they rejected is missing anyway."""
    less = known.quantity - quantity
    for order in office.state.orders:
        less -= order.undo(Purpose.CHANGE, known.line_id, less)
    for order, line in office.state.of_line(known.line_id):
        count = min(less, line.untaken)
        _taken_over(order, line, count)
        less -= count
    surplus = max(0, office.state.surplus(known.line_id))
    for order, line in office.state.of_line(known.line_id):
        count = min(surplus, order.uncommitted(line))
        if count:
            surplus -= count
            order.plan(
                Purpose.CANCEL,
                {line.line_id: ChangedLine(pieces=count)},
                why,
                asks=not order.policy.auto_change,
            )


def _taken_over(order: PurchaseOrder, line: Line, count: int) -> None:
    """The merchant does without rejected pieces: nobody is asked about them any more."""
    if count:
        taken = line.model_copy(update={"taken": line.taken + count})
        order.ledger = order.ledger.with_line(taken)


async def _order_more(
    office: Office, shop_order: ShopOrder, known: OrderedLine, count: int, why: str
) -> None:
    """Add to the purchase order that has the line, or order it anew where that one is done. Pieces that a partner would not
    let go are there already."""
    for order in office.state.orders:
        count -= order.undo(Purpose.CANCEL, known.line_id, count)
    if not count:
        return
    for order, line in office.state.of_line(known.line_id):
        if order.status is not OrderStatus.UNSENT and not order.settled:
            more = {line.line_id: ChangedLine(pieces=count, sku=line.sku)}
            order.plan(Purpose.CHANGE, more, why, asks=not order.policy.auto_change)
            return
    line_id = known.line_id
    found = [line for line in shop_order.lines if line.line_id == line_id]
    plan = await plan_lines(office.ctx, shop_order, found)
    note_unasked(office.ctx, plan)
    if line_id in plan.lines:
        partner = plan.partners[plan.lines[line_id]]
        line = Line(line_id=line_id, sku=known.sku, unit_price=known.unit_price, ordered=count)
        await place(office, {partner.partner: (partner, [line])}, shop_order)


async def _take_new(office: Office, shop_order: ShopOrder) -> None:
    """Lines that an edit added: drop-ship ones become part of a purchase order."""
    ctx, state = office.ctx, office.state
    new = [
        line
        for line in shop_order.lines
        if line.line_id not in state.known and line.line_id not in state.others and line.quantity
    ]
    if not new:
        return
    plan = await plan_lines(ctx, shop_order, new)
    note_unasked(ctx, plan)
    anew = {}
    for partner, lines in order_lines(office, shop_order, plan).items():
        order = _takes_more(office, partner)
        if order is None:
            anew[partner] = (plan.partners[partner], lines)
            continue
        more = {
            line.line_id: ChangedLine(pieces=line.ordered, sku=line.sku, unit_price=line.unit_price)
            for line in lines
        }
        words = ", ".join(f"{line.ordered} × {line.sku}" for line in lines)
        ctx.file.note("shopify", f"The order was edited: {words} added.", actor=SHOPIFY)
        order.plan(Purpose.CHANGE, more, f"{words} added", asks=not order.policy.auto_change)
    if anew:
        await place(office, anew, shop_order)


def _takes_more(office: Office, partner: str) -> PurchaseOrder | None:
    """The partner's newest purchase order that still takes changes."""
    return next(
        (
            order
            for order in reversed(office.state.orders)
            if order.partner == partner
            and order.status is not OrderStatus.UNSENT
            and not order.settled
        ),
        None,
    )
