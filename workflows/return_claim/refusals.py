"""Why an operator's word cannot be taken now. Each refuses, or returns; the type tells the API which status it is."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.failures import ALREADY_DECIDED, INVALID_COMMAND, NOT_NOW
    from domain.return_claim.decision import Decide, decision_problem
    from domain.return_claim.goods import GoodsReceived, goods_problem
    from domain.return_claim.money import NotRefundable, share
    from domain.return_claim.state import Phase
    from workflows.operator_words import refuse
    from workflows.return_claim.context import ClaimContext


def decide(ctx: ClaimContext, command: Decide) -> None:
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
    if ctx.state.phase not in {Phase.GOODS, Phase.REFUND}:
        refuse(NOT_NOW, "No goods are waited for now.")
    if problem := goods_problem(command, ctx.state.expected_goods()):
        refuse(INVALID_COMMAND, problem)
