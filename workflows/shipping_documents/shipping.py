"""What a notice says is written to Shopify: a fulfillment for each number its packages travel under, each piece once."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.fulfillment_orders import FulfillmentOrderActivities
    from domain.fulfillment_orders import CreatedFulfillment, CreateFulfillment, UpdateTracking
    from domain.operator import ShopifyChanged
    from domain.shipping_documents.decision import Choice
    from domain.shipping_documents.matching import MatchedParcel, added
    from domain.shipping_documents.papers import Written
    from domain.shipping_documents.state import Shipment
    from domain.shop_order import Tracking
    from workflows.options import SHOPIFY_WRITE
    from workflows.shipping_documents.context import PapersContext
    from workflows.shipping_documents.position import announce, tell_shipped
    from workflows.shipping_documents.reading import say_discrepancies
    from workflows.waiting import Stopped, hold

_NOT_TAKEN = "Shopify did not take it"


async def ship(ctx: PapersContext) -> None:
    """Write what is to be written, one step at a time on the state as it then is, and tell the purchase order."""
    state = ctx.state
    while True:
        await hold(lambda: ctx.is_over() or bool(state.to_write()) or bool(state.to_tell()))
        if ctx.is_over():
            return
        try:
            if number := state.to_write():
                await _step(ctx, number)
            else:
                await tell_shipped(ctx, state.to_tell())
        except Stopped:
            return
        say_discrepancies(ctx)
        ctx.show()


async def _step(ctx: PapersContext, shipment_number: str) -> None:
    """The next thing to be done for a shipment: a corrected number first, then a parcel."""
    shipment = ctx.state.shipments[shipment_number]
    todo = ctx.state.plans()[shipment_number]
    if todo.renumber:
        old, parcel = next(iter(todo.renumber.items()))
        await _renumber(ctx, shipment, old, parcel)
    elif not ctx.state.fulfils or shipment.decided is Choice.SKIP:
        _settle(shipment, todo.ship[0], Written(number="", quantities=todo.ship[0].quantities))
        why = "skipped" if ctx.state.fulfils else "goes to the merchant's own location"
        ctx.file.note("shipment", f"Parcel {todo.ship[0].number} {why}; nothing to fulfil.")
    else:
        await _fulfil(ctx, shipment, todo.ship[0])


async def _renumber(
    ctx: PapersContext, shipment: Shipment, old: str, parcel: MatchedParcel
) -> None:
    """Show a corrected number, or carrier, on the fulfillments that the parcel has."""
    written = next(entry for entry in shipment.written if entry.number == old)
    tracking = Tracking(company=parcel.company, number=parcel.number)
    for fulfillment_id in written.fulfillments if shipment.decided is not Choice.SKIP else ():
        await _correct(ctx, fulfillment_id, tracking)
    corrected = written.model_copy(
        update={"number": parcel.number, "company": parcel.company, "sscc": parcel.sscc}
    )
    shipment.written[shipment.written.index(written)] = corrected
    ctx.file.note("written", f"Parcel {old} is {parcel.company} {parcel.number} now.")


async def _correct(ctx: PapersContext, fulfillment_id: str, tracking: Tracking) -> None:
    await ctx.outside.write(
        FulfillmentOrderActivities.update_tracking,
        lambda _: UpdateTracking(
            shop=ctx.input.shop,
            order_id=ctx.state.order_id,
            fulfillment_id=fulfillment_id,
            tracking=tracking,
            notify_customer=ctx.state.policy.notify_customer,
        ),
        SHOPIFY_WRITE,
        f"Correct a tracking number to {tracking.number} in Shopify",
    )


async def _fulfil(ctx: PapersContext, shipment: Shipment, parcel: MatchedParcel) -> None:
    """Ship a parcel in Shopify. What is held by somebody else is left, and the merchant is asked."""
    state, number = ctx.state, shipment.notice.shipment_number
    await announce(ctx, number, added([shipment.settled, parcel.quantities]))
    there = state.under(parcel.number)
    request = CreateFulfillment(
        shop=ctx.input.shop,
        order_id=state.order_id,
        tracking=Tracking(company=parcel.company, number=parcel.number),
        quantities=added([there, parcel.quantities]),
        notify_customer=state.policy.notify_customer,
    )
    made: CreatedFulfillment | None = None
    while made is None or not made.done:
        made = await ctx.outside.write(
            FulfillmentOrderActivities.create_fulfillment,
            lambda _: request,
            SHOPIFY_WRITE,
            f"Fulfil {parcel.number} in Shopify",
        )
        if made is None:  # shadow mode; the timeline says what would have been written
            _settle(shipment, parcel, Written(number="", quantities=parcel.quantities))
            return
    shipped = added(made.fulfillments.values())
    new, excess, blocked = {}, {}, {}
    for line_id, quantity in parcel.quantities.items():
        count = max(0, min(quantity, shipped.get(line_id, 0) - there.get(line_id, 0)))
        beyond = min(quantity - count, made.excess.get(line_id, 0))
        if count + beyond:
            new[line_id] = count + beyond
        if beyond:
            excess[line_id] = beyond
        if count + beyond < quantity:
            blocked[line_id] = made.blocked.get(line_id, _NOT_TAKEN)
    if new:
        done = Written(
            number="", quantities=new, fulfillments=tuple(made.fulfillments), excess=excess
        )
        _settle(shipment, parcel, done)
    shipment.blocked = blocked
    names = {line.line_id: line.sku or f"line {line.line_id}" for line in state.lines}
    words = ", ".join(
        f"{count - excess.get(line_id, 0)} × {names.get(line_id, line_id)}"
        for line_id, count in new.items()
        if count > excess.get(line_id, 0)
    )
    if words:
        ctx.file.note("written", f"Fulfilled in Shopify: {words} ({parcel.number}).")
    for line_id, why in blocked.items():
        text = f"{names.get(line_id, line_id)} of {parcel.number} can't be fulfilled: it {why}."
        ctx.file.note("blocked", text, flagged=True)


def _settle(shipment: Shipment, parcel: MatchedParcel, done: Written) -> None:
    """Add what was done to what the shipment's parcel has."""
    known = next((entry for entry in shipment.written if entry.number == parcel.number), None)
    parts = [known, done] if known else [done]
    entry = Written(
        number=parcel.number,
        company=parcel.company,
        sscc=parcel.sscc,
        quantities=added(part.quantities for part in parts),
        fulfillments=tuple(dict.fromkeys(one for part in parts for one in part.fulfillments)),
        excess=added(part.excess for part in parts),
    )
    if known is not None:
        shipment.written[shipment.written.index(known)] = entry
    else:
        shipment.written.append(entry)


async def watch_shopify(ctx: PapersContext, changes: list[ShopifyChanged]) -> None:
    """Try again what was held by somebody else, once Shopify says that a hold or a fulfillment order changed."""
    while True:
        await hold(lambda: bool(changes) or ctx.is_over())
        if ctx.is_over():
            return
        about_shipping = any(change.topic.startswith("fulfillment") for change in changes)
        changes.clear()
        for shipment in ctx.state.shipments.values() if about_shipping else ():
            shipment.blocked = {}
        ctx.show()
