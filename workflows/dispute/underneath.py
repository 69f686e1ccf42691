"""A dispute changing in Shopify: the bank decides, staff submit, the date moves, an inquiry becomes a chargeback."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import SHOPIFY
    from domain.dispute.messages import DisputeFacts
    from domain.dispute.names import DisputeStatus
    from domain.dispute.phases import Phase
    from domain.dispute.state import DisputeState
    from domain.operator import ShopifyChanged
    from domain.standing import moment
    from workflows.dispute.context import DisputeContext, call_loudly
    from workflows.dispute.opening import read_dispute
    from workflows.dispute.partners import tell_new_due
    from workflows.waiting import Stopped, hold, until

_DAILY = 30  # looks at the bank, one a day; then one a week


async def watch_shopify(ctx: DisputeContext, changes: list[ShopifyChanged]) -> None:
    """Read the dispute again whenever Shopify says that something changed, until the case ends."""
    while True:
        await hold(lambda: (bool(changes) and not ctx.state.submitting) or ctx.is_over())
        if ctx.is_over():
            return
        changes.clear()  # one look answers all that came so far
        try:
            await look(ctx)
        except Stopped:
            return


async def look(ctx: DisputeContext) -> None:
    """Read the dispute, and act on what is new."""
    state = ctx.state
    before, wanted = state.facts, state.wants_evidence
    await read_dispute(ctx)
    if ctx.is_over():
        return
    if state.gone:
        ctx.file.note("shopify", "The dispute is gone from Shopify.", actor=SHOPIFY, flagged=True)
    elif before is not None and state.facts is not None:
        _tell(ctx, before, state.facts, wanted)
    if state.wants_evidence and state.facts != before:
        state.draft_closed = ""
    ctx.show()


async def look_at_bank(ctx: DisputeContext, changes: list[ShopifyChanged]) -> None:
    """While the bank is waited for, look now and then: a webhook may have been lost."""
    state = ctx.state
    while True:
        await hold(lambda: state.phase is Phase.BANK or ctx.is_over())
        if ctx.is_over():
            return
        pause = timedelta(days=1 if state.bank_looks < _DAILY else 7)
        moved = await until(
            lambda: state.phase is not Phase.BANK or ctx.is_over(),
            workflow.now() + pause,
            "Look whether the bank has decided",
        )
        if not moved:
            state.bank_looks += 1
            changes.append(ShopifyChanged(event_id="", topic="look"))


def _tell(ctx: DisputeContext, before: DisputeFacts, now: DisputeFacts, wanted: bool) -> None:
    state = ctx.state
    note = ctx.file.note
    if now.status is not before.status or now.raw_status != before.raw_status:
        note("shopify", f"The dispute is {_status(now)} now.", actor=SHOPIFY)
    if now.type is not before.type:
        words = f"The {before.type.words} has become a {now.type.words}."
        note("shopify", words, actor=SHOPIFY, flagged=True)
        _retitle(ctx, before, now)
    if wanted and not state.wants_evidence and state.answered:
        note("submitted", "The evidence was submitted in Shopify.", actor=SHOPIFY)
    if now.due != before.due and state.wants_evidence:
        due = moment(now.due) if now.due else "no date any more"
        note("due", f"Evidence is due by {due}.", actor=SHOPIFY)
        if wanted and now.type is before.type:
            _move_clocks(ctx)
            tell_new_due(ctx)
    if _wants_second_answer(state, before, now):
        state.asked_again = True
        words = (
            f"Shopify wants a response to the {now.type.words} again, though it was answered. "
            "Gridcase answers each type once; answer it in Shopify."
        )
        note("shopify", words, actor=SHOPIFY, flagged=True)
        call_loudly(ctx, "a second response is wanted", words)


def _wants_second_answer(state: DisputeState, before: DisputeFacts, now: DisputeFacts) -> bool:
    """The type we answered needs a response again; not a reading that is older than our answer."""
    return (
        not state.asked_again
        and now.type is before.type
        and before.status is DisputeStatus.UNDER_REVIEW
        and now.status is DisputeStatus.NEEDS_RESPONSE
    )


def _move_clocks(ctx: DisputeContext) -> None:
    """The merchant's time ends where the stage's does."""
    clock = ctx.case.merchant_clock
    due = ctx.facts.merchant_due(workflow.now())
    if clock is not None and due is not None:
        clock.due, clock.over = due, False


def _retitle(ctx: DisputeContext, before: DisputeFacts, now: DisputeFacts) -> None:
    ctx.case.title = ctx.case.title.replace(
        before.type.words.capitalize(), now.type.words.capitalize(), 1
    )


def _status(facts: DisputeFacts) -> str:
    return facts.raw_status.lower().replace("_", " ") or facts.status.words
