"""The purchase order behind the papers: where its lines stand, asked when it changes, and told what shipped."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from activities.shipping_documents import ShippingDocumentsActivities
    from domain.operator import CaseChanged
    from domain.purchase_order.names import SHIPPED, Shipped
    from domain.shipping_documents.messages import ReadPosition
    from workflows.options import PARTNER_CALL
    from workflows.shipping_documents.context import PapersContext
    from workflows.waiting import Stopped, until

# A purchase order says when it changes. One that ended without a word is found by looking.
_LOOK = timedelta(days=2)


async def read_position(ctx: PapersContext) -> None:
    """Ask where the lines of the purchase order stand."""
    state, papers = ctx.state, ctx.input
    read = await ctx.outside.read(
        ShippingDocumentsActivities.read_position,
        ReadPosition(
            tenant=papers.tenant,
            partner=papers.partner,
            po_number=papers.po_number,
            case_id=papers.purchase_order_case,
        ),
        PARTNER_CALL,
        "Ask where the purchase order stands",
    )
    if state.owned and not read.owned and state.open_lines():
        ctx.file.note("purchase_order", "The purchase order has ended; lines are still to ship.")
    state.position, state.owned = read.position, read.owned
    ctx.show()


async def watch_position(ctx: PapersContext, changes: list[CaseChanged]) -> None:
    """Ask again whenever the purchase order says that it changed, and now and then while it owes lines."""
    state = ctx.state
    while True:
        await until(
            lambda: bool(changes) or ctx.is_over(),
            workflow.now() + _LOOK if state.awaits_order else None,
            "Ask the purchase order again",
        )
        if ctx.is_over():
            return
        changes.clear()  # one look answers all that came so far
        try:
            await read_position(ctx)
        except Stopped:
            return


async def announce(ctx: PapersContext, shipment_number: str, lines: dict[str, int]) -> None:
    """Tell the purchase order what is about to be written to Shopify, so that it holds none of it any more."""
    ctx.state.shipments[shipment_number].announced = True
    await _signal(ctx, shipment_number, lines, about_to=True)


async def tell_shipped(ctx: PapersContext, shipment_number: str) -> None:
    """Tell the purchase order what this shipment took along; nothing, where it was announced and could not be written."""
    shipment = ctx.state.shipments[shipment_number]
    lines = shipment.settled
    shipment.told, shipment.announced = lines, False
    await _signal(ctx, shipment_number, lines, about_to=False)


async def _signal(
    ctx: PapersContext, shipment_number: str, lines: dict[str, int], *, about_to: bool
) -> None:
    """A purchase order that is closed, or gone, is a line in the timeline: the papers go on without it."""
    papers = ctx.input
    if ctx.case.shadow or not papers.purchase_order_case:
        return
    # Not the notice's version: a shipment may be sent anew as another resource, which counts from one again.
    number = ctx.outside.next_number()
    said = Shipped(
        event_id=f"{papers.case_id}/{workflow.info().run_id}/{number}",
        po_number=papers.po_number,
        shipment_number=shipment_number,
        version=number,
        lines=lines,
        about_to=about_to,
    )
    case = workflow.get_external_workflow_handle(papers.purchase_order_case)
    try:
        await case.signal(SHIPPED, said)
    except FailureError:
        if not about_to:
            ctx.file.note(
                "purchase_order",
                f"The case of {papers.po_number} is closed; it was not told of shipment {shipment_number}.",
                flagged=True,
            )
