"""What happens by itself: constraints end, a partner stays silent, levels are looked at again. One timer for all."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.inventory_feed.state import InventoryFeedState
    from domain.notification import Severity
    from domain.policy import WhenStale
    from domain.standing import moment
    from workflows.inventory_feed.context import FeedContext
    from workflows.waiting import until


async def mind_moments(ctx: FeedContext) -> None:
    """Wait for the earliest moment. One that moves later is looked at when the old timer rings: fewer timers."""
    state = ctx.state
    while True:
        coming = state.next_moment()
        at, what = coming or (None, "")
        await until(lambda at=at: ctx.is_over() or _earlier(state, at), at, what)  # type: ignore[misc]
        if ctx.is_over():
            return
        _ring(ctx, workflow.now())


def _earlier(state: InventoryFeedState, at: datetime | None) -> bool:
    coming = state.next_moment()
    return coming is not None and (at is None or coming[0] < at)


def _ring(ctx: FeedContext, now: datetime) -> None:
    """Whatever is due."""
    state = ctx.state
    constraint, again, items = (
        state.standing.next_constraint,
        state.look_again_at,
        state.refresh_at if not state.refreshing else None,
    )
    if constraint is not None and constraint <= now:
        state.standing = state.standing.model_copy(update={"next_constraint": None})
        state.push_wanted = state.count_wanted = True
    if again is not None and again <= now:
        state.look_again_at, state.push_wanted = None, True
    if items is not None and items <= now:
        state.refresh_wanted, state.unknown_skus = True, False
    if state.stale_since is None and (stale := state.stale_at) is not None and stale <= now:
        _go_stale(ctx, now)


def _go_stale(ctx: FeedContext, now: datetime) -> None:
    """Nothing was heard for too long: people are told, and the quantities become what the policy says."""
    state = ctx.state
    state.stale_since = now
    then = {
        WhenStale.KEEP: "the quantities stay",
        WhenStale.BUFFER: f"{state.policy.stale_buffer} more of each SKU are held back",
        WhenStale.ZERO: "nothing of it is sold",
    }[state.policy.when_stale]
    since = f" since {moment(state.newest)}" if state.newest else ""
    words = f"{state.partner_name} has told nothing of its stock{since}; {then} until it does."
    ctx.file.note("stale", words, flagged=True)
    ctx.outside.escalate()
    ctx.notices.send(
        state.policy.escalate_to or state.policy.notify,
        Severity.URGENT,
        "stock is out of date",
        words,
    )
    if state.policy.when_stale is not WhenStale.KEEP:
        state.push_wanted = state.count_wanted = True
