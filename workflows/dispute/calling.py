"""Calling people while there is still time: what only they can do must not be missed for want of a word."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.dispute.state import LATER, DisputeState
    from domain.dispute.timing import safety
    from domain.message import Message
    from domain.standing import moment
    from workflows.dispute.context import DisputeContext, call_loudly
    from workflows.waiting import hold, until


class Call(Message):
    """A call that is due from `at` on, as things stand; `key` tells it from others, so that it is made once."""

    key: str
    at: datetime
    subject: str
    text: str
    escalates: bool = False


async def call_people(ctx: DisputeContext) -> None:
    """Make the calls as they come due, until the case ends."""
    state = ctx.state

    def coming() -> Call | None:
        left = [one for one in calls(state) if one.key not in state.called]
        return min(left, key=lambda one: one.at, default=None)

    while True:
        await hold(lambda: coming() is not None or ctx.is_over())
        if ctx.is_over():
            return
        following = coming()
        if following is None:
            continue
        key, at = following.key, following.at

        def changed(key: str = key, at: datetime = at) -> bool:
            now = coming()
            return ctx.is_over() or now is None or (now.key, now.at) != (key, at)

        if await until(changed, at, "Call people"):
            continue
        state.called.append(key)
        ctx.file.note("called", f"{following.subject}: {following.text}", flagged=True)
        call_loudly(ctx, following.subject, following.text)
        if following.escalates:
            ctx.outside.escalate()


def calls(state: DisputeState) -> list[Call]:
    """The calls to be made if nothing changes: with little time from the start, without the word that is needed, paused."""
    found: list[Call] = []
    times, since = state.timing, state.due_known_at
    if times is None or since is None or not (state.wants_evidence or state.facts is None):
        return found
    due, stage = times.due, f"{state.stage}/{times.due.isoformat() if times.due else ''}"
    by = f"by {moment(due)}" if due else "soon; Shopify names no due date"
    leaves = (
        "what there is is submitted" if state.policy.submit_unreviewed else "your word is needed"
    )
    if times.short and state.stage:
        text = (
            f"Evidence is due {by}, and the partners have hardly any time. Use add_evidence; "
            f"{leaves} by {moment(times.submit_at)}."
        )
        found.append(Call(key=f"short/{stage}", at=since, subject="little time", text=text))
    if not state.policy.submit_unreviewed and state.word is None and state.stage:
        text = f"Evidence is due {by}, and nothing is submitted without your word: review it, and use submit."
        moments = [
            since + (times.submit_at - since) * part for part in state.policy.merchant_reminders
        ]
        moments.append(times.submit_at)
        if due is not None:
            moments += [due - (due - times.submit_at) / 2, times.last_moment]
        for place, at in enumerate(sorted(set(moments))):
            found.append(
                Call(
                    key=f"word/{place}/{stage}",
                    at=at + 2 * LATER,
                    subject="your word to submit is needed",
                    text=text,
                    escalates=at >= times.submit_at,
                )
            )
    if state.case.paused and due is not None:
        text = f"It is paused ({state.case.paused}), and evidence is due {by}. Lift the pause, or answer it in Shopify."
        margin = max(due - times.submit_at, timedelta(0))
        for place, at in enumerate(
            (due - 2 * margin, times.submit_at, due - safety(times.submit_at, due))
        ):
            found.append(
                Call(
                    key=f"paused/{place}/{stage}",
                    at=max(at, since) + 2 * LATER,
                    subject="paused, and evidence is due",
                    text=text,
                    escalates=True,
                )
            )
    return found
