"""Why the merchant's decision cannot be taken now."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.failures import INVALID_COMMAND, NOT_NOW
    from domain.shipping_documents.decision import Choice, Decide
    from domain.shipping_documents.state import Phase
    from workflows.operator_words import refuse
    from workflows.shipping_documents.context import PapersContext


def decide(ctx: PapersContext, command: Decide) -> None:
    state = ctx.state
    if state.phase is Phase.OPENING:
        refuse(NOT_NOW, "The purchase order is still being read; try again in a moment.")
    if command.shipment_number and not command.choice.about_shipments:
        refuse(INVALID_COMMAND, "A shipment goes with fulfil and skip alone.")
    match command.choice:
        case Choice.FULFIL | Choice.SKIP:
            waiting = state.waiting_shipments()
            if command.shipment_number and command.shipment_number not in state.shipments:
                refuse(INVALID_COMMAND, f"There is no shipment {command.shipment_number} here.")
            if not waiting or (command.shipment_number and command.shipment_number not in waiting):
                refuse(NOT_NOW, "No such shipment waits for a word.")
        case Choice.ACCEPT_MISSING:
            if not state.missing():
                refuse(NOT_NOW, "No paper is missing.")
        case Choice.ACCEPT_DISCREPANCIES | Choice.ASK_PARTNER:
            if not state.open_discrepancies():
                refuse(NOT_NOW, "Everything fits; there is nothing to accept or to correct.")
