"""Why an operator's word cannot be taken now. Each refuses, or returns; the type tells the API which status it is."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.dispute.decision import AddEvidence, Choice, Decide, Submit
    from domain.dispute.phases import Phase
    from domain.dispute.state import DisputeState
    from domain.failures import ALREADY_DECIDED, INVALID_COMMAND, NOT_NOW
    from workflows.dispute.context import DisputeContext
    from workflows.operator_words import refuse


def submit(ctx: DisputeContext, command: Submit) -> None:
    state = ctx.state
    _check_gathering(state)
    if state.word is not None or state.submitting:
        refuse(ALREADY_DECIDED, "The evidence is being submitted already.")


def add_evidence(ctx: DisputeContext, command: AddEvidence) -> None:
    _check_gathering(ctx.state)
    if ctx.state.submitting:
        refuse(NOT_NOW, "The evidence is being submitted this moment.")


def decide(ctx: DisputeContext, command: Decide) -> None:
    state = ctx.state
    match command.choice:
        case Choice.CONCEDE:
            _check_gathering(state)
            if state.submitting:
                refuse(NOT_NOW, "The evidence is being submitted this moment.")
        case Choice.CONTEST:
            if state.conceded is None:
                refuse(ALREADY_DECIDED, "It is contested as it is.")
            if not state.needs_response or state.answered:
                refuse(NOT_NOW, "It cannot be answered in Shopify any more.")
            due, now = state.known_due, workflow.now()
            if state.past_due or (due is not None and now >= due):
                refuse(NOT_NOW, "The due date has passed.")
        case Choice.DRAFT:
            _check_gathering(state)
        case Choice.KEEP_WAITING:
            if state.phase is not Phase.BANK:
                refuse(NOT_NOW, "The bank is not waited for.")
            if command.until is not None and command.until <= workflow.now():
                refuse(INVALID_COMMAND, "That moment has passed.")


def _check_gathering(state: DisputeState) -> None:
    """Refuse where no evidence is wanted."""
    if state.phase is Phase.OPENING or state.facts is None:
        refuse(NOT_NOW, "The dispute is still being read; try again in a moment.")
    if state.conceded is not None:
        refuse(NOT_NOW, "It is not contested; decide `contest` first.")
    if state.answered:
        refuse(ALREADY_DECIDED, f"The {state.type.words} was answered already.")
    due = state.known_due
    if state.past_due or (due is not None and workflow.now() >= due):
        refuse(NOT_NOW, "The due date has passed.")
    if not state.wants_evidence:
        refuse(NOT_NOW, f"The dispute is {state.facts.status.words} in Shopify.")
