"""Pieces that will not come, and that no purchase order of ours watches over: an order exception takes them."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.own_events import OwnEventActivities
    from domain.order_exception.names import Reason
    from domain.own_events import CREATE_EXCEPTION, PutEvent
    from domain.shipping_documents.matching import added
    from workflows.options import CASE_RECORD
    from workflows.shipping_documents.context import PapersContext

_OPENED_BY = "shipping_documents"


async def open_exception(ctx: PapersContext) -> None:
    """Have an exception opened for the lines that are short; from then on nobody waits for them here."""
    state, papers = ctx.state, ctx.input
    short = state.open_lines()
    names = {line.line_id: line.sku or f"line {line.line_id}" for line in state.lines}
    words = ", ".join(f"{count} × {names[line_id]}" for line_id, count in short.items())
    ctx.file.note("short", f"Short: {words}.", flagged=True)
    if papers.order_id:
        number = ctx.outside.next_number()
        put = await ctx.outside.write(
            OwnEventActivities.put,
            lambda _: PutEvent(
                shop=papers.shop,
                topic=CREATE_EXCEPTION,
                delivery_id=f"{papers.case_id}/short-{number}",
                body={
                    "order_id": papers.order_id,
                    "reason": Reason.SHORT_SHIPPED.value,
                    "note": f"{papers.po_number}: {words} will not come.",
                    "line_ids": list(short),
                    "opened_by": _OPENED_BY,
                },
            ),
            CASE_RECORD,
            f"Open an exception for {words}"[:200],
        )
        if put is not None and put.status != "dispatched":
            ctx.file.note("short", f"The exception is {put.status}: {put.reason}", flagged=True)
    state.short = added([state.short, short])
