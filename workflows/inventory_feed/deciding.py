"""The merchant's words: recorded by the update, acted on by the tasks."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.failures import NOT_NOW
    from domain.inventory_feed.decision import Choice, Decide, concerned, why_not
    from workflows.inventory_feed.context import FeedContext
    from workflows.operator_words import refuse


def may_decide(ctx: FeedContext, command: Decide) -> None:
    """Refuse what can't be decided now."""
    if why := why_not(ctx.state, command):
        refuse(NOT_NOW, why)


def take_decision(ctx: FeedContext, command: Decide) -> None:
    state = ctx.state
    match command.choice:
        case Choice.APPLY | Choice.DISCARD:
            (held,) = concerned(state, command)
            state.words[held.advice.location_code] = command.choice is Choice.APPLY
            words = f"{command.choice.value}: {held.advice.words}"
        case Choice.PUSH:
            state.push_word = True
            words = "push"
        case Choice.OVERWRITE:
            state.overwrite = list(dict.fromkeys([*state.overwrite, *command.skus]))
            state.overwrite_all = state.overwrite_all or not command.skus
            state.push_wanted = True
            words = f"overwrite {', '.join(command.skus) or 'every change by hand'}"
    note = f" ({command.note})" if command.note else ""
    ctx.file.note("decided", f"Decided: {words}{note}", actor=command.actor)
