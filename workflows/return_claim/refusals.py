"""Why an operator's word cannot be taken now. Each refuses, or returns; the type tells the API which status it is."""

from datetime import datetime
from typing import NoReturn

from temporalio import workflow
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from domain.failures import (
        ALREADY_DECIDED,
        CASE_CLOSED,
        INVALID_COMMAND,
        NOT_NOW,
        UNKNOWN_PARTNER,
    )
    from domain.return_claim.decision import Decide, decision_problem
    from domain.return_claim.goods import GoodsReceived, goods_problem
    from domain.return_claim.money import NotRefundable, share
    from domain.return_claim.state import Phase
    from workflows.return_claim.context import ClaimContext


def refuse(type_: str, message: str) -> NoReturn:
    """Refuse an update."""
    raise ApplicationError(message, type=type_, non_retryable=True)


def still_open(ctx: ClaimContext) -> None:
    if ctx.state.outcome is not None:
        refuse(CASE_CLOSED, f"This claim is closed: {ctx.state.outcome.words}.")
    if ctx.state.case.stop:
        refuse(CASE_CLOSED, f"This claim is being ended: {ctx.state.case.stop}")


def decide(ctx: ClaimContext, command: Decide) -> None:
    still_open(ctx)
    state = ctx.state
    if command.choice.about_refund:
        if state.refund_settled:
            refuse(ALREADY_DECIDED, "The goods are processed; the refund is settled.")
        if state.refund_decision is not None:
            refuse(ALREADY_DECIDED, "The refund is already decided.")
    elif state.decision is not None or state.settled is not None:
        refuse(ALREADY_DECIDED, "This claim is already decided.")
    elif state.phase is Phase.OPENING:
        refuse(NOT_NOW, "The claim is still being read; try again in a moment.")
    if problem := decision_problem(state.lines, command, state.currency):
        refuse(INVALID_COMMAND, problem)
    if command.amount is not None and state.suggested is not None:
        try:
            share(state.suggested, command.amount.amount)
        except NotRefundable as error:
            refuse(INVALID_COMMAND, str(error))


def goods_received(ctx: ClaimContext, command: GoodsReceived) -> None:
    still_open(ctx)
    if ctx.state.phase not in {Phase.GOODS, Phase.REFUND}:
        refuse(NOT_NOW, "No goods are waited for now.")
    if problem := goods_problem(command, ctx.state.expected_goods()):
        refuse(INVALID_COMMAND, problem)


def of_partner(ctx: ClaimContext, partner: str) -> None:
    """For what is asked of a partner: it must be one of ours, with a case that is not being closed."""
    still_open(ctx)
    desk = ctx.desks.get(partner)
    if desk is None:
        known = ", ".join(ctx.desks) or "nobody"
        refuse(UNKNOWN_PARTNER, f"{partner} is not asked in this claim; asked: {known}.")
    if not desk.takes_orders:
        refuse(NOT_NOW, f"The case of {partner} is closed: {desk.case.closing}")


def extend(ctx: ClaimContext, partner: str, until: datetime, *, own_clock: bool) -> None:
    """`own_clock`: the claim waits for something other than a partner, with an end to it."""
    still_open(ctx)
    if until <= workflow.now():
        refuse(INVALID_COMMAND, "That moment has passed.")
    if partner:
        of_partner(ctx, partner)
        if ctx.state.settled is not None:
            refuse(NOT_NOW, "The review is over.")
    elif not own_clock:
        refuse(NOT_NOW, "The claim waits for a partner; name it.")


def retry(ctx: ClaimContext) -> None:
    still_open(ctx)
    if not ctx.state.case.troubles and not ctx.state.goods_problems:
        refuse(NOT_NOW, "Nothing was refused; there is nothing to try again.")
