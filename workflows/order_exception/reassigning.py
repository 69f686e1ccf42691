"""Lines given to another partner, from another location where one is named; what is refused is said, and changes nothing."""

from collections.abc import Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.fulfillment_orders import FulfillmentOrderActivities
    from activities.order_exception import OrderExceptionActivities
    from domain.fulfillment_orders import MoveLines
    from domain.notification import Severity
    from domain.order_exception.decision import Reassign
    from domain.order_exception.lines import Position
    from domain.order_exception.messages import PlannedPartner, ReadPartner
    from workflows.options import CASE_RECORD, SHOPIFY_WRITE
    from workflows.order_exception.context import ExceptionContext
    from workflows.order_exception.holds import Holds
    from workflows.order_exception.partners import ask_partners, in_words, tidy_up, write_to
    from workflows.order_exception.underneath import look
    from workflows.waiting import Stopped, hold


async def serve_reassigns(ctx: ExceptionContext, holds: Holds, asked: list[Reassign]) -> None:
    """Do what `reassign` asked for, one after the other, until the case ends."""
    while True:
        await hold(lambda: bool(asked) or ctx.is_over())
        if ctx.is_over():
            break
        try:
            await _reassign(ctx, holds, asked.pop(0))
        except Stopped:
            break
        ctx.show()
    for command in asked:
        words = f"Not given to {command.partner}: the exception ended first."
        ctx.file.note("reassign_refused", words, actor=command.actor, flagged=True)


async def _reassign(ctx: ExceptionContext, holds: Holds, command: Reassign) -> None:
    state = ctx.state
    found = await ctx.outside.read(
        OrderExceptionActivities.read_partner,
        ReadPartner(
            shop=ctx.input.shop,
            partner=command.partner,
            tenant=command.tenant,
            priority=state.priority,
        ),
        CASE_RECORD,
        "Find the partner the lines are given to",
    )
    if found.partner is None:
        _refuse(ctx, command, found.problem)
        return
    lines = [state.positions[line_id] for line_id in command.line_ids]
    if command.location_id:
        if await look(ctx) is None:
            return
        lines = await _move(ctx, holds, command, [one for one in lines if one.open])
    lines = [one for one in lines if one.open]
    ctx.check_stop()
    if lines:
        _give(ctx, command, found.partner, lines)


async def _move(
    ctx: ExceptionContext, holds: Holds, command: Reassign, lines: Sequence[Position]
) -> list[Position]:
    """Have what is open shipped from the other location; the lines that are there now.

    Our hold on it is released first, and placed again where it then is: Shopify moves nothing that is on hold.
    """
    state, location = ctx.state, command.location_id
    elsewhere = {
        line.line_id
        for one in (state.order.fulfillment_orders if state.order else ())
        if one.open and one.location_id != location
        for line in one.lines
        if line.remaining
    }
    away = {one.line.line_id: one.open for one in lines if one.line.line_id in elsewhere}
    refused: dict[str, str] = {}
    state.moving |= set(away)
    try:
        await hold(lambda: holds.as_wanted or ctx.is_over())
        ctx.check_stop()
        while away:
            moved = await ctx.outside.write(
                FulfillmentOrderActivities.move_lines,
                lambda _: MoveLines(
                    shop=ctx.input.shop,
                    order_id=ctx.input.order_id,
                    location_id=location,
                    quantities=away,
                ),
                SHOPIFY_WRITE,
                "Move lines to another location",
            )
            if moved is None or moved.done:
                refused = moved.refused if moved else {}
                break
    finally:
        state.moving -= set(away)
    for line_id, why in refused.items():
        _refuse(ctx, command, f"{state.positions[line_id].line.label} {why}.")
    there = [one for one in lines if one.line.line_id not in refused]
    for one in there:
        one.line = one.line.model_copy(update={"location": location})
    if moved_lines := [one for one in there if one.line.line_id in away]:
        ctx.file.note("moved", f"Moved in Shopify: {in_words(moved_lines)}.", actor=command.actor)
    return there


def _give(
    ctx: ExceptionContext, command: Reassign, planned: PlannedPartner, lines: Sequence[Position]
) -> None:
    state = ctx.state
    before: dict[str, list[Position]] = {}
    for one in lines:
        before.setdefault(one.line.partner, []).append(one)
        one.line = one.line.model_copy(update={"partner": planned.partner})
        one.said, one.asked = None, True
    state.planned[planned.partner] = planned
    for partner, gone in before.items():
        if partner == planned.partner or not partner:
            continue
        if state.open_of(partner):
            write_to(ctx, partner, f"No longer asked of you: {in_words(gone)}.")
    words = f"{in_words(lines)} given to {planned.name or planned.partner}."
    ctx.file.note("reassigned", words, actor=command.actor)
    tidy_up(ctx, "The lines are given to another partner.")
    ask_partners(ctx, anew=[planned.partner] if planned.partner in before else [])


def _refuse(ctx: ExceptionContext, command: Reassign, why: str) -> None:
    """A reassign that cannot be done ends here; the lines stay where they are."""
    words = f"Not given to {command.partner}: {why}"
    ctx.file.note("reassign_refused", words, actor=command.actor, flagged=True)
    ctx.notices.send(ctx.state.policy.notify, Severity.WARNING, "a reassign was refused", words)
