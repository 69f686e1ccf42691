"""Submitting the evidence: once for each type of the dispute, never late, with everything that is there."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.dispute import DisputeActivities
    from domain.case import GRIDCASE, SHOPIFY
    from domain.dispute.messages import SubmitEvidence, SubmitResult, SubmittedEvidence
    from domain.dispute.phases import Phase
    from domain.dispute.state import LATER
    from domain.dispute.timing import safety
    from domain.standing import moment
    from workflows.dispute.context import DisputeContext, call_loudly
    from workflows.dispute.partners import tell_partners
    from workflows.options import SHOPIFY_WRITE, urgent
    from workflows.outside import Limit
    from workflows.waiting import until

_LAST_LOOK = timedelta(minutes=5)
_STEP = "Submit the evidence"


async def submit(ctx: DisputeContext) -> None:
    """See what partners have sent by now, write what is pending, then submit.

    Nothing before the submission may take the time it needs: a partner's system that is down is waited for some minutes, a
    draft that cannot be written until the last moment, one that was refused not at all.
    """
    state = ctx.state
    state.phase = Phase.SUBMITTING
    ctx.show()
    await _last_look(ctx)
    # Somebody in Shopify may have saved an older draft over ours, which nothing tells: it is read once more.
    state.drafted_papers, state.drafted_text = (), ()
    await until(
        lambda: (
            not state.draft_due
            or state.draft_refused
            or bool(state.draft_closed)
            or not _goes_on(ctx)
        ),
        _last_moment(ctx),
        "Write the draft before it is submitted",
    )
    if not _goes_on(ctx):
        _back(ctx)
        return
    if state.draft_due and not state.case.shadow:
        words = "Not everything could be written into the draft; it is submitted as it is there."
        ctx.file.note("draft", words, flagged=True)
        call_loudly(ctx, "the draft is not complete", words)
    state.submitting = True
    there = _evidence(ctx)
    by = state.word.actor if state.word else GRIDCASE
    due = state.timing.due if state.timing else None
    config = urgent(SHOPIFY_WRITE, due - workflow.now()) if due else SHOPIFY_WRITE
    done = await ctx.outside.write(
        DisputeActivities.submit_evidence,
        lambda _: SubmitEvidence(shop=ctx.input.shop, dispute_id=state.dispute_id, type=state.type),
        config,
        _STEP,
        # What comes while Shopify cannot be reached is drafted before the next try, as long as there is time for it.
        limit=Limit(
            over=lambda: not state.wants_evidence or (_early(ctx) and _evidence(ctx) != there),
            at=due + LATER if due else None,
        ),
    )
    _take(ctx, done, by)
    _back(ctx)


def _evidence(ctx: DisputeContext) -> tuple[object, ...]:
    """What there is to submit."""
    state = ctx.state
    return (state.wanted_papers(), state.text_parts(), tuple(state.named))


def _early(ctx: DisputeContext) -> bool:
    """Whether there is time to write the draft anew."""
    times = ctx.state.timing
    return times is None or workflow.now() < times.last_moment


def _take(ctx: DisputeContext, done: SubmittedEvidence | None, by: str) -> None:
    state, now = ctx.state, workflow.now()
    if done is None:
        if state.case.shadow:
            state.answer(by, now, shadow=True)
        return
    result, type_ = done.result, state.type
    if result in {SubmitResult.SUBMITTED, SubmitResult.ALREADY}:
        state.answer(by if result is SubmitResult.SUBMITTED else SHOPIFY, now)
    if done.dispute is None:
        state.gone = True
    else:
        state.take_facts(done.dispute, now)
    match result:
        case SubmitResult.SUBMITTED:
            ctx.file.note(
                "submitted", f"The evidence for the {type_.words} was submitted.", actor=by
            )
        case SubmitResult.ALREADY:
            words = "in Shopify, or by an attempt whose answer was lost"
            ctx.file.note(
                "submitted", f"The evidence for the {type_.words} was submitted already: {words}."
            )
        case SubmitResult.EMPTY:
            _nothing_to_submit(ctx)
        case SubmitResult.PAST_DUE:
            state.past_due = True
            ctx.file.note("late", "Shopify says that the due date has passed.", flagged=True)
        case SubmitResult.OVERTAKEN:
            ctx.file.note("overtaken", "The dispute has changed in Shopify; nothing was submitted.")


def _nothing_to_submit(ctx: DisputeContext) -> None:
    state = ctx.state
    first = state.empty_at is None
    state.word, state.empty_at = None, workflow.now()
    state.empty_parts = len(state.text_parts())
    if first:
        due = f" until {moment(state.known_due)}" if state.known_due else ""
        words = f"There is nothing to submit: neither a text nor a paper. Use add_evidence{due}."
        ctx.file.note("empty", words, flagged=True)
        ctx.outside.escalate()
        call_loudly(ctx, "there is nothing to submit", words)


def _back(ctx: DisputeContext) -> None:
    """Where the submission was not the end of the stage, the evidence goes on."""
    state = ctx.state
    state.submitting = False
    state.phase = Phase.EVIDENCE
    ctx.show()


def tell_submitted(ctx: DisputeContext) -> None:
    """Partners are told that the stage is over; their cases stay open until the bank has decided."""
    state = ctx.state
    if state.conceded is not None and not state.answered:
        tell_partners(
            ctx, "The dispute is not contested. Nothing more is needed of you. Thank you."
        )
    elif state.answered:
        tell_partners(
            ctx,
            "The evidence was submitted to the customer's bank. You will read here what it decides. "
            "What you send from now on is kept, and used if the bank asks again.",
        )


def _goes_on(ctx: DisputeContext) -> bool:
    return ctx.state.wants_evidence and not ctx.is_over()


async def _last_look(ctx: DisputeContext) -> None:
    """Before anything is final: a webhook may have been lost."""
    for desk in ctx.desks.values():
        if desk.takes_orders and desk.case.remote_id:
            desk.look()
    left = _last_moment(ctx) - workflow.now()
    at = workflow.now() + max(min(_LAST_LOOK, left / 3), timedelta(0))
    await until(
        lambda: all(desk.at_rest for desk in ctx.desks.values()) or not _goes_on(ctx),
        at,
        "Look at what partners have sent",
    )


def _last_moment(ctx: DisputeContext) -> datetime:
    """Until when the draft may be waited for."""
    times, now = ctx.state.timing, workflow.now()
    if times is None or times.due is None:
        return now + timedelta(hours=1)
    last = times.last_moment
    return last if last > now else times.due - safety(now, times.due)
