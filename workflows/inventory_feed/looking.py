"""What a feed knows of its partner, its terms, and how its positions stand; read again whenever that may have changed."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.inventory_feed import InventoryFeedActivities
    from domain import references
    from domain.inventory_feed.messages import FeedTerms, FindAdvices, ReadFeedTerms, ReadStanding
    from domain.inventory_feed.names import Changed, FeedChanged
    from domain.standing import counted
    from workflows.inventory_feed.context import FeedContext, at_work, may_begin
    from workflows.options import CASE_RECORD, PARTNER_CALL
    from workflows.waiting import Stopped, hold


async def open_feed(ctx: FeedContext) -> None:
    """Read the terms, and see what the partner has said so far.

    Raises:
        Stopped: the feed was cancelled meanwhile, or the partner is not active.
    """
    feed, state = ctx.input, ctx.state
    state.case.title = f"Stock of {feed.partner}"
    terms = await _read_terms(ctx)
    state.take_terms(terms)
    state.case.title = f"Stock of {terms.name}"
    # What makes the feed findable for the partner's events.
    ctx.file.refer(references.INVENTORY_FEED, f"{feed.tenant}/{feed.partner}")
    ctx.file.note(
        "opened",
        f"{state.case.title}, into {feed.shop}.",
        actor=feed.opened_by,
        event_id=feed.event_id,
    )
    if feed.first is not None:
        state.hear_of(feed.first.resource_id, feed.first.version)
    state.find_wanted = True
    state.refresh_wanted = not state.items
    _mind_partner(ctx)
    ctx.check_stop()


async def go_on(ctx: FeedContext) -> None:
    """What a new run of a feed begins with: the terms may be others by now.

    Raises:
        Stopped: as with `open_feed`.
    """
    ctx.check_stop()
    _take(ctx, await _read_terms(ctx))
    ctx.check_stop()


def take_change(ctx: FeedContext, change: FeedChanged) -> None:
    """Something of ours changed: what hangs on it is looked at again."""
    state = ctx.state
    state.look_wanted = state.count_wanted = True
    if change.what is not Changed.PARTNER:
        state.push_wanted = True
    if change.what is Changed.ITEMS:
        state.refreshed_at, state.unknown_skus = workflow.now(), False


def read_everything_again(ctx: FeedContext, actor: str) -> None:
    """On an operator's word: terms, inventory items, and the newest advices."""
    state = ctx.state
    state.look_wanted = state.find_wanted = state.refresh_wanted = True
    ctx.file.note("refresh", "Asked to read everything again.", actor=actor)


async def keep_looking(ctx: FeedContext) -> None:
    """Read terms and partner again, and look for advices, whenever that is wanted."""
    state = ctx.state
    while True:
        await hold(
            lambda: ctx.is_over() or (may_begin(ctx) and (state.look_wanted or state.find_wanted))
        )
        if ctx.is_over():
            return
        try:
            with at_work(ctx):
                if state.look_wanted:
                    state.look_wanted = False
                    _take(ctx, await _read_terms(ctx))
                elif state.find_wanted:
                    state.find_wanted = False
                    await _find_advices(ctx)
        except Stopped:
            return
        ctx.show()


async def keep_counting(ctx: FeedContext) -> None:
    """Count how the positions stand, whenever they may have moved; one count answers all that came so far."""
    state = ctx.state
    while True:
        await hold(lambda: ctx.is_over() or (may_begin(ctx) and state.count_wanted))
        if ctx.is_over():
            return
        try:
            with at_work(ctx):
                state.count_wanted = False
                await count(ctx)
        except Stopped:
            return
        ctx.show()


async def count(ctx: FeedContext) -> None:
    """Count how the positions stand; what kinds of problems came and went is in the timeline."""
    state, feed = ctx.state, ctx.input
    before = state.standing.problems
    state.standing = await ctx.outside.read(
        InventoryFeedActivities.read_standing,
        ReadStanding(
            shop=feed.shop,
            tenant=feed.tenant,
            partner=feed.partner,
            terms=state.push_terms,
            time_zone=state.time_zone,
            at=workflow.now(),
        ),
        CASE_RECORD,
        "Count how the positions stand",
    )
    for problem, found in state.standing.problems.items():
        if problem not in before:
            ctx.file.note("problem", f"{counted(found, 'SKU')}: {problem.words}.", flagged=True)
    for problem in before:
        if problem not in state.standing.problems:
            ctx.file.note("mended", f"No SKU any more: {problem.words}.")


async def _read_terms(ctx: FeedContext) -> FeedTerms:
    feed = ctx.input
    return await ctx.outside.read(
        InventoryFeedActivities.read_terms,
        ReadFeedTerms(shop=feed.shop, tenant=feed.tenant, partner=feed.partner),
        CASE_RECORD,
        "Read the terms",
    )


def _take(ctx: FeedContext, terms: FeedTerms) -> None:
    state = ctx.state
    if news := state.take_terms(terms):
        ctx.file.note("terms", " ".join(news))
        state.push_wanted = state.count_wanted = True
    _mind_partner(ctx)


def _mind_partner(ctx: FeedContext) -> None:
    state = ctx.state
    if state.ending is not None:
        ctx.stop(f"{state.partner_name} is {state.ending.value}.")


async def _find_advices(ctx: FeedContext) -> None:
    feed = ctx.input
    found = await ctx.outside.read(
        InventoryFeedActivities.find_advices,
        FindAdvices(shop=feed.shop, tenant=feed.tenant, partner=feed.partner),
        PARTNER_CALL,
        "Look for the newest advices",
    )
    for one in found.advices:
        ctx.state.hear_of(one.id, one.version)
