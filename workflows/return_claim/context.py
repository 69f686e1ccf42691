"""What every step of a return claim works with."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.return_claim.state import ReturnClaimInput, ReturnClaimState
    from workflows.case_tools import CaseTools

ClaimContext = CaseTools[ReturnClaimInput, ReturnClaimState]
