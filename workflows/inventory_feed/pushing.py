"""Writing to Shopify what differs from it: planned by one activity, written batch by batch, all that waits at once."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.inventory_feed import InventoryFeedActivities
    from domain.inventory_feed.messages import (
        BatchWritten,
        FinishPush,
        PlanPush,
        PushPlanned,
        WriteBatch,
    )
    from domain.inventory_feed.quantities import PushTerms
    from domain.inventory_feed.state import LastPush
    from domain.standing import counted
    from workflows.inventory_feed.context import FeedContext, may_begin
    from workflows.options import CASE_RECORD, LONG_READ, SHOPIFY_WRITE
    from workflows.waiting import Stopped, hold, until

AGAIN_AT_MOST = 5
"""How often what changed under a push is read again, before it becomes a problem and waits for the next push."""

_MERGE = timedelta(minutes=1)
_KEYS_AT_MOST = 5


async def keep_pushing(ctx: FeedContext) -> None:
    """Push whenever something may differ; what arrives during a push goes with the next."""
    state = ctx.state
    while True:
        await hold(lambda: ctx.is_over() or (may_begin(ctx) and state.may_push))
        # What is being read now goes along, unless that takes long.
        await until(
            lambda: ctx.is_over() or not (state.reading or state.to_read),
            workflow.now() + _MERGE,
            "Wait for what is being read",
        )
        if ctx.is_over():
            return
        if not may_begin(ctx) or not state.may_push:
            continue
        try:
            await push(ctx, state.push_terms)
        except Stopped:
            return


async def push(ctx: FeedContext, terms: PushTerms, *, bidden: bool = False) -> None:
    """One push: find what differs, write it, read again what changed underneath.

    In shadow mode, and without the merchant's word where that is needed, it only says what it would write. `bidden`: the
    policy itself wants this one.

    Raises:
        Stopped: the feed ends.
    """
    state, feed = ctx.state, ctx.input
    writes = (state.may_write or bidden) and not ctx.outside.shadow
    state.push_wanted = state.push_word = False
    state.pushing, state.look_again_at = True, None
    overwrite, every = tuple(state.overwrite), state.overwrite_all
    if writes:
        state.overwrite, state.overwrite_all = [], False
    state.pushes, state.to_write = state.pushes + 1, 0
    done = LastPush(number=state.pushes, at=workflow.now())
    ctx.show()
    try:
        for round_ in range(1 + AGAIN_AT_MOST):
            plan = await _plan(ctx, round_, terms, overwrite, every=every)
            _take_plan(ctx, done, plan, writes=writes)
            if not plan.batches or not writes:
                break
            if not await _write(ctx, done, round_, plan.batches):
                break
        finished = await ctx.outside.read(
            InventoryFeedActivities.finish_push,
            FinishPush(shop=feed.shop, tenant=feed.tenant, partner=feed.partner, push=done.number),
            CASE_RECORD,
            "Close the push",
        )
        done.keeps_changing = finished.keeps_changing
        if finished.look_again_in is not None and state.look_again_at is None:
            state.look_again_at = workflow.now() + timedelta(seconds=finished.look_again_in)
    except Stopped:
        _end(ctx, done)
        raise
    _end(ctx, done)


def _end(ctx: FeedContext, done: LastPush) -> None:
    state = ctx.state
    done.seconds = (workflow.now() - done.at).total_seconds()
    state.pushing, state.last_push = False, done
    state.count_wanted = True
    _tell(ctx, done)
    ctx.show()


async def _plan(
    ctx: FeedContext, round_: int, terms: PushTerms, overwrite: tuple[str, ...], *, every: bool
) -> PushPlanned:
    state, feed = ctx.state, ctx.input
    return await ctx.outside.read(
        InventoryFeedActivities.plan_push,
        PlanPush(
            shop=feed.shop,
            tenant=feed.tenant,
            partner=feed.partner,
            push=state.pushes,
            round=round_,
            terms=terms,
            time_zone=state.time_zone,
            at=workflow.now(),
            overwrite=overwrite,
            overwrite_all=every,
        ),
        LONG_READ,
        "Read again what changed underneath" if round_ else "Find what differs in Shopify",
    )


def _take_plan(ctx: FeedContext, done: LastPush, plan: PushPlanned, *, writes: bool) -> None:
    state = ctx.state
    if plan.look_again_in is not None:
        state.look_again_at = workflow.now() + timedelta(seconds=plan.look_again_in)
    done.considered = max(done.considered, plan.considered)
    done.edited = max(done.edited, plan.edited)
    if plan.entries and ctx.outside.shadow:
        ctx.file.note("shadow", f"Would: write {counted(plan.entries, 'SKU')} to Shopify")
    elif plan.entries and not writes:
        state.to_write = plan.entries


async def _write(ctx: FeedContext, done: LastPush, round_: int, batches: int) -> bool:
    """Write the batches of a round, one call each; whether something is left for another round."""
    left = 0
    for batch in range(batches):
        answer = await _write_one(ctx, round_, batch)
        done.written += answer.written
        done.refused += answer.refused
        left += answer.left
    return left > 0


async def _write_one(ctx: FeedContext, round_: int, batch: int) -> BatchWritten:
    feed, push = ctx.input, ctx.state.pushes

    def request(key: str) -> WriteBatch:
        return WriteBatch(
            shop=feed.shop,
            tenant=feed.tenant,
            partner=feed.partner,
            push=push,
            round=round_,
            batch=batch,
            idempotency_key=key,
        )

    for _ in range(_KEYS_AT_MOST):
        # Each call has a key of its own; what is tried again within one has the same.
        answer = await ctx.outside.write(
            InventoryFeedActivities.write_batch,
            request,
            SHOPIFY_WRITE,
            f"Write quantities to Shopify, batch {batch + 1}",
        )
        if answer is None:
            raise Stopped
        if not answer.new_key:
            return answer
    # Shopify says of every key that it is spent: what stands there is read, and the next round writes what differs.
    return BatchWritten(left=1)


def _tell(ctx: FeedContext, done: LastPush) -> None:
    if not (done.written or done.refused or done.keeps_changing):
        return
    said = [f"Wrote {counted(done.written, 'SKU')} to Shopify"]
    if done.edited and done.written:
        said.append(f"{done.edited} of them over a change by hand")
    if done.refused:
        said.append(f"{done.refused} refused")
    if done.keeps_changing:
        said.append(f"{done.keeps_changing} kept changing")
    ctx.file.note(
        "pushed", f"{', '.join(said)}.", flagged=bool(done.refused or done.keeps_changing)
    )
