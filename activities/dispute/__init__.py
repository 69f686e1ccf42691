"""What a dispute does at Shopify: read it, write its evidence, submit it."""

from activities.dispute.activities import DisputeActivities

__all__ = ["DisputeActivities"]
