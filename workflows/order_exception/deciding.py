"""The merchant's words on an exception: why they cannot be taken now, and what they set going."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.failures import INVALID_COMMAND, NOT_NOW
    from domain.order_exception.decision import (
        Choice,
        Decide,
        Reassign,
        decision_problem,
        reassign_problem,
    )
    from domain.order_exception.state import Phase
    from workflows.operator_words import OperatorWords, refuse
    from workflows.order_exception.context import ExceptionContext
    from workflows.order_exception.partners import ask_partners, in_words, keep_waiting, tidy_up


def may_decide(ctx: ExceptionContext, command: Decide) -> None:
    _must_be_open(ctx)
    if problem := decision_problem(ctx.state.positions, command):
        refuse(INVALID_COMMAND, problem)
    if command.until is not None:
        OperatorWords.check_future(command.until)


def may_reassign(ctx: ExceptionContext, command: Reassign) -> None:
    _must_be_open(ctx)
    if problem := reassign_problem(ctx.state.positions, command):
        refuse(INVALID_COMMAND, problem)


def _must_be_open(ctx: ExceptionContext) -> None:
    if ctx.state.phase is Phase.OPENING:
        refuse(NOT_NOW, "The exception is still being read; try again in a moment.")


def take_decision(ctx: ExceptionContext, command: Decide) -> None:
    """Settle lines by the merchant's word, or set going what it asks for."""
    state = ctx.state
    concerned = in_words(state.concerned(command))
    lines = state.decide(command)
    date = f" for {command.ship_date}" if command.ship_date else ""
    held = ", to stay on hold" if command.keep_hold else ""
    note = f" ({command.note})" if command.note else ""
    choice = command.choice.value.replace("_", " ")
    ctx.file.note(
        "decision", f"Decided: {choice}{date}{held}: {concerned}{note}", actor=command.actor
    )
    match command.choice:
        case Choice.KEEP_WAITING:
            keep_waiting(ctx, command, lines)
        case Choice.ASK_PARTNER:
            ask_partners(ctx)
        case _:
            tidy_up(ctx, "The merchant has settled your lines.")
