"""Campaign readiness: `workflow` tells the story; `planning` keeps the plan, `desk` a partner's share, `gates` the calendar,
`showing` the metaobject; `office` has the desks and conversations, `deciding` takes the merchant's words."""

from workflows.campaign_readiness.workflow import CampaignReadinessWorkflow

__all__ = ["CampaignReadinessWorkflow"]
