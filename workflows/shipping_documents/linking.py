"""Links to the papers, on the order in Shopify, for people; they lead to our own login."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.order_fields import OrderFieldActivities
    from domain.order_fields import NEWEST_LINKS, LinkDocuments
    from domain.standing import counted
    from workflows.options import SHOPIFY_WRITE
    from workflows.shipping_documents.context import PapersContext
    from workflows.waiting import Stopped, hold


async def link_documents(ctx: PapersContext) -> None:
    """Link each paper once it is stored. Those that are being read go together, unless one of them is held up."""
    state = ctx.state
    while True:
        await hold(
            lambda: (
                bool(state.unlinked() and not (state.reading and not state.case.troubles))
                or ctx.is_over()
            )
        )
        found = state.unlinked()
        if not found:
            return
        try:
            await _link(ctx, found)
        except Stopped:
            return
        state.linked += found
        ctx.show()


async def _link(ctx: PapersContext, found: tuple[str, ...]) -> None:
    state = ctx.state
    links = LinkDocuments(
        shop=ctx.input.shop,
        order_id=state.order_id,
        urls=tuple(state.document_link.format(id=one) for one in found[:NEWEST_LINKS]),
    )
    await ctx.outside.write(
        OrderFieldActivities.link_documents,
        lambda _: links,
        SHOPIFY_WRITE,
        f"Link {counted(len(found), 'document')} on the order",
    )
