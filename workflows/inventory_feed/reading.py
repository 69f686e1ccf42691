"""What the partner says of its stock: each advice is read once a version, judged, and taken in or held for the merchant.

Several are read at once, so that one that can't be read holds up no other; in which order they are taken in does not matter,
since each position keeps its newest word.
"""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.inventory_feed import InventoryFeedActivities
    from domain.inventory_feed.advices import Advice, AdviceKind, Judgement
    from domain.inventory_feed.messages import (
        AdviceRead,
        ApplyAdvice,
        DiscardAdvice,
        JudgeAdvice,
        ReadAdvice,
    )
    from domain.inventory_feed.state import Fate, HeldAdvice, SeenAdvice, ToRead
    from domain.standing import counted
    from workflows.inventory_feed.context import FeedContext, at_work, may_begin
    from workflows.options import CASE_RECORD, LONG_READ
    from workflows.waiting import Stopped, hold


async def keep_reading(ctx: FeedContext) -> None:
    """Read the advices the feed was told of, and do what the merchant said of those that are held."""
    state = ctx.state
    while True:
        await hold(
            lambda: (
                ctx.is_over()
                or (may_begin(ctx) and bool(state.words or state.next_to_read() is not None))
            )
        )
        if ctx.is_over():
            return
        if (entry := state.next_to_read()) is not None:
            state.begin_reading(entry)
            ctx.background.start(_read(ctx, entry))
            continue
        code, apply = next(iter(state.words.items()))
        try:
            with at_work(ctx):
                await _settle_held(ctx, code, apply=apply)
        except Stopped:
            return
        ctx.show()


async def _read(ctx: FeedContext, entry: ToRead) -> None:
    state, feed = ctx.state, ctx.input
    began = workflow.now()
    try:
        read = await ctx.outside.read(
            InventoryFeedActivities.read_advice,
            ReadAdvice(
                shop=feed.shop,
                tenant=feed.tenant,
                partner=feed.partner,
                advice_id=entry.id,
                known_version=state.known.get(entry.id, -1),
                at=began,
            ),
            LONG_READ,
            "Read an inventory advice",
        )
        if read.unknown:
            state.miss_skus(began)
        if read.advice is not None:
            await _take_in(ctx, read.advice, read)
        elif read.refused:
            _refuse(ctx, entry, read.refused)
    except Stopped:
        return
    finally:
        del state.reading[entry.id]
    ctx.show()


def _refuse(ctx: FeedContext, entry: ToRead, why: str) -> None:
    words = f"The inventory advice {entry.id} is not taken: {why}"
    ctx.state.list_advice(
        SeenAdvice(id=entry.id, words=entry.id, fate=Fate.REFUSED, at=workflow.now(), text=why)
    )
    ctx.file.note("advice", words, flagged=True, actor=f"partner:{ctx.input.partner}")


async def _take_in(ctx: FeedContext, advice: Advice, read: AdviceRead) -> None:
    """Judge what was read, then apply or hold it. A delta is only what changed: nothing brakes it."""
    state = ctx.state
    _heard(ctx, advice)
    judgement = await _judge(ctx, advice) if advice.kind is AdviceKind.SNAPSHOT else Judgement()
    if judgement.brakes(state.policy):
        await _hold_back(ctx, advice, read, judgement)
        return
    overtaken = state.supersedes(advice) if advice.kind is AdviceKind.SNAPSHOT else None
    await _apply(ctx, advice, read.lines, unreadable=read.unreadable, unknown=read.unknown)
    if overtaken is not None:
        await _supersede(ctx, overtaken, advice)


def _heard(ctx: FeedContext, advice: Advice) -> None:
    state = ctx.state
    state.take_known(advice)
    if state.take_heard(advice, workflow.now()):
        ctx.file.note("stale", f"{state.partner_name} tells of its stock again.")
        state.push_wanted = state.count_wanted = True


async def _judge(ctx: FeedContext, advice: Advice) -> Judgement:
    state, feed = ctx.state, ctx.input
    judged = await ctx.outside.read(
        InventoryFeedActivities.judge_advice,
        JudgeAdvice(
            shop=feed.shop,
            tenant=feed.tenant,
            partner=feed.partner,
            advice_id=advice.id,
            terms=state.push_terms,
            at=workflow.now(),
        ),
        CASE_RECORD,
        "Judge what the snapshot takes to zero",
    )
    return judged.judgement


async def _hold_back(
    ctx: FeedContext, advice: Advice, read: AdviceRead, judgement: Judgement
) -> None:
    """The merchant decides; of several snapshots of one location the newest alone waits."""
    state = ctx.state
    held = state.held.get(advice.location_code)
    if held is not None and held.advice.order > advice.order:
        await _discard(ctx, advice, Fate.SUPERSEDED, "a newer one waits for the merchant")
        return
    state.held[advice.location_code] = HeldAdvice(
        advice=advice, lines=read.lines, judgement=judgement, since=workflow.now()
    )
    state.words.pop(advice.location_code, None)
    counts = f"{judgement.to_zero} of {judgement.for_sale} SKUs for sale"
    _list(ctx, advice, Fate.HELD, read.lines, f"would take {counts} to zero", read)
    ctx.file.note(
        "held",
        f"Held: {advice.words} would take {counts} to zero. Decide apply or discard.",
        flagged=True,
    )
    ctx.show()
    if held is not None and held.advice.id != advice.id:
        await _discard(ctx, held.advice, Fate.SUPERSEDED, "a newer one waits for the merchant")


async def _supersede(ctx: FeedContext, held: HeldAdvice, by: Advice) -> None:
    state = ctx.state
    code = by.location_code
    if state.held.get(code) is not held:
        return
    del state.held[code]
    state.words.pop(code, None)
    if held.advice.id != by.id:
        await _discard(ctx, held.advice, Fate.SUPERSEDED, "a newer one came and passed")


async def _settle_held(ctx: FeedContext, code: str, *, apply: bool) -> None:
    """Do what the merchant said of a held snapshot."""
    state = ctx.state
    held = state.held.get(code)
    if held is None:
        state.words.pop(code, None)
    elif apply:
        await _apply(ctx, held.advice, held.lines)
        _let_go(ctx, code, held)
    else:
        await _discard(ctx, held.advice, Fate.DISCARDED, "by the merchant's word")
        _let_go(ctx, code, held)


def _let_go(ctx: FeedContext, code: str, held: HeldAdvice) -> None:
    state = ctx.state
    if state.held.get(code) is held:
        del state.held[code]
        state.words.pop(code, None)


async def _apply(
    ctx: FeedContext, advice: Advice, lines: int, *, unreadable: int = 0, unknown: int = 0
) -> None:
    state, feed = ctx.state, ctx.input
    done = await ctx.outside.read(
        InventoryFeedActivities.apply_advice,
        ApplyAdvice(
            shop=feed.shop,
            tenant=feed.tenant,
            partner=feed.partner,
            advice_id=advice.id,
            version=advice.version,
            at=workflow.now(),
        ),
        CASE_RECORD,
        f"Take in the {advice.kind.value} of {advice.location_code}",
    )
    said = [counted(lines, "line"), f"{done.changed} changed"]
    for found, words in (
        (done.missing, "not named any more"),
        (done.older, "overtaken by a newer word"),
        (unreadable, "unreadable"),
        # Before the shop's items were first read, nobody could know any.
        (unknown if ctx.state.items else 0, "of unknown SKUs"),
    ):
        if found:
            said.append(f"{found} {words}")
    read = AdviceRead(lines=lines, unreadable=unreadable, unknown=unknown)
    _list(ctx, advice, Fate.APPLIED, lines, ", ".join(said), read)
    ctx.file.note(
        "advice",
        f"{advice.words[0].upper()}{advice.words[1:]}: {', '.join(said)}.",
        actor=f"partner:{feed.partner}",
        flagged=bool(unreadable),
    )
    state.push_wanted = state.count_wanted = True


async def _discard(ctx: FeedContext, advice: Advice, fate: Fate, why: str) -> None:
    feed = ctx.input
    done = await ctx.outside.read(
        InventoryFeedActivities.discard_advice,
        DiscardAdvice(
            shop=feed.shop, tenant=feed.tenant, partner=feed.partner, advice_id=advice.id
        ),
        CASE_RECORD,
        f"Forget the {advice.kind.value} of {advice.location_code}",
    )
    _list(ctx, advice, fate, done.lines, why)
    ctx.file.note("discarded", f"Not taken in: {advice.words}; {why}.")


def _list(
    ctx: FeedContext,
    advice: Advice,
    fate: Fate,
    lines: int,
    text: str,
    read: AdviceRead | None = None,
) -> None:
    ctx.state.list_advice(
        SeenAdvice(
            id=advice.id,
            words=advice.words,
            fate=fate,
            at=workflow.now(),
            lines=lines,
            unreadable=read.unreadable if read else 0,
            unknown=read.unknown if read else 0,
            text=text,
        )
    )
