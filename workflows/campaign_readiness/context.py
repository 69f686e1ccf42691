"""What every step of a campaign works with."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.campaign_readiness.names import CampaignReadinessInput
    from domain.campaign_readiness.state import CampaignReadinessState
    from workflows.case_tools import CaseTools

CampaignContext = CaseTools[CampaignReadinessInput, CampaignReadinessState]
