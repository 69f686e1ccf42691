"""Side effects of a return claim: `activities` has one idempotent mutation a method, `mapping` reads
Shopify's shapes, `inputs` builds them.
"""

from activities.return_claim.activities import ReturnClaimActivities

__all__ = ["ReturnClaimActivities"]
