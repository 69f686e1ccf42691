"""The shop's inventory items, by which SKUs are known: read again when that is wanted, for every feed of the shop."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.feeds import FeedActivities
    from activities.inventory_feed import InventoryFeedActivities
    from domain.inventory_feed.messages import RefreshItems, TellFeeds
    from domain.standing import counted
    from workflows.inventory_feed.context import FeedContext, may_begin
    from workflows.options import BULK_READ, CASE_RECORD
    from workflows.waiting import Stopped, hold


async def keep_items(ctx: FeedContext) -> None:
    """Have the inventory items read whenever that is wanted."""
    state = ctx.state
    while True:
        await hold(lambda: ctx.is_over() or (may_begin(ctx) and state.refresh_wanted))
        if ctx.is_over():
            return
        try:
            await _refresh(ctx)
        except Stopped:
            return


async def _refresh(ctx: FeedContext) -> None:
    state, feed = ctx.state, ctx.input
    state.refresh_wanted = state.unknown_skus = False
    state.refreshing = True
    request = f"{feed.case_id}/{ctx.outside.next_number()}"
    try:
        done = await ctx.outside.read(
            InventoryFeedActivities.refresh_items,
            RefreshItems(shop=feed.shop, request=request),
            BULK_READ,
            "Read the shop's inventory items",
        )
        new = f", {done.new} new" if done.new else ""
        drifted = f"; {done.drifted} levels are not what was written" if done.drifted else ""
        ctx.file.note(
            "items", f"The shop's inventory items: {counted(done.skus, 'SKU')}{new}{drifted}."
        )
        state.items, state.refreshed_at = done.skus, workflow.now()
        if state.advices:
            state.push_wanted = state.count_wanted = True
        await ctx.outside.read(
            FeedActivities.tell_feeds,
            TellFeeds(shop=feed.shop, event_id=request, but=feed.case_id),
            CASE_RECORD,
            "Tell the shop's other feeds",
        )
    finally:
        state.refreshing = False
    ctx.show()
