"""What every step of a dispute works with."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.dispute.names import DisputeInput
    from domain.dispute.state import DisputeState
    from domain.notification import Severity
    from workflows.case_tools import CaseTools

DisputeContext = CaseTools[DisputeInput, DisputeState]


def call_loudly(ctx: DisputeContext, subject: str, text: str) -> None:
    """A call to people that must not be missed: whom the policy escalates to, else everybody it notifies."""
    policy = ctx.state.policy
    ctx.notices.send(policy.escalate_to or policy.notify, Severity.URGENT, subject, text)
