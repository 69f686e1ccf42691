"""Side effects of campaigns: the plan read, shared and answered, shown in Shopify, and what was sold."""

from activities.campaign_readiness.display import CampaignDisplayActivities
from activities.campaign_readiness.planning import CampaignPlanActivities
from activities.campaign_readiness.sales import CampaignSalesActivities
from activities.campaign_readiness.sharing import CampaignSharingActivities

__all__ = [
    "CampaignDisplayActivities",
    "CampaignPlanActivities",
    "CampaignSalesActivities",
    "CampaignSharingActivities",
]
